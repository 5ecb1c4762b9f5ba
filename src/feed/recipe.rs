//! What a document is made of.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    domain::{
        feed::Feed,
        history::Snapshot,
        id::{EventUid, SourceId},
        window::Window,
    },
    zones::{ZoneData, data::Fingerprint},
};

use super::{instances::Instances, units::Units};

/// All that a document is made of.
#[derive(Debug, Clone)]
pub(super) struct Ingredients {
    pub(super) feed: Arc<Feed>,
    /// `None` for all that is kept.
    pub(super) window: Option<Window>,
    /// Where series are expanded: the window, or else the horizon.
    pub(super) within: Window,
    /// The day that counts as the middle if not everything fits.
    pub(super) today: NaiveDate,
    /// Of an event in several of them, the copy in the first one counts.
    pub(super) shares: Vec<Share>,
    pub(super) zones: Arc<ZoneData>,
    /// When the newest of all this changed.
    pub(super) changed: DateTime<Utc>,
    /// When the next day begins in the feed's zone.
    pub(super) next_midnight: DateTime<Utc>,
}

/// What one source has to say.
#[derive(Debug, Clone)]
pub(super) struct Share {
    pub(super) units: Arc<Units>,
    pub(super) snapshot: Arc<Snapshot>,
}

/// What a document was made of, without holding on to it.
#[derive(Debug, PartialEq)]
pub(super) struct Recipe {
    feed: Arc<Feed>,
    window: Option<Window>,
    within: Window,
    today: NaiveDate,
    rules: Fingerprint,
    /// Of each snapshot its source, and which of its versions.
    versions: Vec<(SourceId, u64, DateTime<Utc>)>,
}

impl Recipe {
    /// Whether `source` had its share.
    pub(super) fn has(&self, source: &SourceId) -> bool {
        self.versions.iter().any(|(id, ..)| id == source)
    }
}

impl Ingredients {
    pub(super) fn recipe(&self) -> Recipe {
        let version = |share: &Share| {
            let Share { units, snapshot } = share;
            (units.id().clone(), snapshot.revision(), snapshot.changed())
        };
        Recipe {
            feed: Arc::clone(&self.feed),
            window: self.window,
            within: self.within,
            today: self.today,
            rules: self.zones.fingerprint(),
            versions: self.shares.iter().map(version).collect(),
        }
    }

    /// The same, for one event or one instance of a series: the copy that counts; `None` if nobody has it.
    ///
    /// Takes up to a second where there are many series, so call it where blocking is allowed.
    pub(super) fn of_event(mut self, uid: EventUid, instances: &Instances) -> Option<Self> {
        let index = self.shares.iter().enumerate().position(|(index, share)| {
            let earlier = &self.shares[..index];
            // An instance that the first copy of its series lacks must not come back in an older one.
            let first = |series| earlier.iter().all(|share| !share.snapshot.holds(series));
            share.snapshot.holds(uid)
                || instances
                    .series_of(uid, &share.snapshot, &self.within, self.today, &self.zones)
                    .is_some_and(first)
        })?;
        self.shares = vec![self.shares.swap_remove(index)];
        Some(self)
    }
}

/// When the newest of all inputs changed: data, rules, or, in a window that rolls, the day.
pub(super) fn changed(
    shares: &[Share],
    rules: DateTime<Utc>,
    midnight: Option<DateTime<Utc>>,
) -> DateTime<Utc> {
    let data = shares.iter().map(|share| share.snapshot.changed());
    data.chain(midnight).fold(rules, DateTime::max)
}
