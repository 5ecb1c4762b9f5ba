//! The place of one connection: what it owes and is owed, as far as those who want a place have to know.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use tokio::time::Instant;

/// How a connection stands with its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It has just come in, and what came with it is not read yet.
    New,
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
    /// Whether somebody stands at the door for whom there is no place.
    wanted: Arc<AtomicBool>,
}

/// While this lives, a request of the connection is being answered.
#[derive(Debug)]
pub(super) struct Answering(Arc<Seat>);

impl Seat {
    /// The place of a connection that has just come in; `wanted` tells whether places are.
    pub(super) fn new(wanted: Arc<AtomicBool>) -> Arc<Self> {
        Arc::new(Self {
            standing: Mutex::new(Standing::New),
            wanted,
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
            Standing::New | Standing::Answering | Standing::Answered => None,
        }
    }

    /// Notes that all that has come is read.
    pub(super) fn has_read(&self) {
        self.wait_after(Standing::New);
    }

    /// Notes that all there was to send is sent; whether the wait for the next request begins with that.
    pub(super) fn has_sent(&self) -> bool {
        self.wait_after(Standing::Answered)
    }

    fn wait_after(&self, before: Standing) -> bool {
        let mut standing = self.lock();
        let begins = *standing == before;
        if begins {
            *standing = Standing::Waiting(Instant::now());
        }
        begins
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answering {
    /// Hands `answer` over, the last one on this connection if its place is wanted.
    pub(super) fn end(self, mut answer: Response) -> Response {
        if self.0.wanted.load(Ordering::Relaxed) {
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(header::CONNECTION, close);
        }
        answer
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

    #[test]
    fn a_place_is_to_be_had_only_while_nothing_is_owed_or_on_its_way() {
        let seat = Seat::new(Arc::default());
        assert!(!seat.has_sent(), "there was nothing to send");
        assert_eq!(seat.waiting_since(), None, "its request may have come");
        seat.has_read();
        let began = seat.waiting_since();
        assert!(began.is_some(), "it has not");
        seat.has_read();
        assert!(!seat.has_sent(), "it is waiting already");
        assert_eq!(seat.waiting_since(), began);

        let answering = Seat::answering(&seat);
        assert!(!seat.has_sent() && seat.waiting_since().is_none());
        drop(answering);
        seat.has_read();
        assert_eq!(seat.waiting_since(), None, "the answer is on its way");
        assert!(seat.has_sent());
        assert!(seat.waiting_since() > began, "it waits anew");
    }
}
