//! ProspectConnect.

use std::{collections::BTreeSet, num::NonZeroUsize};

use calbridge::sandbox::{
    crm::{Activity, Deal, Due, Task},
    double::Rate,
    prospectconnect::{
        Dialect, Drift, Fault, Lasting, Limits, Pipelines, ProspectConnect, Resource, RetryAfter,
        Route, Running, Settings, Single, Total,
    },
    season::{CANARY, Season},
};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, ask, at, clock, day, only, send, touring};

const GOOD: [(&str, &str); 2] = [
    ("authorization", "Bearer sandbox.paper-kite.token"),
    ("version", "2026-06-01"),
];

async fn start(season: Season, change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::new(clock().0);
    change(&mut settings);
    ProspectConnect::start(season, settings).await.unwrap()
}

async fn search(running: &Running, resource: &str, body: Value) -> Answer {
    let url = format!("{}/{resource}/search", running.base_url());
    send(&url, body.to_string(), &GOOD).await
}

async fn get(running: &Running, path: &str) -> Answer {
    ask(Method::GET, &format!("{}{path}", running.base_url()), &GOOD).await
}

/// Ids of every page, in order, walked by creation.
async fn walk(running: &Running, resource: &str, limit: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let body = json!({
            "limit": limit, "cursor": cursor, "order_by": "created_at", "sort_direction": "asc",
        });
        let page = search(running, resource, body).await.json();
        for row in page["data"].as_array().unwrap() {
            ids.push(row["id"].as_str().unwrap().to_owned());
        }
        cursor = page["meta"]["cursor"]["next"].clone();
        assert_eq!(page["meta"]["cursor"]["has_more"], !cursor.is_null());
        if cursor.is_null() {
            return ids;
        }
    }
}

/// A season with so many tasks due on one day.
fn tasks(count: usize) -> Season {
    let mut season = only(vec![]);
    let due = Due::Day(day("2026-12-01"));
    season.crm.tasks = (0..count)
        .map(|n| Task::bare(format!("task_{n:03}"), "Task", due))
        .collect();
    season
}

#[tokio::test]
async fn only_a_bearer_token_with_the_pinned_version_opens() {
    let running = start(touring(), |_| {}).await;
    let [token, version] = GOOD;
    for (headers, status, slug) in [
        (vec![version], 401, "unauthorized"),
        (
            vec![("authorization", "sandbox.paper-kite.token"), version],
            401,
            "unauthorized",
        ),
        (
            vec![("authorization", "Bearer guess"), version],
            401,
            "unauthorized",
        ),
        (vec![token], 400, "bad-request"),
        (vec![token, ("version", "2026-11-22")], 400, "bad-request"),
        (
            vec![
                ("authorization", "bearer sandbox.paper-kite.token"),
                version,
            ],
            200,
            "",
        ),
    ] {
        let url = format!("{}/tasks/search", running.base_url());
        let answer = send(&url, "{}".to_owned(), &headers).await;
        assert_eq!(answer.status, status, "{headers:?}");
        if status != 200 {
            assert_eq!(
                answer.header("content-type"),
                Some("application/problem+json")
            );
            let problem = answer.json();
            assert!(
                problem["type"].as_str().unwrap().ends_with(slug),
                "{problem}"
            );
            assert_eq!(problem["instance"], "/v1/tasks/search", "{problem}");
            assert!(problem["trace_id"].is_string(), "{problem}");
        }
    }
    assert_eq!(running.violations(), []);
}

#[tokio::test]
async fn a_search_out_of_range_is_invalid_and_its_field_is_named() {
    let running = start(touring(), |_| {}).await;
    for (body, field) in [
        (json!({ "limit": 0 }), "limit"),
        (json!({ "limit": 101 }), "limit"),
        (json!({ "order_by": "mood" }), "order_by"),
        (
            json!({ "filters": [{ "field": "x", "operator": "near", "value": 1 }] }),
            "filters",
        ),
    ] {
        let answer = search(&running, "tasks", body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
        let problem = answer.json();
        assert_eq!(problem["errors"][0]["field"], field, "{body}");
        assert_eq!(problem["instance"], Value::Null, "{body}");
    }
    let url = format!("{}/tasks/search", running.base_url());
    assert_eq!(send(&url, "limit=5".to_owned(), &GOOD).await.status, 400);
}

#[tokio::test]
async fn pages_lead_on_by_cursors_until_there_are_no_more() {
    for (total, want) in [(Total::Sent, json!(60)), (Total::LeftOut, Value::Null)] {
        let running = start(tasks(60), |settings| settings.total = total).await;
        let first = search(&running, "tasks", json!({})).await.json();
        assert_eq!(first["data"].as_array().unwrap().len(), 25);
        assert_eq!(first["meta"]["total"], want);
        let ids = walk(&running, "tasks", 25).await;
        assert_eq!(
            (ids.len(), running.calls(Route::Search(Resource::Tasks))),
            (60, 4)
        );
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 60);
        assert_eq!(running.violations(), []);
    }
    let two = start(tasks(60), |settings| settings.page = 30).await;
    assert_eq!(walk(&two, "tasks", 100).await.len(), 60);
    assert_eq!(two.calls(Route::Search(Resource::Tasks)), 2);
}

#[tokio::test]
async fn a_list_that_moves_repeats_a_record_or_skips_one() {
    for (drift, count, distinct) in [(Drift::Repeats, 61, 60), (Drift::Skips, 59, 59)] {
        let running = start(tasks(60), |settings| settings.drift = drift).await;
        let ids = walk(&running, "tasks", 25).await;
        let set: BTreeSet<_> = ids.iter().collect();
        assert_eq!((ids.len(), set.len()), (count, distinct), "{drift:?}");
    }
}

#[tokio::test]
async fn a_cursor_can_become_stale() {
    let running = start(tasks(60), |_| {}).await;
    let page = search(&running, "tasks", json!({})).await.json();
    let cursor = page["meta"]["cursor"]["next"].clone();
    assert_eq!(
        search(&running, "tasks", json!({ "cursor": cursor }))
            .await
            .status,
        200
    );
    running.expire_cursors();
    assert_eq!(
        search(&running, "tasks", json!({ "cursor": cursor }))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn tasks_deals_and_activities_are_told_in_both_dialects() {
    let mut season = only(vec![]);
    let wall = "2026-12-01T12:30:00".parse().unwrap();
    season.crm.tasks = [
        ("task_1", Due::Day(day("2026-12-01"))),
        ("task_2", Due::At(at("2026-12-01T12:30:00Z"))),
        ("task_3", Due::Wall(wall)),
        ("task_4", Due::Never),
    ]
    .map(|(id, due)| Task::bare(id, "Call", due))
    .into();
    season.crm.tasks[0].assignee = Some("user_kite".to_owned());
    season.crm.deals = vec![
        Deal::bare("deal_1", "Tour", Some(day("2026-12-04"))),
        Deal::bare("deal_2", "Tour", Some(day("2026-12-04"))),
    ];
    season.crm.deals[0].value = Some(900);
    let (start_at, end) = (at("2026-12-02T15:00:00Z"), at("2026-12-02T16:00:00Z"));
    season.crm.activities = vec![Activity::bare("act_1", "Meeting", start_at, Some(end))];
    let primary = [
        ("/tasks/task_1", "/due_date", json!("2026-12-01")),
        ("/tasks/task_1", "/assigned_to", json!("user_kite")),
        ("/tasks/task_2", "/due_date", json!("2026-12-01T12:30:00Z")),
        ("/tasks/task_3", "/due_time", json!("12:30")),
        ("/tasks/task_3", "/name", json!("Call")),
        (
            "/deals/deal_1",
            "/expected_close_date",
            json!("2026-12-04T00:00:00Z"),
        ),
        ("/deals/deal_2", "/expected_close_date", json!("2026-12-04")),
        ("/deals/deal_1", "/value", json!(900)),
        (
            "/activities/act_1",
            "/end_at",
            json!("2026-12-02T16:00:00Z"),
        ),
    ];
    let aliases = [
        ("/tasks/task_1", "/title", json!("Call")),
        ("/tasks/task_1", "/assignee_id/id", json!("user_kite")),
        ("/tasks/task_1", "/tags", Value::Null),
        ("/tasks/task_3", "/due_time", json!("12:30:00")),
        ("/tasks/task_4", "/due_at", json!("")),
        ("/deals/deal_1", "/monetary_value", json!("900")),
        (
            "/deals/deal_2",
            "/expected_closing_date",
            json!("2026-12-04"),
        ),
        (
            "/activities/act_1",
            "/timestamp",
            json!("2026-12-02T15:00:00.000+00:00"),
        ),
    ];
    for (dialect, rows) in [
        (Dialect::Primary, &primary[..]),
        (Dialect::Aliases, &aliases),
    ] {
        let running = start(season.clone(), |settings| settings.dialect = dialect).await;
        for (path, pointer, want) in rows {
            let record = get(&running, path).await.json();
            assert_eq!(
                record.pointer(pointer),
                Some(want),
                "{dialect:?} {path} {pointer}"
            );
        }
        assert_eq!(running.violations(), []);
    }
    let wrapped = start(season, |settings| settings.single = Single::Wrapped).await;
    let record = get(&wrapped, "/tasks/task_1").await.json();
    assert_eq!(record["data"]["id"], "task_1");
    let none = get(&wrapped, "/tasks/task_9").await;
    assert_eq!(
        (none.status.as_u16(), none.json()["status"].clone()),
        (404, json!(404))
    );
}

#[tokio::test]
async fn the_fictional_pipeline_is_told_whole_with_its_private_texts() {
    let running = start(touring(), |_| {}).await;
    let crm = touring().crm;
    for (resource, count) in [
        ("tasks", crm.tasks.len()),
        ("deals", crm.deals.len()),
        ("activities", crm.activities.len()),
        ("contacts", crm.contacts.len()),
        ("companies", crm.companies.len()),
        ("pipelines", crm.pipelines.len()),
    ] {
        let ids = walk(&running, resource, 100).await;
        assert_eq!(ids.len(), count, "{resource}");
        assert!(count > 0, "{resource}");
    }
    for resource in ["contacts", "activities"] {
        let text = search(&running, resource, json!({})).await.text;
        assert!(text.contains(CANARY), "{resource}");
    }
    assert!(
        !search(&running, "tasks", json!({ "limit": 100 }))
            .await
            .text
            .contains(CANARY)
    );
}

#[tokio::test]
async fn pipelines_are_searched_listed_or_not_there() {
    for (pipelines, searched, listed) in [
        (Pipelines::Searched, 200, 405),
        (Pipelines::Listed, 404, 200),
        (Pipelines::Absent, 404, 404),
    ] {
        let running = start(touring(), |settings| settings.pipelines = pipelines).await;
        let found = search(&running, "pipelines", json!({})).await.status;
        assert_eq!(found, searched, "{pipelines:?}");
        assert_eq!(
            get(&running, "/pipelines").await.status,
            listed,
            "{pipelines:?}"
        );
        assert_eq!(running.violations(), [], "{pipelines:?}");
    }
}

#[tokio::test]
async fn the_rate_limit_is_told_and_kept() {
    for (limits, reset) in [
        (Limits::Epoch, Some("1795341660")),
        (Limits::Delta, Some("60")),
        (Limits::Silent, None),
    ] {
        let running = start(touring(), |settings| {
            let calls = NonZeroUsize::new(2).unwrap();
            let per = TimeDelta::seconds(60);
            settings.rate = Some(Rate { calls, per });
            settings.limits = limits;
        })
        .await;
        for (status, left) in [(200, "1"), (200, "0"), (429, "0")] {
            let answer = search(&running, "tasks", json!({})).await;
            assert_eq!(answer.status, status, "{limits:?}");
            assert_eq!(answer.header("x-ratelimit-reset"), reset, "{limits:?}");
            let told = reset.is_some().then_some(left);
            assert_eq!(answer.header("x-ratelimit-remaining"), told, "{limits:?}");
        }
        assert_eq!(running.violations().len(), 1, "{limits:?}");
    }
}

#[tokio::test]
async fn faults_are_problems_and_touch_one_resource() {
    let running = start(tasks(3), |_| {}).await;
    let route = Route::Search(Resource::Tasks);
    for (fault, status) in [
        (Fault::Unauthorized, 401),
        (Fault::Forbidden, 403),
        (Fault::NotFound, 404),
        (Fault::TooMany(Some(RetryAfter::Seconds(3))), 429),
        (Fault::Broken, 500),
    ] {
        running.fault(route, fault.clone(), Lasting::Next(1));
        let answer = search(&running, "tasks", json!({})).await;
        assert_eq!(answer.status, status, "{fault:?}");
        assert_eq!(answer.json()["status"], status, "{fault:?}");
    }
    running.fault(route, Fault::Forbidden, Lasting::UntilCleared);
    assert_eq!(search(&running, "tasks", json!({})).await.status, 403);
    assert_eq!(search(&running, "deals", json!({})).await.status, 200);
    running.clear(route);
    running.fault(route, Fault::WrongType, Lasting::Next(1));
    let rows = search(&running, "tasks", json!({})).await.json()["data"].clone();
    assert_eq!(
        (&rows[1]["due_date"], &rows[0]["name"]),
        (&json!(42), &json!("Task"))
    );
}

#[tokio::test]
async fn writes_and_unknown_routes_are_noted() {
    let running = start(touring(), |_| {}).await;
    for (method, path, want) in [
        (Method::POST, "/tasks", 404),
        (Method::GET, "/tasks", 404),
        (Method::GET, "/tasks/search", 405),
        (Method::PATCH, "/tasks/task_1", 405),
        (Method::DELETE, "/deals/deal_1", 405),
        (Method::POST, "/deals/deal_1/stage", 404),
        (Method::POST, "/notes/search", 404),
    ] {
        let before = running.violations().len();
        let answer = ask(
            method.clone(),
            &format!("{}{path}", running.base_url()),
            &GOOD,
        )
        .await;
        assert_eq!(answer.status, want, "{method} {path}");
        assert_eq!(running.violations().len(), before + 1, "{method} {path}");
    }
}
