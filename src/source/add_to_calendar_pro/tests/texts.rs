//! What an event says, and what of it nobody may read.

use super::*;
use crate::domain::{batch::Withheld, event::Status};

#[test]
fn a_title_is_that_of_the_entry_else_that_of_the_series() {
    for (row, name, series, want) in [
        ("both", json!("Pottery"), json!("Courses"), "Pottery"),
        (
            "the entry has none",
            json!(null),
            json!("Courses"),
            "Courses",
        ),
        (
            "the entry has a blank",
            json!(" "),
            json!("Courses"),
            "Courses",
        ),
        (
            "the entry has but a placeholder",
            json!("%%name%%"),
            json!("Courses"),
            "Courses",
        ),
        ("neither", json!(null), json!(null), "Untitled"),
        ("lines", json!("Pot\r\ntery"), json!(null), "Pot tery"),
        (
            "a placeholder",
            json!("Pottery for %%first_name%%"),
            json!(null),
            "Pottery for",
        ),
        (
            "no placeholder",
            json!("100%% clay, 50%% off"),
            json!(null),
            "100%% clay, 50%% off",
        ),
        (
            "one that never ends",
            json!("%%clay"),
            json!(null),
            "%%clay",
        ),
        (
            "beyond the letters of a keyboard",
            json!("🏺 Töpfern"),
            json!(null),
            "🏺 Töpfern",
        ),
        ("a number", json!(1984), json!(null), "1984"),
    ] {
        let (event, remarks) = event_of(&record(
            &[entry(json!({ "name": name }))],
            json!({ "title_event_series": series }),
        ));
        assert_eq!(
            (event.title.as_str(), remarks.as_str()),
            (want, ""),
            "{row}"
        );
    }
}

#[test]
fn details_are_plain_text_without_placeholders() {
    let html = "<h2>Bring</h2><ul><li>Clay</li><li>Water</li></ul>\
        <p>Dear %%first_name%%, see <a href=\"https://studio.example/?for=%%id%%\">the studio</a> &amp; more</p>";
    let (event, _) = event_of(&record(&[entry(json!({ "description": html }))], json!({})));
    insta::assert_snapshot!(event.details.as_str(), @r"
    Bring

    • Clay
    • Water

    Dear , see the studio (https://studio.example/?for=) & more
    ");
}

#[test]
fn a_place_goes_by_its_name() {
    for (row, location, want) in [
        ("a room", json!("Room 4"), &["room 4=Room 4"][..]),
        (
            "online",
            json!("https://meet.example/room"),
            &["https://meet.example/room=https://meet.example/room"],
        ),
        ("none", json!(null), &[]),
        ("empty", json!(""), &[]),
        ("a placeholder", json!("%%room%%"), &[]),
    ] {
        let (event, _) = event_of(&record(
            &[entry(json!({ "location": location }))],
            json!({}),
        ));
        let places = event.places.iter();
        let places: Vec<String> = places
            .map(|place| format!("{}={}{}", place.id, place.name, place.address))
            .collect();
        assert_eq!(places, want, "{row}");
    }
}

#[test]
fn a_status_belongs_to_its_entry_and_means_confirmed_where_it_is_absent() {
    for (row, status, want, remarks) in [
        ("confirmed", json!("CONFIRMED"), Some(Status::Confirmed), ""),
        ("tentative", json!("tentative"), Some(Status::Tentative), ""),
        ("cancelled", json!("CANCELLED"), Some(Status::Cancelled), ""),
        ("American", json!("Canceled"), Some(Status::Cancelled), ""),
        ("null", json!(null), Some(Status::Confirmed), ""),
        ("absent", json!("-"), Some(Status::Confirmed), ""),
        (
            "unknown",
            json!("postponed"),
            None,
            "`dates[].status` has the value `postponed`, which is not known; it counts as absent",
        ),
    ] {
        let (event, said) = event_of(&record(&[entry(json!({ "status": status }))], json!({})));
        assert_eq!((event.status, said.as_str()), (want, remarks), "{row}");
    }
}

#[test]
fn only_what_is_published_and_handed_out_is_shown() {
    const UNCLEAR: &str = "event `KEY` was left out: whether it is published cannot be read";
    for (row, fields, shown, remarks) in [
        ("published", json!({}), 1, ""),
        ("in capitals", json!({ "status": "Published" }), 1, ""),
        ("handed out", json!({ "distribution": true }), 1, ""),
        ("behind a form, handed out", json!({ "rsvp": true }), 1, ""),
        ("a draft", json!({ "status": "draft" }), 0, ""),
        ("unknown", json!({ "status": "archived" }), 0, UNCLEAR),
        ("without a word", json!({ "status": null }), 0, UNCLEAR),
        (
            "of another type",
            json!({ "status": ["published"] }),
            0,
            UNCLEAR,
        ),
        ("not handed out", json!({ "distribution": false }), 0, ""),
        (
            "perhaps handed out",
            json!({ "distribution": "perhaps" }),
            0,
            "event `KEY` was left out: whether it is handed out cannot be read",
        ),
        ("private", json!({ "private": true }), 0, ""),
        (
            "perhaps private",
            json!({ "private": "perhaps" }),
            0,
            "event `KEY` was left out: whether it is private cannot be read",
        ),
        (
            "a draft, perhaps private",
            json!({ "status": "draft", "private": "perhaps" }),
            0,
            "",
        ),
        (
            "unknown and private",
            json!({ "status": "archived", "private": true }),
            0,
            "",
        ),
        ("not private", json!({ "private": false }), 1, ""),
    ] {
        let batch = batch_of(record(&[entry(json!({}))], fields));
        assert_eq!(batch.events.len(), shown, "{row}");
        assert_eq!(said(&batch.remarks), remarks, "{row}");
        let is_in = |marks: &Withheld| marks.events.contains_key(&uid(&format!("{KEY}-0")));
        let is_told = shown == 0 && remarks.is_empty();
        assert_eq!(is_in(&batch.withheld), is_told, "{row}: it is there");
        let is_unclear = !remarks.is_empty();
        assert_eq!(is_in(&batch.unclear), is_unclear, "{row}: a loss");
        assert!(batch.unreadable.is_empty(), "{row}");
    }
}

#[test]
fn a_draft_withholds_whatever_was_ever_published_of_it() {
    let dates = |names: &[&str]| -> Vec<Value> {
        let named = names.iter().map(|name| entry(json!({ "name": name })));
        named.collect()
    };
    let mut memory = Memory::default();
    let mut published = BTreeSet::new();
    // Each new name is a new entry with a number of its own.
    for round in 0..60 {
        let names = [
            format!("{round} one"),
            format!("{round} two"),
            "old".to_owned(),
        ];
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.rotate_left(round % 3);
        names.truncate(2 + round % 2);
        let shown = batch(&[(KEY, record(&dates(&names), json!({})))], &mut memory);
        published.extend(shown.events.iter().map(|event| event.uid));
    }
    let draft = record(&dates(&["old"]), json!({ "status": "draft" }));
    let hidden = batch(&[(KEY, draft.clone())], &mut memory).withheld;
    let hides = |hidden: &Withheld, uid| hidden.events.get(&uid) == Some(&"it is not published");
    assert!(
        published.iter().all(|uid| hides(&hidden, *uid)),
        "{published:?}"
    );
    let restarted = batch(&[(KEY, draft)], &mut Memory::default());
    let mut forgotten = (0..100).map(|n| uid(&format!("{KEY}-{n}")));
    assert!(forgotten.all(|uid| hides(&restarted.withheld, uid)));
}

#[test]
fn notes_organizers_and_attendees_are_never_read() {
    let entry = entry(json!({
        "organizer_name": CANARY, "organizer_email": format!("{CANARY}@studio.example"),
        "attendee_name": CANARY, "attendee_email": format!("{CANARY}@visitor.example"),
        "uid": CANARY, "label": CANARY,
    }));
    let batch = batch_of(record(
        &[entry],
        json!({ "internal_note": CANARY, "iCalFileName": CANARY }),
    ));
    assert_eq!(batch.events.len(), 1);
    assert!(!format!("{batch:?}").contains(CANARY));
}

#[test]
fn stamps_are_those_of_the_event() {
    let created = json!("2026-02-01T08:05:00.000Z");
    let updated = json!("2026-02-03T09:00:00.140Z");
    for (row, made, changed, want) in [
        (
            "both",
            &created,
            &updated,
            "2026-02-01T08:05:00Z 2026-02-03T09:00:00.140Z",
        ),
        (
            "never changed",
            &created,
            &json!(null),
            "2026-02-01T08:05:00Z 2026-02-01T08:05:00Z",
        ),
        ("neither", &json!(null), &json!("-"), "- -"),
        (
            "the year 1",
            &json!("0001-01-01T00:00:00Z"),
            &json!(null),
            "- -",
        ),
        ("no times", &json!("yesterday"), &json!(7), "- -"),
    ] {
        let fields = json!({ "date_created": made, "date_updated": changed, "sequence": "10" });
        let (event, _) = event_of(&record(&[entry(json!({}))], fields));
        let shown = [event.created, event.updated].map(|at| {
            at.map_or("-".to_owned(), |at| {
                at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
            })
        });
        assert_eq!(shown.join(" "), want, "{row}");
    }
}
