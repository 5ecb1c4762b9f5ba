//! When a date entry is, as its wall shows it (`upstreams/add-to-calendar-pro.md` §5, §6).

use std::str::FromStr;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;

use crate::domain::when::{BadSpan, DateSpan};

use super::wire::{Entry, said};

/// Why an event in the year 1 is left out (interop T10).
pub(super) const OUT_OF_YEARS: &str = "it lies outside the years 1970 to 2099";
const CROSSED: &str = "it ends before it starts; its end is ignored";
const NO_START: &str = "it has an end time without a start time; it is taken for whole days";
const NO_END: &str = "it has a start time without an end time; it is taken for a point in time";

/// What a date begins with that is counted from the day of the reader.
const TODAY: &str = "today";

/// When an entry is, before it is known what its wall times mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    /// Whole days; a zone beside them means nothing.
    Days(DateSpan),
    /// From one wall time to another in one zone, `start <= end`.
    Timed {
        start: NaiveDateTime,
        end: NaiveDateTime,
    },
}

/// The zone of an entry's wall times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// None is named, which means UTC.
    Nothing,
    /// A zone that is known.
    Zone(Tz),
    /// A word that no tz database has.
    Unknown,
}

impl Wall {
    /// Reads the dates and times of `entry`; also says what is odd about them.
    pub(super) fn of(entry: &Entry) -> Result<(Self, Option<&'static str>), &'static str> {
        let begins = said(&entry.start_date).ok_or("it has no start date")?;
        let start = Stamp::of(begins)?;
        let end = match said(&entry.end_date) {
            // As nearly always.
            Some(ends) if ends == begins => start,
            Some(ends) => Stamp::of(ends)?,
            None => Stamp {
                time: None,
                ..start
            },
        };
        let first = time(said(&entry.start_time))?.or(start.time);
        let last = time(said(&entry.end_time))?.or(end.time);
        match (first, last) {
            (None, None) => days(start.date, end.date),
            (None, Some(_)) => {
                let (days, odd) = days(start.date, end.date)?;
                Ok((days, odd.or(Some(NO_START))))
            }
            (Some(first), None) => {
                let start = start.date.and_time(first);
                Ok((Self::Timed { start, end: start }, Some(NO_END)))
            }
            (Some(first), Some(last)) => {
                let (start, end) = (start.date.and_time(first), end.date.and_time(last));
                let odd = (end < start).then_some(CROSSED);
                let end = end.max(start);
                Ok((Self::Timed { start, end }, odd))
            }
        }
    }
}

/// From the first day through the last, both of them included.
fn days(first: NaiveDate, last: NaiveDate) -> Result<(Wall, Option<&'static str>), &'static str> {
    let odd = (last < first).then_some(CROSSED);
    let days = DateSpan::through(first, last.max(first));
    let days = days.map_err(|BadSpan| OUT_OF_YEARS)?;
    Ok((Wall::Days(days), odd))
}

/// What stands in a date field: a date, or one with a time of day as buttons on websites write it.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    date: NaiveDate,
    time: Option<NaiveTime>,
}

impl Stamp {
    fn of(text: &str) -> Result<Self, &'static str> {
        let word = text.get(..TODAY.len()).unwrap_or_default();
        if word.eq_ignore_ascii_case(TODAY) {
            // What it means changes every day, and nothing in a feed depends on the day it is read.
            return Err("its date is counted from the day somebody looks at it");
        }
        let (date, clock) = match text.split_once(['T', 't', ' ']) {
            Some((date, clock)) => (date, Some(clock)),
            None => (text, None),
        };
        let date = date.parse::<NaiveDate>().ok();
        // Years of any length can be parsed, and leave no room to reckon with.
        let date = date.filter(|date| (1..=9_999).contains(&date.year()));
        let date = date.ok_or("a date of it cannot be read")?;
        let time = time(clock)?;
        Ok(Self { date, time })
    }
}

/// A time of day to the minute.
fn time(text: Option<&str>) -> Result<Option<NaiveTime>, &'static str> {
    let read = |text: &str| {
        let time = text.parse::<NaiveTime>().ok();
        time.and_then(|time| time.with_second(0)?.with_nanosecond(0))
            .ok_or("a time of it cannot be read")
    };
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(read)
        .transpose()
}

impl Named {
    /// The zone that `name` names: an IANA name, old ones included, or one of four American words.
    pub(super) fn of(name: Option<&str>) -> Self {
        match name {
            None => Self::Nothing,
            Some("PT") => Self::Zone(Tz::America__Los_Angeles),
            Some("MT") => Self::Zone(Tz::America__Denver),
            Some("CT") => Self::Zone(Tz::America__Chicago),
            Some("ET") => Self::Zone(Tz::America__New_York),
            Some(name) => Tz::from_str(name).map_or(Self::Unknown, Self::Zone),
        }
    }
}
