//! Which groups a record is in.

use super::*;

#[test]
fn a_record_is_in_the_groups_of_its_kind_its_assignees_and_its_pipeline() {
    use Resource::{Activities, Deals, Tasks};
    let upstream = Upstream {
        known: Known::of(&[], &[("1", "Touring")]),
        names: HashMap::from([
            ("usr_1".to_owned(), Line::new("Ada")),
            ("assignee:usr_2".to_owned(), Line::new("Bo")),
            ("2".to_owned(), Line::new("Either")),
            ("pipeline:3".to_owned(), Line::new("Renting")),
        ]),
        ..Upstream::default()
    };
    for (row, resource, fields, want) in [
        ("nobody's task", Tasks, json!({}), "tasks=Tasks Kind"),
        (
            "named by the operator",
            Tasks,
            json!({"assigned_to": "USR_1"}),
            "assignee:usr_1=Ada Person, tasks=Tasks Kind",
        ),
        (
            "named by the operator for this kind of group",
            Tasks,
            json!({"assigned_to": ["usr_2", "usr_2"]}),
            "assignee:usr_2=Bo Person, tasks=Tasks Kind",
        ),
        (
            "named by the upstream",
            Tasks,
            json!({"assignee_id": {"id": "usr_1", "name": "Ada Lark"}}),
            "assignee:usr_1=Ada Lark Person, tasks=Tasks Kind",
        ),
        (
            "the first spelling counts",
            Tasks,
            json!({"assigned_to": "", "assigned_to_id": 2, "owner_id": "usr_1"}),
            "assignee:2=Either Person, tasks=Tasks Kind",
        ),
        (
            "who made a task is not who has it",
            Tasks,
            json!({"created_by": "usr_1", "user_id": "usr_1"}),
            "tasks=Tasks Kind",
        ),
        (
            "a mail address is no id",
            Tasks,
            json!({"assigned_to": "ada@mail.example"}),
            "tasks=Tasks Kind",
        ),
        (
            "the same number twice",
            Deals,
            json!({"owner_id": "1", "pipeline_id": "1"}),
            "assignee:1= Person, deals=Deals Kind, pipeline:1=Touring Pipeline",
        ),
        (
            "a pipeline named by the operator",
            Deals,
            json!({"pipeline_id": 3}),
            "deals=Deals Kind, pipeline:3=Renting Pipeline",
        ),
        (
            "a meeting",
            Activities,
            json!({"user_id": "usr_1", "pipeline_id": "1"}),
            "activities=Activities Kind, assignee:usr_1=Ada Person",
        ),
    ] {
        let batch = upstream.batch(resource, &[record(resource, fields)]);
        assert_eq!(names(&batch.groups).join(", "), want, "{row}");
        let groups: Vec<_> = batch.groups.keys().cloned().collect();
        assert_eq!(batch.events[0].groups, groups, "{row}");
    }
}

#[test]
fn a_name_found_later_is_taken() {
    let batch = Upstream::default().batch(
        Resource::Tasks,
        &[
            task(json!({"id": "1", "assigned_to": "usr_1"})),
            task(json!({"id": "2", "assigned_to": {"id": "usr_1", "name": "Ada"}})),
            task(json!({"id": "3", "assigned_to": {"id": "usr_1", "name": "Another"}})),
        ],
    );
    let shown = names(&batch.groups).join(", ");
    assert_eq!(shown, "assignee:usr_1=Ada Person, tasks=Tasks Kind");
}
