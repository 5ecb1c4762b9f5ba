//! What becomes of a published event that an upstream no longer lists (ADR 11).

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::{
    Entry, Policy, Vanished,
    guard::{ends_after, has_passed},
    reading::Reading,
};
use crate::domain::{
    event::{Event, Place, Status},
    id::EventUid,
    text::{Line, Text},
    when::{DateSpan, When},
};

/// How long after its last day an event is kept that vanished.
const KEPT_AFTER_END: TimeDelta = TimeDelta::days(30);
/// Absent events kept of a unit that lists fewer than so many: as many as a calendar can hold (interop W1).
const ABSENT_MAX: usize = 1_000;
/// A whole day begins so much earlier than in UTC where it begins first.
const EARLIEST_ZONE: TimeDelta = TimeDelta::hours(14);

/// Since when which published event has not been listed.
pub(super) type Absent = BTreeMap<EventUid, DateTime<Utc>>;

/// An event that is not listed and is published all the same.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) entry: Entry,
    pub(super) absent_since: DateTime<Utc>,
}

/// What an event is to those who look at a calendar: two with the same face are one under two ids.
type Face<'e> = (When, &'e Line, &'e [Place]);

fn face(event: &Event) -> Face<'_> {
    (event.when, &event.title, &event.places)
}

/// Since when the events have been absent that `reading` does not list, while all of them stay as they are.
pub(super) fn absences(reading: &Reading<'_>, now: DateTime<Utc>, policy: Policy) -> Absent {
    if policy.vanished == Vanished::Go {
        return Absent::new();
    }
    let entries = reading.previous.entries.iter();
    let absent = entries
        .filter(|entry| !reading.lists(entry.event.uid) || reading.previous.is_buried(entry));
    absent
        .map(|entry| (entry.event.uid, since(reading, entry, now)))
        .collect()
}

/// What stays published of the events that `reading` does not list.
pub(super) fn kept(reading: &Reading<'_>, now: DateTime<Utc>, policy: Policy) -> Vec<Kept> {
    let entries = reading.previous.entries.iter();
    let absent: Vec<&Entry> = entries
        .filter(|entry| !reading.lists(entry.event.uid))
        .collect();
    if absent.is_empty() {
        return Vec::new();
    }
    let listed: HashSet<Face<'_>> = reading.batch.events.iter().map(face).collect();
    let mut kept: Vec<Kept> = absent
        .into_iter()
        .filter_map(|entry| {
            let absent_since = since(reading, entry, now);
            let entry = match fate(reading, entry, absent_since, &listed, now, policy) {
                Fate::Stays => entry.clone(),
                Fate::IsBuried => buried(entry, now),
                Fate::Goes => return None,
            };
            Some(Kept {
                entry,
                absent_since,
            })
        })
        .collect();
    // An upstream that has new ids for everything at each poll must not fill memory and calendars with old ones.
    let most = ABSENT_MAX.max(reading.batch.events.len());
    if kept.len() > most {
        kept.sort_by_key(|kept| (Reverse(kept.absent_since), kept.entry.event.uid));
        kept.truncate(most);
    }
    kept
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    /// As it is: it is not sure yet, nobody could look, or it is buried already.
    Stays,
    /// It is published as cancelled from now on.
    IsBuried,
    /// It is not published any more.
    Goes,
}

fn fate(
    reading: &Reading<'_>,
    entry: &Entry,
    absent_since: DateTime<Utc>,
    listed: &HashSet<Face<'_>>,
    now: DateTime<Utc>,
    policy: Policy,
) -> Fate {
    let event = &entry.event;
    let Vanished::Buried(days) = policy.vanished else {
        return Fate::Goes;
    };
    if !ends_after(event, now - KEPT_AFTER_END) || !touches(event, days) {
        return Fate::Goes;
    }
    // The guard has believed that the marks mean something: what may be private is not told as cancelled.
    if reading.is_unclear(event) {
        return Fate::Goes;
    }
    if reading.is_blind_to(event) {
        return Fate::Stays;
    }
    if listed.contains(&face(event)) {
        return Fate::Goes;
    }
    let is_sure = has_passed(policy.confirm_after, absent_since, now);
    if event.status == Some(Status::Cancelled) || !is_sure {
        return Fate::Stays;
    }
    // Many upstreams list only what is to come: what had begun when it was first missed took place.
    if had_begun(event, absent_since) {
        Fate::Goes
    } else {
        Fate::IsBuried
    }
}

fn since(reading: &Reading<'_>, entry: &Entry, now: DateTime<Utc>) -> DateTime<Utc> {
    let known = reading.previous.absent_since(entry.event.uid);
    known.map_or(now, |since| since.min(now))
}

/// The event as it is told once it is gone: what it was and when, without its text. Whoever took it out of the upstream may have
/// wanted that unsaid.
fn buried(entry: &Entry, now: DateTime<Utc>) -> Entry {
    Entry {
        event: Event {
            status: Some(Status::Cancelled),
            details: Text::default(),
            ..entry.event.clone()
        },
        stamps: entry.stamps.after_change(now),
    }
}

/// Whether an event has a part in `days` in every zone that counts: a fetch of these days must have brought it.
fn touches(event: &Event, days: DateSpan) -> bool {
    let (first, last) = match event.when {
        When::Days(own) => (own.first(), own.end() - Days::new(1)),
        When::Timed(span) => (span.start().date_naive(), span.end().date_naive()),
    };
    let last = match &event.series {
        None => Some(last),
        Some(series) => series.last_day(),
    };
    first < days.end() && last.is_none_or(|last| last >= days.first())
}

fn had_begun(event: &Event, at: DateTime<Utc>) -> bool {
    match event.when {
        When::Days(days) => days.first() <= (at + EARLIEST_ZONE).date_naive(),
        When::Timed(span) => span.start() <= at,
    }
}
