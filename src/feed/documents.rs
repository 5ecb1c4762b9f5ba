//! Documents: rendered once for the same inputs, off the threads that serve readers, and kept while there is room.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};

use crate::{aside::aside, domain::id::EventUid, format::ics::Flaw, status, zones::ZoneData};

use super::{
    FeedError, FeedName, Part, Served, TooMuch,
    before::{self, Before},
    document::Document,
    keeper::Keeper,
    last::Last,
    made::{Made, make},
    recipe::{Ingredients, Recipe},
    state::Witnesses,
};

/// Bytes of all documents with their compressed forms.
const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// What an empty slot of the cache weighs.
const SLOT_BYTES: u32 = 512;
/// Events that are logged as broken; more would be noise.
const TOLD_MAX: usize = 200;

/// The documents at hand.
#[derive(Debug)]
pub(super) struct Documents {
    slots: moka::sync::Cache<(FeedName, Part), Arc<Slot>>,
    /// The events that the operator has been told are left out.
    told: Mutex<BTreeSet<EventUid>>,
    /// Asks that found a document that was right.
    found: AtomicU64,
    /// Documents that were written.
    made: AtomicU64,
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
    /// When they were gathered.
    pub(super) at: DateTime<Utc>,
    /// Who knows how the document stands.
    pub(super) witnesses: Witnesses,
}

/// A document and the tide it is known to be right at, so that most reads gather nothing.
#[derive(Debug)]
struct Glance {
    document: Arc<Document>,
    tide: Tide,
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
            told: Mutex::default(),
            found: AtomicU64::default(),
            made: AtomicU64::default(),
            keeper: None,
        }
    }
}

impl Documents {
    /// Has `keeper` keep what is made from now on.
    pub(super) fn kept_by(&mut self, keeper: Arc<Keeper>) {
        self.keeper = Some(keeper);
    }

    /// Who keeps what is made, if anybody does.
    pub(super) fn keeper(&self) -> Option<&Arc<Keeper>> {
        self.keeper.as_ref()
    }

    /// The documents whose feeds are to be carried on, to be looked at anew by whoever takes them over.
    pub(super) fn carried(
        &self,
        carry: impl Fn(&FeedName) -> bool,
    ) -> Vec<((FeedName, Part), Arc<Made>)> {
        let slots = self.slots.iter();
        let slots = slots.filter(|(key, _)| carry(&key.0));
        let made = slots.filter_map(|(key, slot)| Some(((*key).clone(), slot.current()?)));
        made.collect()
    }

    /// Goes on from documents that were made before.
    pub(super) fn take_over(&self, carried: Vec<((FeedName, Part), Arc<Made>)>) {
        for (key, made) in carried {
            let slot = Slot {
                current: Mutex::new(Some(made)),
                ..Slot::default()
            };
            self.slots.insert(key, Arc::new(slot));
        }
    }

    /// The document at `key`, if it is known to be right still: nothing was published since, and its time is not over.
    pub(super) fn glance(
        &self,
        key: &(FeedName, Part),
        published: u64,
        zones: &Arc<ZoneData>,
        now: DateTime<Utc>,
    ) -> Option<Served> {
        let slot = self.slots.get(key)?;
        let glance = slot.glance.load();
        let Glance { document, tide } = glance.as_deref()?;
        let right =
            tide.published == published && Arc::ptr_eq(&tide.zones, zones) && now < tide.until;
        right.then(|| {
            self.found.fetch_add(1, Ordering::Relaxed);
            tide.witnesses.show(Arc::clone(document))
        })
    }

    /// The document at `key`, made of `ingredients` at `tide`.
    ///
    /// While a new version is being made, other readers get the version before. To be run in a task of its own: the
    /// reader who begins it may hang up, the others must not lose it.
    ///
    /// # Errors
    /// [`FeedError::Unknown`] if it would be one event that is not shown, [`FeedError::Bug`] if it does not pass the check
    /// and there is no older one; what `admit` says, if it is one of many and there is no older one.
    pub(super) async fn get(
        &self,
        key: (FeedName, Part),
        ingredients: Ingredients,
        tide: Tide,
        admit: impl FnOnce(&FeedName) -> Result<(), TooMuch>,
    ) -> Result<Arc<Document>, FeedError> {
        let slot = self.slots.get_with_by_ref(&key, Arc::default);
        let recipe = ingredients.recipe();
        if let Some(made) = slot.made_of(&recipe) {
            self.found.fetch_add(1, Ordering::Relaxed);
            return Ok(slot.show(&made, tide));
        }
        let _making = match (slot.making.try_lock(), slot.current()) {
            (Ok(making), _) => making,
            (Err(_), Some(old)) => return Ok(Arc::clone(&old.document)),
            (Err(_), None) => slot.making.lock().await,
        };
        let before = slot.current();
        match &before {
            Some(made) if made.of == recipe => return Ok(slot.show(made, tide)),
            // Somebody gathered later and was here first: what is old must not replace what is new.
            Some(made) if made.changed > ingredients.changed => {
                return Ok(Arc::clone(&made.document));
            }
            Some(_) | None => {}
        }
        let before = match (before, &self.keeper) {
            (Some(made), _) => Before::Made(made),
            (None, Some(keeper)) => Before::kept(keeper.document(&before::key(&key)).await),
            (None, None) => Before::Nothing,
        };
        // There is one default part, which everybody reads, and no end of others; what was made before has its readers.
        if matches!(before, Before::Nothing) && key.1 != Part::Default {
            admit(&key.0)?;
        }
        let (name, part) = key.clone();
        let made = aside(move || {
            let (made, broken) = make(&name, part, recipe, &ingredients, &before)?;
            let news = before.to_keep(&made);
            Ok::<_, FeedError>((made, broken, news))
        });
        let (made, broken, news) = made.await?;
        self.made.fetch_add(1, Ordering::Relaxed);
        self.tell(&key.0, &broken);
        if let (Some(keeper), Some(news)) = (&self.keeper, news) {
            keeper.keep_document(before::key(&key), news);
        }
        let made = Arc::new(made);
        let document = slot.show(&made, tide);
        *slot.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        // Puts it back with the weight it has now.
        self.slots.insert(key, Arc::clone(&slot));
        Ok(document)
    }

    /// Says once of each event that it is left out, and never what it says.
    pub(super) fn tell(&self, feed: &FeedName, broken: &[(EventUid, Flaw)]) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for (uid, flaw) in broken {
            if told.len() < TOLD_MAX && told.insert(*uid) {
                tracing::error!(%feed, %uid, %flaw, "an event was left out, since calendars would refuse it; this is a bug");
            }
        }
    }

    /// The last document made at `key`, whatever it was made of.
    pub(super) fn last(&self, key: &(FeedName, Part)) -> Option<Last> {
        let slot = self.slots.get(key)?;
        let glance = slot.glance.load();
        let tide = glance.as_deref().map(|glance| &glance.tide);
        Some(Last {
            made: slot.current()?,
            as_of: tide.map(|tide| tide.witnesses.as_of().map_or(tide.at, |at| at.min(tide.at))),
        })
    }

    /// How the cache is used, as the status tells it.
    pub(super) fn usage(&self) -> status::Documents {
        status::Documents {
            found: self.found.load(Ordering::Relaxed),
            made: self.made.load(Ordering::Relaxed),
            held: self.slots.entry_count(),
            bytes: self.slots.weighted_size(),
        }
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
