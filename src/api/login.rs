//! What every login has in common, whether it lives in cookies or in tokens: how it stands, and which renewal a pass is from.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Response, StatusCode};
use url::Url;

use super::{
    auth::Pass,
    error::{ApiError, Denial, Site},
    judge,
    wire::{busy, retry_after},
};

/// How long a refused login is remembered. What locks an account is unknown, so we ask rarely.
const DENIED_FOR: TimeDelta = TimeDelta::minutes(5);

/// How a login stands. Lives under the lock under which logins and refreshes happen.
#[derive(Debug, Default)]
pub(super) struct Login {
    standing: Standing,
    /// Counts renewals, so that a 401 to old credentials does not renew newer ones.
    generation: u64,
}

#[derive(Debug, Default)]
enum Standing {
    #[default]
    LoggedOut,
    LoggedIn {
        fresh_until: DateTime<Utc>,
    },
    Denied {
        why: Denial,
        since: DateTime<Utc>,
    },
}

/// What a login needs before a call can use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: its credentials are fresh.
    Nothing,
    /// Credentials that do not expire soon, for those it has.
    Refresh,
    /// The password.
    Login,
}

impl Login {
    /// What it needs now.
    ///
    /// # Errors
    /// [`ApiError::Blocked`] while a refusal is remembered.
    pub(super) fn need(&self, at: &Site, now: DateTime<Utc>) -> Result<Need, ApiError> {
        match self.standing {
            Standing::Denied { why, since } if now - since < DENIED_FOR => Err(at.blocked(why)),
            Standing::LoggedIn { fresh_until } if now < fresh_until => Ok(Need::Nothing),
            Standing::LoggedIn { .. } => Ok(Need::Refresh),
            Standing::LoggedOut | Standing::Denied { .. } => Ok(Need::Login),
        }
    }

    /// Which renewal its credentials are from.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether `pass` carries its newest credentials.
    pub(super) fn made(&self, pass: &Pass) -> bool {
        self.generation == pass.generation
    }

    /// New credentials came; they need not be refreshed before `fresh_until`.
    pub(super) fn granted(&mut self, fresh_until: DateTime<Utc>) {
        self.generation += 1;
        self.standing = Standing::LoggedIn { fresh_until };
    }

    /// What there was is worth nothing any more.
    pub(super) fn lost(&mut self) {
        self.standing = Standing::LoggedOut;
    }

    /// A login, or credentials that were new, were refused; remembered for five minutes.
    pub(super) fn denied(&mut self, why: Denial, now: DateTime<Utc>) {
        self.standing = Standing::Denied { why, since: now };
    }
}

/// Whether a refresh or a login was answered "not now", which says nothing of the credentials.
pub(super) fn not_now(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// The error for an answer that says "not now", with the wait it asks for.
pub(super) fn later(at: &Site, response: &Response, now: DateTime<Utc>) -> ApiError {
    let after = retry_after(response).and_then(|text| judge::hint(text, now));
    busy(at, response.status(), after)
}

/// `base` with more path segments, and without what does not belong to a base.
pub(super) fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Only a URL such as `mailto:` has no path; the guard refuses its scheme before anything is sent.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_may_have_a_path_a_slash_and_a_query() {
        for (base, want) in [
            ("https://a.example", "https://a.example/auth/login"),
            ("https://a.example/", "https://a.example/auth/login"),
            ("https://a.example/api", "https://a.example/api/auth/login"),
            (
                "https://a.example/api/?x=1#y",
                "https://a.example/api/auth/login",
            ),
        ] {
            let got = below(&base.parse().unwrap(), &["auth", "login"]);
            assert_eq!(got.as_str(), want, "{base}");
        }
    }
}
