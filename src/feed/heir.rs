//! What the feeds of a newer configuration take over from those before (ADR 12).

use std::sync::Arc;

use crate::domain::id::SourceId;

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
        match name {
            FeedName::Configured(id) => {
                let feed = self.configured.get(id);
                feed == before.configured.get(id)
                    && feed.is_some_and(|feed| feed.sources.iter().all(same))
            }
            FeedName::Group(source, _) => same(source),
        }
    }
}
