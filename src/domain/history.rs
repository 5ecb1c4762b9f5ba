//! From what an upstream says now and what was published before to what is published next.
//!
//! Pure: no clock, no I/O. Stamps move only with content (interop E3 to E6), a list that suddenly shrinks is held back
//! (interop W7, design §10), and an event that vanishes is told as cancelled before it goes (ADR 11).

mod change;
mod guard;
mod kept;
mod reading;
mod vanished;

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

/// The published state of a unit.
#[derive(Debug, Clone)]
pub struct Snapshot {
    entries: Vec<Entry>,
    groups: Groups,
    revision: u64,
    changed: DateTime<Utc>,
    held: Option<Held>,
    missed: BTreeSet<GroupId>,
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

/// Stored facts about an event's published content, in whole seconds; never "now" (interop E3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamps {
    /// `CREATED`: constant, never after `modified` (interop E5).
    pub created: DateTime<Utc>,
    /// `LAST-MODIFIED` and `DTSTAMP`: grows by a second or more with every change (interop E4).
    pub modified: DateTime<Utc>,
    /// `SEQUENCE`: 0 at first, one more with every change (interop E6).
    pub sequence: u32,
}

impl Stamps {
    /// The stamps after a change that happened at `at`.
    #[must_use]
    pub fn after_change(self, at: DateTime<Utc>) -> Self {
        Self {
            created: self.created,
            modified: whole_second(at).max(self.modified + TimeDelta::seconds(1)),
            sequence: self
                .sequence
                .saturating_add(1)
                .min(i32::MAX.cast_unsigned()),
        }
    }

    fn first(event: &Event, now: DateTime<Utc>) -> Self {
        let modified = whole_second(event.updated.unwrap_or(now).min(now));
        let created = event.created.unwrap_or(modified).min(modified);
        Self {
            created: whole_second(created),
            modified,
            sequence: 0,
        }
    }
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
            && self.absent == newer.absent
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
    share(batch.events.iter_mut(), &batch.groups);
    let Some(previous) = previous else {
        return first(unique(batch), now);
    };
    let reading = Reading::new(previous, batch);
    match shrunk(&reading, now) {
        Some(held) if !policy.lets_through(held, now) => Snapshot {
            held: Some(held),
            absent: vanished::absences(&reading, now, policy),
            missed: reading.missed,
            ..previous.clone()
        },
        held => next(reading, now, policy.after(held)),
    }
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
        absent: Absent::new(),
    }
}

fn next(mut reading: Reading<'_>, now: DateTime<Utc>, policy: Policy) -> Snapshot {
    let kept = vanished::kept(&reading, now, policy);
    for Kept { entry, .. } in &kept {
        reading.name_groups_of(&entry.event);
    }
    let Reading {
        previous,
        batch,
        missed,
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
    let changed = entries != previous.entries || batch.groups != previous.groups;
    Snapshot {
        entries,
        groups: batch.groups,
        revision: previous.revision + u64::from(changed),
        changed: if changed {
            whole_second(now).max(previous.changed + TimeDelta::seconds(1))
        } else {
            previous.changed
        },
        held: None,
        missed,
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
