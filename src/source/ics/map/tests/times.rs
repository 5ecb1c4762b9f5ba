//! When events are.

use super::*;
use crate::domain::when::When;

const CUSTOM: &str = "BEGIN:VTIMEZONE\nTZID:Custom\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

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
fn a_wall_time_is_read_by_the_clock_that_its_file_means() {
    let odd = CUSTOM.replace("+0200", "+0145").replace("+0100", "+0015");
    let located = odd.replace("TZID:Custom", "TZID:Custom\nX-LIC-LOCATION:Asia/Tokyo");
    for (row, head, zone, want, kept) in [
        (
            "iana",
            "",
            ";TZID=Europe/Berlin",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "windows",
            "",
            ";TZID=W. Europe Standard Time",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "prefixed",
            "",
            ";TZID=/freeassociation.sourceforge.net/Europe/Berlin",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "quoted display name",
            "",
            ";TZID=\"(UTC+01:00) Amsterdam, Berlin\"",
            "18:00",
            Some(Tz::Europe__Amsterdam),
        ),
        ("an offset", "", ";TZID=GMT+0300", "16:00", None),
        ("utc by name", "", ";TZID=Etc/UTC", "19:00", None),
        ("floating", "", "", "00:00", Some(Tz::America__New_York)),
        (
            "floating, the file says",
            "X-WR-TIMEZONE:Asia/Tokyo\n",
            "",
            "10:00",
            Some(Tz::Asia__Tokyo),
        ),
        (
            "floating, the file says nonsense",
            "X-WR-TIMEZONE:Nowhere\n",
            "",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "an empty name",
            "",
            ";TZID=",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "unknown",
            "",
            ";TZID=Nowhere",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "unknown, the file says",
            "X-WR-TIMEZONE:Asia/Tokyo\n",
            ";TZID=Nowhere",
            "10:00",
            Some(Tz::Asia__Tokyo),
        ),
        ("its own rules", CUSTOM, ";TZID=Custom", "18:00", None),
        (
            "its own rules, which are the calendar's",
            &format!("X-WR-TIMEZONE:Europe/Berlin\n{CUSTOM}"),
            ";TZID=Custom",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        ("its own odd rules", &odd, ";TZID=Custom", "18:45", None),
        (
            "its own rules with a place",
            &located,
            ";TZID=Custom",
            "10:00",
            Some(Tz::Asia__Tokyo),
        ),
        (
            "rules under a known name do not count",
            &odd.replace("Custom", "Europe/Berlin"),
            ";TZID=Europe/Berlin",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "rules under a nickname do",
            &odd.replace("Custom", "EST"),
            ";TZID=EST",
            "18:45",
            None,
        ),
        (
            "a nickname without rules",
            "",
            ";TZID=EST",
            "00:00",
            Some("EST".parse().unwrap()),
        ),
        (
            "rules that cannot be read",
            &odd.replace("TZOFFSETTO", "X"),
            ";TZID=Custom",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "rules behind the event",
            "",
            ";TZID=Nowhere",
            "00:00",
            Some(Tz::America__New_York),
        ),
    ] {
        let body = calendar(&format!(
            "{head}{}",
            event(&format!("DTSTART{zone}:20261121T190000"))
        ));
        let batch = mapped(&body);
        let event = &batch.events[0];
        let When::Timed(span) = event.when else {
            panic!("{row}: {}", event.when);
        };
        assert_eq!(span.start().format("%H:%M").to_string(), want, "{row}");
        assert_eq!(event.zone, kept, "{row}");
        assert_eq!(batch.from_wall_times, kept.is_some(), "{row}");
    }
}

#[test]
fn a_zone_that_nobody_knows_is_remarked_once() {
    let body = calendar(&format!(
        "{}{}",
        event("DTSTART;TZID=Nowhere:20261121T190000"),
        event("DTSTART;TZID=Nowhere:20261121T200000")
    ));
    let said = said(&mapped(&body));
    assert_eq!(
        said,
        "zone `Nowhere` is not known; the zone book decides instead"
    );
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
