//! Servers that break the rules of HTTP, on bare sockets.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use tokio::{sync::mpsc, task::JoinSet};

use super::*;
use crate::api::{Refusal, Setback};

/// A server that hands each connection to `serve`, and counts them. Its thread ends with the test's process.
struct Rogue {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Rogue {
    fn start(mut serve: impl FnMut(TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                serve(stream.unwrap());
            }
        });
        Self { port, connections }
    }

    /// A server that answers with `bytes` and hangs up.
    fn answering(bytes: &'static [u8]) -> Self {
        Self::start(move |mut stream| {
            hear(&mut stream);
            // The client may have gone already.
            let _gone = stream.write_all(bytes);
        })
    }

    /// A server that answers with `bytes` and then says nothing more, with the line held open.
    fn hanging(bytes: &'static [u8]) -> Self {
        let mut held = Vec::new();
        Self::start(move |mut stream| {
            hear(&mut stream);
            stream.write_all(bytes).unwrap();
            held.push(stream);
        })
    }

    fn base(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn hear(stream: &mut TcpStream) {
    assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
}

fn setback(got: Result<Value, ApiError>) -> Setback {
    match got {
        Err(ApiError::Unavailable { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_body_cut_off_by_the_connection_is_asked_for_again() {
    let rogue = Rogue::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"events\":[");
    let got = setback(get_events(&api(limits()), &rogue.base("http")).await);
    assert!(matches!(got, Setback::Broken(_)), "{got:?}");
    assert_eq!(rogue.connections(), 3);
}

#[tokio::test]
async fn a_chunked_body_cut_off_by_the_connection_is_asked_for_again() {
    let rogue = Rogue::answering(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n{\"events\r\n",
    );
    let got = setback(get_events(&api(limits()), &rogue.base("http")).await);
    assert!(matches!(got, Setback::Broken(_)), "{got:?}");
    assert_eq!(rogue.connections(), 3);
}

#[tokio::test]
async fn a_compressed_body_cut_off_by_the_connection_is_asked_for_again() {
    let rogue = Rogue::answering(
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03",
    );
    let got = setback(get_events(&api(limits()), &rogue.base("http")).await);
    assert!(matches!(got, Setback::Broken(_)), "{got:?}");
    assert_eq!(rogue.connections(), 3);
}

#[tokio::test]
async fn a_connection_that_is_dropped_is_tried_again() {
    let rogue = Rogue::start(drop);
    let got = setback(get_events(&api(limits()), &rogue.base("http")).await);
    assert!(matches!(got, Setback::Broken(_)), "{got:?}");
    assert_eq!(rogue.connections(), 3);
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let got = setback(get_events(&api(limits()), &base).await);
    assert!(matches!(got, Setback::NoConnection(_)), "{got:?}");
}

#[tokio::test]
async fn silence_ends_by_the_shortest_limit_that_applies() {
    let (short, long) = (Duration::from_millis(100), Duration::from_secs(30));
    let head: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    for (bytes, read, attempt, total, connections) in [
        (&b""[..], short, long, long, 3),
        (head, short, long, long, 3),
        (b"", long, short, long, 3),
        (head, long, short, long, 3),
        (b"", long, long, short, 1),
        (head, long, long, short, 1),
    ] {
        let rogue = Rogue::hanging(bytes);
        let api = api(Limits {
            read,
            attempt,
            total,
            ..limits()
        });
        let got = setback(get_events(&api, &rogue.base("http")).await);
        let row = (bytes.len(), read, attempt, total);
        assert!(
            matches!(got, Setback::TimedOut(limit) if limit <= short),
            "{row:?}: {got:?}"
        );
        assert_eq!(rogue.connections(), connections, "{row:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_left_at_the_cap() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let rogue = Rogue::start(move |mut stream| {
        hear(&mut stream);
        let mut written = 0;
        let blanks = vec![b' '; 1 << 16];
        let mut piece: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";
        while written < 1 << 30 && stream.write_all(piece).is_ok() {
            written += piece.len();
            piece = &blanks;
        }
        tell.send(written).unwrap();
    });
    let api = api(Limits {
        body: 1 << 16,
        ..limits()
    });
    let error = get_events(&api, &rogue.base("http")).await.unwrap_err();
    assert!(
        matches!(error, ApiError::TooLarge { limit: 65_536, .. }),
        "{error:?}"
    );
    // What the sockets' buffers hold was written, too.
    let written = told.recv().await.unwrap();
    assert!(written < 64 << 20, "{written}");
    assert_eq!(rogue.connections(), 1);
}

#[tokio::test]
async fn an_announced_length_past_the_cap_is_not_read_at_all() {
    let rogue = Rogue::hanging(b"HTTP/1.1 200 OK\r\ncontent-length: 8388609\r\n\r\n");
    let error = get_events(&api(limits()), &rogue.base("http"))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ApiError::TooLarge {
                limit: 8_388_608,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn tls_that_fails_is_refused_and_not_tried_again() {
    for (name, bytes) in [
        (
            "fatal alert: bad certificate",
            &b"\x15\x03\x03\x00\x02\x02\x2a"[..],
        ),
        ("no TLS", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    ] {
        let rogue = Rogue::answering(bytes);
        match get_events(&api(limits()), &rogue.base("https")).await {
            Err(ApiError::Refused {
                why: Refusal::Tls(_),
                ..
            }) => {}
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(rogue.connections(), 1, "{name}");
    }
}

#[tokio::test]
async fn no_more_calls_are_in_flight_than_the_limit() {
    let (active, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (both, peak) = (Arc::new(Barrier::new(2)), Arc::clone(&most));
    // Answers only once two calls are there, so the test ends only if two may be.
    let rogue = Rogue::start(move |mut stream| {
        let (active, peak, both) = (Arc::clone(&active), Arc::clone(&peak), Arc::clone(&both));
        thread::spawn(move || {
            hear(&mut stream);
            peak.fetch_max(active.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            both.wait();
            active.fetch_sub(1, Ordering::SeqCst);
            let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}";
            stream.write_all(answer).unwrap();
        });
    });
    let api = Arc::new(api(many(2)));
    let mut calls = JoinSet::new();
    for _ in 0..8 {
        let (api, base) = (Arc::clone(&api), rogue.base("http"));
        calls.spawn(async move { get_events(&api, &base).await });
    }
    for got in calls.join_all().await {
        got.unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), 2);
}
