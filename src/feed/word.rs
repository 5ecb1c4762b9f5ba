//! What an upstream has and does not show, by its newest word.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{
    batch::{Batch, Withheld},
    event::Event,
    id::{EventUid, GroupId},
};

/// What the newest poll of the horizon says is not to be shown, and what months say that were read since.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// How often it has changed.
    pub(super) number: u64,
    pub(super) withheld: Withheld,
    /// What of it months have found since that poll.
    pub(super) found: Withheld,
    unclear: Withheld,
    unreadable: BTreeMap<EventUid, &'static str>,
}

/// What became of something that an upstream has and no feed shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// The upstream hides it.
    Withheld,
    /// The upstream may hide it: its word on that cannot be read.
    Unclear,
    /// No event could be made of it.
    Unreadable,
}

impl Word {
    /// The one that follows on it with the poll that brought `batch`.
    pub(super) fn replace(&mut self, batch: &Batch) {
        *self = Self {
            number: self.number + 1,
            ..Self::default()
        };
        self.take_up(batch);
    }

    /// Adds what the month says that brought `batch`.
    pub(super) fn add(&mut self, batch: &Batch) {
        self.number += u64::from(!batch.withheld.is_empty());
        self.found.extend(&batch.withheld);
        self.take_up(batch);
    }

    fn take_up(&mut self, batch: &Batch) {
        for Event { uid, .. } in &batch.events {
            self.withheld.events.remove(uid);
            self.unclear.events.remove(uid);
            self.unreadable.remove(uid);
        }
        self.withheld.extend(&batch.withheld);
        self.unclear.extend(&batch.unclear);
        self.unreadable.extend(&batch.unreadable);
    }

    /// What it says of each of `uids`, and why.
    pub(super) fn on(
        &self,
        uids: impl Iterator<Item = EventUid>,
    ) -> impl Iterator<Item = (Fate, &'static str)> {
        uids.filter_map(|uid| {
            let fates = [
                (Fate::Withheld, &self.withheld.events),
                (Fate::Unclear, &self.unclear.events),
                (Fate::Unreadable, &self.unreadable),
            ];
            let mut fates = fates.into_iter();
            fates.find_map(|(fate, events)| Some((fate, *events.get(&uid)?)))
        })
    }

    /// What it says of the group `id`, and why.
    pub(super) fn on_group(&self, id: &GroupId) -> Option<(Fate, &'static str)> {
        let withheld = self.withheld.groups.get(id);
        let unclear = self.unclear.groups.get(id);
        withheld
            .map(|why| (Fate::Withheld, *why))
            .or_else(|| unclear.map(|why| (Fate::Unclear, *why)))
    }
}
