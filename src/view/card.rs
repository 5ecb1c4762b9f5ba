//! One event as the texts that stand for it.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::{
    domain::{event::Status, when::When},
    feed::listing::{Listed, Where},
    locale::texts::Texts,
};

use super::{
    asked::Asked,
    entry::{Entry, Times},
    words::Details,
};

/// An event, ready to be printed. All of it is text; nothing is markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The page of the event.
    pub href: String,
    /// One line.
    pub title: String,
    /// For machines: an instant in UTC or a date (interop B12).
    pub start: String,
    /// The same of its end, a day included.
    pub end: String,
    /// The time of day it begins at; `None` for whole days.
    pub begins: Option<String>,
    /// Its time in short: `7:30 – 10:00 PM`, `All day`, and until when if it has several days.
    pub time: String,
    /// The day it begins on, in full.
    pub date: String,
    /// Its times by the clocks of its own zone, where they differ (interop B12).
    pub elsewhere: Option<String>,
    /// What is not as usual about it.
    pub mark: Option<Mark>,
    /// Where it is; as the options say.
    pub places: Vec<String>,
    /// Paragraphs of what it is about; as the options say.
    pub details: Vec<String>,
    /// What it belongs to; as the options say.
    pub categories: Vec<String>,
    /// Whether it has several days or whole ones.
    pub is_of_days: bool,
}

/// What is not as usual about an event: a word and a shape, never a colour alone (interop B11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The class of its shape: `cancelled` or `tentative`.
    pub class: &'static str,
    /// The word, in the visitor's language.
    pub word: &'static str,
}

impl Mark {
    /// What has to be said of whether an event takes place, in the language of `texts`.
    #[must_use]
    pub const fn of(status: Option<Status>, texts: &Texts) -> Option<Self> {
        match status {
            Some(Status::Confirmed) | None => None,
            Some(Status::Tentative) => Some(Self {
                class: "tentative",
                word: texts.tentative,
            }),
            Some(Status::Cancelled) => Some(Self {
                class: "cancelled",
                word: texts.cancelled,
            }),
        }
    }
}

impl Card {
    pub(super) fn of(entry: &Entry<'_>, asked: &Asked<'_>) -> Self {
        let listed = entry.listed;
        let (start, end) = machine(listed, entry);
        let full = asked.options.details == Details::Full;
        Self {
            href: asked.address.event(listed.uid),
            title: listed.title.clone(),
            start,
            end,
            begins: begins(entry, asked),
            time: time(entry, asked),
            date: asked.dates.full(entry.first()),
            elsewhere: elsewhere(listed, asked),
            mark: Mark::of(listed.status, asked.texts),
            places: places(&listed.places, asked.options.details),
            details: if full {
                let lines = listed.details.lines().map(str::trim);
                lines
                    .filter(|line| !line.is_empty())
                    .map(str::to_owned)
                    .collect()
            } else {
                Vec::new()
            },
            categories: if full {
                listed.categories.clone()
            } else {
                Vec::new()
            },
            is_of_days: entry.is_of_days(),
        }
    }
}

fn machine(listed: &Listed, entry: &Entry<'_>) -> (String, String) {
    let utc = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    match listed.when {
        When::Days(_) => (entry.first().to_string(), entry.last().to_string()),
        When::Timed(span) => (utc(span.start()), utc(span.end())),
    }
}

fn begins(entry: &Entry<'_>, asked: &Asked<'_>) -> Option<String> {
    match entry.times {
        Times::Days(_) => None,
        Times::Clock { start, .. } => Some(asked.dates.time(start.time())),
    }
}

/// The time in words. The last day of several is said, and is included.
fn time(entry: &Entry<'_>, asked: &Asked<'_>) -> String {
    let (dates, texts) = (asked.dates, asked.texts);
    let until = |day: NaiveDate| (texts.until)(&dates.weekday_and_day(day));
    match entry.times {
        Times::Days(_) if entry.spans_days() => {
            [texts.all_day, &until(entry.last())].join(texts.comma)
        }
        Times::Days(_) => texts.all_day.to_owned(),
        Times::Clock { start, .. } if entry.is_point() => dates.time(start.time()),
        Times::Clock { start, end } if entry.spans_days() => [
            dates.time(start.time()),
            until(end.date()),
            dates.time(end.time()),
        ]
        .join(texts.comma),
        Times::Clock { start, end } => {
            (texts.span)(&dates.time(start.time()), &dates.time(end.time()))
        }
    }
}

/// Its start by the clock of its own zone, with the zone named, where that clock shows something else.
fn elsewhere(listed: &Listed, asked: &Asked<'_>) -> Option<String> {
    let When::Timed(span) = listed.when else {
        return None;
    };
    let (here, there) = (
        asked
            .listing
            .zones
            .zone_or_utc(asked.zone)
            .local(span.start()),
        asked
            .listing
            .zones
            .zone_or_utc(listed.zone)
            .local(span.start()),
    );
    if here == there {
        return None;
    }
    let time = asked.dates.time(there.time());
    let city = asked.dates.city(listed.zone);
    Some(if here.date() == there.date() {
        format!("{city}: {time}")
    } else {
        let day = asked.dates.short_day(there.date());
        format!("{city}: {day}{}{time}", asked.texts.comma)
    })
}

/// Where it is: names, with addresses where all is told.
fn places(places: &[Where], details: Details) -> Vec<String> {
    let told = |place: &Where| match (details, place.name.as_str(), place.address.as_str()) {
        (Details::None, ..) | (_, "", "") => None,
        (_, "", address) => Some(address.to_owned()),
        (Details::Full, name, address) if !address.is_empty() => Some(format!("{name}, {address}")),
        (_, name, _) => Some(name.to_owned()),
    };
    places.iter().filter_map(told).collect()
}
