//! What Prospero sends, as far as calbridge reads it (`upstreams/prospero.md` §6.2).
//!
//! The names are inferred, so every spelling of the table is a field of its own: spellings may stand together, and an
//! alias would make such a record fail. Admin notes and people are not even read.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    api::FromJson,
    source::{
        loose::{Flag, Ids, Named, Words},
        record::{self, Apart, Object},
    },
};

/// The answer of `/events` and `/events/archive`.
#[derive(Debug)]
pub struct EventList {
    pub(super) events: Vec<Object<Box<Event>>>,
    pub(super) more: Map<String, Value>,
}

#[derive(Deserialize)]
struct EventListAsSent<R> {
    events: Vec<R>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl<R: Into<Object<Box<Event>>>> From<EventListAsSent<R>> for EventList {
    fn from(EventListAsSent { events, more }: EventListAsSent<R>) -> Self {
        let events = events.into_iter().map(Into::into).collect();
        Self { events, more }
    }
}

impl FromJson for EventList {
    fn from_json(json: &str) -> serde_json::Result<Self> {
        record::read::<_, EventListAsSent<Object<_>>, EventListAsSent<Apart<_>>>(json)
    }
}

/// One event: of every spelling that stands in it the one that counts. It is made small, since a whole horizon is held until the
/// last of it has come.
#[derive(Debug, Deserialize)]
#[serde(from = "EventAsSent")]
pub(super) struct Event {
    pub(super) id: Told,
    pub(super) created: Told,
    pub(super) updated: Told,
    pub(super) title: Told,
    pub(super) start: Told,
    pub(super) end: Told,
    pub(super) status: Told,
    pub(super) details: Told,
    pub(super) zone: Told,
    pub(super) is_all_day: bool,
    /// Whether it is a draft, which must never get out.
    pub(super) draft: Flag,
    pub(super) locations: Box<[Named]>,
    pub(super) projects: Box<[Named]>,
    pub(super) groups: Box<[Named]>,
    pub(super) tags: Box<[Named]>,
}

type Told = Option<Box<str>>;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EventAsSent {
    id: Words,
    created_at: Words,
    last_updated_at: Words,
    updated_at: Words,
    title: Words,
    name: Words,
    start: Words,
    start_date: Words,
    start_at: Words,
    end: Words,
    end_date: Words,
    end_at: Words,
    all_day: Flag,
    is_all_day: Flag,
    status: Words,
    draft: Flag,
    is_draft: Flag,
    details: Words,
    timezone: Words,
    #[serde(rename = "timeZone")]
    time_zone: Words,
    location_ids: Ids,
    location_id: Ids,
    locations: Ids,
    project_ids: Ids,
    project_id: Ids,
    projects: Ids,
    group_ids: Ids,
    groups: Ids,
    collection_ids: Ids,
    collections: Ids,
    tag_ids: Ids,
    tags: Ids,
}

impl From<EventAsSent> for Event {
    fn from(sent: EventAsSent) -> Self {
        Self {
            id: sent.id.0,
            created: sent.created_at.0,
            updated: first([sent.last_updated_at, sent.updated_at]),
            title: first([sent.title, sent.name]),
            start: first([sent.start, sent.start_at, sent.start_date]),
            end: first([sent.end, sent.end_at, sent.end_date]),
            status: sent.status.0,
            details: sent.details.0,
            zone: first([sent.timezone, sent.time_zone]),
            is_all_day: [sent.all_day, sent.is_all_day].contains(&Flag::Yes),
            draft: sent.draft.or(sent.is_draft),
            locations: all([sent.locations, sent.location_ids, sent.location_id]),
            projects: all([sent.projects, sent.project_ids, sent.project_id]),
            groups: all([
                sent.groups,
                sent.group_ids,
                sent.collections,
                sent.collection_ids,
            ]),
            tags: all([sent.tags, sent.tag_ids]),
        }
    }
}

fn first<const N: usize>(spellings: [Words; N]) -> Told {
    spellings.into_iter().find_map(|Words(text)| text)
}

fn all<const N: usize>(spellings: [Ids; N]) -> Box<[Named]> {
    let lists = spellings.into_iter().map(|Ids(list)| list);
    let mut lists = lists.filter(|list| !list.is_empty());
    let list = lists.next().unwrap_or_default();
    // Rarely is the same said twice.
    match lists.next() {
        None => list,
        Some(more) => list
            .into_iter()
            .chain(more)
            .chain(lists.flatten())
            .collect(),
    }
}

/// The answer of `/locations/{id}`: a building, or a room in one.
#[derive(Debug, Deserialize)]
pub(super) struct LocationAnswer {
    pub(super) venue: Option<Location>,
    pub(super) space: Option<Location>,
}

/// A building or a room.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Location {
    pub(super) name: Words,
    pub(super) address: Value,
    pub(super) venue_id: Words,
}

impl Location {
    /// The address on one line: whatever texts it holds, in order (`upstreams/prospero.md` §7.2).
    pub(super) fn address(&self) -> String {
        let mut parts = Vec::new();
        texts(&self.address, &mut parts);
        parts.join(", ")
    }
}

fn texts<'a>(value: &'a Value, parts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if !text.trim().is_empty() => parts.push(text.trim()),
        Value::Array(list) => list.iter().for_each(|value| texts(value, parts)),
        Value::Object(map) => map.values().for_each(|value| texts(value, parts)),
        _ => {}
    }
}

/// The answer of `/auth/whoami`, in an envelope or bare.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WhoAmI {
    user: Option<Box<WhoAmI>>,
    full_name: Words,
    email: Words,
}

impl WhoAmI {
    pub(super) fn name(&self) -> Option<&str> {
        let own = self.email.0.as_deref().or(self.full_name.0.as_deref());
        own.or_else(|| self.user.as_deref()?.name())
    }
}
