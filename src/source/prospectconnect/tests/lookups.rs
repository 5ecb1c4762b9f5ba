//! Names of contacts, companies and pipelines: asked for sparingly, and never worth a failed fetch.

use chrono::TimeDelta;

use super::{tenant::*, *};

/// A task for each of so many contacts.
fn with_contacts(count: usize) -> Vec<Value> {
    let ids = 0..count;
    ids.map(|n| task(json!({"id": format!("task_{n}"), "contact_id": format!("con_{n}")})))
        .collect()
}

fn contacts(count: usize) -> Vec<Value> {
    let ids = 0..count;
    ids.map(|n| json!({"id": format!("con_{n}"), "name": format!("Person {n}")}))
        .collect()
}

/// How many events say whom they are with.
fn named(batch: &Batch) -> usize {
    let with = batch.events.iter();
    with.filter(|event| event.details.as_str().starts_with("With: Person"))
        .count()
}

/// How often each path was asked for, ids left out.
fn counted(tenant: &Tenant) -> String {
    let mut counts = BTreeMap::<String, usize>::new();
    for path in tenant.calls() {
        let path = path.split("/con_").next().unwrap_or_default().to_owned();
        *counts.entry(path).or_default() += 1;
    }
    for resource in Resource::ALL {
        counts.remove(&format!("{}/search", resource.word()));
    }
    let counts = counts.into_iter();
    let counts: Vec<String> = counts.map(|(path, n)| format!("{path} {n}")).collect();
    counts.join(", ")
}

async fn tenant(tasks: usize, known: usize) -> Tenant {
    let tenant = Tenant::with(&[
        ("tasks", with_contacts(tasks)),
        ("deals", Vec::new()),
        ("activities", Vec::new()),
        ("contacts", contacts(known)),
    ])
    .await;
    tenant.change(|state| {
        for contact in contacts(known) {
            let path = format!("contacts/{}", contact["id"].as_str().unwrap());
            state.answers.insert(path, contact);
        }
    });
    tenant
}

#[tokio::test]
async fn a_few_names_are_asked_for_one_by_one_and_believed_for_a_day() {
    let tenant = tenant(3, 2).await;
    for (row, hours, calls) in [
        ("the first time", 0, "contacts 3"),
        ("soon after", 23, ""),
        ("a day later", 1, "contacts 3"),
    ] {
        tenant.hand.advance(TimeDelta::hours(hours));
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(named(&batch), 2, "{row}");
        assert_eq!(counted(&tenant), calls, "{row}");
    }
}

#[tokio::test]
async fn more_than_fifty_names_are_searched_for_until_all_are_found() {
    for (row, events, known, calls) in [
        ("fifty", 50, 50, "contacts 50"),
        ("more", 51, 300, "contacts/search 3"),
        ("more than there are", 60, 55, "contacts/search 1"),
    ] {
        let tenant = tenant(events, known).await;
        let batch = tenant.fetch().await.unwrap();
        assert_eq!(named(&batch), events.min(known), "{row}");
        assert_eq!(counted(&tenant), calls, "{row}");
        tenant.fetch().await.unwrap();
        assert_eq!(counted(&tenant), "", "{row}");
    }
}

#[tokio::test]
async fn a_refused_kind_of_names_is_not_asked_for_again_within_a_day() {
    for (row, events, path) in [
        ("one by one", 3, "contacts/con_0"),
        ("by search", 60, "contacts/search"),
    ] {
        let tenant = tenant(events, 60).await;
        tenant.instead(path, problem(403));
        let first = tenant.fetch().await.unwrap();
        assert_eq!((first.events.len(), named(&first)), (events, 0), "{row}");
        assert!(first.missed.is_empty(), "{row}");
        assert_eq!(tenant.calls().len(), 3 + 1, "{row}");
        tenant.fetch().await.unwrap();
        assert_eq!(tenant.calls().len(), 3, "{row}");
        tenant.hand.advance(TimeDelta::days(1));
        tenant.change(|state| state.instead.clear());
        assert_eq!(named(&tenant.fetch().await.unwrap()), events, "{row}");
    }
}

#[tokio::test]
async fn a_name_outlives_an_upstream_that_no_longer_tells_it() {
    for code in [403, 404, 500] {
        let tenant = tenant(1, 1).await;
        assert_eq!(named(&tenant.fetch().await.unwrap()), 1, "{code}");
        tenant.hand.advance(TimeDelta::days(2));
        tenant.instead("contacts/con_0", problem(code));
        assert_eq!(named(&tenant.fetch().await.unwrap()), 1, "{code}");
    }
}

#[tokio::test]
async fn names_are_asked_for_only_of_what_becomes_an_event() {
    let tenant = tenant(0, 5).await;
    tenant.change(|state| {
        let done = task(json!({"completed": true, "contact_id": "con_1"}));
        state.lists.insert("tasks".to_owned(), vec![done]);
    });
    tenant.fetch().await.unwrap();
    assert_eq!(counted(&tenant), "");
}

#[tokio::test]
async fn pipelines_are_asked_for_once_a_day_on_either_route() {
    let answer = json!([{"id": "pipe_1", "name": "Touring"}, {"id": "pipe_2"}]);
    for (row, listed, answered, name, calls) in [
        ("by search", true, false, "Touring", "pipelines/search 1"),
        (
            "by get",
            false,
            true,
            "Touring",
            "pipelines 1, pipelines/search 1",
        ),
        (
            "nowhere",
            false,
            false,
            "",
            "pipelines 1, pipelines/search 1",
        ),
    ] {
        let tenant = tenant(0, 0).await;
        tenant.change(|state| {
            let deal = record(Resource::Deals, json!({"pipeline_id": "pipe_1"}));
            state.lists.insert("deals".to_owned(), vec![deal]);
            if listed {
                let list = answer.as_array().unwrap().clone();
                state.lists.insert("pipelines".to_owned(), list);
            }
            if answered {
                state.answers.insert("pipelines".to_owned(), answer.clone());
            }
        });
        for (round, hours, calls) in [("first", 0, calls), ("soon", 23, ""), ("day", 1, calls)] {
            tenant.hand.advance(TimeDelta::hours(hours));
            let batch = tenant.fetch().await.unwrap();
            let group = &batch.groups[&GroupId::new("pipeline:pipe_1")];
            assert_eq!(group.name.as_str(), name, "{row}, {round}");
            assert_eq!(counted(&tenant), calls, "{row}, {round}");
        }
    }
}
