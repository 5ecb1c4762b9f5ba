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

/// One event.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Event {
    pub(super) id: Words,
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

fn first<'a>(spellings: &[&'a Words]) -> Option<&'a str> {
    spellings.iter().find_map(|words| words.0.as_deref())
}

fn all(spellings: [&Ids; 2]) -> impl Iterator<Item = &Named> {
    spellings.into_iter().flat_map(|ids| &ids.0)
}

impl Event {
    pub(super) fn title(&self) -> Option<&str> {
        first(&[&self.title, &self.name])
    }

    pub(super) fn start(&self) -> Option<&str> {
        first(&[&self.start, &self.start_at, &self.start_date])
    }

    pub(super) fn end(&self) -> Option<&str> {
        first(&[&self.end, &self.end_at, &self.end_date])
    }

    pub(super) fn created(&self) -> Option<&str> {
        first(&[&self.created_at])
    }

    pub(super) fn updated(&self) -> Option<&str> {
        first(&[&self.last_updated_at, &self.updated_at])
    }

    pub(super) fn details(&self) -> Option<&str> {
        first(&[&self.details])
    }

    pub(super) fn status(&self) -> Option<&str> {
        first(&[&self.status])
    }

    pub(super) fn zone(&self) -> Option<&str> {
        first(&[&self.timezone, &self.time_zone])
    }

    pub(super) fn is_all_day(&self) -> bool {
        [self.all_day, self.is_all_day].contains(&Flag::Yes)
    }

    /// Whether it is a draft, which must never get out.
    pub(super) fn draft(&self) -> Flag {
        self.draft.or(self.is_draft)
    }

    pub(super) fn locations(&self) -> impl Iterator<Item = &Named> {
        all([&self.locations, &self.location_ids]).chain(&self.location_id.0)
    }

    pub(super) fn projects(&self) -> impl Iterator<Item = &Named> {
        all([&self.projects, &self.project_ids]).chain(&self.project_id.0)
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = &Named> {
        all([&self.groups, &self.group_ids]).chain(all([&self.collections, &self.collection_ids]))
    }

    pub(super) fn tags(&self) -> impl Iterator<Item = &Named> {
        all([&self.tags, &self.tag_ids])
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
        let own = first(&[&self.email, &self.full_name]);
        own.or_else(|| self.user.as_deref()?.name())
    }
}
