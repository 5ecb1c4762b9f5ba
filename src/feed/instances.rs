//! Which series an instance belongs to: a UID does not tell, and a reader may ask for any.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use crate::{
    domain::{history::Snapshot, id::EventUid, window::Window},
    zones::{ZoneData, data::Fingerprint},
};

/// Instances of all snapshots together that are remembered: about 10 MB.
const REMEMBERED_MAX: u64 = 200_000;
/// Instances of one snapshot that can be asked for by themselves.
const INSTANCES_MAX: usize = 100_000;
/// How long an index is kept; a newer snapshot gets one of its own.
const LIFE: Duration = Duration::from_mins(30);

/// The series of every instance, by snapshot: found out once, so that asking for UIDs that do not exist costs nothing.
#[derive(Debug)]
pub(super) struct Instances(moka::sync::Cache<Key, Arc<Index>>);

/// The address of a snapshot, which its index keeps from being used again, and what it was expanded over and with.
type Key = (usize, Window, Fingerprint);

#[derive(Debug)]
struct Index {
    _snapshot: Weak<Snapshot>,
    series: HashMap<EventUid, EventUid>,
}

impl Default for Instances {
    fn default() -> Self {
        let weight =
            |_: &Key, index: &Arc<Index>| u32::try_from(index.series.len() + 1).unwrap_or(u32::MAX);
        Self(
            moka::sync::Cache::builder()
                .weigher(weight)
                .max_capacity(REMEMBERED_MAX)
                .time_to_live(LIFE)
                .build(),
        )
    }
}

impl Instances {
    /// The series in `snapshot` that `uid` is an instance of, if that overlaps `within`. Takes up to a second the first
    /// time, so call it where blocking is allowed.
    pub(super) fn series_of(
        &self,
        uid: EventUid,
        snapshot: &Arc<Snapshot>,
        within: &Window,
        zones: &ZoneData,
    ) -> Option<EventUid> {
        let repeats = |entry: &crate::domain::history::Entry| entry.event.series.is_some();
        if !snapshot.entries().iter().any(repeats) {
            return None;
        }
        let key = (Arc::as_ptr(snapshot).addr(), *within, zones.fingerprint());
        let index = self.0.get_with(key, || {
            let entries = snapshot.entries().iter();
            let all = entries.flat_map(|entry| {
                let (whole, series) = (entry.event.uid, entry.event.series.as_ref());
                let occurrences = series.map(|series| series.occurrences(within, zones));
                let occurrences = occurrences.into_iter().flatten();
                occurrences.map(move |at| (EventUid::instance(whole, at.start), whole))
            });
            Arc::new(Index {
                _snapshot: Arc::downgrade(snapshot),
                series: all.take(INSTANCES_MAX).collect(),
            })
        });
        index.series.get(&uid).copied()
    }
}
