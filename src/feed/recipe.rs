//! What a document is made of.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        feed::Feed,
        history::Snapshot,
        id::{EventUid, SourceId},
        select::{self, Expansion, Rules, Shown},
        series::Keepsakes,
        window::Window,
    },
    source::Month,
    zones::{ZoneData, data::Fingerprint},
};

use super::{Missing, Part, instances::Instances, units::Units};

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
    /// The months that a source should have had a share of and never delivered.
    pub(super) lacking: Vec<(SourceId, Month)>,
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
    /// [`Units::hidden`] before the snapshot was taken.
    pub(super) hidden: u64,
    pub(super) snapshot: Arc<Snapshot>,
}

/// What is shown of all that a document is made of.
#[derive(Debug)]
pub(super) struct Selected<'a> {
    pub(super) events: Vec<Shown<'a>>,
    /// Where series were expanded: all of [`Ingredients::within`], unless they have too many instances.
    pub(super) within: Window,
}

/// What a document was made of, without holding on to it.
#[derive(Debug, PartialEq)]
pub(super) struct Recipe {
    feed: Arc<Feed>,
    window: Option<Window>,
    within: Window,
    today: NaiveDate,
    rules: Fingerprint,
    versions: Vec<Version>,
    lacking: Vec<(SourceId, Month)>,
}

/// Of a snapshot its source, and which of its versions it is.
#[derive(Debug, PartialEq)]
struct Version {
    source: SourceId,
    revision: u64,
    changed: DateTime<Utc>,
    hidden: u64,
}

impl Recipe {
    /// Whether one of `sources` has hidden something since that it may show.
    pub(super) fn shows_hidden(&self, sources: &BTreeMap<SourceId, Arc<Units>>) -> bool {
        let mut versions = self.versions.iter();
        versions.any(|version| {
            let units = sources.get(&version.source);
            units.is_none_or(|units| units.hidden() != version.hidden)
        })
    }

    /// Whether what was made of this shows events that would be gone from what is made of `next`, because a source
    /// cannot be read and not because it says so. `missing` are the sources that have no share in `next`.
    pub(super) fn loses_to(&self, next: &Ingredients, missing: &[(SourceId, Missing)]) -> bool {
        let has = |source: &SourceId| {
            let mut versions = self.versions.iter();
            versions.any(|version| version.source == *source)
        };
        let shown = |month: &Month| {
            let window = self.window.as_ref();
            window.is_some_and(|window| window.days().overlaps(month.days()))
        };
        let mut lacking = next.lacking.iter();
        missing.iter().any(|(source, _)| has(source))
            || lacking.any(|lack| has(&lack.0) && shown(&lack.1) && !self.lacking.contains(lack))
    }
}

impl Ingredients {
    pub(super) fn recipe(&self) -> Recipe {
        let version = |share: &Share| Version {
            source: share.units.id().clone(),
            revision: share.snapshot.revision(),
            changed: share.snapshot.changed(),
            hidden: share.hidden,
        };
        Recipe {
            feed: Arc::clone(&self.feed),
            window: self.window,
            within: self.within,
            today: self.today,
            rules: self.zones.fingerprint(),
            versions: self.shares.iter().map(version).collect(),
            lacking: self.lacking.clone(),
        }
    }

    /// The snapshots with their sources, as the selection takes them.
    pub(super) fn snapshots(&self) -> Vec<(&SourceId, &Snapshot)> {
        let shares = self.shares.iter();
        shares
            .map(|share| (share.units.id(), &*share.snapshot))
            .collect()
    }

    /// What is shown of all this in `part`, with the series in `kept` as they are: sorted by start, then UID.
    pub(super) fn select<'a>(&'a self, part: Part, kept: &'a Keepsakes) -> Selected<'a> {
        let snapshots = self.snapshots();
        let expansion = Expansion {
            within: self.within,
            data: &self.zones,
            kept,
        };
        let expansion = expansion.fitting(&self.feed, &snapshots, self.today);
        let mut events = select::select(&self.feed, self.window.as_ref(), &snapshots, expansion);
        if let Part::Event(uid) = part {
            events.retain(|shown| shown.uid() == uid);
        }
        Selected {
            events,
            within: expansion.within,
        }
    }

    /// The zone that the times of an event are told in: the one that the feed pins, else its own.
    pub(super) fn zone_of(&self, shown: &Shown<'_>) -> Tz {
        let (event, groups) = shown.for_zone_book();
        let mut units = self.shares.iter().map(|share| &share.units);
        let units = units.find(|units| units.id() == shown.source);
        let own = || units.map(|units| units.zone_of(event, groups, &self.zones));
        self.feed.pinned.or_else(own).unwrap_or(Tz::UTC)
    }

    /// The same, for one event or one instance of a series: the copy that counts; `None` if nobody has it, and just so, as
    /// soon, if the feed does not show it: how long an answer takes tells nobody what there is.
    ///
    /// Takes up to a second where there are many series, so call it where blocking is allowed.
    pub(super) fn of_event(mut self, uid: EventUid, instances: &Instances) -> Option<Self> {
        let mut shares = self.shares.iter().enumerate();
        let listed = shares.find_map(|(index, share)| {
            let earlier = &self.shares[..index];
            // An instance that the first copy of its series lacks must not come back in an older one.
            let first = |series: &EventUid| {
                let mut earlier = earlier.iter();
                earlier.all(|share| !share.snapshot.holds(*series))
            };
            let snapshot = &share.snapshot;
            let series =
                || instances.series_of(uid, snapshot, &self.within, self.today, &self.zones);
            let own = snapshot.lists(uid).then_some(uid);
            Some((index, own.or_else(|| series().filter(first))?))
        });
        let mut shares = self.shares.iter();
        let held = || Some((shares.position(|share| share.snapshot.holds(uid))?, uid));
        let (index, whole) = listed.or_else(held)?;
        let entry = self.shares[index].snapshot.entry(whole)?;
        let snapshots = self.snapshots();
        let rules = Rules::of(&self.feed, self.window.as_ref(), &snapshots, index)?;
        if !rules.let_through(&entry.event) {
            return None;
        }
        self.shares = vec![self.shares.swap_remove(index)];
        self.lacking.clear();
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
