//! The last document of its kind, for readers who would get none otherwise.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};

use crate::domain::id::SourceId;

use super::{Missing, Served, made::Made, recipe::Ingredients, state::State, units::Units};

/// A document that was right once.
#[derive(Debug)]
pub(super) struct Last {
    pub(super) made: Arc<Made>,
    /// When it was last known to be right; of one that an earlier configuration made nobody knows.
    pub(super) as_of: Option<DateTime<Utc>>,
}

impl Last {
    /// [`Recipe::loses_to`] of what it was made of.
    pub(super) fn loses_to(&self, next: &Ingredients, missing: &[(SourceId, Missing)]) -> bool {
        self.made.of.loses_to(next, missing)
    }

    /// [`Recipe::shows_hidden`] of what it was made of.
    pub(super) fn shows_hidden(&self, sources: &BTreeMap<SourceId, Arc<Units>>) -> bool {
        self.made.of.shows_hidden(sources)
    }

    /// It once more, for want of a newer one.
    pub(super) fn stale(&self) -> Served {
        Served {
            document: Arc::clone(&self.made.document),
            state: State::Stale,
            as_of: self.as_of,
        }
    }
}
