//! What is refused, and that whatever is not refused takes bounded work.

use proptest::prelude::*;

use super::*;

#[test]
fn bombs_and_nonsense_are_refused_with_the_reason() {
    for (rule, want) in [
        ("FREQ=SECONDLY", BadSeries::TOO_FINE),
        ("FREQ=MINUTELY;COUNT=3", BadSeries::TOO_FINE),
        ("FREQ=DAILY;BYMINUTE=0,30", BadSeries::TOO_FINE),
        ("FREQ=DAILY;BYSECOND=0,1,2", BadSeries::TOO_FINE),
        ("FREQ=HOURLY", BadSeries::TOO_MANY),
        ("FREQ=HOURLY;INTERVAL=7", BadSeries::TOO_MANY),
        ("FREQ=HOURLY;COUNT=100000", BadSeries::TOO_MANY),
        ("FREQ=DAILY;BYHOUR=1,2,3,4", BadSeries::TOO_MANY),
        (
            "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3,4,5,6,7",
            BadSeries::TOO_MANY,
        ),
        ("", BadSeries::NO_RULE),
        ("WEEKLY", BadSeries::NO_RULE),
        ("FREQ=", BadSeries::NO_RULE),
        ("FREQ=FORTNIGHTLY", BadSeries::NO_RULE),
        ("INTERVAL=2", BadSeries::NO_RULE),
        ("FREQ=DAILY;FREQ=DAILY", BadSeries::NO_RULE),
        ("FREQ=DAILY;INTERVAL=0", BadSeries::NO_RULE),
        ("FREQ=DAILY;INTERVAL=-1", BadSeries::NO_RULE),
        ("FREQ=DAILY;COUNT=0", BadSeries::NO_RULE),
        ("FREQ=DAILY;COUNT=99999999999", BadSeries::NO_RULE),
        ("FREQ=DAILY;UNTIL=tomorrow", BadSeries::NO_RULE),
        ("FREQ=DAILY;UNTIL=20260230", BadSeries::NO_RULE),
        ("FREQ=MONTHLY;BYDAY=0MO", BadSeries::NO_RULE),
        ("FREQ=MONTHLY;BYDAY=ÄMO", BadSeries::NO_RULE),
        ("FREQ=MONTHLY;BYDAY=O", BadSeries::NO_RULE),
        ("FREQ=MONTHLY;BYMONTHDAY=32", BadSeries::NO_RULE),
        ("FREQ=MONTHLY;BYMONTHDAY=0", BadSeries::NO_RULE),
        ("FREQ=YEARLY;BYMONTH=13", BadSeries::NO_RULE),
        ("FREQ=YEARLY;BYYEARDAY=-32768", BadSeries::NO_RULE),
        ("FREQ=MONTHLY;BYWEEKNO=3", BadSeries::UNSUPPORTED),
        ("FREQ=MONTHLY;BYYEARDAY=3", BadSeries::UNSUPPORTED),
        ("FREQ=DAILY;BYEASTER=0", BadSeries::UNSUPPORTED),
        ("RSCALE=HEBREW;FREQ=YEARLY", BadSeries::UNSUPPORTED),
    ] {
        let zone = Wall::Zone(Tz::Europe__Berlin);
        let made = made(zone, "20260105T093000", &[rule], &[], &[]);
        assert_eq!(made, Err(want), "{rule}");
        assert!(!want.why().is_empty() && want.to_string() == want.why());
    }
}

#[test]
fn what_is_frequent_but_honest_is_taken() {
    let decade = window("2026-01-05", "2036-01-04");
    for (rule, want) in [
        ("FREQ=DAILY", 3_652),
        ("FREQ=DAILY;BYHOUR=9,13,18", 3 * 3_652),
        ("FREQ=HOURLY;INTERVAL=8", 3 * 3_652),
        ("FREQ=HOURLY;COUNT=48", 48),
        // Some calendars repeat what the start says.
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=30;BYSECOND=0", 522),
        ("freq=weekly;byday=mo;", 522),
        ("RSCALE=GREGORIAN;FREQ=WEEKLY;SKIP=OMIT", 522),
    ] {
        let series = berlin("20260105T093000", &[rule]);
        let found = series.occurrences(&decade, built_in()).count();
        assert!((want - 2..=want + 2).contains(&found), "{rule}: {found}");
        assert!(found <= INSTANCES_MAX);
    }
}

#[test]
fn rules_and_dates_together_are_bounded_too() {
    let start = wall("20260105T093000");
    let hours = |from: i64, to| (from..to).map(move |hour| start + TimeDelta::hours(hour));
    let of = |rules: &[&str], extra: Vec<_>, except: Vec<_>| {
        let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
        let length = Length::Exact(TimeDelta::zero());
        Series::new(Wall::Zone(Tz::UTC), start, length, &rules, extra, except)
    };
    let daily = "FREQ=DAILY;BYHOUR=9,13,18";
    let most = i64::try_from(INSTANCES_MAX).unwrap();
    for (row, made, is_taken) in [
        ("one daily rule", of(&[daily], Vec::new(), Vec::new()), true),
        (
            "two of them",
            of(&[daily, daily], Vec::new(), Vec::new()),
            false,
        ),
        (
            "one and dates",
            of(&[daily], hours(0, 900).collect(), Vec::new()),
            true,
        ),
        (
            "one and many dates",
            of(&[daily], hours(0, 2_000).collect(), Vec::new()),
            false,
        ),
        (
            "too many dates",
            of(&[], hours(0, most + 1).collect(), Vec::new()),
            false,
        ),
        (
            "too many exceptions",
            of(&[], Vec::new(), hours(0, most + 1).collect()),
            false,
        ),
        (
            "too many rules",
            of(&["FREQ=YEARLY"; 9], Vec::new(), Vec::new()),
            false,
        ),
    ] {
        assert_eq!(made.is_ok(), is_taken, "{row}");
    }
}

#[test]
fn a_rule_that_yields_next_to_nothing_is_reckoned_once_and_then_looked_up() {
    for (rule, want) in [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", 0),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", 0),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", 18),
        ("FREQ=YEARLY", 74),
        ("FREQ=WEEKLY;COUNT=3", 3),
    ] {
        let series = berlin("20260105T093000", &[rule]);
        let listed = series.patterns[0].listed().map(<[_]>::len);
        assert_eq!(listed, Some(want), "{rule}");
    }
    let steady = berlin("20260105T093000", &["FREQ=WEEKLY"]);
    assert_eq!(steady.patterns[0].listed(), None);
}

#[test]
fn what_never_began_or_never_ends_is_refused() {
    let rules = ["FREQ=DAILY".to_owned()];
    let day = TimeDelta::days(1);
    for (row, zone, start, length) in [
        (
            "days of hours",
            Wall::Days,
            "20260105T000000",
            Length::Exact(day),
        ),
        ("no days", Wall::Days, "20260105T000000", Length::Days(0)),
        (
            "backwards",
            Wall::Zone(Tz::UTC),
            "20260105T000000",
            Length::Exact(-day),
        ),
        (
            "more than a year",
            Wall::Zone(Tz::UTC),
            "20260105T000000",
            Length::Days(367),
        ),
        (
            "too early",
            Wall::Zone(Tz::UTC),
            "16010101T000000",
            Length::Exact(day),
        ),
        (
            "too late",
            Wall::Zone(Tz::UTC),
            "21000101T000000",
            Length::Exact(day),
        ),
    ] {
        let made = Series::new(zone, wall(start), length, &rules, Vec::new(), Vec::new());
        assert!(made.is_err(), "{row}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_rule_makes_the_parser_panic(text in "\\PC{0,60}") {
        let zone = Wall::Zone(Tz::UTC);
        let _ = made(zone, "20260105T093000", &[&text], &[], &[]);
    }

    #[test]
    fn no_series_exceeds_its_bound(
        freq in prop::sample::select(vec!["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        every in 1..40_u16,
        hours in prop::collection::btree_set(0..24_u8, 0..6),
        days in prop::sample::select(vec!["", ";BYDAY=MO,TU,WE,TH,FR,SA,SU", ";BYMONTH=1,2", ";BYSETPOS=1,2"]),
        year in 1990..2060_i32,
    ) {
        let hours: Vec<_> = hours.iter().map(ToString::to_string).collect();
        let hours = if hours.is_empty() { String::new() } else { format!(";BYHOUR={}", hours.join(",")) };
        let rule = format!("FREQ={freq};INTERVAL={every}{days}{hours}");
        if let Ok(series) = made(Wall::Zone(Tz::UTC), "19900101T120000", &[&rule], &[], &[]) {
            let decade = window(&format!("{year}-01-01"), &format!("{}-12-31", year + 9));
            prop_assert!(series.occurrences(&decade, built_in()).count() <= INSTANCES_MAX + 1, "{rule}");
        }
    }
}
