//! Records in both dialects: each in the primary one first, then told in other names and forms.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value, json};

use super::{route::Resource, settings::Dialect};
use crate::sandbox::{
    crm::{Activity, Contact, Deal, Due, Pipeline, Task},
    season::{CANARY, Named},
};

/// Other names of the fields of tasks, deals and activities (fact sheet §9).
const ALIASES: [(Resource, &str, &str); 10] = [
    (Resource::Tasks, "name", "title"),
    (Resource::Tasks, "due_date", "due_at"),
    (Resource::Tasks, "completed", "is_completed"),
    (Resource::Tasks, "type", "task_type"),
    (Resource::Tasks, "assigned_to", "assignee_id"),
    (
        Resource::Deals,
        "expected_close_date",
        "expected_closing_date",
    ),
    (Resource::Deals, "value", "monetary_value"),
    (Resource::Deals, "owner_id", "sales_person"),
    (Resource::Activities, "subject", "title"),
    (Resource::Activities, "occurred_at", "timestamp"),
];

/// A task.
pub(super) fn task(task: &Task) -> Value {
    let (date, time) = match task.due {
        Due::Never => (None, None),
        Due::Day(day) => (Some(day.to_string()), None),
        Due::At(at) => (Some(instant(at)), None),
        Due::Wall(at) => (
            Some(at.date().to_string()),
            Some(at.format("%H:%M").to_string()),
        ),
    };
    json!({
        "id": task.id,
        "name": task.name,
        "description": task.description,
        "due_date": date,
        "due_time": time,
        "completed": task.done.is_some(),
        "completed_at": task.done.map(instant),
        "status": if task.done.is_some() { "Done" } else { "Open" },
        "type": task.kind,
        "priority": task.priority,
        "tags": [],
        "assigned_to": task.assignee,
        "contact_ids": task.contact.iter().collect::<Vec<_>>(),
        "deal_ids": task.deal.iter().collect::<Vec<_>>(),
        "created_at": instant(task.created),
        "updated_at": instant(task.updated),
    })
}

/// A deal. The day of every second one has a time behind it that means nothing.
pub(super) fn deal(deal: &Deal) -> Value {
    let tailed = deal.id.ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f']);
    let close = |day: NaiveDate| {
        if tailed {
            format!("{day}T00:00:00Z")
        } else {
            day.to_string()
        }
    };
    json!({
        "id": deal.id,
        "name": deal.name,
        "expected_close_date": deal.close.map(close),
        "value": deal.value,
        "status": deal.status,
        "pipeline_id": deal.pipeline,
        "stage_id": deal.stage,
        "owner_id": deal.owner,
        "contact_id": deal.contact,
        "company_id": deal.company,
        "created_at": instant(deal.created),
        "updated_at": instant(deal.updated),
    })
}

/// An activity.
pub(super) fn activity(activity: &Activity) -> Value {
    json!({
        "id": activity.id,
        "type": activity.kind,
        "subject": activity.subject,
        "body": activity.body,
        "occurred_at": instant(activity.start),
        "start_at": activity.end.map(|_| instant(activity.start)),
        "end_at": activity.end.map(instant),
        "contact_id": activity.contact,
        "user_id": activity.user,
        "created_at": instant(activity.start),
        "updated_at": instant(activity.start),
    })
}

/// A contact; the address is private.
pub(super) fn contact(contact: &Contact) -> Value {
    json!({
        "id": contact.id,
        "first_name": contact.first,
        "last_name": contact.last,
        "email": format!("{CANARY}@quillfeather.example"),
        "lead_score": 50,
        "created_at": "2026-01-05T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
    })
}

/// A company.
pub(super) fn company(company: &Named) -> Value {
    json!({
        "id": company.id,
        "name": company.name,
        "created_at": "2026-01-05T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
    })
}

/// A pipeline.
pub(super) fn pipeline(pipeline: &Pipeline) -> Value {
    let stage = |stage: &Named| json!({ "id": stage.id, "name": stage.name });
    json!({
        "id": pipeline.id,
        "name": pipeline.name,
        "stages": pipeline.stages.iter().map(stage).collect::<Vec<_>>(),
    })
}

/// A record as the dialect tells it.
pub(super) fn told(dialect: Dialect, resource: Resource, record: &Value) -> Value {
    let fields = record.as_object().cloned().unwrap_or_default();
    match dialect {
        Dialect::Primary => Value::Object(
            fields
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect(),
        ),
        Dialect::Aliases => {
            let mut told: Map<String, Value> = fields
                .into_iter()
                .map(|(name, value)| alias(resource, name, value))
                .collect();
            told.insert("ai_summary".to_owned(), json!({ "mood": [null, 0.5] }));
            Value::Object(told)
        }
    }
}

fn alias(resource: Resource, name: String, value: Value) -> (String, Value) {
    let value = match (name.as_str(), value) {
        ("assigned_to" | "owner_id" | "status", Value::String(id)) => {
            json!({ "id": id, "name": id })
        }
        ("value", Value::Number(number)) => json!(number.to_string()),
        ("due_time", Value::String(time)) => json!(format!("{time}:00")),
        ("due_date" | "completed_at" | "end_at", Value::Null) => json!(""),
        ("tags" | "deal_ids", Value::Array(list)) if list.is_empty() => Value::Null,
        ("occurred_at" | "updated_at", Value::String(at)) => {
            json!(at.replace('Z', ".000+00:00"))
        }
        (_, value) => value,
    };
    let other = ALIASES
        .iter()
        .find(|(of, primary, _)| *of == resource && *primary == name);
    (
        other.map_or(name, |(_, _, alias)| (*alias).to_owned()),
        value,
    )
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
