//! Searches that are refused, and those that get lost on their way.

use chrono::TimeDelta;
use wiremock::ResponseTemplate;

use super::{tenant::*, *};
use crate::api::{Chain, Denial};

/// A tenant with one task and one deal; its activities are empty.
async fn small() -> Tenant {
    Tenant::with(&[
        ("tasks", tasks(&["a"])),
        ("deals", vec![record(Resource::Deals, json!({}))]),
        ("activities", Vec::new()),
    ])
    .await
}

fn missed(batch: &Batch) -> String {
    let ids: Vec<&str> = batch.missed.keys().map(GroupId::as_str).collect();
    ids.join(" ")
}

#[tokio::test]
async fn a_refusal_of_one_resource_switches_off_that_one_alone_for_an_hour() {
    let tenant = small().await;
    for (row, minutes, code, misses, asks) in [
        ("the first time", 0, 403, "deals", true),
        ("within the hour", 50, 403, "deals", false),
        ("after it", 10, 404, "deals", true),
        ("of another kind", 60, 400, "deals", true),
        ("of a third kind", 60, 422, "deals", true),
        ("granted meanwhile", 10, 200, "deals", false),
        ("granted", 50, 200, "", true),
    ] {
        tenant.hand.advance(TimeDelta::minutes(minutes));
        if code == 200 {
            tenant.change(|state| state.instead.clear());
        } else {
            tenant.instead("deals/search", problem(code));
        }
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(missed(&batch), misses, "{row}");
        assert!(shown(&batch).contains('a'), "{row}");
        assert!(batch.doubted.is_empty(), "{row}");
        let asked = tenant.calls().contains(&"deals/search".to_owned());
        assert_eq!(asked, asks, "{row}");
    }
}

#[tokio::test]
async fn a_refusal_says_why_with_the_trace_of_the_upstream() {
    let tenant = small().await;
    tenant.instead("deals/search", problem(403));
    let batch = tenant.fetch().await.unwrap();
    let why = &batch.missed[&GroupId::new("deals")];
    insta::assert_snapshot!(Chain(&**why), @"stage: `/deals/search` at `127.0.0.1`, traced as `trace-7`: the server does not offer this, it answered `403`; do without it");
}

#[tokio::test]
async fn trouble_with_one_resource_leaves_the_others_and_is_not_remembered() {
    let cut = ResponseTemplate::new(200).set_body_raw(r#"{"data":["#, "application/json");
    let page = ResponseTemplate::new(200).set_body_raw("<html>", "text/html");
    let bare = ResponseTemplate::new(200).set_body_json(json!({"data": []}));
    let odd = ResponseTemplate::new(200).set_body_json(json!({}));
    let lost = ResponseTemplate::new(200)
        .set_body_json(json!({"data": [], "meta": {"cursor": {"next": null, "has_more": true}}}));
    let hollow = ResponseTemplate::new(200)
        .set_body_json(json!({"data": [], "meta": {"cursor": {"next": "x", "has_more": true}}}));
    let circle = ResponseTemplate::new(200).set_body_json(
        json!({"data": [{"id": "x"}], "meta": {"cursor": {"next": "x", "has_more": true}}}),
    );
    for (row, answer) in [
        ("truncated", cut),
        ("a page for people", page),
        ("no paging", bare),
        ("no list", odd),
        ("more, but not where", lost),
        ("more after nothing", hollow),
        ("in a circle", circle),
        ("500", problem(500)),
    ] {
        let tenant = small().await;
        tenant.instead("deals/search", answer);
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(
            (shown(&batch), missed(&batch)),
            ("a".to_owned(), "deals".to_owned()),
            "{row}"
        );
        tenant.change(|state| state.instead.clear());
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(missed(&batch), "", "{row}");
        assert_eq!(batch.events.len(), 2, "{row}");
    }
}

#[tokio::test]
async fn trouble_with_the_whole_upstream_ends_the_walk() {
    for (row, answer, calls) in [
        ("401", problem(401), 1),
        ("429", problem(429).insert_header("retry-after", "30"), 1),
        (
            "502",
            ResponseTemplate::new(502).set_body_raw("<html>", "text/html"),
            3,
        ),
    ] {
        let tenant = small().await;
        tenant.instead("activities/search", answer);
        tenant.fetch().await.unwrap_err();
        let asked = tenant.calls();
        let trouble = asked.iter().filter(|call| *call == "activities/search");
        assert_eq!(trouble.count(), calls, "{row}");
        assert_eq!(asked.len(), 2 + calls, "{row}");
    }
}

#[tokio::test]
async fn a_token_that_may_read_nothing_is_an_error_each_time() {
    let tenant = small().await;
    tenant.change(|state| {
        for resource in Resource::ALL {
            state
                .instead
                .insert(format!("{}/search", resource.word()), problem(403));
        }
    });
    for row in ["the first time", "the second time"] {
        let error = tenant.fetch().await.unwrap_err();
        assert!(
            matches!(error, ApiError::NotOffered { .. }),
            "{row}: {error:?}"
        );
        assert_eq!(tenant.calls().len(), 3, "{row}");
    }
}

#[tokio::test]
async fn when_all_that_is_left_was_refused_it_is_asked_for_again() {
    let mut tenant = small().await;
    tenant.source.resources = [Resource::Tasks, Resource::Deals].into();
    tenant.instead("deals/search", problem(403));
    tenant.fetch().await.unwrap();
    tenant.instead("tasks/search", problem(403));
    tenant.fetch().await.unwrap_err();
    tenant.change(|state| state.instead.clear());
    let batch = tenant.fetch().await.unwrap();
    assert_eq!(
        (shown(&batch), missed(&batch)),
        ("a".to_owned(), "deals".to_owned())
    );
}

#[tokio::test]
async fn an_expired_token_is_told_from_a_wrong_version() {
    for (row, instead, want) in [
        ("expired", problem(401), "blocked"),
        ("a version not known", problem(400), "rejected"),
    ] {
        let tenant = small().await;
        tenant.change(|state| {
            for resource in Resource::ALL {
                let path = format!("{}/search", resource.word());
                state.instead.insert(path, instead.clone());
            }
        });
        let got = match tenant.fetch().await.unwrap_err() {
            ApiError::Blocked {
                why: Denial::Status(_),
                ..
            } => "blocked",
            ApiError::Rejected { .. } => "rejected",
            other => panic!("{row}: {other:?}"),
        };
        assert_eq!(got, want, "{row}");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_ordered_is_walked_as_it_comes_from_then_on() {
    let tenant = small().await;
    tenant.change(|state| state.unordered = true);
    let remark = "the list of tasks cannot be ordered";
    for (row, calls) in [("the first time", 6), ("from then on", 3)] {
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(batch.events.len(), 2, "{row}");
        assert!(
            said(&batch.remarks).contains(remark),
            "{row}: {:?}",
            batch.remarks
        );
        assert_eq!(tenant.calls().len(), calls, "{row}");
    }
}

#[tokio::test]
async fn a_walk_whose_cursor_went_stale_begins_again_once() {
    for (row, stale, whole) in [("once", 1, true), ("always", u32::MAX, false)] {
        let tenant = small().await;
        tenant.change(|state| {
            state.lists.insert("tasks".to_owned(), tasks(&["a", "b"]));
            state.page = 1;
            state.stale = stale;
        });
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(missed(&batch), if whole { "" } else { "tasks" }, "{row}");
        assert_eq!(shown(&batch).contains("a b"), whole, "{row}");
        let asked = tenant.calls();
        let walks = asked.iter().filter(|call| *call == "tasks/search");
        assert_eq!(walks.count(), 4, "{row}");
    }
}

#[tokio::test]
async fn a_check_says_what_the_token_may_read() {
    let tenant = small().await;
    tenant.change(|state| _ = state.lists.insert("contacts".to_owned(), Vec::new()));
    let check = || tenant.source.check(&tenant.api);
    assert_eq!(
        check().await.unwrap(),
        "a token that may read tasks, deals, activities, contacts, but not companies"
    );
    tenant.change(|state| _ = state.lists.insert("companies".to_owned(), Vec::new()));
    assert_eq!(
        check().await.unwrap(),
        "a token that may read tasks, deals, activities, contacts, companies"
    );
    tenant.change(|state| {
        for resource in Resource::ALL {
            state.lists.remove(resource.word());
        }
    });
    let error = check().await.unwrap_err();
    assert!(matches!(error, ApiError::NotOffered { .. }), "{error:?}");
}
