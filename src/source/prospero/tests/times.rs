//! When an event is (§2, §6.2, §6.3).

use super::*;

#[test]
fn a_timed_event_is_the_span_of_its_instants_however_they_are_written() {
    let odd = "times carry offsets other than UTC; they were converted";
    for (row, fields, want, remark) in [
        (
            "documented",
            json!({}),
            "2026-12-01T19:00:00Z..2026-12-01T21:00:00Z",
            "",
        ),
        (
            "…At",
            json!({"start": "-", "end": "-", "startAt": "2026-12-01T19:00:00Z", "endAt": "2026-12-01T20:00:00Z"}),
            "2026-12-01T19:00:00Z..2026-12-01T20:00:00Z",
            "",
        ),
        (
            "…Date with a time",
            json!({"start": "-", "end": "-", "startDate": "2026-12-01T19:00:00Z", "endDate": "2026-12-01T20:00:00Z"}),
            "2026-12-01T19:00:00Z..2026-12-01T20:00:00Z",
            "",
        ),
        (
            "spellings together: the first counts",
            json!({"startAt": "2026-12-05T19:00:00Z", "endDate": "2026-12-05T19:00:00Z"}),
            "2026-12-01T19:00:00Z..2026-12-01T21:00:00Z",
            "",
        ),
        (
            "spellings together, the first null or empty",
            json!({"start": null, "end": "", "startAt": "2026-12-05T19:00:00Z", "endAt": "2026-12-05T20:00:00Z"}),
            "2026-12-05T19:00:00Z..2026-12-05T20:00:00Z",
            "",
        ),
        (
            "fractions",
            json!({"start": "2026-12-01T19:00:00.999Z", "end": "2026-12-01T21:00:00.001Z"}),
            "2026-12-01T19:00:00Z..2026-12-01T21:00:00Z",
            "",
        ),
        (
            "UTC as an offset",
            json!({"start": "2026-12-01T19:00:00+00:00"}),
            "2026-12-01T19:00:00Z..2026-12-01T21:00:00Z",
            "",
        ),
        (
            "another offset",
            json!({"start": "2026-12-01T19:00:00+02:00"}),
            "2026-12-01T17:00:00Z..2026-12-01T21:00:00Z",
            odd,
        ),
        (
            "no offset",
            json!({"start": "2026-12-01T19:00:00"}),
            "2026-12-01T19:00:00Z..2026-12-01T21:00:00Z",
            "",
        ),
        (
            "blanks around",
            json!({"start": " 2026-12-01T19:00:00Z\n"}),
            "2026-12-01T19:00:00Z..2026-12-01T21:00:00Z",
            "",
        ),
        (
            "no end",
            json!({"end": "-"}),
            "2026-12-01T19:00:00Z..2026-12-01T19:00:00Z",
            "",
        ),
        (
            "null end",
            json!({"end": null}),
            "2026-12-01T19:00:00Z..2026-12-01T19:00:00Z",
            "",
        ),
        (
            "end in other words",
            json!({"end": "late"}),
            "2026-12-01T19:00:00Z..2026-12-01T19:00:00Z",
            "",
        ),
        (
            "end as an object",
            json!({"end": {}}),
            "2026-12-01T19:00:00Z..2026-12-01T19:00:00Z",
            "",
        ),
        (
            "end before the start",
            json!({"end": "2026-12-01T18:00:00Z"}),
            "2026-12-01T19:00:00Z..2026-12-01T19:00:00Z",
            "",
        ),
        (
            "end as a date",
            json!({"end": "2026-12-02"}),
            "2026-12-01T19:00:00Z..2026-12-01T19:00:00Z",
            "",
        ),
        (
            "midnight to midnight is no day unless it says so",
            json!({"start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z", "allDay": false}),
            "2026-12-01T00:00:00Z..2026-12-02T00:00:00Z",
            "",
        ),
        (
            "a leap second",
            json!({"start": "2026-12-31T23:59:60Z", "end": "2027-01-01T01:00:00Z"}),
            "2026-12-31T23:59:59Z..2027-01-01T01:00:00Z",
            "",
        ),
    ] {
        let (event, remarks) = Upstream::default().event(&record(fields));
        assert_eq!(
            (event.when.to_string().as_str(), remarks.as_str()),
            (want, remark),
            "{row}"
        );
    }
}

#[test]
fn whole_days_never_shift_and_end_as_the_operator_says() {
    let day = "2026-12-01..2026-12-01";
    for (row, fields, inclusive, exclusive) in [
        (
            "one date",
            json!({"start": "2026-12-01", "end": "-"}),
            day,
            day,
        ),
        (
            "the same date twice",
            json!({"start": "2026-12-01", "end": "2026-12-01"}),
            day,
            day,
        ),
        (
            "end before the start",
            json!({"start": "2026-12-01", "end": "2026-11-20"}),
            day,
            day,
        ),
        (
            "two dates",
            json!({"start": "2026-12-01", "end": "2026-12-03"}),
            "2026-12-01..2026-12-03",
            "2026-12-01..2026-12-02",
        ),
        (
            "dates under another name",
            json!({"start": "-", "end": "-", "startDate": "2026-12-01", "endDate": "2026-12-03"}),
            "2026-12-01..2026-12-03",
            "2026-12-01..2026-12-02",
        ),
        (
            "dates although a flag says no",
            json!({"start": "2026-12-01", "end": "2026-12-01", "allDay": false}),
            day,
            day,
        ),
        (
            "flag and midnights",
            json!({"start": "2026-12-01T00:00:00Z", "end": "2026-12-03T00:00:00Z", "allDay": true}),
            "2026-12-01..2026-12-03",
            "2026-12-01..2026-12-02",
        ),
        (
            "flag and the same midnight twice",
            json!({"start": "2026-12-01T00:00:00Z", "end": "2026-12-01T00:00:00Z", "isAllDay": true}),
            day,
            day,
        ),
        (
            "flag as 1, end within a day",
            json!({"start": "2026-12-01T00:00:00.000Z", "end": "2026-12-02T23:59:59Z", "isAllDay": 1}),
            "2026-12-01..2026-12-02",
            "2026-12-01..2026-12-02",
        ),
        (
            "flags that disagree",
            json!({"start": "2026-12-01T00:00:00Z", "end": "-", "allDay": false, "isAllDay": "true"}),
            day,
            day,
        ),
        (
            "date start, time end",
            json!({"start": "2026-12-01", "end": "2026-12-02T10:00:00Z"}),
            "2026-12-01..2026-12-02",
            "2026-12-01..2026-12-02",
        ),
        (
            "midnights east of Greenwich",
            json!({"start": "2026-12-01T00:00:00+13:00", "end": "2026-12-03T00:00:00+13:00", "allDay": true}),
            "2026-12-01..2026-12-03",
            "2026-12-01..2026-12-02",
        ),
        (
            "midnights west of Greenwich",
            json!({"start": "2026-12-01T00:00:00-11:00", "end": "2026-12-03T00:00:00-11:00", "allDay": true}),
            "2026-12-01..2026-12-03",
            "2026-12-01..2026-12-02",
        ),
    ] {
        for (all_day_end, want) in [
            (AllDayEnd::Inclusive, inclusive),
            (AllDayEnd::Exclusive, exclusive),
        ] {
            let upstream = Upstream {
                all_day_end,
                ..Upstream::default()
            };
            let (event, _) = upstream.event(&record(fields.clone()));
            assert_eq!(event.when.to_string(), want, "{row}, {all_day_end:?}");
            assert!(
                matches!(event.when, crate::domain::when::When::Days(_)),
                "{row}"
            );
        }
    }
}

#[test]
fn a_record_whose_time_cannot_be_told_is_left_out_alone_and_named() {
    let id = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    for (row, fields, why) in [
        ("no start", json!({"start": "-"}), "it has no start"),
        ("null start", json!({"start": null}), "it has no start"),
        (
            "start as an object",
            json!({"start": {"at": 1}}),
            "it has no start",
        ),
        (
            "start in words",
            json!({"start": "soon"}),
            "its start is no time",
        ),
        (
            "a time without a date",
            json!({"start": "19:00:00"}),
            "its start is no time",
        ),
        (
            "seconds",
            json!({"start": 1_796_151_600}),
            "its start is no time",
        ),
        (
            "a day that does not exist",
            json!({"start": "2026-02-30"}),
            "its start is no time",
        ),
        (
            "too early",
            json!({"start": "1969-12-31T23:59:59Z"}),
            "it lies outside the years 1970 to 2099",
        ),
        (
            "too late",
            json!({"end": "2100-01-01T00:00:00Z"}),
            "it lies outside the years 1970 to 2099",
        ),
        (
            "a day too late",
            json!({"start": "2100-01-01"}),
            "it lies outside the years 1970 to 2099",
        ),
    ] {
        let good = record(json!({"id": "good"}));
        let mut fields = fields;
        fields["groups"] = json!(["ghost"]);
        let batch = Upstream::default().batch(&[record(fields), good]);
        assert_eq!(
            said(&batch.remarks),
            format!("event `{id}` was left out: {why}"),
            "{row}"
        );
        let uids: Vec<_> = batch.events.iter().map(|event| event.uid).collect();
        assert_eq!(uids, [uid("good")], "{row}");
        assert_eq!(
            batch.unreadable,
            [(uid(id), why)].into(),
            "{row}: it is there"
        );
        assert!(
            batch.groups.is_empty(),
            "{row}: no group of an event that is not there"
        );
    }
}

#[test]
fn the_upstreams_own_stamps_and_zone_are_taken_where_they_can_be_read() {
    for (row, fields, created, updated, zone) in [
        ("none", json!({}), None, None, None),
        (
            "documented",
            json!({"createdAt": "2026-01-01T00:00:00Z", "lastUpdatedAt": "2026-02-01T00:00:00Z", "timezone": "Asia/Tokyo"}),
            Some("2026-01-01T00:00:00Z"),
            Some("2026-02-01T00:00:00Z"),
            Some("Asia/Tokyo"),
        ),
        (
            "aliases",
            json!({"updatedAt": "2026-02-01T01:00:00+01:00", "timeZone": "US/Eastern"}),
            None,
            Some("2026-02-01T00:00:00Z"),
            Some("US/Eastern"),
        ),
        (
            "in years no calendar can hold",
            json!({"createdAt": "0001-01-01T00:00:00Z", "lastUpdatedAt": "0001-01-01T00:00:00Z"}),
            None,
            None,
            None,
        ),
        (
            "just outside the years",
            json!({"createdAt": "1969-12-31T23:59:59Z", "lastUpdatedAt": "2100-01-01T00:00:00Z"}),
            None,
            None,
            None,
        ),
        (
            "in years of five digits",
            json!({"createdAt": "+10000-01-01T00:00:00", "lastUpdatedAt": "+10000-01-01T00:00:00"}),
            None,
            None,
            None,
        ),
        (
            "across an offset into the year 10000",
            json!({"createdAt": "9999-12-31T23:30:00-01:00", "lastUpdatedAt": "9999-12-31T23:30:00-01:00"}),
            None,
            None,
            None,
        ),
        (
            "unreadable",
            json!({"createdAt": "today", "lastUpdatedAt": 7, "timezone": "Eastern Time"}),
            None,
            None,
            None,
        ),
    ] {
        let (event, _) = Upstream::default().event(&record(fields));
        let at = |text: &str| crate::domain::testing::at(text);
        assert_eq!(
            (event.created, event.updated),
            (created.map(at), updated.map(at)),
            "{row}"
        );
        assert_eq!(event.zone.map(chrono_tz::Tz::name), zone, "{row}");
    }
    let (_, remarks) = Upstream::default().event(&record(json!({"timezone": "Eastern Time"})));
    assert_eq!(
        remarks,
        "zone `Eastern Time` is not known; the zone book decides instead"
    );
}
