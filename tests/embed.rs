//! Calendars in frames of other websites, over the whole server with a clock that stands still.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{collections::BTreeSet, path::Path};

use calbridge::{
    clock::Clock,
    config::{Config, Store},
    sandbox::prospero::{Fault, Lasting, Route, Running},
};
use reqwest::StatusCode;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use support::{
    reader::Reader,
    upstream::{CHOIR, PASSWORD, Wiring, at, evenings, start},
};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

/// A server in this process, ended when dropped.
struct Served {
    reader: Reader,
    base: String,
    stop: CancellationToken,
    server: JoinHandle<()>,
    _upstream: Running,
}

impl Served {
    /// A server of five evenings in November 2030, with more lines in `[feeds.season]`.
    async fn begin(more: &str) -> Self {
        Self::over(start(evenings()).await, more).await
    }

    async fn over(upstream: Running, more: &str) -> Self {
        let wiring = Wiring {
            more: more.to_owned(),
            ..Wiring::default()
        };
        let password = |_: &str| Some(PASSWORD.to_owned());
        let text = wiring.text(&upstream);
        let mut config = Config::parse(&text, "test", Path::new("."), &password).unwrap();
        config.store = Store::Memory;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let (clock, _) = Clock::movable(at("2030-11-10T10:00:00Z"));
        let server = calbridge::Server::new(config, listener, clock)
            .await
            .unwrap();
        let base = format!("http://{address}");
        Self {
            reader: Reader::of(&base),
            base,
            server: tokio::spawn(server.run(stop.clone())),
            stop,
            _upstream: upstream,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
        self.server.abort();
    }
}

#[tokio::test]
async fn every_view_of_feeds_and_groups_is_a_page_that_may_be_framed() {
    let served = Served::begin("").await;
    for base in [
        "/embed/season".to_owned(),
        format!("/embed/groups/stage/{CHOIR}"),
    ] {
        for rest in [
            "",
            "/month",
            "/month/2030-11",
            "/month/2031-05",
            "/week/2030-W47",
            "/day/2030-11-12",
            "/agenda?next=20d",
            "/list",
            "/next",
            "/month?tz=Mars&limit=x&date=never",
        ] {
            let path = format!("{base}{rest}");
            let answer = served.reader.get_with(&path, &[BROWSER]).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(
                answer.header("content-type"),
                "text/html; charset=utf-8",
                "{path}"
            );
            let policy = answer.header("content-security-policy");
            assert!(policy.ends_with("frame-ancestors *"), "{path} {policy}");
            assert!(!answer.headers.contains_key("x-frame-options"), "{path}");
            assert!(!answer.headers.contains_key("set-cookie"), "{path}");
            assert!(!answer.text().contains(" style="), "{path}");
            let scripts: Vec<&str> = answer.text().split("<script").skip(1).collect();
            let ours = "type=\"module\" src=\"/assets/frame-";
            assert!(
                matches!(scripts[..], [script] if script.trim_start().starts_with(ours)),
                "{path}"
            );
        }
    }
    let answer = served
        .reader
        .get("/embed/season/month?tz=Mars&limit=x")
        .await;
    assert_eq!(answer.header("x-calbridge-ignored"), "limit, tz");
}

/// The values of an attribute that holds addresses.
fn addresses<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let parts = page.split(attribute).skip(1);
    parts.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn a_fragment_is_the_calendar_alone_with_its_style_and_links_that_work_anywhere() {
    let served = Served::begin("").await;
    let reader = &served.reader;
    for path in [
        "season".to_owned(),
        "season/month/2030-11?lang=de".to_owned(),
        "season/week/2030-W45?accent=fa0".to_owned(),
        "season/agenda?groups=Choir&tz=Mars".to_owned(),
        "season/list".to_owned(),
        format!("groups/stage/{CHOIR}"),
        format!("groups/stage/{CHOIR}/next"),
    ] {
        let answer = reader.get(&format!("/fragment/{path}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let text = answer.text();
        let style = format!(
            "<link rel=\"stylesheet\" href=\"{}/assets/embed.css\">",
            served.base
        );
        assert!(text.starts_with(&style), "{path} {text}");
        for tag in [
            "<html", "<head>", "<body", "<main", "<h1", "<script", "<meta",
        ] {
            assert!(!text.contains(tag), "{path} {tag}");
        }
        let found = ["href=\"", "action=\"", "src=\""].map(|name| addresses(text, name));
        for address in found.concat() {
            let address = address.replace("&#38;", "&");
            let local = address.strip_prefix(&served.base);
            let local = local.unwrap_or_else(|| panic!("{path} leads to {address}"));
            assert_eq!(
                reader.get(local).await.status,
                StatusCode::OK,
                "{path} {local}"
            );
        }
        let embed = reader.get(&format!("/embed/{path}")).await;
        for name in [
            "content-security-policy",
            "access-control-allow-origin",
            "cache-control",
            "content-language",
            "content-type",
            "referrer-policy",
            "vary",
            "x-calbridge-ignored",
            "x-robots-tag",
        ] {
            assert_eq!(answer.header(name), embed.header(name), "{path} {name}");
        }
        let held = [("if-none-match", answer.header("etag"))];
        let again = reader.get_with(&format!("/fragment/{path}"), &held).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn scripts_of_websites_that_are_not_named_read_no_fragment_and_no_view() {
    let served = Served::begin("embed_origins = [\"https://www.example.org\"]").await;
    for path in ["/fragment/season/list", "/embed/season/list"] {
        for (origin, want) in [
            ("https://www.example.org", "https://www.example.org"),
            ("https://other.example", ""),
            ("null", ""),
        ] {
            let answer = served.reader.get_with(path, &[("origin", origin)]).await;
            let permitted = answer.header("access-control-allow-origin");
            assert_eq!(permitted, want, "{path} {origin}");
        }
    }
}

#[tokio::test]
async fn the_style_sheets_of_a_page_are_there() {
    let served = Served::begin("").await;
    let page = served.reader.get("/embed/season/week?accent=%23FA0").await;
    let sheets: Vec<&str> = page
        .text()
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with("/assets/"))
        .collect();
    assert_eq!(sheets.len(), 3, "{sheets:?}");
    for sheet in &sheets {
        let answer = served.reader.get(sheet).await;
        assert_eq!(answer.status, StatusCode::OK, "{sheet}");
        assert_eq!(
            answer.header("content-type"),
            "text/css; charset=utf-8",
            "{sheet}"
        );
    }
    let accent = served.reader.get("/assets/accent-ffaa00.css").await;
    assert!(
        accent
            .text()
            .starts_with(".cal{--cal-accent:#ffaa00;--cal-on-accent:#000000;"),
        "{}",
        accent.text()
    );
    for bad in [
        "accent-.css",
        "accent-ffaa0g.css",
        "accent-%7D%3Cscript.css",
    ] {
        let answer = served.reader.get(&format!("/assets/{bad}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn the_language_is_the_browsers_unless_the_address_names_one() {
    let served = Served::begin("").await;
    for (query, accept, want, varies) in [
        ("", "de-AT, en;q=0.5", "de-AT", true),
        ("", "", "en", true),
        ("?lang=auto", "ja", "ja", true),
        ("?lang=ar", "ja", "ar", false),
        ("?lang=tlh", "ja", "ja", true),
    ] {
        let path = format!("/embed/season/month{query}");
        let answer = served
            .reader
            .get_with(&path, &[("accept-language", accept)])
            .await;
        assert_eq!(answer.header("content-language"), want, "{query} {accept}");
        let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
        assert_eq!(
            vary.iter().any(|value| *value == "accept-language"),
            varies,
            "{query} {accept}"
        );
    }
}

#[tokio::test]
async fn the_operator_says_which_websites_may_show_a_feed() {
    for (line, want) in [
        ("", "*"),
        ("embed_origins = []", "'none'"),
        (
            "embed_origins = [\"https://www.example.org\", \"http://a.example:81/\"]",
            "'self' https://www.example.org http://a.example:81",
        ),
    ] {
        let served = Served::begin(line).await;
        let answer = served.reader.get("/embed/season/list").await;
        let policy = answer.header("content-security-policy");
        assert_eq!(
            policy.split_once("frame-ancestors ").unwrap().1,
            want,
            "{line}"
        );
        let page = served.reader.get("/feeds/season").await;
        let page = page.text();
        let (_, rest) = page.split_once("rel=\"canonical\" href=\"").unwrap();
        let (url, _) = rest.split_once('"').unwrap();
        let told = served.reader.get(&format!("/oembed?url={url}")).await;
        let want = if want == "'none'" {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::OK
        };
        assert_eq!(told.status, want, "{line}: code for a frame");
    }
}

#[tokio::test]
async fn what_cannot_be_shown_says_why_in_the_visitors_language() {
    let served = Served::begin("").await;
    for (path, status, words) in [
        (
            "/embed/nothing/month",
            StatusCode::NOT_FOUND,
            "Diesen Kalender gibt es nicht",
        ),
        (
            "/embed/UPPER",
            StatusCode::NOT_FOUND,
            "Diesen Kalender gibt es nicht",
        ),
        (
            "/embed/groups/stage/nothing",
            StatusCode::NOT_FOUND,
            "Diesen Kalender gibt es nicht",
        ),
        (
            "/embed/season/year",
            StatusCode::BAD_REQUEST,
            "month, week, day, agenda, list, next",
        ),
        (
            "/embed/season/month/yesterday",
            StatusCode::BAD_REQUEST,
            "2026-W47",
        ),
        (
            "/embed/season/month/1812-09-07",
            StatusCode::BAD_REQUEST,
            "2026-W47",
        ),
        (
            "/embed/season/%3Cscript%3E",
            StatusCode::BAD_REQUEST,
            "month, week",
        ),
    ] {
        let lines = [BROWSER, ("accept-language", "de")];
        let answer = served.reader.get_with(path, &lines).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().contains(words), "{path} {}", answer.text());
        assert!(!answer.text().contains("<script"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let plain = served.reader.get(path).await;
        assert_eq!(plain.status, status, "{path}");
        assert_eq!(
            plain.header("content-type"),
            "text/plain; charset=utf-8",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_calendar_that_has_nothing_yet_asks_for_patience() {
    let upstream = start(evenings()).await;
    upstream.fault(Route::Login, Fault::Forbidden, Lasting::UntilCleared);
    let served = Served::over(upstream, "").await;
    let answer = served
        .reader
        .get_with("/embed/season/month", &[BROWSER])
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "30");
    assert!(
        answer.text().contains("http-equiv=\"refresh\""),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_reader_who_has_the_page_is_told_so() {
    let served = Served::begin("").await;
    let first = served.reader.get("/embed/season/week?lang=en").await;
    let tag = first.header("etag").to_owned();
    let lines = [("if-none-match", tag.as_str())];
    let again = served
        .reader
        .get_with("/embed/season/week?lang=en", &lines)
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[test]
fn every_property_of_the_style_is_documented_and_no_other_is() {
    let read = |path: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    };
    let properties = |text: &str| -> BTreeSet<String> {
        let named = |rest: &str| {
            let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-'));
            rest[..end.unwrap_or(rest.len())].to_owned()
        };
        text.split("--cal-")
            .skip(1)
            .map(named)
            .filter(|name| !name.is_empty())
            .collect()
    };
    let style = properties(&read("assets/embed.css"));
    assert_eq!(style, properties(&read("docs/embedding.md")));
    assert!(style.len() >= 30, "{}", style.len());
}
