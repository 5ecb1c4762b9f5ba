//! Which records become events, each once.

use super::*;

fn titles(resource: Resource, records: &[Value]) -> String {
    let batch = Upstream::default().batch(resource, records);
    let mut titles: Vec<String> = batch
        .events
        .iter()
        .map(|event| event.title.to_string())
        .collect();
    titles.extend(batch.remarks.iter().map(ToString::to_string));
    titles.join("; ")
}

#[test]
fn of_a_record_that_comes_twice_the_newest_counts_and_of_two_alike_the_last() {
    let version = |name: &str, updated: Value| task(json!({"name": name, "updated_at": updated}));
    for (row, first, second, want) in [
        (
            "newer",
            json!("2026-05-01T09:00:00Z"),
            json!("2026-05-02T09:00:00Z"),
            "second",
        ),
        (
            "older",
            json!("2026-05-02T09:00:00Z"),
            json!("2026-05-01T09:00:00Z"),
            "first",
        ),
        (
            "alike",
            json!("2026-05-01T09:00:00Z"),
            json!("2026-05-01T09:00:00Z"),
            "second",
        ),
        ("unknown", json!(null), json!(null), "second"),
        ("lost", json!("2026-05-01T09:00:00Z"), json!(null), "first"),
    ] {
        let records = [version("first", first), version("second", second)];
        assert_eq!(titles(Resource::Tasks, &records), want, "{row}");
    }
}

#[test]
fn a_task_that_was_finished_between_two_pages_is_no_event() {
    let records = [
        task(json!({"updated_at": "2026-05-01T09:00:00Z"})),
        task(json!({"updated_at": "2026-05-02T09:00:00Z", "completed": true})),
    ];
    assert_eq!(titles(Resource::Tasks, &records), "");
}

#[test]
fn only_open_tasks_open_deals_and_meetings_become_events() {
    use Resource::{Activities, Deals, Tasks};
    for (resource, fields, is_event) in [
        (Tasks, json!({"completed": false}), true),
        (Tasks, json!({"completed": "false"}), true),
        (Tasks, json!({"completed": true}), false),
        (Tasks, json!({"is_completed": "true"}), false),
        (Tasks, json!({"done": 1}), false),
        (Tasks, json!({"completed_at": null}), true),
        (
            Tasks,
            json!({"completed_at": "2026-05-01T09:00:00Z"}),
            false,
        ),
        (Tasks, json!({"status": "Open"}), true),
        (Tasks, json!({"status": "not done"}), true),
        (Tasks, json!({"status": "DONE"}), false),
        (
            Tasks,
            json!({"status": {"id": "st_1", "name": "Closed"}}),
            false,
        ),
        (
            Tasks,
            json!({"status": "st_1", "status_id": {"name": "Completed"}}),
            false,
        ),
        (Deals, json!({"status": "open"}), true),
        (Deals, json!({"status": "Brand new"}), true),
        (Deals, json!({"status": "won"}), false),
        (
            Deals,
            json!({"status": "open", "deal_status": "Closed-Lost"}),
            false,
        ),
        (Activities, json!({"type": "Meeting (online)"}), true),
        (
            Activities,
            json!({"type": {"id": "7", "name": "meeting"}}),
            true,
        ),
        (
            Activities,
            json!({"type": "-", "activity_type": "MEETING"}),
            true,
        ),
        (Activities, json!({"type": "call"}), false),
        (Activities, json!({"type": "email"}), false),
        (Activities, json!({"type": "something new"}), false),
        (Activities, json!({"type": null}), false),
    ] {
        let batch = Upstream::default().batch(resource, &[record(resource, fields.clone())]);
        assert_eq!(batch.events.len() == 1, is_event, "{resource:?} {fields}");
        assert_eq!(said(&batch.remarks), "", "{resource:?} {fields}");
    }
}

#[test]
fn a_bad_record_is_left_out_alone() {
    let records = [
        json!(7),
        json!(null),
        task(json!({"id": "-"})),
        task(json!({"id": {"x": 1}})),
        task(json!({"id": "task_2", "due_date": [1]})),
        task(json!({"id": "task_3", "name": "Good", "unheard_of": {"a": [1, {"b": null}]}})),
    ];
    insta::assert_snapshot!(titles(Resource::Tasks, &records).replace("; ", "\n"), @r"
    Good
    event `number 0 of the tasks` was left out: it is no record
    event `number 1 of the tasks` was left out: it is no record
    event `number 2 of the tasks` was left out: it has no id
    event `number 3 of the tasks` was left out: it has no id
    event `task_2` was left out: its due date is no date
    ");
}
