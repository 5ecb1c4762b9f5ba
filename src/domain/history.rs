//! From what an upstream says now and what was published before to what is published next.
//!
//! Pure: no clock, no I/O. Stamps move only with content (interop E3 to E6), a list that suddenly shrinks is held back
//! (interop W7, design §10), and an event that vanishes is told as cancelled before it goes, unless it is hidden (ADR 11).

mod change;
mod guard;
mod kept;
mod reading;
mod stamps;
mod vanished;
mod withheld;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    batch::Batch,
    event::{Event, Groups, Status},
    id::{EventUid, GroupId},
    shared::share,
    when::whole_second,
};

use guard::shrunk;
use reading::{Reading, missed, unique};
use vanished::{Absent, Kept};

pub use change::{Change, ChangeKind, Difference, Field, changes, differences};
pub use guard::{Acceptance, Held, Policy, Vanished};
pub use kept::Bearings;
pub use stamps::Stamps;
pub use withheld::{hidden, without};

/// The published state of a unit.
#[derive(Debug, Clone)]
pub struct Snapshot {
    entries: Vec<Entry>,
    groups: Groups,
    revision: u64,
    changed: DateTime<Utc>,
    held: Option<Held>,
    missed: BTreeSet<GroupId>,
    unreadable: BTreeSet<EventUid>,
    absent: Absent,
}

/// An event with the facts about its publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// When and how often what is published of it changed.
    pub stamps: Stamps,
}

impl Snapshot {
    /// The published events, sorted by UID, each UID once.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether an event is published.
    #[must_use]
    pub fn holds(&self, uid: EventUid) -> bool {
        self.entries
            .binary_search_by_key(&uid, |entry| entry.event.uid)
            .is_ok()
    }

    /// The event with this UID.
    #[must_use]
    pub fn entry(&self, uid: EventUid) -> Option<&Entry> {
        let index = self
            .entries
            .binary_search_by_key(&uid, |entry| entry.event.uid)
            .ok()?;
        self.entries.get(index)
    }

    /// The groups seen with them.
    #[must_use]
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Grows with every change of what is published; equal revisions of one unit hold equal content.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When what is published last changed.
    #[must_use]
    pub fn changed(&self) -> DateTime<Utc> {
        self.changed
    }

    /// Why the newest batch was not believed, if it was not.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        self.held
    }

    /// The groups that could not be read last time; their events are those of an earlier batch.
    #[must_use]
    pub fn missed(&self) -> &BTreeSet<GroupId> {
        &self.missed
    }

    /// The published events that the upstream has and that could not be understood last time; they are of an earlier batch.
    /// Not kept in a store: the next batch tells them anew.
    #[must_use]
    pub fn unreadable(&self) -> &BTreeSet<EventUid> {
        &self.unreadable
    }

    /// Since when the upstream has not listed this event, although it is published.
    #[must_use]
    pub fn absent_since(&self, uid: EventUid) -> Option<DateTime<Utc>> {
        self.absent.get(&uid).copied()
    }

    /// Whether an event is published because the upstream lists it, and not because it once did.
    #[must_use]
    pub fn lists(&self, uid: EventUid) -> bool {
        self.holds(uid) && !self.absent.contains_key(&uid)
    }

    /// Whether nothing is published but what the upstream no longer lists.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.len() == self.absent.len()
    }

    /// Whether `newer`, which followed it, is the same in everything that is published or kept.
    #[must_use]
    pub fn is_still(&self, newer: &Self) -> bool {
        self.revision == newer.revision
            && self.held == newer.held
            && self.missed == newer.missed
            && self.unreadable == newer.unreadable
            && self.absent == newer.absent
    }

    /// With the number and the time that it has as what follows `before`: they move if what is published does.
    fn counted_after(self, before: &Self, now: DateTime<Utc>) -> Self {
        if self.entries == before.entries && self.groups == before.groups {
            return self;
        }
        Self {
            revision: before.revision + 1,
            changed: whole_second(now).max(before.changed + TimeDelta::seconds(1)),
            ..self
        }
    }

    /// Whether an entry of it says that an event is cancelled which the upstream does not list.
    fn is_buried(&self, entry: &Entry) -> bool {
        entry.event.status == Some(Status::Cancelled) && self.absent.contains_key(&entry.event.uid)
    }
}

/// What to publish after `batch`, given what was published before.
#[must_use]
pub fn advance(
    previous: Option<&Snapshot>,
    mut batch: Batch,
    now: DateTime<Utc>,
    policy: Policy,
) -> Snapshot {
    withheld::hide(&mut batch);
    share(batch.events.iter_mut(), &batch.groups);
    let Some(published) = previous else {
        return first(unique(batch), now);
    };
    let previous = withheld::spared(published, &batch);
    let reading = Reading::new(&previous, batch);
    let next = match shrunk(&reading, now) {
        Some(held) if !policy.lets_through(held, now) => Snapshot {
            held: Some(held),
            absent: vanished::absences(&reading, now, policy),
            unreadable: reading.unreadable(),
            missed: reading.missed,
            ..Snapshot::clone(&previous)
        },
        held => next(reading, now, policy.after(held)),
    };
    next.counted_after(published, now)
}

fn first(batch: Batch, now: DateTime<Utc>) -> Snapshot {
    let missed = missed(&batch);
    let entries: Vec<Entry> = batch
        .events
        .into_iter()
        .map(|event| Entry {
            stamps: Stamps::first(&event, now),
            event,
        })
        .collect();
    Snapshot {
        // What was published before this process began is not known, so it counts as changed (interop H8).
        changed: whole_second(now),
        entries,
        groups: batch.groups,
        revision: 0,
        held: None,
        missed,
        unreadable: BTreeSet::new(),
        absent: Absent::new(),
    }
}

fn next(mut reading: Reading<'_>, now: DateTime<Utc>, policy: Policy) -> Snapshot {
    let kept = vanished::kept(&reading, now, policy);
    for Kept { entry, .. } in &kept {
        reading.name_groups_of(&entry.event);
    }
    let unreadable = reading.unreadable();
    let Reading {
        previous,
        batch,
        missed,
        ..
    } = reading;
    let known: HashMap<EventUid, &Entry> = by_uid(previous);
    let mut entries: Vec<Entry> = batch
        .events
        .into_iter()
        .map(|event| match known.get(&event.uid) {
            None => Entry {
                stamps: Stamps::first(&event, now),
                event,
            },
            Some(old) if same_content(&old.event, &event) => (*old).clone(),
            Some(old) => Entry {
                stamps: old.stamps.after_change(told(&event, old.stamps, now)),
                event,
            },
        })
        .collect();
    let mut absent = Absent::new();
    for Kept {
        entry,
        absent_since,
    } in kept
    {
        absent.insert(entry.event.uid, absent_since);
        entries.push(entry);
    }
    entries.sort_by_key(|entry| entry.event.uid);
    Snapshot {
        entries,
        groups: batch.groups,
        revision: previous.revision,
        changed: previous.changed,
        held: None,
        missed,
        unreadable,
        absent,
    }
}

fn by_uid(snapshot: &Snapshot) -> HashMap<EventUid, &Entry> {
    let entries = snapshot.entries.iter();
    entries.map(|entry| (entry.event.uid, entry)).collect()
}

/// The upstream's word on when the event changed, if it can be true.
fn told(event: &Event, old: Stamps, now: DateTime<Utc>) -> DateTime<Utc> {
    let possible = |told: &DateTime<Utc>| *told > old.modified && *told <= now;
    event.updated.filter(possible).unwrap_or(now)
}

/// Whether two versions of an event look the same to a reader: all but the upstream's own stamps.
fn same_content(a: &Event, b: &Event) -> bool {
    let stampless = |event: &Event| Event {
        created: None,
        updated: None,
        ..event.clone()
    };
    a == b || stampless(a) == stampless(b)
}

#[cfg(test)]
mod tests;
