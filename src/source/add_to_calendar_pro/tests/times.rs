//! When an entry is.

use super::*;

/// When the only entry is, in which zone, and what is odd about it; or why it is left out.
fn time(fields: Value) -> (String, String, String) {
    let mut batch = batch_of(record(&[entry(fields)], json!({})));
    let remarks = said(&batch.remarks);
    assert!(batch.events.len() < 2);
    let Some(event) = batch.events.pop() else {
        return ("-".to_owned(), String::new(), remarks);
    };
    let zone = event.zone.map(|tz| tz.to_string()).unwrap_or_default();
    (event.when.to_string(), zone, remarks)
}

#[test]
fn wall_times_are_those_of_the_zone_that_is_named() {
    for (row, zone, want, kept) in [
        (
            "winter",
            json!("Europe/Amsterdam"),
            "17:30",
            "Europe/Amsterdam",
        ),
        ("old name", json!("US/Eastern"), "23:30", "US/Eastern"),
        ("Pacific", json!("PT"), "02:30", "America/Los_Angeles"),
        ("Mountain", json!("MT"), "01:30", "America/Denver"),
        ("Central", json!("CT"), "00:30", "America/Chicago"),
        ("Eastern", json!("ET"), "23:30", "America/New_York"),
        ("an app default", json!("Etc/GMT"), "18:30", "Etc/GMT"),
        ("a fixed offset", json!("Etc/GMT+8"), "02:30", "Etc/GMT+8"),
        ("none", json!(null), "18:30", ""),
        ("blank", json!(" "), "18:30", ""),
        ("absent", json!("-"), "18:30", ""),
        (
            "a name with an abbreviation in it",
            json!("Europe/Budapest"),
            "17:30",
            "Europe/Budapest",
        ),
    ] {
        let (when, zone, remarks) = time(json!({ "timeZone": zone }));
        let start = when.split("..").next().unwrap();
        assert!(start.ends_with(&format!("T{want}:00Z")), "{row}: {when}");
        assert_eq!((zone.as_str(), remarks.as_str()), (kept, ""), "{row}");
    }
}

#[test]
fn the_zone_book_decides_where_the_name_of_a_zone_is_not_known() {
    for (row, fields, want) in [
        (
            "the source",
            json!({}),
            "2026-03-02T17:30:00Z..2026-03-02T19:00:00Z",
        ),
        (
            "the place",
            json!({ "location": "Pier" }),
            "2026-03-03T02:30:00Z..2026-03-03T04:00:00Z",
        ),
    ] {
        for name in ["currentBrowser", "Mars/Olympus", "europe/amsterdam"] {
            let (when, zone, remarks) = time(with(fields.clone(), json!({ "timeZone": name })));
            let said = format!("zone `{name}` is not known; the zone book decides instead");
            assert_eq!(
                (when.as_str(), zone, remarks),
                (want, String::new(), said),
                "{row}"
            );
        }
    }
}

#[test]
fn dates_and_times_are_read_as_they_are_meant() {
    for (row, fields, want, remarks) in [
        (
            "same day",
            json!({}),
            "2026-03-02T17:30:00Z..2026-03-02T19:00:00Z",
            "",
        ),
        (
            "over midnight",
            json!({ "endDate": "2026-03-03", "endTime": "01:00" }),
            "2026-03-02T17:30:00Z..2026-03-03T00:00:00Z",
            "",
        ),
        (
            "seconds are cut",
            json!({ "startTime": "18:30:45", "endTime": "20:00:59.5" }),
            "2026-03-02T17:30:00Z..2026-03-02T19:00:00Z",
            "",
        ),
        (
            "date and time in one field",
            json!({ "startDate": "2026-03-02T18:30", "endDate": "2026-03-02T20:00:00", "startTime": null, "endTime": "" }),
            "2026-03-02T17:30:00Z..2026-03-02T19:00:00Z",
            "",
        ),
        (
            "a point in time",
            json!({ "endTime": "18:30" }),
            "2026-03-02T17:30:00Z..2026-03-02T17:30:00Z",
            "",
        ),
        (
            "without an end time",
            json!({ "endTime": null }),
            "2026-03-02T17:30:00Z..2026-03-02T17:30:00Z",
            "it has a start time without an end time; it is taken for a point in time",
        ),
        (
            "the end first",
            json!({ "endTime": "08:00" }),
            "2026-03-02T17:30:00Z..2026-03-02T17:30:00Z",
            "it ends before it starts; its end is ignored",
        ),
        (
            "skipped hour",
            json!({ "startDate": "2026-03-29", "startTime": "02:30", "endTime": "04:00" }),
            "2026-03-29T01:30:00Z..2026-03-29T02:00:00Z",
            "",
        ),
        (
            "repeated hour",
            json!({ "startDate": "2026-10-25", "startTime": "02:30", "endTime": "04:00" }),
            "2026-10-25T00:30:00Z..2026-10-25T03:00:00Z",
            "",
        ),
        (
            "summer",
            json!({ "startDate": "2026-07-02" }),
            "2026-07-02T16:30:00Z..2026-07-02T18:00:00Z",
            "",
        ),
    ] {
        let (when, _, said) = time(fields);
        assert_eq!(when, want, "{row}");
        let odd = format!("`KEY-0` is odd: {remarks}");
        assert_eq!(said, if remarks.is_empty() { "" } else { &odd }, "{row}");
    }
}

#[test]
fn whole_days_have_no_zone_and_their_last_day_is_included() {
    for (row, fields, want, remarks) in [
        ("one day", json!({}), "2026-03-02..2026-03-02", ""),
        (
            "three days",
            json!({ "endDate": "2026-03-04" }),
            "2026-03-02..2026-03-04",
            "",
        ),
        (
            "a zone beside it",
            json!({ "timeZone": "Pacific/Kiritimati", "endDate": "2026-03-02" }),
            "2026-03-02..2026-03-02",
            "",
        ),
        (
            "a zone nobody knows beside it",
            json!({ "timeZone": "Mars/Olympus" }),
            "2026-03-02..2026-03-02",
            "",
        ),
        (
            "the end first",
            json!({ "endDate": "2026-03-01" }),
            "2026-03-02..2026-03-02",
            "it ends before it starts; its end is ignored",
        ),
        (
            "an end time alone",
            json!({ "endTime": "20:00" }),
            "2026-03-02..2026-03-02",
            "it has an end time without a start time; it is taken for whole days",
        ),
    ] {
        let bare = json!({ "startTime": null, "endTime": null });
        let (when, zone, said) = time(with(bare, fields));
        assert_eq!((when.as_str(), zone.as_str()), (want, ""), "{row}");
        let odd = format!("`KEY-0` is odd: {remarks}");
        assert_eq!(said, if remarks.is_empty() { "" } else { &odd }, "{row}");
    }
}

#[test]
fn an_entry_whose_time_cannot_be_told_is_left_out_alone() {
    const COUNTED: &str = "its date is counted from the day somebody looks at it";
    for (row, fields, why) in [
        (
            "no start",
            json!({ "startDate": null }),
            "it has no start date",
        ),
        ("today", json!({ "startDate": "today" }), COUNTED),
        ("in four days", json!({ "startDate": "Today+4" }), COUNTED),
        (
            "until in four days",
            json!({ "endDate": "today+4" }),
            COUNTED,
        ),
        (
            "no date",
            json!({ "startDate": "soon" }),
            "a date of it cannot be read",
        ),
        (
            "no such day",
            json!({ "startDate": "2026-02-30" }),
            "a date of it cannot be read",
        ),
        (
            "no time",
            json!({ "startTime": "noon" }),
            "a time of it cannot be read",
        ),
        (
            "no such time",
            json!({ "endTime": "24:30" }),
            "a time of it cannot be read",
        ),
        (
            "an offset",
            json!({ "startDate": "2026-03-02T18:30+02:00" }),
            "a time of it cannot be read",
        ),
        (
            "of another type",
            json!({ "startDate": { "y": 2026 } }),
            "it has no start date",
        ),
        (
            "long ago",
            json!({ "startDate": "0001-01-01" }),
            "it lies outside the years 1970 to 2099",
        ),
        (
            "long ago, whole days",
            json!({ "startDate": "1969-12-31", "startTime": null, "endTime": null }),
            "it lies outside the years 1970 to 2099",
        ),
    ] {
        let batch = batch_of(record(
            &[entry(fields), entry(json!({ "name": "Glazes" }))],
            json!({}),
        ));
        let titles: Vec<&str> = batch
            .events
            .iter()
            .map(|event| event.title.as_str())
            .collect();
        assert_eq!(titles, ["Glazes"], "{row}");
        let left_out = format!("event `KEY-0` was left out: {why}");
        assert_eq!(said(&batch.remarks), left_out, "{row}");
    }
}

#[test]
fn a_batch_says_whether_rules_of_a_zone_went_into_it() {
    for (row, fields, want) in [
        ("wall times", json!({}), true),
        ("UTC", json!({ "timeZone": null }), false),
        (
            "whole days",
            json!({ "startTime": null, "endTime": null }),
            false,
        ),
    ] {
        let batch = batch_of(record(&[entry(fields)], json!({})));
        assert_eq!(batch.from_wall_times, want, "{row}");
    }
}
