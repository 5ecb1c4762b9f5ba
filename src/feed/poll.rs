//! How a source is asked: polls of its horizon, one after another, and what is made of each answer.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, PoisonError},
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use crate::{
    api::Chain,
    aside::aside,
    domain::{
        batch::Batch,
        history::{self, Policy, Snapshot, Vanished},
    },
    source::{Ask, Unit},
    store::HORIZON,
};

use super::{
    horizon::{Failure, FetchError},
    refresh::next_poll,
    units::Units,
};

/// How long a unit that lost all its events is not believed (design §10).
const EMPTY_AFTER: Duration = Duration::from_hours(24);
/// Odd things about one source that are logged; more would be noise.
const REMARKS_MAX: usize = 200;

impl Units {
    /// Polls until `stop`, at the times [`next_poll`] says.
    pub async fn refresh(self: &Arc<Self>, stop: &CancellationToken) {
        loop {
            let units = Arc::clone(self);
            // A task of its own: a bug in one connector must not end the others, or the server.
            let mut poll = tokio::spawn(async move { units.poll().await });
            let retry_after = tokio::select! {
                () = stop.cancelled() => return poll.abort(),
                polled = &mut poll => polled.unwrap_or_else(|_bug| self.failed(FetchError::Bug)),
            };
            let failures = self.standing().failures();
            let wait = next_poll(
                self.keeping.interval,
                failures,
                retry_after,
                fastrand::f64(),
            );
            tracing::debug!(source = %self.id(), wait_s = wait.as_secs(), "next poll");
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
                () = self.horizon.nudged(&self.clock) => {}
            }
        }
    }

    /// Fetches the horizon once; says how long the upstream wants to be left alone.
    pub async fn poll(&self) -> Option<Duration> {
        let days = match self.horizon_days() {
            Ok(days) => days,
            Err(error) => return self.failed(error.into()),
        };
        let unit = self.source.unit(&Ask::Horizon(days));
        let fetched = self.fetch(&unit).await;
        let before = self.standing();
        match fetched {
            Ok(batch) => {
                let poll_after = batch.poll_after;
                self.made_from_wall_times(batch.from_wall_times);
                let vanished = Vanished::Buried(unit.days);
                let previous = before.snapshot.clone();
                let snapshot = self.advance(HORIZON, vanished, previous, batch).await;
                self.keep(HORIZON, unit.days, before.snapshot.as_ref(), &snapshot)
                    .await;
                // A source that can only be read whole brings more days than were asked for.
                self.horizon.succeeded(snapshot, unit.days);
                self.note_publication();
                if before.failure.is_some() {
                    tracing::info!(source = %self.id(), "the upstream answers again");
                }
                poll_after
            }
            Err(error) => self.failed(error),
        }
    }

    /// Notes why the horizon could not be fetched; says how long the upstream wants to be left alone.
    fn failed(&self, error: FetchError) -> Option<Duration> {
        let failures = self.standing().failures().saturating_add(1);
        if matches!(error, FetchError::Bug) {
            tracing::error!(source = %self.id(), failures, "poll failed by a bug; the last good copy stays");
        } else {
            tracing::warn!(source = %self.id(), error = %Chain(&error), failures, "poll failed; the last good copy stays");
        }
        self.keep_failure(HORIZON, &error, self.standing().snapshot.as_ref());
        let retry_after = error.retry_after();
        self.horizon.failed(Failure {
            error: Arc::new(error),
            at: self.clock.now(),
            count: failures,
        });
        retry_after
    }

    /// Fetches a unit and says once what is odd about it.
    ///
    /// # Errors
    /// [`FetchError`]; a connector that panics is one.
    pub(super) async fn fetch(&self, unit: &Unit) -> Result<Batch, FetchError> {
        let fetched = AssertUnwindSafe(self.source.fetch(&self.api, unit));
        // What a panic says may quote what an event says, so only that there was one is told.
        let fetched = fetched.catch_unwind().await;
        let batch = fetched.map_err(|_panic| FetchError::Bug)??;
        let mut told = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        for remark in &batch.remarks {
            if told.len() < REMARKS_MAX && told.insert(remark.clone()) {
                tracing::warn!(source = %self.id(), unit = unit.name, "{remark}");
            }
        }
        drop(told);
        tracing::debug!(source = %self.id(), unit = unit.name, events = batch.events.len(), "fetched");
        Ok(batch)
    }

    /// What to publish after `batch`, with its groups remembered; the very same snapshot if nothing changed.
    pub(super) async fn advance(
        &self,
        unit: &str,
        vanished: Vanished,
        previous: Option<Arc<Snapshot>>,
        batch: Batch,
    ) -> Arc<Snapshot> {
        let policy = Policy {
            confirm_after: self.keeping.interval,
            empty_after: EMPTY_AFTER,
            vanished,
            accepted: self.accepted.of(unit),
        };
        for (group, why) in &batch.missed {
            let known = previous.as_ref();
            if !known.is_some_and(|previous| previous.missed().contains(group)) {
                tracing::warn!(source = %self.id(), %group, error = %Chain(&**why), "a group could not be read; its last good copy stays");
            }
        }
        let (now, before) = (self.clock.now(), previous.clone());
        let snapshot = aside(move || history::advance(before.as_deref(), batch, now, policy)).await;
        let was_held = previous
            .as_ref()
            .is_some_and(|previous| previous.held().is_some());
        if let Some(held) = snapshot.held().filter(|_| previous.is_some() && !was_held) {
            tracing::warn!(
                source = %self.id(), missing = held.missing, of = held.of,
                "the upstream lost most of its events at once; the old copy stays until it has said so again"
            );
        }
        self.remember_groups(snapshot.groups());
        match previous {
            Some(old) if old.is_still(&snapshot) => old,
            _ => Arc::new(snapshot),
        }
    }
}
