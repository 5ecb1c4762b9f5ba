//! Answers that come completely.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use wiremock::{MockServer, matchers};

use super::*;
use crate::api::{Denial, Flaw};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_read_brings_json_and_says_who_asks() {
    let server = MockServer::start().await;
    get("/events")
        .and(matchers::query_param(
            "window_start",
            "2026-05-01T00:00:00Z",
        ))
        .and(matchers::header("accept", "application/json"))
        .and(matchers::header(
            "user-agent",
            concat!("calbridge/", env!("CARGO_PKG_VERSION")),
        ))
        .respond_with(ok())
        .expect(1)
        .mount(&server)
        .await;
    let call = events(&server.uri()).query("window_start", "2026-05-01T00:00:00Z");
    let read: Value = api(limits()).json(call).await.unwrap();
    assert_eq!(read, json!({ "events": [] }));
}

#[tokio::test]
async fn text_is_read_whatever_the_server_calls_it() {
    let answer = status(200).set_body_raw("Hello, Prospero!", "text/html");
    let server = server(answer, 1).await;
    let text = api(limits()).text(events(&server.uri())).await.unwrap();
    assert_eq!(text, "Hello, Prospero!");
}

#[tokio::test]
async fn compressed_answers_are_read() {
    let answer = status(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(gzip(br#"{"events":[1]}"#), "application/json");
    let server = server(answer, 1).await;
    let read = get_events(&api(limits()), &server.uri()).await.unwrap();
    assert_eq!(read, json!({ "events": [1] }));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_malformed_and_not_asked_for_again() {
    let page = status(200).set_body_raw("<!doctype html><title>Log in</title>", "text/html");
    let cut = status(200).set_body_raw(r#"{"events":[{"id":"#, "application/json");
    let bad_gzip = status(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw("not gzip at all", "application/json");
    let cut_gzip = status(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(&gzip(br#"{"events":[1,2,3]}"#)[..20], "application/json");
    for (name, answer) in [
        ("html", page),
        ("truncated", cut),
        ("encoding", bad_gzip),
        ("encoding", cut_gzip),
        ("empty", status(204)),
    ] {
        let server = server(answer, 1).await;
        let error = get_events(&api(limits()), &server.uri()).await.unwrap_err();
        let ApiError::Malformed { flaw, .. } = error else {
            panic!("{name}: {error:?}");
        };
        let told = match flaw {
            Flaw::Html => "html",
            Flaw::Truncated { bytes: 17 } => "truncated",
            Flaw::Encoding(_) => "encoding",
            Flaw::Empty => "empty",
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(told, name);
    }
}

#[tokio::test]
async fn a_status_decides_what_the_caller_can_do() {
    for (code, want) in [
        (304, "rejected"),
        (400, "rejected"),
        (401, "blocked"),
        (403, "not offered"),
        (404, "not offered"),
        (405, "not offered"),
        (409, "rejected"),
        (410, "rejected"),
        (422, "rejected"),
        (501, "rejected"),
        (505, "rejected"),
    ] {
        let server = server(status(code), 1).await;
        let got = match get_events(&api(limits()), &server.uri()).await {
            Err(ApiError::Rejected { status, .. }) if status == code => "rejected",
            Err(ApiError::NotOffered { status, .. }) if status == code => "not offered",
            Err(ApiError::Blocked {
                why: Denial::Status(status),
                ..
            }) if status == code => "blocked",
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(got, want, "{code}");
    }
}

#[tokio::test]
async fn a_body_may_fill_its_cap_but_not_pass_it() {
    let body = r#"{"events":[]}"#;
    for (cap, fits) in [(body.len(), true), (body.len() - 1, false)] {
        let server = server(ok(), 1).await;
        let api = api(Limits {
            body: cap,
            ..limits()
        });
        let got = get_events(&api, &server.uri()).await;
        match got {
            Ok(_) => assert!(fits, "{cap}"),
            Err(ApiError::TooLarge { limit, .. }) => assert!(!fits && limit == cap, "{cap}"),
            Err(other) => panic!("{cap}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_measured_unpacked() {
    let bomb = gzip(&vec![b' '; 16 << 20]);
    let cap = 1 << 20;
    assert!(bomb.len() < cap / 10, "packed it is small: {}", bomb.len());
    let answer = status(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(bomb, "application/json");
    let server = server(answer, 1).await;
    let api = api(Limits {
        body: cap,
        ..limits()
    });
    let error = get_events(&api, &server.uri()).await.unwrap_err();
    assert!(matches!(error, ApiError::TooLarge { .. }), "{error:?}");
}
