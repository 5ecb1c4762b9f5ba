//! Fetches that failed: why, and for how long that is remembered.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{api::ApiError, domain::when::BadSpan};

use super::refresh::{Trouble, memory};

/// A fetch that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What went wrong.
    pub error: Arc<FetchError>,
    /// When.
    pub at: DateTime<Utc>,
    /// How many in a row.
    pub count: u32,
    /// Until when readers are told of it instead of causing another attempt.
    until: DateTime<Utc>,
}

impl Failure {
    /// The failure at `at` of a unit that is polled every `interval`, after those that led to `before`.
    pub(super) fn after(
        before: Option<&Self>,
        error: Arc<FetchError>,
        at: DateTime<Utc>,
        interval: Duration,
    ) -> Self {
        let count = before.map_or(0, |before| before.count).saturating_add(1);
        let asked = error.retry_after().unwrap_or_default();
        let remembered = memory(interval, error.trouble(), count).max(asked);
        let remembered = TimeDelta::from_std(remembered).unwrap_or(TimeDelta::MAX);
        Self {
            until: at.checked_add_signed(remembered).unwrap_or(at),
            error,
            at,
            count,
        }
    }

    /// Whether readers are told of it instead of causing another attempt. Not on a clock that was set back behind it.
    pub(super) fn counts(&self, now: DateTime<Utc>) -> bool {
        (self.at..self.until).contains(&now)
    }

    /// Whether it says something of the whole source, whichever unit was asked for: we are not let in, or shall rest.
    pub(super) fn bars_all(&self) -> bool {
        self.error.trouble() == Trouble::Refusal || self.error.retry_after().is_some()
    }
}

/// Why a fetch brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A call of it did not.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The clock shows a year in which nothing can be asked for.
    #[error("the days to fetch cannot be told")]
    Days(#[from] BadSpan),
    /// It panicked.
    #[error("it ended by a bug in calbridge")]
    Bug,
}

impl FetchError {
    /// How long the upstream wants to be left alone, if it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api(error) => error.retry_after(),
            Self::Days(_) | Self::Bug => None,
        }
    }

    /// How it is likely to end.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Api(ApiError::Blocked { .. }) => Trouble::Refusal,
            _ => Trouble::Passing,
        }
    }
}

/// Why a source has nothing to show, not even an old copy.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Missing {
    /// The upstream has failed since the start.
    #[error("the upstream could not be read")]
    Failed(#[source] Arc<FetchError>),
    /// The first answer takes longer than a reader should wait.
    #[error("the first answer is still on its way")]
    Pending,
    /// Too much is being fetched already.
    #[error("too many months are being fetched already")]
    Busy,
}
