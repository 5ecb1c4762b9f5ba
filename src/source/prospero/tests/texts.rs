//! What an event is called, what is said of it, whether it takes place, and what nobody may know (§6.2, §6.4).

use super::*;

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

#[test]
fn a_draft_never_gets_out_however_it_is_marked() {
    for (mark, out) in [
        (json!({}), true),
        (json!({"draft": false}), true),
        (json!({"draft": 0, "isDraft": "false"}), true),
        (json!({"draft": null, "isDraft": ""}), true),
        (json!({"draft": "no"}), true),
        (json!({"draft": true}), false),
        (json!({"draft": 1}), false),
        (json!({"draft": 0.5}), false),
        (json!({"draft": "TRUE"}), false),
        (json!({"draft": "1"}), false),
        (json!({"isDraft": true}), false),
        (json!({"draft": false, "isDraft": true}), false),
        (json!({"draft": true, "isDraft": false}), false),
        (json!({"draft": "perhaps"}), false),
        (json!({"draft": {"by": "me"}}), false),
        // Nothing, elsewhere; but here a doubt counts.
        (json!({"draft": []}), false),
        (json!({"draft": {}}), false),
        (json!({"draft": [true]}), false),
    ] {
        let mut fields = mark.clone();
        fields["groups"] = json!([{"id": "g", "name": "Secret project"}]);
        let batch = Upstream::default().batch(&[record(fields)]);
        assert_eq!(batch.events.len(), usize::from(out), "{mark}");
        let hidden = batch.withheld.events.contains(&uid(ID));
        assert_eq!(hidden, !out, "{mark}: it is there and withheld");
        assert!(batch.unreadable.is_empty(), "{mark}");
        assert_eq!(
            batch.groups.len(),
            usize::from(out),
            "{mark}: nor does its group"
        );
        assert_eq!(said(&batch.remarks), "", "{mark}");
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
