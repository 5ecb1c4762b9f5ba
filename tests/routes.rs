//! What every route answers, header by header (interop section 1), over the whole server with a clock that stands still.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;
#[path = "routes/words.rs"]
mod words;

use std::{collections::BTreeSet, fmt::Write as _, io::Read as _, path::Path};

use calbridge::{
    clock::Clock,
    config::{Config, Store},
    domain::id::EventUid,
    sandbox::prospero::{Fault, Lasting, Route, Running},
};
use insta::assert_snapshot;
use reqwest::{Method, StatusCode};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use support::{
    reader::{Answer, Reader},
    server::Served,
    upstream::{CHOIR, FEED, PASSWORD, Wiring, at, evenings, start},
};

/// Status and headers by name, and the body if it is short and plain.
fn shown(answer: &Answer) -> String {
    let mut lines: Vec<_> = answer
        .headers
        .keys()
        .map(|name| format!("{name}: {}", answer.header(name.as_str())))
        .collect();
    lines.sort_unstable();
    let mut text = format!("{}\n{}\n", answer.status, lines.join("\n"));
    if answer.header("content-type").starts_with("text/plain") {
        let _ = write!(text, "\n{}", answer.text());
    }
    text
}

/// `shown` without what depends on the bytes: their number and their tag.
fn head(answer: &Answer) -> String {
    let text = shown(answer);
    let text = text.replace(answer.header("etag"), "\"…\"");
    let length = format!("content-length: {}\n", answer.header("content-length"));
    text.replace(&length, "content-length: …\n")
}

#[tokio::test]
async fn every_kind_of_calendar_carries_its_headers() {
    let served = Served::begin("").await;
    let mut text = String::new();
    for path in served.calendars().await {
        let answer = served.reader.get(&path).await;
        assert!(answer.text().starts_with("BEGIN:VCALENDAR\r\n"), "{path}");
        assert!(answer.text().ends_with("END:VCALENDAR\r\n"), "{path}");
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), length, "{path}");
        assert!(answer.header("etag").starts_with('"'), "strong: {path}");
        let _ = writeln!(text, "GET {path}\n{}", head(&answer));
    }
    assert_snapshot!(text);
}

/// A calendar in memory is answered ahead of the tree of addresses, unless its address is written with escapes.
#[tokio::test]
async fn what_lies_in_memory_is_answered_as_the_tree_of_addresses_answers_it() {
    let served = Served::begin("").await;
    for (short, escaped) in [
        ("/feeds/season.ics", "/feeds/seaso%6e.ics"),
        ("/feeds/2030-11/season.ics", "/feeds/2030%2d11/season.ics"),
        (
            "/feeds/2030-11/x/season.ics",
            "/feeds/2030%2d11/x/season.ics",
        ),
        ("/feeds/soon/season.ics", "/feeds/soo%6e/season.ics"),
        ("/feeds/nobody.ics", "/feeds/nobod%79.ics"),
        ("/feeds/season.json", "/feeds/seaso%6e.json"),
    ] {
        let first = served.reader.get(escaped).await;
        let (etag, modified) = (
            first.headers.get("etag"),
            first.headers.get("last-modified"),
        );
        let validators = [("if-none-match", etag), ("if-modified-since", modified)];
        let mut asked = vec![vec![], vec![("x-forwarded-proto", "http")]];
        for (name, value) in validators {
            asked.extend(value.map(|value| vec![(name, value.to_str().unwrap())]));
        }
        for method in [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS] {
            for headers in &asked {
                let ask = async |path| served.reader.ask(method.clone(), path, headers).await;
                let (fast, slow) = (ask(short).await, ask(escaped).await);
                let row = format!("{method} {short} {headers:?}");
                assert_eq!(shown(&fast), shown(&slow), "{row}");
                assert_eq!(fast.body, slow.body, "{row}");
            }
        }
    }
}

#[tokio::test]
async fn the_whole_feed_is_these_bytes() {
    let served = Served::begin("").await;
    let answer = served.reader.get(FEED).await;
    assert_snapshot!(answer.text().replace("\r\n", "␍\n"));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let served = Served::begin("").await;
    let mut paths = served.calendars().await;
    let others = [
        "/",
        "/robots.txt",
        "/healthz",
        "/readyz",
        "/nothing",
        "/feeds/nothing.ics",
        "/feeds/never/season.ics",
    ];
    paths.extend(others.map(str::to_owned));
    for path in paths {
        for coding in ["identity", "gzip", "br", "zstd"] {
            let headers = [("accept-encoding", coding)];
            let get = served.reader.get_with(&path, &headers).await;
            let head = served.reader.ask(Method::HEAD, &path, &headers).await;
            assert_eq!(head.body, b"", "{path} {coding}");
            assert_eq!(
                (head.status, &head.headers),
                (get.status, &get.headers),
                "{path} {coding}"
            );
            assert_eq!(
                head.header("content-length"),
                get.body.len().to_string(),
                "{path} {coding}"
            );
        }
    }
}

#[tokio::test]
async fn a_copy_that_is_current_is_not_sent_again() {
    let served = Served::begin("").await;
    for path in served.calendars().await {
        let full = served.reader.get(&path).await;
        let (tag, date) = (full.header("etag"), full.header("last-modified"));
        assert_eq!(date, "Sun, 22 Nov 2026 10:00:00 GMT", "{path}");
        let (weak, list) = (format!("W/{tag}"), format!("\"a\", {tag}, \"b\""));
        let (inm, ims) = ("if-none-match", "if-modified-since");
        let before = "Sun, 22 Nov 2026 09:59:59 GMT";
        for (headers, status) in [
            (&[(inm, tag)][..], 304),
            (&[(inm, &weak)], 304),
            (&[(inm, &list)], 304),
            (&[(inm, "*")], 304),
            (&[(inm, "\"other\"")], 200),
            (&[(inm, "")], 200),
            (&[(ims, date)], 304),
            (&[(ims, before)], 200),
            (&[(ims, "Sun, 22 Nov 2026 10:00:01 GMT")], 200),
            (&[(ims, "Thu, 01 Jan 2099 00:00:00 GMT")], 200),
            (&[(ims, "yesterday")], 200),
            (&[(inm, tag), (ims, before)], 304),
            (&[(inm, "\"other\""), (ims, date)], 200),
        ] {
            let answer = served.reader.get_with(&path, headers).await;
            let row = format!("{path} {headers:?}");
            assert_eq!(answer.status, status, "{row}");
            for name in [
                "etag",
                "last-modified",
                "cache-control",
                "vary",
                "access-control-allow-origin",
                "x-calbridge-state",
            ] {
                assert_eq!(answer.header(name), full.header(name), "{row} {name}");
            }
            if status == 304 {
                assert_eq!(answer.headers.len(), 6, "{row} {answer:?}");
                assert_eq!(answer.body, b"", "{row}");
            } else {
                assert_eq!(answer, full, "{row}");
            }
        }
    }
}

#[tokio::test]
async fn every_coding_decodes_to_the_same_calendar_and_has_its_own_tag() {
    let served = Served::begin("").await;
    for path in served.calendars().await {
        let plain = served.reader.get(&path).await;
        let mut tags = BTreeSet::from([plain.header("etag").to_owned()]);
        for coding in ["gzip", "br", "zstd"] {
            let accept = [("accept-encoding", coding)];
            let coded = served.reader.get_with(&path, &accept).await;
            assert_eq!(coded.header("content-encoding"), coding, "{path}");
            assert_eq!(coded.header("vary"), "accept-encoding", "{path}");
            assert_eq!(decoded(coding, &coded.body), plain.body, "{path} {coding}");
            assert!(coded.body.len() < plain.body.len(), "{path} {coding}");
            assert_eq!(coded.header("last-modified"), plain.header("last-modified"));
            let tag = coded.header("etag");
            let held = [accept[0], ("if-none-match", tag)];
            let held = served.reader.get_with(&path, &held).await;
            assert_eq!(
                (held.status.as_u16(), held.header("etag")),
                (304, tag),
                "{path}"
            );
            tags.insert(tag.to_owned());
        }
        assert_eq!(tags.len(), 4, "{path}");
        for refusal in ["gzip;q=0, br;q=0", "identity", "", "deflate", "*;q=0"] {
            let answer = served
                .reader
                .get_with(&path, &[("accept-encoding", refusal)])
                .await;
            assert_eq!(answer, plain, "{path} {refusal}");
        }
    }
}

fn decoded(coding: &str, mut body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    match coding {
        "gzip" => drop(
            flate2::read::GzDecoder::new(body)
                .read_to_end(&mut bytes)
                .unwrap(),
        ),
        "br" => brotli::BrotliDecompress(&mut body, &mut bytes).unwrap(),
        _ => bytes = zstd::stream::decode_all(body).unwrap(),
    }
    bytes
}

#[tokio::test]
async fn what_is_no_part_of_the_address_changes_nothing() {
    let served = Served::begin("").await;
    for path in served.calendars().await {
        let plain = served.reader.get(&path).await;
        for query in ["?", "?x=1", "?window=2026&x=%00", "?nocache=1732269600"] {
            let answer = served.reader.get(&format!("{path}{query}")).await;
            assert_eq!(answer, plain, "{path}{query}");
        }
        for header in [
            ("accept", "text/html"),
            ("accept", "application/calendar+json"),
            ("range", "bytes=0-9"),
            ("cookie", "a=b"),
            ("cache-control", "no-cache"),
            ("user-agent", ""),
            ("user-agent", "Google-Calendar-Importer"),
            ("user-agent", "Microsoft Office/16.0"),
            ("user-agent", "iOS/26.0 (23A340) dataaccessd/1.0"),
            ("user-agent", "Mozilla/5.0 Thunderbird/140.0"),
        ] {
            let answer = served.reader.get_with(&path, &[header]).await;
            assert_eq!(answer, plain, "{path} {header:?}");
        }
    }
    let any_name = format!("/groups/stage/{}/another-name.ics", CHOIR.to_uppercase());
    let by_name = served
        .reader
        .get(&format!("/groups/stage/{CHOIR}/choir.ics"))
        .await;
    assert_eq!(
        served.reader.get(&any_name).await,
        by_name,
        "the name is for people"
    );
}

#[tokio::test]
async fn an_agent_that_fails_at_compressed_calendars_gets_them_plain() {
    let served = Served::begin("uncompressed_agents = [\"Outlook\"]").await;
    for (agent, coding) in [("Outlook/16", ""), ("outlook", "gzip"), ("", "gzip")] {
        let headers = [("accept-encoding", "gzip"), ("user-agent", agent)];
        let answer = served.reader.get_with(FEED, &headers).await;
        assert_eq!(answer.header("content-encoding"), coding, "{agent}");
        assert_eq!(answer.header("vary"), "accept-encoding", "{agent}");
    }
}

#[tokio::test]
async fn what_does_not_exist_and_what_is_not_shown_are_told_apart_by_nothing() {
    let mut events = evenings();
    events[0].draft = true;
    let draft = EventUid::new(&"stage".parse().unwrap(), &events[0].id);
    let served = Served::over(start(events).await, "").await;
    assert_eq!(served.reader.get(FEED).await.titles().len(), 4);
    let want = served.reader.get("/no/such/route").await;
    assert_snapshot!(shown(&want));
    for path in [
        "/feeds/nothing.ics".to_owned(),
        "/feeds/2030-11/nothing.ics".to_owned(),
        "/feeds/season.txt".to_owned(),
        "/feeds/.ics".to_owned(),
        "/feeds/Season.ics".to_owned(),
        "/feeds/%00.ics".to_owned(),
        "/feeds/..%2f..%2fetc%2fpasswd.ics".to_owned(),
        "/groups/nothing/x/x.ics".to_owned(),
        "/groups/stage/nothing/x.ics".to_owned(),
        format!("/groups/stage/{CHOIR}/2030-11/x"),
        "/groups/stage/nothing".to_owned(),
        "/feeds/nothing".to_owned(),
        "/feeds/nothing.json".to_owned(),
        "/events/season/6ba7b810-9dad-11d1-80b4-00c04fd430c8".to_owned(),
        format!("/events/season/{draft}"),
        "/assets/nothing.css".to_owned(),
        "/groups/stage/nothing/2030-11/x.ics".to_owned(),
        "/events/season/nothing.ics".to_owned(),
        "/events/nothing/6ba7b810-9dad-11d1-80b4-00c04fd430c8.ics".to_owned(),
        "/events/season/6ba7b810-9dad-11d1-80b4-00c04fd430c8.ics".to_owned(),
        format!("/events/season/{draft}.ics"),
        "/download/nothing.ics".to_owned(),
        "/download/2030-11/nothing.ics".to_owned(),
        "/s/0123456789abcdef/feeds/season.ics".to_owned(),
        "/hooks/stage/secret".to_owned(),
        "/metrics".to_owned(),
        "/.env".to_owned(),
    ] {
        assert_eq!(served.reader.get(&path).await, want, "{path}");
    }
}

#[tokio::test]
async fn groups_that_are_not_public_are_as_if_they_did_not_exist() {
    let upstream = start(evenings()).await;
    let wiring = Wiring::default();
    let text = wiring
        .text(&upstream)
        .replace("group_feeds = \"public\"", "group_feeds = \"off\"");
    let password = |_: &str| Some(PASSWORD.to_owned());
    let mut config = Config::parse(&text, "test", Path::new("."), &password).unwrap();
    config.store = Store::Memory;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let reader = Reader::of(&format!("http://{}", listener.local_addr().unwrap()));
    let (clock, _) = Clock::movable(at("2026-11-22T10:00:00Z"));
    let stop = CancellationToken::new();
    let server = calbridge::Server::new(config, listener, clock)
        .await
        .unwrap();
    let server = tokio::spawn(server.run(stop.clone()));
    assert_eq!(reader.get(FEED).await.titles().len(), 5);
    let private = reader
        .get(&format!("/groups/stage/{CHOIR}/choir.ics"))
        .await;
    assert_eq!(private.status, StatusCode::NOT_FOUND);
    assert_eq!(private, reader.get("/no/such/route").await);
    assert!(!reader.get("/").await.text().contains("/groups/"));
    stop.cancel();
    server.await.unwrap();
}

#[tokio::test]
async fn a_window_that_cannot_be_is_answered_with_those_that_can() {
    let served = Served::begin("").await;
    let mut text = String::new();
    for path in ["/feeds/november/season.ics", "/feeds/%3Cb%3E/season.ics"] {
        let _ = writeln!(
            text,
            "GET {path}\n{}",
            shown(&served.reader.get(path).await)
        );
    }
    assert_snapshot!(text);
    for window in [
        "2030-13",
        "2030-1",
        "1969",
        "2100",
        "2026..2040",
        "next-11y",
        "next-0d",
        "-",
        "2030-02-30",
        "9999999999999999999",
    ] {
        for path in [
            format!("/feeds/{window}/season.ics"),
            format!("/download/{window}/season.ics"),
            format!("/groups/stage/{CHOIR}/{window}/choir.ics"),
        ] {
            let answer = served.reader.get(&path).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {answer:?}");
            assert!(answer.text().contains("next-90d"), "{path} {answer:?}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
    assert_eq!(
        served.upstream.calls(Route::Events),
        1,
        "nothing was fetched for them"
    );
}

#[tokio::test]
async fn calendars_are_only_read() {
    let served = Served::begin("").await;
    let refused = served.reader.ask(Method::POST, FEED, &[]).await;
    assert_snapshot!(shown(&refused));
    let mut paths = served.calendars().await;
    paths.extend(["/", "/robots.txt", "/healthz", "/readyz"].map(str::to_owned));
    for path in paths {
        for method in [
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
            Method::OPTIONS,
        ] {
            let answer = served.reader.ask(method.clone(), &path, &[]).await;
            assert_eq!(answer, refused, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn machines_are_told_what_they_ask_for() {
    let upstream = start(evenings()).await;
    upstream.fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    let served = Served::over(upstream, "").await;
    let mut text = String::new();
    let waiting = served.reader.get("/readyz").await;
    let _ = writeln!(
        text,
        "GET /readyz, before the first poll\n{}",
        shown(&waiting)
    );
    served.upstream.clear(Route::Events);
    let ready = |answer: &Answer| answer.status == StatusCode::OK;
    served.reader.get_until("/readyz", "is ready", ready).await;
    for path in ["/readyz", "/healthz", "/robots.txt"] {
        let _ = writeln!(
            text,
            "GET {path}\n{}",
            shown(&served.reader.get(path).await)
        );
    }
    assert_snapshot!(text);
}

#[tokio::test]
async fn a_source_that_fails_takes_the_others_out_of_service_only_if_none_has_delivered() {
    for (refusing, status, body) in [
        (&[][..], StatusCode::OK, "ready"),
        (&["pit"], StatusCode::OK, "ready; nothing yet from: pit"),
        (&["stage"], StatusCode::OK, "ready; nothing yet from: stage"),
        (
            &["pit", "stage"],
            StatusCode::SERVICE_UNAVAILABLE,
            "nothing yet from: pit, stage",
        ),
    ] {
        let (stage, pit) = (start(evenings()).await, start(evenings()).await);
        for (name, upstream) in [("pit", &pit), ("stage", &stage)] {
            if refusing.contains(&name) {
                upstream.change_password("another one".into());
            }
        }
        let wiring = Wiring {
            more: second_source(&pit),
            ..Wiring::default()
        };
        let served = Served::wired(stage, &wiring).await;
        // Every source has delivered or failed once a reader of it has an answer.
        for (name, feed) in [("pit", "/feeds/pit.ics"), ("stage", FEED)] {
            let answer = served.reader.get(feed).await;
            let refused = answer.status == StatusCode::BAD_GATEWAY;
            assert_eq!(refused, refusing.contains(&name), "{name} of {refusing:?}");
        }
        let answer = served.reader.get("/readyz").await;
        assert_eq!(
            (answer.status, answer.text().trim_end()),
            (status, body),
            "{refusing:?}"
        );
    }
}

/// The tables of a source `pit` over `upstream`, with a feed of its own.
fn second_source(upstream: &Running) -> String {
    let text = Wiring::default().text(upstream);
    let tables = &text[text.find("[sources.stage]").unwrap()..];
    tables
        .replace("sources.stage", "sources.pit")
        .replace("feeds.season", "feeds.pit")
        .replace("\"stage\"", "\"pit\"")
}

#[tokio::test]
async fn the_start_page_lists_every_public_calendar_by_its_public_address() {
    let served = Served::begin("public_url = \"https://calendars.example.org\"").await;
    assert_snapshot!(shown(&served.reader.get("/").await));
}

#[tokio::test]
async fn who_comes_by_plain_http_is_sent_to_https_only_where_that_is_the_public_address() {
    let secure = Served::begin("public_url = \"https://calendars.example.org\"").await;
    let open = Served::begin("public_url = \"http://calendars.example.org\"").await;
    let plain = [("x-forwarded-proto", "http"), ("host", "evil.example")];
    let tls = [("x-forwarded-proto", "https")];
    let moved = secure.reader.get_with(&format!("{FEED}?x=1"), &plain).await;
    assert_snapshot!(shown(&moved));
    for path in secure.calendars().await {
        let answer = secure.reader.get_with(&path, &plain).await;
        assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{path}");
        let location = format!("https://calendars.example.org{path}");
        assert_eq!(answer.header("location"), location);
        for (served, headers) in [
            (&secure, &tls[..]),
            (&secure, &[]),
            (&open, &plain),
            (&open, &tls),
        ] {
            let answer = served.reader.get_with(&path, headers).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {headers:?}");
        }
    }
}
