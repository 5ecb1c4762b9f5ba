//! From the components of a file to events; pure.

use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use memchr::memchr2;
use url::Url;

use crate::{
    domain::{
        batch::{Batch, Remark},
        event::{Event, Group, GroupKind, Place, Status},
        id::{EventUid, GroupId, SourceId},
        text::{Line, Text},
        when::YEARS,
    },
    source::html,
    zones::ZoneData,
};

use super::{
    clock::Clocks,
    family::{Context, Family},
    line::Lines,
    record::{Calendar, EVENTS_MAX, Record, Records},
    span::Span,
    value::{self, Written},
};

/// What an event without a title is called.
const UNTITLED: &str = "Untitled";
/// How long a file may ask to be left alone; beyond it the value is more likely a mistake than a plan.
const REST_MAX: Duration = Duration::from_hours(24);
/// The longest text of an event, in characters, before the address that is put behind it.
const DETAILS_MAX: usize = 3_500;

/// All that the mapping needs to know beside the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mapping<'a> {
    pub(super) source: &'a SourceId,
    /// Where floating times are, unless the file says.
    pub(super) zone: Tz,
    pub(super) data: &'a ZoneData,
}

impl Mapping<'_> {
    /// Maps every event that is public; one that cannot be understood is left out with a remark.
    pub(super) fn batch(self, body: &[u8]) -> Batch {
        let mut batch = Batch::default();
        let lines = Lines::unfold(body);
        let records = Records::of(&lines);
        if records.bad_lines > 0 {
            batch.remarks.insert(Remark::BadLines(records.bad_lines));
        }
        if records.is_cut {
            batch.remarks.insert(Remark::LeftOut {
                id: format!("number {} and all after it", EVENTS_MAX + 1),
                why: "the file has too many",
            });
        }
        let calendars = &records.calendars;
        let mut context = Context {
            mapping: self,
            clocks: &mut Clocks::new(calendars, self.zone, self.data),
            batch: &mut batch,
        };
        for family in Family::all(calendars) {
            family.map(&mut context);
        }
        batch.poll_after = calendars.iter().filter_map(rest).max();
        batch
    }

    /// The UID of what the file knows under `id`.
    pub(super) fn uid(self, id: &str) -> EventUid {
        EventUid::new(self.source, id)
    }
}

/// The event that `record` describes, at `span`.
pub(super) fn event(record: &Record<'_>, uid: EventUid, span: &Span, batch: &mut Batch) -> Event {
    Event {
        uid,
        when: span.when,
        title: title(record),
        details: details(record),
        places: place(record).into_iter().collect(),
        groups: groups(record, batch),
        status: record.status.and_then(status),
        zone: span.clock.as_ref().and_then(super::clock::Clock::zone),
        series: None,
        created: record.created.and_then(stamp),
        updated: record.modified.and_then(stamp),
    }
}

/// How long a calendar asks to be left alone: `REFRESH-INTERVAL` (RFC 7986 §5.7), else what Outlook writes.
fn rest(calendar: &Calendar<'_>) -> Option<Duration> {
    let told = [calendar.refresh, calendar.ttl];
    let told = told.into_iter().flatten().find_map(value::Duration::parse);
    let rest = told?.nominal().to_std().ok()?;
    Some(rest.min(REST_MAX))
}

fn title(record: &Record<'_>) -> Line {
    let title = value::text(record.summary.unwrap_or_default());
    let title = Line::new(&readable(title));
    if title.is_empty() {
        Line::new(UNTITLED)
    } else {
        title
    }
}

/// The text, with the address of the event as its last line unless it is in it already.
fn details(record: &Record<'_>) -> Text {
    let plain = value::text(record.description.unwrap_or_default());
    let text = if plain.trim().is_empty() {
        html::to_text(&value::text(record.html.unwrap_or_default()))
    } else {
        readable(plain)
    };
    let text = Text::new(&text);
    let url = record
        .url
        .and_then(|url| Url::parse(&value::text(url.trim())).ok());
    let url =
        url.filter(|url| matches!(url.scheme(), "http" | "https") && url.password().is_none());
    match url {
        Some(url) if !text.as_str().contains(url.as_str()) => {
            let end = text.as_str().char_indices().nth(DETAILS_MAX);
            let head = &text.as_str()[..end.map_or(text.as_str().len(), |(at, _)| at)];
            Text::new(&format!("{head}\n\n{url}"))
        }
        _ => text,
    }
}

/// Plain text as it is, HTML without its tags. Plain text may hold addresses in angle brackets.
fn readable(text: String) -> String {
    const TAGS: [&str; 19] = [
        "a", "b", "br", "div", "em", "font", "h1", "h2", "h3", "html", "i", "li", "ol", "p",
        "span", "strong", "table", "u", "ul",
    ];
    const BLOCKS: [&str; 9] = ["br", "div", "h1", "h2", "h3", "li", "p", "table", "html"];
    if memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return text;
    }
    let has = |wanted: &[&str]| {
        text.match_indices('<').any(|(at, _)| {
            let tag = text[at + 1..].trim_start_matches('/');
            let end = tag
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or_default();
            let (name, after) = tag.split_at(end);
            after.starts_with(['>', ' ', '/'])
                && wanted
                    .iter()
                    .any(|wanted| wanted.eq_ignore_ascii_case(name))
        })
    };
    let entities = ["&amp;", "&nbsp;", "&lt;", "&gt;", "&quot;", "&#"];
    if has(&BLOCKS) {
        html::to_text(&text)
    } else if has(&TAGS) || entities.iter().any(|entity| text.contains(entity)) {
        html::to_text(&text.replace('\n', "<br>"))
    } else {
        text
    }
}

/// The place: its first line is its name, the others are its address.
fn place(record: &Record<'_>) -> Option<Place> {
    let text = readable(value::text(record.location?));
    let (name, address) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    let name = Line::new(name);
    (!name.is_empty()).then(|| Place {
        id: GroupId::new(name.as_str()),
        name,
        address: Line::new(address),
    })
}

/// The categories, each a group whose id is its name.
fn groups(record: &Record<'_>, batch: &mut Batch) -> Vec<GroupId> {
    let mut ids: Vec<GroupId> = record
        .categories
        .iter()
        .flat_map(|list| value::list(list))
        .map(|name| Line::new(&value::text(name)))
        .filter(|name| !name.is_empty())
        .map(|name| {
            let id = GroupId::new(name.as_str());
            let group = Group {
                name,
                kind: GroupKind::Tag,
            };
            batch.groups.entry(id.clone()).or_insert(group);
            id
        })
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

fn status(text: &str) -> Option<Status> {
    match text.trim().to_ascii_uppercase().as_str() {
        "TENTATIVE" => Some(Status::Tentative),
        "CONFIRMED" => Some(Status::Confirmed),
        "CANCELLED" | "CANCELED" => Some(Status::Cancelled),
        _ => None,
    }
}

/// When something was made or changed; without a zone it is taken for UTC, as it should be.
pub(super) fn stamp(text: &str) -> Option<DateTime<Utc>> {
    let at = match Written::parse(text)? {
        Written::Utc(at) => at,
        Written::Wall(wall) => wall.and_utc(),
        Written::Date(_) => return None,
    };
    Some(at).filter(|at| YEARS.contains(&at.year()))
}

#[cfg(test)]
mod tests;
