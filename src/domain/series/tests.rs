//! What repeats, and when. That rules yield what others say they do is tested in `tests/recurrence.rs`.

mod keeping;
mod limits;
mod properties;

use super::*;
use crate::zones::{
    Offset,
    data::tests::{built_in, fixture},
};

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

fn window(first: &str, last: &str) -> Window {
    let days = DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap();
    Window::new(days, |day| midnight(day).and_utc())
}

/// A series of one hour each, or of one day each where `zone` is [`Wall::Days`].
fn made(
    zone: Wall,
    start: &str,
    rules: &[&str],
    extra: &[&str],
    except: &[&str],
) -> Result<Series, BadSeries> {
    let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
    let walls = |texts: &[&str]| texts.iter().map(|text| wall(text)).collect();
    let length = match zone {
        Wall::Days => Length::Days(1),
        _ => Length::Exact(TimeDelta::hours(1)),
    };
    Series::new(
        zone,
        wall(start),
        length,
        &rules,
        walls(extra),
        walls(except),
    )
}

fn berlin(start: &str, rules: &[&str]) -> Series {
    made(Wall::Zone(Tz::Europe__Berlin), start, rules, &[], &[]).unwrap()
}

/// The starts in a window, as instants without their year's beginning, or as dates.
fn starts(series: &Series, window: &Window, data: &ZoneData) -> String {
    let start = |occurrence: Occurrence| match occurrence.when {
        When::Days(days) => days.first().format("%m-%d").to_string(),
        When::Timed(span) => span.start().format("%m-%dT%H:%M").to_string(),
    };
    let starts: Vec<_> = series.occurrences(window, data).map(start).collect();
    starts.join(" ")
}

#[test]
fn an_hour_on_the_wall_stays_that_hour_when_clocks_change() {
    let (spring, autumn) = (
        window("2026-03-28", "2026-03-30"),
        window("2026-10-24", "2026-10-26"),
    );
    for (time, in_spring, in_autumn) in [
        // Before, on and after the day of the change.
        (
            "193000",
            "03-28T18:30 03-29T17:30 03-30T17:30",
            "10-24T17:30 10-25T18:30 10-26T18:30",
        ),
        // Skipped: read by the offset before the gap. Repeated: the first.
        (
            "023000",
            "03-28T01:30 03-29T01:30 03-30T00:30",
            "10-24T00:30 10-25T00:30 10-26T01:30",
        ),
    ] {
        let series = berlin(&format!("20260101T{time}"), &["FREQ=DAILY"]);
        assert_eq!(starts(&series, &spring, built_in()), in_spring, "{time}");
        assert_eq!(starts(&series, &autumn, built_in()), in_autumn, "{time}");
    }
}

#[test]
fn other_zone_data_moves_the_instances_of_the_same_series() {
    let vancouver = Wall::Zone(Tz::America__Vancouver);
    let series = made(vancouver, "20261030T180000", &["FREQ=WEEKLY"], &[], &[]).unwrap();
    let november = window("2026-11-01", "2026-11-15");
    assert_eq!(
        starts(&series, &november, &fixture()),
        "11-07T02:00 11-14T02:00"
    );
    assert_eq!(
        starts(&series, &november, built_in()),
        "11-07T01:00 11-14T01:00"
    );
}

#[test]
fn offsets_of_a_foreign_file_count_as_a_zone_does() {
    let zone = built_in().zone(Tz::Europe__Berlin).unwrap();
    let year = window("2026-01-01", "2026-12-31");
    let (from, to) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    let changes = zone.transitions(from.parse().unwrap(), to.parse().unwrap());
    let changes = changes.map(|change| (change.at, change.after)).collect();
    let table = OffsetTable::new(Offset::east(3_600), changes);
    let rules = ["FREQ=DAILY;UNTIL=20261101T003000Z"];
    let foreign = Wall::Offsets(Arc::new(table));
    let foreign = made(foreign, "20260102T013000", &rules, &[], &[]).unwrap();
    let known = berlin("20260102T013000", &rules);
    assert_eq!(
        starts(&foreign, &year, built_in()),
        starts(&known, &year, built_in())
    );
}

#[test]
fn a_length_in_days_ends_at_the_same_hour_and_an_exact_one_does_not() {
    for (length, want) in [
        (
            Length::Days(1),
            "2026-03-28T19:00:00Z..2026-03-29T18:00:00Z",
        ),
        (
            Length::Exact(TimeDelta::hours(24)),
            "2026-03-28T19:00:00Z..2026-03-29T19:00:00Z",
        ),
        (
            Length::Exact(TimeDelta::zero()),
            "2026-03-28T19:00:00Z..2026-03-28T19:00:00Z",
        ),
    ] {
        let zone = Wall::Zone(Tz::Europe__Berlin);
        let start = wall("20260328T200000");
        let series = Series::new(zone, start, length, &[], Vec::new(), Vec::new()).unwrap();
        let found = series.occurrences(&window("2026-03-28", "2026-03-28"), built_in());
        let found: Vec<_> = found.map(|found| found.when.to_string()).collect();
        assert_eq!(found, [want], "{length:?}");
    }
}

#[test]
fn every_form_of_until_ends_where_it_says() {
    let june = window("2026-06-01", "2026-06-30");
    for (until, want) in [
        // 20:00 in Berlin is 18:00 UTC.
        ("20260608T180000Z", "06-01T18:00 06-08T18:00"),
        ("20260608T175959Z", "06-01T18:00"),
        ("20260608T200000", "06-01T18:00 06-08T18:00"),
        ("20260608T195959", "06-01T18:00"),
        // Google: through the end of that day.
        ("20260608", "06-01T18:00 06-08T18:00"),
        ("20260607", "06-01T18:00"),
        // Before the first: that one remains.
        ("20200101", "06-01T18:00"),
    ] {
        let rule = format!("FREQ=WEEKLY;UNTIL={until}");
        let series = berlin("20260601T200000", &[&rule]);
        assert_eq!(starts(&series, &june, built_in()), want, "{until}");
    }
    for until in ["20260608", "20260608T000000", "20260608T235959Z"] {
        let rule = format!("FREQ=WEEKLY;UNTIL={until}");
        let days = made(Wall::Days, "20260601T000000", &[&rule], &[], &[]).unwrap();
        assert_eq!(starts(&days, &june, built_in()), "06-01 06-08", "{until}");
    }
}

#[test]
fn dates_are_added_and_taken_away_and_each_counts_once() {
    let zone = || Wall::Zone(Tz::Europe__Berlin);
    let june = window("2026-06-01", "2026-06-30");
    for (row, rules, extra, except, want) in [
        (
            "an excepted instance still counts for COUNT",
            &["FREQ=DAILY;COUNT=3"][..],
            &[][..],
            &["20260602T100000"][..],
            "06-01T08:00 06-03T08:00",
        ),
        (
            "the first may be excepted",
            &["FREQ=DAILY;COUNT=2"],
            &[],
            &["20260601T100000"],
            "06-02T08:00",
        ),
        (
            "further times, one of which the rule yields too",
            &["FREQ=DAILY;COUNT=2"],
            &["20260602T100000", "20260610T120000"],
            &[],
            "06-01T08:00 06-02T08:00 06-10T10:00",
        ),
        (
            "two rules together",
            &["FREQ=WEEKLY;COUNT=2", "FREQ=DAILY;INTERVAL=7;COUNT=3"],
            &[],
            &[],
            "06-01T08:00 06-08T08:00 06-15T08:00",
        ),
        (
            "no rule at all",
            &[],
            &["20260602T100000"],
            &[],
            "06-01T08:00 06-02T08:00",
        ),
    ] {
        let series = made(zone(), "20260601T100000", rules, extra, except).unwrap();
        assert_eq!(starts(&series, &june, built_in()), want, "{row}");
    }
}

#[test]
fn a_long_instance_shows_on_its_last_day() {
    let length = Length::Days(10);
    let rules = ["FREQ=MONTHLY".to_owned()];
    let start = wall("20260115T000000");
    let series = Series::new(Wall::Days, start, length, &rules, Vec::new(), Vec::new()).unwrap();
    for (day, want) in [
        ("2026-06-24", "06-15"),
        ("2026-06-25", ""),
        ("2026-06-14", ""),
    ] {
        assert_eq!(
            starts(&series, &window(day, day), built_in()),
            want,
            "{day}"
        );
    }
}

#[test]
fn the_last_day_is_that_of_the_last_instance_or_none() {
    for (rules, want) in [
        (&["FREQ=WEEKLY"][..], "endless"),
        (&["FREQ=WEEKLY;COUNT=3"], "2026-06-16"),
        (&["FREQ=DAILY;COUNT=1000"], "2029-02-25"),
        (&["FREQ=WEEKLY;UNTIL=20261231T225959Z"], "2026-12-29"),
        (&["FREQ=YEARLY;UNTIL=20300101"], "2029-06-02"),
        (&["FREQ=WEEKLY;UNTIL=99991231T235959Z"], "endless"),
        (&["FREQ=WEEKLY;COUNT=3", "FREQ=DAILY"], "endless"),
        (&["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], "2026-06-02"),
        (&[], "2026-06-02"),
    ] {
        let last = berlin("20260601T100000", rules).last_day();
        let last = last.map_or("endless".to_owned(), |day| day.to_string());
        assert_eq!(last, want, "{rules:?}");
    }
}
