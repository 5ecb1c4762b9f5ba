//! What a document is made of, brought together from the sources of its feed.

use std::{sync::Arc, time::Duration};

use chrono::Days;
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::{
    aside::aside,
    domain::{
        feed::Feed,
        history::Snapshot,
        id::{EventUid, GroupId, SourceId},
        when::DateSpan,
        window::{Window, WindowSpec},
    },
    source::Month,
};

use super::{
    FeedError, FeedName, Feeds, Part,
    coverage::Coverage,
    failure::Missing,
    instances::Instances,
    recipe::{Ingredients, Share, changed},
    state::{State, Witnesses},
    units::Units,
};

/// Which snapshots a document is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Supply {
    /// All there is of its days; what is not at hand is fetched.
    Days,
    /// What is at hand, whatever its days.
    AtHand,
}

/// Ingredients, and what is not among them.
pub(super) struct Gathered {
    pub(super) ingredients: Ingredients,
    /// The sources that have nothing to show, not even an old copy, and why.
    pub(super) missing: Vec<(SourceId, Missing)>,
    pub(super) witnesses: Witnesses,
}

impl Feeds {
    /// What the feed `name` publishes, and all that a part of it is made of. A source that has said nothing is waited for
    /// no longer than `patience`.
    pub(super) async fn gather(
        &self,
        name: &FeedName,
        part: Part,
        patience: Duration,
    ) -> Result<Gathered, FeedError> {
        let supply = match part {
            Part::Default | Part::Window(_) => Supply::Days,
            Part::Event(_) => Supply::AtHand,
        };
        self.gather_from(supply, name, part, patience).await
    }

    /// The same from another supply.
    pub(super) async fn gather_from(
        &self,
        supply: Supply,
        name: &FeedName,
        part: Part,
        patience: Duration,
    ) -> Result<Gathered, FeedError> {
        let gathered = match name {
            FeedName::Configured(id) => {
                let feed = self.configured.get(id).ok_or(FeedError::Unknown)?;
                self.gather_feed(Arc::clone(feed), part, supply, patience)
                    .await?
            }
            FeedName::Closed(id) => {
                let feed = self.closed.get(&**id).ok_or(FeedError::Unknown)?;
                self.gather_feed(Arc::clone(feed), part, supply, patience)
                    .await?
            }
            FeedName::Group(source, group) => {
                let units = self
                    .sources
                    .get(source)
                    .filter(|units| units.has_group_feeds());
                self.gather_group(units, group, part, supply, patience)
                    .await?
            }
            FeedName::ClosedGroup(source, group) => {
                let units = self.sources.get(&**source);
                self.gather_group(units, group, part, supply, patience)
                    .await?
            }
        };
        match part {
            Part::Event(uid) => {
                let instances = Arc::clone(&self.instances);
                aside(move || gathered.of_event(uid, &instances)).await
            }
            Part::Default | Part::Window(_) => Ok(gathered),
        }
    }

    /// The same for one group of a source that the reader may know of.
    async fn gather_group(
        &self,
        units: Option<&Arc<Units>>,
        group: &GroupId,
        part: Part,
        supply: Supply,
        patience: Duration,
    ) -> Result<Gathered, FeedError> {
        let units = units.ok_or(FeedError::Unknown)?;
        let provisional = Arc::new(units.group_feed(group));
        let mut gathered = self
            .gather_feed(provisional, part, supply, patience)
            .await?;
        // Which groups there are, and what they are called, is known only once there is data.
        if !units.groups().contains_key(group) {
            return Err(FeedError::Unknown);
        }
        gathered.ingredients.feed = Arc::new(units.group_feed(group));
        Ok(gathered)
    }

    /// Everything the document is made of, as it is now. A source without a copy is left out, unless all are.
    pub(super) async fn gather_feed(
        &self,
        feed: Arc<Feed>,
        part: Part,
        supply: Supply,
        patience: Duration,
    ) -> Result<Gathered, FeedError> {
        let zones = self.zones.current();
        let zone = zones.zone_or_utc(feed.zone);
        let today = zone.local(self.clock.now()).date();
        let midnight = zone.first_instant(today);
        let spec = match part {
            Part::Default => feed.window,
            Part::Window(spec) => spec,
            Part::Event(_) => WindowSpec::All,
        };
        let days = spec.days(today)?;
        let window_of = |days| Window::new(days, |date| zone.first_instant(date));
        let window = days.map(window_of);
        let sources = feed.sources.iter();
        let sources: Option<Vec<&Arc<Units>>> =
            sources.map(|source| self.sources.get(source)).collect();
        let sources = sources.ok_or(FeedError::Unknown)?;
        let horizons = sources.iter().filter_map(|units| units.horizon_on(today));
        let kept = match horizons.reduce(DateSpan::joined) {
            Some(kept) => kept,
            None => DateSpan::through(today, today)?,
        };
        let (mut shares, mut missing, mut lacking) = (Vec::new(), Vec::new(), Vec::new());
        let hidden: Vec<u64> = sources.iter().map(|units| units.hidden()).collect();
        let found = sources
            .iter()
            .map(|units| found(units, supply, days, patience));
        let found = join_all(found).await.into_iter().zip(hidden);
        for (units, (found, hidden)) in sources.iter().zip(found) {
            match found {
                Ok(coverage) => {
                    shares.extend(coverage.snapshots.into_iter().map(|snapshot| Share {
                        units: Arc::clone(units),
                        hidden,
                        snapshot,
                    }));
                    let months = coverage.lacking.into_iter();
                    lacking.extend(months.map(|(month, _)| (units.id().clone(), month)));
                }
                Err(why) => missing.push((units.id().clone(), why)),
            }
        }
        if shares.is_empty() {
            return Err(nothing(missing));
        }
        let witnesses = Witnesses::new(
            sources.into_iter().cloned(),
            least(&shares, &missing, &lacking),
        );
        let rolls = spec.rolls();
        let ingredients = Ingredients {
            next_midnight: zone.first_instant(today + Days::new(1)),
            changed: changed(
                &shares,
                self.started.max(self.zones.since()),
                rolls.then_some(midnight),
            ),
            today: if rolls {
                today
            } else {
                days.map_or(today, DateSpan::first)
            },
            within: window.unwrap_or_else(|| window_of(kept)),
            feed,
            window,
            shares,
            lacking,
            zones,
        };
        Ok(Gathered {
            ingredients,
            missing,
            witnesses,
        })
    }
}

impl Gathered {
    /// The same, for one event: the copy that counts.
    fn of_event(self, uid: EventUid, instances: &Instances) -> Result<Self, FeedError> {
        let Some(ingredients) = self.ingredients.of_event(uid, instances) else {
            // A source that is not there may have it.
            return Err(nothing(self.missing));
        };
        let shares = ingredients.shares.iter();
        let units = shares.map(|share| Arc::clone(&share.units));
        Ok(Self {
            witnesses: Witnesses::new(units, State::Fresh),
            missing: Vec::new(),
            ingredients,
        })
    }
}

/// What one source has.
async fn found(
    units: &Arc<Units>,
    supply: Supply,
    days: Option<DateSpan>,
    patience: Duration,
) -> Result<Coverage, Missing> {
    let found = async {
        match supply {
            Supply::Days => units.over(days).await,
            Supply::AtHand => units.at_hand().await.map(Coverage::whole),
        }
    };
    let found = timeout(patience, found).await;
    found.unwrap_or(Err(Missing::Pending))
}

/// How a document of these stands at best, however its sources do.
fn least(
    shares: &[Share],
    missing: &[(SourceId, Missing)],
    lacking: &[(SourceId, Month)],
) -> State {
    let any = |of: fn(&Snapshot) -> bool| shares.iter().any(|share| of(&share.snapshot));
    if !missing.is_empty() || !lacking.is_empty() || any(|snapshot| !snapshot.missed().is_empty()) {
        State::Partial
    } else if any(|snapshot| snapshot.held().is_some()) {
        State::Stale
    } else if any(|snapshot| !snapshot.is_empty()) {
        State::Fresh
    } else {
        State::Empty
    }
}

/// Why there is nothing: of several reasons one that may pass by itself, if there is one.
fn nothing(mut missing: Vec<(SourceId, Missing)>) -> FeedError {
    let lasts = |(_, why): &(SourceId, Missing)| matches!(why, Missing::Failed(_));
    missing.sort_by_key(lasts);
    match missing.into_iter().next() {
        Some((source_id, why)) => FeedError::Missing { source_id, why },
        None => FeedError::Unknown,
    }
}
