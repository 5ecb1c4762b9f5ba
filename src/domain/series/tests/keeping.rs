//! Which series may go out as a rule, and as which.

use super::*;

fn kept(series: &Series) -> Option<Kept> {
    series.kept("2027-12-31".parse().unwrap(), built_in())
}

#[test]
fn a_rule_in_the_safe_subset_is_kept_without_count_and_with_an_end() {
    for (start, rule, want) in [
        (
            "20260105T193000",
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=DAILY;INTERVAL=3 until 2027-12-29T18:30",
        ),
        (
            "20260105T193000",
            "FREQ=WEEKLY;BYDAY=MO,TH;WKST=SU;COUNT=4",
            "FREQ=WEEKLY;BYDAY=MO,TH;WKST=SU until 2026-01-15T18:30",
        ),
        (
            "20260105T193000",
            "FREQ=MONTHLY;BYDAY=1MO,-1MO",
            "FREQ=MONTHLY;BYDAY=1MO,-1MO until 2027-12-27T18:30",
        ),
        (
            "20260105T193000",
            "FREQ=MONTHLY;BYMONTHDAY=5,-1",
            "FREQ=MONTHLY;BYMONTHDAY=5,-1 until 2027-12-31T18:30",
        ),
        (
            "20260105T193000",
            "FREQ=YEARLY;BYMONTH=1,7;BYDAY=1MO",
            "FREQ=YEARLY;BYMONTH=1,7;BYDAY=1MO until 2027-07-05T17:30",
        ),
        (
            "20260105T193000",
            "FREQ=WEEKLY;UNTIL=20260301",
            "FREQ=WEEKLY until 2026-02-23T18:30",
        ),
        // Whatever its end is: no calendar understands more.
        (
            "20260105T193000",
            "FREQ=WEEKLY;UNTIL=20990301",
            "FREQ=WEEKLY until 2027-12-27T18:30",
        ),
        (
            "20260105T193000",
            "FREQ=WEEKLY;BYSETPOS=1;BYDAY=MO,TU",
            "expanded",
        ),
        ("20260105T193000", "FREQ=DAILY;BYHOUR=19", "expanded"),
        ("20260105T190000", "FREQ=HOURLY;INTERVAL=48", "expanded"),
        ("20260105T193000", "FREQ=YEARLY;BYYEARDAY=5", "expanded"),
        ("20260105T193000", "FREQ=YEARLY;BYWEEKNO=2", "expanded"),
        ("20260105T193000", "FREQ=YEARLY;BYMONTHDAY=5", "expanded"),
        // Nothing to keep.
        (
            "20260105T193000",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "expanded",
        ),
        // Skipped in March.
        ("20260105T023000", "FREQ=DAILY", "expanded"),
    ] {
        let found = kept(&berlin(start, &[rule])).map(|Kept { keepsake, .. }| {
            let When::Timed(last) = keepsake.last() else {
                panic!("{rule}")
            };
            format!("{keepsake} until {}", last.start().format("%FT%H:%M"))
        });
        assert_eq!(found.as_deref().unwrap_or("expanded"), want, "{rule}");
    }
}

#[test]
fn two_rules_and_zones_nobody_knows_are_never_kept() {
    let two = berlin("20260105T193000", &["FREQ=WEEKLY", "FREQ=MONTHLY"]);
    assert!(kept(&two).is_none());
    let table = OffsetTable::new(Offset::east(3_600), Vec::new());
    let foreign = Wall::Offsets(Arc::new(table));
    let foreign = made(foreign, "20260105T193000", &["FREQ=WEEKLY"], &[], &[]).unwrap();
    assert!(kept(&foreign).is_none());
}

#[test]
fn the_first_instance_of_what_is_kept_is_one_of_its_rule_and_others_stand_alone() {
    let zone = || Wall::Zone(Tz::Europe__Berlin);
    for (row, start, extra, except, first, excepted, strays) in [
        (
            "plain",
            "20260105T193000",
            &[][..],
            &[][..],
            "2026-01-05",
            0,
            0,
        ),
        // Tuesday; the rule yields Mondays.
        (
            "begins apart",
            "20260106T193000",
            &[],
            &[],
            "2026-01-12",
            0,
            1,
        ),
        (
            "begins excepted",
            "20260105T193000",
            &[],
            &["20260105T193000"],
            "2026-01-12",
            0,
            0,
        ),
        (
            "one excepted",
            "20260105T193000",
            &[],
            &["20260112T193000"],
            "2026-01-05",
            1,
            0,
        ),
        (
            "an exception of nothing",
            "20260105T193000",
            &[],
            &["20260113T193000"],
            "2026-01-05",
            0,
            0,
        ),
        (
            "a date besides",
            "20260105T193000",
            &["20260114T193000"],
            &[],
            "2026-01-05",
            0,
            1,
        ),
        (
            "a date of the rule",
            "20260105T193000",
            &["20260112T193000"],
            &[],
            "2026-01-05",
            0,
            0,
        ),
    ] {
        let series = made(zone(), start, &["FREQ=WEEKLY;BYDAY=MO"], extra, except).unwrap();
        let keepsake = kept(&series).unwrap().keepsake;
        let When::Timed(span) = keepsake.when() else {
            panic!("{row}")
        };
        assert_eq!(span.start().date_naive().to_string(), first, "{row}");
        assert_eq!(keepsake.except().len(), excepted, "{row}");
        let alone = series.occurrences(&window("2026-01-01", "2026-12-31"), built_in());
        let alone = alone.filter(|occurrence| keepsake.is_stray(occurrence.start));
        assert_eq!(alone.count(), strays, "{row}");
    }
}

#[test]
fn the_end_of_an_endless_rule_moves_once_a_month() {
    for (end, want) in [
        ("2026-12-27", "2028-01-01"),
        ("2026-12-31", "2028-01-01"),
        ("2027-01-01", "2028-02-01"),
        ("2027-01-31", "2028-02-01"),
        ("2024-02-29", "2025-03-01"),
    ] {
        assert_eq!(horizon(end.parse().unwrap()).to_string(), want, "{end}");
    }
}
