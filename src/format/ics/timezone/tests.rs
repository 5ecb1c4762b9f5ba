//! The zone test set of interop section 6, the scan behind Z6, and the rules against the zone data.

use std::path::PathBuf;

use chrono::NaiveDateTime;
use chrono_tz::TZ_VARIANTS;
use proptest::prelude::*;

use super::{rules::utc_offset, *};
use crate::zones::{Databases, ZoneData};

fn built_in() -> &'static ZoneData {
    crate::zones::data::tests::built_in()
}

fn release_2025b() -> ZoneData {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zoneinfo/2025b");
    Databases::new(Some(path)).choose().unwrap()
}

fn span(from: &str, to: &str) -> TimeSpan {
    let at = |day: &str| format!("{day}T12:00:00Z").parse().unwrap();
    TimeSpan::new(at(from), at(to)).unwrap()
}

fn rules(data: &ZoneData, name: &str, span: TimeSpan) -> Option<Rules> {
    let tz = name.parse().unwrap();
    timezone(tz, data.zone(tz).unwrap(), span)
}

/// The rules in a few words: `-0500 EST 1SU11 02:00, -0400 EDT 2SU3 02:00`, or `none`.
fn brief(rules: Option<&Rules>) -> String {
    let observance = |o: &Observance| {
        let (to, name) = (utc_offset(o.to), &o.name);
        match o.rule {
            None => format!("{to} {name}"),
            Some(rule) => {
                let text = rule.to_string();
                let (month, day) = text
                    .strip_prefix("FREQ=YEARLY;BYMONTH=")
                    .unwrap()
                    .split_once(";BYDAY=")
                    .unwrap();
                format!("{to} {name} {day}{month} {}", o.start.format("%H:%M"))
            }
        }
    };
    rules.map_or("none".to_owned(), |rules| {
        let all = [Some(&rules.standard), rules.daylight.as_ref()];
        all.into_iter()
            .flatten()
            .map(observance)
            .collect::<Vec<_>>()
            .join(", ")
    })
}

#[test]
fn every_zone_of_the_test_set_comes_out_as_the_interop_contract_says() {
    // 90 days back and 400 ahead of 2026-11-22, by release 2026e.
    let window = ("2026-08-24", "2027-12-27");
    let after = ("2026-11-15", "2027-12-27");
    for (name, (from, to), want) in [
        (
            "Europe/Berlin",
            window,
            "+0100 CET -1SU10 03:00, +0200 CEST -1SU3 02:00",
        ),
        (
            "America/New_York",
            window,
            "-0500 EST 1SU11 02:00, -0400 EDT 2SU3 02:00",
        ),
        (
            "Australia/Sydney",
            window,
            "+1000 AEST 1SU4 03:00, +1100 AEDT 1SU10 02:00",
        ),
        (
            "Pacific/Auckland",
            window,
            "+1200 NZST 1SU4 03:00, +1300 NZDT -1SU9 02:00",
        ),
        ("Asia/Jerusalem", window, "none"),
        ("Africa/Cairo", window, "none"),
        ("America/Santiago", window, "none"),
        ("America/Nuuk", window, "none"),
        ("America/Scoresbysund", window, "none"),
        ("Asia/Hebron", window, "none"),
        ("Asia/Gaza", window, "none"),
        (
            "Europe/Dublin",
            window,
            "+0000 GMT -1SU10 02:00, +0100 IST -1SU3 01:00",
        ),
        ("Africa/Casablanca", window, "none"),
        ("Africa/El_Aaiun", window, "none"),
        ("Africa/Casablanca", after, "+0000 +00"),
        ("Africa/El_Aaiun", after, "+0000 +00"),
        ("America/Vancouver", ("2026-01-15", "2027-12-27"), "none"),
        ("America/Vancouver", after, "-0700 MST"),
        ("America/Edmonton", ("2026-01-15", "2027-12-27"), "none"),
        ("America/Edmonton", after, "-0600 CST"),
        ("America/Inuvik", after, "-0600 CST"),
        ("America/Yellowknife", after, "-0600 CST"),
        ("America/Winnipeg", after, "-0500 EST"),
        (
            "America/Havana",
            ("2027-11-15", "2029-01-01"),
            "-0500 CST 1SU11 01:00, -0400 CDT 2SU3 00:00",
        ),
        (
            "Europe/Chisinau",
            window,
            "+0200 EET -1SU10 04:00, +0300 EEST -1SU3 03:00",
        ),
        ("Asia/Kolkata", window, "+0530 IST"),
        ("Asia/Kathmandu", window, "+0545 +0545"),
        ("Australia/Eucla", window, "+0845 +0845"),
        (
            "Australia/Lord_Howe",
            window,
            "+1030 +1030 1SU4 02:00, +1100 +11 1SU10 02:00",
        ),
        (
            "Pacific/Chatham",
            window,
            "+1245 +1245 1SU4 03:45, +1345 +1345 -1SU9 02:45",
        ),
        (
            "Antarctica/Troll",
            window,
            "+0000 +00 -1SU10 03:00, +0200 +02 -1SU3 01:00",
        ),
        ("Pacific/Kiritimati", window, "+1400 +14"),
        ("Pacific/Pago_Pago", window, "-1100 SST"),
        ("Asia/Almaty", ("2024-01-15", "2024-12-27"), "none"),
        ("Asia/Almaty", window, "+0500 +05"),
        ("America/Asuncion", ("2024-01-15", "2025-12-27"), "none"),
        ("America/Asuncion", window, "-0300 -03"),
        ("America/Phoenix", window, "-0700 MST"),
        ("Atlantic/Reykjavik", window, "+0000 GMT"),
        ("Etc/UTC", window, "none"),
        ("UTC", window, "none"),
        ("EST5EDT", window, "none"),
    ] {
        let found = rules(built_in(), name, span(from, to));
        assert_eq!(brief(found.as_ref()), want, "{name} {from} {to}");
    }
}

#[test]
fn the_rules_are_those_of_the_release_at_hand() {
    let old = release_2025b();
    let window = span("2026-08-24", "2027-12-27");
    for (name, want) in [
        (
            "America/Vancouver",
            "-0800 PST 1SU11 02:00, -0700 PDT 2SU3 02:00",
        ),
        (
            "America/Edmonton",
            "-0700 MST 1SU11 02:00, -0600 MDT 2SU3 02:00",
        ),
        ("Africa/Casablanca", "none"),
        (
            "America/New_York",
            "-0500 EST 1SU11 02:00, -0400 EDT 2SU3 02:00",
        ),
        (
            "Europe/Berlin",
            "+0100 CET -1SU10 03:00, +0200 CEST -1SU3 02:00",
        ),
        ("Asia/Tokyo", "+0900 JST"),
        ("UTC", "none"),
    ] {
        assert_eq!(brief(rules(&old, name, window).as_ref()), want, "{name}");
    }
}

#[test]
fn a_rule_is_found_in_the_years_in_which_it_held() {
    for (name, from, to, want) in [
        // The old United States rule held until 2006, the present one from 2007.
        (
            "America/New_York",
            "2006-02-01",
            "2006-12-01",
            "-0500 EST -1SU10 02:00, -0400 EDT 1SU4 02:00",
        ),
        (
            "America/New_York",
            "2007-02-01",
            "2007-12-01",
            "-0500 EST 1SU11 02:00, -0400 EDT 2SU3 02:00",
        ),
        ("America/New_York", "2006-02-01", "2007-12-01", "none"),
        ("America/New_York", "2006-11-15", "2007-03-01", "-0500 EST"),
        // One year of Jerusalem looks like a rule, eight do not.
        ("Asia/Jerusalem", "2026-02-01", "2026-12-01", "none"),
        ("Asia/Jerusalem", "2026-06-01", "2026-09-01", "+0300 IDT"),
        // Without a change of offset inside, one observance says it all, whatever the law calls it.
        ("America/Vancouver", "2026-08-24", "2027-12-27", "-0700 PDT"),
        (
            "Europe/Berlin",
            "2036-06-01",
            "2037-12-31",
            "+0100 CET -1SU10 03:00, +0200 CEST -1SU3 02:00",
        ),
        ("Europe/Berlin", "2036-06-01", "2038-01-01", "none"),
        // -00:44:30 until 1972.
        ("Africa/Monrovia", "1971-02-01", "1971-12-01", "none"),
        ("Africa/Monrovia", "1973-02-01", "1973-12-01", "+0000 GMT"),
    ] {
        let found = rules(built_in(), name, span(from, to));
        assert_eq!(brief(found.as_ref()), want, "{name} {from} {to}");
    }
}

#[test]
fn a_span_that_begins_before_1970_by_the_local_clock_is_written_in_utc() {
    let new_year: DateTime<Utc> = "1970-01-01T00:00:00Z".parse().unwrap();
    let span = TimeSpan::new(new_year, new_year + TimeDelta::hours(1)).unwrap();
    for (name, want) in [("America/New_York", "none"), ("Asia/Tokyo", "+0900 JST")] {
        assert_eq!(
            brief(rules(built_in(), name, span).as_ref()),
            want,
            "{name}"
        );
        let zone = built_in().zone(name.parse().unwrap()).unwrap();
        assert_eq!(writes_locally(zone, span), want != "none", "{name}");
    }
}

#[test]
fn the_zones_without_a_yearly_rule_are_exactly_the_known_ones() {
    // Friday on or after the 23rd; Thursday 24:00; Sunday on or after the 2nd; Saturday evening before the last
    // Sunday; the moon. By release 2026e over 2027 to 2034.
    let years = span("2027-01-01", "2034-12-31");
    let refused = |tz: &Tz| {
        is_publishable(*tz) && timezone(*tz, built_in().zone(*tz).unwrap(), years).is_none()
    };
    let found: Vec<_> = TZ_VARIANTS
        .into_iter()
        .filter(refused)
        .map(Tz::name)
        .collect();
    let want = [
        "Africa/Cairo",
        "America/Godthab",
        "America/Nuuk",
        "America/Santiago",
        "America/Scoresbysund",
        "Asia/Gaza",
        "Asia/Hebron",
        "Asia/Jerusalem",
        "Asia/Tel_Aviv",
    ];
    assert_eq!(found, want);
}

#[test]
fn standard_time_comes_first_and_nothing_optional_is_written() {
    let text = |name: &str| -> String {
        let rules = rules(built_in(), name, span("2026-08-24", "2027-12-27")).unwrap();
        let lines = rules
            .lines()
            .map(|(name, value)| [name, ":", &value, "\n"].concat());
        lines.collect()
    };
    insta::assert_snapshot!(text("Europe/Dublin"), @r"
    BEGIN:VTIMEZONE
    TZID:Europe/Dublin
    BEGIN:STANDARD
    DTSTART:19701025T020000
    TZOFFSETFROM:+0100
    TZOFFSETTO:+0000
    TZNAME:GMT
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
    END:STANDARD
    BEGIN:DAYLIGHT
    DTSTART:19700329T010000
    TZOFFSETFROM:+0000
    TZOFFSETTO:+0100
    TZNAME:IST
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
    END:DAYLIGHT
    END:VTIMEZONE
    ");
    insta::assert_snapshot!(text("Asia/Kathmandu"), @r"
    BEGIN:VTIMEZONE
    TZID:Asia/Kathmandu
    BEGIN:STANDARD
    DTSTART:19700101T000000
    TZOFFSETFROM:+0545
    TZOFFSETTO:+0545
    TZNAME:+0545
    END:STANDARD
    END:VTIMEZONE
    ");
}

#[test]
fn an_event_is_local_only_where_every_client_reads_the_same_instants() {
    const HALF_A_YEAR: i64 = 183 * 24 * 60;
    let berlin = "Europe/Berlin";
    for (row, name, start, minutes, want) in [
        ("plain", berlin, "2026-11-21T19:00", 180, true),
        ("a point", berlin, "2026-11-21T19:00", 0, true),
        ("over spring", berlin, "2026-03-29T00:30", 60, false),
        (
            "begins with summer time",
            berlin,
            "2026-03-29T01:00",
            60,
            true,
        ),
        (
            "ends with winter time",
            berlin,
            "2026-03-29T00:00",
            60,
            false,
        ),
        (
            "until the first 02:30",
            berlin,
            "2026-10-24T22:00",
            150,
            false,
        ),
        (
            "until the second 02:30",
            berlin,
            "2026-10-24T22:00",
            210,
            false,
        ),
        (
            "from the first 02:30",
            berlin,
            "2026-10-25T00:30",
            15,
            false,
        ),
        (
            "from the second 02:30",
            berlin,
            "2026-10-25T01:30",
            90,
            false,
        ),
        ("until 02:00", berlin, "2026-10-24T22:00", 120, false),
        ("from 03:00", berlin, "2026-10-25T02:00", 60, true),
        (
            "half a year",
            berlin,
            "2026-06-01T12:00",
            HALF_A_YEAR,
            false,
        ),
        ("a year", berlin, "2026-06-01T12:00", 2 * HALF_A_YEAR, true),
        (
            "until the last minute of 2037",
            berlin,
            "2037-12-31T20:00",
            179,
            true,
        ),
        ("into 2038", berlin, "2037-12-31T20:00", 180, false),
        (
            "2038 in UTC alone",
            "America/New_York",
            "2038-01-01T02:00",
            60,
            true,
        ),
        (
            "1969 by the clock",
            "America/New_York",
            "1970-01-01T02:00",
            60,
            false,
        ),
    ] {
        let zone = built_in().zone(name.parse().unwrap()).unwrap();
        let start: DateTime<Utc> = format!("{start}:00Z").parse().unwrap();
        let span = TimeSpan::new(start, start + TimeDelta::minutes(minutes)).unwrap();
        assert_eq!(writes_locally(zone, span), want, "{row}");
    }
}

/// A reader of the rules: the changes they announce from 1970 to 2038, as (instant, offset before, offset after),
/// found by walking the days of the month.
struct Reader(Vec<(i64, i32, i32)>);

impl Reader {
    fn of(rules: &Rules) -> Self {
        let observances = [Some(&rules.standard), rules.daylight.as_ref()];
        let mut changes: Vec<_> = observances
            .into_iter()
            .flatten()
            .flat_map(Self::changes)
            .collect();
        changes.sort_unstable();
        Self(changes)
    }

    fn changes(observance: &Observance) -> Vec<(i64, i32, i32)> {
        let (from, to) = (observance.from.seconds(), observance.to.seconds());
        let change =
            |local: NaiveDateTime| (local.and_utc().timestamp() - i64::from(from), from, to);
        let Some(rule) = observance.rule else {
            return vec![change(observance.start)];
        };
        let text = rule.to_string();
        let day = text.rsplit('=').next().unwrap();
        let on_the_day = |year| {
            let days = (1..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, rule.month, day));
            let mut days = days.filter(|day| day.weekday() == rule.weekday);
            let day = match day.as_bytes()[0] {
                b'-' => days.next_back(),
                digit => days.nth(usize::from(digit - b'1')),
            };
            change(day.unwrap().and_time(observance.start.time()))
        };
        (1970..=2038).map(on_the_day).collect()
    }

    /// The offset at an instant; before the first change its `TZOFFSETFROM` (RFC 5545 §3.8.3.3).
    fn offset_at(&self, at: DateTime<Utc>) -> i32 {
        let passed = self
            .0
            .partition_point(|(change, ..)| *change <= at.timestamp());
        passed
            .checked_sub(1)
            .map_or(self.0[0].1, |last| self.0[last].2)
    }
}

#[track_caller]
fn assert_rules_say_what_the_data_say(zone: &Zone, rules: &Rules, span: TimeSpan) {
    let reader = Reader::of(rules);
    let changes = zone
        .transitions(span.start(), span.end())
        .map(|change| change.at);
    let hours = |at: DateTime<Utc>| (-30..=30).map(move |hour| at + TimeDelta::hours(hour));
    let ends = [span.start(), span.end()].into_iter();
    for at in changes.flat_map(hours).chain(ends) {
        if span.start() <= at && at <= span.end() {
            assert_eq!(
                reader.offset_at(at),
                zone.offset_at(at).seconds(),
                "{} {at}",
                rules.tz
            );
        }
    }
}

#[test]
fn the_rules_of_every_zone_and_year_say_what_the_data_say() {
    for tz in TZ_VARIANTS {
        let zone = built_in().zone(tz).unwrap();
        for year in [1970, 1987, 2006, 2026, 2037] {
            let span = span(&format!("{year}-01-02"), &format!("{year}-12-30"));
            if let Some(rules) = timezone(tz, zone, span) {
                assert_rules_say_what_the_data_say(zone, &rules, span);
                let daylight = rules.daylight.as_ref();
                assert!(
                    daylight.is_none_or(|daylight| daylight.to > rules.standard.to),
                    "{tz} {year}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_of_any_span_say_what_the_data_say(
        tz in proptest::sample::select(&TZ_VARIANTS[..]),
        start in 0_i64..2_145_916_800,
        days in 0_i64..2_000,
    ) {
        let zone = built_in().zone(tz).unwrap();
        let start = DateTime::from_timestamp_secs(start).unwrap();
        let span = TimeSpan::new(start, start + TimeDelta::days(days)).unwrap();
        if let Some(rules) = timezone(tz, zone, span) {
            assert_rules_say_what_the_data_say(zone, &rules, span);
        }
    }
}
