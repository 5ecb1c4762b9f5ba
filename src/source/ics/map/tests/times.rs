//! When events are.

use super::*;

#[test]
fn a_span_is_read_from_whatever_says_when_it_ends() {
    for (lines, want) in [
        (
            "DTSTART;VALUE=DATE:20261121\nDTEND;VALUE=DATE:20261123",
            "2026-11-21..2026-11-22",
        ),
        ("DTSTART;VALUE=DATE:20261121", "2026-11-21..2026-11-21"),
        ("DTSTART:20261121", "2026-11-21..2026-11-21"),
        (
            "DTSTART;VALUE=DATE:20261121T000000",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART;VALUE=DATE;TZID=Asia/Tokyo:20261121",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDTEND;VALUE=DATE:20261121",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDTEND;VALUE=DATE:20261101",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDTEND:20261122T120000",
            "2026-11-21..2026-11-22",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDTEND:20261123T000000",
            "2026-11-21..2026-11-22",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDURATION:P2D",
            "2026-11-21..2026-11-22",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDURATION:PT24H",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDURATION:PT1H",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART;VALUE=DATE:20261121\nDURATION:PT0S",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART:20261121T190000Z\nDTEND:20261121T210000Z",
            "2026-11-21T19:00:00Z..2026-11-21T21:00:00Z",
        ),
        (
            "DTSTART:20261121T190000Z",
            "2026-11-21T19:00:00Z..2026-11-21T19:00:00Z",
        ),
        (
            "DTSTART:20261121T190000Z\nDTEND:20261121T180000Z",
            "2026-11-21T19:00:00Z..2026-11-21T19:00:00Z",
        ),
        (
            "DTSTART:20261121T190000Z\nDURATION:PT1H30M",
            "2026-11-21T19:00:00Z..2026-11-21T20:30:00Z",
        ),
        (
            "DTSTART:20261121T190000Z\nDURATION:-PT1H",
            "2026-11-21T19:00:00Z..2026-11-21T19:00:00Z",
        ),
        (
            "DTSTART:20261121T190000Z\nDTEND;VALUE=DATE:20261122",
            "2026-11-21T19:00:00Z..2026-11-22T00:00:00Z",
        ),
        (
            "DTSTART:20261121T190000Z\nDTEND;VALUE=DATE:20261121",
            "2026-11-21T19:00:00Z..2026-11-21T19:00:00Z",
        ),
        (
            "DTSTART:20261121T190000Z\nDTEND:20261121T210000Z\nDURATION:PT5H",
            "2026-11-21T19:00:00Z..2026-11-21T21:00:00Z",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261121T190000\nDTEND;TZID=Asia/Tokyo:20261122T100000",
            "2026-11-21T18:00:00Z..2026-11-22T01:00:00Z",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261024T120000\nDURATION:P1D",
            "2026-10-24T10:00:00Z..2026-10-25T11:00:00Z",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261024T120000\nDURATION:PT24H",
            "2026-10-24T10:00:00Z..2026-10-25T10:00:00Z",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261025T023000",
            "2026-10-25T00:30:00Z..2026-10-25T00:30:00Z",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20260329T023000",
            "2026-03-29T01:30:00Z..2026-03-29T01:30:00Z",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261121T190000Z",
            "2026-11-21T19:00:00Z..2026-11-21T19:00:00Z",
        ),
        (
            "DTSTART:20261121T000000Z\nDTEND:20261122T000000Z",
            "2026-11-21T00:00:00Z..2026-11-22T00:00:00Z",
        ),
        (
            "DTSTART:20261121T000000Z\nDTEND:20261122T000000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART:20261121T050000Z\nDTEND:20261123T050000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            "2026-11-21..2026-11-22",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261121T000000\nDTEND;TZID=Europe/Berlin:20261122T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            "2026-11-21..2026-11-21",
        ),
        (
            "DTSTART:20261121T190000Z\nDTEND:20261121T210000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            "2026-11-21T19:00:00Z..2026-11-21T21:00:00Z",
        ),
        (
            "DTSTART:20261121T000000Z\nDTEND:20261122T000000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE",
            "2026-11-21T00:00:00Z..2026-11-22T00:00:00Z",
        ),
    ] {
        assert_eq!(only(lines).when.to_string(), want, "{lines}");
    }
}

#[test]
fn an_event_without_a_time_that_can_be_is_left_out_alone() {
    for (lines, want) in [
        ("", "it has no start"),
        ("DTSTART:soon", "its start is no time"),
        ("DTSTART:20260230", "its start is no time"),
        (
            "DTSTART:19001121T190000Z",
            "it lies outside the years 1970 to 2099",
        ),
        (
            "DTSTART;VALUE=DATE:21001121",
            "it lies outside the years 1970 to 2099",
        ),
        (
            "DTSTART:20261121T190000Z\nDTEND:21001121T190000Z",
            "it lies outside the years 1970 to 2099",
        ),
    ] {
        let good = event("DTSTART:20261121T190000Z").replace("one@", "two@");
        let batch = mapped(&calendar(&format!("{}{good}", event(lines))));
        assert_eq!(
            said(&batch),
            format!("event `one` was left out: {want}"),
            "{lines}"
        );
        assert_eq!(batch.events.len(), 1, "{lines}");
    }
    let nameless = event("").replace("UID:one@a.example\n", "");
    let batch = mapped(&calendar(&nameless));
    assert_eq!(
        said(&batch),
        "event `number 1 of the file` was left out: it has no start"
    );
}
