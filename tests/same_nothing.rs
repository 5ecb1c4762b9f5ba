//! Whatever a reader may not know of is answered as what does not exist: the same status, headers and body at every kind of
//! address, for every way to ask (design §13, interop H14, V8).
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use calbridge::domain::token::TokenDigest;
use reqwest::{Method, StatusCode};

use support::{
    server::Served,
    upstream::{CHOIR, FEED, Wiring, evenings, start},
};

/// Opens the feed `cast`.
const CAST: &str = "cast-0123456789abcdef0123456789abcdef";
/// Opened it until yesterday.
const OVER: &str = "over-0123456789abcdef0123456789abcdef";
/// A group that nobody knows.
const NOBODY: &str = "741d8001-3e10-11e9-8104-000000000000";

/// What is not there for a reader, for one reason or another.
struct Nowhere {
    why: &'static str,
    feed: &'static str,
    /// What stands before the address.
    door: String,
}

/// A server with a public feed of everything, one that shows nothing of what there is, and a closed one.
async fn begin() -> Served {
    let token = |label: &str, token: &str, term: &str| {
        let digest = TokenDigest::of(token);
        format!("[[feeds.cast.tokens]]\nlabel = \"{label}\"\nsha256 = \"{digest}\"\n{term}\n")
    };
    let wiring = Wiring {
        more: [
            "[feeds.other]\nsources = [\"stage\"]\ngroups = [\"Ballet\"]\nwindow = \"2030-11\"\n",
            "[feeds.cast]\nsources = [\"stage\"]\naccess = \"token\"\nwindow = \"2030-11\"\n",
            &token("one", CAST, ""),
            &token("two", OVER, "until = 2026-11-21"),
        ]
        .concat(),
        ..Wiring::default()
    };
    let served = Served::wired(start(evenings()).await, &wiring).await;
    assert_eq!(served.reader.get(FEED).await.status, StatusCode::OK);
    served
}

#[tokio::test]
async fn what_a_reader_may_not_know_of_is_answered_as_what_does_not_exist() {
    let served = begin().await;
    let reader = &served.reader;
    let uid = reader.get(FEED).await.values("UID")[0].clone();
    let open = format!("/s/{CAST}/events/cast/{uid}.ics");
    assert_eq!(reader.get(&open).await.status, StatusCode::OK);
    let below = |token: &str| format!("/s/{token}");
    let nowhere = [
        ("an unknown feed", "nothing", String::new()),
        ("a closed feed without a token", "cast", String::new()),
        (
            "a wrong token",
            "cast",
            below("0123456789abcdef0123456789abcdef"),
        ),
        ("a revoked token", "cast", below(OVER)),
        ("a public feed below a token", "season", below(CAST)),
    ]
    .map(|(why, feed, door)| Nowhere { why, feed, door });
    let mut asked: Vec<(&str, String)> = Vec::new();
    for Nowhere { why, feed, door } in &nowhere {
        let paths = [
            format!("/feeds/{feed}.ics"),
            format!("/feeds/2030-11/{feed}.ics"),
            format!("/feeds/{feed}.json"),
            format!("/feeds/2030-11/{feed}.json"),
            format!("/download/{feed}.ics"),
            format!("/download/2030-11/{feed}.ics"),
            format!("/events/{feed}/{uid}.ics"),
        ];
        asked.extend(paths.map(|path| (*why, format!("{door}{path}"))));
    }
    for path in [
        format!("/groups/stage/{NOBODY}/choir.ics"),
        format!("/groups/stage/{NOBODY}/2030-11/choir.ics"),
        format!("/groups/nothing/{CHOIR}/choir.ics"),
        format!("/s/{CAST}/groups/stage/{CHOIR}/choir.ics"),
    ] {
        asked.push(("an unknown group", path));
    }
    asked.push((
        "an event the feed does not show",
        format!("/events/other/{uid}.ics"),
    ));
    let strange = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    asked.push(("an unknown event", format!("/events/other/{strange}.ics")));
    asked.push(("no event at all", "/events/other/nonsense.ics".to_owned()));

    for method in [Method::GET, Method::HEAD] {
        for headers in [
            &[][..],
            &[("accept", "text/html")],
            &[("accept-encoding", "gzip, br")],
            &[("if-none-match", "*")],
            &[("if-modified-since", "Fri, 01 Jan 2038 00:00:00 GMT")],
            &[("range", "bytes=0-9")],
            &[("origin", "https://theatre.example")],
        ] {
            let want = reader
                .ask(method.clone(), "/feeds/nothing.ics", headers)
                .await;
            assert_eq!(want.status, StatusCode::NOT_FOUND, "{headers:?}");
            assert_eq!(want.header("www-authenticate"), "", "{headers:?}");
            for (why, path) in &asked {
                let answer = reader.ask(method.clone(), path, headers).await;
                assert_eq!(answer, want, "{why}: {method} {path} {headers:?}");
            }
        }
    }
}
