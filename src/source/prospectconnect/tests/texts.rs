//! What readers see of a record, and what they never see.

use super::{super::parties::Kind, *};

fn known() -> Known {
    Known::of(
        &[
            (Kind::Contacts, "con_1", "Ines Harbourne"),
            (Kind::Contacts, "con_2", "ines@mail.example"),
            (Kind::Contacts, "both", "Harbourne & Daughters"),
            (Kind::Companies, "cmp_1", "Driftwood Arts"),
            (Kind::Companies, "both", "Harbourne & Daughters"),
        ],
        &[("pipe_1", "Touring"), ("stage_1", "Offered")],
    )
}

fn upstream() -> Upstream {
    Upstream {
        known: known(),
        names: HashMap::from([("st_7".to_owned(), Line::new("Parked"))]),
        ..Upstream::default()
    }
}

#[test]
fn a_title_is_one_plain_line_without_mail_addresses() {
    use Resource::{Activities, Deals, Tasks};
    for (resource, fields, want) in [
        (Tasks, json!({}), "Send the rider"),
        (Tasks, json!({"name": "-", "title": "Two"}), "Two"),
        (Tasks, json!({"name": null, "subject": "Three"}), "Three"),
        (Tasks, json!({"name": ""}), "Untitled"),
        (Tasks, json!({"name": {"text": "x"}}), "Untitled"),
        (
            Tasks,
            json!({"name": "Rider;\r\nlights, 🎭"}),
            "Rider; lights, 🎭",
        ),
        (
            Tasks,
            json!({"name": "<b>Rider</b> &amp; lights"}),
            "Rider & lights",
        ),
        (
            Tasks,
            json!({"name": "Reply to ines@mail.example"}),
            "Reply to …",
        ),
        (
            Tasks,
            json!({"name": "Write <a href='mailto:ines@mail.example'>her</a>"}),
            "Write her (…)",
        ),
        (Deals, json!({}), "Close: The Tide"),
        (Deals, json!({"name": "-"}), "Close: Untitled"),
        (
            Deals,
            json!({"contact_id": "con_1"}),
            "Close: The Tide (Ines Harbourne)",
        ),
        (
            Deals,
            json!({"contact_id": "con_1", "company_id": "cmp_1"}),
            "Close: The Tide (Driftwood Arts)",
        ),
        (Deals, json!({"contact_id": "con_9"}), "Close: The Tide"),
        (Activities, json!({}), "Budget"),
        (Activities, json!({"subject": "-"}), "Meeting"),
    ] {
        let (event, _) = upstream().event(resource, &record(resource, fields.clone()));
        assert_eq!(event.title.as_str(), want, "{fields}");
    }
}

#[test]
fn the_text_says_with_whom_of_what_type_and_how_it_stands() {
    use Resource::{Activities, Deals, Tasks};
    for (resource, fields, want) in [
        (Tasks, json!({}), ""),
        (
            Tasks,
            json!({"contact_ids": ["con_1", "con_9"], "company_ids": ["cmp_1"]}),
            "With: Ines Harbourne, Driftwood Arts",
        ),
        (
            Tasks,
            json!({"related_to": [{"type": "company", "id": "cmp_1"}, {"id": "deal_1"}]}),
            "With: Driftwood Arts",
        ),
        (
            Tasks,
            json!({"contact_id": "both", "company_id": "both"}),
            "With: Harbourne & Daughters",
        ),
        (Tasks, json!({"contact_id": "con_2"}), "With: …"),
        (
            Tasks,
            json!({"type": {"id": "tt_1", "name": "To do"}, "priority": "high", "status": "in_progress"}),
            "Type: To do|Status: in progress|Priority: high",
        ),
        (Tasks, json!({"status": "st_9", "type": "tt_9"}), ""),
        (Tasks, json!({"status": "st_7"}), "Status: Parked"),
        (
            Tasks,
            json!({"status": "st_9", "status_id": {"id": "st_9", "name": "Waiting"}}),
            "Status: Waiting",
        ),
        (
            Deals,
            json!({"pipeline_id": "pipe_1", "stage_id": "stage_1", "deal_status": "open"}),
            "Pipeline: Touring|Stage: Offered|Status: open",
        ),
        (
            Deals,
            json!({"pipeline_id": "pipe_9", "stage_id": {"id": "stage_9", "name": "Signed"}}),
            "Stage: Signed",
        ),
        (
            Activities,
            json!({"contact_id": "con_1"}),
            "With: Ines Harbourne|Type: meeting",
        ),
    ] {
        let (event, _) = upstream().event(resource, &record(resource, fields.clone()));
        let shown = event.details.as_str().replace('\n', "|");
        assert_eq!(shown, want, "{fields}");
    }
}

#[test]
fn what_is_private_is_not_even_read() {
    let private = json!({
        "description": CANARY, "body": CANARY, "content": CANARY, "notes": [CANARY],
        "value": CANARY, "amount": 1, "monetary_value": CANARY, "email": CANARY, "phone": CANARY,
        "assigned_to": format!("{CANARY}@mail.example"),
        "owner_id": {"id": "usr_1", "name": format!("{CANARY}@mail.example")},
        "user_id": {"id": format!("{CANARY}@mail.example"), "name": "Ada"},
    });
    for resource in Resource::ALL {
        let batch = upstream().batch(resource, &[record(resource, private.clone())]);
        assert_eq!(batch.events.len(), 1, "{resource:?}");
        let shown = format!("{batch:?}");
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

#[test]
fn a_record_that_may_be_private_is_no_event() {
    for (fields, shown, withheld, unclear) in [
        (json!({}), 1, 0, 0),
        (json!({"private": false, "is_private": null}), 1, 0, 0),
        (json!({"private": true}), 0, 1, 0),
        (json!({"is_private": "yes"}), 0, 1, 0),
        (json!({"is_private": {"to": "me"}}), 0, 0, 1),
        (json!({"private": "team", "is_private": false}), 0, 0, 1),
        (json!({"private": "team", "is_private": true}), 0, 1, 0),
    ] {
        for resource in Resource::ALL {
            let row = format!("{resource:?} {fields}");
            let batch = upstream().batch(resource, &[record(resource, fields.clone())]);
            assert_eq!(batch.events.len(), shown, "{row}");
            assert_eq!(batch.withheld.events.len(), withheld, "{row}");
            assert_eq!(batch.unclear.events.len(), unclear, "{row}: a loss");
            let told = said(&batch.remarks).contains("whether it is private cannot be read");
            assert_eq!(told, unclear == 1, "{row}");
        }
    }
}

#[test]
fn what_is_private_is_withheld_under_the_uid_it_had() {
    for resource in Resource::ALL {
        let shown = upstream().batch(resource, &[record(resource, json!({}))]);
        let hidden = upstream().batch(resource, &[record(resource, json!({"private": true}))]);
        let marked = |event: &Event| (event.uid, "it is marked private");
        let marked = shown.events.iter().map(marked).collect();
        assert_eq!(hidden.withheld.events, marked, "{resource:?}");
    }
}

#[test]
fn stamps_are_those_of_the_record() {
    for (fields, want) in [
        (json!({}), "None None"),
        (
            json!({"created_at": "2026-05-01T09:00:00Z", "updated_at": "2026-05-02T09:00:00Z"}),
            "Some(2026-05-01T09:00:00Z) Some(2026-05-02T09:00:00Z)",
        ),
        (
            json!({"date_created": "2026-05-01T09:00:00.5Z", "updated_at": "0001-01-01T00:00:00Z"}),
            "Some(2026-05-01T09:00:00.500Z) None",
        ),
    ] {
        let (event, _) = upstream().event(Resource::Tasks, &task(fields.clone()));
        let shown = format!("{:?} {:?}", event.created, event.updated);
        assert_eq!(shown, want, "{fields}");
    }
}
