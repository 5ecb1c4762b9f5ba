//! One event as a `VEVENT` (interop sections 4, 5 and 8).

use crate::{
    domain::{
        event::{Place, Status},
        history::Stamps,
        select::Shown,
        series::Keepsake,
        text::Line,
        when::When,
    },
    zones::Zone,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use chrono_tz::Tz;

use super::line;

/// How the times of an event are written.
#[derive(Debug, Clone, Copy)]
pub enum Clockwork<'a> {
    /// In UTC.
    Utc,
    /// In local time with `TZID`.
    Local(Tz, &'a Zone),
}

impl Clockwork<'_> {
    /// The zone that has to be described beside the event.
    pub(super) fn zone(self) -> Option<Tz> {
        match self {
            Self::Utc => None,
            Self::Local(tz, _) => Some(tz),
        }
    }
}

/// Writes the lines between `BEGIN:VEVENT` and the stamps.
pub fn body(out: &mut Vec<u8>, shown: &Shown<'_>, clockwork: Clockwork<'_>) {
    line::line(out, "UID", |out| shown.uid().write(out));
    times(out, shown.when(), clockwork);
    if let Some(kept) = shown.kept() {
        recurrence(out, kept, clockwork);
    }
    line::text(out, "SUMMARY", &shown.title());
    if let Some(status) = shown.status() {
        line::plain(out, "STATUS", status_value(status));
    }
    // Other people's events do not block the reader's day; a hold may (interop P7).
    let (transparency, busy) = match shown.status() {
        Some(Status::Cancelled) => ("TRANSPARENT", "FREE"),
        Some(Status::Tentative) => ("OPAQUE", "TENTATIVE"),
        _ if shown.is_busy_only() => ("OPAQUE", "BUSY"),
        _ => ("TRANSPARENT", "FREE"),
    };
    line::plain(out, "TRANSP", transparency);
    line::plain(out, "X-MICROSOFT-CDO-BUSYSTATUS", busy);
    // What is empty is left out (interop S15).
    let mut location = location(shown.places()).peekable();
    if location.peek().is_some() {
        line::text_lines(out, "LOCATION", location);
    }
    if !shown.details().is_empty() {
        line::text(out, "DESCRIPTION", shown.details());
    }
    let mut categories = shown.categories().peekable();
    if categories.peek().is_some() {
        line::texts(out, "CATEGORIES", categories);
    }
}

/// Writes the lines that say when and how often the rest changed (interop E3 to E6).
pub fn stamps(out: &mut Vec<u8>, stamps: Stamps) {
    line::line(out, "CREATED", |out| utc(out, stamps.created));
    line::line(out, "DTSTAMP", |out| utc(out, stamps.modified));
    line::line(out, "LAST-MODIFIED", |out| utc(out, stamps.modified));
    line::plain(out, "SEQUENCE", &stamps.sequence.to_string());
}

fn times(out: &mut Vec<u8>, when: When, clockwork: Clockwork<'_>) {
    match when {
        When::Days(days) => {
            line::line(out, "DTSTART;VALUE=DATE", |out| date(out, days.first()));
            line::line(out, "DTEND;VALUE=DATE", |out| date(out, days.end()));
        }
        When::Timed(span) => {
            time(out, "DTSTART", span.start(), clockwork);
            // A point in time has no end of its own (interop T7).
            if !span.is_point() {
                time(out, "DTEND", span.end(), clockwork);
            }
        }
    }
}

/// Writes what repeats an event: one rule, and its exceptions in the form of `DTSTART` (interop R5, R6).
fn recurrence(out: &mut Vec<u8>, kept: &Keepsake, clockwork: Clockwork<'_>) {
    line::line(out, "RRULE", |out| {
        out.extend_from_slice(format!("{kept};UNTIL=").as_bytes());
        match kept.last() {
            When::Days(days) => date(out, days.first()),
            When::Timed(span) => utc(out, span.start()),
        }
    });
    for except in kept.except() {
        match (kept.when(), clockwork) {
            (When::Days(_), _) => {
                line::line(out, "EXDATE;VALUE=DATE", |out| date(out, except.date()));
            }
            (When::Timed(_), Clockwork::Local(tz, _)) => {
                line::zoned(out, "EXDATE", tz.name(), |out| date_time(out, *except));
            }
            (When::Timed(_), Clockwork::Utc) => {}
        }
    }
}

fn time(out: &mut Vec<u8>, name: &str, at: DateTime<Utc>, clockwork: Clockwork<'_>) {
    match clockwork {
        Clockwork::Utc => line::line(out, name, |out| utc(out, at)),
        Clockwork::Local(tz, zone) => {
            line::zoned(out, name, tz.name(), |out| date_time(out, zone.local(at)));
        }
    }
}

/// An instant as `20261121T193000Z` (RFC 5545 §3.3.5, form 2).
fn utc(out: &mut Vec<u8>, at: DateTime<Utc>) {
    date_time(out, at.naive_utc());
    out.push(b'Z');
}

/// A local time as `20261121T193000`. By hand, since chrono's formatter takes a third of the time of a whole feed.
fn date_time(out: &mut Vec<u8>, at: NaiveDateTime) {
    date(out, at.date());
    out.push(b'T');
    digits::<2>(out, at.hour());
    digits::<2>(out, at.minute());
    digits::<2>(out, at.second());
}

/// A day as `20261121`; years have four digits (interop T10).
fn date(out: &mut Vec<u8>, day: NaiveDate) {
    digits::<4>(out, day.year().unsigned_abs());
    digits::<2>(out, day.month());
    digits::<2>(out, day.day());
}

/// The last `N` decimal digits of `number`.
fn digits<const N: usize>(out: &mut Vec<u8>, mut number: u32) {
    let mut text = [b'0'; N];
    for digit in text.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
    out.extend_from_slice(&text);
}

fn status_value(status: Status) -> &'static str {
    match status {
        Status::Tentative => "TENTATIVE",
        Status::Confirmed => "CONFIRMED",
        Status::Cancelled => "CANCELLED",
    }
}

/// Name and address of each place, a line each (interop P5).
fn location(places: &[Place]) -> impl Iterator<Item = &str> {
    places
        .iter()
        .flat_map(|place| [&place.name, &place.address])
        .filter(|line| !line.is_empty())
        .map(Line::as_str)
}
