//! A response body that comes in pieces with pauses between.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

/// How many pieces a body comes in.
const PIECES: usize = 8;

/// The body; its length is known from the start.
pub(super) struct Drip {
    rest: Bytes,
    piece: usize,
    pause: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl Drip {
    /// `body` with `pause` before each of its pieces.
    pub(super) fn new(body: Bytes, pause: Duration) -> Self {
        Self {
            piece: body.len().div_ceil(PIECES).max(1),
            rest: body,
            pause,
            sleep: Box::pin(tokio::time::sleep(pause)),
        }
    }
}

impl HttpBody for Drip {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.sleep.as_mut().poll(cx));
        self.sleep = Box::pin(tokio::time::sleep(self.pause));
        let piece = self.piece.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, task::Waker};

    use super::*;

    #[tokio::test]
    async fn a_body_comes_whole_in_eight_pieces() {
        for (length, pieces) in [(0, 0), (1, 1), (8, 8), (100, 8), (1_000_000, 8)] {
            let whole = Bytes::from(vec![7; length]);
            let mut drip = Box::pin(Drip::new(whole.clone(), Duration::ZERO));
            assert_eq!(drip.size_hint().exact(), Some(length as u64));
            let mut came = Vec::new();
            while let Some(frame) = poll_fn(|cx| drip.as_mut().poll_frame(cx)).await {
                came.push(frame.unwrap().into_data().unwrap());
            }
            assert_eq!(
                (came.len(), came.concat()),
                (pieces, whole.to_vec()),
                "{length}"
            );
        }
    }

    #[tokio::test]
    async fn nothing_comes_before_its_pause_is_over() {
        let mut drip = Box::pin(Drip::new(
            Bytes::from_static(b"body"),
            Duration::from_hours(1),
        ));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(drip.as_mut().poll_frame(&mut cx).is_pending());
    }
}
