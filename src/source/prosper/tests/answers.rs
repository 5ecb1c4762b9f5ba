//! What statuses mean, and what is a list (§2, §3).

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use super::*;
use crate::api::{Addresses, Auth, Clients, Denial, PasswordGrant};
use crate::clock::Clock;

/// What comes of a call that is answered with `status` and `body` for good, by an upstream that hands out tokens.
async fn outcome(status: u16, retry_after: Option<&str>, body: &str) -> (String, usize) {
    let server = MockServer::start().await;
    let tokens = json!({"access_token": "a", "refresh_token": "r", "expires_in": 3599});
    let tokens = ResponseTemplate::new(200).set_body_json(tokens);
    Mock::given(method("POST"))
        .respond_with(tokens)
        .mount(&server)
        .await;
    let mut answer =
        ResponseTemplate::new(status).set_body_raw(body.to_owned(), "application/json");
    if let Some(wait) = retry_after {
        answer = answer.insert_header("retry-after", wait);
    }
    Mock::given(method("GET"))
        .respond_with(answer)
        .mount(&server)
        .await;

    let base: Url = server.uri().parse().unwrap();
    let grant = PasswordGrant {
        client_id: "c".to_owned(),
        client_secret: "s".into(),
        username: "investor@example.org".to_owned(),
        password: "p".into(),
    };
    let limits = Limits {
        backoff: std::time::Duration::from_millis(1),
        ..Limits::default()
    };
    let (clock, _) = Clock::movable(at("2026-11-22T12:00:00Z"));
    let client = Clients::new().unwrap().reaching(Addresses::Any);
    let api = Api::new(stage(), client, Auth::oauth(&base, grant), limits, clock).judging(judge);
    let outcome = match api.json::<List>(Call::get(base)).await {
        Ok(list) => format!("{} of {:?}", list.rows.len(), list.total),
        Err(ApiError::Blocked {
            why: Denial::Status(status),
            ..
        }) => format!("blocked {status}"),
        Err(ApiError::NotOffered { .. }) => "do without".to_owned(),
        Err(ApiError::Unavailable { retry_after, .. }) => format!("later {retry_after:?}"),
        Err(ApiError::Rejected { .. }) => "rejected".to_owned(),
        Err(ApiError::Malformed { .. }) => "malformed".to_owned(),
        Err(error) => panic!("{error:?}"),
    };
    let calls = server.received_requests().await.unwrap();
    let reads = calls.iter().filter(|call| call.method == "GET").count();
    (outcome, reads)
}

#[tokio::test]
async fn an_expired_token_is_told_in_three_ways_and_a_throttle_in_two() {
    for (status, retry_after, body, want, reads) in [
        (401, None, "", "blocked 401 Unauthorized", 2),
        (
            403,
            None,
            r#"{"code":"SEC0002","message":"Invalid token"}"#,
            "blocked 403 Forbidden",
            2,
        ),
        (
            403,
            None,
            r#"{"code":"SEC0001"}"#,
            "blocked 403 Forbidden",
            2,
        ),
        (403, None, r#"<p>"SEC0002""#, "blocked 403 Forbidden", 2),
        (
            403,
            None,
            r#"{"code":"AP1008","errors":[{"code":"SEC0002 is not"}]}"#,
            "do without",
            1,
        ),
        (403, None, "<p>no", "do without", 1),
        (403, Some("0"), "", "later Some(0ns)", 3),
        (
            400,
            None,
            r#"{"error":"invalid_token"}"#,
            "blocked 400 Bad Request",
            2,
        ),
        (
            400,
            None,
            r#"{"code":"expired_token"}"#,
            "blocked 400 Bad Request",
            2,
        ),
        (
            400,
            None,
            r#"{"code":"AP1008","message":"invalid_token"}"#,
            "rejected",
            1,
        ),
        (404, None, "", "do without", 1),
        (422, None, "", "rejected", 1),
        (429, Some("0"), "", "later Some(0ns)", 3),
        (429, None, r#"{"code":"SEC0002"}"#, "later None", 3),
        (500, None, "", "later None", 3),
    ] {
        let got = outcome(status, retry_after, body).await;
        assert_eq!(got, (want.to_owned(), reads), "{status} {body}");
    }
}

#[tokio::test]
async fn a_list_may_be_empty_in_many_ways_but_an_error_is_none() {
    for (body, want) in [
        (
            r#"{"result":[],"result_count":0,"total_count":0}"#,
            "0 of Some(0)",
        ),
        (r#"{"result":null,"total_count":"0"}"#, "0 of Some(0)"),
        ("{}", "0 of None"),
        (
            r#"{"result":[{},7],"total_count":2.0,"more":{}}"#,
            "2 of Some(2)",
        ),
        (r#"{"result":[{}],"total_count":"many"}"#, "1 of None"),
        (r#"{"result":[{}],"code":"AP0000"}"#, "1 of None"),
        (r#"{"total_count":7}"#, "malformed"),
        (r#"{"code":"AP1008","message":"no"}"#, "malformed"),
        (r#"{"error":"server_error"}"#, "malformed"),
        (r#"{"result":{}}"#, "malformed"),
        (r#"{"result":[{}"#, "malformed"),
        ("[]", "malformed"),
        ("<p>", "malformed"),
        ("", "malformed"),
    ] {
        let (got, _) = outcome(200, None, body).await;
        assert_eq!(got, want, "{body}");
    }
}
