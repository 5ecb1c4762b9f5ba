//! The season as an organisation would have typed it in: groups and events in today's shape, every field there.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Map, Value, json};

use super::{
    key::prokey,
    odd,
    settings::{Oddities, Settings},
};
use crate::sandbox::{
    course::{Course, weekday},
    local::Clocks,
    season::{CANARY, Event, Season, Span, Status},
};

/// Everything of one organisation.
pub(super) struct Account {
    /// Groups in their order.
    pub(super) groups: Vec<Value>,
    /// Events in their order.
    pub(super) events: Vec<Value>,
    group_at: HashMap<String, usize>,
    event_at: HashMap<String, usize>,
}

/// The group of events that belong to none.
const NO_GROUP: &str = "no-group";

impl Account {
    /// What `season` looks like.
    pub(super) fn of(season: &Season, settings: &Settings, today: NaiveDate) -> Self {
        let mut clocks = Clocks::default();
        let mut events: Vec<Value> = season
            .events
            .iter()
            .map(|event| single(season, event, &mut clocks))
            .collect();
        events.extend(
            season
                .courses
                .iter()
                .map(|course| recurring(season, course)),
        );
        let homeless = (NO_GROUP, "Not in any group");
        let named = season
            .groups
            .iter()
            .map(|group| (group.id.as_str(), group.name.as_str()));
        let mut groups: Vec<Value> = named
            .chain([homeless])
            .map(|(id, name)| group(id, name))
            .collect();
        groups.retain(|group| {
            group["name"] != homeless.1
                || events.iter().any(|e| e["event_group"] == group["prokey"])
        });
        if settings.oddities == Oddities::Shown {
            groups.extend(odd::groups(&settings.external));
            events.extend(odd::events(today));
        }
        Self::joined(groups, events)
    }

    /// The group with that key.
    pub(super) fn group(&self, key: &str) -> Option<&Value> {
        self.group_at.get(key).map(|at| &self.groups[*at])
    }

    /// The event with that key.
    pub(super) fn event(&self, key: &str) -> Option<&Value> {
        self.event_at.get(key).map(|at| &self.events[*at])
    }

    /// Puts the keys of events into their groups.
    fn joined(mut groups: Vec<Value>, events: Vec<Value>) -> Self {
        let by_key = |list: &[Value]| {
            let key = |value: &Value| value["prokey"].as_str().unwrap_or_default().to_owned();
            list.iter().map(key).zip(0..).collect::<HashMap<_, _>>()
        };
        let (group_at, event_at) = (by_key(&groups), by_key(&events));
        for event in &events {
            let group = event["event_group"].as_str().unwrap_or_default();
            let group = group_at.get(group).and_then(|at| groups.get_mut(*at));
            let members = group.and_then(|group| group["events"].as_array_mut());
            if let Some(members) = members {
                members.push(event["prokey"].clone());
            }
        }
        Self {
            groups,
            events,
            group_at,
            event_at,
        }
    }
}

/// A group without members yet. Every third one has a feed of its own, which changes nothing in what is read here.
pub(super) fn group(id: &str, name: &str) -> Value {
    let key = prokey(id);
    let hosted = key.ends_with(['0', '3', '6', '9', 'c', 'f']);
    json!({
        "prokey": key,
        "name": name,
        "status": "published",
        "internal_note": format!("Budget agreed, {CANARY}"),
        "subscription": if hosted { "children" } else { "no" },
        "subscription_cal_url": null,
        "public_event_overview": hosted,
        "layout": 12,
        "landingpage": null,
        "cta": false,
        "cta_block": null,
        "date_created": "2026-02-01T08:00:00.120Z",
        "date_updated": null,
        "events": [],
    })
}

/// An event that nothing is known of but its key, its group and its dates.
pub(super) fn event(id: &str, group: &str, dates: &[Value]) -> Map<String, Value> {
    let fields = json!({
        "prokey": prokey(id),
        "event_group": prokey(group),
        "status": "published",
        "dates": dates,
        "title_event_series": null,
        "simplified_recurrence": true,
        "recurrence": null,
        "recurrence_simple_type": null,
        "recurrence_interval": 1,
        "recurrence_count": null,
        "recurrence_byDay": null,
        "recurrence_byMonth": null,
        "recurrence_byMonthDay": null,
        "recurrence_weekstart": null,
        "layout": 12,
        "landingpage": null,
        "iCalFileName": null,
        "rsvp": false,
        "rsvp_block": null,
        "cta": false,
        "cta_block": null,
        "hideButton": false,
        "distribution": true,
        "sequence": "0",
        "date_created": "2026-02-01T08:05:00.000Z",
        "date_updated": "2026-02-01T08:05:00.140Z",
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// A date entry of which only `fields` are known.
pub(super) fn date(fields: Value) -> Value {
    let mut entry = json!({
        "name": null,
        "description": null,
        "startDate": null,
        "startTime": null,
        "endDate": null,
        "endTime": null,
        "timeZone": null,
        "location": null,
        "status": null,
        "availability": null,
        "organizer_name": "",
        "organizer_email": "",
        "attendee_name": null,
        "attendee_email": null,
    });
    if let (Some(entry), Value::Object(fields)) = (entry.as_object_mut(), fields) {
        entry.extend(fields);
    }
    entry
}

/// A season's event as one with one date.
fn single(season: &Season, one: &Event, clocks: &mut Clocks) -> Value {
    let status = one.status.map(|status| match status {
        Status::Tentative => "TENTATIVE",
        Status::Confirmed => "CONFIRMED",
        Status::Canceled => "CANCELLED",
        Status::Unheard => "PENCILLED IN",
    });
    let mut entry = date(json!({
        "name": one.title,
        "description": one.details,
        "location": season.whereabouts(one),
        "status": status,
    }));
    match one.span {
        Span::Days { first, last } => {
            entry["startDate"] = json!(first.to_string());
            entry["endDate"] = json!((last != first).then(|| last.to_string()));
        }
        Span::Timed { start, end } => {
            let zone = season.zone_of(one);
            // What a clock cannot tell apart is entered in the one zone that repeats nothing.
            let (zone, (start, end)) = match clocks.show(zone, start, end) {
                Some(shown) => (zone, shown),
                None => (
                    "Etc/GMT",
                    (start.naive_utc(), end.map(|end| end.naive_utc())),
                ),
            };
            put_times(&mut entry, zone, start, end);
        }
    }
    let group = one.groups.first().map_or(NO_GROUP, String::as_str);
    let mut fields = event(&one.id, group, &[entry]);
    fields.insert(
        "status".to_owned(),
        json!(if one.draft { "draft" } else { "published" }),
    );
    for (name, at) in [("date_created", one.created), ("date_updated", one.updated)] {
        if let Some(at) = at {
            fields.insert(name.to_owned(), json!(stamp(at)));
        }
    }
    Value::Object(fields)
}

/// A class as an event that recurs. The API has no word for a meeting that is left out or moved (fact sheet §5), so both
/// stay where the rule puts them.
fn recurring(season: &Season, course: &Course) -> Value {
    let place = season.place(&course.place);
    let mut entry = date(json!({
        "name": course.title,
        "description": course.details,
        "location": place.map(|place| &place.name),
    }));
    let zone = place.map_or(season.zone.as_str(), |place| &place.zone);
    put_times(
        &mut entry,
        zone,
        course.first,
        Some(course.end(course.first)),
    );
    let mut fields = event(&course.id, &course.group, &[entry]);
    let day = weekday(chrono::Datelike::weekday(&course.first));
    let rule = if course.weeks == 1 {
        json!({
            "recurrence_simple_type": "weekly",
            "recurrence_interval": course.weeks,
            "recurrence_count": course.count,
            "recurrence_byDay": day,
            "recurrence_weekstart": "MO",
        })
    } else {
        json!({
            "simplified_recurrence": false,
            "recurrence": format!("RRULE:{}", course.rule()),
        })
    };
    if let Value::Object(rule) = rule {
        fields.extend(rule);
    }
    Value::Object(fields)
}

fn put_times(entry: &mut Value, zone: &str, start: NaiveDateTime, end: Option<NaiveDateTime>) {
    let time = |at: NaiveDateTime| at.format("%H:%M").to_string();
    entry["timeZone"] = json!(zone);
    entry["startDate"] = json!(start.date().to_string());
    entry["startTime"] = json!(time(start));
    entry["endTime"] = json!(end.map(time));
    let other_day = end.filter(|end| end.date() != start.date());
    entry["endDate"] = json!(other_day.map(|end| end.date().to_string()));
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
