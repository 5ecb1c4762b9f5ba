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
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),      // 23:30 to 00:30 is skipped
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),         // the whole day is skipped
        ("America/Asuncion", "2024-03-24", "2024-03-24T04:00:00Z"),     // clocks go back at 24:00
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
