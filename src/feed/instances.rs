//! Which series an instance belongs to: a UID does not tell, and a reader may ask for any.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use chrono::NaiveDate;

use crate::{
    domain::{
        history::{Entry, Snapshot},
        id::EventUid,
        select::{INSTANCES_MAX, room},
        window::Window,
    },
    zones::{ZoneData, data::Fingerprint},
};

/// Instances of all snapshots together that are remembered: about 10 MB.
const REMEMBERED_MAX: u64 = 200_000;
/// How long an index is kept; a newer snapshot gets one of its own.
const LIFE: Duration = Duration::from_mins(30);

/// The series of every instance, by snapshot: found out once, so that asking for UIDs that do not exist costs nothing.
#[derive(Debug)]
pub(super) struct Instances(moka::sync::Cache<Key, Arc<Index>>);

/// The address of a snapshot, which its index keeps from being used again, and what it was expanded over, around which day,
/// and with.
type Key = (usize, Window, NaiveDate, Fingerprint);

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
    /// The series in `snapshot` that `uid` is an instance of, if that overlaps `within`, or what there is [`room`] for around
    /// `middle`. Takes up to a second the first time, so call it where blocking is allowed.
    pub(super) fn series_of<'a>(
        &self,
        uid: EventUid,
        snapshot: &'a Arc<Snapshot>,
        within: &Window,
        middle: NaiveDate,
        zones: &ZoneData,
    ) -> Option<EventUid> {
        let series = |entry: &'a Entry| Some((entry.event.uid, entry.event.series.as_deref()?));
        let repeated: Vec<_> = snapshot.entries().iter().filter_map(series).collect();
        if repeated.is_empty() {
            return None;
        }
        let address = Arc::as_ptr(snapshot).addr();
        let key = (address, *within, middle, zones.fingerprint());
        let index = self.0.get_with(key, || {
            let series: Vec<_> = repeated.iter().map(|(_, series)| *series).collect();
            let within = room(&series, *within, middle, zones);
            let all = repeated.iter().flat_map(|(whole, series)| {
                let occurrences = series.occurrences(&within, zones);
                occurrences.map(|at| (EventUid::instance(*whole, at.start), *whole))
            });
            Arc::new(Index {
                _snapshot: Arc::downgrade(snapshot),
                series: all.take(INSTANCES_MAX).collect(),
            })
        });
        index.series.get(&uid).copied()
    }
}
