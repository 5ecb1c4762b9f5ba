//! Answers that say "not now".

use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;
use crate::api::Setback;

fn hurried() -> Limits {
    Limits {
        total: Duration::from_secs(5),
        ..limits()
    }
}

fn unavailable(got: Result<Value, ApiError>) -> (Option<Duration>, Setback) {
    match got {
        Err(ApiError::Unavailable {
            retry_after, cause, ..
        }) => (retry_after, cause),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_three_times() {
    for code in [429, 500, 502, 503, 504] {
        let server = server(status(code), 3).await;
        let got = get_events(&api(limits()), &server.uri()).await;
        let (hint, cause) = unavailable(got);
        assert_eq!(hint, None, "{code}");
        assert!(
            matches!(cause, Setback::Busy(status) if status == code),
            "{code}: {cause:?}"
        );
    }
}

#[tokio::test]
async fn a_second_attempt_that_is_answered_is_the_answer() {
    let server = MockServer::start().await;
    let busy = status(503).insert_header("retry-after", "0");
    get("/events")
        .respond_with(busy)
        .up_to_n_times(1)
        .expect(1)
        .mount(&server)
        .await;
    get("/events")
        .respond_with(ok())
        .expect(1)
        .mount(&server)
        .await;
    get_events(&api(limits()), &server.uri()).await.unwrap();
}

#[tokio::test]
async fn a_wait_past_the_deadline_is_left_to_the_caller() {
    for (header, want) in [
        ("30", 30),
        ("3600", 3_600),
        ("Fri, 01 May 2026 12:00:45 GMT", 45),
    ] {
        let busy = status(429).insert_header("retry-after", header);
        let server = server(busy, 1).await;
        let got = get_events(&api(hurried()), &server.uri()).await;
        let (hint, _) = unavailable(got);
        assert_eq!(hint, Some(Duration::from_secs(want)), "{header}");
    }
}

#[tokio::test]
async fn a_retry_after_that_has_passed_or_is_nonsense_does_not_end_the_call() {
    for header in ["Fri, 01 May 2026 11:59:00 GMT", "presently"] {
        let busy = status(429).insert_header("retry-after", header);
        let server = server(busy, 3).await;
        unavailable(get_events(&api(hurried()), &server.uri()).await);
    }
}

#[tokio::test]
async fn queueing_for_a_slot_is_no_part_of_the_deadline() {
    let slow = ok().set_delay(Duration::from_millis(300));
    let server = server(slow, 4).await;
    let api = Arc::new(api(Limits {
        total: Duration::from_secs(1),
        attempts: NonZeroU32::MIN,
        ..limits()
    }));
    let mut calls = JoinSet::new();
    for _ in 0..4 {
        let (api, base) = (Arc::clone(&api), server.uri());
        calls.spawn(async move { get_events(&api, &base).await });
    }
    for got in calls.join_all().await {
        got.unwrap();
    }
}
