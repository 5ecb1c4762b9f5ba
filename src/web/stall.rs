//! Connections whose readers stopped reading.

use std::{
    future::Future as _,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// A stream that fails with [`io::ErrorKind::TimedOut`] once a write has made no progress for `patience`.
///
/// The time is that between two writes, not that of the whole answer: a slow line may take as long as it needs, and how slow
/// is bounded, since the kernel reports room only when a good part of its buffer is free. Reading is not timed here; hyper
/// times the header, and nothing else is read.
#[derive(Debug)]
pub struct Unstalled<S> {
    stream: S,
    patience: Duration,
    /// Runs while a write waits; made only then, so that connections that never block pay nothing.
    stall: Option<Pin<Box<Sleep>>>,
}

impl<S> Unstalled<S> {
    /// Gives writes to `stream` at most `patience` without progress.
    pub const fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            stall: None,
        }
    }

    /// Passes on what became of a write: progress ends the stall, waiting begins one or goes on with it.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stall = None;
            return outcome;
        }
        let patience = self.patience;
        let stall = self.stall.get_or_insert_with(|| Box::pin(sleep(patience)));
        stall.as_mut().poll(cx).map(|()| {
            let fact = format!("the reader took nothing for {patience:?}");
            Err(io::Error::new(io::ErrorKind::TimedOut, fact))
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unstalled<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unstalled<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, outcome)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::{Interval, interval};

    use super::*;

    /// Takes one byte each time its clock ticks; without a clock it takes none, ever.
    struct Trickle(Option<Interval>);

    impl AsyncWrite for Trickle {
        fn poll_write(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let Some(ticks) = &mut self.0 else {
                return Poll::Pending;
            };
            ticks.poll_tick(cx).map(|_| Ok(bytes.len().min(1)))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_write_flush_or_shutdown_that_never_moves_is_given_up() {
        let mut stream = Unstalled::new(Trickle(None), Duration::from_millis(20));
        let write = poll_fn(|cx| Pin::new(&mut stream).poll_write(cx, b"x")).await;
        assert_eq!(write.unwrap_err().kind(), io::ErrorKind::TimedOut);

        let mut stream = Unstalled::new(Trickle(None), Duration::from_millis(20));
        let flush = poll_fn(|cx| Pin::new(&mut stream).poll_flush(cx)).await;
        assert_eq!(
            flush.unwrap_err().to_string(),
            "the reader took nothing for 20ms"
        );

        let mut stream = Unstalled::new(Trickle(None), Duration::from_millis(20));
        let shutdown = poll_fn(|cx| Pin::new(&mut stream).poll_shutdown(cx)).await;
        assert_eq!(shutdown.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_reader_that_is_slow_but_steady_is_never_given_up() {
        let patience = Duration::from_millis(200);
        let began = tokio::time::Instant::now();
        let mut stream = Unstalled::new(Trickle(Some(interval(patience / 20))), patience);
        while began.elapsed() < 2 * patience {
            let written = poll_fn(|cx| Pin::new(&mut stream).poll_write(cx, b"body")).await;
            assert_eq!(written.unwrap(), 1);
        }
    }
}
