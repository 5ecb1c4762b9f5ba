//! Webhooks over the real server: what callers are told, and how often the upstream is asked then, counted.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use calbridge::sandbox::prospero::{Fault, Lasting, RetryAfter, Route, Running};
use reqwest::{Method, StatusCode};

use support::{
    PATIENCE,
    bridge::{Bridge, folder},
    reader::{Answer, Reader},
    upstream::{FEED, Wiring, assert_calls, called, evenings, event, start},
};

/// The secret of the webhook.
const SECRET: &str = "d0d9f0b7a6c14e5f8a3b";
/// Where the upstream calls.
const HOOK: &str = "/hooks/stage/d0d9f0b7a6c14e5f8a3b";

/// A server that has polled once, and would not do so again for an hour.
struct Hooked {
    upstream: Running,
    bridge: Bridge,
    reader: Reader,
}

impl Hooked {
    async fn begin() -> Self {
        let upstream = start(evenings()).await;
        let wiring = Wiring {
            refresh: "1h".to_owned(),
            source: "webhook = { env = \"STAGE_HOOK\" }\ntimeout = \"5s\"".to_owned(),
            ..Wiring::default()
        };
        let dir = folder(&wiring.text(&upstream));
        let environment = [("STAGE_HOOK", SECRET), ("CALBRIDGE_LOG", "trace")];
        let bridge = Bridge::start(&dir, &["serve"], &environment).await;
        let reader = bridge.reader();
        assert_eq!(reader.get(FEED).await.titles().len(), 5);
        assert_calls(&upstream, [1, 0, 1, 1], "the first poll");
        Self {
            upstream,
            bridge,
            reader,
        }
    }

    async fn call(&self, body: Vec<u8>) {
        let answer = self.reader.post(HOOK, body).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.len() < 10, "{answer:?}");
    }

    /// Waits for the poll of this number, and fails if there were more.
    async fn polled(&self, number: u64, row: &str) {
        called(&self.upstream, Route::Archive, number).await;
        assert_calls(&self.upstream, [1, 0, number, number], row);
    }
}

#[tokio::test]
async fn a_thousand_calls_in_one_span_cause_one_poll_that_sees_the_last_change() {
    let hooked = Hooked::begin().await;
    let mut bodies = [
        Vec::new(),
        br#"{"event":"event.updated"}"#.to_vec(),
        b"\x00\xff<html>{".to_vec(),
        vec![b'['; 3_000],
    ]
    .into_iter()
    .cycle();
    for number in 0..1_000 {
        if number == 900 {
            let encore = event(6, "Encore", "2030-11-20T01:00:00Z");
            hooked.upstream.edit(|season| season.events.push(encore));
        }
        hooked.call(bodies.next().unwrap()).await;
    }
    assert_calls(&hooked.upstream, [1, 0, 1, 1], "nothing yet");
    hooked.polled(2, "one poll").await;
    let whole = |answer: &Answer| answer.titles().len() == 6;
    hooked
        .reader
        .get_until(FEED, "shows the last change", whole)
        .await;
    // Polls are made one after another: a superfluous one would come before that of this call.
    hooked.call(vec![b'x'; 1 << 20]).await;
    hooked.polled(3, "one more").await;
    let log = hooked.bridge.log();
    assert!(!log.contains(SECRET), "the secret is in the log");
    assert!(log.contains("the webhook was called"), "{log}");
}

#[tokio::test]
async fn whoever_does_not_know_the_secret_sees_a_path_that_does_not_exist() {
    let hooked = Hooked::begin().await;
    for method in [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ] {
        let ask = async |path: &str| hooked.reader.ask(method.clone(), path, &[]).await;
        let unknown = ask("/no/such/path").await;
        let mut paths = vec![
            "/hooks/stage/d0d9f0b7a6c14e5f8a3c",
            "/hooks/stage/d0d9f0b7a6c14e5f8a3",
            "/hooks/stage/x",
            "/hooks/stage/%FF",
            "/hooks/pit/d0d9f0b7a6c14e5f8a3b",
            "/hooks/STAGE/d0d9f0b7a6c14e5f8a3b",
            "/hooks/stage/d0d9f0b7a6c14e5f8a3b/",
            "/hooks/stage",
        ];
        if method != Method::POST {
            paths.push(HOOK);
        }
        for path in paths {
            assert_eq!(ask(path).await, unknown, "{method} {path}");
        }
    }
    let refused = hooked
        .reader
        .post("/hooks/stage/x", vec![b'x'; 60_000])
        .await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    // None of all these was a call: the one poll there is was made by this one.
    hooked.call(Vec::new()).await;
    hooked.polled(2, "one poll").await;
}

#[tokio::test]
async fn a_call_whose_body_is_no_webhook_s_is_told_so_and_counts_all_the_same() {
    let hooked = Hooked::begin().await;
    let declared = "Content-Length: 8388609\r\n\r\n".to_owned();
    let chunk = "a".repeat(1 << 20);
    let endless = format!("100000\r\n{chunk}\r\n").repeat(9);
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{endless}0\r\n\r\n");
    let trickling = "Content-Length: 5\r\n\r\nhe".to_owned();
    for (number, (status, request)) in [("413", declared), ("413", chunked), ("408", trickling)]
        .into_iter()
        .enumerate()
    {
        let address = hooked.bridge.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!("POST {HOOK} HTTP/1.1\r\nHost: x\r\n");
        // It may be cut off before it has sent everything.
        _ = stream.write_all(format!("{head}{request}").as_bytes());
        let mut line = [0; 12];
        stream.read_exact(&mut line).unwrap();
        let line = String::from_utf8_lossy(&line);
        assert_eq!(line, format!("HTTP/1.1 {status}"), "row {number}");
        hooked.polled(number as u64 + 2, status).await;
    }
}

#[tokio::test]
async fn calls_do_not_shorten_the_rest_an_upstream_asked_for() {
    let hooked = Hooked::begin().await;
    let rest = Fault::TooMany(Some(RetryAfter::Seconds(50)));
    hooked
        .upstream
        .fault(Route::Events, rest, Lasting::UntilCleared);
    hooked.call(Vec::new()).await;
    hooked.bridge.logged("poll failed", 1).await;
    let events = hooked.upstream.calls(Route::Events);
    for _ in 0..100 {
        hooked.call(Vec::new()).await;
    }
    hooked.bridge.logged("asked for 50s of rest", 1).await;
    assert_eq!(hooked.upstream.calls(Route::Events), events);
}
