//! The horizon of a source: the last good copy, why there is no newer one, and the wait for the first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};

use crate::{
    clock::Clock,
    domain::{history::Snapshot, id::SourceId, when::DateSpan},
};

use super::{
    failure::{Failure, Missing},
    refresh::{Course, Next, Wish, Wishes},
};

/// Where whoever polls a source puts what came, and readers find it.
#[derive(Debug, Default)]
pub(super) struct Horizon {
    standing: watch::Sender<Standing>,
    wishes: Mutex<Wishes>,
    wished: Notify,
}

/// How the horizon of a source stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The last good copy.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The days it was fetched for.
    pub days: Option<DateSpan>,
    /// When the upstream last said that it is as this copy shows it.
    pub confirmed: Option<DateTime<Utc>>,
    /// Why there is no newer one.
    pub failure: Option<Failure>,
    /// When it is polled next; `None` while it is being polled.
    pub next: Option<Next>,
}

impl Horizon {
    /// How it stands now.
    pub(super) fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// What `look` sees of how it stands now, without a copy of the whole standing.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Standing) -> T) -> T {
        look(&self.standing.borrow())
    }

    /// Puts a copy in place that was fetched for `days`, and was as the upstream has it when it was `confirmed`.
    pub(super) fn succeeded(
        &self,
        snapshot: Arc<Snapshot>,
        days: DateSpan,
        confirmed: DateTime<Utc>,
    ) {
        self.standing.send_modify(|standing| {
            // A copy that is held on to against what the upstream says is no younger for that.
            let held = snapshot.held().is_some();
            let before = standing.confirmed.filter(|_| held);
            *standing = Standing {
                confirmed: before.or(Some(confirmed)),
                snapshot: Some(snapshot),
                days: Some(days),
                failure: None,
                next: None,
            };
        });
    }

    /// Puts what is left of a copy in its place, after something of it was hidden.
    pub(super) fn spared(&self, rest: Arc<Snapshot>) {
        self.standing
            .send_modify(|standing| standing.snapshot = Some(rest));
    }

    /// Notes why there is no newer copy; the old one stays.
    pub(super) fn failed(&self, failure: Failure) {
        self.standing
            .send_modify(|standing| standing.failure = Some(failure));
    }

    /// Wants another poll; wishes of one kind are one until it begins.
    pub(super) fn wish(&self, wish: Wish, now: DateTime<Utc>) {
        self.wishes().entry(wish).or_insert(now);
        self.wished.notify_one();
    }

    /// A poll begins, which answers every wish so far.
    pub(super) fn begin(&self) {
        self.wishes().clear();
        self.plan(None);
    }

    /// Resolves when the poll is due that follows on `course`: at its time, or earlier if somebody wishes so.
    pub(super) async fn due(&self, source: &SourceId, course: &Course, clock: &Clock) {
        let mut planned = None;
        let mut due = None;
        loop {
            let next = course.next(&self.wishes());
            if planned != Some(next) {
                tracing::debug!(%source, at = %next.at.format("%FT%TZ"), why = %next.why, "next poll");
                planned = Some(next);
                self.plan(planned);
            }
            // A clock that was set back must not delay what is planned, nor one that stood still with the machine.
            let soon = instant(next, clock);
            let soon = due.map_or(soon, |due| soon.min(due));
            due = Some(soon);
            tokio::select! {
                () = sleep_until(soon) => return,
                () = self.wished.notified() => {}
            }
        }
    }

    /// Notes when the next poll is, without a stir among those who wait for its outcome.
    fn plan(&self, next: Option<Next>) {
        self.standing.send_if_modified(|standing| {
            standing.next = next;
            false
        });
    }

    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut wished = false;
        loop {
            let Standing {
                snapshot,
                days,
                failure,
                ..
            } = standing.borrow_and_update().clone();
            match (snapshot.zip(days), failure) {
                (Some(copy), _) => return Ok(copy),
                (None, Some(failure)) if wished || failure.counts(clock.now()) => {
                    return Err(Missing::Failed(failure.error));
                }
                (None, Some(_)) => {
                    wished = true;
                    self.wish(Wish::Reader, clock.now());
                }
                (None, None) => {}
            }
            if standing.changed().await.is_err() {
                return Err(Missing::Pending);
            }
        }
    }
}

/// When `next` is, on the clock that timers go by.
fn instant(next: Next, clock: &Clock) -> Instant {
    Instant::now() + (next.at - clock.now()).to_std().unwrap_or_default()
}
