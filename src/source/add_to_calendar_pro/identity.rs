//! Which date entry of an event is which: the upstream gives entries no ids, only places in a list.
//!
//! An entry goes by its place while number and order are stable; when they change, by what it says, and by its place
//! only if that tells nothing (`upstreams/decisions.md`).

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

use super::wire::{Entry, said};

/// What an entry is called within its event, for ever.
pub(super) type Number = u32;

/// Numbers that an earlier process may have given of which this one knows nothing.
const FORGOTTEN: Number = 100;

/// The entries of every event as they were when they were last read, by the event's key.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory(HashMap<String, Entries>);

/// The entries of one event in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entries {
    numbered: Vec<(Number, Content)>,
    /// The least number that was never given.
    next: Number,
}

/// What tells an entry from its neighbours, name and start, as a hash; nothing for one that was deleted in its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Content(Option<u64>);

impl Content {
    pub(super) fn of(entry: &Entry) -> Self {
        if entry.is_empty() {
            return Self(None);
        }
        let mut hash = DefaultHasher::new();
        [&entry.name, &entry.start_date, &entry.start_time]
            .map(said)
            .hash(&mut hash);
        Self(Some(hash.finish()))
    }
}

impl Memory {
    /// The numbers of the entries of the event `key`, which now say `contents`. Remembered for the next time.
    pub(super) fn number(&mut self, key: &str, contents: &[Content]) -> Vec<Number> {
        let entries = self.0.entry(key.to_owned()).or_default();
        *entries = entries.followed_by(contents);
        entries.numbered.iter().map(|(number, _)| *number).collect()
    }

    /// Every number that an entry of the event `key` may ever have had.
    pub(super) fn given(&self, key: &str) -> Range<Number> {
        let next = self.0.get(key).map_or(0, |entries| entries.next);
        0..next.max(FORGOTTEN)
    }

    /// Forgets every event that is not among `keys`.
    pub(super) fn keep(&mut self, keys: &HashSet<String>) {
        self.0.retain(|key, _| keys.contains(key));
    }
}

impl Entries {
    /// The entries that now say `contents`, each with the number it had. A new one gets a number that no other ever had;
    /// where nothing is remembered that is its place.
    fn followed_by(&self, contents: &[Content]) -> Self {
        let mut found: Vec<Option<Number>> = vec![None; contents.len()];
        let mut open: Vec<Option<(Number, Content)>> =
            self.numbered.iter().copied().map(Some).collect();
        for ((content, old), number) in contents.iter().zip(&mut open).zip(&mut found) {
            if old.is_some_and(|(_, before)| before == *content) {
                *number = taken(old);
            }
        }
        let mut moved: HashMap<Content, Vec<usize>> = HashMap::new();
        for (place, old) in open.iter().enumerate().rev() {
            if let Some((_, content @ Content(Some(_)))) = old {
                moved.entry(*content).or_default().push(place);
            }
        }
        for (content, number) in contents.iter().zip(&mut found) {
            if number.is_none()
                && let Some(place) = moved.get_mut(content).and_then(Vec::pop)
            {
                *number = taken(&mut open[place]);
            }
        }
        for (old, number) in open.iter_mut().zip(&mut found) {
            if number.is_none() {
                *number = taken(old);
            }
        }
        let mut next = self.next;
        let mut fresh = || {
            next += 1;
            next - 1
        };
        let numbered = contents
            .iter()
            .zip(found)
            .map(|(content, number)| (number.unwrap_or_else(&mut fresh), *content))
            .collect();
        Self { numbered, next }
    }
}

fn taken(from: &mut Option<(Number, Content)>) -> Option<Number> {
    from.take().map(|(number, _)| number)
}

#[cfg(test)]
mod tests;
