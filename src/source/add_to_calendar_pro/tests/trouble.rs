//! What cannot be read is missed, and nothing else is.

use std::{num::NonZeroUsize, time::Duration};

use wiremock::ResponseTemplate;

use super::{
    account::{Account, in_short},
    *,
};
use crate::api::Chain;

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code)
}

fn html() -> ResponseTemplate {
    status(200).set_body_raw("<!doctype html><p>Sorry</p>", "text/html")
}

fn truncated() -> ResponseTemplate {
    status(200).set_body_raw(r#"{"prokey":"b","name":"#, "application/json")
}

/// What came of three groups of which one route gave another answer; or the variant of the error.
async fn after(route: &str, answer: ResponseTemplate) -> (String, String) {
    let account = Account::silent().await;
    account.answers(route, answer).await;
    account.holds(&["a=1,2", "b=3,4", "c=5"]).await;
    match account.fetch().await {
        Ok(batch) => (in_short(&batch), said(&batch.remarks)),
        Err(error) => {
            let text = format!("{error:?}");
            (
                text.split([' ', '{']).next().unwrap().to_owned(),
                String::new(),
            )
        }
    }
}

#[tokio::test]
async fn a_group_that_cannot_be_read_is_missed_and_the_others_go_on() {
    const GROUP_MISSED: &str = "a:1 a:2 c:5 !b";
    const EVENT_MISSED: &str = "a:1 a:2 b:4 c:5 !b";
    for (row, route, answer, want, remarks) in [
        ("group 403", "group/b", status(403), GROUP_MISSED, ""),
        ("group 404", "group/b", status(404), GROUP_MISSED, ""),
        ("group 500", "group/b", status(500), GROUP_MISSED, ""),
        ("group 503", "group/b", status(503), GROUP_MISSED, ""),
        ("group HTML", "group/b", html(), GROUP_MISSED, ""),
        ("group truncated", "group/b", truncated(), GROUP_MISSED, ""),
        (
            "group of nothing",
            "group/b",
            status(200).set_body_json(json!([])),
            GROUP_MISSED,
            "",
        ),
        (
            "group of another shape",
            "group/b",
            status(200).set_body_json(json!({ "status": "published", "events": 7 })),
            GROUP_MISSED,
            "",
        ),
        ("event 403", "event/3", status(403), EVENT_MISSED, ""),
        ("event 500", "event/3", status(500), EVENT_MISSED, ""),
        (
            "event 429",
            "event/3",
            status(429).insert_header("retry-after", "0"),
            EVENT_MISSED,
            "",
        ),
        ("event HTML", "event/3", html(), EVENT_MISSED, ""),
        ("event truncated", "event/3", truncated(), EVENT_MISSED, ""),
        (
            "event of another shape",
            "event/3",
            status(200).set_body_json(json!([{ "status": "published", "dates": "soon" }])),
            "a:1 a:2 b:4 c:5",
            "event `3` was left out: its dates are no list",
        ),
        (
            "event with a number beyond all bounds",
            "event/3",
            status(200).set_body_string(r#"{"status":"published","dates":[{"name":1e999}]}"#),
            "a:1 a:2 b:4 c:5",
            "event `3` was left out: it is no event object",
        ),
        (
            "event 404",
            "event/3",
            status(404).set_body_json(json!({ "message": "No entry found" })),
            "a:1 a:2 b:4 c:5",
            "`3` is odd: its group lists it and it is not there",
        ),
        (
            "event of nothing",
            "event/3",
            status(200).set_body_json(json!([])),
            "a:1 a:2 b:4 c:5",
            "`3` is odd: its group lists it and it is not there",
        ),
        ("a refused key", "event/3", status(401), "Blocked", ""),
        (
            "a refused key at once",
            "group/all",
            status(401),
            "Blocked",
            "",
        ),
        (
            "a key without the right",
            "group/all",
            status(403),
            "Blocked",
            "",
        ),
        (
            "a wrong address",
            "group/all",
            status(404),
            "NotOffered",
            "",
        ),
        ("no list", "group/all", html(), "Malformed", ""),
        (
            "an error instead of a list",
            "group/all",
            status(200).set_body_json(json!({ "status": "error", "message": "x" })),
            "Malformed",
            "",
        ),
        ("no list now", "group/all", status(502), "Unavailable", ""),
    ] {
        let (came, said) = after(route, answer).await;
        assert_eq!((came.as_str(), said.as_str()), (want, remarks), "{row}");
    }
}

#[tokio::test]
async fn if_no_group_can_be_read_the_account_cannot() {
    for (row, code, want) in [
        ("all 403", 403, "NotOffered"),
        ("all 500", 500, "Unavailable"),
    ] {
        let account = Account::silent().await;
        for route in ["group/a", "event/2"] {
            account.answers(route, status(code)).await;
        }
        account.holds(&["a=1", "b=2"]).await;
        let error = account.fetch().await.unwrap_err();
        assert!(format!("{error:?}").starts_with(want), "{row}: {error:?}");
    }
}

#[tokio::test]
async fn an_upstream_in_trouble_is_not_asked_for_what_is_left() {
    let account = Account::silent().await;
    for event in ["2", "3", "4"] {
        account
            .answers(&format!("event/{event}"), status(503))
            .await;
    }
    account
        .holds(&["a=1", "b=2", "c=3", "d=4", "e=5", "f=6"])
        .await;
    let batch = account.fetch().await.unwrap();
    assert_eq!(in_short(&batch), "a:1 !b !c !d !e !f");
    let calls = account.calls().await;
    for event in ["event/5", "event/6"] {
        assert!(!calls.iter().any(|call| call == event), "{event}");
    }
    for why in batch.missed.values() {
        let chain = Chain(&**why).to_string();
        assert!(
            chain.contains("`/event/{prokey}`") && chain.contains("503"),
            "{chain}"
        );
    }
}

#[tokio::test]
async fn an_upstream_that_wants_to_be_left_alone_is_asked_for_nothing_more() {
    let sent_away = || status(429).insert_header("retry-after", "900");
    for (row, route, want, calls) in [
        ("a group", "group/a", None, "group/a group/all?page=1"),
        (
            "an event",
            "event/2",
            Some("a:1 !b !c !d"),
            "event/1 event/2 group/a group/all?page=1 group/b group/c group/d",
        ),
    ] {
        let account = Account::narrow(NonZeroUsize::MIN).await;
        account.answers(route, sent_away()).await;
        account.holds(&["a=1", "b=2", "c=3", "d=4"]).await;
        let fetched = account.fetch().await;
        let rest = Duration::from_mins(15);
        match (&fetched, want) {
            (Ok(batch), Some(want)) => {
                assert_eq!(in_short(batch), want, "{row}");
                for why in batch.missed.values() {
                    let why = why.downcast_ref::<ApiError>().unwrap();
                    assert_eq!(why.retry_after(), Some(rest), "{row}: the next poll waits");
                }
            }
            (Err(error), None) => assert_eq!(error.retry_after(), Some(rest), "{row}"),
            other => panic!("{row}: {other:?}"),
        }
        let asked = account.calls().await;
        assert_eq!(asked.join(" "), calls, "{row}");
    }
}

#[tokio::test]
async fn entries_keep_their_uids_while_their_group_cannot_be_read() {
    let account = Account::silent().await;
    let dates = |days: &[&str]| {
        let dates: Vec<Value> = days
            .iter()
            .map(|day| entry(json!({ "startDate": day })))
            .collect();
        record(&dates, json!({}))
    };
    let group = json!([{ "status": "published", "name": "a", "events": ["1"] }]);
    account.says("group/all", &json!(["a", "b"])).await;
    account
        .says("group/b", &json!({ "status": "published", "events": [] }))
        .await;
    let one = |answer: ResponseTemplate, route: &str| {
        let at = wiremock::matchers::path(format!("/v1/{route}"));
        wiremock::Mock::given(at)
            .respond_with(answer)
            .up_to_n_times(1)
    };
    let ok = |json: &Value| status(200).set_body_json(json);
    let (three, two) = (
        dates(&["2026-03-01", "2026-03-02", "2026-03-03"]),
        dates(&["2026-03-01", "2026-03-03"]),
    );
    for (answer, route) in [
        (ok(&group), "group/a"),
        (ok(&three), "event/1"),
        (status(404), "group/a"),
        (ok(&group), "group/a"),
        (ok(&two), "event/1"),
    ] {
        one(answer, route).mount(&account.server).await;
    }
    account.fetch().await.unwrap();
    let without = account.fetch().await.unwrap();
    assert_eq!(in_short(&without), "!a");
    let batch = account.fetch().await.unwrap();
    let uids: Vec<_> = batch.events.iter().map(|event| event.uid).collect();
    assert_eq!(uids, [uid("1-0"), uid("1-2")]);
}
