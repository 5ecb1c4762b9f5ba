//! Where what is published outlives the process.
//!
//! A store holds copies: of every unit with the stamps its events went out with, and of what each document last said of
//! its events (interop E4, E7). The server answers from memory; the store is read when it starts and when a document is
//! made for the first time. Nothing here knows which database it is.

mod error;
mod form;
mod reads;
pub mod sqlite;

use std::{collections::BTreeMap, fmt::Debug, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{
    event::Groups,
    history::{Acceptance, Change, Snapshot},
    id::SourceId,
    when::DateSpan,
};

pub use error::{StoreError, Why};
pub use reads::{ReadKey, Reads, Tally, add_all};

/// The name of the unit that is kept warm. It is never forgotten; other units are while there is no room.
pub const HORIZON: &str = "horizon";

/// What a store must be able to do. Every call stands alone, and may be made again after it has failed.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Everything that is kept, except documents.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    async fn load(&self) -> Result<Loaded, StoreError>;

    /// Does all of `work`, or nothing of it.
    ///
    /// # Errors
    /// [`StoreError`], after which the store is as it was before.
    async fn write(&self, work: Arc<Work>) -> Result<(), StoreError>;

    /// What was kept of a document.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    async fn document(&self, key: &DocumentKey) -> Result<Option<KeptDocument>, StoreError>;

    /// The holds that an operator lets through and that are not over, by unit.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    async fn accepted(&self) -> Result<Vec<(UnitKey, Acceptance)>, StoreError>;

    /// How often feeds were read since the day `first`, and by secret links as long as that is kept: what is before `first` stands
    /// together on one day.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    async fn reads(&self, first: NaiveDate) -> Result<Reads, StoreError>;

    /// Leaves everything in order for whoever reads the store next.
    async fn close(&self);
}

/// Which unit of which source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitKey {
    /// The source.
    pub source: SourceId,
    /// [`HORIZON`], or a month such as `2026-11`.
    pub unit: String,
}

/// A unit as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Which one it is.
    pub key: UnitKey,
    /// The days it was fetched for.
    pub days: DateSpan,
    /// When it was last fetched, whether or not it changed then.
    pub fetched: DateTime<Utc>,
    /// Whether wall times in it were resolved with zone data.
    pub from_wall_times: bool,
    /// What is published of it.
    pub snapshot: Arc<Snapshot>,
}

/// Everything that was kept.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The units.
    pub units: Vec<LoadedUnit>,
    /// Every group ever seen, by source.
    pub known: BTreeMap<SourceId, Groups>,
    /// How many units were not understood: they count as never seen.
    pub lost: usize,
}

/// A unit that was kept, as far as it can be understood.
#[derive(Debug)]
pub struct LoadedUnit {
    /// What was understood.
    pub kept: Kept,
    /// How many of its events were not: they count as never seen.
    pub lost: usize,
}

/// What is written at once.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Units as they are now.
    pub advances: Vec<Advance>,
    /// Every group ever seen, of sources where one was added.
    pub known: Vec<Known>,
    /// What was fetched.
    pub fetches: Vec<Fetch>,
    /// What became of events.
    pub changes: Vec<Seen>,
    /// What documents say.
    pub documents: Vec<(DocumentKey, KeptDocument)>,
    /// How often feeds were read, to be added to what is there.
    pub reads: Reads,
    /// The time by which old lines of the logs are judged.
    pub now: DateTime<Utc>,
}

/// A unit to be written, as far as it differs.
#[derive(Debug, Clone)]
pub struct Advance {
    /// How it is now.
    pub kept: Kept,
    /// What the store has of it; `None` if that is nothing or cannot be relied on, so that all is written.
    pub before: Option<Arc<Snapshot>>,
}

/// The groups ever seen of a source.
#[derive(Debug, Clone)]
pub struct Known {
    /// The source.
    pub source: SourceId,
    /// All of them.
    pub groups: Arc<Groups>,
    /// What the store has of them, as in [`Advance::before`].
    pub before: Option<Arc<Groups>>,
}

/// A line of the fetch log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// What was fetched.
    pub key: UnitKey,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// How it ended.
    pub outcome: Outcome,
    /// How many events are published after it.
    pub events: usize,
}

/// A change, when it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// In which unit.
    pub key: UnitKey,
    /// When.
    pub at: DateTime<Utc>,
    /// What it was.
    pub change: Change,
}

/// How a fetch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// What is published changed.
    Changed,
    /// Nothing changed.
    Same,
    /// It lost too much to be believed at once.
    Held,
    /// There is no answer; why, as the log says it.
    Failed(String),
}

/// Which document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentKey {
    /// The feed.
    pub feed: String,
    /// The part of it; empty for its default window.
    pub part: String,
}

/// What the next version of a document has to know of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDocument {
    /// The entity tag of its identity form.
    pub tag: String,
    /// Its `Last-Modified`.
    pub last_modified: DateTime<Utc>,
    /// What it said of each event; the format knows how to read it.
    pub ledger: Vec<u8>,
}
