//! What Prosper may send, and what becomes of it (`upstreams/prosper.md`).

mod answers;
mod dates;
mod double;
mod fetch;
mod gathered;
mod listings;
mod notes;
mod pages;
mod private;
mod upstream;

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use super::*;
use crate::{
    domain::{
        batch::Remark,
        event::Event,
        testing::{at, stage, uid},
    },
    zones::Databases,
};

/// Stands in every text that nobody may read.
const CANARY: &str = "canary-4c7b";

/// The tz database of the machine or the built-in one.
fn zones() -> Arc<Zones> {
    static ZONES: LazyLock<Arc<Zones>> = LazyLock::new(|| {
        Arc::new(Zones::open(Databases::new(None), at("2026-11-01T00:00:00Z")).unwrap())
    });
    Arc::clone(&ZONES)
}

fn span(first: &str, last: &str) -> DateSpan {
    DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap()
}

/// The result of a recorded answer.
fn fixture(name: &str) -> Vec<Value> {
    let file = format!(
        "{}/tests/fixtures/prosper/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let answer: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    answer["result"].as_array().unwrap().clone()
}

/// Maps records of one kind as one answer brings them.
#[track_caller]
fn mapped(record: Record, rows: &[Value]) -> Batch {
    let raw = |row: &Value| RawValue::from_string(row.to_string()).unwrap();
    let facts = Facts {
        id: stage(),
        names: HashMap::new(),
        zones: zones(),
    };
    let rows = rows.iter().map(raw).collect();
    facts.batch(&[Rows { record, rows }], span("1970-01-01", "2099-12-31"))
}

/// A current note that has what every note needs, changed by `fields`; one that is `"-"` is taken out.
fn note(fields: Value) -> Value {
    changed(
        json!({
            "loan_note_id": "1000001-3",
            "note_status": 1,
            "next_payment_due_date": "2026-11-21",
            "prosper_rating": "B",
            "term": 36,
        }),
        fields,
    )
}

/// An active listing, changed by `fields` as a [`note`] is.
fn listing(fields: Value) -> Value {
    changed(
        json!({
            "listing_number": 6_000_101,
            "listing_status": 2,
            "listing_start_date": "2026-11-18 17:00:13 +0000",
            "prosper_rating": "A",
            "listing_term": 36,
        }),
        fields,
    )
}

fn changed(mut record: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("fields are an object")
    };
    for (key, value) in fields {
        if value == json!("-") {
            record.as_object_mut().unwrap().remove(&key);
        } else {
            record[key] = value;
        }
    }
    record
}

fn said(remarks: &BTreeSet<Remark>) -> String {
    let remarks: Vec<String> = remarks.iter().map(ToString::to_string).collect();
    remarks.join("; ")
}

/// When and what, a line each, in the order of time and then of words.
fn brief(batch: &Batch) -> Vec<String> {
    let line = |event: &Event| format!("{} {}", event.when, event.title);
    let mut lines: Vec<String> = batch.events.iter().map(line).collect();
    lines.sort();
    lines
}

/// A batch in words.
fn in_words(batch: &Batch) -> String {
    let mut events: Vec<&Event> = batch.events.iter().collect();
    events.sort_by_key(|event| (event.when.to_string(), event.title.clone()));
    let mut lines = Vec::new();
    for event in events {
        let groups: Vec<&str> = event.groups.iter().map(GroupId::as_str).collect();
        lines.push(format!("{} {} {:?}", event.when, event.title, event.status));
        lines.extend(
            event
                .details
                .as_str()
                .lines()
                .map(|line| format!("  | {line}")),
        );
        lines.push(format!("  of {}", groups.join(" ")));
        if let Some(updated) = event.updated {
            lines.push(format!(
                "  created {:?}, updated {updated:?}",
                event.created
            ));
        }
    }
    let groups = batch.groups.iter();
    lines.extend(groups.map(|(id, group)| format!("{id}={} {:?}", group.name, group.kind)));
    lines.extend(batch.remarks.iter().map(|remark| format!("! {remark}")));
    lines.join("\n")
}
