//! From what an upstream says now and what was published before to what is published next.
//!
//! Pure: no clock, no I/O. Stamps move only with content (interop E3 to E6), and a list that suddenly shrinks is
//! held back (interop W7, design §10).

mod change;
mod kept;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    batch::Batch,
    event::{Event, Groups},
    id::{EventUid, GroupId},
    shared::share,
    when::{When, whole_second},
};

pub use change::{Change, changes};
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

/// A batch was held back because it lost too much at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// When the first of the batches in a row came that say so.
    pub since: DateTime<Utc>,
    /// How many of the watched events are missing.
    pub missing: usize,
    /// How many there were.
    pub of: usize,
}

/// How long a shrunken batch must repeat itself before it is believed.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// For a batch that lost more than half: one poll interval.
    pub confirm_after: Duration,
    /// For a batch that lost everything (design §10: 24 hours).
    pub empty_after: Duration,
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
}

/// What to publish after `batch`, given what was published before.
#[must_use]
pub fn advance(
    previous: Option<&Snapshot>,
    batch: Batch,
    now: DateTime<Utc>,
    policy: Policy,
) -> Snapshot {
    let mut batch = unique(batch);
    share(batch.events.iter_mut(), &batch.groups);
    let Some(previous) = previous else {
        return first(batch, now);
    };
    let batch = with_missed(previous, batch);
    match shrunk(previous, &batch, now) {
        Some(held) if !believed(held, now, policy) => Snapshot {
            held: Some(held),
            missed: missed(&batch),
            ..previous.clone()
        },
        _ => next(previous, batch, now),
    }
}

/// Sorted by UID, each UID once.
fn unique(mut batch: Batch) -> Batch {
    batch.events.sort_by_key(|event| event.uid);
    batch.events.dedup_by_key(|event| event.uid);
    batch
}

/// The batch with what was published of the groups it could not read, and of the events it doubts are gone.
///
/// An event that it did bring is taken as it came, but stays in the groups nobody could read: whether it left them is not
/// known.
fn with_missed(previous: &Snapshot, mut batch: Batch) -> Batch {
    if batch.missed.is_empty() && batch.doubted.is_empty() {
        return batch;
    }
    let unread = missed(&batch);
    let is_unread = |id: &GroupId| unread.contains(id);
    let mut absent = Vec::new();
    let kept: Vec<Event> = previous
        .entries
        .iter()
        .map(|entry| &entry.event)
        .filter(|event| batch.doubted.contains(&event.uid) || event.groups.iter().any(is_unread))
        .cloned()
        .collect();
    let known = batch
        .missed
        .keys()
        .chain(kept.iter().flat_map(|event| &event.groups));
    for id in known {
        if let (Some(group), false) = (previous.groups.get(id), batch.groups.contains_key(id)) {
            batch.groups.insert(id.clone(), group.clone());
        }
    }
    for old in kept {
        let came = batch
            .events
            .binary_search_by_key(&old.uid, |event| event.uid);
        match came.ok().and_then(|at| batch.events.get_mut(at)) {
            Some(event) => {
                event
                    .groups
                    .extend(old.groups.into_iter().filter(is_unread));
                event.groups.sort();
                event.groups.dedup();
            }
            None => absent.push(old),
        }
    }
    batch.events.extend(absent);
    unique(batch)
}

fn missed(batch: &Batch) -> BTreeSet<GroupId> {
    batch.missed.keys().cloned().collect()
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
    }
}

fn next(previous: &Snapshot, batch: Batch, now: DateTime<Utc>) -> Snapshot {
    let missed = missed(&batch);
    let known: HashMap<EventUid, &Entry> = by_uid(previous);
    let entries: Vec<Entry> = batch
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

/// Whether `batch` lost more than half of the events that matter, and since when that has been so.
fn shrunk(previous: &Snapshot, batch: &Batch, now: DateTime<Utc>) -> Option<Held> {
    let (of, missing) = losses(previous, batch, |event| ends_after(event, now));
    // A unit that is all in the past has no coming events; there, all of them are watched.
    let (of, missing) = match of {
        0 => losses(previous, batch, |_| true),
        _ => (of, missing),
    };
    // Time in which most were gone says nothing about all of them, and a clock may have been set back.
    let agrees = |held: &Held| (held.missing == held.of) == (missing == of);
    let since = previous.held.filter(agrees).map_or(now, |held| held.since);
    (missing * 2 > of).then(|| Held {
        since: since.min(now),
        missing,
        of,
    })
}

fn losses(previous: &Snapshot, batch: &Batch, watched: impl Fn(&Event) -> bool) -> (usize, usize) {
    let watched = previous
        .entries
        .iter()
        .filter(|entry| watched(&entry.event));
    let still = |uid| {
        batch
            .events
            .binary_search_by_key(&uid, |event| event.uid)
            .is_ok()
    };
    watched.fold((0, 0), |(of, missing), entry| {
        (of + 1, missing + usize::from(!still(entry.event.uid)))
    })
}

/// Whether an event, or the last instance of a series, is still to come or not over yet.
fn ends_after(event: &Event, now: DateTime<Utc>) -> bool {
    match (&event.series, event.when) {
        (Some(series), _) => series.last_day().is_none_or(|day| day >= now.date_naive()),
        (None, When::Days(days)) => days.end() > now.date_naive(),
        (None, When::Timed(span)) => span.end() > now,
    }
}

fn believed(held: Held, now: DateTime<Utc>, policy: Policy) -> bool {
    let wait = if held.missing == held.of {
        policy.empty_after
    } else {
        policy.confirm_after
    };
    (now - held.since)
        .to_std()
        .is_ok_and(|waited| waited >= wait)
}

#[cfg(test)]
mod tests;
