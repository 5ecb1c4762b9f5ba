//! Everything that is done to servers in the open, at once, and the readers beside it who notice nothing.
//!
//! How fast they are answered meanwhile is measured by `scripts/bench storm`.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{Shutdown, TcpStream},
};

use reqwest::StatusCode;

use support::{
    PATIENCE,
    bridge::Bridge,
    upstream::{FEED, Wiring, evenings, start},
};

/// Of each kind of misbehaviour.
const EACH: usize = 20;

/// What is sent, and how the answer begins; whoever is told nothing is only cut off.
const ODD: [(&str, &[u8], &str); 7] = [
    (
        "garbage",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "HTTP/1.1 400 ",
    ),
    ("no request", b"\r\nhello\r\n\r\n", "HTTP/1.1 400 "),
    ("half a header", b"GET / HTTP/1.1\r\nHo", ""),
    ("nothing", b"", ""),
    (
        "two lengths",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 400 ",
    ),
    (
        "a body that never comes",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 405 ",
    ),
    (
        "http/2",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        "\0\0\0\x04\0\0\0\0\0",
    ),
];

fn connect(bridge: &Bridge) -> TcpStream {
    let stream = TcpStream::connect(bridge.url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends `bytes`, as far as the server takes them.
fn sending(bridge: &Bridge, bytes: &[u8]) -> TcpStream {
    let mut stream = connect(bridge);
    _ = stream.write_all(bytes);
    stream
}

/// All that comes until the connection ends, in whatever way it does.
#[track_caller]
fn rest(mut stream: TcpStream, row: &str) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        let cut = matches!(
            error.kind(),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
        );
        assert!(cut, "{row}: it is neither answered nor closed: {error}");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(extra: &str) -> String {
    format!("GET {FEED} HTTP/1.1\r\nHost: x\r\n{extra}\r\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_is_answered_or_closed_and_a_polite_reader_gets_the_same_bytes_all_the_while() {
    let upstream = start(evenings()).await;
    // Room for a hundred connections.
    let bridge = Bridge::serve_with_files(&Wiring::default().text(&upstream), 200).await;
    let reader = bridge.reader();
    let calm = reader.get(FEED).await;
    assert_eq!(calm.titles().len(), 5);
    let still_fine = async |row: &str| {
        // A connection of its own, and the one that is kept.
        let (fresh, kept) = (bridge.reader().get(FEED).await, reader.get(FEED).await);
        assert_eq!(fresh, calm, "{row}");
        assert_eq!(kept, calm, "{row}");
    };

    let mut held = Vec::new();
    for _ in 0..EACH {
        for (row, bytes, begin) in ODD {
            held.push((row, sending(&bridge, bytes), begin));
        }
        let huge = get(&format!("X: {}\r\n", "x".repeat(64 << 10)));
        held.push((
            "a huge header",
            sending(&bridge, huge.as_bytes()),
            "HTTP/1.1 431 ",
        ));
        // One who never reads.
        held.push((
            "deaf",
            sending(&bridge, get("").as_bytes()),
            "HTTP/1.1 200 ",
        ));
        // One who leaves with the answer unread, which resets the connection.
        drop(sending(&bridge, get("").repeat(20).as_bytes()));
        let leaving = sending(&bridge, b"GET / HTTP/1.1\r\nHo");
        _ = leaving.shutdown(Shutdown::Both);
        still_fine("while it goes on").await;
    }
    let pipelined = sending(
        &bridge,
        (get("").repeat(99) + &get("Connection: close\r\n")).as_bytes(),
    );
    let answers = rest(pipelined, "pipelined");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 100);

    // Idle connections, ten times as many as there is room for, push out whatever still hangs on.
    let mut idle = Vec::new();
    for number in 0..1_000 {
        idle.push(connect(&bridge));
        if idle.len() > 300 {
            rest(idle.remove(0), "idle");
        }
        if number % 100 == 0 {
            still_fine("beside idle connections").await;
        }
    }
    for (row, stream, begin) in held {
        let answer = rest(stream, row);
        assert!(answer.starts_with(begin), "{row}: {answer:?}");
    }
    still_fine("afterwards").await;
    drop(idle);
    still_fine("when all have left").await;
    assert!(!bridge.log().contains("ERROR"), "{}", bridge.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_runs_out_of_files_answers_again_once_there_are_some() {
    let upstream = start(evenings()).await;
    // Fewer than it needs for the connections it would let in.
    let bridge = Bridge::serve_with_files(&Wiring::default().text(&upstream), 40).await;
    let calm = bridge.reader().get(FEED).await;
    assert_eq!(calm.status, StatusCode::OK);
    let crowd: Vec<_> = (0..200).map(|_| sending(&bridge, b"GET / HT")).collect();
    // Beside all those who never end what they have begun.
    assert_eq!(bridge.reader().get(FEED).await, calm);
    drop(crowd);
    assert_eq!(bridge.reader().get(FEED).await, calm);
    let complaints = bridge.log().matches("cannot accept connections").count();
    assert!(complaints <= 2, "{complaints} lines about one trouble");
}
