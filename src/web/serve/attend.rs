//! Readers who take their time to ask, and readers who speak something else.

use std::{
    future::Future as _,
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::seat::Seat;

/// What a reader is told whose request has begun and never ends.
const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\n\
    content-type: text/plain; charset=utf-8\r\n\
    cache-control: no-store\r\n\
    connection: close\r\n\
    content-length: 44\r\n\r\n\
    this request did not arrive within its time\n";

/// How a reader begins who knows beforehand that we speak HTTP/2 (RFC 9113 §3.4), which we do not.
const HTTP_2: &[u8] = b"PRI * HTTP/2";
/// What they are told in their own language: an empty SETTINGS frame, and a GOAWAY for the reason `HTTP_1_1_REQUIRED`
/// (RFC 9113 §6.8, §7).
const HTTP_1_1_REQUIRED: &[u8] = b"\0\0\0\x04\0\0\0\0\0\
    \0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0d";

/// How long a reader may take to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patience {
    /// From the first byte of a request, or from the start of a connection, to the end of the request's header.
    pub(super) header: Duration,
    /// Between two requests.
    pub(super) idle: Duration,
}

/// What a connection that is owed nothing is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// Its very first byte.
    First,
    /// The rest of a header.
    Rest,
    /// Another request.
    Another,
}

/// A stream that ends when its reader takes too long to ask.
///
/// It is told by its [`Seat`] whether a request is being answered, and tells it when all is sent and the wait for the next
/// request begins.
#[derive(Debug)]
pub(super) struct Attended<S> {
    stream: S,
    seat: Arc<Seat>,
    patience: Patience,
    wait: Wait,
    /// When the wait is over.
    deadline: Instant,
    /// Set to the deadline or to an earlier one: moving it with every request would cost more than to look twice.
    timer: Pin<Box<Sleep>>,
}

impl<S: AsyncWrite + Unpin> Attended<S> {
    /// Waits for requests on `stream`, whose place is `seat`, no longer than `patience`.
    pub(super) fn new(stream: S, seat: Arc<Seat>, patience: Patience) -> Self {
        Self {
            stream,
            seat,
            patience,
            wait: Wait::First,
            deadline: Instant::now() + patience.header,
            timer: Box::pin(sleep(patience.header)),
        }
    }

    fn wait_for(&mut self, what: Wait, patience: Duration) {
        self.wait = what;
        self.deadline = Instant::now() + patience;
    }

    /// Takes note of what has been heard.
    fn heard(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> io::Result<()> {
        if self.wait == Wait::First && bytes.starts_with(HTTP_2) {
            self.say(cx, HTTP_1_1_REQUIRED);
            let fact = "the reader speaks HTTP/2 without having asked whether we do";
            return Err(io::Error::new(io::ErrorKind::Unsupported, fact));
        }
        if self.wait != Wait::Rest {
            self.wait_for(Wait::Rest, self.patience.header);
        }
        Ok(())
    }

    /// Ready when the reader has taken too long.
    fn poll_overdue(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.deadline < self.timer.deadline() {
            self.timer.as_mut().reset(self.deadline);
        }
        loop {
            ready!(self.timer.as_mut().poll(cx));
            if self.deadline <= self.timer.deadline() {
                return Poll::Ready(());
            }
            let deadline = self.deadline;
            self.timer.as_mut().reset(deadline);
        }
    }

    /// Sends last words, if there is room for them.
    fn say(&mut self, cx: &mut Context<'_>, words: &[u8]) {
        _ = Pin::new(&mut self.stream).poll_write(cx, words);
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Attended<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buffer) {
            let bytes = &buffer.filled()[before..];
            let read = match read {
                Ok(()) if !bytes.is_empty() => self.heard(cx, bytes),
                read => read,
            };
            return Poll::Ready(read);
        }
        self.seat.has_read();
        if self.seat.waiting_since().is_none() {
            return Poll::Pending;
        }
        ready!(self.poll_overdue(cx));
        if self.wait == Wait::Rest {
            self.say(cx, TOO_SLOW);
            let fact = "the reader did not end its request";
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, fact)));
        }
        // As if the reader had left.
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Attended<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if self.seat.has_sent() {
            let idle = self.patience.idle;
            self.wait_for(Wait::Another, idle);
            // Hyper has read all there was before it answered, and reads again only when it is woken.
            _ = self.poll_overdue(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
