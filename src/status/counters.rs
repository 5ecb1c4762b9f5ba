//! What is counted while the server runs. Every label is a name from the configuration or a word of a fixed set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything that is counted, since the start or since a source or feed was configured as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counters {
    /// What was asked of each source, by name.
    pub sources: BTreeMap<String, Asked>,
    /// The documents in memory.
    pub documents: Documents,
    /// Reads of calendars.
    pub reads: Vec<Read>,
    /// Whoever came to the listener of readers.
    pub traffic: Traffic,
}

/// What was asked of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// Requests by how they ended.
    pub requests: BTreeMap<String, u64>,
    /// How long refreshes took that ended.
    pub refreshes: Durations,
}

/// How long something took, in steps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Durations {
    /// How many ended within each step, the shortest first.
    pub steps: Vec<Step>,
    /// How many ended.
    pub count: u64,
    /// How long all of them took together, in milliseconds.
    pub sum_ms: u64,
}

/// All that ended within some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The time, in milliseconds.
    pub bound_ms: u64,
    /// How many.
    pub count: u64,
}

/// The cache of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Documents {
    /// Asks that found a document that was right.
    pub found: u64,
    /// Documents that were written.
    pub made: u64,
    /// Documents in memory, roughly.
    pub held: u64,
    /// Their bytes with all compressed forms, roughly.
    pub bytes: u64,
}

/// Reads that are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// The feed; `groups/` and a source for all groups of that source together.
    pub feed: String,
    /// The family of clients.
    pub client: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// How many.
    pub count: u64,
}

/// Connections and answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Traffic {
    /// Connections open now.
    pub open: u64,
    /// Connections accepted.
    pub accepted: u64,
    /// Answers by HTTP status.
    pub answers: BTreeMap<String, u64>,
}
