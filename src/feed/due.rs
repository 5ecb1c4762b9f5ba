//! What the store does not have yet, and what it has.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Weak},
};

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        event::Groups,
        history::{Change, Snapshot},
        id::SourceId,
        when::DateSpan,
    },
    store::{
        Advance, DocumentKey, Fetch, HORIZON, Kept, KeptDocument, Known, Loaded, Reads, Seen,
        UnitKey, Work, add_all,
    },
};

/// Lines of the fetch log that wait for a store in trouble.
const FETCHES_MAX: usize = 1_000;
/// Changes that wait for it, unless one publication has more.
const CHANGES_MAX: usize = 20_000;
/// Counts of reads that wait for it.
const READS_MAX: usize = 100_000;
/// Documents that wait for it.
const DOCUMENTS_MAX: usize = 1_000;

/// What is to be written, and against what the next difference is taken.
#[derive(Debug, Default)]
pub(super) struct Due {
    units: BTreeMap<UnitKey, Advance>,
    known: BTreeMap<SourceId, Known>,
    fetches: VecDeque<Fetch>,
    changes: Vec<Seen>,
    documents: HashMap<DocumentKey, KeptDocument>,
    reads: Reads,
    stored: BTreeMap<UnitKey, Stored>,
    stored_known: BTreeMap<SourceId, Arc<Groups>>,
    /// Counts units that became due.
    ticket: u64,
}

/// A unit as the store has it. Its snapshot is not kept alive for that: if nobody else holds it, all is written.
#[derive(Debug)]
struct Stored {
    days: DateSpan,
    fetched: DateTime<Utc>,
    from_wall_times: bool,
    snapshot: Weak<Snapshot>,
}

impl Stored {
    fn of(kept: &Kept) -> Self {
        Self {
            days: kept.days,
            fetched: kept.fetched,
            from_wall_times: kept.from_wall_times,
            snapshot: Arc::downgrade(&kept.snapshot),
        }
    }
}

impl Due {
    /// Nothing is due after what was loaded; of a unit that was not understood whole, all will be.
    pub(super) fn after(loaded: &Loaded) -> Self {
        let whole = loaded.units.iter().filter(|unit| unit.lost == 0);
        Self {
            stored: whole
                .map(|unit| (unit.kept.key.clone(), Stored::of(&unit.kept)))
                .collect(),
            stored_known: loaded
                .known
                .iter()
                .map(|(source, groups)| (source.clone(), Arc::new(groups.clone())))
                .collect(),
            ..Self::default()
        }
    }

    /// A unit is due; says which ticket it has.
    pub(super) fn unit(&mut self, kept: Kept) -> u64 {
        self.ticket += 1;
        let before = match self.units.remove(&kept.key) {
            Some(waiting) => waiting.before,
            // The store drops the oldest months by itself, so what it has of one is not known; they are small.
            None if kept.key.unit != HORIZON => None,
            None => self.snapshot(&kept.key),
        };
        self.units
            .insert(kept.key.clone(), Advance { kept, before });
        self.ticket
    }

    /// All groups of a source are due, unless the store has them.
    pub(super) fn groups(&mut self, source: &SourceId, groups: Arc<Groups>) {
        let before = self.stored_known.get(source).cloned();
        if before.as_ref().is_none_or(|before| *before != groups) {
            let known = Known {
                source: source.clone(),
                groups,
                before,
            };
            self.known.insert(source.clone(), known);
        }
    }

    /// A line of the fetch log is due; the oldest gives way.
    pub(super) fn fetch(&mut self, fetch: Fetch) {
        self.fetches.push_back(fetch);
        if self.fetches.len() > FETCHES_MAX {
            self.fetches.pop_front();
        }
    }

    /// What became of events is due, as that fetch saw it; when much waits already, the oldest gives way.
    pub(super) fn changes(&mut self, fetch: &Fetch, changes: Vec<Change>) {
        let waiting = self.changes.len();
        let excess = (waiting + changes.len()).saturating_sub(CHANGES_MAX);
        self.changes.drain(..excess.min(waiting));
        self.changes.extend(changes.into_iter().map(|change| Seen {
            key: fetch.key.clone(),
            at: fetch.at,
            change,
        }));
    }

    /// Reads are due; when very many wait already, these are not counted.
    pub(super) fn reads(&mut self, reads: Reads) {
        if self.reads.len() < READS_MAX {
            add_all(&mut self.reads, reads);
        }
    }

    /// What a document says is due, as long as there is room.
    pub(super) fn document(&mut self, key: DocumentKey, document: KeptDocument) {
        if self.documents.len() < DOCUMENTS_MAX || self.documents.contains_key(&key) {
            self.documents.insert(key, document);
        }
    }

    /// What waits to be kept of a document.
    pub(super) fn find(&self, key: &DocumentKey) -> Option<KeptDocument> {
        self.documents.get(key).cloned()
    }

    /// All that is due, and up to which ticket; `None` if nothing is.
    pub(super) fn take(&mut self, now: DateTime<Utc>) -> Option<(Work, u64)> {
        let nothing = self.units.is_empty()
            && self.known.is_empty()
            && self.fetches.is_empty()
            && self.changes.is_empty()
            && self.documents.is_empty()
            && self.reads.is_empty();
        (!nothing).then(|| {
            let work = Work {
                advances: std::mem::take(&mut self.units).into_values().collect(),
                known: std::mem::take(&mut self.known).into_values().collect(),
                fetches: std::mem::take(&mut self.fetches).into(),
                changes: std::mem::take(&mut self.changes),
                documents: std::mem::take(&mut self.documents).into_iter().collect(),
                reads: std::mem::take(&mut self.reads),
                now,
            };
            (work, self.ticket)
        })
    }

    /// The store has all of `work`; what became due meanwhile differs from that.
    pub(super) fn written(&mut self, work: &Work) {
        for Advance { kept, .. } in &work.advances {
            if let Some(waiting) = self.units.get_mut(&kept.key) {
                let whole = kept.key.unit != HORIZON;
                waiting.before = (!whole).then(|| Arc::clone(&kept.snapshot));
            }
            self.stored.insert(kept.key.clone(), Stored::of(kept));
        }
        for Known { source, groups, .. } in &work.known {
            if let Some(waiting) = self.known.get_mut(source) {
                waiting.before = Some(Arc::clone(groups));
            }
            self.stored_known.insert(source.clone(), Arc::clone(groups));
        }
    }

    /// The store has nothing of `work`: it is due again, where nothing newer is.
    pub(super) fn put_back(&mut self, work: Work) {
        for advance in work.advances {
            match self.units.get_mut(&advance.kept.key) {
                Some(waiting) => waiting.before = advance.before,
                None => drop(self.units.insert(advance.kept.key.clone(), advance)),
            }
        }
        for known in work.known {
            match self.known.get_mut(&known.source) {
                Some(waiting) => waiting.before = known.before,
                None => drop(self.known.insert(known.source.clone(), known)),
            }
        }
        let newer = std::mem::take(&mut self.fetches);
        for fetch in work.fetches.into_iter().chain(newer) {
            self.fetch(fetch);
        }
        self.changes.splice(..0, work.changes);
        self.reads(work.reads);
        for (key, document) in work.documents {
            if !self.documents.contains_key(&key) {
                self.document(key, document);
            }
        }
    }

    /// The store holds something else than was written: everything at hand is due whole.
    pub(super) fn all_anew(&mut self) {
        for (key, stored) in std::mem::take(&mut self.stored) {
            let Some(snapshot) = stored.snapshot.upgrade() else {
                continue;
            };
            let kept = Kept {
                days: stored.days,
                fetched: stored.fetched,
                from_wall_times: stored.from_wall_times,
                snapshot,
                key: key.clone(),
            };
            let whole = Advance { kept, before: None };
            self.units.entry(key).or_insert(whole);
        }
        for advance in self.units.values_mut() {
            advance.before = None;
        }
        for (source, groups) in std::mem::take(&mut self.stored_known) {
            let whole = Known {
                source: source.clone(),
                groups,
                before: None,
            };
            self.known.entry(source).or_insert(whole);
        }
        for known in self.known.values_mut() {
            known.before = None;
        }
    }

    fn snapshot(&self, key: &UnitKey) -> Option<Arc<Snapshot>> {
        self.stored.get(key)?.snapshot.upgrade()
    }
}

#[cfg(test)]
mod tests;
