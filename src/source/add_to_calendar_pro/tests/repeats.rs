//! Events that repeat, and events of several dates.

use super::*;
use crate::{
    domain::{id::EventUid, when::DateSpan, window::Window},
    source::add_to_calendar_pro::{rule::rule, wire},
};

/// The rule of an event with `fields`, or why there is none.
fn rule_of(fields: Value) -> String {
    let event: wire::Event = serde_json::from_value(fields).unwrap();
    match rule(&event) {
        Ok(rule) => rule.unwrap_or_else(|| "once".to_owned()),
        Err(why) => why.to_owned(),
    }
}

#[test]
fn what_repeats_an_event_is_a_rule_however_it_is_said() {
    let simple = |fields| {
        let base = json!({ "simplified_recurrence": true, "recurrence_simple_type": "weekly" });
        with(base, fields)
    };
    for (row, fields, want) in [
        ("nothing", json!({}), "once"),
        (
            "a default of the app",
            json!({ "simplified_recurrence": true, "recurrence_interval": 1 }),
            "once",
        ),
        (
            "the default of the API",
            json!({ "simplified_recurrence": false, "recurrence": null }),
            "once",
        ),
        ("weekly", simple(json!({})), "FREQ=WEEKLY;WKST=MO"),
        (
            "all fields",
            simple(json!({
                "recurrence_interval": 2, "recurrence_count": "8", "recurrence_byDay": "2mo, tu",
                "recurrence_byMonth": "1,2", "recurrence_byMonthDay": 15, "recurrence_weekstart": "su",
            })),
            "FREQ=WEEKLY;INTERVAL=2;COUNT=8;BYDAY=2MO,TU;BYMONTH=1,2;BYMONTHDAY=15;WKST=SU",
        ),
        (
            "no times",
            simple(json!({ "recurrence_count": 0, "recurrence_interval": 0 })),
            "FREQ=WEEKLY;WKST=MO",
        ),
        (
            "until a day",
            simple(json!({ "recurrence_until": "2026-06-30" })),
            "FREQ=WEEKLY;UNTIL=20260630;WKST=MO",
        ),
        (
            "until a time of it",
            simple(json!({ "recurrence_until": "20260630T100000Z" })),
            "FREQ=WEEKLY;UNTIL=20260630;WKST=MO",
        ),
        (
            "until some day",
            simple(json!({ "recurrence_until": "June" })),
            "the last day of its rule cannot be read",
        ),
        (
            "some times",
            simple(json!({ "recurrence_count": "some" })),
            "a number of its rule cannot be read",
        ),
        (
            "at times",
            simple(json!({ "recurrence_simple_type": "at times" })),
            "how often it happens is not known",
        ),
        (
            "a rule that does not count",
            simple(json!({ "recurrence": "RRULE:FREQ=DAILY" })),
            "FREQ=WEEKLY;WKST=MO",
        ),
        (
            "simple fields that do not count",
            json!({ "simplified_recurrence": false, "recurrence_simple_type": "weekly" }),
            "once",
        ),
        (
            "a rule",
            json!({ "simplified_recurrence": false, "recurrence": "RRULE:FREQ=MONTHLY;BYDAY=2TH" }),
            "FREQ=MONTHLY;BYDAY=2TH",
        ),
        (
            "a rule with blanks",
            json!({ "simplified_recurrence": false, "recurrence": "rrule: freq=daily; count = 3" }),
            "FREQ=DAILY;COUNT=3",
        ),
        (
            "a bare word",
            json!({ "simplified_recurrence": false, "recurrence": "daily", "recurrence_count": 3 }),
            "FREQ=DAILY;COUNT=3;WKST=MO",
        ),
        (
            "a rule alone",
            json!({ "recurrence": "FREQ=DAILY" }),
            "FREQ=DAILY",
        ),
        (
            "a simple word alone",
            json!({ "recurrence_simple_type": "Yearly" }),
            "FREQ=YEARLY;WKST=MO",
        ),
    ] {
        assert_eq!(rule_of(fields), want, "{row}");
    }
}

/// When the only event is in spring 2026.
fn spring(record: &Value) -> Vec<String> {
    let (event, remarks) = event_of(record);
    assert_eq!(remarks, "");
    let days = DateSpan::through("2026-03-01".parse().unwrap(), "2026-05-31".parse().unwrap());
    let window = Window::new(days.unwrap(), |day| {
        day.and_time(chrono::NaiveTime::MIN).and_utc()
    });
    let series = event.series.expect("a series");
    let occurrences = series.occurrences(&window, built_in());
    occurrences
        .map(|occurrence| occurrence.when.to_string())
        .collect()
}

#[test]
fn a_series_keeps_its_time_on_the_wall_when_clocks_change() {
    let weekly = json!({
        "simplified_recurrence": true, "recurrence_simple_type": "weekly", "recurrence_count": 3,
        "recurrence_byDay": "MO",
    });
    let dates = [entry(json!({ "startDate": "2026-03-23" }))];
    let days = [entry(
        json!({ "startDate": "2026-03-23", "startTime": null, "endTime": null, "endDate": "2026-03-24" }),
    )];
    for (row, dates, want) in [
        (
            "timed",
            dates,
            [
                "2026-03-23T17:30:00Z..2026-03-23T19:00:00Z",
                "2026-03-30T16:30:00Z..2026-03-30T18:00:00Z",
                "2026-04-06T16:30:00Z..2026-04-06T18:00:00Z",
            ],
        ),
        (
            "whole days",
            days,
            [
                "2026-03-23..2026-03-24",
                "2026-03-30..2026-03-31",
                "2026-04-06..2026-04-07",
            ],
        ),
    ] {
        assert_eq!(spring(&record(&dates, weekly.clone())), want, "{row}");
    }
}

#[test]
fn a_rule_that_is_refused_takes_its_event_with_it_and_no_other() {
    for (row, rule) in [
        ("a bomb", "RRULE:FREQ=SECONDLY"),
        ("no rule", "RRULE:EVERY=DAY"),
        ("several lines", "RRULE:FREQ=DAILY\nEXDATE:20260304T183000"),
    ] {
        let bad = record(
            &[entry(json!({}))],
            json!({ "simplified_recurrence": false, "recurrence": rule }),
        );
        let good = record(&[entry(json!({ "name": "Glazes" }))], json!({}));
        let batch = batch(&[(KEY, bad), ("other", good)], &mut Memory::default());
        assert_eq!(batch.events.len(), 1, "{row}");
        assert_eq!(batch.events[0].title.as_str(), "Glazes", "{row}");
        let remarks = said(&batch.remarks);
        assert!(
            remarks.starts_with("event `KEY-0` was left out: "),
            "{row}: {remarks}"
        );
    }
}

#[test]
fn several_dates_are_events_of_their_own_and_do_not_repeat() {
    let dates = [
        entry(json!({ "location": "Room 4" })),
        entry(json!({ "startDate": "2026-03-09", "timeZone": "PT", "status": "CANCELLED" })),
    ];
    let fields = json!({ "simplified_recurrence": true, "recurrence_simple_type": "weekly" });
    let batch = batch_of(record(&dates, fields));
    let shown: Vec<String> = batch
        .events
        .iter()
        .map(|event| {
            assert_eq!(event.series, None);
            format!(
                "{} {:?} {}",
                event.when,
                event.status.unwrap(),
                event.places.len()
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2026-03-02T17:30:00Z..2026-03-02T19:00:00Z Confirmed 1",
            "2026-03-10T01:30:00Z..2026-03-10T03:00:00Z Cancelled 0",
        ]
    );
    assert_eq!(
        said(&batch.remarks),
        "`KEY` is odd: it repeats although it has several dates; each is shown once"
    );
}

/// The UIDs of an event that is read with these dates one time after the other, `.` being an entry that was deleted in
/// its place, by the numbers they stand for.
fn numbers(readings: &[&str]) -> Vec<Vec<usize>> {
    let known: Vec<EventUid> = (0..9)
        .map(|number| uid(&format!("{KEY}-{number}")))
        .collect();
    let mut memory = Memory::default();
    let read = readings.iter().map(|days| {
        let dates: Vec<Value> = days
            .chars()
            .map(|day| match day {
                '.' => json!({ "name": null, "startDate": null, "startTime": null }),
                day => entry(json!({ "startDate": format!("2026-03-0{day}") })),
            })
            .collect();
        let batch = batch(&[(KEY, record(&dates, json!({})))], &mut memory);
        assert_eq!(said(&batch.remarks), "", "{days}");
        batch
            .events
            .iter()
            .map(|event| known.iter().position(|uid| *uid == event.uid).unwrap())
            .collect()
    });
    read.collect()
}

#[test]
fn an_entry_keeps_its_uid_when_others_come_and_go() {
    for (row, readings, want) in [
        (
            "deleted in its place",
            &["123", "1.3"][..],
            &[&[0, 1, 2][..], &[0, 2]][..],
        ),
        ("taken out", &["123", "13"], &[&[0, 1, 2], &[0, 2]]),
        (
            "moved to another day",
            &["123", "153"],
            &[&[0, 1, 2], &[0, 1, 2]],
        ),
        ("one more in front", &["12", "512"], &[&[0, 1], &[2, 0, 1]]),
        ("after a restart, by its place", &["1.3"], &[&[0, 2]]),
    ] {
        assert_eq!(numbers(readings), want, "{row}");
    }
}
