//! Months outside the horizon of a source: fetched when somebody asks, one load each, kept as long as there is room.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};

use tokio::{sync::Semaphore, task::JoinHandle};

use crate::{
    api::Chain,
    domain::{
        batch::Withheld,
        history::{self, Snapshot, Vanished},
        when::DateSpan,
    },
    source::Month,
};

use super::{
    failure::{Failure, FetchError, Missing},
    units::Units,
    word::Word,
};

/// Months that may wait to be fetched at once: two readers of the longest window.
const WAITING_MAX: usize = 242;
/// Months that are fetched at once.
const LOADING_MAX: usize = 2;
/// Events kept in all months together.
const EVENTS_MAX: u64 = 200_000;
/// Failures remembered at once.
const FAILURES_MAX: u64 = 2_000;

/// Snapshots by month.
pub(super) struct Beyond {
    /// Younger than one poll interval; concurrent readers of a month share one load.
    fresh: moka::future::Cache<Month, Arc<Snapshot>>,
    /// What readers get while a newer one is on its way, and for as long as none comes. Changed by who holds `word` alone, from
    /// what it was to what is kept.
    last_good: moka::sync::Cache<Month, Arc<Snapshot>>,
    /// What an answer may know nothing of that was asked for before it was said, by the poll or by a month.
    pub(super) word: tokio::sync::Mutex<Word>,
    failed: moka::sync::Cache<Month, Failure>,
    /// The last failure by which a month said something of the whole source.
    bar: Mutex<Option<Failure>>,
    waiting: Semaphore,
    loading: Semaphore,
}

/// What readers of a month get.
enum Copy {
    There(Arc<Snapshot>),
    Coming(JoinHandle<Result<Arc<Snapshot>, Missing>>),
}

impl Beyond {
    pub(super) fn new(interval: Duration) -> Self {
        let weight = |_: &Month, snapshot: &Arc<Snapshot>| {
            u32::try_from(snapshot.entries().len() + 1).unwrap_or(u32::MAX)
        };
        Self {
            fresh: moka::future::Cache::builder()
                .weigher(weight)
                .max_capacity(EVENTS_MAX)
                .time_to_live(interval)
                .build(),
            last_good: moka::sync::Cache::builder()
                .weigher(weight)
                .max_capacity(EVENTS_MAX)
                .build(),
            word: tokio::sync::Mutex::default(),
            failed: moka::sync::Cache::new(FAILURES_MAX),
            bar: Mutex::default(),
            waiting: Semaphore::new(WAITING_MAX),
            loading: Semaphore::new(LOADING_MAX),
        }
    }

    /// A snapshot of each of `months`, or why there is none; only those never read before are waited for.
    pub(super) async fn get(
        &self,
        units: &Arc<Units>,
        months: Vec<Month>,
    ) -> Vec<(Month, Result<Arc<Snapshot>, Missing>)> {
        let mut copies = Vec::with_capacity(months.len());
        for month in months {
            copies.push((month, self.copy(units, month).await));
        }
        let mut found = Vec::with_capacity(copies.len());
        for (month, copy) in copies {
            let snapshot = match copy {
                Ok(Copy::There(snapshot)) => Ok(snapshot),
                Ok(Copy::Coming(load)) => load.await.unwrap_or(Err(Missing::Pending)),
                Err(why) => Err(why),
            };
            found.push((month, snapshot));
        }
        // Another of them may have found something hidden meanwhile.
        let newest = |month: &Month, snapshot| self.last_good.get(month).unwrap_or(snapshot);
        let found = found.into_iter().map(|(month, snapshot)| {
            let snapshot = snapshot.map(|snapshot| newest(&month, snapshot));
            (month, snapshot)
        });
        found.collect()
    }

    /// The copy of one month that readers get, or the load that will bring the first.
    async fn copy(&self, units: &Arc<Units>, month: Month) -> Result<Copy, Missing> {
        if let Some(snapshot) = self.fresh.get(&month).await {
            // Something of it may have been hidden since.
            let newest = self.last_good.get(&month);
            return Ok(Copy::There(newest.unwrap_or(snapshot)));
        }
        let now = units.clock.now();
        let failure = self.failed.get(&month);
        let failure = failure.filter(|failure| failure.counts(now));
        let failure = failure.or_else(|| units.bar(now));
        // A task of its own: the reader who triggers a load may hang up, the others must not lose it.
        let load = || tokio::spawn(load(Arc::clone(units), month));
        match (self.last_good.get(&month), failure) {
            (Some(old), Some(_)) => Ok(Copy::There(old)),
            (Some(old), None) => {
                load();
                Ok(Copy::There(old))
            }
            (None, Some(failure)) => Err(Missing::Failed(failure.error)),
            (None, None) => Ok(Copy::Coming(load())),
        }
    }

    /// Fetches a month and keeps it as the last good copy, or its failure as the last failure.
    async fn fetch(&self, units: &Units, month: Month) -> Result<Arc<Snapshot>, Missing> {
        let _waiting = self.waiting.try_acquire().map_err(|_full| Missing::Busy)?;
        // The poll of the horizon never stands behind more than these.
        let _loading = self.loading.acquire().await;
        // Another month may have found out meanwhile that none can be had.
        if let Some(failure) = units.bar(units.clock.now()) {
            return Err(Missing::Failed(failure.error));
        }
        let unit = units.month(month);
        let asked_at = self.word.lock().await.number();
        let fetched = units.term.during(units.fetch(&unit)).await;
        // A newer configuration has its own word on the source: its readers are served by what that loads.
        let (Some(fetched), Some(_leave)) = (fetched, units.term.leave().await) else {
            return Err(Missing::Pending);
        };
        match fetched {
            Ok(mut batch) => {
                let mut word = self.word.lock().await;
                let hidden_since = word.since(asked_at);
                word.add(asked_at, &batch);
                let withheld = batch.withheld.clone();
                batch.withheld.extend(&hidden_since);
                let (name, before) = (month.to_string(), self.last_good.get(&month));
                let hidden = history::hidden(before.as_deref(), &batch);
                // What left a month may stand in another one, and nobody may come to look a second time (ADR 11).
                let snapshot = units
                    .advance(&name, Vanished::Go, before.clone(), batch)
                    .await;
                units
                    .keep(&name, month.days(), before.as_ref(), &snapshot)
                    .await;
                self.last_good.insert(month, Arc::clone(&snapshot));
                if hidden.iter().any(|uid| !snapshot.holds(*uid)) {
                    units.note_hiding();
                }
                // It may stand in other copies, too.
                self.spare(units, &withheld).await;
                units.spare(&withheld).await;
                drop(word);
                self.failed.invalidate(&month);
                self.unbar();
                units.note_publication();
                Ok(snapshot)
            }
            Err(error) => {
                tracing::warn!(source = %units.id(), %month, error = %Chain(&error), "a month cannot be read");
                let old = self.last_good.get(&month);
                units.keep_failure(&month.to_string(), &error, old.as_ref());
                let error = Arc::new(error);
                self.failed(units, month, Arc::clone(&error));
                Err(Missing::Failed(error))
            }
        }
    }

    /// Takes what the upstream hides now out of every month that is known: its copies are as old as their last readers. To be
    /// called by who holds `word`.
    pub(super) async fn spare(&self, units: &Units, withheld: &Withheld) {
        if withheld.is_empty() {
            return;
        }
        let known: Vec<_> = self.last_good.iter().collect();
        for (month, before) in known {
            let Some(rest) = history::without(&before, withheld, units.clock.now()) else {
                continue;
            };
            let (name, rest) = (month.to_string(), Arc::new(rest));
            units.keep(&name, month.days(), Some(&before), &rest).await;
            self.last_good.insert(*month, rest);
            units.note_hiding();
            self.fresh.invalidate(&*month).await;
        }
    }

    /// Notes why a month could not be fetched.
    fn failed(&self, units: &Units, month: Month, error: Arc<FetchError>) {
        let (now, interval) = (units.clock.now(), units.keeping.interval);
        let before = self.failed.get(&month);
        let failure = Failure::after(before.as_ref(), Arc::clone(&error), now, interval);
        if failure.bars_all() {
            let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
            *bar = Some(Failure::after(bar.as_ref(), error, now, interval));
        }
        self.failed.insert(month, failure);
    }

    /// Why no month at all is asked for now, if one has found that out.
    pub(super) fn bar(&self, now: DateTime<Utc>) -> Option<Failure> {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.clone().filter(|failure| failure.counts(now))
    }

    /// Something could be had again.
    pub(super) fn unbar(&self) {
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Takes in a month that was kept.
    pub(super) fn remember(&self, month: Month, snapshot: Arc<Snapshot>) {
        self.last_good.insert(month, snapshot);
    }

    /// Takes in every month that `before` knows.
    pub(super) fn succeed(&self, before: &Self) {
        for (month, snapshot) in &before.last_good {
            self.remember(*month, snapshot);
        }
    }

    /// Every month that is known now, in their order.
    pub(super) fn at_hand(&self) -> Vec<(Month, Arc<Snapshot>)> {
        let months = self.last_good.iter();
        let mut months: Vec<_> = months.map(|(month, copy)| (*month, copy)).collect();
        months.sort_by_key(|(month, _)| *month);
        months
    }

    /// Those of them that have a day outside `kept`.
    pub(super) fn at_hand_outside(&self, kept: DateSpan) -> impl Iterator<Item = Arc<Snapshot>> {
        let months = self.at_hand().into_iter();
        let outside = months.filter(move |(month, _)| !kept.covers(month.days()));
        outside.map(|(_, snapshot)| snapshot)
    }
}

/// Loads a month, or waits for the load that is under way.
///
/// Only the load itself takes a place among those that may wait: any number of readers may wait for the same month.
async fn load(units: Arc<Units>, month: Month) -> Result<Arc<Snapshot>, Missing> {
    let beyond = &units.beyond;
    let loaded = beyond
        .fresh
        .try_get_with(month, beyond.fetch(&units, month));
    loaded.await.map_err(Arc::unwrap_or_clone)
}
