//! The snapshots of one source, to the store and back.

use std::sync::Arc;

use crate::{
    api::Chain,
    aside::aside,
    domain::{
        event::Groups,
        history::{Snapshot, changes},
        when::DateSpan,
    },
    source::Month,
    store::{Fetch, HORIZON, Kept, LoadedUnit, Outcome, UnitKey},
};

use super::{failure::FetchError, units::Units};

impl Units {
    /// Goes on from what was kept. Readers need not wait for the first fetch then.
    pub(crate) fn go_on_from(&mut self, kept: Vec<LoadedUnit>, known: &Groups) {
        self.remember_groups(known);
        for LoadedUnit { kept, lost } in kept {
            let (source, unit) = (self.id(), &kept.key.unit);
            let events = kept.snapshot.entries().len();
            if lost > 0 {
                tracing::warn!(%source, unit, lost, events, "some stored events cannot be understood; they count as never seen");
            }
            // Much as a batch that shrinks: what lost most of its events is no copy to show.
            if lost > events {
                tracing::warn!(%source, unit, "too little of it is left to be shown before it is fetched again");
                continue;
            }
            self.remember_groups(kept.snapshot.groups());
            if kept.key.unit == HORIZON {
                self.made_from_wall_times(kept.from_wall_times);
                self.horizon
                    .succeeded(kept.snapshot, kept.days, kept.fetched);
            } else if let Some(month) = Month::of(kept.days).next() {
                self.beyond.remember(month, kept.snapshot);
            }
            self.note_publication();
        }
    }

    /// Goes on from what `before` has, which is this source as it was configured before.
    pub(crate) fn succeed(&mut self, before: &Self) {
        if let Some(keeper) = before.keeper() {
            self.set_keeper(Arc::clone(keeper));
        }
        self.remember_groups(&before.groups());
        self.made_from_wall_times(before.is_from_wall_times());
        let standing = before.standing();
        if let (Some(snapshot), Some(days), Some(confirmed)) =
            (standing.snapshot, standing.days, standing.confirmed)
        {
            self.horizon.succeeded(snapshot, days, confirmed);
        }
        self.beyond.succeed(&before.beyond);
        self.note_publication();
    }

    /// Keeps a unit that was just fetched, before readers see it.
    pub(super) async fn keep(
        &self,
        unit: &str,
        days: DateSpan,
        before: Option<&Arc<Snapshot>>,
        snapshot: &Arc<Snapshot>,
    ) {
        let Some(keeper) = self.keeper() else {
            return;
        };
        let outcome = match before {
            _ if snapshot.held().is_some() => Outcome::Held,
            Some(before) if before.revision() == snapshot.revision() => Outcome::Same,
            _ => Outcome::Changed,
        };
        let fetch = self.line(unit, outcome, Some(snapshot));
        let kept = Kept {
            key: fetch.key.clone(),
            days,
            fetched: fetch.at,
            from_wall_times: self.is_from_wall_times(),
            snapshot: Arc::clone(snapshot),
        };
        // What was there before anybody looked is no change.
        let changes = match (before, &fetch.outcome) {
            (Some(before), Outcome::Changed) => {
                let (before, after) = (Arc::clone(before), Arc::clone(snapshot));
                aside(move || changes(&before, &after)).await
            }
            _ => Vec::new(),
        };
        keeper.keep(kept, self.groups(), fetch, changes).await;
    }

    /// Has the log tell of a fetch that failed; what stays is `snapshot`.
    pub(super) fn keep_failure(
        &self,
        unit: &str,
        error: &FetchError,
        snapshot: Option<&Arc<Snapshot>>,
    ) {
        if let Some(keeper) = self.keeper() {
            let outcome = Outcome::Failed(Chain(error).to_string());
            keeper.log(self.line(unit, outcome, snapshot));
        }
    }

    fn line(&self, unit: &str, outcome: Outcome, snapshot: Option<&Arc<Snapshot>>) -> Fetch {
        Fetch {
            key: UnitKey {
                source: self.id().clone(),
                unit: unit.to_owned(),
            },
            at: self.clock.now(),
            outcome,
            events: snapshot.map_or(0, |snapshot| snapshot.entries().len()),
        }
    }
}
