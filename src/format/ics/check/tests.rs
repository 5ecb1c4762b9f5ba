//! One case for each way to break each rule.

mod left_out;

use super::*;
use crate::format::ics::line::{plain, text};

/// The lines of a good event, with its SUMMARY.
const EVENT: &str = "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261122T120000Z\r\nDTSTART;VALUE=DATE:20261205\r\n\
                     SUMMARY:Gala\r\nEND:VEVENT\r\n";
/// A good time zone.
const ZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Etc/UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
                    TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// A calendar of `components`.
fn around(components: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{components}END:VCALENDAR\r\n")
}

/// A good event in which `good` was replaced by `bad`.
#[track_caller]
fn broken(good: &str, bad: &str) -> String {
    let event = EVENT.replacen(good, bad, 1);
    assert_ne!(event, EVENT, "{good:?} stands in it");
    event
}

fn flaw(body: impl Into<Vec<u8>>, events: usize) -> Option<Flaw> {
    Checked::new(body.into(), events).err()
}

#[test]
fn what_is_right_passes_and_is_not_touched() {
    let folded = {
        let mut out = Vec::new();
        plain(&mut out, "BEGIN", "VEVENT");
        for (name, value) in [
            ("UID", "1"),
            ("DTSTAMP", "20261122T120000Z"),
            ("DTSTART", "20261205T190000Z"),
        ] {
            plain(&mut out, name, value);
        }
        text(&mut out, "SUMMARY", &"Über 👩‍👩‍👧‍👦\tnoon; ".repeat(40));
        plain(&mut out, "X-WR-2", "digits and hyphens");
        plain(&mut out, "END", "VEVENT");
        String::from_utf8(out).unwrap()
    };
    for (row, components, events) in [
        ("one event", EVENT.to_owned(), 1),
        ("three events", EVENT.repeat(3), 3),
        ("no event", ZONE.to_owned(), 0),
        ("a zone and an event", [ZONE, EVENT].concat(), 1),
        ("folded lines", folded, 1),
    ] {
        let body = around(&components).into_bytes();
        let checked = Checked::new(body.clone(), events);
        assert_eq!(checked.map(Checked::into_bytes), Ok(body), "{row}");
    }
}

#[test]
fn each_rule_about_lines_refuses_what_breaks_it() {
    let long = format!("SUMMARY:{}", "x".repeat(68));
    let good = around(EVENT);
    for (rule, body, want) in [
        (
            "S1: a bare LF",
            good.replacen("Gala", "Ga\nla", 1),
            Flaw::LineEnd,
        ),
        (
            "S1: a bare CR",
            good.replacen("Gala", "Ga\rla", 1),
            Flaw::Control,
        ),
        (
            "S1: LF alone ends a line",
            good.replacen("Gala\r\n", "Gala\n", 1),
            Flaw::LineEnd,
        ),
        (
            "S1: CR alone ends a line",
            good.replacen("Gala\r\n", "Gala\r", 1),
            Flaw::Nesting,
        ),
        (
            "S1: two carriage returns",
            good.replacen("Gala\r\n", "Gala\r\r\n", 1),
            Flaw::Control,
        ),
        (
            "S1: the last line has no end",
            good.trim_end().to_owned(),
            Flaw::LineEnd,
        ),
        (
            "S1: a blank line",
            good.replacen("Gala\r\n", "Gala\r\n\r\n", 1),
            Flaw::Line,
        ),
        (
            "S2: a byte order mark",
            format!("\u{feff}{good}"),
            Flaw::Line,
        ),
        ("S2: a blank before it", format!(" {good}"), Flaw::Line),
        (
            "S2: markup before it",
            format!("<html>\r\n{good}"),
            Flaw::Line,
        ),
        (
            "S2: another line before it",
            format!("VERSION:2.0\r\n{good}"),
            Flaw::Frame,
        ),
        ("S2: nothing at all", String::new(), Flaw::Frame),
        (
            "S3: 76 octets",
            good.replacen("SUMMARY:Gala", &long, 1),
            Flaw::LineLength,
        ),
        (
            "S3: the blank of a fold counts",
            good.replacen("Gala", &format!("Gala\r\n {}", "x".repeat(75)), 1),
            Flaw::LineLength,
        ),
        (
            "S3: a fold without a line before",
            format!("BEGIN:VCALENDAR\r\n x\r\n{EVENT}END:VCALENDAR\r\n"),
            Flaw::Line,
        ),
        (
            "S10: a bell",
            good.replacen("Gala", "Ga\u{7}la", 1),
            Flaw::Control,
        ),
        (
            "S10: a null",
            good.replacen("Gala", "Ga\0la", 1),
            Flaw::Control,
        ),
        (
            "S10: delete",
            good.replacen("Gala", "Ga\u{7f}la", 1),
            Flaw::Control,
        ),
        (
            "S12: a lower-case name",
            good.replacen("SUMMARY", "Summary", 1),
            Flaw::Line,
        ),
        ("S12: no name", good.replacen("SUMMARY", "", 1), Flaw::Line),
        (
            "S12: a name and nothing else",
            good.replacen("SUMMARY:Gala", "SUMMARY", 1),
            Flaw::Line,
        ),
    ] {
        assert_eq!(flaw(body, 1), Some(want), "{rule}");
    }
    // "Ü" in two octets, with a fold between them.
    let split = good.replacen("Gala", "Ü", 1).into_bytes();
    let at = split.iter().position(|byte| *byte == 0xc3).unwrap() + 1;
    let split = [&split[..at], b"\r\n ", &split[at..]].concat();
    assert_eq!(
        flaw(split, 1),
        Some(Flaw::Encoding),
        "S4: a fold inside a character"
    );
}

#[test]
fn each_rule_about_components_refuses_what_breaks_it() {
    let good = around(EVENT);
    for (rule, body, want) in [
        (
            "S14: the end is missing",
            good.replacen("END:VCALENDAR\r\n", "", 1),
            Flaw::Frame,
        ),
        (
            "S14: it is cut in an event",
            good[..good.find("SUMMARY").unwrap()].to_owned(),
            Flaw::Frame,
        ),
        (
            "S14: something follows",
            format!("{good}X:1\r\n"),
            Flaw::Frame,
        ),
        ("S14: a second calendar", good.repeat(2), Flaw::Frame),
        (
            "S14: a calendar in a calendar",
            around(&good),
            Flaw::Nesting,
        ),
        (
            "S14: an event has no end",
            around(&broken("END:VEVENT\r\n", "")),
            Flaw::Nesting,
        ),
        (
            "S14: an event has no beginning",
            around(&broken("BEGIN:VEVENT\r\n", "")),
            Flaw::Nesting,
        ),
        (
            "S14: one end too many",
            around(&format!("{EVENT}END:VEVENT\r\n")),
            Flaw::Nesting,
        ),
        (
            "S14: ends in the wrong order",
            around(&ZONE.replacen(
                "END:STANDARD\r\nEND:VTIMEZONE",
                "END:VTIMEZONE\r\nEND:STANDARD",
                1,
            )),
            Flaw::Nesting,
        ),
        (
            "S14: an observance ends as the other",
            around(&ZONE.replacen("END:STANDARD", "END:DAYLIGHT", 1)),
            Flaw::Nesting,
        ),
        (
            "P14: no UID",
            around(&broken("UID:1\r\n", "")),
            Flaw::Lacks("UID"),
        ),
        (
            "P14: no DTSTAMP",
            around(&broken("DTSTAMP", "X-STAMP")),
            Flaw::Lacks("DTSTAMP"),
        ),
        (
            "P14: no DTSTART",
            around(&broken("DTSTART", "DTEND")),
            Flaw::Lacks("DTSTART"),
        ),
        (
            "P14: two UIDs",
            around(&broken("UID:1\r\n", "UID:1\r\nUID:2\r\n")),
            Flaw::Repeats("UID"),
        ),
        (
            "P14: two titles",
            around(&broken("SUMMARY", "SUMMARY:A\r\nSUMMARY")),
            Flaw::Repeats("SUMMARY"),
        ),
        (
            "P14: two starts, one with a parameter",
            around(&broken("SUMMARY", "DTSTART:20261205T190000Z\r\nSUMMARY")),
            Flaw::Repeats("DTSTART"),
        ),
        (
            "W6: nothing in it",
            around(""),
            Flaw::Count {
                found: 0,
                expected: 1,
            },
        ),
        (
            "W9: a component of another kind",
            around(&EVENT.replace("VEVENT", "VTODO")),
            Flaw::Nesting,
        ),
        (
            "W10: an event too many",
            around(&EVENT.repeat(2)),
            Flaw::Count {
                found: 2,
                expected: 1,
            },
        ),
        (
            "W10: an event too few",
            around(ZONE),
            Flaw::Count {
                found: 0,
                expected: 1,
            },
        ),
    ] {
        assert_eq!(flaw(body, 1), Some(want), "{rule}");
    }
    assert_eq!(
        flaw(around(""), 0),
        Some(Flaw::Empty),
        "W6: expected to be empty"
    );
}
