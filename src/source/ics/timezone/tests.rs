use super::*;
use crate::zones::data::tests::built_in;

fn observance<'a>(start: &'a str, from: &'a str, to: &'a str, rule: &'a str) -> Observance<'a> {
    Observance {
        start: Some(start),
        from: Some(from),
        to: Some(to),
        rules: [rule].into_iter().filter(|rule| !rule.is_empty()).collect(),
        dates: Vec::new(),
    }
}

fn rules(observances: Vec<Observance<'_>>) -> Rules<'_> {
    Rules {
        id: "Custom",
        location: None,
        observances,
    }
}

#[test]
fn rules_of_files_show_the_clocks_of_the_zones_they_are_of() {
    for (row, zone, observances) in [
        (
            "Outlook's anchor in 1601",
            "Europe/Berlin",
            vec![
                observance(
                    "16010101T030000",
                    "+0200",
                    "+0100",
                    "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
                ),
                observance(
                    "16010101T020000",
                    "+0100",
                    "+0200",
                    "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
                ),
            ],
        ),
        (
            "the second Sunday by its number",
            "America/New_York",
            vec![
                observance(
                    "20070311T020000",
                    "-0500",
                    "-0400",
                    "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
                ),
                observance(
                    "20071104T020000",
                    "-0400",
                    "-0500",
                    "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
                ),
            ],
        ),
        (
            "the second Sunday by its days",
            "America/New_York",
            vec![
                observance(
                    "20070311T020000",
                    "-0500",
                    "-0400",
                    "FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14",
                ),
                observance(
                    "20071104T020000",
                    "-0400",
                    "-0500",
                    "FREQ=YEARLY;BYMONTH=11;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7",
                ),
            ],
        ),
        (
            "the last Sunday by days from the end",
            "Europe/London",
            vec![
                observance(
                    "19810329T010000",
                    "+0000",
                    "+0100",
                    "FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=-7,-6,-5,-4,-3,-2,-1",
                ),
                observance(
                    "19961027T020000",
                    "+0100",
                    "+0000",
                    "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
                ),
            ],
        ),
        (
            "in the south",
            "Australia/Sydney",
            vec![
                observance(
                    "20080406T030000",
                    "+1100",
                    "+1000",
                    "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU",
                ),
                observance(
                    "20081005T020000",
                    "+1000",
                    "+1100",
                    "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU",
                ),
            ],
        ),
        (
            "one offset",
            "Asia/Kolkata",
            vec![observance("19700101T000000", "+0530", "+0530", "")],
        ),
    ] {
        let table = table(&rules(observances).observances).unwrap();
        let zone = built_in().zone(zone.parse().unwrap()).unwrap();
        assert!(agree(&table, zone), "{row}");
        let other = built_in().zone(chrono_tz::Tz::America__Chicago).unwrap();
        assert!(!agree(&table, other), "{row}");
    }
}

#[test]
fn rules_end_where_they_say_and_dates_count_beside_them() {
    let mut winter = observance("20200101T000000", "+0200", "+0100", "");
    winter.dates = vec!["20211101T030000,20221101T030000", "20231101T010000Z"];
    let summer = "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1;UNTIL=20230401T020000Z";
    let summer = observance("20210401T030000", "+0100", "+0200", summer);
    let table = table(&rules(vec![winter, summer]).observances).unwrap();
    for (at, want) in [
        ("2019-12-31T21:59:59Z", 2),
        ("2019-12-31T22:00:00Z", 1),
        ("2021-04-01T01:59:59Z", 1),
        ("2021-04-01T02:00:00Z", 2),
        ("2021-11-01T01:00:00Z", 1),
        ("2022-04-01T02:00:00Z", 2),
        ("2022-11-01T01:00:00Z", 1),
        ("2023-04-01T02:00:00Z", 2),
        ("2023-11-01T00:59:59Z", 2),
        ("2023-11-01T01:00:00Z", 1),
        ("2024-07-01T00:00:00Z", 1),
    ] {
        let at = at.parse().unwrap();
        assert_eq!(table.offset_at(at), Offset::east(want * 3_600), "{at}");
    }
}

#[test]
fn rules_that_cannot_be_understood_are_none() {
    let good = || observance("19700101T000000", "+0100", "+0100", "");
    let broken = |change: fn(&mut Observance<'_>)| {
        let mut one = good();
        change(&mut one);
        table(&rules(vec![good(), one]).observances).is_none()
    };
    assert!(broken(|one| one.start = None));
    assert!(broken(|one| one.from = None));
    assert!(broken(|one| one.to = Some("east")));
    assert!(broken(|one| one.start = Some("soon")));
    assert!(broken(|one| one.rules = vec!["FREQ=MONTHLY"]));
    assert!(broken(|one| one.rules = vec!["FREQ=YEARLY;BYDAY=XX"]));
    assert!(broken(|one| one.rules = vec!["FREQ=YEARLY;BYDAY=é"]));
    assert!(broken(|one| one.dates = vec!["soon"]));
    assert!(broken(|one| one.rules = vec![
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR"
    ]));
    assert!(table(&rules(Vec::new()).observances).is_none());
    assert!(table(&rules(vec![good()]).observances).is_some());
}

#[test]
fn rules_that_name_more_changes_than_a_zone_can_have_are_none_and_cost_little() {
    fn of(rule: &str) -> Rules<'_> {
        rules(vec![observance("19700101T000000", "+0000", "+0100", rule)])
    }
    let months = vec!["1"; 50_000].join(",");
    let days = vec!["MO"; 50_000].join(",");
    let dates = vec!["20260101T000000"; 50_000].join(",");
    let every_day = "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU";
    for (row, rule, want) in [
        (
            "one month, named often",
            format!("FREQ=YEARLY;BYMONTH={months};BYDAY=1SU"),
            true,
        ),
        (
            "a weekday, named often",
            format!("FREQ=YEARLY;BYMONTH=1;BYDAY={days}"),
            false,
        ),
        ("every day", every_day.to_owned(), false),
    ] {
        assert_eq!(table(&of(&rule).observances).is_some(), want, "{row}");
    }
    let mut many = of("FREQ=YEARLY;BYMONTH=1;BYDAY=1SU");
    many.observances[0].dates = vec![&dates];
    assert!(table(&many.observances).is_none(), "dates");
    many.observances[0].dates.clear();
    many.observances[0].rules = vec!["FREQ=YEARLY;BYMONTH=1;BYDAY=1SU"; 33];
    assert!(table(&many.observances).is_none(), "rules");
}
