//! What became of every request to an upstream, counted as it happens.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::StatusCode;

use super::error::ApiError;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx.
    Ok,
    /// 304.
    Unchanged,
    /// Any other 3xx.
    Redirected,
    /// 401 or 403.
    Refused,
    /// 429.
    Limited,
    /// Any other 4xx.
    Rejected,
    /// 5xx.
    Broken,
    /// No answer in time.
    Late,
    /// No connection, or one that broke, or an address that may not be called.
    Unreached,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Ok,
        Self::Unchanged,
        Self::Redirected,
        Self::Refused,
        Self::Limited,
        Self::Rejected,
        Self::Broken,
        Self::Late,
        Self::Unreached,
    ];

    /// Its word in metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unchanged => "unchanged",
            Self::Redirected => "redirected",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::Rejected => "rejected",
            Self::Broken => "broken",
            Self::Late => "late",
            Self::Unreached => "unreached",
        }
    }

    fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            304 => Self::Unchanged,
            401 | 403 => Self::Refused,
            429 => Self::Limited,
            300..=399 => Self::Redirected,
            400..=499 => Self::Rejected,
            500.. => Self::Broken,
            _ => Self::Ok,
        }
    }
}

/// How many requests ended how, since the start.
#[derive(Debug, Default)]
pub struct Outcomes([AtomicU64; Outcome::ALL.len()]);

/// A request that is out; if nobody says how it ended, nobody waited for it any longer.
pub(super) struct Pending<'a> {
    outcomes: &'a Outcomes,
    outcome: Outcome,
}

impl Outcomes {
    /// Counts a request that begins now, when it ends.
    pub(super) fn begin(&self) -> Pending<'_> {
        Pending {
            outcomes: self,
            outcome: Outcome::Late,
        }
    }

    /// How many there were of each.
    pub fn counts(&self) -> impl Iterator<Item = (Outcome, u64)> {
        let counts = self.0.iter().map(|count| count.load(Ordering::Relaxed));
        Outcome::ALL.into_iter().zip(counts)
    }
}

impl Pending<'_> {
    /// Says how it ended.
    pub(super) fn ended(&mut self, how: Result<StatusCode, &ApiError>) {
        self.outcome = match how {
            Ok(status) => Outcome::of(status),
            Err(ApiError::Unavailable {
                cause: super::error::Setback::TimedOut(_),
                ..
            }) => Outcome::Late,
            Err(_) => Outcome::Unreached,
        };
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        let count = Outcome::ALL.iter().position(|one| *one == self.outcome);
        if let Some(count) = count.and_then(|at| self.outcomes.0.get(at)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_counted_by_what_it_means_and_a_forgotten_request_as_late() {
        let outcomes = Outcomes::default();
        for status in [200, 204, 302, 304, 401, 403, 404, 410, 429, 500, 503] {
            let status = StatusCode::from_u16(status).unwrap();
            outcomes.begin().ended(Ok(status));
        }
        drop(outcomes.begin());
        let counts: Vec<_> = outcomes
            .counts()
            .map(|(outcome, count)| (outcome.word(), count))
            .collect();
        assert_eq!(
            counts,
            [
                ("ok", 2),
                ("unchanged", 1),
                ("redirected", 1),
                ("refused", 2),
                ("limited", 1),
                ("rejected", 2),
                ("broken", 2),
                ("late", 1),
                ("unreached", 0),
            ]
        );
    }
}
