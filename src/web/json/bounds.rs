//! From when to when a program asks for events.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::{
    domain::{
        when::{DateSpan, When},
        window::WindowSpec,
    },
    zones::Zone,
};

/// A half-open span of time, at most as long as a window may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    start: Edge,
    end: Edge,
    /// Its days and those beside them, in which every zone has begun and ended it.
    window: WindowSpec,
}

/// An end of it, as it was written.
#[derive(Debug, Clone, Copy)]
enum Edge {
    Instant(DateTime<FixedOffset>),
    /// By the clock of the zone that the program names, or else the feed's.
    Local(NaiveDateTime),
}

impl Bounds {
    /// From `start` up to, but not including, `end`, each an ISO 8601 date, or a time with or without an offset.
    pub(super) fn read(start: &str, end: &str) -> Option<Self> {
        let (start, end) = (Edge::read(start)?, Edge::read(end)?);
        if start.local() >= end.local() {
            return None;
        }
        let days = DateSpan::through(start.local().date(), end.local().date()).ok()?;
        let window = WindowSpec::Range(days.padded(1));
        // The text form knows how long a window may be.
        let window = window.to_string().parse().ok()?;
        Some(Self { start, end, window })
    }

    /// What to ask a feed for.
    pub(super) const fn window(&self) -> WindowSpec {
        self.window
    }

    /// The same, where a local time is one of `zone`.
    pub(super) fn within(self, zone: &Zone) -> Within {
        let end = self.end.local();
        let begun = u64::from(end.time() != NaiveTime::MIN);
        Within {
            first: self.start.local().date(),
            end_day: end.date() + Days::new(begun),
            start: self.start.instant(zone),
            end: self.end.instant(zone),
        }
    }
}

/// [`Bounds`] in a zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within {
    first: NaiveDate,
    /// The first day that has not begun when it ends.
    end_day: NaiveDate,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Within {
    /// Whether an event at `when` shows: by overlap, as in a window (interop W5).
    pub(super) fn shows(&self, when: When) -> bool {
        match when {
            When::Days(days) => days.first() < self.end_day && self.first < days.end(),
            When::Timed(span) if span.is_point() => (self.start..self.end).contains(&span.start()),
            When::Timed(span) => span.start() < self.end && self.start < span.end(),
        }
    }
}

impl Edge {
    fn read(text: &str) -> Option<Self> {
        // Who forgets to escape the sign of an offset sends a blank.
        let text = text.replace(' ', "+");
        if let Ok(instant) = DateTime::parse_from_rfc3339(&text) {
            return Some(Self::Instant(instant));
        }
        let local = text.parse::<NaiveDateTime>().ok();
        let midnight = || Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN));
        local.or_else(midnight).map(Self::Local)
    }

    fn local(self) -> NaiveDateTime {
        match self {
            Self::Instant(instant) => instant.naive_local(),
            Self::Local(local) => local,
        }
    }

    fn instant(self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Instant(instant) => instant.to_utc(),
            Self::Local(local) => zone.instant(local),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{domain::when::TimeSpan, zones::ZoneData};

    use super::*;

    #[test]
    fn what_is_no_span_of_at_most_ten_years_is_not_taken() {
        for (start, end, window) in [
            ("2026-11-01", "2026-12-01", Some("2026-10-31..2026-12-02")),
            (
                "2026-11-01T00:00:00Z",
                "2026-11-02T00:00:00Z",
                Some("2026-10-31..2026-11-03"),
            ),
            (
                "2026-11-01T00:00:00 02:00",
                "2026-11-02T00:00:00+02:00",
                Some("2026-10-31..2026-11-03"),
            ),
            (
                "2026-11-01T00:00:00",
                "2026-11-08T00:00:00",
                Some("2026-10-31..2026-11-09"),
            ),
            ("2026-12-01", "2026-11-01", None),
            ("2026-11-01", "2026-11-01", None),
            ("2026-11-01", "2046-11-01", None),
            ("1826-11-01", "1826-12-01", None),
            ("november", "december", None),
            ("+262142-12-31", "+262143-01-01", None),
            ("", "", None),
        ] {
            let bounds = Bounds::read(start, end);
            let found = bounds.map(|bounds| bounds.window().to_string());
            assert_eq!(found.as_deref(), window, "{start} {end}");
        }
    }

    #[test]
    fn an_event_shows_if_it_overlaps_in_the_zone_that_is_asked_in() {
        let zones = ZoneData::built_in();
        let at = |text: &str| text.parse().unwrap();
        let timed =
            |start: &str, end: &str| When::Timed(TimeSpan::new(at(start), at(end)).unwrap());
        let evening = timed("2026-11-01T03:30:00Z", "2026-11-01T05:00:00Z");
        for (zone, shows) in [
            // 23:30 to 01:00 in New York, where it is still October at first.
            (chrono_tz::America::New_York, true),
            (chrono_tz::Tz::UTC, true),
            (chrono_tz::America::Los_Angeles, false),
        ] {
            let bounds = Bounds::read("2026-11-01", "2026-11-02").unwrap();
            let within = bounds.within(zones.zone_or_utc(zone));
            assert_eq!(within.shows(evening), shows, "{zone}");
        }
    }
}
