//! What a feed shows, for pages: the same selection that its calendar is made of.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        event::{Groups, Place, Status},
        feed::Feed,
        history::Stamps,
        id::{EventUid, GroupId},
        select::Shown,
        series::Keepsakes,
        when::When,
        window::Window,
    },
    zones::ZoneData,
};

use super::{
    FeedError, FeedName, Feeds, Part, gather::Gathered, recipe::Ingredients, state::State,
};

/// The events of one part of a feed, as pages show them.
#[derive(Debug, Clone)]
pub struct Listing {
    /// What is published and how.
    pub feed: Arc<Feed>,
    /// What was asked for; `None` for all that is kept.
    pub window: Option<Window>,
    /// Where series were expanded: the window, or else all that is kept.
    pub within: Window,
    /// The day it is in the feed's zone.
    pub today: NaiveDate,
    /// Sorted by start, then UID, each UID once; a series as its instances.
    pub events: Vec<Listed>,
    /// The groups that any of the events is in, other than people.
    pub groups: Groups,
    /// The rules for local times.
    pub zones: Arc<ZoneData>,
    /// How it stands.
    pub state: State,
    /// When the newest of all this changed.
    pub changed: DateTime<Utc>,
}

/// One event as its feed shows it: nothing that the feed hides is in it (design §2, promise 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its identity; of an instance of a series its own.
    pub uid: EventUid,
    /// When it is.
    pub when: When,
    /// The zone its times are told in.
    pub zone: Tz,
    /// One line; never empty.
    pub title: String,
    /// Plain text of several lines; may be empty.
    pub details: String,
    /// Where it is; the names and addresses are one line each and may be empty.
    pub places: Vec<Where>,
    /// The names of its groups other than places and people.
    pub categories: Vec<String>,
    /// Its groups other than people; none where the feed shows no categories.
    pub groups: Vec<GroupId>,
    /// Whether it takes place.
    pub status: Option<Status>,
    /// The stored facts about its publication.
    pub stamps: Stamps,
}

/// Where an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Where {
    /// Name, such as `Studio 2, Opera House`.
    pub name: String,
    /// Postal address.
    pub address: String,
}

impl Feeds {
    /// What `part` of the feed `name` shows now, made once for all who ask while nothing changes.
    ///
    /// # Errors
    /// [`FeedError`]: nothing of that name or no longer, a window out of bounds, or no source that has ever delivered.
    pub async fn list(&self, name: &FeedName, part: Part) -> Result<Arc<Listing>, FeedError> {
        if let FeedName::Configured(id) = name
            && let Some(notice) = self.retired.get(id)
        {
            return Err(notice.gone());
        }
        let gathered = self.gather(name, part, Self::PATIENCE).await?;
        let zone = gathered
            .ingredients
            .zones
            .zone_or_utc(gathered.ingredients.feed.zone);
        let today = zone.local(self.clock.now()).date();
        self.listings.get(name, part, gathered, today).await
    }
}

/// What is shown of what was `gathered` for `part`.
///
/// # Errors
/// [`FeedError::Unknown`] if it would be one event that is not shown.
pub(super) fn list(gathered: Gathered, part: Part, today: NaiveDate) -> Result<Listing, FeedError> {
    let Gathered {
        ingredients: of,
        witnesses,
        ..
    } = gathered;
    let kept = Keepsakes::new();
    let shown = of.select(part, &kept).events;
    if shown.is_empty() && matches!(part, Part::Event(_)) {
        return Err(FeedError::Unknown);
    }
    let events = shown.iter().map(|shown| listed(shown, &of)).collect();
    let groups = shown.iter().flat_map(Shown::groups);
    Ok(Listing {
        window: of.window,
        within: of.within,
        today,
        events,
        groups: groups
            .map(|(id, group)| (id.clone(), group.clone()))
            .collect(),
        zones: of.zones,
        state: witnesses.state(),
        changed: of.changed,
        feed: of.feed,
    })
}

fn listed(shown: &Shown<'_>, of: &Ingredients) -> Listed {
    let place = |place: &Place| Where {
        name: place.name.to_string(),
        address: place.address.to_string(),
    };
    Listed {
        uid: shown.uid(),
        when: shown.when(),
        zone: of.zone_of(shown),
        title: shown.title().into_owned(),
        details: shown.details().to_owned(),
        places: shown.places().iter().map(place).collect(),
        categories: shown.categories().map(str::to_owned).collect(),
        groups: shown.groups().map(|(id, _)| id.clone()).collect(),
        status: shown.status(),
        stamps: shown.stamps(),
    }
}
