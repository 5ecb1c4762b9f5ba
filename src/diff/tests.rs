use crate::outline::unfold;

use super::*;

const EVENT: &str = "BEGIN:VEVENT
UID:one
DTSTAMP:20260101T080000Z
SEQUENCE:0
STATUS:CONFIRMED
DTSTART;TZID=Europe/Berlin:20261121T190000
DTEND;TZID=Europe/Berlin:20261121T210000
SUMMARY:Rehearsal
LOCATION:Hall
END:VEVENT
";

fn told(before: &str, after: &str) -> Vec<String> {
    let rows =
        |events: &str| unfold(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n").as_bytes());
    let found = differences(&rows(before), &rows(after));
    let changes = found
        .iter()
        .flat_map(|one| one.changes.iter().map(move |change| (one, change)));
    changes
        .map(|(one, change)| format!("{}: {change}", one.title))
        .collect()
}

#[test]
fn each_change_is_told_in_words() {
    for (from, to, want) in [
        ("Rehearsal", "Rehearsal", &[][..]),
        (
            "0101T08",
            "0102T08",
            &["Rehearsal: only its stamps changed"],
        ),
        (
            "T210000",
            "T220000",
            &[
                "Rehearsal: moved from 2026-11-21 19:00 to 21:00 Europe/Berlin to 2026-11-21 19:00 to 22:00 Europe/Berlin",
            ],
        ),
        (
            "SUMMARY:Rehearsal",
            "SUMMARY:Dress",
            &["Dress: renamed from \"Rehearsal\" to \"Dress\""],
        ),
        ("CONFIRMED", "CANCELLED", &["Rehearsal: cancelled"]),
        ("Hall", "Yard", &["Rehearsal: changed: LOCATION"]),
        (
            "UID:one",
            "UID:two",
            &["Rehearsal: added", "Rehearsal: removed"],
        ),
        (
            "SEQUENCE:0\nSTATUS:CONFIRMED",
            "STATUS:TENTATIVE\nSEQUENCE:1",
            &["Rehearsal: changed: STATUS"],
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261121T190000\nDTEND;TZID=Europe/Berlin:20261121T210000",
            "DTSTART;VALUE=DATE:20261121\nDTEND;VALUE=DATE:20261123",
            &[
                "Rehearsal: moved from 2026-11-21 19:00 to 21:00 Europe/Berlin to 2026-11-21 until before 2026-11-23",
            ],
        ),
    ] {
        assert_eq!(told(EVENT, &EVENT.replace(from, to)), want, "{to}");
    }
}

#[test]
fn order_and_folds_are_no_change() {
    let other = EVENT.replace("one", "two");
    let one = format!("{EVENT}{other}");
    let two = format!("{other}{}", EVENT.replace("Rehearsal", "Rehe\n arsal"));
    assert_eq!(told(&one, &two), [""; 0]);
}

#[test]
fn an_exception_of_a_series_is_an_event_of_its_own() {
    let exception = EVENT.replace("UID:one", "UID:one\nRECURRENCE-ID:20261128T180000Z");
    let moved = exception.replace("T210000", "T230000");
    let found = told(&format!("{EVENT}{exception}"), &format!("{EVENT}{moved}"));
    assert_eq!(found.len(), 1, "{found:?}");
}
