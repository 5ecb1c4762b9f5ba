//! The server: accepts connections, bounds what each may cost, and ends without cutting anybody off.

use std::{convert::Infallible, io, pin::pin, sync::Arc, time::Duration};

use axum::http::{Request, StatusCode, Uri};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{plain::plain, site::Site, stall::Unstalled};

/// How long accepting rests after an error that the next connection would meet too.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What one reader, and all of them together, may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once; the next ones wait in the kernel's queue.
    pub connections: usize,
    /// From the first byte a connection could send to the end of its request's header; an idle connection lives as long.
    pub header_read: Duration,
    /// How long an answer may wait for its reader to take any of it.
    pub write_stall: Duration,
    /// Request line and header fields, in bytes; more is answered with 431.
    pub header_bytes: usize,
    /// Path and query, in bytes; more is answered with 414.
    pub uri_bytes: usize,
    /// How long open requests may still take once the server stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Below the 1,024 open files that a process commonly may have, with room for the store and the upstreams.
            connections: 900,
            header_read: Duration::from_secs(30),
            write_stall: Duration::from_secs(30),
            header_bytes: 16 * 1024,
            // RFC 9112 §3 asks for 8,000 at least.
            uri_bytes: 8_000,
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
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()) // Without a timer hyper ignores the time-out below.
        .header_read_timeout(limits.header_read)
        .max_header_size(limits.header_bytes);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, slot) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let stream = TokioIo::new(Unstalled::new(stream, limits.write_stall));
        let (site, visit) = (site.clone(), site.enter());
        let answer = service_fn(move |request: Request<Incoming>| {
            let answer = fits(request.uri(), limits.uri_bytes);
            let answer = answer.then(|| site.answer(request));
            async {
                Ok::<_, Infallible>(match answer {
                    Some(answer) => answer.await,
                    None => plain(StatusCode::URI_TOO_LONG, "this address is too long"),
                })
            }
        });
        let connection = open.watch(http.serve_connection(stream, answer));
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended early");
            }
            drop((slot, visit));
        });
        // Otherwise the set would keep the result of every connection there ever was.
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    if timeout(limits.drain, open.shutdown()).await.is_err() {
        tracing::warn!(
            open = connections.len(),
            "drain time is over, dropping open connections"
        );
    }
    connections.shutdown().await;
}

/// The next connection, and its place among those that may be open.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    let slot = Arc::clone(slots);
    let slot = slot
        .acquire_owned()
        .await
        .expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "cannot switch off the delay of small packets");
                }
                return (stream, slot);
            }
            Err(error) if concerns_one_connection(&error) => {
                tracing::debug!(%error, "a connection was gone before it was accepted");
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections, trying again shortly");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether only the connection at hand failed. Others, such as too many open files, last, and trying at once would spin.
fn concerns_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    )
}

fn fits(uri: &Uri, bytes: usize) -> bool {
    uri.path_and_query()
        .is_none_or(|path| path.as_str().len() <= bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepting_rests_only_after_errors_that_last() {
        // Linux numbers of EMFILE, ENFILE, ENOBUFS, ENOMEM; ECONNABORTED, ECONNRESET, EINTR.
        for (number, passes) in [
            (24, false),
            (23, false),
            (105, false),
            (12, false),
            (103, true),
            (104, true),
            (4, true),
        ] {
            let error = io::Error::from_raw_os_error(number);
            assert_eq!(concerns_one_connection(&error), passes, "{error}");
        }
    }

    #[test]
    fn an_address_is_measured_with_its_query_and_without_its_host() {
        for (uri, fit) in [
            ("/12345678", true),
            ("/1234?678", true),
            ("/123456789", false),
            ("http://h.example/2345678", true),
        ] {
            assert_eq!(fits(&uri.parse().unwrap(), 9), fit, "{uri}");
        }
    }
}
