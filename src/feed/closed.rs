//! What is closed, and which tokens open it.

use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    ops::Deref,
    sync::Arc,
};

use chrono_tz::Tz;

use crate::domain::{
    feed::{Closed, GroupFeeds},
    id::{FeedId, GroupId, SourceId},
    text::Line,
    token::{Token, TokenDigest},
};

use super::{FeedName, Feeds, units::Units};

/// The name of something closed, held by somebody who may read it.
///
/// Only a token that opens it, or the operator, makes one, so that no address alone leads to what is behind it: neither to
/// its making nor to a copy that others have read.
#[derive(Debug, Clone)]
pub struct Opened<T> {
    name: T,
    link: Option<Line>,
}

impl<T> Opened<T> {
    /// The label of the token it was opened with; `None` for the operator.
    pub(super) fn link(&self) -> Option<&Line> {
        self.link.as_ref()
    }
}

impl<T> Deref for Opened<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.name
    }
}

/// Whoever opened it, it is the same calendar.
impl<T: PartialEq> PartialEq for Opened<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<T: Eq> Eq for Opened<T> {}

impl<T: Hash> Hash for Opened<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// Every token there is.
#[derive(Debug, Default)]
pub(super) struct Locks(Vec<Lock>);

/// One token and what it opens.
#[derive(Debug)]
struct Lock {
    token: Token,
    /// Whose midnights its days begin and end with.
    zone: Tz,
    opens: Behind,
}

/// What is behind a lock.
#[derive(Debug, PartialEq, Eq)]
enum Behind {
    Feed(FeedId),
    /// All groups of a source.
    Groups(SourceId),
}

impl Lock {
    /// What it opens, with its label.
    fn opened<T>(&self, name: T) -> Opened<T> {
        let link = Some(self.token.label.clone());
        Opened { name, link }
    }
}

impl Locks {
    /// The tokens of those of `sources` whose groups are closed.
    pub(super) fn of_groups<'a>(sources: impl Iterator<Item = &'a Arc<Units>>) -> Self {
        let mut locks = Self::default();
        for units in sources {
            if let GroupFeeds::Closed(tokens) = &units.keeping.group_feeds {
                let groups = || Behind::Groups(units.id().clone());
                locks.add(units.keeping.zone, tokens.clone(), groups);
            }
        }
        locks
    }

    /// Adds the tokens of a feed.
    pub(super) fn add_feed(&mut self, id: &FeedId, zone: Tz, tokens: Vec<Token>) {
        self.add(zone, tokens, || Behind::Feed(id.clone()));
    }

    fn add(&mut self, zone: Tz, tokens: Vec<Token>, opens: impl Fn() -> Behind) {
        let lock = |token| Lock {
            token,
            zone,
            opens: opens(),
        };
        self.0.extend(tokens.into_iter().map(lock));
    }

    /// The lock of the token that was told. Every one is tried, in the same time, whatever was told.
    fn of(&self, told: &TokenDigest) -> Option<&Lock> {
        let locks = self.0.iter();
        locks.fold(None, |found, lock| {
            let fits = lock.token.digest.is(told);
            if fits { Some(lock) } else { found }
        })
    }
}

impl Feeds {
    /// The same with `closed` beside the public ones.
    #[must_use]
    pub fn with_closed(mut self, closed: BTreeMap<FeedId, Closed>) -> Self {
        for (id, Closed { feed, tokens }) in closed {
            self.locks.add_feed(&id, feed.zone, tokens);
            self.closed.insert(id, Arc::new(feed));
        }
        self
    }

    /// Opens the feed `id` with the token that was told: `None` if there is no such closed feed, and just so if the token is
    /// not one of its own, or not today.
    #[must_use]
    pub fn open_feed(&self, told: &TokenDigest, id: FeedId) -> Option<FeedName> {
        let lock = self.opened_by(told)?;
        let opens = lock.opens == Behind::Feed(id.clone());
        opens.then(|| FeedName::Closed(lock.opened(id)))
    }

    /// Opens the feed of a group of `source` with the token that was told. Whether there is such a group is not looked at.
    #[must_use]
    pub fn open_group(
        &self,
        told: &TokenDigest,
        source: SourceId,
        group: GroupId,
    ) -> Option<FeedName> {
        let lock = self.opened_by(told)?;
        let opens = lock.opens == Behind::Groups(source.clone());
        opens.then(|| FeedName::ClosedGroup(lock.opened(source), group))
    }

    /// The feed `id` for the operator, who may read what is closed without a token. Not for anything a reader can reach.
    #[must_use]
    pub fn for_operator(&self, id: &FeedId) -> FeedName {
        if self.closed.contains_key(id) {
            FeedName::Closed(Opened {
                name: id.clone(),
                link: None,
            })
        } else {
            FeedName::Configured(id.clone())
        }
    }

    /// The feed of `group` of `source` for the operator, likewise; `None` if the groups of that source have no feeds.
    #[must_use]
    pub fn group_for_operator(&self, source: &SourceId, group: GroupId) -> Option<FeedName> {
        match &self.sources.get(source)?.keeping.group_feeds {
            GroupFeeds::Public => Some(FeedName::Group(source.clone(), group)),
            GroupFeeds::Closed(_) => {
                let (name, link) = (source.clone(), None);
                Some(FeedName::ClosedGroup(Opened { name, link }, group))
            }
            GroupFeeds::Off => None,
        }
    }

    /// The labels of the tokens of the feed `id`.
    pub(super) fn links_of_feed<'a>(&'a self, id: &'a FeedId) -> impl Iterator<Item = &'a Line> {
        let locks = self.locks.0.iter();
        let own = locks.filter(move |lock| matches!(&lock.opens, Behind::Feed(feed) if feed == id));
        own.map(|lock| &lock.token.label)
    }

    /// The labels of the tokens of the groups of `source`.
    pub(super) fn links_of_groups<'a>(
        &'a self,
        source: &'a SourceId,
    ) -> impl Iterator<Item = &'a Line> {
        let locks = self.locks.0.iter();
        let own =
            locks.filter(move |lock| matches!(&lock.opens, Behind::Groups(id) if id == source));
        own.map(|lock| &lock.token.label)
    }

    fn opened_by(&self, told: &TokenDigest) -> Option<&Lock> {
        let lock = self.locks.of(told)?;
        let zones = self.zones.current();
        let today = zones.zone_or_utc(lock.zone).local(self.clock.now()).date();
        lock.token.term.holds_on(today).then_some(lock)
    }
}
