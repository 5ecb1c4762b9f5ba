//! When and how often what is published of an event changed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{event::Event, when::whole_second};

/// Stored facts about an event's published content, in whole seconds; never "now" (interop E3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamps {
    /// `CREATED`: constant, never after `modified` (interop E5).
    pub created: DateTime<Utc>,
    /// `LAST-MODIFIED` and `DTSTAMP`: grows by a second or more with every change (interop E4).
    pub modified: DateTime<Utc>,
    /// `SEQUENCE`: 0 at first, one more with every change (interop E6).
    pub sequence: u32,
}

impl Stamps {
    /// The stamps after a change that happened at `at`.
    #[must_use]
    pub fn after_change(self, at: DateTime<Utc>) -> Self {
        Self {
            created: self.created,
            modified: whole_second(at).max(self.modified + TimeDelta::seconds(1)),
            sequence: self
                .sequence
                .saturating_add(1)
                .min(i32::MAX.cast_unsigned()),
        }
    }

    /// Those of an event that was never published: the upstream's own, as far as they can be true.
    pub(super) fn first(event: &Event, now: DateTime<Utc>) -> Self {
        let modified = whole_second(event.updated.unwrap_or(now).min(now));
        let created = event.created.unwrap_or(modified).min(modified);
        Self {
            created: whole_second(created),
            modified,
            sequence: 0,
        }
    }
}
