//! Who is logged in: access for 3,599 seconds, refresh for ten hours with a new token each time (fact sheet §2).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::settings::Reuse;

/// How long an access token lives, in seconds.
pub(super) const ACCESS_LIFE: i64 = 3_599;
const REFRESH_LIFE: TimeDelta = TimeDelta::hours(10);

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
        let (access, refresh) = (self.next("access"), self.next("refresh"));
        self.access
            .insert(access.clone(), now + TimeDelta::seconds(ACCESS_LIFE));
        self.refresh.insert(refresh.clone(), now + REFRESH_LIFE);
        (access, refresh)
    }

    /// New tokens for a refresh token that is not stale, nor used if that matters.
    pub(super) fn renew(
        &mut self,
        refresh: &str,
        reuse: Reuse,
        now: DateTime<Utc>,
    ) -> Option<(String, String)> {
        let good = self
            .refresh
            .get(refresh)
            .is_some_and(|stale_at| now < *stale_at);
        if reuse == Reuse::Refused {
            self.refresh.remove(refresh);
        }
        good.then(|| self.open(now))
    }

    /// Whether an access token is good.
    pub(super) fn admits(&self, access: &str, now: DateTime<Utc>) -> bool {
        let stale_at = self.access.get(access);
        stale_at.is_some_and(|stale_at| now < *stale_at)
    }

    /// Makes every access token stale.
    pub(super) fn expire_access(&mut self) {
        self.access.clear();
    }

    /// Makes every refresh token stale.
    pub(super) fn expire_refresh(&mut self) {
        self.refresh.clear();
    }

    /// Tokens are counted, not random: a sandbox guards nothing, and runs should not differ.
    fn next(&mut self, kind: &str) -> String {
        self.issued += 1;
        format!("{kind}-{}", self.issued)
    }
}
