//! Many readers, one upstream: what they cause together, and what they wait for.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{Shutdown, TcpStream},
};

use calbridge::sandbox::prospero::{Fault, Lasting, Route, Running};
use reqwest::StatusCode;

use support::{
    PATIENCE,
    bridge::Bridge,
    upstream::{FEED, Wiring, assert_calls, called, evenings, event, hold_after, pass, start},
};

/// A month outside the horizon. With a day of padding on both sides it is still asked for in one slice.
const BEYOND: &str = "/feeds/2031-02/season.ics";

/// One reader with a connection of its own, who has asked and not yet read.
struct Waiting(TcpStream);

impl Waiting {
    fn ask(bridge: &Bridge, path: &str) -> Self {
        let address = bridge.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        Self(stream)
    }

    /// Status line and body.
    fn read(mut self) -> (String, String) {
        let mut answer = String::new();
        self.0.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let status = head.lines().next().unwrap_or_default();
        (status.to_owned(), body.to_owned())
    }

    /// Says that nothing more will come, and waits until the server has let go of the connection.
    fn hang_up(self) {
        self.0.shutdown(Shutdown::Write).unwrap();
        assert_eq!(self.read(), Default::default(), "hung up before any answer");
    }
}

async fn with_five_evenings_and_one_in_february() -> Running {
    let mut events = evenings();
    events.push(event(6, "Far ahead", "2031-02-14T00:30:00Z"));
    start(events).await
}

/// Lets 1,000 readers ask for `path` while `/events` hangs, then lets it go; fails unless all get the same `title`.
async fn crowd(upstream: &Running, bridge: &Bridge, path: &str, title: &str) {
    // More than the server lets in at once, so some stand in the kernel's queue.
    let readers: Vec<_> = (0..1_000).map(|_| Waiting::ask(bridge, path)).collect();
    upstream.clear(Route::Events);
    let answers = tokio::task::spawn_blocking(|| {
        let answers = readers.into_iter().map(Waiting::read);
        answers.collect::<Vec<_>>()
    });
    let answers = answers.await.unwrap();
    let (_, body) = &answers[0];
    assert!(body.contains(title), "{body}");
    let mut statuses = BTreeMap::<_, usize>::new();
    for (status, _) in &answers {
        *statuses.entry(status.as_str()).or_default() += 1;
    }
    assert_eq!(statuses, BTreeMap::from([("HTTP/1.1 200 OK", 1_000)]));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_cold_readers_cause_one_upstream_sweep() {
    let upstream = start(evenings()).await;
    upstream.fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    crowd(&upstream, &bridge, FEED, "Evening 1").await;
    assert_calls(&upstream, [1, 0, 1, 1], "one sweep of one slice");
    assert_eq!(upstream.calls(Route::Location), 1, "one for the hall");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_cold_readers_of_a_month_outside_the_horizon_cause_one_sweep() {
    let upstream = with_five_evenings_and_one_in_february().await;
    hold_after(&upstream, Route::Events, 1);
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    let near = bridge.reader().get(FEED).await;
    assert_eq!(near.titles().len(), 5);
    crowd(&upstream, &bridge, BEYOND, "Far ahead").await;
    assert_calls(&upstream, [1, 0, 2, 2], "the horizon, and the month");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_reader_who_hangs_up_does_not_cancel_the_load_for_the_others() {
    let upstream = with_five_evenings_and_one_in_february().await;
    hold_after(&upstream, Route::Events, 1);
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    assert_eq!(bridge.reader().get(FEED).await.status, StatusCode::OK);

    let first = Waiting::ask(&bridge, BEYOND);
    called(&upstream, Route::Events, 2).await;
    first.hang_up();
    // Nobody waits any more. The sweep goes on to its last call all the same.
    upstream.clear(Route::Events);
    called(&upstream, Route::Archive, 2).await;
    let second = bridge.reader().get(BEYOND).await;
    assert_eq!(second.titles(), ["Far ahead"]);
    assert_calls(&upstream, [1, 0, 2, 2], "one sweep");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_reader_of_the_horizon_who_hangs_up_does_not_cancel_the_poll() {
    let upstream = start(evenings()).await;
    upstream.fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    let first = Waiting::ask(&bridge, FEED);
    called(&upstream, Route::Events, 1).await;
    first.hang_up();
    upstream.clear(Route::Events);
    assert_eq!(bridge.reader().get(FEED).await.titles().len(), 5);
    assert_calls(&upstream, [1, 0, 1, 1], "one sweep");
}

#[tokio::test]
async fn readers_get_the_old_copy_at_once_while_a_poll_hangs() {
    let upstream = start(evenings()).await;
    hold_after(&upstream, Route::Events, 1);
    let bridge = Bridge::serve(&Wiring::eager().text(&upstream)).await;
    let reader = bridge.reader();
    let before = reader.get(FEED).await;
    assert_eq!(before.titles().len(), 5);
    called(&upstream, Route::Events, 2).await;
    upstream.edit(|season| season.events[0].title = Some("Moved".to_owned()));
    // The second poll hangs until the route is cleared, so an answer that waited for it would never come.
    for _ in 0..20 {
        assert_eq!(reader.get(FEED).await, before);
    }
    assert_calls(&upstream, [1, 0, 2, 1], "the second poll hangs");
    upstream.clear(Route::Events);
    let moved = |answer: &support::reader::Answer| answer.titles()[0] == "Moved";
    let after = reader.get_until(FEED, "has moved", moved).await;
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn readers_of_a_month_outside_the_horizon_get_the_old_copy_at_once_while_it_is_read_again() {
    let upstream = with_five_evenings_and_one_in_february().await;
    let bridge = Bridge::serve(&Wiring::eager().text(&upstream)).await;
    let reader = bridge.reader();
    let before = reader.get(BEYOND).await;
    assert_eq!(before.titles(), ["Far ahead"]);
    upstream.fault(Route::Archive, Fault::Hang, Lasting::UntilCleared);
    let last = upstream.edit(|season| season.events.pop()).unwrap();
    let moved = event(6, "Later", "2031-02-14T01:30:00Z");
    assert_eq!(last.id, moved.id);
    upstream.edit(|season| season.events.push(moved));
    // Everything the upstream is asked hangs by now, polls and months alike, and nobody is kept waiting.
    let archive = upstream.calls(Route::Archive);
    called(&upstream, Route::Archive, archive + 1).await;
    for _ in 0..20 {
        assert_eq!(reader.get(BEYOND).await, before);
    }
    upstream.clear(Route::Archive);
    let later = |answer: &support::reader::Answer| answer.titles() == ["Later"];
    let after = reader.get_until(BEYOND, "has moved", later).await;
    assert_ne!(after.header("etag"), before.header("etag"));
    assert_eq!(upstream.violations(), []);
}

#[tokio::test]
async fn an_answer_that_comes_slowly_keeps_no_reader_waiting() {
    let upstream = start(evenings()).await;
    let pause = std::time::Duration::from_millis(300);
    upstream.fault(Route::Events, pass(), Lasting::Next(1));
    upstream.fault(Route::Events, Fault::Slow { pause }, Lasting::Next(1));
    let bridge = Bridge::serve(&Wiring::eager().text(&upstream)).await;
    let reader = bridge.reader();
    let before = reader.get(FEED).await;
    called(&upstream, Route::Events, 2).await;
    // Eight pieces with 300 ms before each: the archive is asked only after all of them.
    let mut answers = 0;
    while upstream.calls(Route::Archive) < 2 {
        assert_eq!(reader.get(FEED).await, before);
        answers += 1;
    }
    assert!(answers > 1, "readers waited for the slow answer");
}
