//! Where two tz databases disagree.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{
    data::ZoneData,
    zone::{Offset, Zone},
};

/// A zone of which two databases say different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The zone.
    pub tz: Tz,
    /// The first instant of the years asked about at which the offsets differ.
    pub at: DateTime<Utc>,
    /// The offset then by the first database.
    pub left: Offset,
    /// The offset then by the second database.
    pub right: Offset,
}

/// The zones that are in both databases and whose offsets differ anywhere in `years` (of UTC), by name.
#[must_use]
pub fn differences(
    left: &ZoneData,
    right: &ZoneData,
    years: RangeInclusive<i32>,
) -> Vec<Difference> {
    let (from, to) = bounds(years);
    let difference = |tz: Tz| {
        let (left, right) = (left.zone(tz)?, right.zone(tz)?);
        let at = first_difference(left, right, from, to)?;
        Some(Difference {
            tz,
            at,
            left: left.offset_at(at),
            right: right.offset_at(at),
        })
    };
    TZ_VARIANTS.into_iter().filter_map(difference).collect()
}

/// The half-open span of whole `years`, in UTC.
pub(crate) fn bounds(years: RangeInclusive<i32>) -> (DateTime<Utc>, DateTime<Utc>) {
    let new_year = |year| {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
        day.and_time(NaiveTime::MIN).and_utc()
    };
    (new_year(*years.start()), new_year(years.end() + 1))
}

fn first_difference(
    left: &Zone,
    right: &Zone,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if left.offset_at(from) != right.offset_at(from) {
        return Some(from);
    }
    let (mut lefts, mut rights) = (left.transitions(from, to), right.transitions(from, to));
    loop {
        match (lefts.next(), rights.next()) {
            (None, None) => return None,
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => return Some(left.at.min(right.at)),
            (Some(only), None) | (None, Some(only)) => return Some(only.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zones::data::tests::{built_in, fixture};

    #[test]
    fn the_zones_that_changed_since_2025b_are_found_with_their_first_moment() {
        let hours = |hours: i32| Offset::east(hours * 3_600);
        let found = differences(&fixture(), built_in(), 2025..=2030);
        let want = [
            (
                "Africa/Casablanca",
                "2026-09-20T01:00:00Z",
                hours(1),
                hours(0),
            ),
            (
                "America/Edmonton",
                "2026-11-01T08:00:00Z",
                hours(-7),
                hours(-6),
            ),
            (
                "America/Vancouver",
                "2026-11-01T09:00:00Z",
                hours(-8),
                hours(-7),
            ),
        ];
        let want = want.map(|(tz, at, left, right)| Difference {
            tz: tz.parse().unwrap(),
            at: at.parse().unwrap(),
            left,
            right,
        });
        assert_eq!(found, want);
    }

    #[test]
    fn years_without_a_difference_yield_none_and_years_that_begin_within_one_yield_their_beginning()
    {
        assert_eq!(differences(&fixture(), built_in(), 2010..=2025), []);
        let later = differences(&fixture(), built_in(), 2028..=2028);
        let new_year: DateTime<Utc> = "2028-01-01T00:00:00Z".parse().unwrap();
        assert!(
            later
                .iter()
                .any(|d| d.tz == Tz::America__Vancouver && d.at == new_year),
            "{later:?}"
        );
        assert_eq!(differences(built_in(), built_in(), 1970..=2037), []);
    }
}
