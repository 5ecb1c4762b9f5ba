//! Four spellings of dates and times, and midnights in Los Angeles that are dates (§6).

use super::*;

#[test]
fn a_date_is_never_shifted_however_it_is_disguised() {
    for (text, want) in [
        ("2026-11-21", Some("2026-11-21")),
        (" 2026-11-21 ", Some("2026-11-21")),
        // Midnight in Los Angeles: on both sides of both changes of 2026, on 8 March and 1 November.
        ("2026-03-08 08:00:00 +0000", Some("2026-03-08")),
        ("2026-03-09 07:00:00 +0000", Some("2026-03-09")),
        ("2026-11-01 07:00:00 +0000", Some("2026-11-01")),
        ("2026-11-02 08:00:00 +0000", Some("2026-11-02")),
        ("2026-02-03T08:00:00.000+0000", Some("2026-02-03")),
        ("2026-08-28T07:00:00.000Z", Some("2026-08-28")),
        // Midnight as written, wherever that is.
        ("2026-11-21 00:00:00 +0000", Some("2026-11-21")),
        ("2026-11-21T00:00:00-08:00", Some("2026-11-21")),
        ("2026-11-21T00:00:00", Some("2026-11-21")),
        ("2026-11-21 00:00:00 America/Denver", Some("2026-11-21")),
        // No midnight at all: the day it is in Los Angeles.
        ("2026-11-21 22:00:47 +0000", Some("2026-11-21")),
        ("2026-11-21 03:00:00 +0000", Some("2026-11-20")),
        ("2026-11-21 01:00:00 America/Denver", Some("2026-11-21")),
        ("2026-02-29", None),
        ("11212026", None),
        ("2026-11-2", None),
        ("2026-11-21T", None),
        ("2026-11-21 soon", None),
        ("tomorrow", None),
        ("2026-11-2ä", None),
        ("", None),
    ] {
        let zones = zones().current();
        let day = Moments::new(&zones).day(text);
        let want: Option<NaiveDate> = want.map(|day| day.parse().unwrap());
        assert_eq!(day, want, "{text:?}");
    }
}

#[test]
fn an_instant_is_read_in_every_spelling() {
    for (text, want) in [
        ("2023-08-28 22:00:47 +0000", Some("2023-08-28T22:00:47Z")),
        ("2023-08-28 16:00:47 -0600", Some("2023-08-28T22:00:47Z")),
        ("2023-08-28 16:00:47 -06:00", Some("2023-08-28T22:00:47Z")),
        ("2025-02-03T08:00:00.000+0000", Some("2025-02-03T08:00:00Z")),
        ("2025-02-03T08:00:00Z", Some("2025-02-03T08:00:00Z")),
        ("2025-02-03T08:00:00", Some("2025-02-03T08:00:00Z")),
        ("2025-02-03 08:00:00", Some("2025-02-03T08:00:00Z")),
        ("2025-02-03 08:00:00 UTC", Some("2025-02-03T08:00:00Z")),
        (
            "2025-07-03 08:00:00 America/New_York",
            Some("2025-07-03T12:00:00Z"),
        ),
        // A date alone is its beginning in Los Angeles.
        ("2025-02-03", Some("2025-02-03T08:00:00Z")),
        ("2025-07-03", Some("2025-07-03T07:00:00Z")),
        ("2025-02-03 25:00:00 +0000", None),
        ("2025-02-03 08:00:00 Mars/Olympus", None),
        ("2025-02-03 08:00:00 +99999", None),
        ("now", None),
    ] {
        let zones = zones().current();
        let read = Moments::new(&zones).instant(text);
        assert_eq!(read, want.map(at), "{text:?}");
    }
}

#[test]
fn only_what_was_read_by_the_rules_of_a_zone_depends_on_them() {
    for (row, date, ruled) in [
        ("a date", "2026-11-21", false),
        ("midnight as written", "2026-11-21 00:00:00 +0000", false),
        ("midnight in Los Angeles", "2026-11-21 08:00:00 +0000", true),
    ] {
        let batch = mapped(
            Record::Notes,
            &[note(json!({"next_payment_due_date": date}))],
        );
        assert_eq!(batch.from_wall_times, ruled, "{row}");
        assert_eq!(batch.events.len(), 1, "{row}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_odd_to_be_looked_at(text in "[0-9T :.+Z-]{0,30}|\\PC{0,20}") {
        let zones = zones().current();
        let moments = Moments::new(&zones);
        _ = (moments.day(&text), moments.instant(&text));
    }
}
