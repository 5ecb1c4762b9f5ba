//! How events and units are written down: forms of their own, so that the domain can change without losing a store.
//!
//! A form has a number. What has another number, or cannot be read, counts as never seen; a form is changed by adding one
//! and reading both.

mod series;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{
    event::{Event, GroupKind, Place, Status},
    history::{Bearings, Held},
    id::{EventUid, GroupId},
    text::{Line, Text},
    when::{DateSpan, TimeSpan, When},
};

use series::SeriesForm;

/// The number of the forms in this file.
pub(super) const FORM: i64 = 1;

/// An instant: seconds since 1970 and nanoseconds of a second, which are above 10⁹ in a leap second.
type Instant = (i64, u32);

#[derive(Debug, Serialize, Deserialize)]
struct EventForm {
    when: WhenForm,
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    details: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    places: Vec<PlaceForm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<StatusForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    series: Option<SeriesForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    updated: Option<Instant>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WhenForm {
    /// The first day and the day after the last, in days since 1970.
    Days(i32, i32),
    /// Seconds since 1970.
    Timed(i64, i64),
}

#[derive(Debug, Serialize, Deserialize)]
struct PlaceForm {
    id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    address: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StatusForm {
    Tentative,
    Confirmed,
    Cancelled,
}

#[derive(Debug, Serialize, Deserialize)]
struct UnitForm {
    days: (i32, i32),
    from_wall_times: bool,
    revision: u64,
    changed: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<HeldForm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missed: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct HeldForm {
    since: Instant,
    missing: usize,
    of: usize,
}

/// What a unit is beside its events and groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnitFacts {
    pub(super) days: DateSpan,
    pub(super) from_wall_times: bool,
    pub(super) bearings: Bearings,
}

/// The text an event is kept as; its UID and its stamps stand beside it.
pub(super) fn event_text(event: &Event) -> String {
    let form = EventForm {
        when: match event.when {
            When::Days(days) => WhenForm::Days(number(days.first()), number(days.end())),
            When::Timed(span) => WhenForm::Timed(span.start().timestamp(), span.end().timestamp()),
        },
        title: event.title.as_str().to_owned(),
        details: event.details.as_str().to_owned(),
        places: event.places.iter().map(place_form).collect(),
        groups: event.groups.iter().map(ToString::to_string).collect(),
        status: event.status.map(|status| match status {
            Status::Tentative => StatusForm::Tentative,
            Status::Confirmed => StatusForm::Confirmed,
            Status::Cancelled => StatusForm::Cancelled,
        }),
        zone: event.zone.map(|zone| zone.name().to_owned()),
        series: event.series.as_deref().map(SeriesForm::of),
        created: event.created.map(instant),
        updated: event.updated.map(instant),
    };
    json(&form)
}

/// The event that `text` of this `form` was kept of.
pub(super) fn event(uid: EventUid, form: i64, text: &str) -> Option<Event> {
    let form: EventForm = read(form, text)?;
    let stamp = |told: Option<Instant>| told.map(|at| at_instant(at).ok_or(())).transpose().ok();
    Some(Event {
        uid,
        when: match form.when {
            WhenForm::Days(first, end) => When::Days(days((first, end))?),
            WhenForm::Timed(start, end) => {
                When::Timed(TimeSpan::new(at_instant((start, 0))?, at_instant((end, 0))?).ok()?)
            }
        },
        title: Line::new(&form.title),
        details: Text::new(&form.details),
        places: form.places.iter().map(place).collect(),
        groups: form.groups.iter().map(|id| GroupId::new(id)).collect(),
        status: form.status.map(|status| match status {
            StatusForm::Tentative => Status::Tentative,
            StatusForm::Confirmed => Status::Confirmed,
            StatusForm::Cancelled => Status::Cancelled,
        }),
        zone: form.zone.map(|name| name.parse()).transpose().ok()?,
        series: match form.series {
            None => None,
            Some(form) => Some(Arc::new(form.series()?)),
        },
        created: stamp(form.created)?,
        updated: stamp(form.updated)?,
    })
}

/// The text the facts of a unit are kept as.
pub(super) fn unit_text(facts: &UnitFacts) -> String {
    let bearings = &facts.bearings;
    json(&UnitForm {
        days: (number(facts.days.first()), number(facts.days.end())),
        from_wall_times: facts.from_wall_times,
        revision: bearings.revision,
        changed: instant(bearings.changed),
        held: bearings.held.map(|held| HeldForm {
            since: instant(held.since),
            missing: held.missing,
            of: held.of,
        }),
        missed: bearings.missed.iter().map(ToString::to_string).collect(),
    })
}

/// The facts that `text` of this `form` was kept of; which events are absent stands beside these.
pub(super) fn unit(form: i64, text: &str) -> Option<UnitFacts> {
    let form: UnitForm = read(form, text)?;
    let held = |held: HeldForm| {
        Some(Held {
            since: at_instant(held.since)?,
            missing: held.missing,
            of: held.of,
        })
    };
    let missed: BTreeSet<GroupId> = form.missed.iter().map(|id| GroupId::new(id)).collect();
    Some(UnitFacts {
        days: days(form.days)?,
        from_wall_times: form.from_wall_times,
        bearings: Bearings {
            revision: form.revision,
            changed: at_instant(form.changed)?,
            held: match form.held {
                None => None,
                Some(form) => Some(held(form)?),
            },
            missed,
            absent: BTreeMap::new(),
        },
    })
}

/// The word a kind of group is kept as.
pub(super) fn kind_word(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Group => "group",
        GroupKind::Project => "project",
        GroupKind::Place => "place",
        GroupKind::Tag => "tag",
        GroupKind::Kind => "kind",
        GroupKind::Person => "person",
        GroupKind::Pipeline => "pipeline",
    }
}

/// The kind of group that `word` is kept of.
pub(super) fn kind(word: &str) -> Option<GroupKind> {
    [
        GroupKind::Group,
        GroupKind::Project,
        GroupKind::Place,
        GroupKind::Tag,
        GroupKind::Kind,
        GroupKind::Person,
        GroupKind::Pipeline,
    ]
    .into_iter()
    .find(|kind| kind_word(*kind) == word)
}

fn read<'a, T: Deserialize<'a>>(form: i64, text: &'a str) -> Option<T> {
    (form == FORM)
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

fn json(form: &impl Serialize) -> String {
    serde_json::to_string(form).expect("plain structs without maps are always JSON")
}

fn place_form(place: &Place) -> PlaceForm {
    PlaceForm {
        id: place.id.as_str().to_owned(),
        name: place.name.as_str().to_owned(),
        address: place.address.as_str().to_owned(),
    }
}

fn place(form: &PlaceForm) -> Place {
    Place {
        id: GroupId::new(&form.id),
        name: Line::new(&form.name),
        address: Line::new(&form.address),
    }
}

fn instant(at: DateTime<Utc>) -> Instant {
    (at.timestamp(), at.timestamp_subsec_nanos())
}

fn at_instant((seconds, nanos): Instant) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, nanos)
}

fn number(day: NaiveDate) -> i32 {
    day.to_epoch_days()
}

fn days((first, end): (i32, i32)) -> Option<DateSpan> {
    let day = NaiveDate::from_epoch_days;
    DateSpan::until(day(first)?, day(end)?).ok()
}

#[cfg(test)]
pub(super) mod tests;
