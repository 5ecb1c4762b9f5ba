//! Who is logged in: access tokens for an hour, refresh tokens for seven days (fact sheet §3).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

const ACCESS_LIFE: TimeDelta = TimeDelta::hours(1);
const REFRESH_LIFE: TimeDelta = TimeDelta::days(7);

/// The tokens handed out, each with the instant at which it is stale. Holds secrets, so it has no `Debug`.
#[derive(Default)]
pub(super) struct Sessions {
    issued: u64,
    access: HashMap<String, DateTime<Utc>>,
    refresh: HashMap<String, DateTime<Utc>>,
}

impl Sessions {
    /// A new access token and a new refresh token.
    pub(super) fn open(&mut self, now: DateTime<Utc>) -> (String, String) {
        let refresh = self.next("refresh");
        self.refresh.insert(refresh.clone(), now + REFRESH_LIFE);
        (self.access(now), refresh)
    }

    /// A new access token for a refresh token that is not stale, which stays good.
    pub(super) fn renew(&mut self, refresh: &str, now: DateTime<Utc>) -> Option<String> {
        let stale_at = self.refresh.get(refresh)?;
        (now < *stale_at).then(|| self.access(now))
    }

    /// Whether an access token is good.
    pub(super) fn admits(&self, access: &str, now: DateTime<Utc>) -> bool {
        self.access
            .get(access)
            .is_some_and(|stale_at| now < *stale_at)
    }

    /// Makes every access token stale.
    pub(super) fn expire_access(&mut self) {
        self.access.clear();
    }

    /// Makes every refresh token stale.
    pub(super) fn expire_refresh(&mut self) {
        self.refresh.clear();
    }

    fn access(&mut self, now: DateTime<Utc>) -> String {
        let token = self.next("access");
        self.access.insert(token.clone(), now + ACCESS_LIFE);
        token
    }

    /// Tokens are counted, not random: a sandbox guards nothing, and runs should not differ.
    fn next(&mut self, kind: &str) -> String {
        self.issued += 1;
        format!("{kind}-token-{}", self.issued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_good_for_their_time_and_not_a_second_longer() {
        let mut sessions = Sessions::default();
        let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let (access, refresh) = sessions.open(now);
        for (seconds, want) in [(0, true), (3_599, true), (3_600, false)] {
            assert_eq!(
                sessions.admits(&access, now + TimeDelta::seconds(seconds)),
                want,
                "{seconds}"
            );
        }
        for (seconds, want) in [(0, true), (604_799, true), (604_800, false)] {
            let renewed = sessions.renew(&refresh, now + TimeDelta::seconds(seconds));
            assert_eq!(renewed.is_some(), want, "{seconds}");
        }
        assert!(
            !sessions.admits(&refresh, now),
            "a refresh token opens nothing"
        );
        assert_eq!(
            sessions.renew(&access, now),
            None,
            "an access token renews nothing"
        );
    }
}
