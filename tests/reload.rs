//! SIGHUP: a newer configuration takes the place of the one before, and whatever is the same in both does not notice.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
};

use calbridge::sandbox::prospero::{Route, Running};
use reqwest::StatusCode;

use support::{
    PATIENCE,
    bridge::{Bridge, CONFIG},
    reader::Answer,
    upstream::{CHOIR, DAYS, FEED, PASSWORD, Wiring, called, evenings, start},
};

/// What the log says of a configuration that was taken up.
const TAKEN_UP: &str = "the new configuration is in use";
/// What it says of one that was not.
const REFUSED: &str = "the new configuration is not taken up; the one before stays in use";
/// How the configuration refers to the password.
const BY_NAME: &str = "{ env = \"PROSPERO_PASSWORD\" }";
/// Another way to do so.
const BY_FILE: &str = "{ file = \"password\" }";

/// Has the server read `config`, until its log has said `times` times what became of that.
async fn reload(bridge: &Bridge, config: &str, outcome: &str, times: usize) {
    fs::write(bridge.dir().join(CONFIG), config).unwrap();
    bridge.signal("HUP");
    bridge.logged(outcome, times).await;
}

/// Asks on an open connection, and leaves it open unless the server closes it.
fn ask(stream: &mut TcpStream, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

fn calls(upstream: &Running) -> [u64; 3] {
    [Route::Login, Route::Events, Route::Archive].map(|route| upstream.calls(route))
}

fn validators(answer: &Answer) -> (StatusCode, &str, &str) {
    let (tag, modified) = (answer.header("etag"), answer.header("last-modified"));
    (answer.status, tag, modified)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_change_at_once_and_sources_that_do_not_are_not_asked() {
    for store in ["", "[store]\nurl = \"memory\"\n"] {
        let upstream = start(evenings()).await;
        let before = Wiring {
            more: format!("[feeds.old]\nsources = [\"stage\"]\nwindow = \"{DAYS}\"\n{store}"),
            ..Wiring::default()
        };
        let before = before.text(&upstream);
        let bridge = Bridge::serve(&before).await;
        let reader = bridge.reader();
        let choir = format!("/groups/stage/{CHOIR}/choir.ics");
        let mut same = Vec::new();
        for path in ["/feeds/2030-11-05/season.ics", &choir] {
            same.push((path.to_owned(), reader.get(path).await));
            assert_eq!(same.last().unwrap().1.status, StatusCode::OK, "{path}");
        }
        let asked = calls(&upstream);
        let mut open = TcpStream::connect(bridge.url().strip_prefix("http://").unwrap()).unwrap();
        open.set_read_timeout(Some(PATIENCE)).unwrap();
        assert_eq!(ask(&mut open, "/healthz"), "ok\n");

        let after = before
            .replace("[feeds.old]", "[feeds.new]\ntitle = \"Brand new\"")
            .replace(
                "[sources.stage]",
                "# Comments do not count.\n[sources.stage]",
            );
        reload(&bridge, &after, TAKEN_UP, 1).await;

        let new = ask(&mut open, "/feeds/new.ics");
        assert!(new.contains("X-WR-CALNAME:Brand new"), "{store}: {new}");
        assert_eq!(reader.get("/feeds/old.ics").await.status, 404, "{store}");
        for (path, was) in &same {
            let is = reader.get(path).await;
            assert_eq!(validators(&is), validators(was), "{store} {path}");
        }
        assert_eq!(calls(&upstream), asked, "{store}: the upstream was asked");

        let retitled = after.replace("title = \"Season\"", "title = \"Spring\"");
        reload(&bridge, &retitled, TAKEN_UP, 2).await;
        let spring = ask(&mut open, FEED);
        assert!(spring.contains("X-WR-CALNAME:Spring"), "{store}: {spring}");
        assert_eq!(calls(&upstream), asked, "{store}: the upstream was asked");
    }
}

#[tokio::test]
async fn a_bad_configuration_is_refused_with_every_problem_and_the_old_one_stays() {
    let upstream = start(evenings()).await;
    let good = Wiring::default().text(&upstream);
    let bridge = Bridge::serve(&good).await;
    let was = bridge.reader().get(FEED).await;
    let bad = good
        .replace("Season", "Spring")
        .replace("[\"stage\"]", "[\"stag\"]")
        .replace("refresh = \"10m\"", "refresh = \"often\"");
    reload(&bridge, &bad, REFUSED, 1).await;
    let log = bridge.log();
    for fact in [
        "feeds.season.sources: `stag` is not defined",
        "sources.stage.refresh: `often` is no length of time",
    ] {
        assert!(log.contains(fact), "{fact}: {log}");
    }
    fs::remove_file(bridge.dir().join(CONFIG)).unwrap();
    bridge.signal("HUP");
    bridge.logged(REFUSED, 2).await;
    let is = bridge.reader().get(FEED).await;
    assert_eq!(validators(&is), validators(&was));
    reload(&bridge, &good, TAKEN_UP, 1).await;
}

#[tokio::test]
async fn a_source_with_another_secret_is_polled_at_once_and_readers_keep_the_copy() {
    let upstream = start(evenings()).await;
    let good = Wiring::default().text(&upstream);
    let bridge = Bridge::serve(&good).await;
    let reader = bridge.reader();
    let was = reader.get(FEED).await;
    let secret = bridge.dir().join("password");

    fs::write(&secret, "not the password").unwrap();
    let by_file = good.replace(BY_NAME, BY_FILE);
    reload(&bridge, &by_file, TAKEN_UP, 1).await;
    bridge.logged("poll failed", 1).await;
    let is = reader.get(FEED).await;
    assert_eq!(validators(&is), validators(&was), "{}", is.text());
    assert!(is.header("x-calbridge-state").starts_with("blocked"));

    // The file says what it said; the secret it names is another.
    fs::write(&secret, PASSWORD).unwrap();
    reload(&bridge, &by_file, TAKEN_UP, 2).await;
    let fresh = |answer: &Answer| answer.header("x-calbridge-state") == "fresh";
    let is = reader.get_until(FEED, "is fresh", fresh).await;
    assert_eq!(validators(&is), validators(&was));
    for secret in [PASSWORD, "not the password"] {
        assert!(!bridge.log().contains(secret), "{}", bridge.log());
    }
}

#[tokio::test]
async fn a_source_that_is_gone_is_asked_no_more_and_one_that_returns_goes_on_from_the_store() {
    let upstream = start(evenings()).await;
    let with = Wiring::eager().text(&upstream);
    let bridge = Bridge::serve(&with).await;
    let reader = bridge.reader();
    let was = reader.get(FEED).await;
    reload(&bridge, "[server]\nlisten = \"127.0.0.1:0\"\n", TAKEN_UP, 1).await;
    assert_eq!(reader.get(FEED).await.status, StatusCode::NOT_FOUND);
    let asked = calls(&upstream);
    reload(&bridge, &with, TAKEN_UP, 2).await;
    let is = reader.get(FEED).await;
    assert_eq!(validators(&is), validators(&was));
    called(&upstream, Route::Events, asked[1] + 1).await;
}

#[tokio::test]
async fn what_needs_a_restart_is_named() {
    let upstream = start(evenings()).await;
    let before = Wiring::default().text(&upstream);
    let bridge = Bridge::serve(&before).await;
    let listens = "listen = \"127.0.0.1:0\"";
    let after = before.replace(listens, "listen = \"127.0.0.1:9\"") + "[store]\nurl = \"memory\"\n";
    reload(&bridge, &after, TAKEN_UP, 1).await;
    let said = "a changed value takes effect with a restart only";
    for key in ["server.listen", "store.url"] {
        let line = |line: &str| line.contains(said) && line.contains(key);
        assert!(bridge.log().lines().any(line), "{key}: {}", bridge.log());
    }
    assert_eq!(bridge.log().matches(said).count(), 2, "{}", bridge.log());
    assert_eq!(bridge.reader().get(FEED).await.status, StatusCode::OK);
}
