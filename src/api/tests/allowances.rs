//! Upstreams that say how many calls they still allow.

use tokio::time::Instant;

use super::*;
use crate::api::Setback;

/// The epoch milliseconds so many milliseconds after noon.
fn after_noon(millis: i64) -> String {
    (noon().timestamp_millis() + millis).to_string()
}

fn spent(answer: ResponseTemplate, reset: &str) -> ResponseTemplate {
    answer
        .insert_header("X-RateLimit-Remaining", "0")
        .insert_header("X-RateLimit-Reset", reset)
}

#[tokio::test]
async fn with_no_call_remaining_the_next_one_waits_for_the_reset() {
    let server = server(spent(ok(), &after_noon(300)), 2).await;
    let api = api(limits());
    let begun = Instant::now();
    for _ in 0..2 {
        get_events(&api, &server.uri()).await.unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_millis(290));
}

#[tokio::test]
async fn a_reset_past_the_deadline_is_left_to_the_caller_without_a_call() {
    let server = server(spent(ok(), "30"), 1).await;
    let api = api(Limits {
        total: Duration::from_secs(5),
        ..limits()
    });
    get_events(&api, &server.uri()).await.unwrap();
    let error = get_events(&api, &server.uri()).await.unwrap_err();
    let wait = error.retry_after().unwrap();
    assert!(
        wait > Duration::from_secs(28) && wait <= Duration::from_secs(30),
        "{wait:?}"
    );
    assert!(
        matches!(
            error,
            ApiError::Unavailable {
                cause: Setback::Spent,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_429_is_waited_out_by_its_retry_after_else_by_the_reset() {
    let hurried = || Limits {
        total: Duration::from_secs(5),
        ..limits()
    };
    for (row, retry_after, reset, code, want) in [
        ("both", Some("20"), Some("40"), 429, Some(20)),
        ("only the reset", None, Some("40"), 429, Some(40)),
        ("an epoch", None, Some("1777636830"), 429, Some(30)),
        ("no limit was met", None, Some("40"), 503, None),
        ("neither", None, None, 429, None),
    ] {
        let mut answer = status(code).insert_header("X-RateLimit-Remaining", "3");
        if let Some(seconds) = retry_after {
            answer = answer.insert_header("Retry-After", seconds);
        }
        if let Some(reset) = reset {
            answer = answer.insert_header("X-RateLimit-Reset", reset);
        }
        let server = server(answer, 1..).await;
        let error = get_events(&api(hurried()), &server.uri()).await;
        let error = error.unwrap_err();
        assert_eq!(
            error.retry_after(),
            want.map(Duration::from_secs),
            "{row}: {error:?}"
        );
    }
}
