//! A feed that is no longer published: its subscribers are told so, and then it is gone (interop W8).
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use chrono::TimeDelta;
use reqwest::StatusCode;

use support::{
    bridge::{Bridge, folder},
    server::Served,
    upstream::{FEED, Wiring, evenings, start},
};

/// The clock stands at 22 November 2026, 10:00 UTC.
const RETIRED: &str = r#"
[retired.old]
title = "Season 2025/26"
on = 2026-11-21
moved_to = "https://calendars.example/feeds/season.ics"

[retired.lost]
on = "2026-11-21"
"#;

async fn begin() -> Served {
    let wiring = Wiring {
        more: RETIRED.to_owned(),
        ..Wiring::default()
    };
    Served::wired(start(evenings()).await, &wiring).await
}

#[tokio::test]
async fn subscribers_of_a_retired_feed_are_told_for_sixty_days_and_then_it_is_gone() {
    let served = begin().await;
    let reader = &served.reader;
    for path in [
        "/feeds/old.ics",
        "/feeds/next-30d/old.ics",
        "/download/old.ics",
    ] {
        let told = reader.get(path).await;
        assert_eq!(told.status, StatusCode::OK, "{path}");
        assert_eq!(told.titles(), ["Season 2025/26 has moved"], "{path}");
        assert_eq!(told.values("REFRESH-INTERVAL;VALUE=DURATION"), ["P7D"]);
        assert_eq!(told.values("X-WR-CALNAME"), ["Season 2025/26"], "{path}");
        assert_eq!(told.values("DTSTART;VALUE=DATE"), ["20261121"], "{path}");
        assert_eq!(told.values("DTEND;VALUE=DATE"), ["20270120"], "{path}");
        let unfolded = told.text().replace("\r\n ", "");
        assert!(
            unfolded.contains("https://calendars.example/feeds/season.ics"),
            "{unfolded}"
        );
        let held = [("if-none-match", told.header("etag"))];
        let again = reader.get_with(path, &held).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    let lost = reader.get("/feeds/lost.ics").await;
    assert_eq!(lost.titles(), ["lost is no longer published"]);
    let first = reader.get("/feeds/old.ics").await;

    // To the last second of the sixtieth day.
    let rest = TimeDelta::days(59) - TimeDelta::hours(10) - TimeDelta::seconds(1);
    served.hand.advance(rest);
    assert_eq!(
        reader.get("/feeds/old.ics").await,
        first,
        "the same bytes on each day"
    );
    served.hand.advance(TimeDelta::seconds(1));
    for (path, said) in [
        (
            "/feeds/old.ics",
            "this calendar is no longer published; its new address is https://calendars.example/feeds/season.ics",
        ),
        ("/feeds/lost.ics", "this calendar is no longer published"),
        (
            "/feeds/2026/lost.ics",
            "this calendar is no longer published",
        ),
    ] {
        let gone = reader.get(path).await;
        assert_eq!(gone.status, StatusCode::GONE, "{path}");
        assert!(gone.text().starts_with(said), "{path}: {}", gone.text());
        assert_eq!(gone.header("www-authenticate"), "", "{path}");
    }
    assert_eq!(
        reader.get(FEED).await.status,
        StatusCode::OK,
        "others live on"
    );
}

#[tokio::test]
async fn people_are_told_at_once_that_a_feed_is_retired_and_where_to_go() {
    let served = begin().await;
    for path in [
        "/feeds/old",
        "/feeds/old.json",
        "/embed/old",
        "/fragment/old/list",
    ] {
        let page = [("accept", "text/html")];
        let gone = served.reader.get_with(path, &page).await;
        assert_eq!(gone.status, StatusCode::GONE, "{path}");
    }
    let link = "href=\"https://calendars.example/feeds/season.ics\"";
    let page = served
        .reader
        .get_with("/feeds/old", &[("accept", "text/html")])
        .await;
    assert!(page.text().contains(link), "{}", page.text());
    let page = served
        .reader
        .get_with("/feeds/lost", &[("accept", "text/html")])
        .await;
    assert_eq!(page.status, StatusCode::GONE);
}

#[tokio::test]
async fn whoever_asks_by_the_date_of_the_feed_alone_gets_the_notice_and_then_nothing_new() {
    let served = begin().await;
    let reader = &served.reader;
    let since = |date: &str| {
        let date = date.to_owned();
        async move {
            let held = [("if-modified-since", date.as_str())];
            reader.get_with("/feeds/old.ics", &held).await
        }
    };
    // The feed changed on the day on which the server was stopped to retire it, which is after `on`.
    let told = since("Sun, 22 Nov 2026 09:59:59 GMT").await;
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(told.titles(), ["Season 2025/26 has moved"]);
    let date = told.header("last-modified").to_owned();
    assert_eq!(date, "Sun, 22 Nov 2026 10:00:00 GMT");
    served.hand.advance(TimeDelta::days(1));
    assert_eq!(since(&date).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_retired_feed_has_no_events_and_no_other_door() {
    let served = begin().await;
    let reader = &served.reader;
    let want = reader.get("/feeds/nothing.ics").await;
    assert_eq!(want.status, StatusCode::NOT_FOUND);
    let uid = reader.get("/feeds/old.ics").await.values("UID")[0].clone();
    for path in [
        format!("/events/old/{uid}.ics"),
        "/s/0123456789abcdef0123456789abcdef/feeds/old.ics".to_owned(),
        "/feeds/older.ics".to_owned(),
    ] {
        assert_eq!(reader.get(&path).await, want, "{path}");
    }
}

#[tokio::test]
async fn what_calendar_programs_need_is_in_the_notice() {
    let upstream = start(evenings()).await;
    let wiring = Wiring {
        more: RETIRED.to_owned(),
        ..Wiring::default()
    };
    let dir = folder(&wiring.text(&upstream));
    for feed in ["old", "lost"] {
        let exported = Bridge::run(&dir, &["export", feed, "-o", "notice.ics"]).await;
        assert_eq!(exported.code, Some(0), "{exported:?}");
        let linted = Bridge::run(&dir, &["lint", "notice.ics"]).await;
        assert_eq!(
            (linted.code, linted.out.as_str()),
            (Some(0), "0 errors, 0 warnings, 0 hints\n"),
            "{feed}"
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_retired_feed_is_told_with_the_remedy() {
    let upstream = start(evenings()).await;
    for (more, said) in [
        (
            "[retired.old]\n",
            "retired.old.on: is missing; write the day it ended",
        ),
        (
            "[retired.old]\non = 5\n",
            "retired.old.on: is no date; write a day such as",
        ),
        (
            "[retired.season]\non = 2026-11-21\n",
            "retired.season: is a feed too; remove [feeds.season] or this",
        ),
        (
            "[retired.Old]\non = 2026-11-21\n",
            "retired.Old: name `Old` must be",
        ),
        (
            "[retired.old]\non = 2026-11-21\nmoved_to = \"mailto:a@b.example\"\n",
            "retired.old.moved_to: is no web address",
        ),
        (
            "[retired.old]\non = 2026-11-21\nmovd_to = \"\"\n",
            "retired.old.movd_to: is not known; did you mean `moved_to`",
        ),
    ] {
        let wiring = Wiring {
            more: more.to_owned(),
            ..Wiring::default()
        };
        let dir = folder(&wiring.text(&upstream));
        let checked = Bridge::run(&dir, &["check", "--offline"]).await;
        assert_eq!(checked.code, Some(2), "{more}: {checked:?}");
        assert!(checked.err.contains(said), "{more}: {}", checked.err);
    }
}
