//! Feeds: what is fetched when, and what is rendered once and served many times.

mod accepted;
mod before;
mod beyond;
mod closed;
pub mod coding;
mod coverage;
pub mod document;
mod documents;
mod due;
mod durations;
mod error;
pub mod explain;
mod failure;
pub mod file_name;
mod gather;
mod heir;
mod hook;
mod horizon;
mod instances;
mod keeper;
mod kept;
mod last;
pub mod listing;
mod listings;
mod made;
mod name;
mod poll;
mod polls;
mod reads;
mod recipe;
pub mod refresh;
mod retired;
mod served;
mod state;
mod strays;
mod survey;
mod term;
mod units;
mod word;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    clock::Clock,
    domain::{
        event::Groups,
        feed::Feed,
        id::{EventUid, FeedId, SourceId},
        window::WindowSpec,
    },
    store::Reads,
    zones::Zones,
};

use closed::Locks;
pub use closed::Opened;
use documents::{Documents, Tide};
pub use error::{FeedError, TooMuch};
pub use failure::{Failure, FetchError, Missing};
use gather::Gathered;
pub use horizon::Standing;
use instances::Instances;
pub use keeper::{Archive, Keeper};
use last::Last;
use listings::Listings;
pub use name::FeedName;
pub use polls::Polls;
use reads::Counter;
use retired::Notice;
pub use served::Served;
pub use state::State;
pub use units::{Keeping, Units};

/// How long a document is given out without looking whether a month outside the horizon has grown old.
const GLANCE: TimeDelta = TimeDelta::seconds(1);

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

/// Every feed there is.
#[derive(Debug)]
pub struct Feeds {
    sources: BTreeMap<SourceId, Arc<Units>>,
    configured: BTreeMap<FeedId, Arc<Feed>>,
    closed: BTreeMap<FeedId, Arc<Feed>>,
    retired: BTreeMap<FeedId, Notice>,
    locks: Locks,
    documents: Documents,
    counter: Arc<Counter>,
    /// What was read today, if there is no store to tell.
    reads: Arc<Mutex<Reads>>,
    instances: Arc<Instances>,
    listings: Listings,
    zones: Arc<Zones>,
    clock: Clock,
    started: DateTime<Utc>,
}

impl Feeds {
    /// The public `feeds` over `sources`.
    #[must_use]
    pub fn new(
        sources: BTreeMap<SourceId, Arc<Units>>,
        feeds: BTreeMap<FeedId, Feed>,
        zones: Arc<Zones>,
        clock: Clock,
    ) -> Self {
        Self {
            locks: Locks::of_groups(sources.values()),
            closed: BTreeMap::new(),
            retired: BTreeMap::new(),
            sources,
            configured: feeds
                .into_iter()
                .map(|(id, feed)| (id, Arc::new(feed)))
                .collect(),
            documents: Documents::default(),
            counter: Arc::default(),
            reads: Arc::default(),
            instances: Arc::default(),
            listings: Listings::default(),
            zones,
            started: clock.now(),
            clock,
        }
    }

    /// Has `keeper` keep what is made from now on, and goes on from what it has.
    #[must_use]
    pub fn kept_by(mut self, keeper: Arc<Keeper>) -> Self {
        self.documents.kept_by(keeper);
        self
    }

    /// Has every source fetched again whose events were made with the zone data that has just changed.
    pub fn zones_changed(&self) {
        for units in self.sources.values() {
            units.zones_changed();
        }
    }

    /// The public feeds from the configuration, by name.
    pub fn configured(&self) -> impl Iterator<Item = (&FeedId, &Feed)> {
        self.configured.iter().map(|(id, feed)| (id, &**feed))
    }

    /// Every feed from the configuration, by name, for the operator.
    pub(crate) fn every_feed(&self) -> impl Iterator<Item = (&FeedId, &Feed)> {
        let feeds = self.configured.iter().chain(&self.closed);
        feeds.map(|(id, feed)| (id, &**feed))
    }

    /// The sources, by name.
    pub fn sources(&self) -> impl Iterator<Item = (&SourceId, &Units)> {
        self.sources.iter().map(|(id, units)| (id, &**units))
    }

    /// The source of that name.
    pub(crate) fn units(&self, id: &SourceId) -> Option<&Arc<Units>> {
        self.sources.get(id)
    }

    /// The groups of every source whose groups have feeds of their own.
    pub fn public_groups(&self) -> impl Iterator<Item = (&SourceId, Arc<Groups>)> {
        let sources = self.sources.iter();
        let public = sources.filter(|(_, units)| units.has_group_feeds());
        public.map(|(id, units)| (id, units.groups()))
    }

    /// The document for one part of one feed, rendered at most once for the same inputs, and how it stands now.
    ///
    /// # Errors
    /// [`FeedError`]: nothing of that name, a window out of bounds, or no source that has ever delivered.
    pub async fn get(self: &Arc<Self>, name: FeedName, part: Part) -> Result<Served, FeedError> {
        self.get_within(name, part, Self::PATIENCE).await
    }

    /// The same, for a first reader who waits for each source as long as `patience`.
    ///
    /// # Errors
    /// As for [`Feeds::get`].
    pub async fn get_within(
        self: &Arc<Self>,
        name: FeedName,
        part: Part,
        patience: Duration,
    ) -> Result<Served, FeedError> {
        self.find(name, part, patience, |_| Ok(())).await
    }

    /// As [`Feeds::get`], but a part that has to be made first and has never been, of which there are many, is made only if
    /// `admit` lets it. Of all who wait for the same one, `admit` is asked for the first.
    ///
    /// # Errors
    /// As for [`Feeds::get`], and what `admit` says.
    pub async fn get_if(
        self: &Arc<Self>,
        name: FeedName,
        part: Part,
        admit: impl FnOnce(&FeedName) -> Result<(), TooMuch> + Send + 'static,
    ) -> Result<Served, FeedError> {
        self.find(name, part, Self::PATIENCE, admit).await
    }

    async fn find(
        self: &Arc<Self>,
        name: FeedName,
        part: Part,
        patience: Duration,
        admit: impl FnOnce(&FeedName) -> Result<(), TooMuch> + Send + 'static,
    ) -> Result<Served, FeedError> {
        if let FeedName::Configured(id) = &name
            && let Some(notice) = self.retired.get(id)
        {
            return notice.served(part, self.clock.now());
        }
        let key = (name, part);
        if let Some(served) = self.glance(&key) {
            return Ok(served);
        }
        // Before anything is gathered: what is published meanwhile then shows as a difference.
        let (published, zones, now) = (self.published(), self.zones.current(), self.clock.now());
        let last = self.documents.last(&key);
        // Only the very first reader waits for an upstream.
        let patience = last.as_ref().map_or(patience, |_| Duration::ZERO);
        let gathered = self.gather(&key.0, part, patience).await;
        // What was hidden meanwhile is shown for no other event's sake.
        let is_fit = |last: &Last| !last.shows_hidden(&self.sources);
        let last = last.filter(is_fit);
        let gathered = match (gathered, &last) {
            // What subscribers have had is not taken from them because a month of it cannot be read again.
            (Ok(gathered), Some(last))
                if last.loses_to(&gathered.ingredients, &gathered.missing) =>
            {
                return Ok(last.stale());
            }
            (Err(FeedError::Missing { .. }), Some(last)) => return Ok(last.stale()),
            (gathered, _) => gathered?,
        };
        let Gathered {
            ingredients,
            witnesses,
            ..
        } = gathered;
        let tide = Tide {
            published,
            zones,
            until: ingredients.next_midnight.min(now + GLANCE),
            at: now,
            witnesses: witnesses.clone(),
        };
        let (feeds, asked) = (Arc::clone(self), key.clone());
        let document =
            tokio::spawn(async move { feeds.documents.get(asked, ingredients, tide, admit).await });
        let document = match document.await {
            Ok(document) => document?,
            Err(error) => {
                tracing::error!(feed = %key.0, %error, "a calendar could not be written because of a bug; the last good one stays");
                let last = self.documents.last(&key);
                return Ok(last.filter(is_fit).ok_or(FeedError::Bug)?.stale());
            }
        };
        Ok(witnesses.show(document))
    }

    /// The document at `key` if it lies in memory and is known to be right still.
    #[must_use]
    pub fn glance(&self, key: &(FeedName, Part)) -> Option<Served> {
        let zones = self.zones.current();
        self.documents
            .glance(key, self.published(), &zones, self.clock.now())
    }

    /// How often any source has published.
    fn published(&self) -> u64 {
        self.sources.values().map(|units| units.published()).sum()
    }

    /// How long a first reader waits for a source before it is told to come back.
    pub const PATIENCE: Duration = Duration::from_secs(20);
}

#[cfg(test)]
mod tests;
