//! The server on the wire: what readers get, and what it costs others when one of them misbehaves.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use axum::{Router, http::HeaderMap, routing::get};
use calbridge::{
    domain::text::Line,
    feed::{State, coding::Coding, document::Document, file_name::FileName},
    format::ics::Checked,
    web::{
        cache_policy::CachePolicy,
        respond::{Disposition, Terms, respond},
        serve::{Limits, serve},
    },
};
use tokio::sync::{Semaphore, oneshot};

/// Ends a test that would hang; nothing waits for it when all is well.
const PATIENCE: Duration = Duration::from_secs(20);
/// A limit short enough to wait for.
const SOON: Duration = Duration::from_millis(150);

/// A request after which the connection stays open.
const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A server on a free loopback port.
struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(app: Router, limits: Limits) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (bound, binding) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                bound.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, app, limits, async { stopped.await.unwrap_or(()) }).await;
            });
        });
        Self {
            address: binding.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends `request` on a connection of its own and reads until the server closes it.
    #[track_caller]
    fn exchange(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        rest(stream)
    }

    fn signal_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    fn wait(mut self) {
        self.thread.take().unwrap().join().unwrap();
    }

    /// Returns once the server listens no more.
    fn wait_until_refused(&self) {
        while TcpStream::connect(self.address).is_ok() {
            thread::yield_now();
        }
    }
}

/// All that still comes before the server closes the connection.
#[track_caller]
fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// One answer without a body, from a connection that stays open.
#[track_caller]
fn head(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    String::from_utf8(answer).unwrap()
}

/// One answer with a body as long as it says, from a connection that stays open.
#[track_caller]
fn answer(stream: &mut TcpStream) -> String {
    let mut answer = head(stream);
    let length = answer
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    answer += str::from_utf8(&body).unwrap();
    answer
}

/// The header lines of an answer without those that move with time.
fn lines(answer: &str) -> Vec<&str> {
    let (head, _) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head
        .split("\r\n")
        .filter(|line| !line.starts_with("date: "))
        .collect();
    lines[1..].sort_unstable();
    lines
}

fn limits() -> Limits {
    Limits {
        header_read: PATIENCE,
        idle: PATIENCE,
        write_stall: PATIENCE,
        drain: PATIENCE,
        ..Limits::default()
    }
}

fn greeting() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

/// One feed of so many events at `/season.ics`, an hour after its last change.
fn season(events: usize) -> Router {
    let day =
        "UID:1\r\nDTSTAMP:20261120T080509Z\r\nDTSTART;VALUE=DATE:20261121\r\nSUMMARY:Rehearsal\r\n";
    let event = format!("BEGIN:VEVENT\r\n{day}END:VEVENT\r\n");
    let body = format!(
        "BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n",
        event.repeat(events)
    );
    let body = Checked::new(body.into_bytes(), events).unwrap();
    let name = FileName::new("season", &Line::new("Season"), "ics");
    let changed = "2026-11-20T08:05:09Z".parse().unwrap();
    let now = "2026-11-20T09:05:09Z".parse().unwrap();
    let document = Arc::new(Document::new(body, name, changed));
    let terms = Terms {
        policy: CachePolicy::Public,
        disposition: Disposition::Inline,
        codings: &Coding::ALL,
        state: State::Fresh,
        age: None,
    };
    let feed =
        get(move |headers: HeaderMap| async move { respond(&document, &headers, &terms, now) });
    Router::new().route("/season.ics", feed)
}

/// A route whose answers each take a permit of `go`, and that says on `asked` when it was asked.
fn waiting(asked: mpsc::Sender<()>, go: Arc<Semaphore>) -> Router {
    let answer = get(move || async move {
        asked.send(()).unwrap();
        go.acquire().await.unwrap().forget();
        "done"
    });
    Router::new().route("/", answer)
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let server = Server::start(season(100), limits());
    for extra in ["", "Accept-Encoding: gzip\r\n", "Accept-Encoding: br\r\n"] {
        let ask = |method| {
            format!("{method} /season.ics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{extra}\r\n")
        };
        let mut stream = server.connect();
        stream.write_all(ask("GET").as_bytes()).unwrap();
        let mut get = Vec::new();
        stream.read_to_end(&mut get).unwrap();
        let end = get.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
        let get_head = str::from_utf8(&get[..end]).unwrap();
        let length = format!("content-length: {}", get.len() - end);
        assert!(
            lines(get_head).contains(&length.as_str()),
            "{extra:?}: {get_head}"
        );

        let head = server.exchange(&ask("HEAD"));
        assert_eq!(lines(&head), lines(get_head), "{extra:?}");
        assert!(head.ends_with("\r\n\r\n"), "{extra:?}");
    }
}

#[test]
fn a_304_has_no_length_and_leaves_the_connection_open() {
    let server = Server::start(season(100), limits());
    let mut stream = server.connect();
    for method in ["GET", "HEAD", "GET"] {
        let ask = format!("{method} /season.ics HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n");
        stream.write_all(ask.as_bytes()).unwrap();
        let answer = head(&mut stream);
        let names: Vec<_> = lines(&answer)
            .iter()
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect();
        assert_eq!(
            names,
            [
                "HTTP/1.1 304 Not Modified",
                "access-control-allow-origin",
                "cache-control",
                "etag",
                "last-modified",
                "vary",
                "x-calbridge-state"
            ],
            "{method}"
        );
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let app =
        Router::new().route(
            "/{name}",
            get(
                |axum::extract::Path(name): axum::extract::Path<String>| async move {
                    format!("<{name}>")
                },
            ),
        );
    let server = Server::start(app, limits());
    let ask = |name: usize, extra: &str| format!("GET /{name} HTTP/1.1\r\nHost: x\r\n{extra}\r\n");
    let all: String =
        (0..40).map(|n| ask(n, "")).collect::<String>() + &ask(40, "Connection: close\r\n");
    let answers = server.exchange(&all);
    let names: Vec<_> = answers
        .match_indices('<')
        .map(|(at, _)| &answers[at + 1..at + 1 + answers[at + 1..].find('>').unwrap()])
        .collect();
    let want: Vec<_> = (0..=40).map(|n: usize| n.to_string()).collect();
    assert_eq!(names, want);
}

#[test]
fn garbage_and_excess_are_refused_and_the_connection_closed() {
    let limits = Limits {
        header_bytes: 2_000,
        uri_bytes: 100,
        ..limits()
    };
    let server = Server::start(greeting(), limits);
    let long_header = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "x".repeat(2_000)
    );
    let many_headers = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(150));
    let endless_header = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}", "x".repeat(3_000));
    let long_path = format!(
        "GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "x".repeat(100)
    );
    let long_query = format!(
        "GET /?{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "x".repeat(100)
    );
    for (request, status) in [
        ("\u{1}\u{2}\u{3}\r\n\r\n", "400"),
        ("GET\r\n\r\n", "400"),
        ("GET / HTTP/9.9\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", "400"),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
            "400",
        ),
        (&long_header, "431"),
        (&many_headers, "431"),
        (&endless_header, "431"),
        (&long_path, "414"),
        (&long_query, "414"),
    ] {
        let answer = server.exchange(request);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request:?} got {answer:?}"
        );
    }
    assert!(server.exchange("GET / HTTP/1.0\r\n\r\n").ends_with("hello"));
}

#[test]
fn a_header_that_never_ends_is_cut_and_so_is_a_reader_who_says_nothing() {
    let server = Server::start(
        greeting(),
        Limits {
            header_read: SOON,
            ..limits()
        },
    );
    assert_eq!(server.exchange(""), "");
    for sent in ["GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let answer = server.exchange(sent);
        assert!(answer.starts_with("HTTP/1.1 408 "), "{sent:?}: {answer:?}");
    }
    // Between two requests there is more time, so the end is that of the server.
    let mut resting = server.connect();
    resting.write_all(ASK).unwrap();
    assert!(answer(&mut resting).ends_with("hello"));
    assert_eq!(server.exchange(""), "", "the time for a header has passed");
    resting.write_all(ASK).unwrap();
    assert!(answer(&mut resting).ends_with("hello"));
}

#[test]
fn a_connection_that_rests_too_long_is_closed_without_a_word() {
    let server = Server::start(
        greeting(),
        Limits {
            idle: SOON,
            ..limits()
        },
    );
    let mut resting = server.connect();
    resting.write_all(ASK).unwrap();
    assert!(answer(&mut resting).ends_with("hello"));
    assert_eq!(rest(resting), "");
}

#[test]
fn idle_connections_give_way_to_whoever_asks() {
    let server = Server::start(
        greeting(),
        Limits {
            connections: 4,
            grace: Duration::ZERO,
            ..limits()
        },
    );
    let mut crowd = Vec::new();
    for number in 0..40 {
        let mut idle = server.connect();
        match number % 3 {
            0 => {}
            1 => idle.write_all(b"GET / HTTP/1.1\r\nHo").unwrap(),
            _ => {
                idle.write_all(ASK).unwrap();
                assert!(answer(&mut idle).ends_with("hello"));
            }
        }
        crowd.push(idle);
        let polite = server.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert!(polite.ends_with("hello"), "after {number}: {polite:?}");
    }
    assert_eq!(rest(crowd.swap_remove(0)), "", "the first had to go");
}

#[test]
fn a_reader_who_begins_with_http_2_is_refused_at_once() {
    let server = Server::start(greeting(), limits());
    let mut stream = server.connect();
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .unwrap();
    let mut frames = Vec::new();
    stream.read_to_end(&mut frames).unwrap();
    assert!(frames.ends_with(&[0, 0, 0, 0xd]), "{frames:?}");
}

#[test]
fn bodies_harm_nobody() {
    let server = Server::start(greeting(), limits());
    let close = "Host: x\r\nConnection: close\r\n";
    for (request, status) in [
        ("GET / HTTP/1.1\r\n@Content-Length: 5\r\n\r\nhello", "200"),
        ("GET / HTTP/1.1\r\n@Content-Length: 5\r\n\r\nhe", "200"),
        (
            "GET / HTTP/1.1\r\n@Content-Length: 99999999999\r\n\r\n",
            "200",
        ),
        (
            "GET / HTTP/1.1\r\n@Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            "200",
        ),
        (
            "GET / HTTP/1.1\r\n@Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "200",
        ),
        (
            "GET / HTTP/1.1\r\n@Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            "200",
        ),
        ("POST / HTTP/1.1\r\n@\r\n", "405"),
        ("POST / HTTP/1.1\r\n@Content-Length: 5\r\n\r\nhello", "405"),
        (
            "PUT / HTTP/1.1\r\n@Content-Length: 99999999999\r\n\r\nx",
            "405",
        ),
        ("GET / HTTP/1.1\r\n@Content-Length: -5\r\n\r\n", "400"),
        (
            "GET / HTTP/1.1\r\n@Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "400",
        ),
        (
            "GET / HTTP/1.1\r\n@Content-Length: 99999999999999999999999\r\n\r\n",
            "400",
        ),
        ("POST / HTTP/1.1\r\n@Transfer-Encoding: gzip\r\n\r\n", "400"),
        (
            "GET / HTTP/1.0\r\n@Transfer-Encoding: chunked\r\n\r\n",
            "400",
        ),
    ] {
        let answer = server.exchange(&request.replace('@', close));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} "))
                || answer.starts_with(&format!("HTTP/1.0 {status} ")),
            "{request:?} got {answer:?}"
        );
    }
    // What is left of a body that nobody reads is not taken for a request.
    let hidden = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 33\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    let answers = server.exchange(&format!(
        "{hidden}GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    ));
    assert_eq!(answers.matches("HTTP/1.1 404").count(), 0, "{answers}");
}

#[test]
fn a_connection_above_the_cap_waits_until_another_closes() {
    let (asked, was_asked) = mpsc::channel();
    let go = Arc::new(Semaphore::new(0));
    let server = Server::start(
        waiting(asked, Arc::clone(&go)),
        Limits {
            connections: 2,
            ..limits()
        },
    );
    let ask = || {
        let mut stream = server.connect();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        stream
    };
    let (first, second) = (ask(), ask());
    was_asked.recv_timeout(PATIENCE).unwrap();
    was_asked.recv_timeout(PATIENCE).unwrap();
    let third = ask();
    // The one thread of the server is idle now: had it a place for the third, it would have asked within this time.
    assert!(
        was_asked.recv_timeout(SOON).is_err(),
        "the third was let in"
    );

    go.add_permits(1);
    was_asked
        .recv_timeout(PATIENCE)
        .expect("the third has a place once another has left");
    go.add_permits(2);
    assert!(rest(first).ends_with("done"));
    assert!(rest(second).ends_with("done"));
    assert!(rest(third).ends_with("done"));
}

#[test]
fn a_stopped_server_refuses_newcomers_and_finishes_what_is_open() {
    let (asked, was_asked) = mpsc::channel();
    let go = Arc::new(Semaphore::new(0));
    let app = waiting(asked, Arc::clone(&go)).merge(season(1));
    let mut server = Server::start(app, limits());
    let mut open = server.connect();
    open.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    was_asked.recv_timeout(PATIENCE).unwrap();
    let mut idle = server.connect();
    idle.write_all(b"HEAD /season.ics HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    assert!(head(&mut idle).starts_with("HTTP/1.1 200 "));

    server.signal_stop();
    server.wait_until_refused();
    assert_eq!(rest(idle), "", "an idle connection is closed at once");
    go.add_permits(1);
    assert!(rest(open).ends_with("done"));
    server.wait();
}

#[test]
fn a_request_that_outlasts_the_drain_is_dropped() {
    let (asked, was_asked) = mpsc::channel();
    let never = Arc::new(Semaphore::new(0));
    let mut server = Server::start(
        waiting(asked, never),
        Limits {
            drain: SOON,
            ..limits()
        },
    );
    let mut open = server.connect();
    open.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    was_asked.recv_timeout(PATIENCE).unwrap();
    server.signal_stop();
    server.wait();
    assert_eq!(rest(open), "");
}

/// More than the kernel buffers for a reader who does not read.
const TOO_MUCH: usize = 32 << 20;

#[test]
fn a_reader_who_does_not_read_is_cut() {
    let app = Router::new().route("/", get(|| async { vec![b'x'; TOO_MUCH] }));
    let limits = Limits {
        write_stall: SOON,
        connections: 1,
        ..limits()
    };
    let server = Server::start(app, limits);
    let mut deaf = server.connect();
    deaf.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    // There is one place: whoever comes next has it only when the deaf reader has been cut.
    let next = server.exchange("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(next.starts_with("HTTP/1.1 200 "), "{next}");
    let mut got = Vec::new();
    let _ = deaf.read_to_end(&mut got);
    assert!(got.len() < TOO_MUCH, "the deaf reader was sent all of it");
}

#[test]
fn a_reader_who_pauses_longer_than_a_header_may_take_still_gets_everything() {
    let app = Router::new().route("/", get(|| async { vec![b'x'; TOO_MUCH] }));
    let server = Server::start(
        app,
        Limits {
            header_read: SOON,
            ..limits()
        },
    );
    let mut slow = server.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    let status = head(&mut slow);
    assert!(status.starts_with("HTTP/1.1 200 "), "{status}");
    // Two idle connections, one after the other, are cut: the time for a header has passed while the body waited.
    assert_eq!(rest(server.connect()), "");
    assert_eq!(rest(server.connect()), "");
    assert_eq!(rest(slow).len(), TOO_MUCH);
}

#[test]
fn a_body_is_not_waited_for() {
    let server = Server::start(greeting(), limits());
    let mut stream = server.connect();
    stream
        .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        .unwrap();
    let answer = rest(stream);
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[test]
fn a_reader_who_leaves_costs_nothing_to_the_next() {
    let server = Server::start(
        greeting(),
        Limits {
            connections: 1,
            ..limits()
        },
    );
    for _ in 0..20 {
        let mut leaving = server.connect();
        leaving.write_all(b"GET / HTTP/1.1\r\nHo").unwrap();
        leaving.shutdown(Shutdown::Both).unwrap();
    }
    assert!(server.exchange("GET / HTTP/1.0\r\n\r\n").ends_with("hello"));
}
