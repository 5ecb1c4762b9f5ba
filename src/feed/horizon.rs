//! The horizon of a source: the last good copy, why there is no newer one, and the wait for the first.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, watch};

use crate::{
    api::ApiError,
    clock::Clock,
    domain::{
        history::Snapshot,
        when::{BadSpan, DateSpan},
    },
};

use super::state::State;

/// How long a failure is remembered before a reader may cause another attempt (design §4).
const FAILURE_LIFE: TimeDelta = TimeDelta::seconds(30);

/// Where whoever polls a source puts what came, and readers find it.
#[derive(Debug, Default)]
pub(super) struct Horizon {
    standing: watch::Sender<Standing>,
    nudge: Notify,
}

/// How the horizon of a source stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The last good copy.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The days it was fetched for.
    pub days: Option<DateSpan>,
    /// Why there is no newer one.
    pub failure: Option<Failure>,
}

/// A fetch that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What went wrong.
    pub error: Arc<FetchError>,
    /// When.
    pub at: DateTime<Utc>,
    /// How many in a row.
    pub count: u32,
}

impl Standing {
    /// How many polls in a row have failed.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failure.as_ref().map_or(0, |failure| failure.count)
    }
}

impl Failure {
    /// Whether readers are told of it instead of causing another attempt.
    pub(super) fn counts(&self, now: DateTime<Utc>) -> bool {
        let asked = self
            .error
            .retry_after()
            .and_then(|wait| TimeDelta::from_std(wait).ok());
        now - self.at < FAILURE_LIFE.max(asked.unwrap_or_default())
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

impl Horizon {
    /// How it stands now.
    pub(super) fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// How it stands now, in one word, without a copy of the whole standing.
    pub(super) fn state(&self) -> Option<State> {
        self.standing.borrow().state()
    }

    /// Puts a newer copy in place.
    pub(super) fn succeeded(&self, snapshot: Arc<Snapshot>, days: DateSpan) {
        self.standing.send_replace(Standing {
            snapshot: Some(snapshot),
            days: Some(days),
            failure: None,
        });
    }

    /// Notes why there is no newer copy; the old one stays.
    pub(super) fn failed(&self, failure: Failure) {
        self.standing
            .send_modify(|standing| standing.failure = Some(failure));
    }

    /// Wants another attempt.
    pub(super) fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Resolves when somebody wants another attempt, unless the last one failed too lately.
    pub(super) async fn nudged(&self, clock: &Clock) {
        loop {
            self.nudge.notified().await;
            let failure = self.standing.borrow().failure.clone();
            if failure.is_none_or(|failure| !failure.counts(clock.now())) {
                return;
            }
        }
    }

    /// Resolves once there is a copy.
    pub(super) async fn delivered(&self) {
        let mut standing = self.standing.subscribe();
        // It cannot fail: the sender lives as long as this.
        drop(
            standing
                .wait_for(|standing| standing.snapshot.is_some())
                .await,
        );
    }

    /// The last good copy, and the days it was fetched for; only the very first readers wait for it.
    ///
    /// # Errors
    /// [`Missing`] when there is none and none is coming in time.
    pub(super) async fn first(&self, clock: &Clock) -> Result<(Arc<Snapshot>, DateSpan), Missing> {
        let mut standing = self.standing.subscribe();
        let mut nudged = false;
        loop {
            let Standing {
                snapshot,
                days,
                failure,
            } = standing.borrow_and_update().clone();
            match (snapshot.zip(days), failure) {
                (Some(copy), _) => return Ok(copy),
                (None, Some(failure)) if nudged || failure.counts(clock.now()) => {
                    return Err(Missing::Failed(failure.error));
                }
                (None, Some(_)) => {
                    nudged = true;
                    self.nudge.notify_one();
                }
                (None, None) => {}
            }
            if standing.changed().await.is_err() {
                return Err(Missing::Pending);
            }
        }
    }
}
