//! What an operator lets through, told to the running server by way of the store (ADR 11).

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use crate::{
    api::Chain,
    domain::{history::Acceptance, id::SourceId},
};

use super::{Feeds, keeper::Keeper};

/// How often the store is asked.
const LOOK: Duration = Duration::from_secs(2);

/// The holds of one source that are let through, by unit.
#[derive(Debug, Default)]
pub(super) struct Accepted(Mutex<BTreeMap<String, Acceptance>>);

impl Accepted {
    /// What is let through of a unit.
    pub(super) fn of(&self, unit: &str) -> Option<Acceptance> {
        let accepted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.get(unit).copied()
    }

    /// These are all from now on; says which units are new among them.
    pub(super) fn replace(&self, accepted: BTreeMap<String, Acceptance>) -> Vec<String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let news = accepted
            .iter()
            .filter(|(unit, word)| known.get(*unit) != Some(*word))
            .map(|(unit, _)| unit.clone())
            .collect();
        *known = accepted;
        news
    }
}

impl Feeds {
    /// Has every source take up what the operator lets through, until `stop`; `keeper` hears of it.
    pub async fn heed(&self, keeper: &Keeper, stop: &CancellationToken) {
        loop {
            match keeper.accepted().await {
                Ok(accepted) => self.accept(accepted),
                // Whoever writes the store says loudly what is wrong with it.
                Err(error) => {
                    tracing::debug!(error = %Chain(&error), "the store does not say what is let through");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    fn accept(&self, mut accepted: BTreeMap<SourceId, BTreeMap<String, Acceptance>>) {
        for (id, units) in &self.sources {
            units.accept(accepted.remove(id).unwrap_or_default());
        }
    }
}
