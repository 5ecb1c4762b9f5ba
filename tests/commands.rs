//! The commands beside `serve`, run as people run them.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::fs;

use calbridge::sandbox::prospero::{Fault, Lasting, Route};
use reqwest::StatusCode;
use serde_json::Value;

use support::{
    bridge::{Bridge, folder},
    reader::Answer,
    upstream::{FEED, PASSWORD, Wiring, assert_calls, called, evenings, start},
};

/// tz data of release 2025b.
const OLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/zoneinfo/2025b");

#[tokio::test]
async fn the_demo_shows_every_kind_with_its_groups_at_addresses_that_answer_and_ends_on_ctrl_c() {
    let dir = folder("");
    let bridge = Bridge::start(&dir, &["demo"], &[]).await;
    let reader = bridge.reader();
    // Which groups there are is known once the first poll is over. A reader of a feed waits for that, but not for as long as
    // an upstream with a call for each event may take on a busy machine.
    for feed in ["season", "announced", "linked", "desk", "endowment"] {
        let path = format!("/feeds/{feed}.ics");
        let good = |answer: &Answer| answer.status == StatusCode::OK;
        let first = reader.get_until(&path, "is served", good).await;
        assert!(!first.titles().is_empty(), "{path}");
    }
    let home = reader.get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    let base = bridge.url().to_owned();
    // Every address on the start page, and those the command itself printed.
    let listed: Vec<String> = home
        .text()
        .split_whitespace()
        .filter_map(|word| Some(word.strip_prefix(&base)?.to_owned()))
        .filter(|path| path.contains(".ics"))
        .collect();
    assert!(listed.iter().any(|path| path == FEED), "{home:?}");
    for source in ["stage", "announced", "linked", "desk", "endowment"] {
        let below = format!("/groups/{source}/");
        assert!(
            listed.iter().any(|path| path.starts_with(&below)),
            "{source}: {home:?}"
        );
    }
    for path in listed
        .iter()
        .map(String::as_str)
        .chain(["/feeds/next-90d/season.ics"])
    {
        let answer = reader.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().ends_with("END:VCALENDAR\r\n"), "{path}");
    }
    bridge.signal("INT");
    let finished = bridge.finished().await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    for line in [
        format!("listening on {base}\n"),
        format!("All calendars:  {base}/\n"),
        format!("Subscribe to:   {base}{FEED}\n"),
        format!("Another window: {base}/feeds/next-90d/season.ics\n"),
    ] {
        assert!(finished.out.contains(&line), "{line}: {}", finished.out);
    }
}

#[tokio::test]
async fn check_says_that_all_is_well_and_as_whom_it_is_let_in() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let finished = Bridge::run(&dir, &["check"]).await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    for part in [
        "configuration    ok",
        "tz database      ok",
        "source stage     ok  as bridge@quillfeather.example",
    ] {
        assert!(finished.out.contains(part), "{part}: {}", finished.out);
    }
    assert_calls(&upstream, [1, 0, 0, 0], "it fetched events");
}

#[tokio::test]
async fn check_says_of_each_thing_how_it_is_and_what_to_do() {
    let upstream = start(evenings()).await;
    let wiring = Wiring {
        more: "groups = [\"Choir\", \"Chior\"]\n".to_owned(),
        ..Wiring::default()
    };
    let dir = folder(&wiring.text(&upstream));
    let offline = Bridge::run(&dir, &["check", "--offline"]).await;
    assert_eq!(offline.code, Some(0), "{offline:?}");
    assert!(!offline.out.contains("source stage"), "{offline:?}");
    let unread = "groups of season WARNING  not known: `stage` has not been read yet";
    assert!(offline.out.contains(unread), "{offline:?}");
    assert_calls(&upstream, [0, 0, 0, 0], "nobody is asked");

    let online = Bridge::run(&dir, &["check", "--json"]).await;
    assert_eq!(online.code, Some(0), "{online:?}");
    let report: Value = serde_json::from_str(&online.out).unwrap();
    let found = |subject: &str| {
        let checks = report["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["subject"] == subject);
        let check = check.unwrap_or_else(|| panic!("{subject}: {report}"));
        let (verdict, found) = (&check["verdict"], &check["found"]);
        (
            verdict.as_str().unwrap().to_owned(),
            found.as_str().unwrap().to_owned(),
        )
    };
    for (subject, verdict, fact) in [
        ("configuration", "ok", "1 sources, 1 feeds"),
        ("tz database", "ok", "20"),
        ("store", "ok", "calbridge.db, to be made"),
        ("source stage", "ok", "as bridge@quillfeather.example"),
        (
            "groups of season",
            "warning",
            "`Chior` is none; did you mean `Choir`",
        ),
    ] {
        let (is, said) = found(subject);
        assert_eq!(is, verdict, "{subject}: {said}");
        assert!(said.contains(fact), "{subject}: {said}");
    }
    assert_eq!(report["failed"], 0);
    let files = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(files, 1, "nothing but the configuration");

    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let good = |answer: &Answer| answer.status == StatusCode::OK;
    bridge.reader().get_until(FEED, "is served", good).await;
    let kept = Bridge::run(&dir, &["check", "--offline"]).await;
    for part in ["5 events, layout ", "did you mean `Choir`"] {
        assert!(kept.out.contains(part), "{part}: {kept:?}");
    }
}

#[tokio::test]
async fn check_warns_of_a_clock_that_is_far_from_that_of_the_upstream() {
    let upstream = start(evenings()).await;
    let finished = Bridge::run(&folder(&Wiring::default().text(&upstream)), &["check"]).await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let line = finished.out.lines().find(|line| line.starts_with("clock "));
    let line = line.unwrap_or_else(|| panic!("{finished:?}"));
    assert!(
        line.contains(" s of that of `stage`") || line.contains("that of `stage`; have"),
        "{line}"
    );
}

#[tokio::test]
async fn check_names_the_source_that_fails_and_ends_with_1() {
    let upstream = start(evenings()).await;
    upstream.change_password("another one".into());
    let dir = folder(&Wiring::default().text(&upstream));
    let refused = Bridge::run(&dir, &["check"]).await;
    assert_calls(&upstream, [1, 0, 0, 0], "one login");
    upstream.stop().await;
    let config = fs::read_to_string(dir.path().join("calbridge.toml")).unwrap();
    let hasty = config.replace("refresh = ", "timeout = \"1s\"\nrefresh = ");
    let gone = Bridge::run(&folder(&hasty), &["check"]).await;
    for (finished, why) in [
        (refused, "the server refused our credentials"),
        (gone, "the server cannot answer now"),
    ] {
        assert_eq!(finished.code, Some(1), "{finished:?}");
        assert!(
            finished.out.contains("source stage     FAILED"),
            "{finished:?}"
        );
        assert!(finished.out.contains(why), "{finished:?}");
        assert!(
            finished.err.contains("1 of 4 checks failed"),
            "{finished:?}"
        );
        assert!(!format!("{finished:?}").contains(PASSWORD));
    }
}

#[tokio::test]
async fn export_writes_what_the_server_serves() {
    let upstream = start(evenings()).await;
    let config = Wiring::default().text(&upstream);
    let bridge = Bridge::serve(&config).await;
    let dir = folder(&config);
    for (window, path, titles) in [
        (None, FEED, 5),
        (Some("2030-11-05"), "/feeds/2030-11-05/season.ics", 1),
        (Some("2031-02"), "/feeds/2031-02/season.ics", 0),
    ] {
        let served = bridge.reader().get(path).await;
        assert_eq!(served.titles().len(), titles, "{path}");
        let window: Vec<_> = window.into_iter().flat_map(|w| ["--window", w]).collect();
        let to_stdout = [&["export", "season"], &window[..]].concat();
        let finished = Bridge::run(&dir, &to_stdout).await;
        assert_eq!(
            (finished.code, finished.err.lines().count()),
            (Some(0), 1),
            "{finished:?}"
        );
        assert_eq!(finished.out, served.text(), "{path}");

        let to_file = [&to_stdout[..], &["-o", "out.ics"]].concat();
        let finished = Bridge::run(&dir, &to_file).await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(0), ""),
            "{path}"
        );
        let written = fs::read(dir.path().join("out.ics")).unwrap();
        assert_eq!(written, served.body, "{path}");
    }
    let files = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(files, 2, "the configuration and the calendar");
}

#[tokio::test]
async fn export_leaves_the_file_alone_when_it_fails_and_says_why() {
    let upstream = start(evenings()).await;
    upstream.change_password("another one".into());
    let dir = folder(&Wiring::default().text(&upstream));
    let file = dir.path().join("out.ics");
    fs::write(&file, "the last good copy").unwrap();
    for (feed, window, code, facts) in [
        (
            "season",
            "2030-11",
            1,
            [
                "feed `season` cannot be exported",
                "the server refused our credentials",
            ],
        ),
        (
            "saeson",
            "2030-11",
            1,
            ["feed `saeson` cannot be exported", "no such calendar"],
        ),
        (
            "season",
            "november",
            2,
            ["window `november` is not known", "a month `2026-11`"],
        ),
        ("Season!", "2030-11", 2, ["name `Season!`", "a-z, 0-9"]),
    ] {
        let arguments = ["export", feed, "--window", window, "-o", "out.ics"];
        let finished = Bridge::run(&dir, &arguments).await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(code), ""),
            "{finished:?}"
        );
        // Long messages are wrapped.
        let err = finished
            .err
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        for fact in facts {
            assert!(err.contains(fact), "{fact}: {err}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "the last good copy");
    }
}

#[tokio::test]
async fn export_that_is_ended_before_anything_came_fails_and_writes_nothing() {
    for signal in ["INT", "TERM"] {
        let upstream = start(evenings()).await;
        upstream.fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
        let dir = folder(&Wiring::default().text(&upstream));
        let export = Bridge::spawn(&dir, &["export", "season", "-o", "out.ics"], &[]);
        called(&upstream, Route::Events, 1).await;
        export.signal(signal);
        let finished = export.finished().await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(1), ""),
            "{signal}: {finished:?}"
        );
        assert!(
            finished.err.contains("ended before anything was written"),
            "{signal}: {finished:?}"
        );
        let files = fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(files, 1, "{signal}: nothing but the configuration");
    }
}

#[tokio::test]
async fn zones_shows_the_data_in_use_and_what_a_zone_does() {
    let dir = folder("");
    let finished = Bridge::run(&dir, &["zones", "--data", OLD, "America/Vancouver"]).await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let first = finished.out.lines().next().unwrap();
    assert!(first.starts_with("in use   2025b"), "{first}");
    assert!(first.contains(OLD), "{first}");
    assert!(
        finished.out.contains("\nAmerica/Vancouver\n"),
        "{}",
        finished.out
    );
    let all = Bridge::run(&dir, &["zones", "--data", OLD]).await;
    assert!(all.out.contains("different from"), "{}", all.out);
    let vancouver = all
        .out
        .lines()
        .find(|line| line.contains("America/Vancouver"));
    let vancouver = vancouver.unwrap_or_else(|| panic!("{}", all.out));
    assert!(vancouver.contains("in use"), "{vancouver}");

    let unknown = Bridge::run(&dir, &["zones", "Europe/Berlon"]).await;
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""));
    assert!(
        unknown.err.contains("`Europe/Berlon` is no IANA time zone"),
        "{}",
        unknown.err
    );
}
