//! Whole walks, against recorded tenants in both readings of the field tables: `tests/fixtures/prospectconnect/`.

use super::{tenant::*, *};

/// A batch in words, a line each.
fn in_words(batch: &Batch) -> String {
    let mut lines = Vec::new();
    for event in &batch.events {
        lines.push(format!("{} {}", event.when, event.title));
        lines.push(format!(
            "  created {:?}, updated {:?}",
            event.created, event.updated
        ));
        let details = event.details.as_str().lines();
        lines.extend(details.map(|line| format!("  | {line}")));
        let groups = event.groups.iter();
        let groups = groups.map(|id| batch.groups[id].name.to_string());
        lines.push(format!("  of {}", groups.collect::<Vec<_>>().join(", ")));
    }
    lines.extend(names(&batch.groups));
    lines.join("\n")
}

#[tokio::test]
async fn both_readings_of_the_field_tables_mean_the_same_events() {
    let primary = Tenant::recorded("primary").await.fetch().await.unwrap();
    let aliases = Tenant::recorded("aliases").await.fetch().await.unwrap();
    assert_eq!(said(&primary.remarks), "");
    assert_eq!(
        said(&aliases.remarks),
        "times carry offsets other than UTC; they were converted"
    );
    for batch in [&primary, &aliases] {
        let printed = format!("{batch:?}");
        assert!(!printed.contains(CANARY), "{printed}");
        assert!(!printed.contains("123456789"), "{printed}");
        assert!(batch.from_wall_times && batch.missed.is_empty());
    }
    insta::assert_snapshot!(in_words(&primary), @r"
    2026-12-04T10:00:00Z..2026-12-04T11:00:00Z Budget round
      created Some(2026-11-01T09:00:00Z), updated Some(2026-11-01T09:00:00Z)
      | With: Ines Harbourne
      | Type: meeting
      of Activities, Ada
    2027-01-15..2027-01-15 Close: The Tide on tour (Driftwood Arts)
      created Some(2026-06-01T09:00:00Z), updated Some(2026-06-02T09:00:00Z)
      | With: Quillfeather, Driftwood Arts
      | Pipeline: Touring
      | Stage: Offered
      | Status: open
      of Bo, Deals, Touring
    2026-11-30..2026-11-30 Send the rider
      created Some(2026-05-01T09:00:00Z), updated Some(2026-11-01T09:00:00Z)
      | With: Ines Harbourne, Driftwood Arts
      | Type: To do
      | Status: In progress
      | Priority: high
      of Ada, Tasks
    2026-12-01T14:15:00Z..2026-12-01T14:30:00Z Call the hall
      created Some(2026-05-02T09:00:00Z), updated Some(2026-05-02T09:00:00Z)
      | Priority: medium
      of Ada, Bo, Tasks
    2026-12-02T14:00:00Z..2026-12-02T14:15:00Z Confirm lights
      created Some(2026-05-03T09:00:00Z), updated Some(2026-05-03T09:00:00Z)
      of Bo, Tasks
    activities=Activities Kind
    assignee:usr_1=Ada Person
    assignee:usr_2=Bo Person
    deals=Deals Kind
    pipeline:pipe_1=Touring Pipeline
    tasks=Tasks Kind
    ");
    assert_eq!(
        in_words(&aliases).replace("00.250Z", "00Z"),
        in_words(&primary)
    );
}

#[tokio::test]
async fn every_list_is_walked_from_its_oldest_record_to_its_last_page() {
    let tenant = Tenant::recorded("primary").await;
    tenant.fetch().await.unwrap();
    let pages: Vec<String> = tenant
        .bodies()
        .into_iter()
        .map(|body| body.to_string())
        .collect();
    let first = r#"{"limit":100,"order_by":"created_at","sort_direction":"asc""#;
    let want = [
        format!("{first}}}"),
        format!(r#"{first},"cursor":"at-2"}}"#),
        format!(r#"{first},"cursor":"at-4"}}"#),
        format!("{first}}}"),
        format!("{first}}}"),
        r#"{"limit":100}"#.to_owned(),
    ];
    assert_eq!(pages, want);
}

#[tokio::test]
async fn a_record_that_two_pages_repeat_is_one_event() {
    let tenant = Tenant::with(&[("tasks", tasks(&["a", "b", "c"]))]).await;
    tenant.change(|state| {
        state.page = 2;
        // What is put in before the place where the walk is moves the last record of a page to the next one.
        state.meanwhile = Some(|_, lists| {
            let tasks = lists.get_mut("tasks").unwrap();
            if tasks.len() == 3 {
                tasks.insert(0, task(json!({"id": "new", "due_date": null})));
            }
        });
    });
    assert_eq!(shown(&tenant.fetch().await.unwrap()), "a b c");
}

#[tokio::test]
async fn a_record_that_a_page_skipped_is_doubted_once_and_believed_gone_the_second_time() {
    let tenant = Tenant::with(&[("tasks", tasks(&["a", "b", "c", "d"]))]).await;
    let doubted = |batch: &Batch| batch.doubted.iter().copied().collect::<Vec<_>>();
    let uid = |id| EventUid::new(&stage(), id);
    for (row, ids, shows, doubts) in [
        (
            "the first time",
            &["a", "b", "c", "d"][..],
            "a b c d",
            vec![],
        ),
        ("one is missing", &["a", "b", "d"], "a b d", vec![uid("c")]),
        ("it comes back", &["a", "b", "c", "d"], "a b c d", vec![]),
        (
            "it is missing again",
            &["a", "b", "d"],
            "a b d",
            vec![uid("c")],
        ),
        ("and a second time", &["a", "b", "d"], "a b d", vec![]),
    ] {
        tenant.change(|state| _ = state.lists.insert("tasks".to_owned(), tasks(ids)));
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(shown(&batch), shows, "{row}");
        assert_eq!(doubted(&batch), doubts, "{row}");
    }
}

#[tokio::test]
async fn a_task_that_is_done_and_a_deal_that_is_won_are_gone_at_once() {
    let deal = |status: &str| record(Resource::Deals, json!({"status": status}));
    let tenant = Tenant::with(&[
        ("tasks", vec![task(json!({}))]),
        ("deals", vec![deal("open")]),
    ])
    .await;
    assert_eq!(tenant.fetch().await.unwrap().events.len(), 2);
    tenant.change(|state| {
        state
            .lists
            .insert("tasks".to_owned(), vec![task(json!({"completed": true}))]);
        state.lists.insert("deals".to_owned(), vec![deal("won")]);
    });
    let batch = tenant.fetch().await.unwrap();
    assert!(
        batch.events.is_empty() && batch.doubted.is_empty(),
        "{batch:?}"
    );
}

#[tokio::test]
async fn a_tenant_without_records_is_empty_and_whole() {
    let empty = || Vec::new();
    let lists = [
        ("tasks", empty()),
        ("deals", empty()),
        ("activities", empty()),
    ];
    let tenant = Tenant::with(&lists).await;
    let batch = tenant.fetch().await.unwrap();
    assert!(batch.events.is_empty() && batch.missed.is_empty());
    assert_eq!(tenant.calls().len(), 3);
}

#[test]
fn every_ask_is_answered_by_the_same_unit() {
    let unit = Unit::whole();
    assert_eq!(unit.name, "whole");
    assert_eq!(unit.days.first(), "1970-01-01".parse().unwrap());
    assert_eq!(unit.days.end(), "2100-01-01".parse().unwrap());
}
