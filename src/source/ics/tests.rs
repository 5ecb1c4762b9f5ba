//! Whole fetches, against files on loopback.

use std::{num::NonZeroU32, time::Duration};

use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use super::*;
use crate::{
    api::{Addresses, Auth, Clients, Limits},
    clock::Clock,
    domain::testing::{at, stage},
    zones::{Databases, data::tests::fixture_path},
};

const BODY: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nREFRESH-INTERVAL;VALUE=DURATION:PT2H\r\nBEGIN:VEVENT\r\nUID:one\r\nSUMMARY:Tosca\r\nDTSTART;TZID=Europe/Berlin:20261121T190000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A source at a server on loopback, and the way to it.
fn source(server: &MockServer) -> (Ics, Api) {
    let (clock, _) = Clock::movable(at("2026-11-22T12:00:00Z"));
    let zones = Zones::open(Databases::new(Some(fixture_path())), clock.now()).unwrap();
    let settings = Settings::at(&format!("{}/s3cret-token/a.ics", server.uri())).unwrap();
    let plenty = NonZeroU32::new(100_000).unwrap();
    let limits = Limits {
        per_second: plenty,
        burst: plenty,
        backoff: Duration::from_millis(1),
        ..Limits::default()
    };
    let client = Clients::new().unwrap().reaching(Addresses::Any);
    let api = Api::new(stage(), client, Auth::None, limits, clock);
    let source = Ics::new(stage(), &settings, Tz::Asia__Tokyo, Arc::new(zones));
    (source, api)
}

fn get() -> wiremock::MockBuilder {
    Mock::given(method("GET")).and(path("/s3cret-token/a.ics"))
}

fn file(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "text/calendar")
}

async fn fetched(source: &Ics, api: &Api) -> Result<Batch, ApiError> {
    source.fetch(api, &whole()).await
}

#[tokio::test]
async fn an_unchanged_file_is_mapped_again_without_a_download() {
    let server = MockServer::start().await;
    get()
        .respond_with(file(BODY).insert_header("etag", "\"one\""))
        .up_to_n_times(1)
        .expect(1)
        .mount(&server)
        .await;
    get()
        .and(header("if-none-match", "\"one\""))
        .respond_with(ResponseTemplate::new(304))
        .expect(2)
        .mount(&server)
        .await;
    let (source, api) = source(&server);
    let first = fetched(&source, &api).await.unwrap();
    assert_eq!(first.events.len(), 1);
    assert!(first.from_wall_times);
    for _ in 0..2 {
        let again = fetched(&source, &api).await.unwrap();
        assert_eq!(again.events, first.events);
        assert_eq!(again.poll_after, first.poll_after);
    }
}

#[tokio::test]
async fn a_file_that_broke_off_leaves_the_copy_and_its_validator() {
    let server = MockServer::start().await;
    let answers = [
        file(BODY).insert_header("etag", "\"one\""),
        file(&BODY[..100]).insert_header("etag", "\"two\""),
    ];
    for answer in answers {
        get()
            .respond_with(answer)
            .up_to_n_times(1)
            .expect(1)
            .mount(&server)
            .await;
    }
    get()
        .and(header("if-none-match", "\"one\""))
        .respond_with(ResponseTemplate::new(304))
        .expect(1)
        .mount(&server)
        .await;
    let (source, api) = source(&server);
    let first = fetched(&source, &api).await.unwrap();
    let broken = fetched(&source, &api).await.unwrap_err();
    assert!(matches!(broken, ApiError::Malformed { .. }), "{broken:?}");
    assert_eq!(fetched(&source, &api).await.unwrap().events, first.events);
}

#[tokio::test]
async fn the_longer_of_what_the_file_and_its_answer_say_is_waited() {
    for (control, want) in [("max-age=60", 7_200), ("max-age=10800", 10_800)] {
        let server = MockServer::start().await;
        let answer = file(BODY).insert_header("cache-control", control);
        get().respond_with(answer).expect(1).mount(&server).await;
        let (source, api) = source(&server);
        let batch = fetched(&source, &api).await.unwrap();
        assert_eq!(
            batch.poll_after,
            Some(Duration::from_secs(want)),
            "{control}"
        );
    }
}

#[tokio::test]
async fn the_address_is_in_no_error_and_no_debug_output() {
    let server = MockServer::start().await;
    get()
        .respond_with(ResponseTemplate::new(404))
        .expect(1)
        .mount(&server)
        .await;
    let (source, api) = source(&server);
    let error = fetched(&source, &api).await.unwrap_err();
    let settings = Settings {
        url: source.url.clone(),
    };
    let shown = format!(
        "{} {error:?} {source:?} {settings:?}",
        crate::api::Chain(&error)
    );
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("/{calendar}"), "{shown}");
}

#[tokio::test]
async fn a_check_counts_the_events() {
    let server = MockServer::start().await;
    get()
        .respond_with(file(BODY))
        .expect(1)
        .mount(&server)
        .await;
    let (source, api) = source(&server);
    let told = source.check(&api).await.unwrap();
    assert_eq!(told, "a calendar of 1 events");
}

#[test]
fn every_ask_is_the_whole_file() {
    let days = |first: &str, last: &str| {
        DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap()
    };
    let (clock, _) = Clock::movable(at("2026-11-22T12:00:00Z"));
    let zones = Zones::open(Databases::new(Some(fixture_path())), clock.now()).unwrap();
    let settings = Settings::at("https://a.example/a.ics").unwrap();
    let source = Ics::new(stage(), &settings, Tz::UTC, Arc::new(zones));
    let unit = source.unit(&Ask::Horizon(days("2026-01-01", "2026-12-31")));
    let month = crate::source::Month::of(days("1999-01-01", "1999-01-02")).next();
    assert_eq!(unit, source.unit(&Ask::Month(month.unwrap())));
    assert_eq!(unit.name, "whole");
    assert!(unit.days.covers(days("1970-01-01", "2099-12-31")));
}

#[test]
fn an_address_is_http_https_or_what_stands_for_https() {
    for (text, want) in [
        ("https://a.example/x.ics", Some("https://a.example/x.ics")),
        ("http://a.example/x.ics", Some("http://a.example/x.ics")),
        ("webcal://a.example/x.ics", Some("https://a.example/x.ics")),
        ("WEBCAL://a.example/x.ics", Some("https://a.example/x.ics")),
        ("webcals://a.example/x.ics", Some("https://a.example/x.ics")),
        (
            "webcal:https://a.example/x.ics",
            Some("https://a.example/x.ics"),
        ),
        (
            "webcal:http://a.example/x.ics",
            Some("http://a.example/x.ics"),
        ),
        (
            " https://a.example/x.ics?token=1#2 ",
            Some("https://a.example/x.ics?token=1"),
        ),
        ("ftp://a.example/x.ics", None),
        ("file:///etc/passwd", None),
        ("a.example/x.ics", None),
        ("", None),
    ] {
        let url = Settings::at(text).ok().map(|settings| settings.url);
        assert_eq!(url.as_ref().map(Url::as_str), want, "{text}");
    }
}
