//! Closed feeds: who has the link gets the calendar, and everybody else what there is at an address that does not exist.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "closed/pages.rs"]
mod pages;
#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::fmt::Write as _;

use calbridge::domain::token::TokenDigest;
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};

use support::{
    bridge::{Bridge, folder},
    reader::{Answer, Reader},
    server::Served,
    upstream::{CHOIR, DAYS, FEED, Wiring, evenings, start},
};

/// A token that is good for ever, of the feed `cast`.
const CAST: &str = "cast-0123456789abcdef0123456789abcdef";
/// Tokens of the same feed, for some days: the clock stands at 22 November 2026, 10:00 UTC, which in Tokyo is the same day.
const OVER: &str = "over-0123456789abcdef0123456789abcdef";
const LAST: &str = "last-0123456789abcdef0123456789abcdef";
const SOON: &str = "soon-0123456789abcdef0123456789abcdef";
/// A token of another closed feed.
const CREW: &str = "crew-0123456789abcdef0123456789abcdef";
/// A token of the groups of the source.
const GROUPS: &str = "groups-0123456789abcdef0123456789ab";

/// The tables of the closed feeds.
fn closed() -> String {
    let mut text = String::new();
    for feed in ["cast", "crew"] {
        let _ = write!(
            text,
            "[feeds.{feed}]\ntitle = \"{feed}\"\nsources = [\"stage\"]\nzone = \"Asia/Tokyo\"\nwindow = \"{DAYS}\"\naccess = \"token\"\n"
        );
    }
    for (feed, token, term) in [
        ("cast", CAST, ""),
        ("cast", OVER, "until = 2026-11-21"),
        ("cast", LAST, "from = 2026-11-22\nuntil = 2026-11-22"),
        ("cast", SOON, "from = 2026-11-23"),
        ("crew", CREW, ""),
    ] {
        let _ = write!(
            text,
            "[[feeds.{feed}.tokens]]\nlabel = \"{label}\"\nsha256 = \"{digest}\"\n{term}\n",
            label = &token[..4],
            digest = TokenDigest::of(token)
        );
    }
    text
}

/// A server with a public feed, two closed ones, and closed groups; it has read its source.
async fn begin() -> Served {
    let wiring = Wiring {
        source: format!(
            "tokens = [{{ label = \"all\", sha256 = \"{}\" }}]",
            TokenDigest::of(GROUPS)
        ),
        groups: "token".to_owned(),
        more: closed(),
        ..Wiring::default()
    };
    let served = Served::wired(start(evenings()).await, &wiring).await;
    assert_eq!(served.reader.get(FEED).await.status, StatusCode::OK);
    served
}

/// Every kind of address of a feed, from the root on.
async fn addresses(reader: &Reader, feed: &str) -> Vec<String> {
    let uid = reader.get(FEED).await.values("UID")[0].clone();
    vec![
        format!("/feeds/{feed}.ics"),
        format!("/feeds/2030-11-05..2030-11-20/{feed}.ics"),
        format!("/feeds/{feed}.json"),
        format!("/feeds/2030-11-05..2030-11-20/{feed}.json"),
        format!("/download/{feed}.ics"),
        format!("/download/2030-11-05..2030-11-20/{feed}.ics"),
        format!("/events/{feed}/{uid}.ics"),
    ]
}

fn group_addresses() -> [String; 2] {
    [
        format!("/groups/stage/{CHOIR}/choir.ics"),
        format!("/groups/stage/{CHOIR}/2030-11-05..2030-11-20/choir.ics"),
    ]
}

#[tokio::test]
async fn who_has_the_token_gets_the_calendar_for_himself_alone() {
    let served = begin().await;
    let reader = &served.reader;
    let paths = addresses(reader, "cast").await;
    let mut all: Vec<String> = paths
        .iter()
        .map(|path| format!("/s/{CAST}{path}"))
        .collect();
    all.extend(group_addresses().map(|path| format!("/s/{GROUPS}{path}")));
    for path in all {
        let answer = reader.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains("Evening 1"), "{path}");
        let held = [("if-none-match", answer.header("etag"))];
        let not_modified = reader.get_with(&path, &held).await;
        assert_eq!(not_modified.status, StatusCode::NOT_MODIFIED, "{path}");
        for answer in [&answer, &not_modified] {
            for (name, want) in [
                ("cache-control", "private, max-age=300"),
                ("referrer-policy", "no-referrer"),
                ("access-control-allow-origin", ""),
            ] {
                assert_eq!(answer.header(name), want, "{path} {name}");
            }
        }
        if path.strip_suffix(".ics").is_some() {
            assert_eq!(answer.header("x-robots-tag"), "noindex", "{path}");
        }
        assert!(
            !answer.text().contains("/s/"),
            "a link is told to nobody: {path}"
        );
        let bare = reader.ask(Method::HEAD, &path, &[]).await;
        assert_eq!(bare.headers, answer.headers, "{path}");
    }
}

/// The answers to all that is nowhere to one reader: nothing in them depends on what was asked for.
async fn nothing(reader: &Reader, headers: &[(&str, &str)]) -> Answer {
    let path = "/feeds/nothing.ics";
    let nothing = reader.get_with(path, headers).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert_eq!(nothing.header("www-authenticate"), "");
    nothing
}

#[tokio::test]
async fn without_its_token_a_closed_feed_is_as_if_it_did_not_exist() {
    let served = begin().await;
    let reader = &served.reader;
    // Somebody who may has read it before, so that a copy is at hand.
    let mut asked: Vec<String> = Vec::new();
    for path in addresses(reader, "cast").await {
        let open = reader.get(&format!("/s/{CAST}{path}")).await;
        assert_eq!(open.status, StatusCode::OK, "{path}");
        for token in [
            OVER,
            SOON,
            CREW,
            GROUPS,
            "nonsense",
            "%00",
            "%ff",
            &CAST[1..],
            &CAST.to_uppercase(),
            &TokenDigest::of(CAST).to_string(),
        ] {
            asked.push(format!("/s/{token}{path}"));
        }
        asked.push(path);
    }
    for path in group_addresses() {
        let open = reader.get(&format!("/s/{GROUPS}{path}")).await;
        assert_eq!(open.status, StatusCode::OK, "{path}");
        asked.extend([
            path.clone(),
            format!("/s/{CAST}{path}"),
            format!("/s/no{path}"),
        ]);
    }
    asked.extend([
        // What is public has one address only.
        format!("/s/{CAST}{FEED}"),
        format!("/s/{CAST}/feeds/nothing.ics"),
        format!("/s/{CAST}/events/cast/6ba7b810-9dad-11d1-80b4-00c04fd430c8.ics"),
        format!("/s/{GROUPS}/groups/stage/nothing/nothing.ics"),
        format!("/s/{GROUPS}/groups/nothing/{CHOIR}/choir.ics"),
        // A wrong window is told to those only whom the feed is open to.
        format!("/s/{CREW}/feeds/never/cast.ics"),
    ]);
    for headers in [&[][..], &[("accept", "text/html")]] {
        let want = nothing(reader, headers).await;
        for path in &asked {
            assert_eq!(reader.get_with(path, headers).await, want, "{path}");
        }
    }
    for path in [
        "/s",
        "/s/",
        "/s/x",
        &format!("/s/{CAST}"),
        &format!("/s/{CAST}/"),
    ] {
        let want = reader.get("/no/such/route").await;
        assert_eq!(reader.get(path).await, want, "{path}");
    }
}

#[tokio::test]
async fn a_token_opens_from_its_first_day_to_its_last_by_the_clock_of_the_feed() {
    let served = begin().await;
    let path = |token: &str| format!("/s/{token}/feeds/cast.ics");
    // By the clock of Tokyo: the evening of the 22nd, its last second, the 23rd, and the last second of that.
    for (later, open) in [
        (TimeDelta::zero(), [true, false, true, false]),
        (
            TimeDelta::seconds(5 * 3_600 - 1),
            [true, false, true, false],
        ),
        (TimeDelta::seconds(1), [true, false, false, true]),
        (
            TimeDelta::seconds(24 * 3_600 - 1),
            [true, false, false, true],
        ),
    ] {
        served.hand.advance(later);
        for (token, open) in [CAST, OVER, LAST, SOON].into_iter().zip(open) {
            let answer = served.reader.get(&path(token)).await;
            assert_eq!(
                answer.status == StatusCode::OK,
                open,
                "{} {later} later",
                &token[..4]
            );
            // What the reader has is of no use to a token whose time is over.
            let held = [("if-none-match", "*")];
            let held = served.reader.get_with(&path(token), &held).await;
            assert_eq!(held.status == StatusCode::NOT_MODIFIED, open, "{token}");
        }
    }
    served.hand.advance(TimeDelta::days(3_650));
    let answer = served.reader.get(&path(CAST)).await;
    assert_eq!(answer.status, StatusCode::OK, "without an end");
}

#[tokio::test]
async fn nothing_that_is_public_knows_of_what_is_closed() {
    let served = begin().await;
    let reader = &served.reader;
    assert_eq!(
        reader
            .get(&format!("/s/{CAST}/feeds/cast.ics"))
            .await
            .status,
        StatusCode::OK
    );
    for path in ["/", "/robots.txt", "/healthz", "/readyz", FEED, "/nothing"] {
        for accept in ["*/*", "text/html"] {
            let answer = reader.get_with(path, &[("accept", accept)]).await;
            let printed = format!("{answer:?}");
            for word in ["cast", "crew", "/s/", "/groups/", CAST, GROUPS] {
                assert!(!printed.contains(word), "{word} on {path}: {printed}");
            }
        }
    }
}

#[tokio::test]
async fn a_closed_feed_is_only_read_too() {
    let served = begin().await;
    let refused = served.reader.ask(Method::POST, FEED, &[]).await;
    for token in [CAST, "nonsense"] {
        let path = format!("/s/{token}/feeds/cast.ics");
        let answer = served.reader.ask(Method::POST, &path, &[]).await;
        assert_eq!(answer, refused, "{token}");
    }
}

#[tokio::test]
async fn a_new_link_works_once_its_lines_are_in_the_configuration() {
    let upstream = start(evenings()).await;
    let wiring = Wiring {
        server: "listen = \"127.0.0.1:0\"\npublic_url = \"http://calendars.example\"".to_owned(),
        groups: "token".to_owned(),
        more: closed(),
        ..Wiring::default()
    };
    let text = wiring.text(&upstream);
    let dir = folder(&text);
    let (mut paths, mut pages, mut pasted) = (Vec::new(), Vec::new(), text.clone());
    for (closed, end) in [
        ("cast", "/feeds/cast.ics"),
        ("groups/stage", "/groups/stage/ID-OF-GROUP/ANY-NAME.ics"),
    ] {
        let new = ["token", "new", closed, "--label", "the \"band\""];
        let said = Bridge::run(&dir, &[&new[..], &["--until", "2099-12-31"]].concat()).await;
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{closed}");
        let (link, lines) = said.out.split_once('\n').unwrap();
        let path = link.strip_prefix("http://calendars.example").unwrap();
        let token = path.strip_prefix("/s/").unwrap().strip_suffix(end).unwrap();
        assert!(token.len() >= 32, "128 bits as hexadecimal digits: {token}");
        assert!(
            token.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{token}"
        );
        let (more, lines) = lines.split_once("[[").unwrap();
        assert!(!lines.contains(token), "{lines}");
        let page = end.strip_suffix(".ics").unwrap().replace("/ANY-NAME", "");
        for address in [
            format!("\n    any calendar   {link}\n"),
            format!("\n    Apple          webcal://calendars.example/s/{token}{end}\n"),
            format!("\n    page           http://calendars.example/s/{token}{page}\n"),
        ] {
            assert!(more.contains(&address), "{address}: {more}");
        }
        let again = Bridge::run(&dir, &new).await;
        assert_ne!(again.out, said.out, "no two links are alike");
        paths.push(path.replace("ID-OF-GROUP", CHOIR));
        pages.push(format!("/s/{token}{page}").replace("ID-OF-GROUP", CHOIR));
        pasted.push_str("[[");
        pasted.push_str(lines);
    }
    let kept = std::fs::read_to_string(dir.path().join("calbridge.toml")).unwrap();
    assert_eq!(kept, text, "nothing is written");

    let (before, after) = (Bridge::serve(&text).await, Bridge::serve(&pasted).await);
    for path in paths {
        assert_eq!(
            before.reader().get(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        assert_eq!(after.reader().get(&path).await.titles().len(), 5, "{path}");
    }
    for page in pages {
        let found = after.reader().get(&page).await;
        assert!(found.status.is_success(), "{page}: {found:?}");
    }
}

#[tokio::test]
async fn no_link_is_made_that_would_open_nothing() {
    let upstream = start(evenings()).await;
    let wiring = Wiring {
        more: closed(),
        ..Wiring::default()
    };
    let dir = folder(&wiring.text(&upstream));
    for (feed, more, code, want) in [
        (
            "season",
            &["--label", "a"][..],
            2,
            "calbridge: `season` is open to everybody or to nobody, so a link is of no use; write `feeds.season.access = \"token\"` first\n",
        ),
        (
            "groups/stage",
            &["--label", "a"],
            2,
            "calbridge: `groups/stage` is open to everybody or to nobody, so a link is of no use; write `sources.stage.group_feeds = \"token\"` first\n",
        ),
        (
            "nothing",
            &["--label", "a"],
            1,
            "calbridge: nothing closed is called `nothing`; links can be made for `cast`, `crew`\n",
        ),
        (
            "cast",
            &["--label", " over "],
            1,
            "calbridge: `over` is taken by another link to the same; choose another --label\n",
        ),
        (
            "cast",
            &["--label", " "],
            1,
            "calbridge: the label is empty; write who gets the link, such as --label orchestra\n",
        ),
        (
            "cast",
            &[
                "--label",
                "a",
                "--from",
                "2026-11-23",
                "--until",
                "2026-11-22",
            ],
            1,
            "calbridge: --until `2026-11-22` is before `from`, so the token would never open anything; write `2026-11-23` or later\n",
        ),
    ] {
        let said = Bridge::run(&dir, &[&["token", "new", feed], more].concat()).await;
        assert_eq!(
            (said.code, said.err.as_str()),
            (Some(code), want),
            "{feed} {more:?}"
        );
        assert_eq!(said.out, "", "{feed} {more:?}");
    }
}
