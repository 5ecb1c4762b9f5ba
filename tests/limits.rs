//! What one reader may cost the others, over the real server: calendars are told 200, 304 or when to come back, nothing else.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};

use support::{
    bridge::Bridge,
    reader::{Answer, Reader},
    upstream::{FEED, Wiring, evenings, start},
};

const GREEDY: (&str, &str) = ("x-forwarded-for", "203.0.113.7");
const MODEST: (&str, &str) = ("x-forwarded-for", "198.51.100.1, 203.0.113.8");

/// Windows that nobody has asked for before.
fn windows() -> impl Iterator<Item = String> {
    (3..29).map(|last| format!("/feeds/2030-11-02..2030-11-{last:02}/season.ics"))
}

/// How often each status was answered. Whoever is to come back is told when, in words for people too.
#[track_caller]
fn statuses(answers: &[Answer]) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for answer in answers {
        *statuses.entry(answer.status.as_u16()).or_default() += 1;
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=60).contains(&wait), "{answer:?}");
            assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
            assert!(answer.text().contains("ask again"), "{answer:?}");
        }
    }
    statuses
}

async fn ask_for(reader: &Reader, paths: &[String], who: (&str, &str)) -> Vec<Answer> {
    let mut answers = Vec::new();
    for path in paths {
        answers.push(reader.get_with(path, &[who]).await);
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_page_after_page_made_is_told_when_to_come_back_and_keeps_what_is_at_hand() {
    let upstream = start(evenings()).await;
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    let reader = bridge.reader();
    let warm = reader.get_with(FEED, &[GREEDY]).await;
    assert_eq!(warm.status, StatusCode::OK);

    let pages = ["/feeds/season.json", "/embed/season/list", "/feeds/season"];
    let pages: Vec<_> = (0..800).map(|page| pages[page % 3].to_owned()).collect();
    let told = statuses(&ask_for(&reader, &pages, GREEDY).await);
    assert_eq!(told.keys().copied().collect::<Vec<_>>(), [200, 503]);
    assert!(told[&200] >= 500, "{told:?}");

    // A window that would have to be made is refused too; one more may be had in each fifth of a second.
    let mut refused = None;
    for window in windows() {
        let drain = async |page: &String| {
            let answer = reader.get_with(page, &[GREEDY]).await;
            answer.status == StatusCode::SERVICE_UNAVAILABLE
        };
        for page in &pages {
            if drain(page).await {
                break;
            }
        }
        let answer = reader.get_with(&window, &[GREEDY]).await;
        if answer.status != StatusCode::OK {
            assert_eq!(statuses(&[answer]), BTreeMap::from([(503, 1)]));
            refused = Some(window);
            break;
        }
    }
    let refused = refused.expect("a window is refused");
    // What is refused to one is made for another, and then it is at hand for everybody.
    let made = reader.get_with(&refused, &[MODEST]).await;
    assert_eq!(made.status, StatusCode::OK);
    for _ in 0..20 {
        assert_eq!(reader.get_with(&refused, &[GREEDY]).await, made);
        assert_eq!(reader.get_with(FEED, &[GREEDY]).await, warm);
    }
    let tag = [GREEDY, ("if-none-match", warm.header("etag"))];
    let same = reader.get_with(FEED, &tag).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_guesses_addresses_is_slowed_down_and_a_reader_who_cannot_be_told_apart_is_not() {
    let upstream = start(evenings()).await;
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    let reader = bridge.reader();
    let guesses: Vec<_> = (0..150)
        .flat_map(|guess| [format!("/s/{guess}/feeds/season.ics"), format!("/{guess}")])
        .collect();
    let told = statuses(&ask_for(&reader, &guesses, GREEDY).await);
    assert_eq!(told.keys().copied().collect::<Vec<_>>(), [404, 503]);
    assert!(told[&404] >= 200, "{told:?}");

    for who in [MODEST, ("x-forwarded-for", "10.0.0.9"), ("x-none", "")] {
        let answer = reader.get_with("/nothing", &[who]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who:?}");
    }
    let unnamed = statuses(&ask_for(&reader, &guesses, ("x-none", "")).await);
    assert_eq!(unnamed, BTreeMap::from([(404, 300)]));
    for (method, path) in [
        (Method::GET, FEED),
        (Method::HEAD, FEED),
        (Method::GET, "/"),
    ] {
        let answer = reader.ask(method, path, &[GREEDY]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
}
