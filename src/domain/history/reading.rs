//! A batch beside what was published before it, and what it says nothing of.

use std::collections::BTreeSet;

use super::{Snapshot, withheld::marked};
use crate::domain::{
    batch::Batch,
    event::{Event, Groups},
    id::{EventUid, GroupId},
};

/// A batch, and which part of what was published before it could not see.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) previous: &'a Snapshot,
    /// Sorted by UID, each UID once.
    pub(super) batch: Batch,
    pub(super) missed: BTreeSet<GroupId>,
    /// The published events of which it cannot be read any more whether they are for everybody.
    unclear: BTreeSet<EventUid>,
}

impl<'a> Reading<'a> {
    /// What `batch` says to somebody who knows `previous`. What was published of the groups and events it could not read,
    /// and of the events it doubts are gone, counts as listed.
    pub(super) fn new(previous: &'a Snapshot, batch: Batch) -> Self {
        let mut reading = Self {
            previous,
            missed: missed(&batch),
            unclear: marked(previous, &batch.unclear, &batch),
            batch: unique(batch),
        };
        if reading.is_blind_somewhere() {
            reading.bring_in_what_was_not_read();
        }
        reading
    }

    /// Whether it lists this event.
    pub(super) fn lists(&self, uid: EventUid) -> bool {
        self.place_of(uid).is_some()
    }

    /// Whether it lists this event, or could not have seen it.
    pub(super) fn has(&self, event: &Event) -> bool {
        self.lists(event.uid) || self.is_blind_to(event)
    }

    /// Whether it says nothing of this event, one way or the other.
    pub(super) fn is_blind_to(&self, event: &Event) -> bool {
        self.is_blind_somewhere()
            && !self.is_unclear(event)
            && (self.batch.doubted.contains(&event.uid)
                || self.batch.unreadable.contains_key(&event.uid)
                || event.groups.iter().any(|group| self.missed.contains(group)))
    }

    /// Whether it has this event and does not tell whether that may be shown.
    pub(super) fn is_unclear(&self, event: &Event) -> bool {
        self.unclear.contains(&event.uid)
    }

    /// The published events that are there and cannot be understood.
    pub(super) fn unreadable(&self) -> BTreeSet<EventUid> {
        let unreadable = self.batch.unreadable.keys().copied();
        unreadable.filter(|uid| self.previous.holds(*uid)).collect()
    }

    /// Its groups also name those of `event`, as far as they are known.
    pub(super) fn name_groups_of(&mut self, event: &Event) {
        name(
            &mut self.batch.groups,
            &self.previous.groups,
            event.groups.iter(),
        );
    }

    fn is_blind_somewhere(&self) -> bool {
        let Batch {
            doubted,
            unreadable,
            ..
        } = &self.batch;
        !(self.missed.is_empty() && doubted.is_empty() && unreadable.is_empty())
    }

    fn place_of(&self, uid: EventUid) -> Option<usize> {
        let events = &self.batch.events;
        events.binary_search_by_key(&uid, |event| event.uid).ok()
    }

    /// An event that did come is taken as it came, but stays in the groups nobody could read: whether it left them is not
    /// known. One that was absent before is not taken for listed now.
    fn bring_in_what_was_not_read(&mut self) {
        let previous = self.previous;
        name(&mut self.batch.groups, &previous.groups, self.missed.iter());
        let mut unseen = Vec::new();
        for old in previous.entries.iter().map(|entry| &entry.event) {
            if !self.is_blind_to(old) {
                continue;
            }
            self.name_groups_of(old);
            match self.place_of(old.uid) {
                Some(at) => {
                    let event = &mut self.batch.events[at];
                    let unread = old.groups.iter().filter(|id| self.missed.contains(id));
                    event.groups.extend(unread.cloned());
                    event.groups.sort();
                    event.groups.dedup();
                }
                None if previous.absent_since(old.uid).is_some() => {}
                None => unseen.push(old.clone()),
            }
        }
        self.batch.events.extend(unseen);
        self.batch.events.sort_by_key(|event| event.uid);
    }
}

/// Adds the groups `ids` to `groups` as `known` has them.
fn name<'g>(groups: &mut Groups, known: &Groups, ids: impl Iterator<Item = &'g GroupId>) {
    for id in ids {
        if let (Some(group), false) = (known.get(id), groups.contains_key(id)) {
            groups.insert(id.clone(), group.clone());
        }
    }
}

/// Sorted by UID, each UID once.
pub(super) fn unique(mut batch: Batch) -> Batch {
    // Each event is moved once: there may be a hundred thousand, and they are large.
    batch.events.sort_by_cached_key(|event| event.uid);
    batch.events.dedup_by_key(|event| event.uid);
    batch
}

/// The groups that could not be read.
pub(super) fn missed(batch: &Batch) -> BTreeSet<GroupId> {
    batch.missed.keys().cloned().collect()
}
