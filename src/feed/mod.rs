//! Feeds: what is fetched when, and what is rendered once and served many times.

mod beyond;
pub mod coding;
mod coverage;
pub mod document;
mod documents;
pub mod file_name;
mod horizon;
mod instances;
mod made;
mod recipe;
pub mod refresh;
mod strays;
mod units;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Days, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    aside::aside,
    clock::Clock,
    domain::{
        event::Groups,
        feed::Feed,
        id::{EventUid, FeedId, GroupId, SourceId},
        when::{BadSpan, DateSpan},
        window::{Window, WindowSpec},
    },
    zones::Zones,
};

use document::Document;
use documents::{Documents, Tide};
pub use horizon::{Failure, FetchError, Missing, Standing};
use instances::Instances;
use recipe::{Ingredients, Share, changed};
pub use units::{Keeping, Units};

/// How long a document is given out without looking whether a month outside the horizon has grown old.
const GLANCE: TimeDelta = TimeDelta::seconds(1);

/// Which feed is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FeedName {
    /// One from the configuration.
    Configured(FeedId),
    /// All events of one upstream group.
    Group(SourceId, GroupId),
}

impl fmt::Display for FeedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configured(id) => id.fmt(f),
            Self::Group(source, group) => write!(f, "{source}/{group}"),
        }
    }
}

/// What of a feed is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Its default window.
    Default,
    /// Another window.
    Window(WindowSpec),
    /// One event.
    Event(EventUid),
}

/// Why there is no document.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FeedError {
    /// There is no such feed, group or event, or it is not public; which of them is nobody's business.
    #[error("no such calendar")]
    Unknown,
    /// The window leaves the years calbridge speaks of.
    #[error(transparent)]
    Window(#[from] BadSpan),
    /// The first answer of a source takes longer than a reader should wait.
    #[error("the first answer of a source is still on its way")]
    Pending,
    /// The document could not be made, and there is no older one.
    #[error("the calendar could not be written")]
    Bug,
    /// A source of the feed has never delivered.
    #[error("source `{source_id}` has not delivered anything yet")]
    Missing {
        /// The source.
        source_id: SourceId,
        /// Why.
        #[source]
        why: Missing,
    },
}

/// Every feed there is.
#[derive(Debug)]
pub struct Feeds {
    sources: BTreeMap<SourceId, Arc<Units>>,
    configured: BTreeMap<FeedId, Arc<Feed>>,
    documents: Documents,
    instances: Arc<Instances>,
    zones: Arc<Zones>,
    clock: Clock,
    started: DateTime<Utc>,
}

impl Feeds {
    /// The configured `feeds` over `sources`.
    #[must_use]
    pub fn new(
        sources: BTreeMap<SourceId, Arc<Units>>,
        feeds: BTreeMap<FeedId, Feed>,
        zones: Arc<Zones>,
        clock: Clock,
    ) -> Self {
        Self {
            sources,
            configured: feeds
                .into_iter()
                .map(|(id, feed)| (id, Arc::new(feed)))
                .collect(),
            documents: Documents::default(),
            instances: Arc::default(),
            zones,
            started: clock.now(),
            clock,
        }
    }

    /// Keeps every source warm until `stop`.
    pub async fn refresh(&self, stop: &CancellationToken) {
        let mut tasks = tokio::task::JoinSet::new();
        for units in self.sources.values() {
            let (units, stop) = (Arc::clone(units), stop.clone());
            tasks.spawn(async move { units.refresh(&stop).await });
        }
        for (id, feed) in &self.configured {
            let sources = feed.sources.iter();
            let sources = sources.filter_map(|source| self.sources.get(source).cloned());
            let told = strays::tell(id.clone(), Arc::clone(feed), sources.collect());
            let stop = stop.clone();
            tasks.spawn(async move {
                stop.run_until_cancelled(told).await;
            });
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Has every source fetched again whose events were made with the zone data that has just changed.
    pub fn zones_changed(&self) {
        for units in self.sources.values() {
            units.zones_changed();
        }
    }

    /// The configured feeds, by name.
    pub fn configured(&self) -> impl Iterator<Item = (&FeedId, &Feed)> {
        self.configured.iter().map(|(id, feed)| (id, &**feed))
    }

    /// The sources, by name.
    pub fn sources(&self) -> impl Iterator<Item = (&SourceId, &Units)> {
        self.sources.iter().map(|(id, units)| (id, &**units))
    }

    /// The groups of every source whose groups have feeds of their own.
    pub fn public_groups(&self) -> impl Iterator<Item = (&SourceId, Arc<Groups>)> {
        let public = self
            .sources
            .iter()
            .filter(|(_, units)| units.has_group_feeds());
        public.map(|(id, units)| (id, units.groups()))
    }

    /// The document for one part of one feed, rendered at most once for the same inputs.
    ///
    /// # Errors
    /// [`FeedError`]: nothing of that name, a window out of bounds, or a source that has never delivered.
    pub async fn get(
        self: &Arc<Self>,
        name: FeedName,
        part: Part,
    ) -> Result<Arc<Document>, FeedError> {
        let key = (name, part);
        // Before anything is gathered: what is published meanwhile then shows as a difference.
        let (published, zones, now) = (self.published(), self.zones.current(), self.clock.now());
        if let Some(document) = self.documents.glance(&key, published, &zones, now) {
            return Ok(document);
        }
        let gathered = tokio::time::timeout(Self::PATIENCE, self.gather(&key.0, key.1));
        let ingredients = gathered.await.unwrap_or(Err(FeedError::Pending))?;
        let midnight = ingredients.next_midnight;
        let tide = Tide {
            published,
            zones,
            until: midnight.min(now + GLANCE),
        };
        let (feeds, asked) = (Arc::clone(self), key.clone());
        let document =
            tokio::spawn(async move { feeds.documents.get(asked, ingredients, tide).await });
        match document.await {
            Ok(document) => document,
            Err(error) => {
                tracing::error!(feed = %key.0, %error, "a calendar could not be written because of a bug; the last good one stays");
                self.documents.last(&key).ok_or(FeedError::Bug)
            }
        }
    }

    /// What the feed `name` publishes, and all that a part of it is made of.
    async fn gather(&self, name: &FeedName, part: Part) -> Result<Ingredients, FeedError> {
        let ingredients = match name {
            FeedName::Configured(id) => {
                let feed = self.configured.get(id).ok_or(FeedError::Unknown)?;
                self.ingredients(Arc::clone(feed), part).await?
            }
            FeedName::Group(source, group) => {
                let units = self
                    .sources
                    .get(source)
                    .filter(|units| units.has_group_feeds());
                let units = units.ok_or(FeedError::Unknown)?;
                let provisional = Arc::new(units.group_feed(group));
                let mut ingredients = self.ingredients(provisional, part).await?;
                // Which groups there are, and what they are called, is known only once there is data.
                if !units.groups().contains_key(group) {
                    return Err(FeedError::Unknown);
                }
                ingredients.feed = Arc::new(units.group_feed(group));
                ingredients
            }
        };
        match part {
            Part::Event(uid) => {
                let instances = Arc::clone(&self.instances);
                let found = aside(move || ingredients.of_event(uid, &instances)).await;
                found.ok_or(FeedError::Unknown)
            }
            Part::Default | Part::Window(_) => Ok(ingredients),
        }
    }

    /// How often any source has published.
    fn published(&self) -> u64 {
        self.sources.values().map(|units| units.published()).sum()
    }

    /// Everything the document is made of, as it is now.
    async fn ingredients(&self, feed: Arc<Feed>, part: Part) -> Result<Ingredients, FeedError> {
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
        let (mut kept, only_today) = (None, DateSpan::through(today, today)?);
        let mut shares = Vec::new();
        for source in &feed.sources {
            let units = self.sources.get(source).ok_or(FeedError::Unknown)?;
            let horizons = [kept, units.horizon_on(today)];
            kept = horizons.into_iter().flatten().reduce(DateSpan::joined);
            let why = |why| FeedError::Missing {
                source_id: source.clone(),
                why,
            };
            let found = match part {
                Part::Event(_) => units.at_hand().await.map_err(why)?,
                Part::Default | Part::Window(_) => units.over(days).await.map_err(why)?,
            };
            shares.extend(found.into_iter().map(|snapshot| Share {
                units: Arc::clone(units),
                snapshot,
            }));
        }
        let rolls = spec.rolls();
        Ok(Ingredients {
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
            within: window.unwrap_or_else(|| window_of(kept.unwrap_or(only_today))),
            feed,
            window,
            shares,
            zones,
        })
    }

    /// How long a first reader waits for a source before it is told to come back.
    pub const PATIENCE: Duration = Duration::from_secs(20);
}

#[cfg(test)]
mod tests;
