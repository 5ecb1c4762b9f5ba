//! Groups that are buttons for calendars elsewhere.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::{
    account::{Account, in_short},
    *,
};
use crate::{
    api::{ApiError, Chain},
    domain::testing::{days, timed},
};

/// A calendar with a whole day and a floating time, and one more event of that UID.
fn calendar(uid: &str) -> String {
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Town//EN",
        "BEGIN:VEVENT",
        "UID:fair@town.example",
        "DTSTAMP:20260101T000000Z",
        "DTSTART;VALUE=DATE:20260606",
        "SUMMARY:Fair",
        "CATEGORIES:Outdoors",
        "END:VEVENT",
        "BEGIN:VEVENT",
        &format!("UID:{uid}@town.example"),
        "DTSTAMP:20260101T000000Z",
        "DTSTART:20260607T100000",
        "DTEND:20260607T110000",
        &format!("SUMMARY:{uid}"),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    .join("\r\n")
}

/// A server with calendars that must not see the key.
pub(super) async fn town(calendars: &[(&str, ResponseTemplate)]) -> MockServer {
    let town = MockServer::start().await;
    for (at, answer) in calendars {
        let mock = Mock::given(path(format!("/{CANARY}/{at}.ics")));
        mock.respond_with(answer.clone()).mount(&town).await;
    }
    town
}

/// Two events, the second of them called as told.
pub(super) fn ok(uid: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(calendar(uid), "text/calendar")
}

impl Account {
    /// Has a group refer to an address.
    async fn refers(&self, group: &str, address: &Value) {
        let external = json!({
            "name": group, "status": "published", "subscription": "External",
            "subscription_cal_url": address, "events": [],
        });
        self.says(&format!("group/{group}"), &external).await;
    }
}

#[tokio::test]
async fn the_events_of_a_calendar_elsewhere_are_in_the_group_that_refers_to_it() {
    let town = town(&[("one", ok("talk")), ("two", ok("walk"))]).await;
    let at = |name: &str| json!(format!("{}/{CANARY}/{name}.ics", town.uri()));
    let account = Account::silent().await;
    account.refers("one", &at("one")).await;
    account.refers("same", &at("one")).await;
    account.refers("two", &at("two")).await;
    account.holds(&["a=pottery", "one=", "same=", "two="]).await;
    let batch = account.fetch().await.unwrap();
    assert_eq!(
        in_short(&batch),
        "a:pottery one+outdoors+same+two:Fair one+same:talk two:walk"
    );
    let names: Vec<&str> = batch
        .groups
        .values()
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(names, ["a", "one", "Outdoors", "same", "two"]);
    let when = |title: &str| {
        let mut events = batch.events.iter();
        events
            .find(|event| event.title.as_str() == title)
            .unwrap()
            .when
    };
    assert_eq!(when("Fair"), days("2026-06-06", "2026-06-06"));
    let berlin = timed("2026-06-07T08:00:00Z", "2026-06-07T09:00:00Z");
    assert_eq!(
        when("walk"),
        berlin,
        "floating times are in the zone of the source"
    );
    let calls = town.received_requests().await.unwrap();
    assert_eq!(calls.len(), 2, "each calendar once");
    for call in calls {
        assert!(!call.headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn what_one_calendar_hides_another_may_show() {
    let hiding = calendar("walk").replace("SUMMARY:Fair", "SUMMARY:Fair\r\nCLASS:PRIVATE");
    let hiding = ResponseTemplate::new(200).set_body_raw(hiding, "text/calendar");
    let town = town(&[("hiding", hiding), ("showing", ok("talk"))]).await;
    let at = |name: &str| json!(format!("{}/{CANARY}/{name}.ics", town.uri()));
    for (row, groups, shown, withheld) in [
        ("alone", &["a=", "hiding="][..], "hiding:walk", 1),
        (
            "beside it",
            &["hiding=", "showing="],
            "hiding:walk outdoors+showing:Fair showing:talk",
            0,
        ),
    ] {
        let account = Account::silent().await;
        account.refers("hiding", &at("hiding")).await;
        account.refers("showing", &at("showing")).await;
        account.holds(groups).await;
        let batch = account.fetch().await.unwrap();
        assert_eq!(in_short(&batch), shown, "{row}");
        assert_eq!(batch.withheld.events.len(), withheld, "{row}");
    }
}

#[tokio::test]
async fn a_calendar_elsewhere_that_cannot_be_read_is_missed_and_names_no_address() {
    let html = ResponseTemplate::new(200).set_body_raw("<!doctype html>", "text/html");
    let town = town(&[("html", html), ("locked", ResponseTemplate::new(401))]).await;
    let at = |name: &str| json!(format!("{}/{CANARY}/{name}.ics", town.uri()));
    for (row, address, why) in [
        ("a page", at("html"), "the answer cannot be read"),
        ("locked", at("locked"), "the server refused our credentials"),
        ("not there", at("gone"), "the server does not offer this"),
        (
            "no address",
            json!(format!("{CANARY} somewhere")),
            "of which it does not say where",
        ),
        (
            "no web address",
            json!(format!("file:///{CANARY}")),
            "of which it does not say where",
        ),
        ("none", json!(null), "of which it does not say where"),
    ] {
        let account = Account::silent().await;
        account.refers("b", &address).await;
        account.holds(&["a=1", "b=", "c=5"]).await;
        let batch = account.fetch().await.unwrap();
        assert_eq!(in_short(&batch), "a:1 c:5 !b", "{row}");
        assert_eq!(batch.groups[&GroupId::new("b")].name.as_str(), "b", "{row}");
        let chain = Chain(&*batch.missed[&GroupId::new("b")]).to_string();
        assert!(chain.contains(why), "{row}: {chain}");
        assert!(!chain.contains(CANARY), "{row}: {chain}");
    }
}

#[tokio::test]
async fn what_a_calendar_elsewhere_asks_for_is_not_asked_by_the_account() {
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "43200");
    let town = town(&[("busy", busy.clone())]).await;
    let account = Account::silent().await;
    let at = json!(format!("{}/{CANARY}/busy.ics", town.uri()));
    account.refers("b", &at).await;
    account.holds(&["a=1", "b="]).await;
    let batch = account.fetch().await.unwrap();
    assert_eq!(in_short(&batch), "a:1 !b");
    let error = &batch.missed[&GroupId::new("b")];
    // The wait of the whole source is the longest of those that an error of its own carries.
    assert!(error.downcast_ref::<ApiError>().is_none(), "{error:?}");
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    let rest = cause.and_then(ApiError::retry_after);
    assert_eq!(rest, Some(Duration::from_hours(12)));
}

#[tokio::test]
async fn a_calendar_that_has_not_changed_is_not_sent_again_and_not_lost() {
    let town = MockServer::start().await;
    let unchanged = Mock::given(wiremock::matchers::header("if-none-match", "\"1\""));
    unchanged
        .respond_with(ResponseTemplate::new(304))
        .expect(1)
        .mount(&town)
        .await;
    let first = Mock::given(path("/town.ics"));
    first
        .respond_with(ok("talk").insert_header("etag", "\"1\""))
        .expect(1)
        .mount(&town)
        .await;
    let account = Account::silent().await;
    account
        .refers("b", &json!(format!("{}/town.ics", town.uri())))
        .await;
    account.holds(&["b="]).await;
    let before = in_short(&account.fetch().await.unwrap());
    assert_eq!(before, "b+outdoors:Fair b:talk");
    assert_eq!(in_short(&account.fetch().await.unwrap()), before);
}

#[tokio::test]
async fn calendars_elsewhere_are_read_side_by_side_so_that_a_slow_one_holds_up_no_other() {
    let town = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = |name: &str| {
        let address = town.local_addr().unwrap();
        json!(format!("http://{address}/{name}.ics"))
    };
    let account = Account::silent().await;
    account.refers("one", &at("one")).await;
    account.refers("two", &at("two")).await;
    account.holds(&["one=", "two="]).await;
    // Answers nobody before both have asked.
    let answers = tokio::spawn(async move {
        let both = [town.accept().await.unwrap(), town.accept().await.unwrap()];
        for (mut stream, _) in both {
            stream.read_buf(&mut Vec::new()).await.unwrap();
            let body = calendar("talk");
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).await.unwrap();
        }
    });
    let batch = account.fetch().await.unwrap();
    assert_eq!(in_short(&batch), "one+outdoors+two:Fair one+two:talk");
    answers.await.unwrap();
}
