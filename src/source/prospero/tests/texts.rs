//! What an event is called, what is said of it, whether it takes place, and what nobody may know (§6.2, §6.4).

use super::*;
use crate::domain::batch::Withheld;

#[test]
fn an_event_has_a_title_and_readable_details() {
    for (row, fields, title, details) in [
        (
            "plain",
            json!({"details": "Doors at seven"}),
            "Tosca",
            "Doors at seven",
        ),
        (
            "another name",
            json!({"title": "-", "name": "Aida"}),
            "Aida",
            "",
        ),
        ("both names", json!({"name": "Aida"}), "Tosca", ""),
        (
            "null",
            json!({"title": null, "details": null}),
            "Untitled",
            "",
        ),
        ("empty", json!({"title": "", "name": "Aida"}), "Aida", ""),
        ("blank", json!({"title": " \u{0}\n"}), "Untitled", ""),
        ("a number", json!({"title": 1984}), "1984", ""),
        (
            "a list",
            json!({"title": ["Tosca"], "details": {"html": "x"}}),
            "Untitled",
            "",
        ),
        (
            "several lines",
            json!({"title": "Tosca\r\nDTSTART:1"}),
            "Tosca DTSTART:1",
            "",
        ),
        (
            "HTML",
            json!({"details": "<p>Tom &amp; <b>Jerry</b></p><ul><li>one</li><li>two</li></ul><script>x()</script>"}),
            "Tosca",
            "Tom & Jerry\n\n• one\n• two",
        ),
        (
            "titles are no HTML",
            json!({"title": "<3 Tosca & more"}),
            "<3 Tosca & more",
            "",
        ),
    ] {
        let (event, _) = Upstream::default().event(&record(fields));
        assert_eq!(
            (event.title.as_str(), event.details.as_str()),
            (title, details),
            "{row}"
        );
    }
}

#[test]
fn a_status_is_what_the_label_says_or_the_operator_says_of_the_number() {
    let unknown =
        |code: &str| format!("status `{code}` has no meaning; add it to `status` of the source");
    for (wire, want, remark) in [
        (json!(0), Some(Status::Tentative), String::new()),
        (json!("1"), Some(Status::Confirmed), String::new()),
        (json!(2), Some(Status::Cancelled), String::new()),
        (json!(3), None, unknown("3")),
        (json!(-1), None, unknown("-1")),
        (json!("Tentative"), Some(Status::Tentative), String::new()),
        (json!("CONFIRMED"), Some(Status::Confirmed), String::new()),
        (json!("cancelled"), Some(Status::Cancelled), String::new()),
        (json!("Canceled"), Some(Status::Cancelled), String::new()),
        (json!(" canceled "), Some(Status::Cancelled), String::new()),
        (json!("Hold"), Some(Status::Tentative), String::new()),
        (json!("2nd hold"), Some(Status::Tentative), String::new()),
        (json!("pencilled"), None, unknown("pencilled")),
        (json!(null), None, String::new()),
        (json!(""), None, String::new()),
        (json!(true), None, String::new()),
        (json!([1]), None, String::new()),
    ] {
        let (event, remarks) =
            Upstream::default().event(&record(json!({ "status": wire.clone() })));
        assert_eq!((event.status, remarks), (want, remark), "{wire}");
    }
    let both = [1, 2].map(|id| record(json!({"id": id, "status": 9})));
    let batch = Upstream::default().batch(&both);
    assert_eq!(
        batch.remarks.len(),
        1,
        "said once, however many events have it"
    );
}

/// What is made of a record by its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Shown,
    Told,
    Unclear,
}

#[test]
fn a_draft_never_gets_out_however_it_is_marked() {
    use Mark::{Shown, Told, Unclear};
    for (mark, want) in [
        (json!({}), Shown),
        (json!({"draft": false}), Shown),
        (json!({"draft": 0, "isDraft": "false"}), Shown),
        (json!({"draft": null, "isDraft": ""}), Shown),
        (json!({"draft": "no"}), Shown),
        (json!({"draft": true}), Told),
        (json!({"draft": 1}), Told),
        (json!({"draft": 0.5}), Told),
        (json!({"draft": "TRUE"}), Told),
        (json!({"draft": "1"}), Told),
        (json!({"isDraft": true}), Told),
        (json!({"draft": false, "isDraft": true}), Told),
        (json!({"draft": "perhaps", "isDraft": true}), Told),
        (json!({"draft": false, "isDraft": "perhaps"}), Unclear),
        (json!({"draft": true, "isDraft": false}), Told),
        (json!({"draft": "perhaps"}), Unclear),
        (json!({"draft": {"by": "me"}}), Unclear),
        // Nothing, elsewhere; but here a doubt counts.
        (json!({"draft": []}), Unclear),
        (json!({"draft": {}}), Unclear),
        (json!({"draft": [true]}), Unclear),
    ] {
        let mut fields = mark.clone();
        fields["groups"] = json!([{"id": "g", "name": "Secret project"}]);
        let batch = Upstream::default().batch(&[record(fields)]);
        let out = usize::from(want == Shown);
        assert_eq!(batch.events.len(), out, "{mark}");
        let is_in = |marks: &Withheld| marks.events.contains_key(&uid(ID));
        assert_eq!(is_in(&batch.withheld), want == Told, "{mark}: it is there");
        assert_eq!(is_in(&batch.unclear), want == Unclear, "{mark}: a loss");
        assert!(batch.unreadable.is_empty(), "{mark}");
        assert_eq!(batch.groups.len(), out, "{mark}: nor does its group");
        let why = match want {
            Unclear => format!("event `{ID}` was left out: whether it is a draft cannot be read"),
            Shown | Told => String::new(),
        };
        assert_eq!(said(&batch.remarks), why, "{mark}");
    }
}

#[test]
fn what_is_private_is_nowhere_in_a_batch() {
    let secret = || json!(CANARY);
    let batch = Upstream::default().batch(&[
        record(json!({
            "adminNotes": secret(), "notes": secret(), "flag": secret(), "orgId": secret(), "bookingId": secret(),
            "personIds": [secret()], "peopleIds": [secret()], "people": [{"id": "p", "name": secret(), "email": secret()}],
            "roleIds": [secret()], "roles": [{"id": "r", "name": secret()}], "items": {"i": {"name": secret()}},
            "contact": {"email": secret()}, CANARY: secret(),
            "locations": [{"id": "l", "name": "Hall", "notes": secret(), "announcements": secret()}],
            "projects": [{"id": "x", "name": "Tosca", "details": secret()}],
        })),
        record(json!({"id": "draft", "draft": true, "title": secret(), "groups": [{"id": "g", "name": secret()}]})),
        record(json!({"id": "bad", "title": secret(), "start": secret(), "groups": [{"id": "g", "name": secret()}]})),
    ]);
    assert_eq!(batch.events.len(), 1);
    let everything = format!("{batch:?} {}", said(&batch.remarks));
    assert!(!everything.contains(CANARY), "{everything}");
    assert!(everything.contains("Hall"), "what is public is there");
}
