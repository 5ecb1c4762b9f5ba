//! When a task is due, a deal expected to close, and a meeting (§8, §10).

use super::*;

/// What the only record of `resource` gives: its time and what there is to say, or why it is left out.
#[track_caller]
fn shown(wall: &Wall, resource: Resource, fields: &Value) -> String {
    let upstream = Upstream {
        wall: wall.clone(),
        ..Upstream::default()
    };
    let batch = upstream.batch(resource, &[record(resource, fields.clone())]);
    let when = batch.events.iter().map(|event| event.when.to_string());
    let remarks = batch.remarks.iter().map(ToString::to_string);
    when.chain(remarks).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_task_is_due_on_a_day_or_ends_when_it_is_due() {
    const LEFT_OUT: &str = "event `task_1` was left out: its due date is no date";
    for (fields, want) in [
        (json!({}), "2026-11-30..2026-11-30"),
        (
            json!({"due_date": " 2026-11-30 "}),
            "2026-11-30..2026-11-30",
        ),
        (
            json!({"due_date": "2026-12-01T14:30:00Z"}),
            "2026-12-01T14:15:00Z..2026-12-01T14:30:00Z",
        ),
        (
            json!({"due_date": "2026-12-01T14:30:00.750Z"}),
            "2026-12-01T14:15:00Z..2026-12-01T14:30:00Z",
        ),
        (
            json!({"due_date": "2026-12-01T14:30:00"}),
            "2026-12-01T14:15:00Z..2026-12-01T14:30:00Z",
        ),
        (
            json!({"due_date": "2026-12-01T15:30:00+01:00"}),
            "2026-12-01T14:15:00Z..2026-12-01T14:30:00Z; times carry offsets other than UTC; they were converted",
        ),
        (
            json!({"due_date": "2026-12-01T00:00:00Z"}),
            "2026-11-30T23:45:00Z..2026-12-01T00:00:00Z",
        ),
        (
            json!({"due_date": "-", "due_at": "2026-12-02"}),
            "2026-12-02..2026-12-02",
        ),
        (
            json!({"due_date": "", "due_at": "2026-12-02"}),
            "2026-12-02..2026-12-02",
        ),
        (json!({"due_date": "soon"}), LEFT_OUT),
        (json!({"due_date": 7}), LEFT_OUT),
        (json!({"due_date": true}), LEFT_OUT),
        (json!({"due_date": {"on": "2026-12-02"}}), LEFT_OUT),
        (
            json!({"due_date": "2110-01-01"}),
            "event `task_1` was left out: it lies outside the years 1970 to 2099",
        ),
        (
            json!({"due_date": "1970-01-01T00:00:00Z"}),
            "event `task_1` was left out: it lies outside the years 1970 to 2099",
        ),
        (json!({"due_date": null}), ""),
        (json!({"due_date": ""}), ""),
    ] {
        assert_eq!(
            shown(&Wall::Utc, Resource::Tasks, &fields),
            want,
            "{fields}"
        );
    }
}

#[test]
fn a_time_of_day_is_that_of_the_zone_unless_the_operator_says_utc() {
    const ODD: &str =
        "; the time of day of some records cannot be read; they stand on their whole day";
    let in_utc = "2026-11-30T14:15:00Z..2026-11-30T14:30:00Z";
    let in_new_york = "2026-11-30T19:15:00Z..2026-11-30T19:30:00Z";
    let on_day = "2026-11-30..2026-11-30";
    for (time, utc, new_york_time) in [
        (json!("14:30"), in_utc, in_new_york),
        (json!("14:30:00"), in_utc, in_new_york),
        (json!("2:30 PM"), in_utc, in_new_york),
        (json!("02:30pm"), in_utc, in_new_york),
        (json!("2:30 p.m."), in_utc, in_new_york),
        (json!(""), on_day, on_day),
        (json!(null), on_day, on_day),
        (
            json!("noonish"),
            &format!("{on_day}{ODD}"),
            &format!("{on_day}{ODD}"),
        ),
        (
            json!("25:00"),
            &format!("{on_day}{ODD}"),
            &format!("{on_day}{ODD}"),
        ),
        (
            json!([14, 30]),
            &format!("{on_day}{ODD}"),
            &format!("{on_day}{ODD}"),
        ),
    ] {
        let fields = json!({"due_time": time});
        assert_eq!(shown(&Wall::Utc, Resource::Tasks, &fields), utc, "{time}");
        let got = shown(&new_york(), Resource::Tasks, &fields);
        assert_eq!(got, new_york_time, "{time}");
    }
}

#[test]
fn a_time_of_day_follows_the_clocks_and_beside_an_instant_counts_only_at_midnight() {
    for (row, date, time, want) in [
        (
            "summer",
            "2026-07-01",
            "09:00",
            "2026-07-01T12:45:00Z..2026-07-01T13:00:00Z",
        ),
        (
            "skipped",
            "2026-03-08",
            "02:30",
            "2026-03-08T07:15:00Z..2026-03-08T07:30:00Z",
        ),
        (
            "repeated",
            "2026-11-01",
            "01:30",
            "2026-11-01T05:15:00Z..2026-11-01T05:30:00Z",
        ),
        (
            "midnight",
            "2026-11-30T00:00:00Z",
            "09:00",
            "2026-11-30T13:45:00Z..2026-11-30T14:00:00Z",
        ),
        (
            "instant",
            "2026-11-30T17:00:00Z",
            "09:00",
            "2026-11-30T16:45:00Z..2026-11-30T17:00:00Z",
        ),
    ] {
        let fields = json!({"due_date": date, "due_time": time});
        assert_eq!(shown(&new_york(), Resource::Tasks, &fields), want, "{row}");
    }
}

#[test]
fn only_a_batch_with_times_on_the_wall_depends_on_zone_data() {
    for (row, wall, time, want) in [
        ("on the wall", new_york(), json!("09:00"), true),
        ("in UTC", Wall::Utc, json!("09:00"), false),
        ("on a day", new_york(), json!(null), false),
    ] {
        let upstream = Upstream {
            wall,
            ..Upstream::default()
        };
        let batch = upstream.batch(Resource::Tasks, &[task(json!({"due_time": time}))]);
        assert_eq!(batch.from_wall_times, want, "{row}");
    }
}

#[test]
fn a_deal_closes_on_the_day_its_first_ten_characters_say() {
    const LEFT_OUT: &str = "event `deal_1` was left out: its expected close is no date";
    for (fields, want) in [
        (json!({}), "2027-01-15..2027-01-15"),
        (
            json!({"expected_close_date": "2027-01-15T23:00:00.000Z"}),
            "2027-01-15..2027-01-15",
        ),
        (
            json!({"expected_close_date": "2027-01-15 and a bit"}),
            "2027-01-15..2027-01-15",
        ),
        (
            json!({"expected_close_date": null, "expected_closing_date": "2027-01-16"}),
            "2027-01-16..2027-01-16",
        ),
        (
            json!({"expected_close_date": "-", "close_date": "2027-01-17"}),
            "2027-01-17..2027-01-17",
        ),
        (json!({"expected_close_date": "15.01.2027"}), LEFT_OUT),
        (json!({"expected_close_date": "ääääääääää"}), LEFT_OUT),
        (json!({"expected_close_date": "2027"}), LEFT_OUT),
        (json!({"expected_close_date": 20_270_115}), LEFT_OUT),
        (json!({"expected_close_date": ""}), ""),
        (json!({"expected_close_date": "-"}), ""),
    ] {
        assert_eq!(
            shown(&Wall::Utc, Resource::Deals, &fields),
            want,
            "{fields}"
        );
    }
}

#[test]
fn a_meeting_is_half_an_hour_unless_it_says_when_it_ends() {
    let half_an_hour = "2026-12-04T10:00:00Z..2026-12-04T10:30:00Z";
    for (fields, want) in [
        (json!({}), "2026-12-04T10:00:00Z..2026-12-04T11:00:00Z"),
        (json!({"end_at": "-"}), half_an_hour),
        (json!({"end_at": "-", "duration": 90}), half_an_hour),
        (json!({"end_at": "later"}), half_an_hour),
        (json!({"end_at": "2026-12-04"}), half_an_hour),
        (json!({"end_at": "2026-12-04T09:00:00Z"}), half_an_hour),
        (
            json!({"end_at": "2026-12-04T10:00:00Z"}),
            "2026-12-04T10:00:00Z..2026-12-04T10:00:00Z",
        ),
        (
            json!({"end_at": "-", "end_time": "2026-12-04T12:00:00Z"}),
            "2026-12-04T10:00:00Z..2026-12-04T12:00:00Z",
        ),
        (
            json!({"start_at": "2026-12-04", "end_at": "2026-12-05"}),
            "2026-12-04..2026-12-05",
        ),
        (
            json!({"start_at": "-", "end_at": "-", "date": "2026-12-06"}),
            "2026-12-06..2026-12-06",
        ),
        (
            json!({"start_at": "-", "end_at": "-", "occurred_at": "2026-12-04T10:00:00Z"}),
            half_an_hour,
        ),
        (
            json!({"start_at": "-", "end_at": "-", "created_at": "2026-12-04T10:00:00Z"}),
            half_an_hour,
        ),
        (
            json!({"start_at": "-"}),
            "event `act_1` was left out: it has no start",
        ),
        (
            json!({"start_at": ["2026-12-04"]}),
            "event `act_1` was left out: its start is no time",
        ),
    ] {
        let got = shown(&Wall::Utc, Resource::Activities, &fields);
        assert_eq!(got, want, "{fields}");
    }
}
