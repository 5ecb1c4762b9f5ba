//! An event on the days of the zone that a screen is told in.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::{
    domain::when::{DateSpan, When},
    feed::listing::Listed,
    zones::Zone,
};

/// Until when an evening goes on: what ends the next morning by then belongs to the day on which it began.
const NIGHT: NaiveTime = NaiveTime::from_hms_opt(6, 0, 0).expect("an hour of the day");

/// An event and its local times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) listed: &'a Listed,
    pub(super) times: Times,
}

/// When an event is, by the clocks of one zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// Whole days.
    Days(DateSpan),
    /// From a local time to another, which is not before it but for a clock that was put back.
    Clock {
        start: NaiveDateTime,
        end: NaiveDateTime,
    },
}

impl<'a> Entry<'a> {
    pub(super) fn of(listed: &'a Listed, zone: &Zone) -> Self {
        let times = match listed.when {
            When::Days(days) => Times::Days(days),
            When::Timed(span) => Times::Clock {
                start: zone.local(span.start()),
                end: zone.local(span.end()),
            },
        };
        Self { listed, times }
    }

    /// The day it begins on.
    pub(super) fn first(&self) -> NaiveDate {
        match self.times {
            Times::Days(days) => days.first(),
            Times::Clock { start, .. } => start.date(),
        }
    }

    /// What its start sorts by among those of one day: its clock.
    pub(super) fn starts(&self) -> NaiveDateTime {
        match self.times {
            Times::Days(days) => days.first().and_time(NaiveTime::MIN),
            Times::Clock { start, .. } => start,
        }
    }

    /// The last day it is shown on.
    pub(super) fn last(&self) -> NaiveDate {
        match self.times {
            Times::Days(days) => days.end() - Days::new(1),
            Times::Clock { start, end } => last_day(start, end),
        }
    }

    /// Whether it has no length. Its clock does not tell: an hour that is repeated ends where it began.
    pub(super) fn is_point(&self) -> bool {
        matches!(self.listed.when, When::Timed(span) if span.is_point())
    }

    /// Whether it has more than one day.
    pub(super) fn spans_days(&self) -> bool {
        self.first() < self.last()
    }

    /// Whether it is shown as days rather than hours.
    pub(super) fn is_of_days(&self) -> bool {
        matches!(self.times, Times::Days(_)) || self.spans_days()
    }

    /// Whether it is shown on `day`.
    pub(super) fn is_on(&self, day: NaiveDate) -> bool {
        (self.first()..=self.last()).contains(&day)
    }

    /// Whether it is over at `now`, `today` being the day there.
    pub(super) fn is_over(&self, now: DateTime<Utc>, today: NaiveDate) -> bool {
        match self.listed.when {
            When::Days(days) => days.end() <= today,
            When::Timed(span) => span.end() < now || (!span.is_point() && span.end() == now),
        }
    }
}

fn last_day(start: NaiveDateTime, end: NaiveDateTime) -> NaiveDate {
    let (first, last) = (start.date(), end.date());
    let before = last.pred_opt().unwrap_or(last);
    if last <= first {
        return first;
    }
    if end.time() == NaiveTime::MIN || (before == first && end.time() <= NIGHT) {
        return before;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evening_that_goes_on_past_midnight_is_of_the_day_it_began_on() {
        for (start, end, want) in [
            ("2026-11-21T19:30", "2026-11-21T22:00", "2026-11-21"),
            ("2026-11-21T19:30", "2026-11-22T00:00", "2026-11-21"),
            ("2026-11-21T22:00", "2026-11-22T06:00", "2026-11-21"),
            ("2026-11-21T22:00", "2026-11-22T06:01", "2026-11-22"),
            ("2026-11-21T10:00", "2026-11-23T02:00", "2026-11-23"),
            ("2026-11-21T10:00", "2026-11-23T00:00", "2026-11-22"),
            ("2026-11-21T10:00", "2026-11-21T10:00", "2026-11-21"),
            ("2026-11-01T01:50", "2026-11-01T01:10", "2026-11-01"),
        ] {
            let at = |text: &str| format!("{text}:00").parse::<NaiveDateTime>().unwrap();
            assert_eq!(
                last_day(at(start), at(end)).to_string(),
                want,
                "{start} {end}"
            );
        }
    }
}
