//! How everything stands, as the operator sees it: what `/status` and `calbridge status` tell.
//!
//! Nothing here is secret, and nothing of any event is in it.

mod counters;
pub mod metrics;
mod table;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use counters::{Asked, Counters, Documents, Durations, Read, Step, Traffic};

/// The whole server. Times are of RFC 3339, in UTC, in whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The version of calbridge.
    pub version: String,
    /// The time this was told.
    pub now: String,
    /// The rules of time zones in use.
    pub zones: Rules,
    /// The sources, by name.
    pub sources: Vec<Source>,
    /// The configured feeds, by name.
    pub feeds: Vec<Feed>,
    /// What is counted.
    pub counters: Counters,
}

/// The tz database in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Its version.
    pub version: String,
    /// Where it is from.
    pub origin: String,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name in the configuration.
    pub name: String,
    /// The kind of upstream.
    pub kind: String,
    /// One of the words of `X-Calbridge-State`; none if it has never delivered.
    pub state: Option<String>,
    /// How many events are kept of its horizon.
    pub events: usize,
    /// How many groups were ever seen.
    pub groups: usize,
    /// When the upstream was last as the copy shows it.
    pub confirmed: Option<String>,
    /// Why the last poll failed, if it did.
    pub failure: Option<Failure>,
    /// When it is polled next; none while it is being polled.
    pub next: Option<Next>,
    /// Its webhook, if it has one.
    pub webhook: Option<Webhook>,
    /// The secret links to its groups.
    pub links: Vec<Link>,
}

/// Polls that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong the last time.
    pub what: String,
    /// When that was.
    pub at: String,
    /// How many times in a row.
    pub count: u32,
}

/// A poll to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// When.
    pub at: String,
    /// Why then.
    pub why: String,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// `waiting` before the first call, `working`, or `quiet` while polls find what no call told of.
    pub state: String,
    /// How many calls came since the start.
    pub calls: u64,
    /// When the last one came.
    pub last: Option<String>,
    /// How many changes in a row only polls have found.
    pub untold: u32,
}

/// One configured feed, in its own window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its name in the configuration.
    pub name: String,
    /// One of the words of `X-Calbridge-State`; none if there is no calendar yet.
    pub state: Option<String>,
    /// How many events it shows.
    pub events: usize,
    /// How many bytes it has before compression.
    pub bytes: usize,
    /// What of it was cut away because it would have been too large.
    pub cut: Option<Cut>,
    /// How often it was read today (UTC), by family of clients, up to the last minute or so.
    pub reads: BTreeMap<String, u64>,
    /// The same for each of the last seven days on which it was read.
    pub days: BTreeMap<String, BTreeMap<String, u64>>,
    /// The secret links to it.
    pub links: Vec<Link>,
}

/// A secret link, and who used it while that is kept: 90 days in a store, a week without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its label.
    pub label: String,
    /// When it was last used.
    pub last: Option<String>,
    /// Reads by family of clients.
    pub reads: BTreeMap<String, u64>,
}

/// A calendar that would have been too large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The first day that is in.
    pub first: String,
    /// The last day that is in.
    pub last: String,
    /// How many events are not.
    pub left_out: usize,
}
