//! What became of one calendar in another: which events came, went, moved, and what else changed about them. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Display},
};

use serde::Serialize;

use crate::{
    outline::{Component, Line, Outline, Row},
    source::ics::value::text,
};

/// What says that something changed, and nothing more (interop E3 to E6).
const STAMPS: [&str; 4] = ["DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE"];
/// What says when it is.
const TIMES: [&str; 6] = ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"];

/// One event of either calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// Its `UID`.
    pub(crate) uid: String,
    /// Its title, in the second calendar if it is there.
    pub(crate) title: String,
    /// When it is, in the second calendar if it is there.
    pub(crate) when: String,
    /// What became of it.
    pub(crate) changes: Vec<Change>,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub(crate) enum Change {
    /// Only the second calendar has it.
    Added,
    /// Only the first one has it.
    Removed,
    /// Its `STATUS` has become `CANCELLED`.
    Cancelled,
    /// Its `STATUS` is `CANCELLED` no more.
    TakesPlace,
    /// It has another time.
    Moved {
        /// When it was.
        from: String,
        /// When it is.
        to: String,
    },
    /// It has another title.
    Renamed {
        /// What it was called.
        from: String,
        /// What it is called.
        to: String,
    },
    /// Other properties say something else.
    Text {
        /// Their names.
        of: BTreeSet<String>,
    },
    /// Nothing but what says that something changed.
    Stamps,
}

/// An event: its `UID`, and which instance of a series it replaces.
type Key<'a> = (&'a str, Option<&'a str>);

/// What became of the events of `before` in `after`, those that were removed last; empty where the two say the same.
pub(crate) fn differences(before: &[Row], after: &[Row]) -> Vec<Difference> {
    let (before, after) = (Outline::of(before), Outline::of(after));
    let (old, new) = (events(&before), events(&after));
    let here = new.iter().filter_map(|(key, event)| {
        let changes = match old.get(key) {
            None => vec![Change::Added],
            Some(was) => changes(was, event),
        };
        difference(*key, event, changes)
    });
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
    let gone = gone.filter_map(|(key, event)| difference(*key, event, vec![Change::Removed]));
    here.chain(gone).collect()
}

/// The events of a file. Of two with the same key the last one counts, as it does for Google (interop E2).
fn events<'s, 'a>(outline: &'s Outline<'a>) -> BTreeMap<Key<'a>, &'s Component<'a>> {
    let events = outline
        .calendars
        .iter()
        .flat_map(|calendar| &calendar.parts);
    let events = events.filter(|part| part.is("VEVENT"));
    events
        .map(|event| {
            let uid = event.value("UID").unwrap_or_default();
            ((uid, event.value("RECURRENCE-ID")), event)
        })
        .collect()
}

fn difference(key: Key<'_>, event: &Component<'_>, changes: Vec<Change>) -> Option<Difference> {
    (!changes.is_empty()).then(|| Difference {
        uid: key.0.to_owned(),
        title: title(event),
        when: when(event),
        changes,
    })
}

fn changes(was: &Component<'_>, is: &Component<'_>) -> Vec<Change> {
    let names: BTreeSet<String> = [was, is]
        .into_iter()
        .flat_map(|event| &event.lines)
        .map(|line| line.property.name.to_ascii_uppercase())
        .collect();
    let mut others: BTreeSet<String> = names
        .into_iter()
        .filter(|name| said(was, name) != said(is, name))
        .collect();
    let mut take = |some: &[&str]| {
        let before = others.len();
        others.retain(|name| !some.contains(&name.as_str()));
        others.len() < before
    };
    let (stamps, moved, renamed) = (take(&STAMPS), take(&TIMES), take(&["SUMMARY"]));
    let mut changes = Vec::new();
    let cancelled = |event: &Component<'_>| {
        let status = event.value("STATUS");
        status.is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED"))
    };
    match (cancelled(was), cancelled(is)) {
        (false, true) => changes.push(Change::Cancelled),
        (true, false) => changes.push(Change::TakesPlace),
        _ => {}
    }
    if cancelled(was) != cancelled(is) {
        others.remove("STATUS");
    }
    if moved {
        changes.push(Change::Moved {
            from: when(was),
            to: when(is),
        });
    }
    if renamed {
        changes.push(Change::Renamed {
            from: title(was),
            to: title(is),
        });
    }
    if !others.is_empty() {
        changes.push(Change::Text { of: others });
    }
    if changes.is_empty() && stamps {
        changes.push(Change::Stamps);
    }
    changes
}

/// All that `event` says by the name of `name`, in any order: value, zone, kind.
fn said<'a>(event: &Component<'a>, name: &str) -> BTreeSet<[&'a str; 3]> {
    let lines = event.lines.iter().filter(|line| line.property.is(name));
    let parts = |line: &Line<'a>| {
        let param = |name| line.property.param(name).unwrap_or_default();
        [line.property.value, param("TZID"), param("VALUE")]
    };
    lines.map(parts).collect()
}

fn title(event: &Component<'_>) -> String {
    let title = event.value("SUMMARY").map(text).unwrap_or_default();
    if title.is_empty() {
        "(no title)".to_owned()
    } else {
        title
    }
}

/// `2026-11-21 19:00 to 21:00 Europe/Berlin`, and how it is repeated.
fn when(event: &Component<'_>) -> String {
    let Some(start) = event.get("DTSTART") else {
        return "no time".to_owned();
    };
    let (day, from) = moment(start);
    let mut told = match (&from, event.get("DTEND").map(moment)) {
        (None, Some((end, None))) => format!("{day} until before {end}"),
        (None, _) => day.clone(),
        (Some(from), Some((end, Some(to)))) if end == day => format!("{day} {from} to {to}"),
        (Some(from), Some((end, Some(to)))) => format!("{day} {from} to {end} {to}"),
        (Some(from), _) => format!("{day} {from}"),
    };
    if from.is_some() {
        let utc = start.property.value.ends_with('Z').then_some("UTC");
        let zone = start.property.param("TZID").or(utc);
        told.extend(zone.into_iter().flat_map(|zone| [" ", zone]));
    }
    if let Some(length) = event.value("DURATION") {
        told.extend([" for ", length]);
    }
    for name in ["RRULE", "RDATE", "EXDATE"] {
        for line in event.all(name) {
            told.extend([", ", name, " ", line.property.value]);
        }
    }
    told
}

/// The day and the time of day; as it stands where it cannot be read.
fn moment(line: Line<'_>) -> (String, Option<String>) {
    let value = line.property.value;
    let part = |from: usize, to: usize| value.get(from..to);
    let day = (part(0, 4), part(4, 6), part(6, 8));
    let time = (part(9, 11), part(11, 13), part(13, 15));
    let (Some(year), Some(month), Some(number)) = day else {
        return (value.to_owned(), None);
    };
    let time = match time {
        (Some(hour), Some(minute), None | Some("00")) => Some(format!("{hour}:{minute}")),
        (Some(hour), Some(minute), Some(second)) => Some(format!("{hour}:{minute}:{second}")),
        _ => None,
    };
    (format!("{year}-{month}-{number}"), time)
}

impl Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added => f.write_str("added"),
            Self::Removed => f.write_str("removed"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::TakesPlace => f.write_str("takes place after all"),
            Self::Moved { from, to } => write!(f, "moved from {from} to {to}"),
            Self::Renamed { from, to } => write!(f, "renamed from \"{from}\" to \"{to}\""),
            Self::Text { of } => {
                let of: Vec<&str> = of.iter().map(String::as_str).collect();
                write!(f, "changed: {}", of.join(", "))
            }
            Self::Stamps => f.write_str("only its stamps changed"),
        }
    }
}

#[cfg(test)]
mod tests;
