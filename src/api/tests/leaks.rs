//! Secrets stay out of logs, errors and debug output.

use super::*;
use crate::{
    api::{Chain, PasswordGrant},
    testing::Log,
};

const CANARY: &str = "canary7";

/// Answers that hold the canary wherever an upstream can put it.
fn hostile_answers() -> Vec<ResponseTemplate> {
    let json = format!(r#"{{"error":"{CANARY}"}}"#);
    let elsewhere = format!("http://127.0.0.2/{CANARY}?token={CANARY}");
    vec![
        status(200).set_body_raw(format!(r#""{CANARY}""#), "application/json"),
        status(200).set_body_raw(format!("{CANARY}{{"), "application/json"),
        status(200).set_body_raw(format!("<p>{CANARY}"), "text/html"),
        status(400).set_body_raw(json.clone(), "application/json"),
        status(401).set_body_raw(json.clone(), "application/json"),
        status(404).set_body_raw(json.clone(), "application/json"),
        status(503).set_body_raw(json, "application/json"),
        status(302).insert_header("location", elsewhere),
    ]
}

#[tokio::test]
async fn no_password_cookie_query_or_body_is_ever_printed() {
    let log = Log::default();
    let _capturing = log.capture();
    for answer in hostile_answers() {
        let server = server(answer, 1..).await;
        let cookie = format!("sid={CANARY}; Path=/");
        let session = status(200).append_header("set-cookie", cookie);
        let login = Mock::given(matchers::method("POST")).respond_with(session.clone());
        login.expect(1).mount(&server).await;
        get("/auth/refresh")
            .respond_with(session)
            .mount(&server)
            .await;

        let base = server.uri().parse().unwrap();
        let auth = Auth::session(&base, format!("{CANARY}@example.org"), CANARY.into());
        let (api, _) = api_with(auth, limits());
        let call = events(&server.uri()).query("key", CANARY);
        let printed_call = format!("{call:?}");
        let error = api.json::<Vec<u8>>(call).await.unwrap_err();
        for printed in [
            Chain(&error).to_string(),
            format!("{error:?}"),
            format!("{api:?}"),
            printed_call,
        ] {
            assert!(!printed.contains(CANARY), "{printed}");
        }
    }
    let log = log.text();
    assert!(
        log.contains("route=\"/events\""),
        "nothing was captured: {log}"
    );
    assert!(!log.contains(CANARY), "{log}");
}

#[tokio::test]
async fn no_client_secret_or_token_is_ever_printed() {
    let log = Log::default();
    let _capturing = log.capture();
    let token = format!(r#"{{"access_token":"{CANARY}","refresh_token":"{CANARY}"}}"#);
    let token = status(200).set_body_raw(token, "application/json");
    let refusal = format!(r#"{{"error":"invalid_grant","error_description":"{CANARY}"}}"#);
    let refusal = status(400).set_body_raw(refusal, "application/json");
    let answers = hostile_answers()
        .into_iter()
        .map(|answer| (token.clone(), answer))
        .chain([(refusal, status(401))]);
    for (granted, answer) in answers {
        let server = server(answer, 0..).await;
        let tokens = Mock::given(matchers::method("POST")).respond_with(granted);
        tokens.expect(1..).mount(&server).await;

        let grant = PasswordGrant {
            client_id: CANARY.to_owned(),
            client_secret: CANARY.into(),
            username: format!("{CANARY}@example.org"),
            password: CANARY.into(),
        };
        let auth = Auth::oauth(&server.uri().parse().unwrap(), grant);
        let (api, _) = api_with(auth, limits());
        let error = api
            .json::<Vec<u8>>(events(&server.uri()))
            .await
            .unwrap_err();
        for printed in [
            Chain(&error).to_string(),
            format!("{error:?}"),
            format!("{api:?}"),
        ] {
            assert!(!printed.contains(CANARY), "{printed}");
        }
    }
    let log = log.text();
    assert!(
        log.contains("route=\"/events\""),
        "nothing was captured: {log}"
    );
    assert!(!log.contains(CANARY), "{log}");
}

#[tokio::test]
async fn an_address_that_fails_to_connect_is_not_printed_with_its_query() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let call = events(&base).query("key", CANARY);
    let error = api(limits()).text(call).await.unwrap_err();
    let printed = format!("{} {error:?}", Chain(&error));
    assert!(printed.contains("no connection could be made"), "{printed}");
    assert!(!printed.contains(CANARY), "{printed}");
}

#[tokio::test]
async fn a_span_names_source_host_route_and_attempt() {
    let log = Log::default();
    let _capturing = log.capture();
    let server = server(status(503), 3).await;
    get_events(&api(limits()), &server.uri()).await.unwrap_err();
    let span = r#"call{source=stage host="127.0.0.1" route="/events" attempt=3}"#;
    assert!(log.text().contains(span), "{}", log.text());
}
