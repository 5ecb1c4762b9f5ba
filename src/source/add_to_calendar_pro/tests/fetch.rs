//! Whole sweeps, against answers in both shapes: `tests/fixtures/add-to-calendar-pro/`.

use wiremock::{Mock, ResponseTemplate, matchers::path};

use super::{
    account::{Account, SECRET, in_short, in_words},
    *,
};

#[tokio::test]
async fn both_shapes_of_the_answers_mean_the_same_events() {
    let current = Account::of("current").await.fetch().await.unwrap();
    let legacy = Account::of("legacy").await.fetch().await.unwrap();
    for (shape, batch) in [("current", &current), ("legacy", &legacy)] {
        assert!(!format!("{batch:?}").contains(CANARY), "{shape}");
        assert!(batch.missed.is_empty(), "{shape}");
        assert!(batch.from_wall_times, "{shape}");
    }
    insta::assert_snapshot!(in_words(&current), @r"
    2026-03-02T17:30:00Z..2026-03-02T19:00:00Z (Europe/Amsterdam) Pottery Confirmed
      again and again
      in Room 4
      of Evening courses
    2026-12-05T00:00:00Z..2026-12-05T06:00:00Z (America/New_York) Life drawing Tentative
      | Bring paper, .
      |
      | • Charcoal
      | • Rubber
      in Studio 2
      of Evening courses
    2026-01-08T08:00:00Z..2026-01-08T09:00:00Z (Europe/Amsterdam) Glazes Confirmed
      again and again
      of Evening courses
    2026-09-05..2026-09-06 Open house Confirmed
      in https://studio.example/tour
      of On the calendar
    2026-12-12T09:00:00Z..2026-12-12T17:00:00Z (Europe/Amsterdam) Winter market, first day Confirmed
      of On the calendar
    2026-12-13T18:00:00Z..2026-12-14T00:00:00Z (America/Los_Angeles) Winter market Cancelled
      in Pier
      of On the calendar
    Group Evening courses
    Group On the calendar
    event `22222222-2222-4222-8222-222222222207-0` was left out: its date is counted from the day somebody looks at it; `22222222-2222-4222-8222-222222222209` is odd: its group lists it and it is not there
    ");
    assert_eq!(in_words(&legacy), in_words(&current));
    assert_eq!(legacy.events, current.events, "to the last field");
}

#[tokio::test]
async fn an_account_is_read_whole_with_the_bare_key_and_each_thing_once() {
    let account = Account::of("current").await;
    account.fetch().await.unwrap();
    let calls = account.calls().await;
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.starts_with("event/"))
            .count(),
        9
    );
    let rest: Vec<&str> = calls
        .iter()
        .map(String::as_str)
        .filter(|call| !call.starts_with("event/"))
        .collect();
    let group = |n: u8| format!("group/11111111-1111-4111-8111-11111111111{n}");
    assert_eq!(
        rest,
        [&*group(1), &*group(2), &*group(3), "group/all?page=1"]
    );
    for request in account.server.received_requests().await.unwrap() {
        assert_eq!(request.headers["authorization"], SECRET);
    }
}

#[tokio::test]
async fn an_empty_account_is_empty_and_no_error() {
    for (row, answer) in [
        (
            "as it says so",
            ResponseTemplate::new(404).set_body_json(json!({ "message": "No entry found." })),
        ),
        (
            "as others do",
            ResponseTemplate::new(200).set_body_json(json!([])),
        ),
    ] {
        let account = Account::silent().await;
        account.answers("group/all", answer).await;
        let batch = account.fetch().await.unwrap();
        assert!(batch.events.is_empty() && batch.groups.is_empty(), "{row}");
        assert!(batch.missed.is_empty() && batch.remarks.is_empty(), "{row}");
        let who = account.source.check(&account.api).await.unwrap();
        assert_eq!(who, "an organisation with 0 groups", "{row}");
    }
}

#[tokio::test]
async fn a_list_is_read_until_a_page_is_not_full_or_says_nothing_new() {
    let full = |from: usize| -> Vec<Value> {
        let keys = (from..from + 800).map(|n| json!({ "prokey": format!("group-{n}") }));
        keys.collect()
    };
    let (first, second) = (full(0), full(800));
    for (row, pages, groups, calls) in [
        ("a short page", &[&first[..], &second[..7]][..], 807, 2),
        ("nothing behind a full page", &[&first[..]], 800, 2),
        (
            "a page that repeats itself",
            &[&first[..], &first[..]],
            800,
            2,
        ),
    ] {
        let account = Account::silent().await;
        for (index, page) in pages.iter().enumerate() {
            let number = (index + 1).to_string();
            let asked = wiremock::matchers::query_param("page", number);
            let answer = ResponseTemplate::new(200).set_body_json(page);
            let mock = Mock::given(path("/v1/group/all")).and(asked);
            mock.respond_with(answer).mount(&account.server).await;
        }
        let none = json!({ "status": "error", "message": "No entry found" });
        let none = ResponseTemplate::new(404).set_body_json(none);
        account.answers("group/all", none).await;
        let who = account.source.check(&account.api).await.unwrap();
        assert_eq!(
            who,
            format!("an organisation with {groups} groups"),
            "{row}"
        );
        assert_eq!(account.calls().await.len(), calls, "{row}");
    }
}

#[tokio::test]
async fn an_event_in_two_groups_is_read_once_and_is_in_both() {
    let account = Account::silent().await;
    let groups = [
        "a=pottery,glazes,glazes,GLAZES",
        "b=drawing",
        "c=glazes,drawing",
    ];
    account.holds(&groups).await;
    let batch = account.fetch().await.unwrap();
    assert_eq!(in_short(&batch), "a+c:glazes a:pottery b+c:drawing");
    let calls = account.calls().await;
    let events = calls.iter().filter(|call| call.starts_with("event/"));
    assert_eq!(events.count(), 3);
}

#[tokio::test]
async fn only_published_groups_are_shown_and_one_without_a_name_has_the_operators() {
    let account = Account::silent().await;
    let listed = ["courses", "draft", "strange", "unnamed"].map(|key| json!({ "prokey": key }));
    account.says("group/all", &json!(listed)).await;
    for (key, status) in [
        ("courses", json!("published")),
        ("draft", json!("draft")),
        ("strange", json!("archived")),
        ("unnamed", json!("published")),
    ] {
        let group =
            json!({ "name": null, "status": status, "internal_note": CANARY, "events": null });
        account.says(&format!("group/{key}"), &group).await;
    }
    let batch = account.fetch().await.unwrap();
    let named = batch.groups.iter();
    let named: Vec<String> = named
        .map(|(id, group)| format!("{id}={}", group.name))
        .collect();
    assert_eq!(named, ["courses=Evening courses", "unnamed="]);
    let draft = (GroupId::new("draft"), "it is not published");
    assert_eq!(batch.withheld.groups, [draft].into());
    let unclear: Vec<&GroupId> = batch.unclear.groups.keys().collect();
    assert_eq!(unclear, [&GroupId::new("strange")]);
    assert_eq!(
        said(&batch.remarks),
        "`strange` is odd: whether the group is published cannot be read, so it is not shown"
    );
}
