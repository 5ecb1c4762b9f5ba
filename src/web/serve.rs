//! The server: accepts connections, bounds what each may cost, and ends without cutting anybody off.

mod attend;
mod door;
mod front;
mod room;
mod seat;

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use axum::http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use tokio::{net::TcpListener, time::timeout};

use super::{site::Site, stall::Unstalled};

use attend::{Attended, Patience};
use door::Door;
use front::Front;
use room::Room;
use seat::Seat;

/// What one reader, and all of them together, may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once. The next one gets the place of one that is owed nothing, or waits.
    pub connections: usize,
    /// How many of them one address may have, or one /64 of IPv6. Private addresses, where proxies are, may have all.
    pub from_one_place: usize,
    /// How long a connection may wait for a request before it gives its place to another.
    pub grace: Duration,
    /// From the first byte of a request to the end of its header; more is answered with 408.
    pub header_read: Duration,
    /// How long a connection may rest between two requests.
    pub idle: Duration,
    /// How long an answer may wait for its reader to take any of it.
    pub write_stall: Duration,
    /// Request line and header fields, in bytes; more is answered with 431.
    pub header_bytes: usize,
    /// Path and query, in bytes; more is answered with 414.
    pub uri_bytes: usize,
    /// How long an answer may take to make; then the reader is told to come back.
    pub answer: Duration,
    /// How long open requests may still take once the server stops.
    pub drain: Duration,
}

/// Files that a server needs beside its connections: the store, the upstreams, the tz database.
const OTHER_FILES: usize = 124;

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Below the 1,024 open files that a process commonly may have, with room for the store and the upstreams.
            connections: 1_024 - OTHER_FILES,
            from_one_place: 100,
            // Longer than a request is on its way round the world.
            grace: Duration::from_millis(500),
            header_read: Duration::from_secs(15),
            // Longer than proxies keep theirs, so that they never send a request into a connection that is just closed.
            idle: Duration::from_secs(75),
            write_stall: Duration::from_secs(30),
            header_bytes: 16 * 1024,
            // RFC 9112 §3 asks for 8,000 at least.
            uri_bytes: 8_000,
            // Longer than a first reader waits for a source, shorter than calendars wait (interop H16).
            answer: Duration::from_secs(28),
            drain: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// What operators may cost, who are few and in the same house.
    #[must_use]
    pub fn of_operators() -> Self {
        Self {
            connections: 20,
            drain: Duration::from_secs(2),
            ..Self::default()
        }
    }

    /// The same for a process that may have only so many open files, however few they are.
    #[must_use]
    pub fn within(self, files: usize) -> Self {
        let room = files.saturating_sub(OTHER_FILES.min(files / 2)).max(1);
        Self {
            connections: self.connections.min(room),
            ..self
        }
    }

    const fn patience(&self) -> Patience {
        Patience {
            header: self.header_read,
            idle: self.idle,
        }
    }
}

/// Serves `site` over HTTP/1.1 until `stop` resolves; then refuses new connections, lets open requests finish for at most
/// `limits.drain`, and drops the rest.
pub async fn serve(
    listener: TcpListener,
    site: impl Into<Site>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let site = site.into();
    let front = Arc::new(Front::new(site.clone(), limits));
    let mut http = http1::Builder::new();
    // The time for a header is kept by `Attended`: hyper's would count an idle connection as waiting for one.
    http.header_read_timeout(None)
        .max_header_size(limits.header_bytes);
    let open = GracefulShutdown::new();
    let mut room = Room::new(&limits);
    let mut door = Door::new(listener);
    let mut stop = pin!(stop);
    loop {
        let (stream, origin) = tokio::select! {
            biased;
            () = &mut stop => break,
            next = door.next(&mut room) => next,
        };
        let (seat, visit) = (room.seat(), site.enter());
        let stream = Unstalled::new(stream, limits.write_stall);
        let stream = Attended::new(stream, Arc::clone(&seat), limits.patience());
        let (front, asked) = (Arc::clone(&front), Arc::clone(&seat));
        let answer = service_fn(move |request: Request<Incoming>| {
            let (front, answering) = (Arc::clone(&front), Seat::answering(&asked));
            async move {
                let answer = front.answer(origin, request).await;
                Ok::<_, Infallible>(answering.end(answer))
            }
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), answer));
        room.take(seat, origin, async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended early");
            }
            drop(visit);
        });
    }
    drop(door);
    if timeout(limits.drain, open.shutdown()).await.is_err() {
        tracing::warn!(
            open = room.taken(),
            "drain time is over, dropping open connections"
        );
    }
    room.close().await;
}
