use proptest::prelude::*;

use super::*;

#[test]
fn lines_are_told_apart_by_what_ends_them() {
    let lines = physical(b"A\r\nB\nC\rD");
    let found: Vec<_> = lines
        .map(|line| (line.number, line.bytes, line.end))
        .collect();
    let wanted = [
        (1, &b"A"[..], End::CrLf),
        (2, b"B", End::Lf),
        (3, b"C", End::Cr),
        (4, b"D", End::Missing),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn components_nest_and_whatever_does_not_is_told_with_its_line() {
    use Oddity::{Line, Outside, Unbegun, Unended};
    for (body, calendars, oddities) in [
        ("BEGIN:VCALENDAR\nA:1\nEND:VCALENDAR", 1, &[][..]),
        ("A:1", 0, &[(1, Outside)]),
        ("BEGIN:VCALENDAR", 1, &[(1, Unended)]),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR",
            1,
            &[(2, Unended)],
        ),
        ("END:VCALENDAR", 0, &[(1, Unbegun)]),
        (
            "BEGIN:VCALENDAR\nhello\nEND:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT",
            1,
            &[(2, Line), (4, Outside)],
        ),
    ] {
        let rows = unfold(body.as_bytes());
        let outline = Outline::of(&rows);
        let told: Vec<_> = outline.oddities.iter().map(|odd| (odd.0, odd.1)).collect();
        assert_eq!(
            (outline.calendars.len(), &told[..]),
            (calendars, oddities),
            "{body}"
        );
    }
}

#[test]
fn what_is_nested_without_end_is_not_followed() {
    let body = "BEGIN:VCALENDAR\n".repeat(100_000);
    let rows = unfold(body.as_bytes());
    let outline = Outline::of(&rows);
    assert_eq!(outline.calendars.len(), 1);
}

proptest! {
    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        Outline::of(&unfold(&body));
    }
}
