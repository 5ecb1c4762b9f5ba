//! Names and addresses of rooms and buildings, remembered across fetches.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    api::{Api, ApiError, Call},
    clock::Clock,
    domain::text::Line,
};

use super::wire::LocationAnswer;

/// How long a name is believed before it is read again.
const NAME_LIFE: TimeDelta = TimeDelta::hours(6);
/// How long a refusal is believed: the upstream either offers a location or it does not (`upstreams/prospero.md` §4.1).
const REFUSAL_LIFE: TimeDelta = TimeDelta::days(1);

/// What is known of one location.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Known {
    /// Its own name.
    pub(super) name: Line,
    /// The building it is in, by lower-cased id.
    pub(super) venue: Option<String>,
    /// Its own address.
    pub(super) address: Line,
}

/// What is known of every location asked for so far.
#[derive(Debug)]
pub(super) struct Places {
    clock: Clock,
    memory: Mutex<Arc<Memory>>,
}

/// By lower-cased id: what is known, and until when it is believed.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory(BTreeMap<String, (Known, DateTime<Utc>)>);

impl Memory {
    /// What is known of `id` (lower case), if the upstream ever said.
    pub(super) fn get(&self, id: &str) -> Option<&Known> {
        self.0.get(id).map(|(known, _)| known)
    }

    #[cfg(test)]
    pub(super) fn of(known: impl IntoIterator<Item = (&'static str, Known)>) -> Self {
        let known = known.into_iter();
        Self(
            known
                .map(|(id, known)| (id.to_owned(), (known, DateTime::default())))
                .collect(),
        )
    }
}

impl Places {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            memory: Mutex::default(),
        }
    }

    /// What is known now.
    pub(super) fn known(&self) -> Arc<Memory> {
        Arc::clone(&self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks for those of `ids` (lower case) that are not known or no longer believed, and for the buildings they are in.
    ///
    /// Never fails: a location that cannot be read now keeps its old name, and without one the event stands without.
    pub(super) async fn learn(
        &self,
        api: &Api,
        ids: BTreeSet<String>,
        call: impl Fn(&str) -> Call,
    ) {
        let now = self.clock.now();
        let mut memory = Memory::clone(&self.known());
        let mut open = ids;
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop_first() {
            if !seen.insert(id.clone()) {
                continue;
            }
            let believed = memory.0.get(&id).is_some_and(|(_, until)| *until > now);
            if !believed {
                match ask(api, call(&id)).await {
                    Answer::Known(known) => {
                        memory.0.insert(id.clone(), (known, now + NAME_LIFE));
                    }
                    Answer::Refused => {
                        let old = memory.get(&id).cloned().unwrap_or_default();
                        memory.0.insert(id.clone(), (old, now + REFUSAL_LIFE));
                    }
                    // The upstream is in trouble: asking on for the others would only add to it.
                    Answer::Later => break,
                }
            }
            open.extend(memory.get(&id).and_then(|known| known.venue.clone()));
        }
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(memory);
    }
}

enum Answer {
    Known(Known),
    Refused,
    Later,
}

async fn ask(api: &Api, call: Call) -> Answer {
    match api.json::<LocationAnswer>(call).await {
        Ok(answer) => {
            let location = answer.space.or(answer.venue).unwrap_or_default();
            Answer::Known(Known {
                name: Line::new(location.name.0.as_deref().unwrap_or_default()),
                venue: location.venue_id.0.as_deref().map(str::to_lowercase),
                address: Line::new(&location.address()),
            })
        }
        Err(
            ApiError::NotOffered { .. } | ApiError::Rejected { .. } | ApiError::Malformed { .. },
        ) => Answer::Refused,
        Err(_) => Answer::Later,
    }
}
