//! Searches, fixed credentials, pages, and what an error answer says.

use reqwest::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use serde_json::json;
use wiremock::{Request, Respond};

use super::*;
use crate::api::{BadCredential, Credential, Flaw, Judge, Page, Verdict, judge};

/// Answers `?page=N` with `pages[N - 1]`.
struct Pages(&'static [&'static str]);

impl Respond for Pages {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let page = request.url.query_pairs().find(|(name, _)| name == "page");
        let page: usize = page.map_or(1, |(_, number)| number.parse().unwrap());
        match self.0.get(page - 1) {
            Some(body) => status(200).set_body_raw(*body, "application/json"),
            None => status(404).set_body_raw(r#"{"message":"No entry found"}"#, "application/json"),
        }
    }
}

/// The numbers of a list whose pages say how the next one is called.
async fn numbers(pages: &'static [&'static str], calls: u64) -> Result<Vec<u64>, ApiError> {
    let server = MockServer::start().await;
    get("/events")
        .respond_with(Pages(pages))
        .expect(calls)
        .mount(&server)
        .await;
    let first = events(&server.uri())
        .null_if(|status, said| status.as_u16() == 404 && said.contains("No entry found"));
    let base = first.clone();
    let read = |page: Option<Value>| {
        let page = page.unwrap_or_default();
        let items = page["items"].as_array().into_iter().flatten();
        Page {
            items: items.filter_map(Value::as_u64).collect(),
            next: page["next"]
                .as_str()
                .map(|next| base.clone().query("page", next)),
        }
    };
    api(limits()).pages(first, read).await
}

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    let pages = &[r#"{"items":[1,2],"next":"2"}"#, r#"{"items":[3]}"#];
    assert_eq!(numbers(pages, 2).await.unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn an_error_answer_that_says_none_ends_a_list_where_the_call_says_so() {
    let pages = &[r#"{"items":[1],"next":"2"}"#];
    assert_eq!(numbers(pages, 2).await.unwrap(), [1]);
    assert_eq!(numbers(&[], 1).await.unwrap(), [0; 0]);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_are_no_list() {
    let pages = &[r#"{"items":[1],"next":"2"}"#, r#"{"items":[2],"next":"2"}"#];
    let error = numbers(pages, 2).await.unwrap_err();
    let ApiError::Malformed { flaw, .. } = error else {
        panic!("{error:?}")
    };
    assert!(matches!(flaw, Flaw::EndlessPages));
}

#[tokio::test]
async fn a_search_posts_what_is_wanted_with_its_headers_and_key() {
    let server = MockServer::start().await;
    Mock::given(matchers::method("POST"))
        .and(matchers::path("/search"))
        .and(matchers::header("authorization", "Bearer s3cret"))
        .and(matchers::header("version", "2026-06-01"))
        .and(matchers::header("content-type", "application/json"))
        .and(matchers::body_json(json!({ "filter": "due" })))
        .respond_with(ok())
        .expect(1)
        .mount(&server)
        .await;
    let token = Credential::bearer(&SecretString::from("s3cret")).unwrap();
    let (api, _) = api_with(Auth::Fixed(token), limits());
    let url = format!("{}/search", server.uri()).parse().unwrap();
    let call = Call::search(url, &json!({ "filter": "due" })).header(
        HeaderName::from_static("version"),
        HeaderValue::from_static("2026-06-01"),
    );
    let _: Value = api.json(call).await.unwrap();
}

#[tokio::test]
async fn a_search_is_not_turned_into_another_call_by_a_redirect() {
    for (code, want) in [(302, 1), (303, 1), (307, 2), (308, 2)] {
        let server = MockServer::start().await;
        let moved = status(code).insert_header("location", "/there");
        for (path, answer) in [("/search", moved), ("/there", ok())] {
            Mock::given(matchers::method("POST"))
                .and(matchers::path(path))
                .respond_with(answer)
                .mount(&server)
                .await;
        }
        let url = format!("{}/search", server.uri()).parse().unwrap();
        let answer: Result<Value, ApiError> =
            api(limits()).json(Call::search(url, &json!({}))).await;
        assert_eq!(answer.is_ok(), want == 2, "{code}");
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            want,
            "{code}"
        );
    }
}

#[tokio::test]
async fn a_fixed_key_that_is_refused_is_not_tried_again() {
    let server = server(status(401), 1).await;
    let key = Credential::raw(&SecretString::from("s3cret")).unwrap();
    let (api, _) = api_with(Auth::Fixed(key), limits());
    let error = get_events(&api, &server.uri()).await.unwrap_err();
    assert!(matches!(error, ApiError::Blocked { .. }), "{error:?}");
    let sent = &server.received_requests().await.unwrap()[0];
    assert_eq!(sent.headers["authorization"], "s3cret");
}

#[test]
fn a_credential_is_never_printed_and_has_no_line_breaks() {
    let made = |text: &str| Credential::raw(&SecretString::from(text));
    assert_eq!(
        format!("{:?}", made("s3cret").unwrap()),
        "Credential(Sensitive)"
    );
    assert_eq!(made("s3\ncret").unwrap_err(), BadCredential);
}

#[tokio::test]
async fn an_upstream_may_bring_its_own_judge_of_what_it_says() {
    const EXPIRED: Judge = |reply, now| {
        if reply.said.contains("SEC0002") {
            Verdict::Retry { after: None }
        } else {
            judge(reply, now)
        }
    };
    for (says, calls) in [("SEC0002", 3), ("SEC0001", 1)] {
        let server = server(status(403).set_body_string(says), calls).await;
        let (api, _) = api_with(Auth::None, limits());
        let api = api.judging(EXPIRED);
        get_events(&api, &server.uri()).await.unwrap_err();
    }
}
