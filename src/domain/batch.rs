//! What one fetch brings, before it is trusted.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    sync::Arc,
    time::Duration,
};

use super::{
    event::{Event, Groups},
    id::{EventUid, GroupId},
};

/// A fetched unit before it is trusted.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Every event of the unit, in any order; of two with the same UID the first counts.
    pub events: Vec<Event>,
    /// The groups seen.
    pub groups: Groups,
    /// The groups that could not be read this time, and why: what was known of their events is kept.
    pub missed: BTreeMap<GroupId, Arc<dyn Error + Send + Sync>>,
    /// Events that a list without a firm order may have skipped: what was known of them is kept this once.
    pub doubted: BTreeSet<EventUid>,
    /// Events that are there and cannot be understood, and why: what was known of them is kept for as long as that is so.
    pub unreadable: BTreeMap<EventUid, &'static str>,
    /// What is there and not for everybody: it goes at once, whatever was known of it.
    pub withheld: Withheld,
    /// What is there and of which it cannot be read whether it is for everybody: never shown for the first time, and a loss
    /// like what is missing, since all marks that change their form at once are more likely a change upstream.
    pub unclear: Withheld,
    /// Whether wall times in it were resolved with zone data, so that it has to be fetched again when rules change.
    pub from_wall_times: bool,
    /// How long the upstream wants to be left alone now that it has answered; a poll waits no less.
    pub poll_after: Option<Duration>,
    /// What an operator should know about the data; logged once each.
    pub remarks: BTreeSet<Remark>,
}

/// What an upstream has and marks: what is private, a draft or not published by its own word (design §2, promise 6), or may be.
///
/// It has not vanished, so nobody is told that it was cancelled; and it counts even for events of the same batch. By which
/// mark something is hidden is for the operator alone, and never quotes what it says.
#[derive(Debug, Clone, Default)]
pub struct Withheld {
    /// The events that are marked, and how.
    pub events: BTreeMap<EventUid, &'static str>,
    /// The groups that are; with them goes what was known of their events, unless they are still listed.
    pub groups: BTreeMap<GroupId, &'static str>,
}

impl Withheld {
    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.groups.is_empty()
    }

    /// Adds what `more` names.
    pub fn extend(&mut self, more: &Self) {
        self.events.extend(&more.events);
        self.groups.extend(more.groups.clone());
    }
}

/// Something odd in what an upstream sent. Holds ids and codes, never texts of events.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Remark {
    /// One record could not be understood.
    #[error("event `{id}` was left out: {why}")]
    LeftOut {
        /// Its upstream id, or where it stood.
        id: String,
        /// What was wrong with it.
        why: &'static str,
    },
    /// A status number without a meaning.
    #[error("status `{0}` has no meaning; add it to `status` of the source")]
    UnknownStatus(String),
    /// A zone name that no tz database has.
    #[error("zone `{0}` is not known; the zone book decides instead")]
    UnknownZone(String),
    /// A time with an offset although the upstream promises UTC.
    #[error("times carry offsets other than UTC; they were converted")]
    OddOffset,
    /// Lines of a file that mean nothing.
    #[error("`{0}` lines cannot be read; they were passed over")]
    BadLines(usize),
    /// A time of day beside a date is written in no known way.
    #[error("the time of day of some records cannot be read; they stand on their whole day")]
    NoTimeOfDay,
    /// A list that comes in pages refuses to be ordered.
    #[error(
        "the list of {0} cannot be ordered; while it changes, its pages may skip records for one poll"
    )]
    Unordered(&'static str),
    /// An answer looks as if it had more pages.
    #[error(
        "the answer has the key `{0}`, as if there were more pages, which are not known of this upstream"
    )]
    LooksPaged(String),
    /// A word of a fixed set that is not one of those known.
    #[error("`{field}` has the value `{word}`, which is not known; it counts as absent")]
    UnknownWord {
        /// The upstream's name for what it says.
        field: &'static str,
        /// What it says, cut if it is long.
        word: String,
    },
    /// Something that was understood, but not as it stood there.
    #[error("`{id}` is odd: {why}")]
    Odd {
        /// The upstream id of what it is about, or where that stood.
        id: String,
        /// What is odd, and what was made of it.
        why: &'static str,
    },
}
