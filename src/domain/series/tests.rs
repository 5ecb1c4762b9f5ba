//! What repeats, and when.

use super::*;
use crate::zones::data::tests::built_in;

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

fn window(first: &str, last: &str) -> Window {
    let days = DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap();
    Window::new(days, |day| midnight(day).and_utc())
}

fn berlin(start: &str, rules: &[&str]) -> Result<Series, BadSeries> {
    let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
    let length = Length::Exact(TimeDelta::hours(1));
    let zone = Wall::Zone(Tz::Europe__Berlin);
    Series::new(zone, wall(start), length, &rules, Vec::new(), Vec::new())
}

#[track_caller]
fn found(series: &Series, window: &Window) -> Vec<String> {
    let found = series.occurrences(window, built_in());
    found
        .map(|occurrence| occurrence.when.to_string())
        .collect()
}

#[test]
fn a_weekly_evening_stays_at_its_hour_when_clocks_change() {
    let series = berlin("20261018T200000", &["FREQ=WEEKLY"]).unwrap();
    assert_eq!(
        found(&series, &window("2026-10-18", "2026-11-01")),
        [
            "2026-10-18T18:00:00Z..2026-10-18T19:00:00Z",
            "2026-10-25T19:00:00Z..2026-10-25T20:00:00Z",
            "2026-11-01T19:00:00Z..2026-11-01T20:00:00Z"
        ]
    );
}
