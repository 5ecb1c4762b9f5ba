//! Add to Calendar PRO.

use std::num::NonZeroUsize;

use calbridge::sandbox::{
    add_to_calendar_pro::{
        AddToCalendarPro, EmptyList, Fault, Lasting, Nulls, Oddities, Route, Running, Settings,
        Shape, prokey,
    },
    neutral,
    season::{Season, Span},
};
use chrono::TimeDelta;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{Answer, ask, clock, only, timed, touring};

const KEY: &str = "5f1c7a52-90d3-4e0b-8b57-3f0a6c1d2e94";

async fn start(season: Season, change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::new(clock().0);
    assert_eq!(settings.key.expose_secret(), KEY);
    change(&mut settings);
    AddToCalendarPro::start(season, settings).await.unwrap()
}

async fn get(running: &Running, path: &str) -> Answer {
    let url = format!("{}{path}", running.base_url());
    ask(Method::GET, &url, &[("authorization", KEY)]).await
}

async fn event(running: &Running, id: &str) -> Value {
    let answer = get(running, &format!("/event/{}", prokey(id))).await;
    assert_eq!(answer.status, 200, "{id}: {}", answer.text);
    answer.json()
}

fn keys(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["prokey"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn only_the_raw_key_opens_and_a_public_group_needs_none() {
    for refused in [401, 403] {
        let running = start(touring(), |settings| {
            settings.refused = refused.try_into().unwrap();
        })
        .await;
        let url = format!("{}/group/all", running.base_url());
        let bearer = format!("Bearer {KEY}");
        for headers in [
            vec![],
            vec![("authorization", bearer.as_str())],
            vec![("authorization", "guess")],
        ] {
            let answer = ask(Method::GET, &url, &headers).await;
            assert_eq!(answer.status, refused, "{headers:?}");
        }
        let mut opened = Vec::new();
        for key in keys(&get(&running, "/group/all").await) {
            let group = get(&running, &format!("/group/{key}")).await.json();
            let url = format!("{}/event/all?group={key}&dates=true", running.base_url());
            let answer = ask(Method::GET, &url, &[]).await;
            let public = group["public_event_overview"] == true;
            assert_eq!(answer.status != refused, public, "{group}");
            opened.push(public);
        }
        assert!(opened.contains(&true) && opened.contains(&false));
        assert_eq!(running.violations(), []);
    }
}

#[tokio::test]
async fn a_season_is_told_in_wall_times_with_their_zones() {
    let running = start(touring(), |_| {}).await;
    let season = touring();
    let of = |title: &str| {
        let mut found = season.events.iter();
        found
            .find(|event| event.title.as_deref() == Some(title))
            .unwrap()
    };
    for (title, want) in [
        (
            "The long night, first 02:15",
            json!(["2026-10-25", "02:15", null, "02:45", "Europe/Berlin"]),
        ),
        (
            "The long night, second 02:15",
            json!(["2026-10-25", "01:15", null, "01:45", "Etc/GMT"]),
        ),
        (
            "Overnight, an hour short",
            json!([
                "2027-03-27",
                "22:00",
                "2027-03-28",
                "07:00",
                "Europe/London"
            ]),
        ),
        (
            "Office closed",
            json!(["2026-12-25", null, null, null, null]),
        ),
        (
            "Summer break",
            json!(["2026-08-01", null, "2026-08-31", null, null]),
        ),
        (
            "Open end",
            json!(["2026-08-16", "19:00", null, null, "America/Phoenix"]),
        ),
    ] {
        let shown = event(&running, &of(title).id).await;
        let date = &shown["dates"][0];
        let told = ["startDate", "startTime", "endDate", "endTime", "timeZone"]
            .map(|name| date[name].clone());
        assert_eq!(json!(told), want, "{title}");
        assert_eq!(date["name"], title);
    }
}

#[tokio::test]
async fn drafts_states_groups_and_stamps_are_told() {
    let running = start(touring(), |_| {}).await;
    let season = touring();
    for one in season.events.iter().take(120) {
        let shown = event(&running, &one.id).await;
        let status = if one.draft { "draft" } else { "published" };
        assert_eq!(shown["status"], status, "{one:?}");
        if let Some(group) = one.groups.first() {
            assert_eq!(shown["event_group"], prokey(group), "{one:?}");
        }
        assert!(!shown.to_string().contains("Fee agreed"), "{one:?}");
        let whole = matches!(one.span, Span::Days { .. });
        assert_eq!(shown["dates"][0]["startTime"].is_null(), whole, "{one:?}");
    }
}

#[tokio::test]
async fn a_class_is_one_event_that_recurs() {
    let running = start(touring(), |_| {}).await;
    let season = touring();
    let weekly = event(&running, &season.courses[0].id).await;
    for (name, want) in [
        ("simplified_recurrence", json!(true)),
        ("recurrence_simple_type", json!("weekly")),
        ("recurrence_count", json!(36)),
        ("recurrence_byDay", json!("TU")),
    ] {
        assert_eq!(weekly[name], want, "{name}");
    }
    let by_rule = event(&running, &season.courses[1].id).await;
    assert_eq!(by_rule["simplified_recurrence"], false);
    assert_eq!(
        by_rule["recurrence"],
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=20;BYDAY=SU"
    );
}

#[tokio::test]
async fn groups_list_their_events_and_the_list_can_be_asked_by_group() {
    let running = start(touring(), |_| {}).await;
    let mut seen = 0;
    for key in keys(&get(&running, "/group/all").await) {
        let group = get(&running, &format!("/group/{key}")).await.json();
        let list = get(&running, &format!("/event/all?group={key}&dates=true")).await;
        let members: Vec<String> = group["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key.as_str().unwrap().to_owned())
            .collect();
        if members.is_empty() {
            assert_eq!(list.status, 404);
            continue;
        }
        assert_eq!(keys(&list), members, "{}", group["name"]);
        assert!(list.json()[0]["dates"][0]["startDate"].is_string());
        seen += members.len();
    }
    assert_eq!(seen, touring().events.len() + touring().courses.len());
    assert_eq!(running.violations(), []);
}

#[tokio::test]
async fn lists_come_in_pages_and_end_in_nothing() {
    let evenings = (1..=5).map(|n| {
        timed(
            &format!("e{n}"),
            &format!("2026-12-0{n}T19:00:00Z"),
            &format!("2026-12-0{n}T20:00:00Z"),
        )
    });
    for (empty, want) in [(EmptyList::NotFound, 404), (EmptyList::Array, 200)] {
        let running = start(only(evenings.clone().collect()), |settings| {
            settings.page = NonZeroUsize::new(2).unwrap();
            settings.empty = empty;
        })
        .await;
        for (page, count) in [("", 2), ("?page=1", 2), ("?page=2", 2), ("?page=3", 1)] {
            let answer = get(&running, &format!("/event/all{page}")).await;
            assert_eq!(keys(&answer).len(), count, "{page}");
        }
        let end = get(&running, "/event/all?page=4").await;
        assert_eq!(end.status, want);
        if want == 404 {
            let message = end.json()["message"].as_str().unwrap().to_owned();
            assert!(message.contains("No entry found"), "{message}");
        }
        assert_eq!(get(&running, "/event/all?page=0").await.status, 400);
    }
}

#[tokio::test]
async fn a_window_is_taken_in_one_form_and_lets_through_what_touches_it() {
    let running = start(
        only(vec![
            timed("past", "2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z"),
            timed("near", "2026-12-10T10:00:00Z", "2026-12-10T12:00:00Z"),
            timed("far", "2027-02-10T10:00:00Z", "2027-02-10T12:00:00Z"),
        ]),
        |_| {},
    )
    .await;
    for (query, want) in [
        ("from=now", &["near", "far"][..]),
        ("from=now&to=2027-01-01T00:00:00Z", &["near"]),
        ("to=2026-11-20T00:00:00Z", &["past"]),
    ] {
        let answer = get(&running, &format!("/event/all?{query}")).await;
        let want: Vec<String> = want.iter().map(|id| prokey(id)).collect();
        assert_eq!(keys(&answer), want, "{query}");
    }
    assert_eq!(running.violations(), []);
    for from in [
        "2026-11-20T00:00:00.000Z",
        "2026-11-20",
        "2026-11-20T00:00:00%2B01:00",
        "today",
    ] {
        let answer = get(&running, &format!("/event/all?from={from}")).await;
        assert_eq!(answer.status, 400, "{from}");
    }
    assert_eq!(running.violations().len(), 4);
}

#[tokio::test]
async fn the_legacy_shape_wraps_what_it_tells() {
    let running = start(touring(), |settings| settings.shape = Shape::Legacy).await;
    let course = &touring().courses[0];
    let group = get(&running, &format!("/group/{}", prokey(&course.group)))
        .await
        .json();
    assert_eq!(group.as_array().unwrap().len(), 1);
    assert!(group[0]["events"][0]["prokey"][0].is_string() && group[0]["prokey"].is_null());
    let event = event(&running, &course.id).await;
    assert_eq!(event[0]["event_group"]["prokey"], prokey(&course.group));
    assert!(event[0]["prokey"].is_null());
}

#[tokio::test]
async fn what_is_not_set_is_null_or_left_out() {
    for (nulls, want) in [(Nulls::Sent, true), (Nulls::LeftOut, false)] {
        let running = start(touring(), |settings| settings.nulls = nulls).await;
        let shown = event(&running, &touring().courses[0].id).await;
        let date = shown["dates"][0].as_object().unwrap();
        assert_eq!(date.contains_key("endDate"), want, "{nulls:?}");
        assert!(date.contains_key("startDate"), "{nulls:?}");
    }
}

#[tokio::test]
async fn odd_groups_and_events_are_there_when_asked_for() {
    let running = start(only(vec![]), |settings| {
        settings.oddities = Oddities::Shown;
        settings.external = "http://127.0.0.1:9/external.ics".to_owned();
    })
    .await;
    let mut sorts = Vec::new();
    for key in keys(&get(&running, "/group/all").await) {
        let group = get(&running, &format!("/group/{key}")).await.json();
        sorts.push(group["subscription"].as_str().unwrap().to_owned());
        if group["subscription"] == "external" {
            assert_eq!(
                group["subscription_cal_url"],
                "http://127.0.0.1:9/external.ics"
            );
        }
    }
    for sort in ["no", "external", "mirror"] {
        assert!(sorts.iter().any(|found| found == sort), "{sort}: {sorts:?}");
    }
    let nobody = get(&running, &format!("/event/{}", prokey("odd-nowhere"))).await;
    assert_eq!(nobody.status, 404);
    for (id, pointer, want) in [
        ("one whole day", "/dates/0/endDate", Value::Null),
        ("no zone", "/dates/0/timeZone", Value::Null),
        ("alias", "/dates/0/timeZone", json!("PT")),
        ("dynamic", "/dates/0/startDate", json!("today+4")),
        ("two zones", "/dates/1/startDate", Value::Null),
        ("two zones", "/dates/2/status", json!("CANCELLED")),
        ("two zones", "/sequence", json!("10")),
        ("sign-up form", "/distribution", json!(false)),
        ("draft", "/status", json!("draft")),
        ("simple monthly", "/recurrence_byDay", json!("2MO,TU")),
        (
            "weekly over both changes",
            "/dates/0/timeZone",
            json!("Europe/Amsterdam"),
        ),
    ] {
        let shown = event(&running, &format!("odd {id}")).await;
        assert_eq!(shown.pointer(pointer), Some(&want), "{id} {pointer}");
    }
    assert_eq!(running.violations(), []);
}

#[tokio::test]
async fn writes_sign_ups_and_too_many_calls_are_noted() {
    let (clock, hand) = clock();
    let running = start(touring(), |settings| {
        settings.clock = clock;
        settings.rate = NonZeroUsize::new(3);
    })
    .await;
    let base = running.base_url();
    for (method, path, want) in [
        (Method::POST, "/event", 404),
        (Method::PATCH, "/event/1", 405),
        (Method::DELETE, "/group/1", 405),
        (Method::GET, "/rsvp-answers/1", 404),
        (Method::GET, "/style/all", 404),
    ] {
        let before = running.violations().len();
        let answer = ask(
            method.clone(),
            &format!("{base}{path}"),
            &[("authorization", KEY)],
        )
        .await;
        assert_eq!(answer.status, want, "{method} {path}");
        assert_eq!(running.violations().len(), before + 1, "{method} {path}");
    }
    for want in [200, 200, 200, 429] {
        assert_eq!(get(&running, "/event/latest").await.status, want);
    }
    assert_eq!(running.violations().len(), 6);
    hand.advance(TimeDelta::seconds(1));
    assert_eq!(get(&running, "/group/latest").await.status, 200);
}

#[tokio::test]
async fn faults_spoil_events_and_groups() {
    let running = start(touring(), |_| {}).await;
    let course = touring().courses[0].clone();
    running.fault(Route::Event, Fault::WrongType, Lasting::Next(1));
    assert_eq!(
        event(&running, &course.id).await["dates"][0]["startDate"],
        42
    );
    running.fault(Route::Event, Fault::UnknownValue, Lasting::Next(1));
    assert_eq!(
        event(&running, &course.id).await["dates"][0]["status"],
        "unheard-of"
    );
    running.fault(Route::Group, Fault::Duplicates, Lasting::Next(1));
    let group = get(&running, &format!("/group/{}", prokey(&course.group)))
        .await
        .json();
    assert_eq!(group["events"][0], group["events"][1]);
    running.fault(Route::Events, Fault::Unauthorized, Lasting::Next(1));
    assert_eq!(get(&running, "/event/all").await.status, 401);
    assert_eq!(get(&running, "/event/all").await.status, 200);
}

#[tokio::test]
async fn a_change_of_the_season_is_seen_at_once() {
    let running = start(only(vec![]), |_| {}).await;
    assert_eq!(get(&running, "/event/all").await.status, 404);
    let new = timed("new", "2026-12-10T10:00:00Z", "2026-12-10T12:00:00Z");
    running.edit(|season| season.events.push(new));
    assert_eq!(keys(&get(&running, "/event/all").await), [prokey("new")]);
}

#[tokio::test]
async fn the_neutral_list_is_told_in_the_local_time_of_each_event() {
    let text = std::fs::read_to_string("tests/fixtures/neutral/driftwood.json").unwrap();
    let oracle: Value = serde_json::from_str(&text).unwrap();
    let running = start(neutral::parse(&text).unwrap(), |_| {}).await;
    let mut told_in_gmt = 0;
    for one in oracle["events"].as_array().unwrap() {
        let id = one["id"].as_str().unwrap();
        let shown = event(&running, id).await;
        let date = &shown["dates"][0];
        if one["all_day"] == true {
            assert_eq!(date["startDate"], one["start"], "{id}");
            assert_eq!(date["startTime"], Value::Null, "{id}");
        } else if date["timeZone"] == "Etc/GMT" {
            told_in_gmt += 1;
        } else {
            let local = format!(
                "{}T{}",
                date["startDate"].as_str().unwrap(),
                date["startTime"].as_str().unwrap()
            );
            assert_eq!(
                (&json!(local), &date["timeZone"]),
                (&one["local"], &one["zone"]),
                "{id}"
            );
        }
    }
    assert!((1..20).contains(&told_in_gmt), "{told_in_gmt}");
}
