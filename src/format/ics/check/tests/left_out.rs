//! A broken event costs itself and nothing else (interop W11).

use super::*;
use crate::domain::testing::uid;

/// A calendar of `events`, and where each of them stands in it.
fn placed(events: &[&str]) -> (Vec<u8>, Vec<(EventUid, Range<usize>)>) {
    let body = around(&events.concat());
    let mut start = body.find("BEGIN:VEVENT").unwrap();
    let places = events.iter().zip(["1", "2", "3"]).map(|(event, id)| {
        let place = start..start + event.len();
        start = place.end;
        (uid(id), place)
    });
    let places = places.collect();
    (body.into_bytes(), places)
}

#[test]
fn a_broken_event_is_left_out_alone() {
    for (row, bad, want) in [
        (
            "a long line",
            broken("Gala", &"x".repeat(80)),
            Flaw::LineLength,
        ),
        ("a bare LF", broken("Gala", "Ga\nla"), Flaw::LineEnd),
        ("a bare CR", broken("Gala", "Ga\rla"), Flaw::Control),
        ("a null", broken("Gala", "Ga\0la"), Flaw::Control),
        ("no end", broken("END:VEVENT\r\n", ""), Flaw::Nesting),
        (
            "two ends",
            broken("END:VEVENT\r\n", "END:VEVENT\r\nEND:VEVENT\r\n"),
            Flaw::Nesting,
        ),
        (
            "another event smuggled in",
            broken("SUMMARY", "END:VEVENT\r\nBEGIN:VEVENT\r\nX-A"),
            Flaw::Lacks("UID"),
        ),
        ("a whole one smuggled in", EVENT.repeat(2), Flaw::Nesting),
        (
            "the end of the calendar smuggled in",
            broken("END:VEVENT\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n"),
            Flaw::Nesting,
        ),
        ("no UID", broken("UID:1\r\n", ""), Flaw::Lacks("UID")),
        (
            "two titles",
            broken("SUMMARY", "SUMMARY:A\r\nSUMMARY"),
            Flaw::Repeats("SUMMARY"),
        ),
    ] {
        for at in 0..3 {
            let mut events = [EVENT; 3];
            events[at] = &bad;
            let (body, places) = placed(&events);
            let (checked, left_out) = Checked::without_broken(body, &places).unwrap();
            assert_eq!(left_out, [(places[at].0, want)], "{row}, at {at}");
            let rest = String::from_utf8(checked.into_bytes()).unwrap();
            assert_eq!(rest, around(&EVENT.repeat(2)), "{row}, at {at}");
        }
    }
}

#[test]
fn several_broken_events_are_left_out_and_named_in_their_order() {
    let bad = broken("UID:1\r\n", "");
    for (row, events, left_out) in [
        ("the first two", [&bad, &bad, EVENT], [1, 2]),
        ("the last two", [EVENT, &bad, &bad], [2, 3]),
        ("those around a good one", [&bad, EVENT, &bad], [1, 3]),
    ] {
        let (body, places) = placed(&events);
        let (checked, broken) = Checked::without_broken(body, &places).unwrap();
        let named: Vec<EventUid> = broken.iter().map(|(uid, _)| *uid).collect();
        assert_eq!(
            named,
            left_out.map(|id: usize| uid(&id.to_string())),
            "{row}"
        );
        assert_eq!(checked.as_bytes(), around(EVENT).as_bytes(), "{row}");
    }
}

#[test]
fn a_calendar_is_not_published_at_all_if_its_frame_is_broken_or_nothing_would_be_left() {
    let bad = broken("UID:1\r\n", "");
    let cases = [
        (
            "every event is broken",
            placed(&[&bad, &bad]),
            Flaw::Lacks("UID"),
        ),
        (
            "the only event is broken",
            placed(&[&bad]),
            Flaw::Lacks("UID"),
        ),
        (
            "the frame is broken",
            {
                let (body, places) = placed(&[EVENT, EVENT]);
                (body[..body.len() - 2].to_vec(), places)
            },
            Flaw::LineEnd,
        ),
        (
            "an event nobody knows of",
            {
                let (body, mut places) = placed(&[EVENT, EVENT]);
                places.pop();
                (body, places)
            },
            Flaw::Count {
                found: 2,
                expected: 1,
            },
        ),
    ];
    for (row, (body, places), want) in cases {
        assert_eq!(
            Checked::without_broken(body, &places).err(),
            Some(want),
            "{row}"
        );
    }
}
