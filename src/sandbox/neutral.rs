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
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../tests/fixtures/neutral/quayside.json");

    #[test]
    fn a_list_becomes_a_season() {
        let season = parse(GOOD).unwrap();
        assert_eq!(season.title, "Concerts of the made-up Quayside Players");
        assert_eq!(season.zone, "America/New_York");
        let ids: Vec<_> = season
            .events
            .iter()
            .map(|event| event.id.as_str())
            .collect();
        assert_eq!(ids, ["q-0001#0", "q-0002#0", "q-0003#0", "q-0004#0"]);
        let first = &season.events[0];
        assert_eq!(
            (first.places[0].as_str(), first.groups[0].as_str()),
            ("place-1", "kind-1")
        );
        assert_eq!(first.span.start().to_rfc3339(), "2008-03-09T00:30:00+00:00");
        let june: NaiveDate = "2008-06-07".parse().unwrap();
        assert_eq!(
            season.events[3].span,
            Span::Days {
                first: june,
                last: june
            }
        );
        assert_eq!(season.events[3].details, None);
    }

    #[test]
    fn a_bad_record_is_named_with_its_fact() {
        for (from, to, want) in [
            (
                r#""place": "place-2""#,
                r#""place": "place-9""#,
                "event `q-0003#0` is in place `place-9`, which `places` does not list; add it there",
            ),
            (
                r#""group": "kind-2""#,
                r#""group": "kind-9""#,
                "event `q-0003#0` is of group `kind-9`, which `groups` does not list; add it there",
            ),
            (
                "2008-03-09T23:30:00Z",
                "tonight",
                "event `q-0002#0` has `tonight` for a time; write one such as `2026-11-21T19:30:00Z`",
            ),
            (
                "2008-03-09T02:30:00Z",
                "2008-03-09T00:29:59Z",
                "event `q-0001#0` ends at `2008-03-09T00:29:59Z`, before it starts; write an end that is not before `2008-03-09T00:30:00Z`",
            ),
            (
                r#""start": "2008-06-07""#,
                r#""start": "2008-06-31""#,
                "event `q-0004#0` has `2008-06-31` for a day; write one such as `2026-11-21`",
            ),
            (
                r#""id": "q-0002#0", "#,
                "",
                "event number 2 cannot be read: missing field `id`",
            ),
            (
                r#""title": "On tour""#,
                r#""title": 7"#,
                "event `q-0003#0` cannot be read: invalid type: integer `7`, expected a string",
            ),
            (
                "q-0002#0",
                "Q-0001#0",
                "event `Q-0001#0` stands twice; give each its own id",
            ),
            (
                "place-3\", \"name",
                "place-2\", \"name",
                "place `place-2` stands twice; give each its own id",
            ),
            (
                "Europe/Berlin\" }",
                "Europe/Berlon\" }",
                "place `place-2` is in zone `Europe/Berlon`, which does not exist; write one such as `Europe/Berlin`",
            ),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            assert_eq!(
                parse(&text).unwrap_err().to_string(),
                want,
                "{from} -> {to}"
            );
        }
    }

    #[test]
    fn what_is_no_list_says_what_one_is() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"places": [], "groups": [], "events": 7}"#,
        ] {
            assert!(matches!(parse(text), Err(BadData::Shape(_))), "{text}");
        }
    }

    #[test]
    fn an_empty_list_is_an_empty_season() {
        let season = parse(r#"{"places": [], "groups": [], "events": []}"#).unwrap();
        assert_eq!(
            (
                season.title.as_str(),
                season.zone.as_str(),
                season.events.len()
            ),
            ("Events", "UTC", 0)
        );
    }
}
