//! Asks and the units that answer them.

use super::*;

fn span(first: &str, last: &str) -> DateSpan {
    DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap()
}

#[test]
fn the_months_of_some_days_are_all_that_have_one_of_them() {
    for (first, last, want) in [
        ("2026-11-22", "2026-11-22", &["2026-11"][..]),
        ("2026-11-01", "2026-11-30", &["2026-11"]),
        ("2026-10-31", "2026-11-01", &["2026-10", "2026-11"]),
        (
            "2026-12-31",
            "2027-02-01",
            &["2026-12", "2027-01", "2027-02"],
        ),
        (
            "2028-01-31",
            "2028-03-01",
            &["2028-01", "2028-02", "2028-03"],
        ),
        ("2099-11-30", "2099-12-31", &["2099-11", "2099-12"]),
        ("1970-01-01", "1970-01-01", &["1970-01"]),
    ] {
        let months: Vec<String> = Month::of(span(first, last))
            .map(|month| month.to_string())
            .collect();
        assert_eq!(months, want, "{first}..{last}");
    }
}

#[test]
fn a_month_has_all_its_days_and_the_next_begins_where_it_ends() {
    let months: Vec<Month> = Month::of(span("2027-12-15", "2028-03-15")).collect();
    let ends: Vec<String> = months
        .iter()
        .map(|month| month.days().end().to_string())
        .collect();
    assert_eq!(
        ends,
        ["2028-01-01", "2028-02-01", "2028-03-01", "2028-04-01"]
    );
    for pair in months.windows(2) {
        assert_eq!(pair[0].days().end(), pair[1].days().first());
    }
}

#[test]
fn the_horizon_keeps_its_name_while_its_days_move() {
    let unit = |days| Ask::Horizon(days).by_days();
    let (today, tomorrow) = (
        span("2026-11-01", "2026-11-30"),
        span("2026-11-02", "2026-12-01"),
    );
    assert_eq!(unit(today).name, unit(tomorrow).name);
    assert_eq!((unit(today).days, unit(tomorrow).days), (today, tomorrow));
    let month = Month::of(today).next().unwrap();
    let asked = Ask::Month(month).by_days();
    assert_eq!((asked.name.as_str(), asked.days), ("2026-11", month.days()));
}
