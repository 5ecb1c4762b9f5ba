//! How a source is asked: polls of its horizon, one after another, and what is made of each answer.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, PoisonError},
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    api::{ApiError, Chain},
    aside::aside,
    domain::{
        batch::{Batch, Withheld},
        history::{self, Policy, Snapshot, Vanished},
        when::DateSpan,
    },
    source::{Ask, Unit},
    store::HORIZON,
};

use super::{
    failure::{Failure, FetchError},
    hook::Found,
    horizon::Standing,
    refresh::{Course, End},
    units::Units,
};

/// How long a unit that lost all its events is not believed (design §10).
const EMPTY_AFTER: Duration = Duration::from_hours(24);
/// Odd things about one source that are logged; more would be noise.
const REMARKS_MAX: usize = 200;

impl Units {
    /// Polls until `stop` or its end, each time when [`Course::next`] says.
    pub async fn refresh(self: &Arc<Self>, stop: &CancellationToken) {
        loop {
            let units = Arc::clone(self);
            // A task of its own: a bug in one connector must not end the others, or the server.
            let mut poll = tokio::spawn(async move { units.poll().await });
            let end = tokio::select! {
                () = stop.cancelled() => return poll.abort(),
                polled = &mut poll => polled.unwrap_or_else(|_bug| Some(self.failed(FetchError::Bug))),
            };
            let Some(end) = end else {
                return;
            };
            let course = Course {
                interval: self.keeping.interval,
                jitter: fastrand::f64(),
                ended: self.clock.now(),
                end,
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.term.ended() => return,
                () = self.horizon.due(self.id(), &course, &self.clock) => {}
            }
        }
    }

    /// Fetches the horizon once; says how that ended. `None` if the end of the source came before: then nothing of it is kept.
    pub async fn poll(&self) -> Option<End> {
        self.horizon.begin();
        let days = match self.horizon_days() {
            Ok(days) => days,
            Err(error) => return Some(self.failed(error.into())),
        };
        let unit = self.source.unit(&Ask::Horizon(days));
        let asked_at = self.beyond.word.lock().await.number();
        let began = Instant::now();
        let fetched = self.term.during(self.fetch(&unit)).await?;
        self.durations.note(began.elapsed());
        let _leave = self.term.leave().await?;
        // Until what follows from it is published: a month that finds something hidden takes it out of what is there then.
        let mut word = self.beyond.word.lock().await;
        let before = self.standing();
        Some(match fetched {
            Ok(mut batch) => {
                let hidden_since = word.since(asked_at);
                word.replace(asked_at, &batch);
                let good_for = batch.poll_after.unwrap_or_default();
                let rest = rest(&batch);
                self.made_from_wall_times(batch.from_wall_times);
                let vanished = Vanished::Buried(unit.days);
                let previous = before.snapshot.clone();
                self.beyond.spare(self, &batch.withheld).await;
                batch.withheld.extend(&hidden_since);
                let hidden = history::hidden(previous.as_deref(), &batch);
                let snapshot = self.advance(HORIZON, vanished, previous, batch).await;
                self.keep(HORIZON, unit.days, before.snapshot.as_ref(), &snapshot)
                    .await;
                self.compare_hook(found(&before, &snapshot, unit.days));
                // A source that can only be read whole brings more days than were asked for.
                let hides = hidden.iter().any(|uid| !snapshot.holds(*uid));
                self.horizon
                    .succeeded(snapshot, unit.days, self.clock.now());
                if hides {
                    self.note_hiding();
                }
                self.beyond.unbar();
                self.note_publication();
                if before.failure.is_some() {
                    tracing::info!(source = %self.id(), "the upstream answers again");
                }
                End::Answered { good_for, rest }
            }
            Err(error) => self.failed(error),
        })
    }

    /// Takes what a month has found hidden out of the horizon, too. To be called by who holds the word of the upstream.
    pub(super) async fn spare(&self, withheld: &Withheld) {
        let Standing { snapshot, days, .. } = self.standing();
        let (Some(before), Some(days)) = (snapshot, days) else {
            return;
        };
        let Some(rest) = history::without(&before, withheld, self.clock.now()) else {
            return;
        };
        let rest = Arc::new(rest);
        self.keep(HORIZON, days, Some(&before), &rest).await;
        self.horizon.spared(rest);
        self.note_hiding();
    }

    /// Notes why the horizon could not be fetched.
    fn failed(&self, error: FetchError) -> End {
        let (before, now) = (self.standing(), self.clock.now());
        let is_bug = matches!(error, FetchError::Bug);
        let error = Arc::new(error);
        let failure = Failure::after(
            before.failure.as_ref(),
            Arc::clone(&error),
            now,
            self.keeping.interval,
        );
        let failures = failure.count;
        if is_bug {
            tracing::error!(source = %self.id(), failures, "poll failed by a bug; the last good copy stays");
        } else {
            tracing::warn!(source = %self.id(), error = %Chain(&*error), failures, "poll failed; the last good copy stays");
        }
        self.keep_failure(HORIZON, &error, before.snapshot.as_ref());
        self.horizon.failed(failure);
        End::Failed {
            count: failures,
            trouble: error.trouble(),
            rest: error.retry_after().unwrap_or_default(),
        }
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
                "the upstream lost most of its events at once; the old copy stays until it has said so again, or `calbridge accept` believes it"
            );
        }
        self.remember_groups(snapshot.groups());
        match previous {
            Some(old) if old.is_still(&snapshot) => old,
            _ => Arc::new(snapshot),
        }
    }
}

/// How long the upstream asked to be left alone when it was asked for what `batch` lacks. What other hosts ask for that it refers
/// to is the cause of another error, and no business of the source.
fn rest(batch: &Batch) -> Duration {
    let errors = batch.missed.values();
    let errors = errors.filter_map(|why| why.downcast_ref::<ApiError>());
    let asked = errors.filter_map(ApiError::retry_after);
    asked.max().unwrap_or_default()
}

/// What a poll for `days` has found at the upstream. Other days have other events although nothing happened to any.
fn found(before: &Standing, snapshot: &Snapshot, days: DateSpan) -> Found {
    match &before.snapshot {
        Some(copy) if before.days == Some(days) && copy.revision() != snapshot.revision() => {
            Found::Change
        }
        _ => Found::Nothing,
    }
}
