//! The place of one connection: what it owes and is owed, as far as those who want a place have to know.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::{sync::Notify, time::Instant};

/// How a connection stands with its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A request is being answered.
    Answering,
    /// The answer is made, and may still be on its way.
    Answered,
    /// Nothing is owed to the reader: no request of theirs has come whole since then.
    Waiting(Instant),
}

/// The place of one connection, as both sides of it see it: whoever answers, and whoever needs places.
#[derive(Debug)]
pub(super) struct Seat {
    standing: Mutex<Standing>,
    /// Told each time the connection begins to wait.
    waits: Arc<Notify>,
}

/// While this lives, a request of the connection is being answered.
#[derive(Debug)]
pub(super) struct Answering(Arc<Seat>);

impl Seat {
    /// The place of a connection that is accepted at this moment. `waits` is told whenever it could be given away anew.
    pub(super) fn new(waits: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            standing: Mutex::new(Standing::Waiting(Instant::now())),
            waits,
        })
    }

    /// Begins to answer a request.
    pub(super) fn answering(seat: &Arc<Self>) -> Answering {
        *seat.lock() = Standing::Answering;
        Answering(Arc::clone(seat))
    }

    /// Since when nothing is owed to the reader, if that is so.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        match *self.lock() {
            Standing::Waiting(since) => Some(since),
            Standing::Answering | Standing::Answered => None,
        }
    }

    /// Notes that all there was to send is sent; whether the wait for the next request begins with that.
    pub(super) fn sent(&self) -> bool {
        let mut standing = self.lock();
        if *standing != Standing::Answered {
            return false;
        }
        *standing = Standing::Waiting(Instant::now());
        drop(standing);
        self.waits.notify_one();
        true
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        *self.0.lock() = Standing::Answered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_place_is_to_be_had_only_while_nothing_is_owed() {
        let waits = Arc::new(Notify::new());
        let seat = Seat::new(Arc::clone(&waits));
        let began = seat.waiting_since();
        assert!(began.is_some(), "a newcomer has asked nothing");
        assert!(!seat.sent(), "there was nothing to send");
        assert_eq!(seat.waiting_since(), began);

        let answering = Seat::answering(&seat);
        assert!(!seat.sent() && seat.waiting_since().is_none());
        drop(answering);
        assert_eq!(seat.waiting_since(), None, "the answer is on its way");

        assert!(seat.sent());
        waits.notified().await;
        assert!(!seat.sent(), "it is waiting already");
        assert!(seat.waiting_since() > began, "it waits anew");
    }
}
