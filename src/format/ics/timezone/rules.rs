//! What a `VTIMEZONE` says, and its content lines (RFC 5545 §3.6.5).

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;

use crate::zones::Offset;

/// What a `VTIMEZONE` says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rules {
    /// The zone; its name is the `TZID`.
    pub tz: Tz,
    /// The smaller offset, whatever the zone data call it (interop Z7).
    pub standard: Observance,
    /// The greater offset, where there are two.
    pub daylight: Option<Observance>,
}

/// One offset of a zone and the yearly change to it (RFC 5545 §3.6.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Observance {
    /// The change in 1970, by the clock that is about to be changed.
    pub start: NaiveDateTime,
    /// The offset before the change.
    pub from: Offset,
    /// The offset after it.
    pub to: Offset,
    /// The abbreviation, such as `CEST` or `-03`.
    pub name: String,
    /// When the change comes back; `None` if there never is one.
    pub rule: Option<YearlyRule>,
}

/// One weekday of one month, such as the last Sunday of October.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct YearlyRule {
    /// 1 to 12.
    pub month: u32,
    /// The day of the week.
    pub weekday: Weekday,
    /// Which of them in the month.
    pub nth: Nth,
}

/// Which of the equal weekdays of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nth {
    /// Counted from the beginning, from 1.
    Number(u8),
    /// The last one.
    Last,
}

impl YearlyRule {
    /// The day of the rule in a year; `None` if it has none.
    #[must_use]
    pub fn day_in(self, year: i32) -> Option<NaiveDate> {
        let day = |n| NaiveDate::from_weekday_of_month_opt(year, self.month, self.weekday, n);
        match self.nth {
            Nth::Number(n) => day(n),
            Nth::Last => day(5).or_else(|| day(4)),
        }
    }
}

impl fmt::Display for YearlyRule {
    /// As `RRULE` takes it (interop Z3).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weekday = match self.weekday {
            Weekday::Mon => "MO",
            Weekday::Tue => "TU",
            Weekday::Wed => "WE",
            Weekday::Thu => "TH",
            Weekday::Fri => "FR",
            Weekday::Sat => "SA",
            Weekday::Sun => "SU",
        };
        write!(f, "FREQ=YEARLY;BYMONTH={};BYDAY=", self.month)?;
        match self.nth {
            Nth::Number(n) => write!(f, "{n}{weekday}"),
            Nth::Last => write!(f, "-1{weekday}"),
        }
    }
}

impl Rules {
    /// Those of UTC, for an empty calendar of a zone that cannot be described.
    pub(in crate::format::ics) fn utc() -> Self {
        Self {
            tz: Tz::UTC,
            standard: Observance {
                start: DateTime::UNIX_EPOCH.naive_utc(),
                from: Offset::east(0),
                to: Offset::east(0),
                name: "UTC".to_owned(),
                rule: None,
            },
            daylight: None,
        }
    }

    /// The content lines, from `BEGIN:VTIMEZONE` to `END:VTIMEZONE`, as names and raw values in the order in which
    /// they are written. No value needs escaping or folding.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let standard = self.standard.lines("STANDARD");
        let daylight = self
            .daylight
            .iter()
            .flat_map(|daylight| daylight.lines("DAYLIGHT"));
        [
            ("BEGIN", "VTIMEZONE".to_owned()),
            ("TZID", self.tz.name().to_owned()),
        ]
        .into_iter()
        .chain(standard)
        .chain(daylight)
        .chain([("END", "VTIMEZONE".to_owned())])
    }
}

impl Observance {
    fn lines(&self, kind: &'static str) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let rule = self.rule.map(|rule| ("RRULE", rule.to_string()));
        [
            ("BEGIN", kind.to_owned()),
            ("DTSTART", self.start.format("%Y%m%dT%H%M%S").to_string()),
            ("TZOFFSETFROM", utc_offset(self.from)),
            ("TZOFFSETTO", utc_offset(self.to)),
            ("TZNAME", self.name.clone()),
        ]
        .into_iter()
        .chain(rule)
        .chain([("END", kind.to_owned())])
    }
}

/// `±HHMM` (RFC 5545 §3.3.14).
pub(super) fn utc_offset(offset: Offset) -> String {
    offset.to_string().replace(':', "")
}
