//! What to do with an answer, told from its head alone.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;

use super::said::Said;

/// The longest `Retry-After` that is believed: an upstream may be closed for a night, and beyond that the value is more likely
/// a mistake than a plan. An operator who knows better restarts the server: a reload leaves a source as it is whose configuration
/// has not changed (ADR 13).
pub(super) const HINT_MAX: Duration = Duration::from_hours(12);

/// What to do with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Read the body.
    Accept,
    /// Go to its `Location`, if the guard lets us.
    Follow,
    /// Renew the credentials once, then repeat.
    Renew,
    /// Do without this resource: we may not read it, or it does not exist.
    DoWithout,
    /// Try again, not before `after` if the upstream said so.
    Retry {
        /// The upstream's `Retry-After`, at most twelve hours; without one, the pipeline looks for a rate limit's reset.
        after: Option<Duration>,
    },
    /// Give up: repeating the call would change nothing.
    Reject,
}

/// What is known of an answer before its body is taken for data.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// Its status.
    pub status: StatusCode,
    /// Its `Retry-After`, if that is text.
    pub retry_after: Option<&'a str>,
    /// What it says; empty unless the status is an error.
    pub said: &'a Said,
}

/// What to make of the answers of one kind of upstream.
pub type Judge = fn(&Reply<'_>, DateTime<Utc>) -> Verdict;

/// Judges an answer as most upstreams mean it: by its status and its `Retry-After` alone.
///
/// Retried are 429 and four codes by which a server or the proxy before it says "not now". 500 is one of them because
/// every call is a read and may be repeated, and because what Prospero means by 500 is not documented; 501 and 505 say
/// "never", so "all 5xx" would be wrong. 304 is rejected: one that
/// answers a validator never gets here.
#[must_use]
pub fn judge(reply: &Reply<'_>, now: DateTime<Utc>) -> Verdict {
    match reply.status.as_u16() {
        200..=299 => Verdict::Accept,
        301 | 302 | 303 | 307 | 308 => Verdict::Follow,
        401 => Verdict::Renew,
        403..=405 => Verdict::DoWithout,
        429 | 500 | 502 | 503 | 504 => Verdict::Retry {
            after: reply.retry_after.and_then(|text| hint(text, now)),
        },
        _ => Verdict::Reject,
    }
}

/// Reads a `Retry-After`: whole seconds or an HTTP date (RFC 9110 §10.2.3); `None` if it is neither.
pub(super) fn hint(retry_after: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = retry_after.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let wait = if digits {
        // A number too large for 64 bits is still a long wait.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let then = DateTime::<Utc>::from(httpdate::parse_http_date(text).ok()?);
        (then - now).to_std().unwrap_or(Duration::ZERO)
    };
    Some(wait.min(HINT_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-05-01T12:00:00Z".parse().unwrap()
    }

    fn judged(code: u16, retry_after: Option<&str>) -> Verdict {
        let reply = Reply {
            status: StatusCode::from_u16(code).unwrap(),
            retry_after,
            said: &Said::default(),
        };
        judge(&reply, noon())
    }

    fn codes(verdict: impl Fn(Verdict) -> bool) -> Vec<u16> {
        (100..600)
            .filter(|&code| verdict(judged(code, None)))
            .collect()
    }

    #[test]
    fn every_status_code_has_one_verdict() {
        assert_eq!(
            codes(|v| v == Verdict::Accept),
            (200..300).collect::<Vec<_>>()
        );
        insta::assert_debug_snapshot!(codes(|v| v == Verdict::Follow).as_slice(), @r"
        [
            301,
            302,
            303,
            307,
            308,
        ]
        ");
        assert_eq!(codes(|v| v == Verdict::Renew), [401]);
        assert_eq!(codes(|v| v == Verdict::DoWithout), [403, 404, 405]);
        assert_eq!(
            codes(|v| v == Verdict::Reject).len(),
            500 - 100 - 5 - 1 - 3 - 5
        );
    }

    #[test]
    fn only_these_codes_are_retried() {
        let retried = codes(|v| matches!(v, Verdict::Retry { .. }));
        insta::assert_snapshot!(format!("{retried:?}"), @"[429, 500, 502, 503, 504]");
    }

    #[test]
    fn retry_after_may_be_seconds_or_a_date_and_is_capped() {
        let secs = |s| Some(Duration::from_secs(s));
        for (header, want) in [
            (None, None),
            (Some("0"), secs(0)),
            (Some(" 7 "), secs(7)),
            (Some("3600"), secs(3_600)),
            (Some("43200"), secs(43_200)),
            (Some("43201"), secs(43_200)),
            (Some("99999999999999999999999"), secs(43_200)),
            (Some("Fri, 01 May 2026 12:00:30 GMT"), secs(30)),
            (Some("Friday, 01-May-26 12:00:30 GMT"), secs(30)),
            (Some("Fri, 01 May 2026 18:00:00 GMT"), secs(21_600)),
            (Some("Sat, 02 May 2026 12:00:00 GMT"), secs(43_200)),
            (Some("Fri, 01 May 2026 11:00:00 GMT"), secs(0)),
            (Some("-5"), None),
            (Some("1.5"), None),
            (Some(""), None),
            (Some("soon"), None),
        ] {
            let got = judged(429, header);
            assert_eq!(got, Verdict::Retry { after: want }, "{header:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_retry_after_makes_us_wait_longer_than_half_a_day(text in "\\PC{0,40}") {
            proptest::prop_assert!(hint(&text, noon()).is_none_or(|wait| wait <= HINT_MAX));
        }
    }
}
