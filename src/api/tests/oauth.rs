//! The login that lives in tokens, of which the newest alone are sure to work.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use tokio::task::JoinSet;
use url::form_urlencoded;
use wiremock::{MockBuilder, Request};

use super::*;
use crate::api::{Denial, PasswordGrant, Setback, Verdict, judge};

const TOKENS: &str = "/v1/security/oauth/token";

/// A request for tokens that has exactly these fields, written as a form.
fn grant(fields: &'static [(&'static str, &'static str)]) -> MockBuilder {
    Mock::given(matchers::method("POST"))
        .and(matchers::path(TOKENS))
        .and(matchers::header("accept", "application/json"))
        .and(matchers::header(
            "content-type",
            "application/x-www-form-urlencoded",
        ))
        .and(move |request: &Request| {
            let sent: Vec<_> = form_urlencoded::parse(&request.body).into_owned().collect();
            let client = [("client_id", "c1"), ("client_secret", "c & s")];
            let wanted = fields.iter().chain(&client);
            sent.len() == fields.len() + client.len()
                && wanted
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .all(|pair| sent.contains(&pair))
        })
}

fn login() -> MockBuilder {
    grant(&[
        ("grant_type", "password"),
        ("username", "bridge@example.org"),
        ("password", "tempest+1=2"),
    ])
}

fn refresh_with(token: &'static str) -> MockBuilder {
    let fields: &'static [_] = match token {
        "r1" => &[("grant_type", "refresh_token"), ("refresh_token", "r1")],
        "r2" => &[("grant_type", "refresh_token"), ("refresh_token", "r2")],
        other => panic!("{other}"),
    };
    grant(fields)
}

fn tokens(access: &str, refresh: &str) -> ResponseTemplate {
    status(200).set_body_json(json!({
        "access_token": access, "token_type": "bearer", "refresh_token": refresh, "expires_in": 3599,
    }))
}

fn lets_in(access: &str) -> MockBuilder {
    get("/events").and(matchers::header(
        "authorization",
        format!("Bearer {access}"),
    ))
}

async fn mount(server: &MockServer, mocks: impl IntoIterator<Item = Mock>) {
    for mock in mocks {
        mock.mount(server).await;
    }
}

fn oauth(server: &MockServer, limits: Limits) -> (Api, Hand) {
    let base = format!("{}/v1", server.uri()).parse().unwrap();
    let grant = PasswordGrant {
        client_id: "c1".to_owned(),
        client_secret: "c & s".into(),
        username: "bridge@example.org".to_owned(),
        password: "tempest+1=2".into(),
    };
    api_with(Auth::oauth(&base, grant), limits)
}

fn denial(got: Result<Value, ApiError>) -> Denial {
    match got {
        Err(ApiError::Blocked { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_first_call_logs_in_and_the_next_ones_use_its_token() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(tokens("a1", "r1")).expect(1),
            lets_in("a1").respond_with(ok()).expect(3),
        ],
    )
    .await;
    let (api, _) = oauth(&server, limits());
    for _ in 0..3 {
        get_events(&api, &server.uri()).await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once_and_the_call_repeated() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(tokens("a1", "r1")).expect(1),
            lets_in("a1").respond_with(status(401)).expect(1),
            refresh_with("r1")
                .respond_with(tokens("a2", "r2"))
                .expect(1),
            lets_in("a2").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, _) = oauth(&server, limits());
    get_events(&api, &server.uri()).await.unwrap();
}

#[tokio::test]
async fn each_refresh_uses_the_newest_refresh_token_ten_minutes_before_the_end() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(tokens("a1", "r1")).expect(1),
            lets_in("a1").respond_with(ok()).expect(2),
            refresh_with("r1")
                .respond_with(tokens("a2", "r2"))
                .expect(1),
            lets_in("a2").respond_with(ok()).expect(1),
            refresh_with("r2")
                .respond_with(tokens("a3", "r1"))
                .expect(1),
            lets_in("a3").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, hand) = oauth(&server, limits());
    let fresh = TimeDelta::seconds(3_599) - TimeDelta::minutes(10);
    for wait in [
        TimeDelta::zero(),
        fresh - TimeDelta::milliseconds(1),
        TimeDelta::milliseconds(1),
        fresh,
    ] {
        hand.advance(wait);
        get_events(&api, &server.uri()).await.unwrap();
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_not_replaced_goes_on() {
    let server = MockServer::start().await;
    let access_only = |access: &str| status(200).set_body_json(json!({ "access_token": access }));
    mount(
        &server,
        [
            login().respond_with(tokens("a1", "r1")).expect(1),
            lets_in("a1").respond_with(ok()).expect(1),
            refresh_with("r1").respond_with(access_only("a2")).expect(2),
            lets_in("a2").respond_with(ok()).expect(2),
        ],
    )
    .await;
    let (api, hand) = oauth(&server, limits());
    for _ in 0..3 {
        get_events(&api, &server.uri()).await.unwrap();
        hand.advance(TimeDelta::hours(1));
    }
}

#[tokio::test]
async fn a_refresh_that_fails_leads_to_one_login() {
    let large = format!(r#"{{"access_token":"{}"}}"#, "a".repeat(70_000));
    let json = |body: &str| status(200).set_body_raw(body.to_owned(), "application/json");
    for (row, answer) in [
        ("refused", status(401)),
        (
            "refused as a bad grant",
            status(400).set_body_json(json!({"error": "invalid_grant"})),
        ),
        ("refused with 403", status(403)),
        ("broken", status(500)),
        ("no token", json("{}")),
        ("an empty token", json(r#"{"access_token":""}"#)),
        ("a token that is no text", json(r#"{"access_token":7}"#)),
        (
            "a token that no header can carry",
            json(r#"{"access_token":"a\nb"}"#),
        ),
        ("a page", status(200).set_body_raw("<p>Log in", "text/html")),
        ("nothing", status(200)),
        ("a novel", json(&large)),
    ] {
        let server = MockServer::start().await;
        mount(
            &server,
            [
                login()
                    .respond_with(tokens("a1", "r1"))
                    .up_to_n_times(1)
                    .expect(1),
                login().respond_with(tokens("a2", "r2")).expect(1),
                lets_in("a1").respond_with(status(401)).expect(1),
                refresh_with("r1").respond_with(answer).expect(1),
                lets_in("a2").respond_with(ok()).expect(1),
            ],
        )
        .await;
        let (api, _) = oauth(&server, limits());
        let got = get_events(&api, &server.uri()).await;
        assert!(got.is_ok(), "{row}: {got:?}");
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
        let (api, hand) = oauth(&server, limits());
        for (row, wait, heard) in [
            ("the first call", TimeDelta::zero(), 1),
            ("the second", TimeDelta::zero(), 1),
            ("almost five minutes on", TimeDelta::seconds(299), 1),
            ("five minutes on", TimeDelta::seconds(1), 2),
        ] {
            hand.advance(wait);
            let why = denial(get_events(&api, &server.uri()).await);
            assert!(
                matches!(why, Denial::Status(status) if status == code),
                "{code}, {row}"
            );
            let requests = server.received_requests().await.unwrap().len();
            assert_eq!(requests, heard, "{code}, {row}");
        }
    }
}

#[tokio::test]
async fn a_login_without_a_token_is_a_refusal() {
    let server = MockServer::start().await;
    mount(&server, [login().respond_with(ok()).expect(1)]).await;
    let (api, _) = oauth(&server, limits());
    for _ in 0..2 {
        let got = denial(get_events(&api, &server.uri()).await);
        assert_eq!(got, Denial::NoToken);
    }
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
                login().respond_with(tokens("a1", "r1")).expect(1),
                lets_in("a1").respond_with(ok()).expect(1),
            ],
        )
        .await;
        let (api, _) = oauth(&server, limits());
        match get_events(&api, &server.uri()).await {
            Err(ApiError::Unavailable {
                cause: Setback::Busy(status),
                at,
                ..
            }) => assert_eq!(
                (status.as_u16(), &*at.route),
                (code, "/security/oauth/token")
            ),
            other => panic!("{code}: {other:?}"),
        }
        get_events(&api, &server.uri()).await.unwrap();
    }
}

#[tokio::test]
async fn a_busy_refresh_neither_logs_in_nor_loses_the_token() {
    let server = MockServer::start().await;
    let busy = status(429).insert_header("retry-after", "60");
    mount(
        &server,
        [
            login().respond_with(tokens("a1", "r1")).expect(1),
            lets_in("a1").respond_with(status(401)).expect(2),
            refresh_with("r1")
                .respond_with(busy)
                .up_to_n_times(1)
                .expect(1),
            refresh_with("r1")
                .respond_with(tokens("a2", "r2"))
                .expect(1),
            lets_in("a2").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, _) = oauth(&server, limits());
    match get_events(&api, &server.uri()).await {
        Err(ApiError::Unavailable { retry_after, .. }) => {
            assert_eq!(retry_after, Some(Duration::from_mins(1)));
        }
        other => panic!("{other:?}"),
    }
    get_events(&api, &server.uri()).await.unwrap();
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_blocks_the_source_until_a_new_login() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login()
                .respond_with(tokens("a1", "r1"))
                .up_to_n_times(1)
                .expect(1),
            login().respond_with(tokens("a3", "r2")).expect(1),
            lets_in("a1").respond_with(status(401)).expect(1),
            refresh_with("r1")
                .respond_with(tokens("a2", "r2"))
                .expect(1),
            lets_in("a2").respond_with(status(403)).expect(1),
            lets_in("a3").respond_with(ok()).expect(1),
        ],
    )
    .await;
    let (api, hand) = oauth(&server, limits());
    let api = api.judging(|reply, now| match reply.status.as_u16() {
        403 => Verdict::Renew,
        _ => judge(reply, now),
    });
    for _ in 0..2 {
        let why = denial(get_events(&api, &server.uri()).await);
        assert!(
            matches!(why, Denial::Status(status) if status == 403),
            "{why:?}"
        );
    }
    hand.advance(TimeDelta::minutes(5));
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
async fn a_hundred_calls_cause_one_login_and_one_refresh() {
    let server = MockServer::start().await;
    mount(
        &server,
        [
            login().respond_with(tokens("a1", "r1")).expect(1),
            // The delay lets all calls leave with the old token before any of them hears of it.
            lets_in("a1")
                .respond_with(status(401).set_delay(Duration::from_millis(200)))
                .expect(100),
            refresh_with("r1")
                .respond_with(tokens("a2", "r2"))
                .expect(1),
            lets_in("a2").respond_with(ok()).expect(100),
        ],
    )
    .await;
    let (api, _) = oauth(&server, many(100));
    for got in at_once(&Arc::new(api), &server.uri(), 100).await {
        got.unwrap();
    }
}
