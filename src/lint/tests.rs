use std::{fmt::Write as _, fs, path::PathBuf};

use proptest::prelude::*;

use crate::zones::data::tests::built_in;

use super::*;

/// A calendar without a fault, in lines.
const GOOD: &str = "BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Calendar//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Choir
NAME:Choir
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:8d3f5d2e-0000-5000-8000-000000000001
DTSTAMP:20260101T080000Z
CREATED:20260101T080000Z
LAST-MODIFIED:20260101T080000Z
SEQUENCE:0
STATUS:CONFIRMED
DTSTART;TZID=Europe/Berlin:20261121T190000
DTEND;TZID=Europe/Berlin:20261121T210000
SUMMARY:Rehearsal
LOCATION:Hall\\, upstairs
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:FREE
END:VEVENT
END:VCALENDAR
";

fn wire(lines: &str) -> Vec<u8> {
    lines.replace('\n', "\r\n").into_bytes()
}

/// What is found, a line each: level, rule, line, what is there.
fn found(body: &[u8]) -> Vec<String> {
    let findings = Findings::of(body, built_in());
    let told = findings.told().map(|finding| {
        let line = finding.line.map_or("-".to_owned(), |line| line.to_string());
        let Law { level, rule, .. } = finding.law;
        format!("{level:?} {rule} {line}: {}", finding.found)
    });
    told.collect()
}

#[test]
fn a_good_calendar_has_no_findings() {
    assert_eq!(found(&wire(GOOD)), [""; 0]);
}

#[test]
fn each_change_for_the_worse_is_found_by_its_rule() {
    for (rule, from, to) in [
        ("S7", "Rehearsal", "Rehearsal\\: all"),
        ("S6", "Hall\\,", "Hall,"),
        ("S10", "Rehearsal", "Rehear\u{7}sal"),
        ("S10", "Rehearsal", "Rehear\u{ffff}sal"),
        ("S11", "Rehearsal", "Rehear\u{202e}sal"),
        ("S12", "SUMMARY", "summary"),
        ("S12", "SUMMARY:Rehearsal", "Rehearsal"),
        ("S14", "END:VEVENT\n", ""),
        ("S15", "SUMMARY:Rehearsal", "SUMMARY:Rehearsal\nCOLOR:"),
        (
            "S3",
            "Rehearsal",
            "A rehearsal with everything that belongs to one and some more to come",
        ),
        ("S5", "Rehearsal", "Rehears \n al"),
        ("C1", "VERSION:2.0\n", ""),
        ("C1", "PRODID:-//Example//Calendar//EN\n", ""),
        ("C2", "GREGORIAN", "CHINESE"),
        ("C3", "METHOD:PUBLISH", "METHOD:REQUEST"),
        ("C4", "X-WR-CALNAME:Choir\n", ""),
        ("C4", "NAME:Choir\nREFRESH", "NAME:Quire\nREFRESH"),
        ("C6", "TTL:PT1H", "TTL:P1H"),
        (
            "C6",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "REFRESH-INTERVAL;VALUE=DURATION:PT2H",
        ),
        ("C6", ";VALUE=DURATION", ""),
        (
            "C8",
            "NAME:Choir\nREFRESH",
            "NAME:Choir\nX-WR-TIMEZONE:Berlin somewhere\nREFRESH",
        ),
        ("E1", "8d3f5d2e-", "choir@example-"),
        ("E4", "LAST-MODIFIED:20260101T080000Z\n", ""),
        ("E5", "DTSTAMP:20260101T080000Z", "DTSTAMP:20260101T080000"),
        ("E5", "CREATED:2026", "CREATED:2027"),
        ("E6", "SEQUENCE:0", "SEQUENCE:-1"),
        ("E9", "STATUS:CONFIRMED", "STATUS:CANCELED"),
        ("P1", "SUMMARY:Rehearsal\n", ""),
        (
            "P2",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nDESCRIPTION:<b>Bring</b> pencils",
        ),
        (
            "P5a",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nGEO:51.3,6.5",
        ),
        ("P5a", "SUMMARY:Rehearsal", "SUMMARY:Rehearsal\nGEO:0;0"),
        (
            "P6",
            "END:VEVENT",
            "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT",
        ),
        ("P7", "STATUS:FREE", "STATUS:BUSY"),
        (
            "P8",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nCLASS:PRIVATE",
        ),
        ("P14", "UID:8d3f5d2e-0000-5000-8000-000000000001\n", ""),
        (
            "P14",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nSUMMARY:Again",
        ),
        (
            "V1",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nORGANIZER:mailto:a@quillfeather.example",
        ),
        ("T2", "DTSTART;TZID=Europe/Berlin:", "DTSTART:"),
        ("T3", "T190000", "T190000Z"),
        (
            "T4",
            "DTSTART;TZID=Europe/Berlin:20261121T190000\nDTEND;TZID=Europe/Berlin:20261121T210000",
            "DTSTART;VALUE=DATE:20261121\nDTEND;VALUE=DATE:20261121",
        ),
        ("T7", "T210000", "T180000"),
        ("T7", "T210000", "T190000"),
        (
            "T8",
            "DTEND;TZID=Europe/Berlin:20261121T210000",
            "DTEND;VALUE=DATE:20261122",
        ),
        ("T9", "20261121T190000", "20261025T023000"),
        ("T9", "20261121T190000", "20260329T023000"),
        ("T10", "20261121T190000", "2026-11-21T19:00"),
        ("T11", "DTSTART;TZID=Europe/Berlin:20261121T190000\n", ""),
        ("Z1", "TZID:Europe/Berlin", "TZID:Europe/Paris"),
        ("Z2", "Europe/Berlin", "W. Europe Standard Time"),
        ("Z3", "TZOFFSETTO:+0100", "TZOFFSETTO:+0000"),
        (
            "Z3",
            "BYMONTH=10;BYDAY=-1SU",
            "BYMONTH=10;BYDAY=-1SU;UNTIL=20301231T000000Z",
        ),
        ("Z5", "TZOFFSETTO:+0100", "TZOFFSETTO:+010000"),
        ("Z7", "TZOFFSETTO:+0200", "TZOFFSETTO:+0000"),
        (
            "R3",
            "DTSTART;TZID=Europe/Berlin:20261121T190000",
            "DTSTART:20261121T180000Z\nRRULE:FREQ=DAILY;COUNT=3",
        ),
        (
            "R4",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3",
        ),
        (
            "R5",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRRULE:FREQ=WEEKLY;UNTIL=20270101",
        ),
        (
            "R6",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261122T180000Z",
        ),
        (
            "R7",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRDATE;TZID=Europe/Berlin:20261122T190000",
        ),
        (
            "R8",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRRULE:FREQ=MONTHLY;BYDAY=SA;BYSETPOS=3;COUNT=3",
        ),
        (
            "R8",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRRULE:FREQ=HOURLY;COUNT=3",
        ),
        (
            "R9",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRECURRENCE-ID;TZID=Europe/Berlin:20261121T190000",
        ),
        (
            "R10",
            "SUMMARY:Rehearsal",
            "SUMMARY:Rehearsal\nRRULE:FREQ=DAILY",
        ),
        ("W9", "END:VEVENT", "END:VEVENT\nBEGIN:VTODO\nEND:VTODO"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let told = found(&wire(&GOOD.replace(from, to)));
        let named = |told: &&String| told.split(' ').nth(1) == Some(rule);
        assert!(
            told.iter().any(|told| named(&told)),
            "{rule} {to}: {told:#?}"
        );
    }
}

#[test]
fn bytes_that_are_wrong_are_found_with_their_line() {
    let good = String::from_utf8(wire(GOOD)).unwrap();
    for (want, body) in [
        ("Error S1 1: a bare LF", GOOD.as_bytes().to_vec()),
        (
            "Error S1 41: no line end",
            good.trim_end().as_bytes().to_vec(),
        ),
        (
            "Error S2 1: a byte order mark",
            format!("\u{feff}{good}").into_bytes(),
        ),
        ("Error S2 1: `<html>`", b"<html>\r\n".to_vec()),
        (
            "Error S14 41: the last line is `BEGIN:VCA`",
            good.replace("END:VCALENDAR\r\n", "BEGIN:VCA").into_bytes(),
        ),
        (
            "Error S4 37: a part of a character",
            good.replace("Rehearsal", "Caf\u{e9}")
                .into_bytes()
                .iter()
                .flat_map(|byte| {
                    if *byte == 0xA9 {
                        vec![b'\r', b'\n', b' ', 0xA9]
                    } else {
                        vec![*byte]
                    }
                })
                .collect(),
        ),
        (
            "Error S4 36: octets that are no UTF-8",
            good.replace("Rehearsal", "Caf\u{1}")
                .into_bytes()
                .iter()
                .map(|byte| if *byte == 1 { 0xE9 } else { *byte })
                .collect(),
        ),
        (
            "Error W6 1: neither an event nor a time zone",
            wire("BEGIN:VCALENDAR\nEND:VCALENDAR\n"),
        ),
    ] {
        let told = found(&body);
        assert!(told.contains(&want.to_owned()), "{want}: {told:#?}");
    }
}

#[test]
fn what_is_repeated_is_counted_and_told_five_times() {
    let many = GOOD.replace("SUMMARY:Rehearsal\n", &"COMMENT:again\n".repeat(20));
    let findings = Findings::of(&wire(&many), built_in());
    let told = findings
        .told()
        .filter(|finding| finding.law.rule == "P12")
        .count();
    let more: Vec<_> = findings
        .untold()
        .map(|(law, times)| (law.rule, times))
        .collect();
    assert_eq!((told, &more[..]), (TOLD_MAX, &[("P12", 15)][..]));
}

#[test]
fn nothing_that_is_quoted_reaches_the_terminal_as_more_than_text() {
    assert_eq!(quoted("a\u{1b}[31m\u{202e}b"), "`a\\u{1b}[31m\\u{202e}b`");
    assert_eq!(
        quoted(&"x".repeat(100)),
        format!("`{}…`", "x".repeat(QUOTE_MAX))
    );
}

#[test]
fn the_calendars_of_the_wild_give_these_findings() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ics");
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "ics"));
    files.sort();
    let mut told = String::new();
    for file in files {
        writeln!(told, "{}", file.file_name().unwrap().to_string_lossy()).unwrap();
        for line in found(&fs::read(&file).unwrap()) {
            writeln!(told, "    {line}").unwrap();
        }
    }
    insta::assert_snapshot!(told);
}

proptest! {
    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        Findings::of(&body, built_in());
    }

    #[test]
    fn no_calendar_that_was_tampered_with_panics(at in 0..1_000_usize, with in "[A-Z;:=,/0-9é\\\\ \n-]{0,12}") {
        let mut body = GOOD.to_owned();
        let at = at.min(body.len());
        body.insert_str(at, &with);
        Findings::of(&wire(&body), built_in());
    }
}
