//! An event as every source delivers it, and the groups it belongs to.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    id::{EventUid, GroupId},
    series::Series,
    text::{Line, Text},
    when::When,
};

/// One occurrence in time, or what repeats. Drafts and private fields never become part of it (design §2, promise 6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// Stable identity, the same in every feed (interop E1, E10).
    pub uid: EventUid,
    /// When it is. Its zone is not here: the zone book knows it.
    pub when: When,
    /// One line; never empty (interop P1).
    pub title: Line,
    /// Plain text; empty if the upstream has none.
    pub details: Text,
    /// Where it is, in the upstream's order.
    pub places: Vec<Place>,
    /// The groups it belongs to, sorted, without repeats.
    pub groups: Vec<GroupId>,
    /// What is known about whether it takes place.
    pub status: Option<Status>,
    /// The zone the upstream itself names for this event; the first word in the zone book's order (design §9).
    pub zone: Option<Tz>,
    /// What repeats it; `when` is then its first occurrence.
    pub series: Option<Arc<Series>>,
    /// When the upstream made it.
    pub created: Option<DateTime<Utc>>,
    /// When the upstream last changed it.
    pub updated: Option<DateTime<Utc>>,
}

/// A room or building an event is in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The upstream's id; also the id of the group of all events there.
    pub id: GroupId,
    /// Name, such as `Studio 2, Opera House`; empty if the upstream does not let us read it.
    pub name: Line,
    /// Postal address on one line; may be empty.
    pub address: Line,
}

/// Whether an event takes place (RFC 5545 §3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Not settled; a hold of any rank.
    Tentative,
    /// Takes place.
    Confirmed,
    /// Was to take place and will not.
    Cancelled,
}

/// A set of events that an upstream names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// What people call it; empty if neither the upstream nor the configuration says.
    pub name: Line,
    /// What it is a set of.
    pub kind: GroupKind,
}

/// What makes the events of a group belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// People or things the upstream itself calls a group or collection.
    Group,
    /// One undertaking, usually one production.
    Project,
    /// One room or building.
    Place,
    /// One label.
    Tag,
    /// Everything that is one kind of record, such as every task.
    Kind,
    /// One person's work.
    Person,
    /// One way that sales go.
    Pipeline,
}

/// The groups of an upstream by id. Discovered from the data, never only configured.
pub type Groups = BTreeMap<GroupId, Group>;
