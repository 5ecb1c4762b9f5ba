//! What Prosper means by its answers.

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    api::{self, Reply, Said, Verdict},
    source::loose::Words,
};

/// An error as Prosper writes it, or its token endpoint (§3.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Trouble {
    code: Words,
    error: Words,
}

/// Judges an answer as every upstream's, but for three things: a token that has expired may be told by a 403 with a code
/// that begins with `SEC`, or by a 400 that names it (§2), and a 403 that asks to wait is the throttle (§3.1).
#[must_use]
pub fn judge(reply: &Reply<'_>, now: DateTime<Utc>) -> Verdict {
    match reply.status {
        StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST if is_expired(reply) => Verdict::Renew,
        StatusCode::FORBIDDEN if reply.retry_after.is_some() => {
            let busy = Reply {
                status: StatusCode::TOO_MANY_REQUESTS,
                ..*reply
            };
            api::judge(&busy, now)
        }
        _ => api::judge(reply, now),
    }
}

fn is_expired(reply: &Reply<'_>) -> bool {
    let Trouble { code, error } = trouble(reply.said);
    let mut words = [code.0, error.0].into_iter().flatten();
    if reply.status == StatusCode::FORBIDDEN {
        words.any(|word| word.starts_with("SEC")) || reply.said.contains("\"SEC0002\"")
    } else {
        words.any(|word| matches!(&*word, "expired_token" | "invalid_token"))
    }
}

fn trouble(said: &Said) -> Trouble {
    said.json().unwrap_or_default()
}
