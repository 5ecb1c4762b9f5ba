//! What ProspectConnect may send, and what becomes of it (`upstreams/prospectconnect.md` §9, §10).

mod double;
mod fetch;
mod groups;
mod lookups;
mod merge;
mod tenant;
mod texts;
mod times;
mod trouble;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{map::Mapping, names::Known, resource::Resource, times::Wall, *};
use crate::{
    domain::{
        event::{Event, Groups},
        id::EventUid,
        testing::stage,
        text::Line,
    },
    zones::ZoneData,
};

/// Stands in every text that nobody may read.
const CANARY: &str = "canary-9d1e";

/// Maps records as one search brings them.
struct Upstream {
    wall: Wall,
    names: HashMap<String, Line>,
    known: Known,
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            wall: Wall::Utc,
            names: HashMap::new(),
            known: Known::default(),
        }
    }
}

impl Upstream {
    #[track_caller]
    fn batch(&self, resource: Resource, records: &[Value]) -> Batch {
        let rows = serde_json::from_value(json!(records)).unwrap();
        let merged = Merged::of(vec![(resource, rows)]);
        let mapping = Mapping {
            source: &stage(),
            wall: &self.wall,
            named: &Named::new(self.names.clone()),
            known: &self.known,
        };
        let mut batch = mapping.batch(&merged);
        batch.remarks.extend(merged.remarks);
        batch
    }

    /// The only event of a batch, and what there is to say about it.
    #[track_caller]
    fn event(&self, resource: Resource, record: &Value) -> (Event, String) {
        let mut batch = self.batch(resource, std::slice::from_ref(record));
        let remarks = said(&batch.remarks);
        assert_eq!(batch.events.len(), 1, "{record}: {remarks}");
        (batch.events.remove(0), remarks)
    }
}

/// A record that has what an event needs, changed by `fields`; one that is `"-"` is taken out.
fn record(resource: Resource, fields: Value) -> Value {
    let mut record = match resource {
        Resource::Tasks => json!({
            "id": "task_1", "name": "Send the rider", "due_date": "2026-11-30"
        }),
        Resource::Deals => json!({
            "id": "deal_1", "name": "The Tide", "expected_close_date": "2027-01-15"
        }),
        Resource::Activities => json!({
            "id": "act_1", "type": "meeting", "subject": "Budget",
            "start_at": "2026-12-04T10:00:00Z", "end_at": "2026-12-04T11:00:00Z"
        }),
    };
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

fn task(fields: Value) -> Value {
    record(Resource::Tasks, fields)
}

fn said(remarks: &BTreeSet<Remark>) -> String {
    let remarks: Vec<String> = remarks.iter().map(ToString::to_string).collect();
    remarks.join("; ")
}

/// The names in `groups` by id.
fn names(groups: &Groups) -> Vec<String> {
    let named = groups
        .iter()
        .map(|(id, group)| format!("{id}={} {:?}", group.name, group.kind));
    named.collect()
}

fn new_york() -> Wall {
    let zone = ZoneData::built_in();
    Wall::Zone(zone.zone(Tz::America__New_York).unwrap().clone())
}
