//! How our own pages tell dates and times, in English.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use crate::{
    domain::when::{DateSpan, TimeSpan, When},
    zones::ZoneData,
};

/// When an event is, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The day, or the first and the last.
    pub(super) day: String,
    /// From when to when, with the zone named (interop B12); or that it is all day.
    pub(super) time: String,
    /// For `<time datetime>`: the first day, or the first instant in UTC.
    pub(super) machine: String,
}

/// Tells `when` in `zone`.
pub(super) fn told(when: When, zone: Tz, zones: &ZoneData) -> Told {
    match when {
        When::Days(days) => Told {
            day: days_told(days),
            time: "all day".to_owned(),
            machine: days.first().to_string(),
        },
        When::Timed(span) => timed(span, zone, zones),
    }
}

fn days_told(days: DateSpan) -> String {
    let last = days.end() - Days::new(1);
    if last == days.first() {
        return date(last);
    }
    format!("{} to {}", date(days.first()), date(last))
}

fn timed(span: TimeSpan, tz: Tz, zones: &ZoneData) -> Told {
    let zone = zones.zone_or_utc(tz);
    let (start, end) = (zone.local(span.start()), zone.local(span.end()));
    let (from, to) = (start.format("%H:%M"), end.format("%H:%M"));
    let here = place(tz);
    let time = if span.is_point() {
        format!("{from}, {here}")
    } else if start.date() == end.date() {
        format!("{from} to {to}, {here}")
    } else {
        format!("{from} to {} {to}, {here}", end.format("%-d %B"))
    };
    Told {
        day: date(start.date()),
        time,
        machine: span.start().format("%FT%TZ").to_string(),
    }
}

/// `Saturday, 21 November 2026`
pub(super) fn date(day: NaiveDate) -> String {
    day.format("%A, %-d %B %Y").to_string()
}

/// What people call the zone: `New York time`.
pub(super) fn place(tz: Tz) -> String {
    match tz.name().rsplit_once('/') {
        Some((area, city)) if area != "Etc" => format!("{} time", city.replace('_', " ")),
        _ => tz.name().rsplit('/').next().unwrap_or("UTC").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_zone_which_is_named() {
        let zones = ZoneData::built_in();
        let new_york = chrono_tz::America::New_York;
        let span = |start: &str, end: &str| {
            let at = |text: &str| text.parse().unwrap();
            When::Timed(TimeSpan::new(at(start), at(end)).unwrap())
        };
        let days = |first: &str, last: &str| {
            let day = |text: &str| text.parse().unwrap();
            When::Days(DateSpan::through(day(first), day(last)).unwrap())
        };
        for (when, day, time) in [
            (
                span("2026-11-22T00:30:00Z", "2026-11-22T03:00:00Z"),
                "Saturday, 21 November 2026",
                "19:30 to 22:00, New York time",
            ),
            (
                span("2026-11-22T03:00:00Z", "2026-11-22T06:00:00Z"),
                "Saturday, 21 November 2026",
                "22:00 to 22 November 01:00, New York time",
            ),
            (
                span("2026-11-22T03:00:00Z", "2026-11-22T03:00:00Z"),
                "Saturday, 21 November 2026",
                "22:00, New York time",
            ),
            (
                days("2026-11-21", "2026-11-21"),
                "Saturday, 21 November 2026",
                "all day",
            ),
            (
                days("2026-11-21", "2026-11-23"),
                "Saturday, 21 November 2026 to Monday, 23 November 2026",
                "all day",
            ),
        ] {
            let told = told(when, new_york, &zones);
            assert_eq!(
                (told.day.as_str(), told.time.as_str()),
                (day, time),
                "{when}"
            );
        }
        assert_eq!(place(Tz::UTC), "UTC");
        assert_eq!(place(chrono_tz::Etc::GMTMinus1), "GMT-1");
    }
}
