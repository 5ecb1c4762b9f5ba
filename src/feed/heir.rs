//! What the feeds of a newer configuration take over from those before (ADR 13).

use std::sync::Arc;

use crate::domain::{feed::Feed, id::SourceId};

use super::{FeedName, Feeds};

impl Feeds {
    /// Takes the place of `before` with what is the same in both: what was read, and the documents that are made as they
    /// were.
    #[must_use]
    pub fn after(mut self, before: &Self) -> Self {
        self.counter = Arc::clone(&before.counter);
        self.reads = Arc::clone(&before.reads);
        self.instances = Arc::clone(&before.instances);
        // A recipe does not tell the zone book, or what else in the configuration of a source decides what is shown.
        let carried = before.documents.carried(|name| self.shows_as(before, name));
        self.documents.take_over(carried);
        self
    }

    /// Whether a feed shows the same of the same sources as in `before`.
    fn shows_as(&self, before: &Self, name: &FeedName) -> bool {
        let same = |id: &SourceId| match (self.sources.get(id), before.sources.get(id)) {
            (Some(now), Some(before)) => Arc::ptr_eq(now, before),
            _ => false,
        };
        let all = |now: Option<&Arc<Feed>>, before: Option<&Arc<Feed>>| {
            now == before && now.is_some_and(|feed| feed.sources.iter().all(same))
        };
        match name {
            FeedName::Configured(id) => all(self.configured.get(id), before.configured.get(id)),
            FeedName::Closed(id) => all(self.closed.get(&**id), before.closed.get(&**id)),
            FeedName::Group(source, _) => same(source),
            FeedName::ClosedGroup(source, _) => same(source),
        }
    }
}
