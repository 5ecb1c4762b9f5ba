//! Names of contacts, companies, pipelines and stages, remembered across fetches.
//!
//! None of them is worth a failed fetch: what cannot be read now keeps its old name, or goes without.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    api::{Api, ApiError},
    clock::Clock,
    domain::text::Line,
};

use super::{
    parties::{self, Answer, Kind},
    pipelines,
    private::without_addresses,
    search::Searches,
};

/// How long a name is believed before it is read again, and a refusal before we ask again (§10).
const LIFE: TimeDelta = TimeDelta::days(1);
/// Names of one kind that are asked for one by one in one fetch; more are searched for (§10).
const SINGLE_MAX: usize = 50;

/// What is known of everything asked for so far.
#[derive(Debug)]
pub(super) struct Names {
    clock: Clock,
    known: Mutex<Arc<Known>>,
}

/// What is known: by kind and id, and until when it is believed.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    parties: BTreeMap<Kind, BTreeMap<String, Believed>>,
    /// Until when a whole kind is not asked for, since we may not read it.
    shut: BTreeMap<Kind, DateTime<Utc>>,
    pipelines: BTreeMap<String, Line>,
    pipelines_until: DateTime<Utc>,
}

/// A name, if there is one to be had, and until when it is believed.
type Believed = (Option<Line>, DateTime<Utc>);

impl Known {
    /// What a contact or company is called.
    pub(super) fn party(&self, kind: Kind, id: &str) -> Option<&Line> {
        self.parties.get(&kind)?.get(id)?.0.as_ref()
    }

    /// What a pipeline or a stage is called.
    pub(super) fn pipeline(&self, id: &str) -> Option<&Line> {
        self.pipelines.get(id)
    }

    fn keep(&mut self, kind: Kind, id: String, name: Option<&str>, now: DateTime<Utc>) {
        let shown = name.map(|name| Line::new(&without_addresses(name)));
        let shown = shown.filter(|name| !name.is_empty());
        let named = self.parties.entry(kind).or_default();
        named.insert(id, (shown, now + LIFE));
    }

    /// Believes whatever was known of `id` for another day, since the upstream says nothing of it.
    fn go_without(&mut self, kind: Kind, id: String, now: DateTime<Utc>) {
        let named = self.parties.entry(kind).or_default();
        named.entry(id).or_default().1 = now + LIFE;
    }

    fn unbelieved(
        &self,
        kind: Kind,
        ids: BTreeSet<String>,
        now: DateTime<Utc>,
    ) -> BTreeSet<String> {
        let named = self.parties.get(&kind);
        let believed = |id: &String| {
            let held = named.and_then(|named| named.get(id));
            held.is_some_and(|(_, until)| *until > now)
        };
        ids.into_iter().filter(|id| !believed(id)).collect()
    }

    #[cfg(test)]
    pub(super) fn of(parties: &[(Kind, &str, &str)], pipelines: &[(&str, &str)]) -> Self {
        let mut known = Self::default();
        for (kind, id, name) in parties {
            known.keep(*kind, (*id).to_owned(), Some(name), DateTime::default());
        }
        let pipelines = pipelines.iter();
        known.pipelines = pipelines
            .map(|(id, name)| ((*id).to_owned(), Line::new(name)))
            .collect();
        known
    }
}

impl Names {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            known: Mutex::default(),
        }
    }

    /// What is known now.
    pub(super) fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks for those of `ids` that are not known or no longer believed; forgets what nobody refers to.
    pub(super) async fn learn(
        &self,
        api: &Api,
        searches: &Searches,
        kind: Kind,
        ids: BTreeSet<String>,
    ) {
        let now = self.clock.now();
        let mut known = Known::clone(&self.known());
        if let Some(named) = known.parties.get_mut(&kind) {
            named.retain(|id, (_, until)| *until > now || ids.contains(id));
        }
        let mut open = known.unbelieved(kind, ids, now);
        let shut = known.shut.get(&kind).is_some_and(|until| *until > now);
        if !shut && !open.is_empty() {
            let answer = if open.len() > SINGLE_MAX {
                search(api, searches, kind, &mut open, &mut known, now).await
            } else {
                Answer::Told
            };
            let answer = match answer {
                Answer::Told => one_by_one(api, searches, kind, open, &mut known, now).await,
                refused => refused,
            };
            if answer == Answer::Refused {
                known.shut.insert(kind, now + LIFE);
            }
        }
        self.put(known);
    }

    /// Asks for the pipelines if one of `ids` has no name and a day has passed since.
    pub(super) async fn learn_pipelines(
        &self,
        api: &Api,
        searches: &Searches,
        ids: BTreeSet<String>,
    ) {
        let now = self.clock.now();
        let before = self.known();
        if ids.is_empty() || before.pipelines_until > now {
            return;
        }
        let told = match pipelines::all(api, searches).await {
            Ok(told) => told,
            Err(
                ApiError::NotOffered { .. }
                | ApiError::Rejected { .. }
                | ApiError::Malformed { .. },
            ) => before.pipelines.clone(),
            Err(_) => return,
        };
        self.put(Known {
            pipelines: told,
            pipelines_until: now + LIFE,
            ..Known::clone(&before)
        });
    }

    fn put(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }
}

/// Walks the list of a kind until every one of `open` is found; those that a whole list lacks are hidden from us.
async fn search(
    api: &Api,
    searches: &Searches,
    kind: Kind,
    open: &mut BTreeSet<String>,
    known: &mut Known,
    now: DateTime<Utc>,
) -> Answer {
    match parties::find(api, searches, kind, open).await {
        Ok(found) => {
            for (id, name) in found.names {
                open.remove(&id);
                known.keep(kind, id, name.as_deref(), now);
            }
            if found.to_the_end {
                for id in std::mem::take(open) {
                    known.go_without(kind, id, now);
                }
            }
            Answer::Told
        }
        Err(error) => Answer::to(&error),
    }
}

async fn one_by_one(
    api: &Api,
    searches: &Searches,
    kind: Kind,
    open: BTreeSet<String>,
    known: &mut Known,
    now: DateTime<Utc>,
) -> Answer {
    for id in open.into_iter().take(SINGLE_MAX) {
        match parties::one(api, searches, kind, &id).await {
            Ok(name) => known.keep(kind, id, name.as_deref(), now),
            Err(error) => match Answer::to(&error) {
                Answer::Told => known.go_without(kind, id, now),
                // We may not read any of them, or the upstream is in trouble: asking on would only add to it.
                other => return other,
            },
        }
    }
    Answer::Told
}
