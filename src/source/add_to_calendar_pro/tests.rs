//! What Add to Calendar PRO may send, and what becomes of it (`upstreams/add-to-calendar-pro.md` §3 to §6).

mod account;
mod elsewhere;
mod fetch;
mod repeats;
mod sandbox;
mod shapes;
mod texts;
mod times;
mod trouble;

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::{identity::Memory, map::Member, *};
use crate::{
    domain::{
        batch::Remark,
        event::{Event, Group, GroupKind, Groups},
        id::GroupId,
        testing::{stage, uid},
        text::Line,
    },
    zones::data::tests::built_in,
};

/// Stands in every text that nobody may read.
const CANARY: &str = "canary-9d1e";
/// The group of every event, and its name.
const GROUP: (&str, &str) = ("courses", "Evening courses");
/// The key of the only event, where there is one.
const KEY: &str = "22222222-2222-4222-8222-222222222222";

/// A book in which everything is in Berlin, but for what is on the pier.
fn book() -> Book {
    let pier = ("Pier".to_owned(), Tz::America__Los_Angeles);
    Book::new([pier], [], Some(Tz::Europe__Berlin))
}

fn groups() -> Groups {
    let name = Line::new(GROUP.1);
    let kind = GroupKind::Group;
    Groups::from([(GroupId::new(GROUP.0), Group { name, kind })])
}

/// What becomes of records as `/event/{prokey}` brings them, by key.
#[track_caller]
fn batch(records: &[(&str, Value)], memory: &mut Memory) -> Batch {
    let members: Vec<Member> = records
        .iter()
        .map(|(key, record)| Member {
            key: (*key).to_owned(),
            groups: vec![GroupId::new(GROUP.0)],
            record: serde_json::from_str(&record.to_string()).unwrap(),
        })
        .collect();
    let mapping = Mapping {
        source: &stage(),
        book: &book(),
        data: built_in(),
        groups: &groups(),
    };
    let mut batch = Batch::default();
    mapping.add(members, memory, &mut batch);
    batch
}

/// What becomes of one record.
#[track_caller]
fn batch_of(record: Value) -> Batch {
    batch(&[(KEY, record)], &mut Memory::default())
}

/// The only event of a record, and what there is to say about it.
#[track_caller]
fn event_of(record: &Value) -> (Event, String) {
    let mut batch = batch_of(record.clone());
    let remarks = said(&batch.remarks);
    assert_eq!(batch.events.len(), 1, "{record}: {remarks}");
    (batch.events.remove(0), remarks)
}

/// `base` changed by `fields`; one that is `"-"` is taken out.
fn with(mut base: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("fields are an object")
    };
    for (key, value) in fields {
        if value == json!("-") {
            base.as_object_mut().unwrap().remove(&key);
        } else {
            base[key] = value;
        }
    }
    base
}

/// A date entry that has what every entry needs, changed by `fields`.
fn entry(fields: Value) -> Value {
    let base = json!({
        "name": "Pottery",
        "startDate": "2026-03-02",
        "startTime": "18:30",
        "endTime": "20:00",
        "timeZone": "Europe/Amsterdam",
    });
    with(base, fields)
}

/// A published event of these date entries, changed by `fields`.
fn record(dates: &[Value], fields: Value) -> Value {
    with(json!({ "status": "published", "dates": dates }), fields)
}

fn said(remarks: &BTreeSet<Remark>) -> String {
    let remarks: Vec<String> = remarks.iter().map(ToString::to_string).collect();
    remarks.join("; ").replace(KEY, "KEY")
}
