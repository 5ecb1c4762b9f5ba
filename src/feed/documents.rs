//! Documents: rendered once for the same inputs, off the threads that serve readers, and kept while there is room.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    aside::aside,
    domain::{
        feed::Feed,
        history::Snapshot,
        id::{EventUid, SourceId},
        select::{self, Shown},
        window::Window,
    },
    format::ics::{self, Cut, Ledger},
    zones::{ZoneData, data::Fingerprint},
};

use super::{
    FeedName, Part,
    before::{self, Before},
    document::Document,
    file_name::FileName,
    keeper::Keeper,
    units::Units,
};

/// Bytes of all documents with their compressed forms.
const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// What an empty slot of the cache weighs.
const SLOT_BYTES: u32 = 512;
/// Media type of iCalendar, with the charset Google needs and no `method` (interop H1, H1a).
const CALENDAR: &str = "text/calendar; charset=utf-8";

/// All that a document is made of.
#[derive(Debug, Clone)]
pub(super) struct Ingredients {
    pub(super) feed: Arc<Feed>,
    /// `None` for all that is kept.
    pub(super) window: Option<Window>,
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
struct Recipe {
    feed: Arc<Feed>,
    window: Option<Window>,
    today: NaiveDate,
    rules: Fingerprint,
    /// Of each snapshot its source, and which of its versions.
    versions: Vec<(SourceId, u64, DateTime<Utc>)>,
}

impl Ingredients {
    fn recipe(&self) -> Recipe {
        let version = |share: &Share| {
            let Share { units, snapshot } = share;
            (units.id().clone(), snapshot.revision(), snapshot.changed())
        };
        Recipe {
            feed: Arc::clone(&self.feed),
            window: self.window,
            today: self.today,
            rules: self.zones.fingerprint(),
            versions: self.shares.iter().map(version).collect(),
        }
    }

    /// The same, for one event: the copy that counts; `None` if nobody has it.
    pub(super) fn of_event(mut self, uid: EventUid) -> Option<Self> {
        self.shares
            .retain(|share| share.snapshot.entry(uid).is_some());
        self.shares.truncate(1);
        (!self.shares.is_empty()).then_some(self)
    }
}

/// The documents at hand.
#[derive(Debug)]
pub(super) struct Documents {
    slots: moka::sync::Cache<(FeedName, Part), Arc<Slot>>,
    /// `None` if nothing outlives the process.
    keeper: Option<Arc<Keeper>>,
}

/// Where one document lives.
#[derive(Debug, Default)]
struct Slot {
    current: Mutex<Option<Arc<Made>>>,
    glance: ArcSwapOption<Glance>,
    /// Held by whoever makes the next version.
    making: tokio::sync::Mutex<()>,
}

/// What was there when the ingredients of a document were gathered.
#[derive(Debug, Clone)]
pub(super) struct Tide {
    /// How often any source has published.
    pub(super) published: u64,
    /// The rules of the zones.
    pub(super) zones: Arc<ZoneData>,
    /// Until when nothing else can change: the next look at what is old, or the next day.
    pub(super) until: DateTime<Utc>,
}

/// A document and the tide it is known to be right at, so that most reads gather nothing.
#[derive(Debug)]
struct Glance {
    document: Arc<Document>,
    tide: Tide,
}

/// A document with what it was made of.
#[derive(Debug)]
pub(super) struct Made {
    of: Recipe,
    changed: DateTime<Utc>,
    document: Arc<Document>,
    ledger: Ledger,
    cut: Option<Cut>,
}

impl Default for Documents {
    fn default() -> Self {
        let weight = |_: &(FeedName, Part), slot: &Arc<Slot>| {
            let made = slot.current();
            let bytes = made.map_or(0, |made| {
                made.document.weight() as usize + made.ledger.weight()
            });
            u32::try_from(bytes)
                .unwrap_or(u32::MAX)
                .saturating_add(SLOT_BYTES)
        };
        Self {
            slots: moka::sync::Cache::builder()
                .weigher(weight)
                .max_capacity(BYTES_MAX)
                .build(),
            keeper: None,
        }
    }
}

impl Made {
    pub(super) fn document(&self) -> &Arc<Document> {
        &self.document
    }

    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut.is_some()
    }
}

impl Documents {
    /// Has `keeper` keep what is made from now on.
    pub(super) fn kept_by(&mut self, keeper: Arc<Keeper>) {
        self.keeper = Some(keeper);
    }

    /// The document at `key`, if it is known to be right still: nothing was published since, and its time is not over.
    pub(super) fn glance(
        &self,
        key: &(FeedName, Part),
        published: u64,
        zones: &Arc<ZoneData>,
        now: DateTime<Utc>,
    ) -> Option<Arc<Document>> {
        let slot = self.slots.get(key)?;
        let glance = slot.glance.load();
        let Glance { document, tide } = glance.as_deref()?;
        let right =
            tide.published == published && Arc::ptr_eq(&tide.zones, zones) && now < tide.until;
        right.then(|| Arc::clone(document))
    }

    /// The document at `key`, made of `ingredients` at `tide`; `None` if it would be one event that is not shown.
    ///
    /// While a new version is being made, other readers get the version before. To be run in a task of its own: the
    /// reader who begins it may hang up, the others must not lose it.
    pub(super) async fn get(
        &self,
        key: (FeedName, Part),
        ingredients: Ingredients,
        tide: Tide,
    ) -> Option<Arc<Document>> {
        let slot = self.slots.get_with_by_ref(&key, Arc::default);
        let recipe = ingredients.recipe();
        if let Some(made) = slot.made_of(&recipe) {
            return Some(slot.show(&made, tide));
        }
        let _making = match (slot.making.try_lock(), slot.current()) {
            (Ok(making), _) => making,
            (Err(_), Some(old)) => return Some(Arc::clone(&old.document)),
            (Err(_), None) => slot.making.lock().await,
        };
        let before = slot.current();
        match &before {
            Some(made) if made.of == recipe => return Some(slot.show(made, tide)),
            // Somebody gathered later and was here first: what is old must not replace what is new.
            Some(made) if made.changed > ingredients.changed => {
                return Some(Arc::clone(&made.document));
            }
            _ => {}
        }
        let before = match (before, &self.keeper) {
            (Some(made), _) => Before::Made(made),
            (None, Some(keeper)) => Before::kept(keeper.document(&before::key(&key)).await),
            (None, None) => Before::Nothing,
        };
        let (name, part) = key.clone();
        let made = aside(move || {
            let made = make(&name, part, recipe, &ingredients, &before)?;
            let news = before.to_keep(&made.document, &made.ledger);
            Some((made, news))
        });
        let (made, news) = made.await?;
        if let (Some(keeper), Some(news)) = (&self.keeper, news) {
            keeper.keep_document(before::key(&key), news);
        }
        let made = Arc::new(made);
        let document = slot.show(&made, tide);
        *slot.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        // Puts it back with the weight it has now.
        self.slots.insert(key, Arc::clone(&slot));
        Some(document)
    }

    /// The last document made at `key`, whatever it was made of.
    pub(super) fn last(&self, key: &(FeedName, Part)) -> Option<Arc<Document>> {
        Some(Arc::clone(&self.slots.get(key)?.current()?.document))
    }

    /// How many documents have a place, made or not.
    #[cfg(test)]
    pub(super) fn slots(&self) -> u64 {
        self.slots.run_pending_tasks();
        self.slots.entry_count()
    }
}

impl Slot {
    /// Hands out a document that is right at `tide`.
    fn show(&self, made: &Made, tide: Tide) -> Arc<Document> {
        let document = Arc::clone(&made.document);
        self.glance.store(Some(Arc::new(Glance {
            document: Arc::clone(&document),
            tide,
        })));
        document
    }

    fn current(&self) -> Option<Arc<Made>> {
        self.current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn made_of(&self, recipe: &Recipe) -> Option<Arc<Made>> {
        self.current().filter(|made| made.of == *recipe)
    }
}

/// What a download is called: the feed's name, or for a group a slug of its title.
fn file_name(name: &FeedName, feed: &Feed) -> FileName {
    match name {
        FeedName::Configured(id) => FileName::new(id.as_str(), &feed.title, "ics"),
        FeedName::Group(..) => FileName::new(&feed.title.slug(), &feed.title, "ics"),
    }
}

fn make(
    name: &FeedName,
    part: Part,
    recipe: Recipe,
    of: &Ingredients,
    before: &Before,
) -> Option<Made> {
    let shares = of.shares.iter();
    let snapshots: Vec<_> = shares
        .map(|share| (share.units.id(), &*share.snapshot))
        .collect();
    let mut events = select::select(&of.feed, of.window.as_ref(), &snapshots);
    let mut purpose = ics::Purpose::Feed;
    if let Part::Event(uid) = part {
        events.retain(|shown| shown.uid() == uid);
        purpose = ics::Purpose::Download;
        if events.is_empty() {
            return None;
        }
    }
    let zones: Vec<_> = events.iter().map(|shown| zone_of(of, shown)).collect();
    let rendered = ics::write(&ics::Request {
        feed: &of.feed,
        purpose,
        events: &events,
        zones: &zones,
        data: &of.zones,
        today: of.today,
        before: before.ledger(),
        changed: of.changed,
    });
    if let Some(cut) = rendered.cut.filter(|_| !before.cut_is_told()) {
        tracing::warn!(
            feed = %name, first = %cut.first, last = %cut.last, left_out = cut.left_out,
            "a feed was cut because calendars drop larger ones; ask for a shorter window"
        );
    }
    let file_name = file_name(name, &of.feed);
    let document = before.document(rendered.body, CALENDAR, file_name, of.changed);
    Some(Made {
        of: recipe,
        changed: of.changed,
        document,
        ledger: rendered.ledger,
        cut: rendered.cut,
    })
}

fn zone_of(of: &Ingredients, shown: &Shown<'_>) -> chrono_tz::Tz {
    let (event, groups) = shown.for_zone_book();
    let units = of.shares.iter().map(|share| &share.units);
    let units = units.into_iter().find(|units| units.id() == shown.source);
    let own = || units.map(|units| units.zone_of(event, groups, &of.zones));
    of.feed.pinned.or_else(own).unwrap_or(chrono_tz::Tz::UTC)
}
