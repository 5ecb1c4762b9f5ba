//! Events and locations as Prospero's JSON.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value, json};

use super::dialect::{Dialect, Field};
use crate::sandbox::season::{CANARY, Event, Holds, Place, Season, Span};

/// An event, with its links in the form of the dialect.
pub(super) fn event(dialect: Dialect, season: &Season, event: &Event) -> Value {
    let mut record = Record::new(dialect);
    record.put(Field::Id, json!(dialect.id(&event.id)));
    record.put(Field::Org, json!(dialect.id(&season.org)));
    record.put(
        Field::Created,
        json!(event.created.map(|at| instant(dialect, at))),
    );
    record.put(
        Field::Updated,
        json!(event.updated.map(|at| instant(dialect, at))),
    );
    record.put(Field::Title, json!(event.title));
    record.put_span(event.span);
    record.put(
        Field::Status,
        event
            .status
            .map_or(Value::Null, |status| dialect.status(status)),
    );
    record.put(Field::Flag, dialect.truth(event.flag));
    record.put(Field::Draft, dialect.truth(event.draft));
    record.put(Field::Details, json!(event.details));
    record.put(Field::AdminNotes, json!(event.admin_notes));
    record.put(Field::Booking, json!(event.booking));
    record.put(Field::Archived, dialect.truth(event.archived));
    match dialect {
        Dialect::Primary => record.put_ids(event),
        Dialect::Aliases => record.put_objects(season, event),
    }
    Value::Object(record.fields)
}

/// A location in its envelope, `venue` or `space`.
pub(super) fn location(dialect: Dialect, season: &Season, place: &Place) -> Value {
    let mut fields = json!({
        "id": dialect.id(&place.id),
        "orgId": dialect.id(&season.org),
        "type": i32::from(place.inside.is_some()),
        "name": place.name,
        "color": "7a5c99",
        "prices": {},
    });
    if let Some(venue) = &place.inside {
        fields["venueId"] = json!(dialect.id(venue));
        return json!({ "space": fields });
    }
    let lines = place.address.iter().zip(1..);
    let mut address: Map<String, Value> = lines
        .map(|(line, n)| (format!("line{n}"), json!(line)))
        .collect();
    if dialect == Dialect::Aliases {
        address.insert("unit".to_owned(), Value::Null);
        fields["details"] = Value::Null;
        fields["spaceIds"] = json!([]);
    }
    fields["address"] = Value::Object(address);
    json!({ "venue": fields })
}

/// An event in the making.
struct Record {
    dialect: Dialect,
    fields: Map<String, Value>,
}

impl Record {
    fn new(dialect: Dialect) -> Self {
        let fields = Map::new();
        Self { dialect, fields }
    }

    /// Sets a field. What is not there is left out in the primary dialect and `null` in the other.
    fn put(&mut self, field: Field, value: Value) {
        if !value.is_null() || self.dialect == Dialect::Aliases {
            self.fields
                .insert(self.dialect.name(field).to_owned(), value);
        }
    }

    /// Start, end, and whether these are whole days, whose end is the last of them (fact sheet §6.3).
    fn put_span(&mut self, span: Span) {
        let dialect = self.dialect;
        let (start, end, whole) = match span {
            Span::Timed { start, end } => (
                instant(dialect, start),
                end.map(|end| instant(dialect, end)),
                false,
            ),
            Span::Days { first, last } => (day(dialect, first), Some(day(dialect, last)), true),
        };
        self.put(Field::Start, json!(start));
        self.put(Field::End, json!(end));
        self.put(Field::AllDay, dialect.truth(whole));
    }

    fn put_ids(&mut self, event: &Event) {
        for (field, ids) in [
            (Field::Locations, &event.places),
            (Field::Projects, &event.projects),
            (Field::Groups, &event.groups),
            (Field::People, &event.people),
            (Field::Tags, &event.tags),
            (Field::Roles, &Vec::new()),
            (Field::Items, &Vec::new()),
        ] {
            self.put(field, json!(ids));
        }
    }

    fn put_objects(&mut self, season: &Season, event: &Event) {
        let named = |id: &String, name: Option<&str>| match name {
            Some(name) => json!({ "id": self.dialect.id(id), "name": name, "color": null }),
            None => json!({ "id": self.dialect.id(id) }),
        };
        let project = |id| {
            named(
                id,
                season
                    .projects
                    .iter()
                    .find(|p| p.id == *id)
                    .map(|p| p.name.as_str()),
            )
        };
        let tag = |id| {
            named(
                id,
                season
                    .tags
                    .iter()
                    .find(|t| t.id == *id)
                    .map(|t| t.name.as_str()),
            )
        };
        let place = |id| {
            named(
                id,
                season
                    .places
                    .iter()
                    .find(|p| p.id == *id)
                    .map(|p| p.name.as_str()),
            )
        };
        let group = |id| {
            named(
                id,
                season
                    .groups
                    .iter()
                    .find(|g| g.id == *id)
                    .map(|g| g.name.as_str()),
            )
        };
        let person = |id: &String| json!({ "id": self.dialect.id(id), "email": format!("{CANARY}@quillfeather.example") });
        let holds_items = |id: &String| {
            season
                .groups
                .iter()
                .any(|g| g.id == *id && g.holds == Holds::Items)
        };
        let (items, people): (Vec<&String>, Vec<&String>) =
            event.groups.iter().partition(|id| holds_items(id));

        let lists = [
            (Field::Locations, event.places.iter().map(place).collect()),
            (
                Field::Projects,
                event.projects.iter().map(project).collect(),
            ),
            (Field::Groups, people.into_iter().map(group).collect()),
            (
                Field::Collections,
                items
                    .into_iter()
                    .map(|id| json!(self.dialect.id(id)))
                    .collect(),
            ),
            (Field::People, event.people.iter().map(person).collect()),
            (Field::Tags, event.tags.iter().map(tag).collect()),
            (Field::Roles, Vec::new()),
        ];
        for (field, list) in lists {
            self.put(field, Value::Array(list));
        }
        self.put(Field::Items, json!({}));
        self.fields.insert(
            "sync".to_owned(),
            json!({ "google": null, "depth": [1, "two", { "three": 3.5 }] }),
        );
        self.fields.insert("hue".to_owned(), json!(-1));
    }
}

/// An instant in UTC, to the second or, in the other dialect, with milliseconds.
fn instant(dialect: Dialect, at: DateTime<Utc>) -> String {
    let form = match dialect {
        Dialect::Primary => "%Y-%m-%dT%H:%M:%SZ",
        Dialect::Aliases => "%Y-%m-%dT%H:%M:%S%.3fZ",
    };
    at.format(form).to_string()
}

fn day(dialect: Dialect, day: NaiveDate) -> String {
    match dialect {
        Dialect::Primary => day.to_string(),
        Dialect::Aliases => format!("{day}T00:00:00.000Z"),
    }
}
