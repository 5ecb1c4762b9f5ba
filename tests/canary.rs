//! No secret in anything the server emits: a canary stands for every one of them, and whatever comes out is searched.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use calbridge::{
    domain::token::TokenDigest,
    sandbox::{
        prospero::{Fault, Lasting, Route},
        season::Event,
    },
};
use reqwest::{Method, StatusCode};

use support::{
    bridge::{Bridge, folder},
    reader::Reader,
    upstream::{CHOIR, DAYS, FEED, PASSWORD, Wiring, event, start},
};

/// The token of the closed feed, and one that is nearly that, as somebody mistypes it.
const TOKEN: &str = "canary-token-5b0e9a430d5c8a53b7d1";
const TYPO: &str = "canary-token-5b0e9a430d5c8a53b7d2";
/// What the upstream says that is for readers of a calendar, and for nobody else.
const PUBLISHED: [&str; 2] = ["canary-title", "canary-details"];
/// What it says that is for nobody.
const PRIVATE: [&str; 2] = ["canary-draft", "canary-notes"];

/// The secrets that no output may hold, whoever it is for.
fn secrets() -> [&'static str; 5] {
    let [draft, notes] = PRIVATE;
    [TOKEN, TYPO, PASSWORD, draft, notes]
}

/// An event with a canary wherever there is text, and a draft.
fn events() -> Vec<Event> {
    let mut open = event(1, "canary-title", "2030-11-05T23:30:00Z");
    open.details = Some("<p>canary-details</p>".to_owned());
    open.admin_notes = Some("<p>canary-notes</p>".to_owned());
    let mut draft = event(2, "canary-draft", "2030-11-06T23:30:00Z");
    draft.draft = true;
    vec![open, draft]
}

fn wiring() -> Wiring {
    let digest = TokenDigest::of(TOKEN);
    Wiring {
        more: format!(
            "[feeds.cast]\nsources = [\"stage\"]\nwindow = \"{DAYS}\"\naccess = \"token\"\n\
             [[feeds.cast.tokens]]\nlabel = \"orchestra\"\nsha256 = \"{digest}\"\n\
             [feeds.hints]\nsources = [\"stage\"]\nwindow = \"{DAYS}\"\ndetail = \"busy\"\n"
        ),
        ..Wiring::eager()
    }
}

#[track_caller]
fn assert_none(words: &[&str], printed: &str, by: &str) {
    for word in words {
        assert!(
            !printed.contains(word),
            "{word} is printed by {by}: {printed}"
        );
    }
}

/// What stands on a page beside the addresses of its links and of the field to copy: there is the reader's own token.
fn beside_links(page: &str) -> String {
    let attributes = [" href=\"", " src=\"", " action=\"", " value=\""];
    attributes.iter().fold(page.to_owned(), |page, name| {
        let mut parts = page.split(name);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |kept, part| {
            let (_, rest) = part.split_once('"').unwrap_or_default();
            kept + rest
        })
    })
}

/// Asks for everything there is and much there is not, and searches every answer.
async fn ask_for_all(reader: &Reader) {
    let uid = reader.get(FEED).await.values("UID")[0].clone();
    let below: Vec<String> = ["cast", "season", "hints", "nothing"]
        .iter()
        .flat_map(|feed| {
            [
                format!("/feeds/{feed}.ics"),
                format!("/feeds/2030-11/{feed}.ics"),
                format!("/feeds/never/{feed}.ics"),
                format!("/download/{feed}.ics"),
                format!("/events/{feed}/{uid}.ics"),
                format!("/feeds/{feed}"),
                format!("/feeds/{feed}.json"),
                format!("/events/{feed}/{uid}"),
                format!("/embed/{feed}/list"),
                format!("/embed/{feed}/month/2030-11"),
                format!("/fragment/{feed}/list"),
                format!("/oembed?url=x/feeds/{feed}"),
            ]
        })
        .chain([
            format!("/groups/stage/{CHOIR}/choir.ics"),
            "/groups/stage/nothing/nothing.ics".to_owned(),
            "/".to_owned(),
            "/robots.txt".to_owned(),
            "/healthz".to_owned(),
            "/readyz".to_owned(),
            "/%ff".to_owned(),
        ])
        .collect();
    let (own, other) = (format!("/s/{TOKEN}"), format!("/s/{TYPO}"));
    for door in ["", &own, &other] {
        for path in &below {
            let path = format!("{door}{path}");
            for method in [Method::GET, Method::HEAD, Method::POST] {
                for accept in ["text/html", "*/*"] {
                    let mark = if path.contains('?') { '&' } else { '?' };
                    let query = format!("{path}{mark}token={TOKEN}");
                    let referrer = format!("https://elsewhere.example/s/{TOKEN}");
                    let headers = [("accept", accept), ("referer", &referrer)];
                    let answer = reader.ask(method.clone(), &query, &headers).await;
                    let mut printed = format!("{answer:?}");
                    if door == own && answer.header("content-type").starts_with("text/html") {
                        printed = beside_links(&printed);
                    }
                    assert_none(&secrets(), &printed, &path);
                    let open = match door {
                        "" => path.contains("season") || path.starts_with("/groups/"),
                        _ => path.contains(TOKEN) && path.contains("cast"),
                    };
                    if !open {
                        assert_none(&PUBLISHED, &printed, &path);
                    }
                }
            }
        }
    }
    let long = format!("/s/{TOKEN}/feeds/{}.ics", "x".repeat(9_000));
    let refused = reader.get(&long).await;
    assert_eq!(refused.status, StatusCode::URI_TOO_LONG);
    assert_none(
        &secrets(),
        &format!("{refused:?}"),
        "an address that is too long",
    );
}

#[tokio::test]
async fn no_secret_is_in_any_answer_or_any_line_of_the_log_at_any_level() {
    let upstream = start(events()).await;
    let dir = folder(&wiring().text(&upstream));
    let everything = [("CALBRIDGE_LOG", "trace"), ("RUST_BACKTRACE", "full")];
    let bridge = Bridge::start(&dir, &["serve"], &everything).await;
    let reader = bridge.reader();
    let open = reader.get(&format!("/s/{TOKEN}/feeds/cast.ics")).await;
    assert_eq!(open.titles(), ["canary-title"], "the canaries are alive");
    assert_eq!(open.values("DESCRIPTION")[1], "canary-details");
    let page = reader.get(&format!("/s/{TOKEN}/feeds/cast")).await;
    assert!(
        page.text().contains(TOKEN),
        "the page leads to the calendar"
    );
    ask_for_all(&reader).await;

    // Trouble is what logs are for.
    upstream.fault(Route::Events, Fault::Truncated, Lasting::Next(1));
    bridge.logged("cannot be read", 1).await;
    upstream.change_password("canary-other".into());
    upstream.expire_access();
    upstream.expire_refresh();
    bridge.logged("credentials", 1).await;
    ask_for_all(&reader).await;

    bridge.signal("TERM");
    let said = bridge.finished().await;
    assert!(
        said.err.contains("TRACE") && said.err.contains("DEBUG"),
        "{}",
        said.err
    );
    for printed in [&said.out, &said.err] {
        assert_none(&secrets(), printed, "serve");
        assert_none(&PUBLISHED, printed, "serve");
    }
}

#[tokio::test]
async fn no_secret_is_in_what_a_command_says() {
    let upstream = start(events()).await;
    let text = wiring().text(&upstream);
    let dir = folder(&text);
    for arguments in [
        &["check"][..],
        &["zones"],
        &["export", "hints"],
        &["export", "nothing"],
        &["token", "new", "cast", "--label", "choir"],
        &["token", "new", "nothing", "--label", "choir"],
    ] {
        let bridge = Bridge::spawn(&dir, arguments, &[("CALBRIDGE_LOG", "trace")]);
        let said = bridge.finished().await;
        let printed = format!("{} {}", said.out, said.err);
        assert_none(&secrets(), &printed, &arguments.join(" "));
        assert_none(&PUBLISHED, &printed, &arguments.join(" "));
    }
    // Whoever pastes the token instead of its digest, or writes the password in clear, is not read out to the log.
    let digest = TokenDigest::of(TOKEN).to_string();
    for wrong in [
        text.replace(&digest, TOKEN),
        text.replace(
            "label = \"orchestra\"",
            &format!("label = \"orchestra\"\nuntil = \"{TOKEN}\""),
        ),
        text.replace(
            "{ env = \"PROSPERO_PASSWORD\" }",
            &format!("\"{PASSWORD}\""),
        ),
    ] {
        assert_ne!(wrong, text);
        let said = Bridge::run(&folder(&wrong), &["serve"]).await;
        assert_eq!(said.code, Some(2), "{said:?}");
        assert_none(&secrets(), &format!("{said:?}"), "a wrong configuration");
    }
}
