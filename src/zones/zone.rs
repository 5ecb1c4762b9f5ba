//! The rules of one zone: which offset holds when.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use jiff::{
    Timestamp,
    tz::{AmbiguousOffset, TimeZone},
};

use super::offsets::Offsets;

/// How far local time is ahead of UTC, in seconds; negative west of Greenwich.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(i32);

/// A change of offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The first instant with the new offset.
    pub at: DateTime<Utc>,
    /// The offset until then.
    pub before: Offset,
    /// The offset from then on, never equal to `before`.
    pub after: Offset,
}

/// The rules of one zone. Cheap to clone; every question is answered from memory.
#[derive(Debug, Clone)]
pub struct Zone {
    rules: TimeZone,
    /// Of the few zones that are in use.
    offsets: Arc<OnceLock<Offsets>>,
}

impl Offset {
    /// No offset.
    pub const UTC: Self = Self(0);

    /// An offset of so many seconds east of Greenwich.
    #[must_use]
    pub fn east(seconds: i32) -> Self {
        Self(seconds)
    }

    /// Seconds east of Greenwich.
    #[must_use]
    pub fn seconds(self) -> i32 {
        self.0
    }

    fn delta(self) -> TimeDelta {
        TimeDelta::seconds(self.0.into())
    }
}

impl fmt::Display for Offset {
    /// As ISO 8601 writes it: `-07:00`, and with seconds where there are any: `+05:53:28`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let seconds = self.0.unsigned_abs();
        let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        match rest {
            0 => f.pad(&format!("{sign}{hours:02}:{minutes:02}")),
            _ => f.pad(&format!("{sign}{hours:02}:{minutes:02}:{rest:02}")),
        }
    }
}

impl From<jiff::tz::Offset> for Offset {
    fn from(offset: jiff::tz::Offset) -> Self {
        Self(offset.seconds())
    }
}

impl Transition {
    /// What clocks showed when they were changed: the local time of the change by the old offset.
    #[must_use]
    pub fn wall(&self) -> NaiveDateTime {
        self.at.naive_utc() + self.before.delta()
    }
}

impl Zone {
    /// Coordinated Universal Time, which needs no data.
    #[must_use]
    pub fn utc() -> Self {
        TimeZone::UTC.into()
    }

    /// The zone `name` as compiled by `zic` (RFC 8536).
    ///
    /// # Errors
    /// When `bytes` are no `TZif` data.
    pub fn tzif(name: &str, bytes: &[u8]) -> Result<Self, jiff::Error> {
        TimeZone::tzif(name, bytes).map(Self::from)
    }

    /// The offset that holds at an instant.
    #[must_use]
    pub fn offset_at(&self, at: DateTime<Utc>) -> Offset {
        let at = at.timestamp();
        let known = self.offsets().at(at);
        known.unwrap_or_else(|| self.rules.to_offset(second(at)).into())
    }

    /// The abbreviation in use at an instant, such as `CEST` or `-03`.
    #[must_use]
    pub fn abbreviation_at(&self, at: DateTime<Utc>) -> String {
        let info = self.rules.to_offset_info(second(at.timestamp()));
        info.abbreviation().to_owned()
    }

    /// What a clock on the wall shows at an instant.
    #[must_use]
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + self.offset_at(at).delta()
    }

    /// The instant of a local time: of one that occurs twice the first occurrence; one that is skipped moves
    /// forward by the length of the gap, as RFC 5545 §3.3.5 reads both.
    #[must_use]
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let plain = self.offsets().plain(local.and_utc().timestamp());
        let offset = plain.unwrap_or_else(|| match self.ambiguity(local) {
            AmbiguousOffset::Unambiguous { offset: before }
            | AmbiguousOffset::Gap { before, .. }
            | AmbiguousOffset::Fold { before, .. } => before.into(),
        });
        let instant = local.checked_sub_signed(offset.delta());
        instant.unwrap_or(local).and_utc()
    }

    /// The first instant of a day: its midnight, or where midnight is skipped the end of the gap.
    #[must_use]
    pub fn first_instant(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let instant = self.instant(midnight);
        match self.ambiguity(midnight) {
            AmbiguousOffset::Gap { after, .. } => {
                let earliest = (midnight - Offset::from(after).delta()).and_utc();
                let gap = self
                    .transitions(earliest, instant + TimeDelta::seconds(1))
                    .next();
                gap.map_or(instant, |gap| gap.at)
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => instant,
        }
    }

    /// Whether a local time occurs twice.
    #[must_use]
    pub fn is_repeated(&self, local: NaiveDateTime) -> bool {
        let plain = self.offsets().plain(local.and_utc().timestamp());
        plain.is_none() && matches!(self.ambiguity(local), AmbiguousOffset::Fold { .. })
    }

    /// The changes of offset at `from` or later and before `to`, in order. Changes of name alone are none.
    pub fn transitions(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = Transition> + '_ {
        let eve = from - TimeDelta::seconds(1);
        // By the rules: whoever compares whole databases asks this once of each zone.
        let mut before = Offset::from(self.rules.to_offset(second(eve.timestamp())));
        self.rules
            .following(second(eve.timestamp()))
            .map_while(move |change| {
                let at = DateTime::from_timestamp_secs(change.timestamp().as_second())?;
                (at < to).then(|| (at, Offset::from(change.offset())))
            })
            .filter_map(move |(at, after)| {
                let before = std::mem::replace(&mut before, after);
                (before != after).then_some(Transition { at, before, after })
            })
    }

    fn offsets(&self) -> &Offsets {
        self.offsets.get_or_init(|| Offsets::of(&self.rules))
    }

    fn ambiguity(&self, local: NaiveDateTime) -> AmbiguousOffset {
        let civil = jiff::tz::Offset::UTC.to_datetime(second(local.and_utc().timestamp()));
        self.rules.to_ambiguous_timestamp(civil).offset()
    }
}

impl From<TimeZone> for Zone {
    fn from(rules: TimeZone) -> Self {
        Self {
            rules,
            offsets: Arc::default(),
        }
    }
}

/// The instant so many seconds after 1970; beyond the years -9999 to 9999 the nearest one within.
fn second(seconds: i64) -> Timestamp {
    let seconds = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::zones::data::tests::built_in;

    fn zone(name: &str) -> Zone {
        let data = built_in();
        data.zone(name.parse().unwrap()).unwrap().clone()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn an_offset_reads_like_iso_8601() {
        for (seconds, want) in [
            (0, "+00:00"),
            (-25_200, "-07:00"),
            (20_700, "+05:45"),
            (-1_800, "-00:30"),
            (21_208, "+05:53:28"),
            (-2_670, "-00:44:30"),
        ] {
            assert_eq!(Offset::east(seconds).to_string(), want);
        }
    }

    #[test]
    fn a_repeated_time_means_its_first_occurrence_and_a_skipped_one_moves_forward() {
        for (name, wall, want, repeated) in [
            (
                "Europe/Berlin",
                "2026-07-01T12:00:00",
                "2026-07-01T10:00:00Z",
                false,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T01:59:59",
                "2026-03-29T00:59:59Z",
                false,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T02:00:00",
                "2026-03-29T01:00:00Z",
                false,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T02:30:00",
                "2026-03-29T01:30:00Z",
                false,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T03:00:00",
                "2026-03-29T01:00:00Z",
                false,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T01:59:59",
                "2026-10-24T23:59:59Z",
                false,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T02:00:00",
                "2026-10-25T00:00:00Z",
                true,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T02:59:59",
                "2026-10-25T00:59:59Z",
                true,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T03:00:00",
                "2026-10-25T02:00:00Z",
                false,
            ),
            (
                "Australia/Lord_Howe",
                "2027-04-04T01:45:00",
                "2027-04-03T14:45:00Z",
                true,
            ),
            (
                "America/Vancouver",
                "2026-12-01T12:00:00",
                "2026-12-01T19:00:00Z",
                false,
            ),
            ("UTC", "2026-12-01T12:00:00", "2026-12-01T12:00:00Z", false),
        ] {
            let zone = zone(name);
            assert_eq!(zone.instant(local(wall)), at(want), "{name} {wall}");
            assert_eq!(zone.is_repeated(local(wall)), repeated, "{name} {wall}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_or_where_the_gap_over_midnight_ends() {
        for (name, day, want) in [
            ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
            ("America/Havana", "2025-03-09", "2025-03-09T05:00:00Z"), // 00:00 to 01:00 is skipped
            ("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z"), // 00:00 occurs twice
            ("America/Scoresbysund", "2024-03-31", "2024-03-31T01:00:00Z"), // -01 to -02 and summer time at once
            ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"), // 23:30 to 00:30 is skipped
            ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),    // the whole day is skipped
            ("America/Asuncion", "2024-03-24", "2024-03-24T04:00:00Z"), // clocks go back at 24:00
        ] {
            let day = day.parse().unwrap();
            assert_eq!(zone(name).first_instant(day), at(want), "{name} {day}");
        }
    }

    #[test]
    fn transitions_are_those_of_the_half_open_span() {
        let zone = zone("America/New_York");
        let spring = at("2026-03-08T07:00:00Z");
        let autumn = at("2026-11-01T06:00:00Z");
        let second = TimeDelta::seconds(1);
        for (from, to, want) in [
            (spring, autumn, vec![spring]),
            (spring, autumn + second, vec![spring, autumn]),
            (spring + second, autumn + second, vec![autumn]),
            (spring + second, autumn, vec![]),
        ] {
            let found: Vec<_> = zone.transitions(from, to).map(|change| change.at).collect();
            assert_eq!(found, want, "{from} {to}");
        }
        let change = zone.transitions(spring, autumn).next().unwrap();
        assert_eq!(
            (change.before, change.after),
            (Offset(-18_000), Offset(-14_400))
        );
        assert_eq!(change.wall(), local("2026-03-08T02:00:00"));
    }

    #[test]
    fn times_far_outside_any_calendar_do_not_panic() {
        let zone = zone("Europe/Berlin");
        for year in [-200_000, 200_000] {
            let day = NaiveDate::from_ymd_opt(year, 7, 1).unwrap();
            let wall = zone.local(zone.first_instant(day));
            assert_eq!(wall.date(), day, "{year}");
        }
    }

    proptest! {
        #[test]
        fn an_instant_survives_the_way_through_local_time_unless_that_occurs_twice(
            tz in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
            seconds in 0_i64..4_102_444_800,
        ) {
            let data = built_in();
            let at = DateTime::from_timestamp_secs(seconds).unwrap();
            if let Some(zone) = data.zone(tz) {
                let wall = zone.local(at);
                prop_assert!(zone.is_repeated(wall) || zone.instant(wall) == at, "{tz} {at}");
                prop_assert_eq!(zone.local(zone.instant(wall)), wall, "{} {}", tz, at);
                let day = zone.first_instant(wall.date());
                prop_assert!(day <= at, "{tz} {at} {day}");
                prop_assert_eq!(zone.local(day).date(), wall.date(), "{} {}", tz, at);
            }
        }
    }
}
