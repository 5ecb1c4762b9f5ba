//! What holds of every series.

use proptest::prelude::*;

use super::*;

/// Rules of every frequency, with what may stand beside it.
fn rules() -> impl Strategy<Value = String> {
    let freq = prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    let by = prop::sample::select(vec![
        "",
        ";BYDAY=MO,FR",
        ";BYMONTH=2,3,11",
        ";BYMONTH=3;BYDAY=SU",
        ";BYDAY=WE;BYSETPOS=-1",
        ";BYHOUR=3,21",
    ]);
    let end = prop::sample::select(vec![
        "",
        ";COUNT=40",
        ";COUNT=900",
        ";UNTIL=20280310T120000Z",
    ]);
    (freq, 1..9_u16, by, end)
        .prop_map(|(freq, every, by, end)| format!("FREQ={freq};INTERVAL={every}{by}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_window_shows_of_a_series_what_a_wider_one_shows_there(
        rule in rules(), start in 0..2_000_i64, first in 0..1_500_u64, length in 1..200_u64
    ) {
        let start = wall("20220101T023000") + TimeDelta::days(start);
        let zone = Wall::Zone(Tz::Europe__Berlin);
        let lasting = Length::Exact(TimeDelta::hours(30));
        let series = Series::new(zone, start, lasting, &[rule], Vec::new(), Vec::new()).unwrap();
        let epoch: NaiveDate = "2025-01-01".parse().unwrap();
        let days = DateSpan::until(epoch + Days::new(first), epoch + Days::new(first + length)).unwrap();
        let narrow = Window::new(days, |day| midnight(day).and_utc());
        let found: Vec<_> = series.occurrences(&narrow, built_in()).collect();
        let wide = series.occurrences(&window("2022-01-01", "2031-12-31"), built_in());
        let there: Vec<_> = wide.filter(|occurrence| narrow.shows(occurrence.when)).collect();
        prop_assert_eq!(found, there);
    }

    #[test]
    fn taking_one_instance_away_leaves_every_other_as_it_was(
        rule in rules(), away in any::<prop::sample::Index>()
    ) {
        let zone = || Wall::Zone(Tz::Europe__Berlin);
        let year = window("2026-01-01", "2026-12-31");
        let whole = made(zone(), "20260101T100000", &[&rule], &[], &[]).unwrap();
        let mut all: Vec<_> = whole.occurrences(&year, built_in()).collect();
        let away = all.remove(away.index(all.len()));
        let except = away.start.format("%Y%m%dT%H%M%S").to_string();
        let rest = made(zone(), "20260101T100000", &[&rule], &[], &[&except]).unwrap();
        prop_assert_eq!(rest.occurrences(&year, built_in()).collect::<Vec<_>>(), all);
    }
}
