//! The records of several answers, each once, and only those that become events.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    domain::{batch::Remark, text::Line},
    source::{loose::Flag, moment::written, record::Object},
};

use super::{parties::Kind, resource::Resource, wire::Record};

/// Why a record whose mark cannot be read is not shown.
pub(super) const UNCLEAR: &str = "whether it is private cannot be read";

/// A record that becomes an event.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) resource: Resource,
    pub(super) record: Box<Record>,
}

/// The records of one resource, in the upstream's order.
pub(super) type List = (Resource, Vec<Object<Box<Record>>>);

/// What the searches brought.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// What becomes an event, by id.
    pub(super) kept: BTreeMap<String, Kept>,
    /// The ids of everything that is there, whether or not it becomes an event.
    pub(super) there: BTreeSet<String>,
    /// The ids of what is marked private.
    pub(super) withheld: BTreeSet<String>,
    /// The ids of what may be marked so: its mark cannot be read.
    pub(super) unclear: BTreeSet<String>,
    pub(super) remarks: BTreeSet<Remark>,
}

impl Merged {
    /// What `lists` say together. Of a record that came twice, as pages repeat some, the newest counts; of two alike, the
    /// one that was read last.
    pub(super) fn of(lists: Vec<List>) -> Self {
        let mut merged = Self::default();
        for (resource, rows) in lists {
            let mut records: BTreeMap<String, Box<Record>> = BTreeMap::new();
            for (index, Object(record)) in rows.into_iter().enumerate() {
                let stood = || format!("number {index} of the {}", resource.word());
                match record {
                    None => merged.leave_out(stood(), "it is no record"),
                    Some(record) => match record.id.0.as_deref().map(str::to_owned) {
                        None => merged.leave_out(stood(), "it has no id"),
                        Some(id) => add(&mut records, id, record),
                    },
                }
            }
            for (id, record) in records {
                merged.there.insert(id.clone());
                match record.private() {
                    Flag::Yes => {
                        merged.withheld.insert(id);
                    }
                    Flag::Unclear => {
                        merged.leave_out(Line::new(&id).to_string(), UNCLEAR);
                        merged.unclear.insert(id);
                    }
                    Flag::Absent | Flag::No if becomes_event(resource, &record) => {
                        let kept = Kept {
                            id: id.clone(),
                            resource,
                            record,
                        };
                        merged.kept.insert(id, kept);
                    }
                    Flag::Absent | Flag::No => {}
                }
            }
        }
        merged
    }

    fn leave_out(&mut self, id: String, why: &'static str) {
        self.remarks.insert(Remark::LeftOut { id, why });
    }

    /// The ids of what becomes an event of one resource.
    pub(super) fn of_resource(&self, resource: Resource) -> BTreeSet<String> {
        let own = self.kept.values().filter(|kept| kept.resource == resource);
        own.map(|kept| kept.id.clone()).collect()
    }

    /// The ids of the people or organisations that events are about.
    pub(super) fn parties(&self, kind: Kind) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        for Kept { record, .. } in self.kept.values() {
            match kind {
                Kind::Contacts => ids.extend(record.contacts().map(str::to_owned)),
                Kind::Companies => ids.extend(record.companies().map(str::to_owned)),
            }
        }
        ids
    }

    /// The ids of the pipelines and stages that events are in, as far as they come without a name.
    pub(super) fn pipelines(&self) -> BTreeSet<String> {
        let records = self.kept.values().map(|kept| &kept.record);
        let refs = records.flat_map(|record| record.pipeline_id.0.iter().chain(&record.stage_id.0));
        let nameless = refs.filter(|one| one.name.is_none());
        nameless
            .filter_map(|one| one.id.as_deref().map(str::to_owned))
            .collect()
    }
}

fn add(records: &mut BTreeMap<String, Box<Record>>, id: String, record: Box<Record>) {
    let updated = |record: &Record| record.updated().and_then(written);
    let older = records
        .get(&id)
        .is_some_and(|held| updated(&record) < updated(held));
    if !older {
        records.insert(id, record);
    }
}

/// Whether a record is one for a calendar: an open task that is due, an open deal that is expected to close, a meeting.
fn becomes_event(resource: Resource, record: &Record) -> bool {
    match resource {
        Resource::Tasks => record.due().is_some() && !is_finished(record),
        Resource::Deals => record.close().is_some() && !is_decided(record),
        Resource::Activities => is_meeting(record),
    }
}

/// States are the tenant's own words, so that only these few are known (§9.1).
fn is_finished(record: &Record) -> bool {
    let done = ["done", "completed", "closed"];
    record.is_completed() || states(record).any(|state| done.contains(&state.trim()))
}

/// The date of a decided deal says nothing: deciding it leaves the date as it was (§9.2).
fn is_decided(record: &Record) -> bool {
    states(record).any(|state| state.contains("won") || state.contains("lost"))
}

/// Types are an open list; what names a meeting is one (§9.3).
fn is_meeting(record: &Record) -> bool {
    let words = record.sorts().flat_map(|one| [&one.id, &one.name]);
    let mut words = words.flatten();
    words.any(|word| word.to_lowercase().contains("meeting"))
}

fn states(record: &Record) -> impl Iterator<Item = String> {
    let words = record.states().flat_map(|one| [&one.id, &one.name]);
    words.flatten().map(|word| word.to_lowercase())
}
