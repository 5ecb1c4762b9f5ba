//! The neutral event list: real or made-up events in a JSON file of no upstream's shape.
//!
//! `zone` and `local` of an event are the oracle that the bridge's output is compared with; they are read by the
//! comparing test, not here, and so can never be sent.

use std::{
    collections::{BTreeMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    ids::{self, Kind},
    local::Zone,
    season::{Event, Group, Holds, Place, Season, Span, Status},
};

/// Why a file is no neutral event list.
#[derive(Debug, thiserror::Error)]
pub enum BadData {
    /// The file cannot be read.
    #[error("`{}` cannot be read; name a file that exists and may be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not JSON, or not an object with the lists `places`, `groups` and `events`.
    #[error(
        "the file is no event list; write a JSON object with the lists `places`, `groups` and `events`"
    )]
    Shape(#[source] serde_json::Error),
    /// One of its records is wrong.
    #[error("{record} {fact}")]
    Record {
        /// Which, such as ``event `aida-7` ``.
        record: String,
        /// What is wrong with it and what would be right.
        fact: String,
    },
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    about: String,
    places: Vec<Value>,
    groups: Vec<Value>,
    events: Vec<Value>,
}

#[derive(Deserialize)]
struct RawPlace {
    id: String,
    name: String,
    city: String,
    zone: String,
}

#[derive(Deserialize)]
struct RawGroup {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct RawEvent {
    id: String,
    title: String,
    place: String,
    group: String,
    #[serde(default)]
    details: String,
    all_day: bool,
    start: String,
    end: String,
}

/// Reads the file at `path`.
///
/// # Errors
///
/// When it cannot be read, is no event list, or one of its records is wrong.
pub fn read(path: &Path) -> Result<Season, BadData> {
    let text = fs::read_to_string(path).map_err(|source| BadData::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    parse(&text)
}

/// Reads the text of a file.
///
/// # Errors
///
/// When it is no event list, or one of its records is wrong.
pub fn parse(text: &str) -> Result<Season, BadData> {
    let file: File = serde_json::from_str(text).map_err(BadData::Shape)?;
    let places = records("place", file.places, place)?;
    let groups = records("group", file.groups, |raw: RawGroup| {
        Ok(Group {
            id: raw.id,
            name: raw.name,
            holds: Holds::People,
        })
    })?;
    let known_places = unique("place", places.iter().map(|place| place.id.as_str()))?;
    let known_groups = unique("group", groups.iter().map(|group| group.id.as_str()))?;
    let mut events = records("event", file.events, |raw: RawEvent| {
        if !known_places.contains(raw.place.as_str()) {
            return Err(format!(
                "is in place `{}`, which `places` does not list; add it there",
                raw.place
            ));
        }
        if !known_groups.contains(raw.group.as_str()) {
            return Err(format!(
                "is of group `{}`, which `groups` does not list; add it there",
                raw.group
            ));
        }
        event(raw)
    })?;
    unique("event", events.iter().map(|event| event.id.as_str()))?;
    events.sort_by_cached_key(|event| (event.span.start(), event.id.clone()));
    Ok(Season {
        title: title(&file.about),
        org: ids::fixed(Kind::Org, 2),
        zone: home(&places, &events),
        places,
        groups,
        events,
        ..Season::empty()
    })
}

/// Reads each record, naming the one that is wrong by its id or else by its number, counted from 1.
fn records<R: DeserializeOwned, T>(
    noun: &str,
    values: Vec<Value>,
    read: impl Fn(R) -> Result<T, String>,
) -> Result<Vec<T>, BadData> {
    let read_one = |(number, value): (usize, Value)| {
        let id = value.get("id").and_then(Value::as_str);
        let record = id.map_or_else(
            || format!("{noun} number {}", number + 1),
            |id| format!("{noun} `{id}`"),
        );
        serde_json::from_value(value)
            .map_err(|error| format!("cannot be read: {error}"))
            .and_then(&read)
            .map_err(|fact| BadData::Record { record, fact })
    };
    values.into_iter().enumerate().map(read_one).collect()
}

/// The ids, none of which may stand twice. Upstreams compare ids without regard to case, and so does this.
fn unique<'a>(noun: &str, ids: impl Iterator<Item = &'a str>) -> Result<HashSet<&'a str>, BadData> {
    let mut seen = HashSet::new();
    let mut known = HashSet::new();
    for id in ids {
        if !seen.insert(id.to_ascii_lowercase()) {
            return Err(BadData::Record {
                record: format!("{noun} `{id}`"),
                fact: "stands twice; give each its own id".to_owned(),
            });
        }
        known.insert(id);
    }
    Ok(known)
}

fn place(raw: RawPlace) -> Result<Place, String> {
    if Zone::named(&raw.zone).is_none() {
        return Err(format!(
            "is in zone `{}`, which does not exist; write one such as `Europe/Berlin`",
            raw.zone
        ));
    }
    Ok(Place {
        id: raw.id,
        name: raw.name,
        zone: raw.zone,
        address: vec![raw.city],
        inside: None,
    })
}

fn event(raw: RawEvent) -> Result<Event, String> {
    let (span, backwards) = if raw.all_day {
        let (first, last) = (day(&raw.start)?, day(&raw.end)?);
        (Span::Days { first, last }, last < first)
    } else {
        let (start, end) = (instant(&raw.start)?, instant(&raw.end)?);
        let span = Span::Timed {
            start,
            end: Some(end),
        };
        (span, end < start)
    };
    if backwards {
        return Err(format!(
            "ends at `{}`, before it starts; write an end that is not before `{}`",
            raw.end, raw.start
        ));
    }
    Ok(Event {
        title: Some(raw.title),
        status: Some(Status::Confirmed),
        details: Some(raw.details).filter(|details| !details.is_empty()),
        places: vec![raw.place],
        groups: vec![raw.group],
        ..Event::bare(raw.id, span)
    })
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let day = text.parse().ok();
    day.ok_or_else(|| format!("has `{text}` for a day; write one such as `2026-11-21`"))
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text).ok();
    instant
        .map(|instant| instant.to_utc())
        .ok_or_else(|| format!("has `{text}` for a time; write one such as `2026-11-21T19:30:00Z`"))
}

/// The first sentence of what the file says about itself.
fn title(about: &str) -> String {
    let sentence = about
        .split(". ")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    if sentence.is_empty() {
        "Events".to_owned()
    } else {
        sentence.to_owned()
    }
}

/// The zone most events are in; among equals the first by name.
fn home(places: &[Place], events: &[Event]) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    for place in places {
        let here = events
            .iter()
            .filter(|event| event.places.contains(&place.id))
            .count();
        *counts.entry(&place.zone).or_default() += here;
    }
    let most = counts.values().max().copied().unwrap_or_default();
    let zone = counts.iter().find(|(_, count)| **count == most);
    zone.map_or_else(|| "UTC".to_owned(), |(zone, _)| (*zone).to_owned())
}

#[cfg(test)]
mod tests;
