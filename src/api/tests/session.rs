//! The login that lives in cookies, whatever they are called.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::task::JoinSet;
use wiremock::{MockBuilder, http::HeaderMap};

use super::*;
use crate::api::{Denial, Setback};

fn login() -> MockBuilder {
    Mock::given(matchers::method("POST"))
        .and(matchers::path("/auth/login"))
        .and(matchers::body_json(serde_json::json!({
            "email": "bridge@example.org",
            "password": "tempest",
        })))
}

/// An answer that sets the access cookie to `access`, and a refresh cookie that only its own route gets.
fn sets(access: &str) -> ResponseTemplate {
    status(200)
        .append_header(
            "set-cookie",
            format!("ariel={access}; Path=/; HttpOnly; Secure"),
        )
        .append_header(
            "set-cookie",
            "caliban=r1; Path=/auth/refresh; HttpOnly; Secure",
        )
}

fn lets_in(access: &str) -> MockBuilder {
    get("/events").and(matchers::header("cookie", format!("ariel={access}")))
}

fn refresh() -> MockBuilder {
    get("/auth/refresh").and(|request: &wiremock::Request| {
        let sent = cookies(&request.headers);
        sent.contains("caliban=r1") && sent.contains("ariel=")
    })
}

fn cookies(headers: &HeaderMap) -> String {
    let value = headers.get("cookie").and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

async fn mount(server: &MockServer, mocks: impl IntoIterator<Item = Mock>) {
    for mock in mocks {
        mock.mount(server).await;
    }
}

fn session(server: &MockServer, limits: Limits) -> (Api, Hand) {
    let base = server.uri().parse().unwrap();
    let auth = Auth::session(&base, "bridge@example.org".into(), "tempest".into());
    api_with(auth, limits)
}

fn denial(got: Result<Value, ApiError>) -> Denial {
    match got {
        Err(ApiError::Blocked { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_first_call_logs_in_and_the_next_ones_use_its_cookies() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(sets("a1")).expect(1),
            lets_in("a1").respond_with(ok()).expect(3),
        ],
    )
    .await;
    let (api, _) = session(&server, limits());
    for _ in 0..3 {
        get_events(&api, &server.uri()).await.unwrap();
    }
}

#[tokio::test]
async fn a_base_with_a_path_and_a_slash_keeps_its_path() {
    let server = MockServer::start().await;
    let login = Mock::given(matchers::path("/api/auth/login")).respond_with(status(401));
    mount(&server, [login.expect(1)]).await;
    let base = format!("{}/api/", server.uri()).parse().unwrap();
    let auth = Auth::session(&base, "bridge@example.org".into(), "tempest".into());
    let (api, _) = api_with(auth, limits());
    denial(get_events(&api, &server.uri()).await);
}

#[tokio::test]
async fn an_expired_access_cookie_is_refreshed_once_and_the_call_repeated() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(sets("a1")).expect(1),
            lets_in("a1").respond_with(status(401)).expect(1),
            refresh().respond_with(sets("a2")).expect(1),
            lets_in("a2").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, _) = session(&server, limits());
    get_events(&api, &server.uri()).await.unwrap();
}

#[tokio::test]
async fn cookies_are_refreshed_after_fifty_minutes_before_any_401() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(sets("a1")).expect(1),
            lets_in("a1").respond_with(ok()).expect(2),
            refresh().respond_with(sets("a2")).expect(1),
            lets_in("a2").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, hand) = session(&server, limits());
    get_events(&api, &server.uri()).await.unwrap();
    hand.advance(TimeDelta::minutes(50) - TimeDelta::seconds(1));
    get_events(&api, &server.uri()).await.unwrap();
    hand.advance(TimeDelta::seconds(1));
    get_events(&api, &server.uri()).await.unwrap();
}

#[tokio::test]
async fn a_refresh_that_fails_leads_to_one_login() {
    let expired = r#"{"status":400,"error":"Unable to verify refresh token"}"#;
    for answer in [
        status(400).set_body_raw(expired, "application/json"),
        status(401),
        status(404),
        status(500),
        status(200), // and sets no cookie
    ] {
        let server = MockServer::start().await;
        mount(
            &server,
            [
                login().respond_with(sets("a1")).up_to_n_times(1).expect(1),
                login().respond_with(sets("a2")).expect(1),
                lets_in("a1").respond_with(status(401)).expect(1),
                refresh().respond_with(answer).expect(1),
                lets_in("a2").respond_with(ok()).expect(1),
            ],
        )
        .await;
        let (api, _) = session(&server, limits());
        get_events(&api, &server.uri()).await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_in_five_minutes() {
    for code in [302, 400, 401, 403, 404, 422] {
        let server = MockServer::start().await;
        mount(
            &server,
            [
                login().respond_with(status(code)).expect(2),
                get("/events").respond_with(ok()).expect(0),
            ],
        )
        .await;
        let (api, hand) = session(&server, limits());
        let call = || async { denial(get_events(&api, &server.uri()).await) };
        assert!(
            matches!(call().await, Denial::Status(status) if status == code),
            "{code}"
        );
        call().await;
        hand.advance(TimeDelta::minutes(5) - TimeDelta::seconds(1));
        assert!(
            matches!(call().await, Denial::Status(status) if status == code),
            "{code}"
        );
        let heard = server.received_requests().await.unwrap().len();
        assert_eq!(heard, 1, "{code}: a remembered refusal sends nothing");
        hand.advance(TimeDelta::seconds(1));
        call().await;
    }
}

#[tokio::test]
async fn a_login_that_sets_no_cookie_is_a_refusal() {
    let server = MockServer::start().await;
    mount(&server, [login().respond_with(ok()).expect(1)]).await;
    let (api, _) = session(&server, limits());
    for _ in 0..2 {
        let got = denial(get_events(&api, &server.uri()).await);
        assert_eq!(got, Denial::NoCookie);
    }
}

#[tokio::test]
async fn a_new_password_works_after_the_refusal_is_forgotten() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(status(401)).up_to_n_times(1).expect(1),
            login().respond_with(sets("a1")).expect(1),
            lets_in("a1").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, hand) = session(&server, limits());
    denial(get_events(&api, &server.uri()).await);
    hand.advance(TimeDelta::minutes(5));
    get_events(&api, &server.uri()).await.unwrap();
}

#[tokio::test]
async fn a_busy_login_is_no_refusal() {
    for code in [429, 500, 503] {
        let server = MockServer::start().await;
        mount(
            &server,
            [
                login()
                    .respond_with(status(code))
                    .up_to_n_times(3)
                    .expect(3),
                login().respond_with(sets("a1")).expect(1),
                lets_in("a1").respond_with(ok()).expect(1),
            ],
        )
        .await;
        let (api, _) = session(&server, limits());
        match get_events(&api, &server.uri()).await {
            Err(ApiError::Unavailable {
                cause: Setback::Busy(status),
                at,
                ..
            }) => assert_eq!((status.as_u16(), &*at.route), (code, "/auth/login")),
            other => panic!("{code}: {other:?}"),
        }
        get_events(&api, &server.uri()).await.unwrap();
    }
}

#[tokio::test]
async fn a_busy_refresh_neither_logs_in_nor_loses_the_session() {
    let server = MockServer::start().await;
    let busy = status(429).insert_header("retry-after", "60");
    mount(
        &server,
        [
            login().respond_with(sets("a1")).expect(1),
            lets_in("a1").respond_with(status(401)).expect(2),
            refresh().respond_with(busy).up_to_n_times(1).expect(1),
            refresh().respond_with(sets("a2")).expect(1),
            lets_in("a2").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, _) = session(&server, limits());
    match get_events(&api, &server.uri()).await {
        Err(ApiError::Unavailable { retry_after, .. }) => {
            assert_eq!(retry_after, Some(Duration::from_mins(1)));
        }
        other => panic!("{other:?}"),
    }
    get_events(&api, &server.uri()).await.unwrap();
}

#[tokio::test]
async fn new_cookies_that_are_refused_too_block_the_source_until_a_new_login() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(sets("a1")).up_to_n_times(1).expect(1),
            login().respond_with(sets("a3")).expect(1),
            lets_in("a1").respond_with(status(401)).expect(1),
            refresh().respond_with(sets("a2")).expect(1),
            lets_in("a2").respond_with(status(401)).expect(1),
            lets_in("a3").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, hand) = session(&server, limits());
    denial(get_events(&api, &server.uri()).await);
    denial(get_events(&api, &server.uri()).await);
    hand.advance(TimeDelta::minutes(5));
    get_events(&api, &server.uri()).await.unwrap();
}

#[tokio::test]
async fn cookies_that_an_ordinary_answer_sets_are_sent_back() {
    let server = MockServer::start().await;
    let rotated = ok().append_header("set-cookie", "ariel=a2; Path=/; Secure");
    mount(
        &server,
        [
            login().respond_with(sets("a1")).expect(1),
            lets_in("a1").respond_with(rotated).expect(1),
            lets_in("a2").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, _) = session(&server, limits());
    get_events(&api, &server.uri()).await.unwrap();
    get_events(&api, &server.uri()).await.unwrap();
}

async fn at_once(api: &Arc<Api>, base: &str, calls: usize) -> Vec<Result<Value, ApiError>> {
    let mut running = JoinSet::new();
    for _ in 0..calls {
        let (api, base) = (Arc::clone(api), base.to_owned());
        running.spawn(async move { get_events(&api, &base).await });
    }
    running.join_all().await
}

#[tokio::test]
async fn a_hundred_calls_cause_one_login_and_one_early_refresh() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(sets("a1")).expect(1),
            lets_in("a1").respond_with(ok()).expect(100),
            refresh().respond_with(sets("a2")).expect(1),
            lets_in("a2").respond_with(ok()).expect(100),
        ],
    )
    .await;
    let (api, hand) = session(&server, many(100));
    let api = Arc::new(api);
    for _ in 0..2 {
        for got in at_once(&api, &server.uri(), 100).await {
            got.unwrap();
        }
        hand.advance(TimeDelta::minutes(51));
    }
}

#[tokio::test]
async fn a_hundred_calls_refused_for_the_same_cookies_cause_one_refresh() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(sets("a1")).expect(1),
            // The delay lets all calls leave with the old cookies before any of them hears of it.
            lets_in("a1")
                .respond_with(status(401).set_delay(Duration::from_millis(200)))
                .expect(100),
            refresh().respond_with(sets("a2")).expect(1),
            lets_in("a2").respond_with(ok()).expect(100),
        ],
    )
    .await;
    let (api, _) = session(&server, many(100));
    for got in at_once(&Arc::new(api), &server.uri(), 100).await {
        got.unwrap();
    }
}

#[tokio::test]
async fn a_hundred_calls_with_a_wrong_password_cause_one_login() {
    let server = MockServer::start().await;
    mount(&server, [login().respond_with(status(401)).expect(1)]).await;
    let (api, _) = session(&server, many(100));
    for got in at_once(&Arc::new(api), &server.uri(), 100).await {
        denial(got);
    }
}
