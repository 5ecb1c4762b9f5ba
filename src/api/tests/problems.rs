//! What an error says of the answer behind it, for those who ask the upstream about it.

use super::*;
use crate::api::Chain;

#[tokio::test]
async fn an_error_names_the_trace_of_its_answer() {
    let body =
        r#"{"type":"https://api.example/problems/x","detail":"s3cret","trace_id":"req-7f3a"}"#;
    for code in [400, 401, 403, 422, 500] {
        let answer = status(code).set_body_raw(body, "application/problem+json");
        let server = server(answer, 1..).await;
        let error = get_events(&api(limits()), &server.uri()).await.unwrap_err();
        let printed = Chain(&error).to_string();
        let site = "stage: `/events` at `127.0.0.1`, traced as `req-7f3a`: the server ";
        assert!(printed.starts_with(site), "{code}: {printed}");
        assert!(!printed.contains("s3cret"), "{code}: {printed}");
    }
}

#[tokio::test]
async fn an_answer_without_a_trace_that_can_be_printed_is_named_by_its_route_alone() {
    let answer = status(403).set_body_raw(r#"{"trace_id":"a b`c"}"#, "application/problem+json");
    let server = server(answer, 1).await;
    let error = get_events(&api(limits()), &server.uri()).await.unwrap_err();
    insta::assert_snapshot!(error, @"stage: `/events` at `127.0.0.1`: the server does not offer this, it answered `403`; do without it");
}
