//! What Prospero sends, as far as calbridge reads it (`upstreams/prospero.md` §6.2).
//!
//! The names are inferred, so every spelling of the table is a field of its own: spellings may stand together. Admin notes and
//! people are not even read.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::source::{
    loose::{Flag, Ids, Named, Words},
    record::{Object, record},
};

/// The answer of `/events` and `/events/archive`.
#[derive(Debug, Deserialize)]
pub struct EventList {
    pub(super) events: Vec<Object<Box<Event>>>,
    #[serde(flatten)]
    pub(super) more: Map<String, Value>,
}

record! {
    /// One event.
    pub(super) struct Event {
        pub(super) id: Words,
        created_at: Words as "createdAt",
        last_updated_at: Words as "lastUpdatedAt",
        updated_at: Words as "updatedAt",
        title: Words,
        name: Words,
        start: Words,
        start_date: Words as "startDate",
        start_at: Words as "startAt",
        end: Words,
        end_date: Words as "endDate",
        end_at: Words as "endAt",
        all_day: Flag as "allDay",
        is_all_day: Flag as "isAllDay",
        status: Words,
        draft: Flag,
        is_draft: Flag as "isDraft",
        details: Words,
        timezone: Words,
        time_zone: Words as "timeZone",
        location_ids: Ids as "locationIds",
        location_id: Ids as "locationId",
        locations: Ids,
        project_ids: Ids as "projectIds",
        project_id: Ids as "projectId",
        projects: Ids,
        group_ids: Ids as "groupIds",
        groups: Ids,
        collection_ids: Ids as "collectionIds",
        collections: Ids,
        tag_ids: Ids as "tagIds",
        tags: Ids,
    }
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
