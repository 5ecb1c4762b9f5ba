//! How often feeds are read, counted as cheaply as can be: a read touches one small map that other threads seldom want.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Days, NaiveDate, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{family::Family, text::Line},
    status,
    store::{ReadKey, Reads, Tally, add_all},
};

use super::{FeedName, Feeds};

/// How often counts go to the store.
const EVERY: Duration = Duration::from_mins(1);
/// Days before today that the status tells of.
const DAYS_TOLD: Days = Days::new(6);
/// As many as there may be threads that count at the same moment.
const SHARDS: usize = 16;

/// What one thread has counted: of every feed a few families, mostly on one day.
type Shard = HashMap<FeedName, Vec<(Row, Tally)>>;

/// Which reads of a feed are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    link: Option<Line>,
    family: Family,
    day: NaiveDate,
    /// The HTTP status of the answer.
    status: u16,
}

/// The reads that nobody has fetched yet, and how many there were in all.
#[derive(Debug, Default)]
pub(super) struct Counter {
    shards: [Mutex<Shard>; SHARDS],
    totals: Mutex<Totals>,
}

/// All reads since the start, by feed, family and status. The groups of a source count as one feed: how many there are is
/// for the upstream to say.
type Totals = BTreeMap<(String, Family, u16), u64>;

thread_local! {
    /// Where this thread counts.
    static OURS: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS
    };
}

impl Counter {
    /// Counts a read.
    fn count(&self, feed: &FeedName, family: Family, status: u16, now: DateTime<Utc>) {
        let day = now.date_naive();
        let row = Row {
            link: feed.link().cloned(),
            family,
            day,
            status,
        };
        let once = Tally {
            count: 1,
            last: now,
        };
        let shard = &self.shards[OURS.with(|ours| *ours)];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tallies) = shard.get_mut(feed) else {
            shard.insert(feed.clone(), vec![(row, once)]);
            return;
        };
        match tallies.iter_mut().find(|(of, _)| *of == row) {
            Some((_, tally)) => tally.add(once),
            None => tallies.push((row, once)),
        }
    }

    /// All that was counted; counting begins anew.
    fn take(&self) -> Reads {
        let mut reads = Reads::new();
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        for shard in &self.shards {
            let shard = std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner));
            for (feed, tallies) in shard {
                let (label, feed) = (label(&feed), feed.to_string());
                for (row, tally) in tallies {
                    let Row {
                        link,
                        family,
                        day,
                        status,
                    } = row;
                    let total = totals.entry((label.clone(), family, status));
                    *total.or_default() += tally.count;
                    let feed = feed.clone();
                    let key = ReadKey {
                        day,
                        feed,
                        link,
                        family,
                    };
                    add_all(&mut reads, [(key, tally)].into());
                }
            }
        }
        reads
    }

    /// How many there were in all, as far as they were taken.
    fn totals(&self) -> Vec<status::Read> {
        let totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        let told = totals
            .iter()
            .map(|((feed, family, status), count)| status::Read {
                feed: feed.clone(),
                client: family.word().to_owned(),
                status: *status,
                count: *count,
            });
        told.collect()
    }
}

/// The first of the days that the status tells of.
pub(super) fn first_told(today: NaiveDate) -> NaiveDate {
    today - DAYS_TOLD
}

fn label(feed: &FeedName) -> String {
    match feed {
        FeedName::Configured(_) | FeedName::Closed(_) => feed.to_string(),
        FeedName::Group(source, _) => format!("groups/{source}"),
        FeedName::ClosedGroup(source, _) => format!("groups/{}", **source),
    }
}

impl Feeds {
    /// Counts a read of `feed`, which has a calendar, that was answered with `status`.
    pub fn count_read(&self, feed: &FeedName, family: Family, status: u16, now: DateTime<Utc>) {
        self.counter.count(feed, family, status, now);
    }

    /// How many reads there were since the start, as far as they were handed on.
    pub(super) fn read_totals(&self) -> Vec<status::Read> {
        self.counter.totals()
    }

    /// Hands what was counted to the store; without one, to the memory of today.
    pub fn put_reads(&self) {
        let reads = self.counter.take();
        if let Some(keeper) = self.documents.keeper() {
            keeper.add_reads(reads);
        } else {
            let today = self.clock.now().date_naive();
            let mut kept = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
            add_all(&mut kept, reads);
            kept.retain(|key, _| key.day >= first_told(today));
        }
    }

    /// Does so every minute until `stop`.
    pub(super) async fn put_reads_regularly(&self, stop: &CancellationToken) {
        while stop
            .run_until_cancelled(tokio::time::sleep(EVERY))
            .await
            .is_some()
        {
            self.put_reads();
        }
    }

    /// How often feeds were read in the last days, and by secret links as long as that is kept; but for those the store is
    /// still writing.
    pub(super) async fn recent_reads(&self) -> Reads {
        let today = self.clock.now().date_naive();
        self.put_reads();
        if let Some(keeper) = self.documents.keeper() {
            return keeper.reads(first_told(today)).await;
        }
        let kept = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{GroupId, SourceId},
        testing::at,
    };

    #[test]
    fn reads_are_counted_by_feed_family_and_day_on_every_thread_and_handed_on_once() {
        let counter = Counter::default();
        let season = FeedName::Configured("season".parse().unwrap());
        let evening = at("2026-11-22T23:59:59Z");
        let midnight = at("2026-11-23T00:00:00Z");
        std::thread::scope(|threads| {
            for _ in 0..20 {
                threads.spawn(|| {
                    counter.count(&season, Family::Google, 200, evening);
                    counter.count(&season, Family::Google, 200, midnight);
                    counter.count(&season, Family::Apple, 304, midnight);
                });
            }
        });
        let taken: Vec<_> = counter
            .take()
            .into_iter()
            .map(|(key, tally)| (key.day.to_string(), key.family, tally.count, tally.last))
            .collect();
        assert_eq!(
            taken,
            [
                ("2026-11-22".to_owned(), Family::Google, 20, evening),
                ("2026-11-23".to_owned(), Family::Google, 20, midnight),
                ("2026-11-23".to_owned(), Family::Apple, 20, midnight),
            ]
        );
        assert_eq!(counter.take(), Reads::new());
        let totals: Vec<_> = counter
            .totals()
            .into_iter()
            .map(|read| (read.client, read.status, read.count))
            .collect();
        assert_eq!(
            totals,
            [
                ("google".to_owned(), 200, 40),
                ("apple".to_owned(), 304, 20)
            ]
        );
    }

    #[test]
    fn all_groups_of_a_source_are_one_feed_in_the_totals() {
        let counter = Counter::default();
        let stage: SourceId = "stage".parse().unwrap();
        for group in 0..1_000 {
            let group = GroupId::new(&format!("group-{group}"));
            let name = FeedName::Group(stage.clone(), group);
            counter.count(&name, Family::Other, 200, at("2026-11-22T10:00:00Z"));
        }
        assert_eq!(counter.take().len(), 1_000);
        let totals = counter.totals();
        assert_eq!(
            (totals.len(), &*totals[0].feed, totals[0].count),
            (1, "groups/stage", 1_000)
        );
    }
}
