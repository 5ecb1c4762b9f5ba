//! How the server starts, what it says, and how it ends.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use calbridge::sandbox::{
    prospero::{Fault, Lasting, Prospero, Route},
    season::{CANARY, Season},
};
use reqwest::StatusCode;

use support::{
    PATIENCE,
    bridge::{Bridge, folder},
    until,
    upstream::{
        CHOIR, FEED, PASSWORD, Wiring, at, called, evenings, event, hold_after, season, settings,
        start,
    },
};

/// Asks on a connection of its own and leaves the answer to be read. By then the server has the request.
fn ask(bridge: &Bridge, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(bridge.url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // Two requests in one packet: who has answered the first one holds the second one.
    let get = |path| format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    let both = get("/healthz") + &get(path);
    stream.write_all(both.as_bytes()).unwrap();
    let mut first = Vec::new();
    while !first.ends_with(b"\r\n\r\nok\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        first.extend(byte);
    }
    stream
}

/// Returns once the server listens no more.
async fn refused(bridge: &Bridge) {
    let address = bridge.url().strip_prefix("http://").unwrap();
    until("new connections are refused", async || {
        TcpStream::connect(address).is_err().then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_one_line_on_standard_output_says_where_it_listens() {
    let upstream = start(evenings()).await;
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    let url = bridge.url().to_owned();
    assert_eq!(bridge.reader().get(FEED).await.status, StatusCode::OK);
    assert!(bridge.log().contains("tz database"), "logs are on stderr");
    bridge.signal("TERM");
    let finished = bridge.finished().await;
    assert_eq!(finished.out, format!("listening on {url}\n"));
    assert_eq!(finished.code, Some(0));
}

#[tokio::test]
async fn every_problem_of_a_configuration_is_told_at_once_and_nothing_starts() {
    let config = r#"
[server]
listen = "everywhere"
public_ulr = "https://calendars.example.org"

[sources.stage]
kind = "prospero"
base_url = "ftp://prospero.example/api"
email = "bridge@example.org"
password = "hunter2"
zone = "Europe/Berlon"
horizon = "all"
refresh = "often"

[feeds.season]
sources = ["stag"]
window = "next-fortnight"
"#;
    let dir = folder(config);
    let finished = Bridge::run(&dir, &["serve"]).await;
    assert_eq!(finished.code, Some(2));
    assert_eq!(finished.out, "");
    for fact in [
        "server.listen: is no IP address with a port; write one such as",
        "server.public_ulr: is not known; did you mean `public_url`",
        "sources.stage.base_url: is no plain web address",
        "sources.stage.password: must not stand in this file in clear",
        "sources.stage.zone: `Europe/Berlon` is no IANA time zone",
        "sources.stage.horizon: `all` has no bounds",
        "sources.stage.refresh: `often` is no length of time",
        "feeds.season.sources: `stag` is not defined; add [sources.stag] or remove it here",
        "feeds.season.window: window `next-fortnight` is not known",
    ] {
        assert!(finished.err.contains(fact), "{fact}: {}", finished.err);
    }
    assert_eq!(
        finished.err.matches("\n  - ").count(),
        9,
        "{}",
        finished.err
    );
    assert!(finished.err.contains("9 problems in calbridge.toml"));
    assert!(!finished.err.contains("hunter2"), "{}", finished.err);
}

#[tokio::test]
async fn a_configuration_that_is_not_there_is_named_with_the_option_that_names_another() {
    let dir = folder("");
    let finished = Bridge::run(&dir, &["serve", "--config", "other.toml"]).await;
    assert_eq!(finished.code, Some(2));
    assert_eq!(finished.out, "");
    for word in ["`other.toml`", "--config", "No such file"] {
        assert!(finished.err.contains(word), "{word}: {}", finished.err);
    }
}

#[tokio::test]
async fn a_port_in_use_is_named_and_nothing_starts() {
    let upstream = start(evenings()).await;
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let wiring = Wiring {
        server: format!("listen = \"{address}\""),
        ..Wiring::default()
    };
    let finished = Bridge::run(&folder(&wiring.text(&upstream)), &["serve"]).await;
    assert_eq!((finished.code, finished.out.as_str()), (Some(1), ""));
    let want = format!("cannot listen on `{address}`; end what listens there");
    assert!(finished.err.contains(&want), "{}", finished.err);
    assert!(finished.err.contains("in use"), "{}", finished.err);
    assert_eq!(upstream.calls(Route::Login), 0, "it called the upstream");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_lets_open_requests_finish_and_ends_with_0() {
    for (signal, path, before) in [
        // Waits for the first poll, and for a month that is loaded for this reader alone.
        ("TERM", FEED, 0),
        ("INT", FEED, 0),
        ("TERM", "/feeds/2031-02/season.ics", 1),
    ] {
        let row = format!("{signal} {path}");
        let mut events = evenings();
        events.push(event(6, "Far ahead", "2031-02-14T00:30:00Z"));
        let upstream = start(events).await;
        hold_after(&upstream, Route::Events, before);
        let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
        called(&upstream, Route::Archive, before.into()).await;
        let mut open = ask(&bridge, path);
        called(&upstream, Route::Events, u64::from(before) + 1).await;
        bridge.signal(signal);
        refused(&bridge).await;
        upstream.clear(Route::Events);
        let mut answer = String::new();
        open.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{row}: {answer}");
        assert!(answer.ends_with("END:VCALENDAR\r\n"), "{row}: {answer}");
        let finished = bridge.finished().await;
        assert_eq!(finished.code, Some(0), "{row}: {}", finished.err);
    }
}

#[tokio::test]
async fn an_idle_connection_and_a_hanging_poll_do_not_hold_up_the_end() {
    let upstream = start(evenings()).await;
    hold_after(&upstream, Route::Archive, 1);
    let bridge = Bridge::serve(&Wiring::eager().text(&upstream)).await;
    // This reader keeps its connection.
    let reader = bridge.reader();
    assert_eq!(reader.get(FEED).await.status, StatusCode::OK);
    called(&upstream, Route::Archive, 2).await;
    bridge.signal("TERM");
    // Nobody lets the archive call go on, so an end that waited for it would be refused by the wait below.
    assert_eq!(bridge.finished().await.code, Some(0));
    assert_eq!(upstream.calls(Route::Archive), 2);
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let upstream = start(evenings()).await;
    upstream.fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    let _open = ask(&bridge, FEED);
    called(&upstream, Route::Events, 1).await;
    bridge.signal("TERM");
    refused(&bridge).await;
    bridge.signal("TERM");
    assert_eq!(bridge.finished().await.code, Some(1));
}

#[tokio::test]
async fn neither_secrets_nor_what_events_say_stand_in_the_log_or_private_texts_in_a_calendar() {
    const TITLE: &str = "title-canary-5e21";
    let today = at("2025-01-15T00:00:00Z").date_naive();
    let mut touring = Season::touring(today);
    for event in &mut touring.events {
        event.title = Some(format!("{TITLE} {}", event.title.as_deref().unwrap_or("")));
        event.details = Some(format!(
            "{TITLE} {}",
            event.details.as_deref().unwrap_or("")
        ));
        event.groups.push(CHOIR.to_owned());
    }
    touring.groups.extend(season(Vec::new()).groups);
    let upstream = Prospero::start(touring, settings()).await.unwrap();
    let wiring = Wiring {
        horizon: "2025-01-02..2025-01-30".to_owned(),
        ..Wiring::eager()
    };
    let dir = folder(&wiring.text(&upstream));
    let log_all = [("CALBRIDGE_LOG", "trace")];
    let bridge = Bridge::start(&dir, &["serve"], &log_all).await;
    let reader = bridge.reader();
    let group = format!("/groups/stage/{CHOIR}/choir.ics");
    for path in [FEED, &group, "/feeds/2024-12/season.ics", "/", "/readyz"] {
        let answer = reader.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(
            answer.text().contains(TITLE),
            path.ends_with("ics"),
            "{path}"
        );
        assert!(!answer.text().contains(CANARY), "{path}: {answer:?}");
    }
    // Everything that is logged when something is wrong: expired tokens, answers that cannot be read, a refused login.
    upstream.fault(Route::Archive, Fault::WrongType, Lasting::Next(1));
    upstream.fault(Route::Events, Fault::WrongType, Lasting::Next(1));
    upstream.fault(Route::Events, Fault::Truncated, Lasting::Next(1));
    upstream.fault(Route::Events, Fault::Html, Lasting::Next(1));
    bridge.logged("poll failed", 2).await;
    upstream.expire_access();
    upstream.change_password("another one".into());
    upstream.expire_refresh();
    bridge.logged("poll failed", 3).await;
    assert_eq!(reader.get("/nobody@example.org").await.status, 404);
    bridge.signal("TERM");
    let finished = bridge.finished().await;
    assert_eq!(finished.code, Some(0));
    assert!(finished.err.contains("TRACE"), "it does not log everything");
    let email = settings().email;
    for (what, secret) in [
        ("the password", PASSWORD),
        ("the account", &email),
        ("a token", "access-token-"),
        ("a token", "refresh-token-"),
        ("a title", TITLE),
        ("a private text", CANARY),
        ("what a reader asked", "nobody@example.org"),
    ] {
        let line = finished.err.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{what}");
    }
}
