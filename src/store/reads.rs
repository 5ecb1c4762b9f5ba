//! How often feeds were read: no address and no agent, only families of clients, by the day.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{family::Family, text::Line};

/// Which reads are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadKey {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// The feed, as [`DocumentKey`](super::DocumentKey) names it.
    pub feed: String,
    /// The label of the secret link that was used; `None` for what needs none.
    pub link: Option<Line>,
    /// Who read.
    pub family: Family,
}

/// Reads that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many there were.
    pub count: u64,
    /// When the last one was.
    pub last: DateTime<Utc>,
}

/// How often feeds were read.
pub type Reads = BTreeMap<ReadKey, Tally>;

impl Tally {
    /// These reads and those.
    pub fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.last = self.last.max(other.last);
    }
}

/// Adds `more` to `reads`.
pub fn add_all(reads: &mut Reads, more: Reads) {
    for (key, tally) in more {
        reads
            .entry(key)
            .and_modify(|before| before.add(tally))
            .or_insert(tally);
    }
}
