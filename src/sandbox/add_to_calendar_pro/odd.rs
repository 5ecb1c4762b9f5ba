//! Groups and events of which the fact sheet warns (§11), dated around the day the double was started.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use super::{
    account::{date, event, group},
    key::prokey,
};
use crate::sandbox::season::CANARY;

/// The group that holds the odd events.
const COURSES: &str = "odd-courses";
/// Groups that have no events of their own, or one that cannot be read.
const EXTERNAL: &str = "odd-external";
const UNHEARD: &str = "odd-unheard";
const BROKEN: &str = "odd-broken";

/// One group of each sort; `external` is the calendar that one of them refers to.
pub(super) fn groups(external: &str) -> Vec<Value> {
    let with = |id: &str, name: &str, fields: Value| {
        let mut made = group(id, name);
        if let (Some(made), Value::Object(fields)) = (made.as_object_mut(), fields) {
            made.extend(fields);
        }
        made
    };
    vec![
        with(COURSES, "Evening courses", json!({ "subscription": "no" })),
        with(
            EXTERNAL,
            "Town calendar",
            json!({ "subscription": "external", "subscription_cal_url": external }),
        ),
        with(
            UNHEARD,
            "A group of a new sort",
            json!({ "subscription": "mirror" }),
        ),
        with(
            BROKEN,
            "A group with an event nobody may read",
            json!({ "subscription": "no", "events": [prokey("odd-nowhere")] }),
        ),
    ]
}

/// One event of each sort.
pub(super) fn events(today: NaiveDate) -> Vec<Value> {
    let year = today.year();
    let day = |month: u32, day: u32| json!(format!("{year}-{month:02}-{day:02}"));
    let timed = |name: &str, zone: Value, month, on| {
        date(json!({
            "name": name, "startDate": day(month, on), "startTime": "19:30",
            "endTime": "21:00", "timeZone": zone,
        }))
    };
    let mut rows: Vec<(&str, Vec<Value>, Value)> = vec![
        (
            "one whole day",
            vec![date(
                json!({ "name": "One whole day", "startDate": day(6, 1), "timeZone": "Etc/GMT" }),
            )],
            json!({}),
        ),
        (
            "whole days",
            vec![date(
                json!({ "name": "Whole days", "startDate": day(6, 5), "endDate": day(6, 7), "timeZone": "Asia/Tokyo" }),
            )],
            json!({}),
        ),
        (
            "over midnight",
            vec![date(json!({
                "name": "Over midnight", "startDate": day(6, 9), "startTime": "22:30",
                "endDate": day(6, 10), "endTime": "01:00", "timeZone": "Europe/Amsterdam",
            }))],
            json!({}),
        ),
        (
            "no zone",
            vec![timed("No zone", Value::Null, 6, 11)],
            json!({}),
        ),
        (
            "blank zone",
            vec![timed("Blank zone", json!(""), 6, 12)],
            json!({}),
        ),
        (
            "gmt",
            vec![timed("Greenwich", json!("Etc/GMT"), 6, 13)],
            json!({}),
        ),
        (
            "alias",
            vec![timed("Pacific", json!("PT"), 6, 14)],
            json!({}),
        ),
        (
            "link",
            vec![timed("Eastern", json!("US/Eastern"), 6, 15)],
            json!({}),
        ),
        (
            "browser",
            vec![timed("Wherever you are", json!("currentBrowser"), 6, 16)],
            json!({}),
        ),
        (
            "weekly over both changes",
            vec![date(json!({
                "name": "Pottery", "startDate": day(3, 2), "startTime": "18:30", "endTime": "20:00",
                "timeZone": "Europe/Amsterdam", "location": "Room 4", "availability": "busy",
            }))],
            json!({ "recurrence_simple_type": "weekly", "recurrence_count": 40, "recurrence_weekstart": "MO" }),
        ),
        (
            "rule",
            vec![timed("Second Tuesdays", json!("America/New_York"), 1, 13)],
            json!({ "simplified_recurrence": false, "recurrence": format!("RRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL={year}1231") }),
        ),
        (
            "simple monthly",
            vec![timed(
                "Two Mondays and a Tuesday",
                json!("Europe/Amsterdam"),
                1,
                12,
            )],
            json!({ "recurrence_simple_type": "monthly", "recurrence_byDay": "2MO,TU", "recurrence_count": 12 }),
        ),
        (
            "simple yearly",
            vec![date(
                json!({ "name": "Founders' day", "startDate": day(3, 4) }),
            )],
            json!({ "recurrence_simple_type": "yearly", "recurrence_byMonth": "3", "recurrence_byMonthDay": "4", "recurrence_count": 5 }),
        ),
        (
            "bare word",
            vec![timed("Every day for a week", json!("Europe/Berlin"), 7, 6)],
            json!({ "simplified_recurrence": false, "recurrence": "daily", "recurrence_count": 7 }),
        ),
        (
            "dynamic",
            vec![date(
                json!({ "name": "Soon", "startDate": "today+4", "startTime": "10:00", "endTime": "11:00", "timeZone": "Europe/Berlin" }),
            )],
            json!({}),
        ),
        (
            "two zones",
            vec![
                timed("Lecture, east", json!("America/New_York"), 9, 8),
                date(json!({})),
                date(json!({
                    "name": "Lecture, west", "startDate": day(9, 9), "startTime": "19:30", "endTime": "21:00",
                    "timeZone": "America/Los_Angeles", "status": "CANCELLED",
                })),
                date(
                    json!({ "startDate": day(9, 10), "startTime": "19:30", "endTime": "21:00", "timeZone": "Asia/Tokyo", "status": "tentative" }),
                ),
            ],
            json!({ "title_event_series": "Lectures on tour", "sequence": "10" }),
        ),
        (
            "invitation",
            vec![date(json!({
                "name": "Tea with the patrons", "startDate": day(6, 20), "startTime": "16:00", "endTime": "17:00",
                "timeZone": "Europe/London", "availability": "free",
                "organizer_name": format!("Office {CANARY}"), "organizer_email": format!("{CANARY}@quillfeather.example"),
                "attendee_name": format!("Guest {CANARY}"), "attendee_email": format!("{CANARY}@guest.example"),
            }))],
            json!({}),
        ),
        (
            "sign-up form",
            vec![date(json!({ "name": format!("Waiting list {CANARY}") }))],
            json!({ "distribution": false, "rsvp": true, "rsvp_block": 3 }),
        ),
        (
            "draft",
            vec![timed(
                &format!("Plans {CANARY}"),
                json!("Europe/London"),
                6,
                21,
            )],
            json!({ "status": "draft" }),
        ),
        (
            "one time only",
            vec![date(
                json!({ "name": "Doors", "startDate": day(6, 22), "startTime": "18:00", "timeZone": "Europe/London" }),
            )],
            json!({}),
        ),
        (
            "combined date",
            vec![date(
                json!({ "name": "Combined", "startDate": format!("{year}-06-23T18:00:30"), "endDate": format!("{year}-06-23T19:00"), "timeZone": "Europe/London" }),
            )],
            json!({}),
        ),
        (
            "backwards",
            vec![date(
                json!({ "name": "Ends before it starts", "startDate": day(6, 24), "startTime": "18:00", "endTime": "17:00", "timeZone": "Europe/London" }),
            )],
            json!({}),
        ),
    ];
    rows.push((
        "text",
        vec![date(json!({
            "name": "Hello %%name%%, come \u{1f3ad}\u{1f9f5}", "startDate": day(6, 25), "startTime": "18:00", "endTime": "19:00",
            "timeZone": "Europe/London", "location": "https://stream.quillfeather.example/live",
            "description": "<h2>Dear %%name%%</h2><p>A <strong>play</strong> &amp; a talk.<br></p><ul><li>one</li><li>two</li></ul><p><a href=\"https://quillfeather.example/?a=1&amp;b=2\">More</a></p>",
        }))],
        json!({}),
    ));
    let made = rows.into_iter().map(|(id, dates, fields)| {
        let mut made: Map<String, Value> = event(&format!("odd {id}"), COURSES, &dates);
        if let Value::Object(fields) = fields {
            made.extend(fields);
        }
        Value::Object(made)
    });
    made.collect()
}
