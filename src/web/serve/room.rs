//! The connections that may be open at once, and which of them leaves when there is no place for the next.

use std::{
    collections::{HashMap, VecDeque},
    future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::{AbortHandle, Id, JoinSet},
    time::{Instant, sleep},
};

use crate::web::origin::Origin;

use super::{Limits, seat::Seat};

/// Which part of all places is cleared when the system gives no more, as one in so many.
const THINNED: usize = 16;

/// How often it is looked who gives way while somebody waits for a place.
const LOOK: Duration = Duration::from_millis(50);

/// The open connections.
///
/// Places never run out while any of them is owed nothing: idle connections and those whose request is not there yet give
/// way to newcomers, the one that has waited longest first. Whoever is being answered stays, and leaves after that if
/// somebody waits for a place.
#[derive(Debug)]
pub(super) struct Room {
    places: usize,
    from_one_place: usize,
    /// How long a request may be on its way before its connection gives way to another.
    grace: Duration,
    guests: HashMap<Id, Guest>,
    tasks: JoinSet<()>,
    /// Those who waited when it was last looked, the longest first; they may have asked or left since.
    longest: VecDeque<(Instant, Id)>,
    /// Whether somebody waits for a place.
    wanted: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Guest {
    seat: Arc<Seat>,
    origin: Option<Origin>,
    task: AbortHandle,
}

impl Room {
    /// An empty room with as many places as `limits` say.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            places: limits.connections,
            from_one_place: limits.from_one_place,
            grace: limits.grace,
            guests: HashMap::new(),
            tasks: JoinSet::new(),
            longest: VecDeque::new(),
            wanted: Arc::default(),
        }
    }

    /// A seat for whoever comes in next.
    pub(super) fn seat(&self) -> Arc<Seat> {
        Seat::new(Arc::clone(&self.wanted))
    }

    /// Has `connection` live on `seat` until it ends or somebody else needs the place more.
    pub(super) fn take(
        &mut self,
        seat: Arc<Seat>,
        origin: Option<Origin>,
        connection: impl Future<Output = ()> + Send + 'static,
    ) {
        let task = self.tasks.spawn(connection);
        let guest = Guest { seat, origin, task };
        self.guests.insert(guest.task.id(), guest);
    }

    /// How many are open.
    pub(super) fn taken(&self) -> usize {
        self.guests.len()
    }

    /// Waits until there is a place for one more from `origin`, and says whether they get it: not if as many from there as
    /// may be are being answered.
    pub(super) async fn place_for(&mut self, origin: Option<Origin>) -> bool {
        if origin.is_some_and(|origin| !self.has_share_left(origin)) {
            return false;
        }
        while !self.make_place() {
            self.wanted.store(true, Ordering::Relaxed);
            tokio::select! {
                () = self.left() => {}
                () = sleep(LOOK) => {}
            }
        }
        self.wanted.store(false, Ordering::Relaxed);
        true
    }

    /// Waits until a connection has ended, and forgets it. May be dropped at any time.
    pub(super) async fn left(&mut self) {
        let id = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => error.id(),
            None => return future::pending().await,
        };
        self.guests.remove(&id);
    }

    /// Has some of those leave who have waited longest, so that the system has something to give again.
    pub(super) fn thin(&mut self) {
        for _ in 0..self.places.div_ceil(THINNED) {
            self.dismiss_longest();
        }
    }

    /// Drops whatever is open.
    pub(super) async fn close(mut self) {
        self.tasks.shutdown().await;
    }

    fn has_share_left(&mut self, origin: Origin) -> bool {
        let from_there = |guest: &&Guest| guest.origin == Some(origin);
        let there = self.guests.values().filter(from_there);
        if there.clone().count() < self.from_one_place {
            return true;
        }
        let waiting = there.filter_map(|guest| Some((self.waiting(guest)?, guest.task.id())));
        match waiting.min_by_key(|(since, _)| *since) {
            Some((_, id)) => self.dismiss(id),
            None => return false,
        }
        true
    }

    /// Whether there is a place, if need be that of the one who has waited longest.
    fn make_place(&mut self) -> bool {
        self.guests.len() < self.places || self.dismiss_longest()
    }

    /// Has the one leave who has waited longest, if anybody waits.
    fn dismiss_longest(&mut self) -> bool {
        let longest = self.listed().or_else(|| {
            self.list();
            self.listed()
        });
        longest.map(|id| self.dismiss(id)).is_some()
    }

    /// The first on the list who still waits as when it was made.
    fn listed(&mut self) -> Option<Id> {
        while let Some((since, id)) = self.longest.pop_front() {
            let guest = self.guests.get(&id);
            if guest.is_some_and(|guest| guest.seat.waiting_since() == Some(since)) {
                return Some(id);
            }
        }
        None
    }

    /// Lists everybody who waits. Under a flood that is done once for as many newcomers as there are places.
    fn list(&mut self) {
        let waiting = self.guests.iter();
        let waiting = waiting.filter_map(|(id, guest)| Some((self.waiting(guest)?, *id)));
        self.longest = waiting.collect();
        self.longest
            .make_contiguous()
            .sort_unstable_by_key(|(since, _)| *since);
    }

    /// Since when `guest` has waited, if that is longer than a request may be on its way.
    fn waiting(&self, guest: &Guest) -> Option<Instant> {
        let since = guest.seat.waiting_since();
        since.filter(|since| since.elapsed() >= self.grace)
    }

    fn dismiss(&mut self, id: Id) {
        if let Some(guest) = self.guests.remove(&id) {
            guest.task.abort();
        }
    }
}

#[cfg(test)]
mod tests;
