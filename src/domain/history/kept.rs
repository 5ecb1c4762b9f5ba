//! A snapshot that comes back from where it was kept.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Entry, Held, Snapshot};
use crate::domain::{
    event::Groups,
    id::{EventUid, GroupId},
    shared::share,
};

/// What a snapshot is beside its events and groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearings {
    /// [`Snapshot::revision`].
    pub revision: u64,
    /// [`Snapshot::changed`].
    pub changed: DateTime<Utc>,
    /// [`Snapshot::held`].
    pub held: Option<Held>,
    /// [`Snapshot::missed`].
    pub missed: BTreeSet<GroupId>,
    /// [`Snapshot::absent_since`] of every event that has been absent.
    pub absent: BTreeMap<EventUid, DateTime<Utc>>,
}

impl Snapshot {
    /// The snapshot that was taken apart with [`Snapshot::bearings`]; of two entries with one UID the first counts.
    #[must_use]
    pub fn restored(mut entries: Vec<Entry>, groups: Groups, bearings: Bearings) -> Self {
        entries.sort_by_key(|entry| entry.event.uid);
        entries.dedup_by_key(|entry| entry.event.uid);
        share(entries.iter_mut().map(|entry| &mut entry.event), &groups);
        let Bearings {
            revision,
            changed,
            held,
            missed,
            mut absent,
        } = bearings;
        let holds = |uid| entries.binary_search_by_key(&uid, |entry| entry.event.uid);
        absent.retain(|uid, _| holds(*uid).is_ok());
        Self {
            entries,
            groups,
            revision,
            changed,
            held,
            missed,
            unreadable: BTreeSet::new(),
            absent,
        }
    }

    /// All that it is beside its events and groups.
    #[must_use]
    pub fn bearings(&self) -> Bearings {
        Bearings {
            revision: self.revision,
            changed: self.changed,
            held: self.held,
            missed: self.missed.clone(),
            absent: self.absent.clone(),
        }
    }
}
