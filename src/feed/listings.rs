//! The listings at hand: made once for the same ingredients, however many pages show them, and kept while there is room.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use chrono::NaiveDate;
use tokio::sync::{Mutex, Semaphore};

use crate::aside::aside;

use super::{
    FeedError, FeedName, Part,
    gather::Gathered,
    listing::{Listing, list},
    recipe::Recipe,
};

/// How many are made at once: each may copy all there is of a feed, and calendars must not wait behind pages.
pub(super) const AT_ONCE: usize = 4;
/// Bytes of all of them.
const BYTES_MAX: u64 = 64 * 1024 * 1024;
/// What one weighs without its events.
const SLOT_BYTES: u32 = 512;
/// What an event weighs without its texts.
const EVENT_BYTES: usize = 400;

/// The listings at hand.
#[derive(Debug)]
pub(super) struct Listings {
    slots: moka::sync::Cache<(FeedName, Part), Arc<Slot>>,
    turns: Semaphore,
    /// How many were made.
    #[cfg(test)]
    pub(super) made: AtomicU32,
}

/// Where one listing lives. Its lock is held by whoever makes the next version: the others want that one.
#[derive(Debug, Default)]
struct Slot {
    weight: AtomicU32,
    last: Mutex<Option<Last>>,
}

/// A listing with what it was made of.
#[derive(Debug)]
struct Last {
    of: Recipe,
    listing: Arc<Listing>,
}

impl Default for Listings {
    fn default() -> Self {
        let weight = |_: &(FeedName, Part), slot: &Arc<Slot>| {
            let bytes = slot.weight.load(Ordering::Relaxed);
            bytes.saturating_add(SLOT_BYTES)
        };
        Self {
            slots: moka::sync::Cache::builder()
                .weigher(weight)
                .max_capacity(BYTES_MAX)
                .build(),
            turns: Semaphore::new(AT_ONCE),
            #[cfg(test)]
            made: AtomicU32::new(0),
        }
    }
}

impl Listings {
    /// What `part` of the feed `name` shows on the day `today`, made of what was `gathered`.
    ///
    /// # Errors
    /// [`FeedError::Unknown`] if it would be one event that is not shown.
    pub(super) async fn get(
        &self,
        name: &FeedName,
        part: Part,
        gathered: Gathered,
        today: NaiveDate,
    ) -> Result<Arc<Listing>, FeedError> {
        let key = (name.clone(), part);
        let slot = self.slots.get_with_by_ref(&key, Arc::default);
        let mut last = slot.last.lock().await;
        let (recipe, state) = (gathered.ingredients.recipe(), gathered.witnesses.state());
        if let Some(Last { of, listing }) = &*last {
            let same = *of == recipe && listing.state == state && listing.today == today;
            // Somebody gathered later and was here first: what is old must not replace what is new.
            if same || listing.changed > gathered.ingredients.changed {
                return Ok(Arc::clone(listing));
            }
        }
        // It cannot fail: nobody closes it.
        let _turn = self.turns.acquire().await;
        let listing = Arc::new(aside(move || list(gathered, part, today)).await?);
        #[cfg(test)]
        self.made.fetch_add(1, Ordering::Relaxed);
        slot.weight.store(weight(&listing), Ordering::Relaxed);
        *last = Some(Last {
            of: recipe,
            listing: Arc::clone(&listing),
        });
        drop(last);
        // Puts it back with the weight it has now.
        self.slots.insert(key, slot);
        Ok(listing)
    }
}

/// About how many bytes its events take.
fn weight(listing: &Listing) -> u32 {
    let events = listing.events.iter().map(|event| {
        let places = event.places.iter();
        let places: usize = places
            .map(|place| place.name.len() + place.address.len())
            .sum();
        let categories: usize = event.categories.iter().map(String::len).sum();
        EVENT_BYTES + event.title.len() + event.details.len() + places + categories
    });
    u32::try_from(events.sum::<usize>()).unwrap_or(u32::MAX)
}
