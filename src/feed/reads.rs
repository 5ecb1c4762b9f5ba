//! How often feeds are read, counted as cheaply as can be: a read touches one small map that other threads seldom want.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, NaiveDate, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::family::Family,
    store::{ReadKey, Reads, Tally, add_all},
};

use super::{FeedName, Feeds};

/// How often counts go to the store.
const EVERY: Duration = Duration::from_mins(1);
/// As many as there may be threads that count at the same moment.
const SHARDS: usize = 16;

/// What one thread has counted: of every feed a few families, mostly on one day.
type Shard = HashMap<FeedName, Vec<(Family, NaiveDate, Tally)>>;

/// The reads that nobody has fetched yet.
#[derive(Debug, Default)]
pub(super) struct Counter {
    shards: [Mutex<Shard>; SHARDS],
}

thread_local! {
    /// Where this thread counts.
    static OURS: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS
    };
}

impl Counter {
    /// Counts a read.
    fn count(&self, feed: &FeedName, family: Family, now: DateTime<Utc>) {
        let day = now.date_naive();
        let once = Tally {
            count: 1,
            last: now,
        };
        let shard = &self.shards[OURS.with(|ours| *ours)];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tallies) = shard.get_mut(feed) else {
            shard.insert(feed.clone(), vec![(family, day, once)]);
            return;
        };
        let mut tallies_of = tallies.iter_mut();
        match tallies_of.find(|(of, on, _)| (*of, *on) == (family, day)) {
            Some((_, _, tally)) => tally.add(once),
            None => tallies.push((family, day, once)),
        }
    }

    /// All that was counted; counting begins anew.
    fn take(&self) -> Reads {
        let mut reads = Reads::new();
        for shard in &self.shards {
            let shard = std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner));
            for (feed, tallies) in shard {
                let feed = feed.to_string();
                let keyed = tallies.into_iter().map(|(family, day, tally)| {
                    let feed = feed.clone();
                    (ReadKey { day, feed, family }, tally)
                });
                add_all(&mut reads, keyed.collect());
            }
        }
        reads
    }
}

impl Feeds {
    /// Counts a read of `feed`, which has a calendar.
    pub fn count_read(&self, feed: &FeedName, family: Family, now: DateTime<Utc>) {
        self.counter.count(feed, family, now);
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
            kept.retain(|key, _| key.day >= today);
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

    /// How often feeds were read today, but for those the store is still writing.
    pub(super) async fn reads_today(&self) -> Reads {
        let today = self.clock.now().date_naive();
        self.put_reads();
        if let Some(keeper) = self.documents.keeper() {
            return keeper.reads(today).await;
        }
        let kept = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::at;

    #[test]
    fn reads_are_counted_by_feed_family_and_day_on_every_thread_and_handed_on_once() {
        let counter = Counter::default();
        let season = FeedName::Configured("season".parse().unwrap());
        let evening = at("2026-11-22T23:59:59Z");
        let midnight = at("2026-11-23T00:00:00Z");
        std::thread::scope(|threads| {
            for _ in 0..20 {
                threads.spawn(|| {
                    counter.count(&season, Family::Google, evening);
                    counter.count(&season, Family::Google, midnight);
                    counter.count(&season, Family::Apple, midnight);
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
    }
}
