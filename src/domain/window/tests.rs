use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn resolved(spec: &str, today: &str) -> String {
    let days = spec
        .parse::<WindowSpec>()
        .unwrap()
        .days(day(today))
        .unwrap();
    days.map_or("all".to_owned(), |days| When::Days(days).to_string())
}

#[test]
fn a_window_is_halved_around_a_day_within_its_edges() {
    let whole = Window::new(
        DateSpan::until(day("2026-11-01"), day("2026-12-01")).unwrap(),
        |day| day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(5),
    );
    for (middle, want) in [
        ("2026-11-15", "2026-11-08..2026-11-22"),
        ("2026-11-02", "2026-11-01..2026-11-15"),
        ("2030-01-01", "2026-11-16..2026-11-30"),
        ("1999-01-01", "2026-11-01..2026-11-15"),
    ] {
        let half = whole.halved(day(middle)).unwrap();
        assert_eq!(When::Days(half.days).to_string(), want, "{middle}");
        let begins = half.start.to_rfc3339();
        assert!(begins.ends_with("T05:00:00+00:00"), "{middle}: {begins}");
    }
    let mut left = whole;
    while let Some(half) = left.halved(day("2026-11-15")) {
        left = half;
    }
    assert_eq!(When::Days(left.days).to_string(), "2026-11-15..2026-11-15");
}

#[test]
fn every_form_of_the_grammar_means_these_days() {
    for (spec, want) in [
        ("all", "all"),
        ("today", "2026-11-21..2026-11-21"),
        ("this-week", "2026-11-16..2026-11-22"),
        ("this-month", "2026-11-01..2026-11-30"),
        ("this-year", "2026-01-01..2026-12-31"),
        ("2026", "2026-01-01..2026-12-31"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("2026-W47", "2026-11-16..2026-11-22"),
        ("2026-W53", "2026-12-28..2027-01-03"),
        ("2025-W01", "2024-12-30..2025-01-05"),
        ("2026-11-21", "2026-11-21..2026-11-21"),
        ("2026-09-01..2027-06-30", "2026-09-01..2027-06-30"),
        ("2026-09-01..2026-09-01", "2026-09-01..2026-09-01"),
        ("next-90d", "2026-11-21..2027-02-18"),
        ("next-2w", "2026-11-21..2026-12-04"),
        ("next-3m", "2026-11-21..2027-02-20"),
        ("next-10y", "2026-11-21..2036-11-20"),
        ("past-30d", "2026-10-22..2026-11-20"),
        ("past-1y", "2025-11-21..2026-11-20"),
        ("past-30d..next-400d", "2026-10-22..2027-12-25"),
    ] {
        assert_eq!(resolved(spec, "2026-11-21"), want, "{spec}");
    }
}

#[test]
fn a_rolling_month_from_the_31st_ends_on_a_day_that_exists() {
    assert_eq!(resolved("next-1m", "2026-01-31"), "2026-01-31..2026-02-27");
    assert_eq!(resolved("past-1m", "2026-03-31"), "2026-02-28..2026-03-30");
}

#[test]
fn anything_else_is_refused_with_the_grammar() {
    for bad in [
        "",
        "tomorrow",
        "ALL",
        "26",
        "0026",
        "1969",
        "2100",
        "2026-9",
        "2026-13",
        "2026-W54",
        "2025-W53",
        "2026-w47",
        "2026-02-30",
        "2026-11-21..2026-11-20",
        "2026-11..2026-12",
        "2026-01-01..2036-01-02",
        "2026-11-21..",
        "..2026-11-21",
        "next-0d",
        "next-007d",
        "next-+7d",
        "next-90",
        "next-d",
        "next-90h",
        "next-11y",
        "past-6y..next-5y",
        "next-3653d",
        "next-99999999999d",
        "next-400d..past-30d",
        "past-30d..",
        "next-9\u{661}d",
        "next-ß",
        "past--3d",
        "2026-11-21T00",
    ] {
        let error = bad.parse::<WindowSpec>().expect_err(bad);
        assert!(error.to_string().contains("next-90d"), "{error}");
    }
}

#[test]
fn a_window_that_leaves_the_years_we_speak_of_is_refused_when_resolved() {
    let spec: WindowSpec = "next-10y".parse().unwrap();
    assert!(spec.days(day("2095-01-01")).is_err());
}

fn timed(start: &str, end: &str) -> When {
    When::Timed(TimeSpan::new(start.parse().unwrap(), end.parse().unwrap()).unwrap())
}

#[test]
fn selection_is_by_overlap_and_half_open() {
    let days = DateSpan::through(day("2026-11-21"), day("2026-11-21")).unwrap();
    let window = Window::new(days, |date| date.and_hms_opt(5, 0, 0).unwrap().and_utc());
    for (start, end, want) in [
        ("2026-11-21T04:00:00Z", "2026-11-21T05:00:00Z", false),
        ("2026-11-21T04:00:00Z", "2026-11-21T05:00:01Z", true),
        ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", true),
        ("2026-11-22T04:59:59Z", "2026-11-22T09:00:00Z", true),
        ("2026-11-22T05:00:00Z", "2026-11-22T09:00:00Z", false),
        ("2026-11-21T05:00:00Z", "2026-11-21T05:00:00Z", true),
        ("2026-11-22T05:00:00Z", "2026-11-22T05:00:00Z", false),
    ] {
        assert_eq!(window.shows(timed(start, end)), want, "{start} {end}");
    }
    for (first, last, want) in [
        ("2026-11-20", "2026-11-20", false),
        ("2026-11-20", "2026-11-21", true),
        ("2026-11-22", "2026-11-23", false),
    ] {
        let span = DateSpan::through(day(first), day(last)).unwrap();
        assert_eq!(window.shows(When::Days(span)), want, "{first} {last}");
    }
}

fn specs() -> impl Strategy<Value = String> {
    let unit = prop::sample::select(vec!["d", "w", "m", "y"]);
    let edge = (1u16..4_000, unit).prop_map(|(count, unit)| format!("{count}{unit}"));
    prop_oneof![
        (1960..2110i32).prop_map(|year| year.to_string()),
        (1960..2110i32, 0..14).prop_map(|(y, m)| format!("{y}-{m:02}")),
        (1960..2110i32, 0..55).prop_map(|(y, w)| format!("{y}-W{w:02}")),
        (1960..2110i32, 0..14, 0..33).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        edge.clone().prop_map(|edge| format!("next-{edge}")),
        (edge.clone(), edge).prop_map(|(past, next)| format!("past-{past}..next-{next}")),
        "[a-z0-9.-]{0,24}",
    ]
}

proptest! {
    #[test]
    fn what_parses_prints_as_it_was_written_and_is_never_longer_than_ten_years(text in specs()) {
        if let Ok(spec) = text.parse::<WindowSpec>() {
            prop_assert_eq!(spec.to_string(), text);
            if let Some(days) = spec.days(day("2026-11-21")).unwrap() {
                prop_assert!((days.end() - days.first()).num_days() <= 3_653 + 30);
            }
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
        let _ = text.parse::<WindowSpec>();
    }
}
