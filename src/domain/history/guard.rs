//! The shrink guard: a list that loses much at once is not believed at once (interop W7, design §10).

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Snapshot, reading::Reading};
use crate::domain::{
    event::Event,
    when::{DateSpan, When, whole_second},
};

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

/// An operator's word that what a hold keeps back is true. It counts for that hold alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance(DateTime<Utc>);

impl Acceptance {
    /// For the hold that began at this instant, to the second.
    #[must_use]
    pub fn of_hold_since(since: DateTime<Utc>) -> Self {
        Self(whole_second(since))
    }

    /// When the hold it is for began.
    #[must_use]
    pub fn hold_since(self) -> DateTime<Utc> {
        self.0
    }

    /// Whether it is for this hold.
    #[must_use]
    pub fn is_for(self, held: Held) -> bool {
        self.0 == whole_second(held.since)
    }
}

/// How far an upstream is believed that no longer lists what it did.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// How long a batch that lost more than half must repeat itself, and each absence of an event: one poll interval.
    pub confirm_after: Duration,
    /// How long a batch that lost everything must (design §10: 24 hours).
    pub empty_after: Duration,
    /// What becomes of an event that is surely not listed any more.
    pub vanished: Vanished,
    /// The hold that the operator lets through.
    pub accepted: Option<Acceptance>,
}

/// What becomes of events that an upstream no longer lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vanished {
    /// They go at once: what is read only now and then cannot be asked for a second word.
    Go,
    /// Those that belong in these days, the fetched ones, are published as cancelled once it is sure; all others go.
    Buried(DateSpan),
}

impl Policy {
    /// Whether a batch may be published although it lost so much.
    pub(super) fn lets_through(&self, held: Held, now: DateTime<Utc>) -> bool {
        let wait = if held.missing == held.of {
            self.empty_after
        } else {
            self.confirm_after
        };
        self.accepts(held) || has_passed(wait, held.since, now)
    }

    /// The same policy for what a hold has kept back that is let through: what the operator accepts needs no second word.
    pub(super) fn after(self, held: Option<Held>) -> Self {
        if held.is_some_and(|held| self.accepts(held)) {
            Self {
                confirm_after: Duration::ZERO,
                ..self
            }
        } else {
            self
        }
    }

    fn accepts(&self, held: Held) -> bool {
        self.accepted.is_some_and(|accepted| accepted.is_for(held))
    }
}

/// Whether so much time has passed since then; not if the clock was set back.
pub(super) fn has_passed(wait: Duration, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - since).to_std().is_ok_and(|passed| passed >= wait)
}

/// Whether a batch lost more than half of the events that matter, and since when that has been so.
pub(super) fn shrunk(reading: &Reading<'_>, now: DateTime<Utc>) -> Option<Held> {
    let (of, missing) = losses(reading, |event| ends_after(event, now));
    // A unit that is all in the past has no coming events; there, all of them are watched.
    let (of, missing) = match of {
        0 => losses(reading, |_| true),
        _ => (of, missing),
    };
    // Time in which most were gone says nothing about all of them, and a clock may have been set back.
    let agrees = |held: &Held| (held.missing == held.of) == (missing == of);
    let before = reading.previous.held.filter(agrees);
    (missing * 2 > of).then(|| Held {
        since: before.map_or(now, |held| held.since).min(now),
        missing,
        of,
    })
}

/// How many of the watched events there were, not counting those long known to be gone, and how many are missing.
fn losses(reading: &Reading<'_>, watched: impl Fn(&Event) -> bool) -> (usize, usize) {
    let previous: &Snapshot = reading.previous;
    let entries = previous.entries.iter();
    let watched = entries.filter(|entry| watched(&entry.event) && !previous.is_buried(entry));
    watched.fold((0, 0), |(of, missing), entry| {
        (of + 1, missing + usize::from(!reading.has(&entry.event)))
    })
}

/// Whether an event, or the last instance of a series, is still to come or not over yet.
pub(super) fn ends_after(event: &Event, now: DateTime<Utc>) -> bool {
    match (&event.series, event.when) {
        (Some(series), _) => series.last_day().is_none_or(|day| day >= now.date_naive()),
        (None, When::Days(days)) => days.end() > now.date_naive(),
        (None, When::Timed(span)) => span.end() > now,
    }
}
