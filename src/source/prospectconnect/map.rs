//! From a wire record to an event; pure (`upstreams/prospectconnect.md` §9, §10).

use std::collections::BTreeSet;

use crate::{
    domain::{
        batch::{Batch, Remark},
        event::{Event, Group, GroupKind, Groups},
        id::{EventUid, GroupId, SourceId},
        text::{Line, Text},
    },
    source::{html, moment::stamp},
};

use super::{
    merge::{Kept, Merged, UNCLEAR},
    named::{Named, Sort},
    names::Known,
    parties::Kind,
    private::without_addresses,
    refs::Ref,
    resource::Resource,
    times::{self, Time, Wall},
    wire::Record,
};

/// What an event without a title is called.
const UNTITLED: &str = "Untitled";

/// All that the mapping needs to know beside the records.
pub(super) struct Mapping<'a> {
    pub(super) source: &'a SourceId,
    pub(super) wall: &'a Wall,
    pub(super) named: &'a Named,
    pub(super) known: &'a Known,
}

impl Mapping<'_> {
    /// Maps every record that becomes an event; one that cannot be understood is left out with a remark.
    pub(super) fn batch(&self, merged: &Merged) -> Batch {
        let mut batch = Batch::default();
        let marked = |ids: &BTreeSet<String>, why| {
            let ids = ids.iter();
            ids.map(|id| (EventUid::new(self.source, id), why))
                .collect()
        };
        batch.withheld.events = marked(&merged.withheld, "it is marked private");
        batch.unclear.events = marked(&merged.unclear, UNCLEAR);
        for Kept {
            id,
            resource,
            record,
        } in merged.kept.values()
        {
            let uid = EventUid::new(self.source, id);
            match self.event(uid, *resource, record, &mut batch) {
                Ok(event) => batch.events.push(event),
                Err(why) => {
                    batch.unreadable.insert(uid, why);
                    let id = Line::new(id).to_string();
                    batch.remarks.insert(Remark::LeftOut { id, why });
                }
            }
        }
        batch
    }

    fn event(
        &self,
        uid: EventUid,
        resource: Resource,
        record: &Record,
        batch: &mut Batch,
    ) -> Result<Event, &'static str> {
        let Time { when, from_wall } = match resource {
            Resource::Tasks => times::due(record, self.wall, &mut batch.remarks),
            Resource::Deals => times::close(record),
            Resource::Activities => times::meeting(record, &mut batch.remarks),
        }?;
        batch.from_wall_times |= from_wall;
        Ok(Event {
            uid,
            when,
            title: self.title(resource, record),
            details: Text::new(&self.details(record).join("\n")),
            places: Vec::new(),
            groups: self.groups(resource, record, &mut batch.groups),
            status: None,
            zone: None,
            series: None,
            created: stamp(record.created(), &mut batch.remarks),
            updated: stamp(record.updated(), &mut batch.remarks),
        })
    }

    /// Its headline; of a deal with the party it is about, since many deals are called alike.
    fn title(&self, resource: Resource, record: &Record) -> Line {
        let text = html::to_text(record.headline().unwrap_or_default());
        let own = Line::new(&without_addresses(&text));
        match resource {
            Resource::Tasks if own.is_empty() => Line::new(UNTITLED),
            Resource::Activities if own.is_empty() => Line::new("Meeting"),
            Resource::Tasks | Resource::Activities => own,
            Resource::Deals => {
                let own = if own.is_empty() {
                    UNTITLED
                } else {
                    own.as_str()
                };
                let party = self
                    .parties(record, &[Kind::Companies, Kind::Contacts])
                    .next();
                Line::new(&match party {
                    Some(party) => format!("Close: {own} ({party})"),
                    None => format!("Close: {own}"),
                })
            }
        }
    }

    /// The names of those it is about, as far as they are known.
    fn parties<'a>(
        &'a self,
        record: &'a Record,
        kinds: &'a [Kind],
    ) -> impl Iterator<Item = &'a Line> {
        kinds.iter().flat_map(|kind| {
            let ids: Vec<&str> = match kind {
                Kind::Contacts => record.contacts().collect(),
                Kind::Companies => record.companies().collect(),
            };
            let named = ids.into_iter().map(|id| self.known.party(*kind, id));
            named.flatten()
        })
    }

    fn details(&self, record: &Record) -> Vec<String> {
        let mut parties: Vec<&str> = Vec::new();
        for party in self.parties(record, &Kind::ALL) {
            if !parties.contains(&party.as_str()) {
                parties.push(party.as_str());
            }
        }
        let mut lines = Vec::new();
        if !parties.is_empty() {
            lines.push(format!("With: {}", parties.join(", ")));
        }
        let words = [
            ("Type", self.words(Sort::Word, record.sorts())),
            (
                "Pipeline",
                self.words(Sort::Pipeline, record.pipeline_id.0.iter()),
            ),
            (
                "Stage",
                self.words(Sort::Pipeline, record.stage_id.0.iter()),
            ),
            ("Status", self.words(Sort::Word, record.states())),
            ("Priority", self.words(Sort::Word, record.priority.0.iter())),
        ];
        let said = words.into_iter();
        lines.extend(said.filter_map(|(what, word)| Some(format!("{what}: {}", word?))));
        lines
    }

    /// The first of `refs` that has a name, or is a word itself; an id says nothing to a reader.
    fn words<'r>(&self, sort: Sort, mut refs: impl Iterator<Item = &'r Ref>) -> Option<Line> {
        refs.find_map(|one| {
            self.name(sort, one).or_else(|| {
                let word = one.id.as_deref()?;
                let plain = |c: char| c.is_alphabetic() || " _-".contains(c);
                let plain = word.chars().all(plain);
                plain.then(|| Line::new(&word.replace('_', " ")))
            })
        })
    }

    /// The upstream's name, else the operator's for what is of this sort, else the operator's for the id.
    fn name(&self, sort: Sort, one: &Ref) -> Option<Line> {
        // Where there is no name, the id may stand in its place.
        let told = one
            .name
            .as_deref()
            .filter(|name| one.id.as_deref() != Some(*name));
        let told = told.map(|name| Line::new(&without_addresses(name)));
        if told.as_ref().is_some_and(|name| !name.is_empty()) {
            return told;
        }
        let id = one.id.as_deref()?;
        let known = match sort {
            Sort::Pipeline => self.known.pipeline(id),
            Sort::Person | Sort::Word => None,
        };
        known.or_else(|| self.named.of(sort, id)).cloned()
    }

    fn groups(&self, resource: Resource, record: &Record, seen: &mut Groups) -> Vec<GroupId> {
        let own = resource.group();
        seen.entry(own.clone()).or_insert_with(|| Group {
            name: Line::new(resource.title()),
            kind: GroupKind::Kind,
        });
        let mut ids = vec![own];
        let mut add = |sort: Sort, one: &Ref, kind| {
            // A mail address may stand where an id is expected, and ids are part of addresses.
            let Some(bare) = one.id.as_deref().filter(|id| !id.contains('@')) else {
                return;
            };
            let id = GroupId::new(&[sort.prefix(), bare].join(":"));
            let nameless = seen.get(&id).map(|group| group.name.is_empty());
            // A record may name what one before it did not; without a name of its own it says nothing new.
            if nameless.is_none_or(|nameless| nameless && one.name.is_some()) {
                let name = self.name(sort, one).unwrap_or_default();
                seen.insert(id.clone(), Group { name, kind });
            }
            ids.push(id);
        };
        for one in record.assignees(resource) {
            add(Sort::Person, one, GroupKind::Person);
        }
        if resource == Resource::Deals {
            for one in &record.pipeline_id.0 {
                add(Sort::Pipeline, one, GroupKind::Pipeline);
            }
        }
        ids.sort();
        ids.dedup();
        ids
    }
}
