//! What Prospero may send, and what becomes of it (`upstreams/prospero.md` §6).

mod fetch;
mod merge;
mod places;
mod texts;
mod times;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::{places::Memory, *};
use crate::{
    api::FromJson,
    domain::{
        event::Groups,
        testing::{stage, uid},
    },
};

/// Stands in every text that nobody may read.
const CANARY: &str = "canary-9d1e";
/// The id of [`record`].
const ID: &str = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

/// Maps records as one answer of `/events` brings them.
struct Upstream {
    all_day_end: AllDayEnd,
    status: BTreeMap<i64, Status>,
    names: HashMap<String, Line>,
    places: Memory,
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            all_day_end: AllDayEnd::Inclusive,
            status: BTreeMap::from([
                (0, Status::Tentative),
                (1, Status::Confirmed),
                (2, Status::Cancelled),
            ]),
            names: HashMap::new(),
            places: Memory::default(),
        }
    }
}

impl Upstream {
    #[track_caller]
    fn batch(&self, records: &[Value]) -> Batch {
        let mut merge = Merged::default().with(answer(&json!({ "events": records })));
        let mapping = Mapping {
            source: &stage(),
            status: &self.status,
            all_day_end: self.all_day_end,
            names: &self.names,
            places: &self.places,
        };
        let mut batch = mapping.batch(merge.events.into_iter());
        batch.remarks.append(&mut merge.remarks);
        batch
    }

    /// The only event of a batch, and what there is to say about it.
    #[track_caller]
    fn event(&self, record: &Value) -> (crate::domain::event::Event, String) {
        let mut batch = self.batch(std::slice::from_ref(record));
        let remarks = said(&batch.remarks);
        assert_eq!(batch.events.len(), 1, "{record}: {remarks}");
        (batch.events.remove(0), remarks)
    }
}

/// An answer of `/events`.
#[track_caller]
fn answer(json: &Value) -> EventList {
    EventList::from_json(&json.to_string()).unwrap()
}

/// A record that has what every record needs, changed by `fields`; one that is `"-"` is taken out.
fn record(fields: Value) -> Value {
    let mut record = json!({
        "id": ID,
        "title": "Tosca",
        "start": "2026-12-01T19:00:00Z",
        "end": "2026-12-01T21:00:00Z",
    });
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

/// The names in `groups` by id.
fn names(groups: &Groups) -> Vec<String> {
    let named = groups
        .iter()
        .map(|(id, group)| format!("{id}={} {:?}", group.name, group.kind));
    named.collect()
}
