//! What the double of Prospero shows a client, as its fact sheet says, and what `calbridge sandbox` prints.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{
    collections::BTreeSet, io, net::SocketAddr, num::NonZeroUsize, path::Path, time::Duration,
};

use calbridge::{
    cli::sandbox::{Kind, SandboxError, config_text, sandbox},
    clock::{Clock, Hand},
    sandbox::{
        neutral,
        prospero::{
            CookieNames, Dialect, Fault, Lasting, Prospero, RetryAfter, Route, Running, Settings,
        },
        season::{Event, Season, Span, Status},
    },
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

/// A double with a client that is logged in, until it is not.
struct Visit {
    running: Running,
    hand: Hand,
    http: reqwest::Client,
    access: String,
    refresh: String,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn timed(id: &str, start: &str, end: &str) -> Event {
    let span = Span::Timed {
        start: at(start),
        end: Some(at(end)),
    };
    Event::bare(id, span)
}

/// A season of nothing but `events`.
fn only(events: Vec<Event>) -> Season {
    Season {
        events,
        ..Season::touring(day("2026-11-22"))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test talks to the double without the bridge's own client"
)]
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Visit {
    async fn pay(season: Season) -> Self {
        Self::with(season, |_| {}).await
    }

    async fn with(season: Season, change: impl FnOnce(&mut Settings)) -> Self {
        let (clock, hand) = Clock::movable(at("2026-11-22T10:00:00Z"));
        let mut settings = Settings::new(clock);
        change(&mut settings);
        let names = settings.cookies.clone();
        let running = Prospero::start(season, settings).await.unwrap();
        let http = client();
        let mut visit = Self {
            running,
            hand,
            http,
            access: String::new(),
            refresh: String::new(),
        };
        let login = visit.log_in("kites-and-lanterns").await;
        assert_eq!(login.status(), StatusCode::OK);
        visit.access = cookie(&login, &names.access);
        visit.refresh = cookie(&login, &names.refresh);
        visit
    }

    async fn log_in(&self, password: &str) -> Response {
        let body =
            json!({ "email": "bridge@quillfeather.example", "password": password }).to_string();
        self.http
            .post(format!("{}/auth/login", self.running.url()))
            .body(body)
            .send()
            .await
            .unwrap()
    }

    async fn send(&self, method: Method, path: &str, cookie: &str) -> Response {
        let request = self
            .http
            .request(method, format!("{}{path}", self.running.url()));
        request.header(header::COOKIE, cookie).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, &format!("theme=dark; {}", self.access))
            .await
    }

    async fn get_json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        json_of(response).await
    }

    async fn ids(&self, path: &str) -> Vec<String> {
        let answer = self.get_json(path).await;
        let events = answer["events"].as_array().unwrap();
        events
            .iter()
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    }

    fn clean(&self) -> bool {
        self.running.violations().is_empty()
    }
}

/// `name=token` of a cookie that was set as fact sheet §10.1 wants it.
#[track_caller]
fn cookie(response: &Response, name: &str) -> String {
    let set = response.headers().get_all(header::SET_COOKIE).iter();
    let line = set
        .map(|value| value.to_str().unwrap())
        .find(|line| line.starts_with(&format!("{name}=")));
    let (pair, attributes) = line.expect(name).split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; Secure");
    pair.to_owned()
}

async fn json_of(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[track_caller]
fn refusal(status: u16, error: &str) -> Value {
    json!({ "status": status, "error": error })
}

#[tokio::test]
async fn health_is_told_without_a_login() {
    let visit = Visit::pay(only(vec![])).await;
    let health = visit.send(Method::GET, "/", "").await;
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(health.text().await.unwrap(), "Hello, Prospero!");
    assert!(visit.clean());
}

#[tokio::test]
async fn the_cookies_are_called_as_the_settings_say() {
    let names = CookieNames {
        access: "left".to_owned(),
        refresh: "right".to_owned(),
    };
    let visit = Visit::with(only(vec![]), |settings| settings.cookies = names).await;
    assert!(visit.access.starts_with("left=") && visit.refresh.starts_with("right="));
    assert_eq!(visit.get("/auth/whoami").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_opens_nothing() {
    let visit = Visit::pay(only(vec![])).await;
    let wrong = visit.log_in("guess").await;
    assert_eq!(
        (wrong.status(), wrong.headers().get(header::SET_COOKIE)),
        (StatusCode::UNAUTHORIZED, None)
    );
    assert_eq!(
        json_of(wrong).await,
        refusal(401, "Wrong email or password")
    );

    visit.running.change_password("new".into());
    assert_eq!(
        visit.log_in("kites-and-lanterns").await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(visit.log_in("new").await.status(), StatusCode::OK);
    assert_eq!(visit.running.calls(Route::Login), 4);
}

#[tokio::test]
async fn a_login_without_its_fields_is_invalid() {
    let visit = Visit::pay(only(vec![])).await;
    for body in [
        "",
        "{}",
        r#"{"email": "bridge@quillfeather.example"}"#,
        "email=a&password=b",
    ] {
        let url = format!("{}/auth/login", visit.running.url());
        let answer = visit.http.post(url).body(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
    }
}

#[tokio::test]
async fn every_read_needs_an_access_token_that_is_not_stale() {
    let visit = Visit::pay(only(vec![])).await;
    for path in [
        "/auth/whoami",
        "/events",
        "/events/archive",
        "/locations/1",
        "/projects/1",
    ] {
        for cookie in ["", "pl.access=guess", &visit.refresh] {
            let answer = visit.send(Method::GET, path, cookie).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path} {cookie}");
            assert_eq!(
                json_of(answer).await,
                refusal(401, "Unauthorized"),
                "{path} {cookie}"
            );
        }
    }
    assert!(visit.clean());
}

#[tokio::test]
async fn an_access_token_is_stale_after_an_hour_and_a_refresh_token_after_seven_days() {
    let mut visit = Visit::pay(only(vec![])).await;
    visit.hand.advance(TimeDelta::seconds(3_599));
    assert_eq!(visit.get("/events").await.status(), StatusCode::OK);
    visit.hand.advance(TimeDelta::seconds(1));
    assert_eq!(
        visit.get("/events").await.status(),
        StatusCode::UNAUTHORIZED
    );

    let renewed = visit
        .send(Method::GET, "/auth/refresh", &visit.refresh)
        .await;
    assert_eq!(renewed.status(), StatusCode::OK);
    visit.access = cookie(&renewed, "pl.access");
    assert_eq!(visit.get("/events").await.status(), StatusCode::OK);

    visit.hand.advance(TimeDelta::days(7));
    for cookie in [visit.refresh.as_str(), ""] {
        let late = visit.send(Method::GET, "/auth/refresh", cookie).await;
        assert_eq!(late.status(), StatusCode::BAD_REQUEST, "{cookie}");
        assert_eq!(
            json_of(late).await,
            refusal(400, "Unable to verify refresh token"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn a_test_can_make_tokens_stale_at_once() {
    let visit = Visit::pay(only(vec![])).await;
    visit.running.expire_access();
    assert_eq!(
        visit.get("/events").await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        visit
            .send(Method::GET, "/auth/refresh", &visit.refresh)
            .await
            .status(),
        StatusCode::OK
    );
    visit.running.expire_refresh();
    assert_eq!(
        visit
            .send(Method::GET, "/auth/refresh", &visit.refresh)
            .await
            .status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn whoami_names_the_account_and_its_organisation() {
    let visit = Visit::pay(only(vec![])).await;
    let answer = visit.get_json("/auth/whoami").await;
    assert_eq!(answer["user"]["email"], "bridge@quillfeather.example");
    assert_eq!(answer["user"]["orgIds"][0], only(vec![]).org);
}

#[tokio::test]
async fn a_window_brings_what_overlaps_it_and_an_open_edge_is_open() {
    let visit = Visit::pay(only(vec![
        timed("before", "2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z"),
        timed("into", "2026-11-09T23:00:00Z", "2026-11-10T01:00:00Z"),
        timed("spanning", "2026-11-09T00:00:00Z", "2026-11-21T00:00:00Z"),
        timed("inside", "2026-11-15T10:00:00Z", "2026-11-15T12:00:00Z"),
        timed("out-of", "2026-11-19T23:00:00Z", "2026-11-20T01:00:00Z"),
        timed("after", "2026-11-25T10:00:00Z", "2026-11-25T12:00:00Z"),
    ]))
    .await;
    let (start, end) = (
        "window_start=2026-11-10T00:00:00Z",
        "window_end=2026-11-20T00:00:00Z",
    );
    let everything = ["before", "into", "spanning", "inside", "out-of", "after"];
    for (query, want) in [
        (String::new(), &everything[..]),
        (format!("?{start}&{end}"), &everything[1..5]),
        (format!("?{start}"), &everything[1..]),
        (format!("?{end}"), &everything[..5]),
    ] {
        assert_eq!(visit.ids(&format!("/events{query}")).await, want, "{query}");
    }
    assert!(visit.clean());
}

#[tokio::test]
async fn an_offset_other_than_z_is_invalid_and_noted() {
    let visit = Visit::pay(only(vec![])).await;
    let answer = visit
        .get("/events?window_start=2026-11-10T00:00:00%2B01:00")
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let error = "window_start must be a UTC date-time such as 2026-11-21T19:30:00Z";
    assert_eq!(json_of(answer).await, refusal(400, error));
    let violations = visit.running.violations();
    assert_eq!(
        violations
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [format!("GET /events: {error}")]
    );
}

#[tokio::test]
async fn the_archive_needs_both_edges() {
    let visit = Visit::pay(only(vec![])).await;
    for query in [
        "",
        "?window_start=2026-11-10T00:00:00Z",
        "?window_end=2026-11-10T00:00:00Z",
    ] {
        let answer = visit.get(&format!("/events/archive{query}")).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(
            json_of(answer).await,
            refusal(400, "window_start and window_end are required"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn an_event_is_changed_added_archived_and_removed_between_polls() {
    let visit = Visit::pay(only(vec![timed(
        "a",
        "2026-11-15T10:00:00Z",
        "2026-11-15T12:00:00Z",
    )]))
    .await;
    let archive =
        "/events/archive?window_start=2026-11-01T00:00:00Z&window_end=2026-12-01T00:00:00Z";

    visit.running.edit(|season| {
        season.event_mut("a").unwrap().title = Some("Moved".to_owned());
        season
            .events
            .push(timed("b", "2026-11-16T10:00:00Z", "2026-11-16T12:00:00Z"));
    });
    assert_eq!(
        visit.get_json("/events").await["events"][0]["title"],
        "Moved"
    );
    assert_eq!(
        (visit.ids("/events").await, visit.ids(archive).await.len()),
        (vec!["a".into(), "b".into()], 0)
    );

    visit
        .running
        .edit(|season| season.event_mut("a").unwrap().archived = true);
    assert_eq!(
        (visit.ids("/events").await, visit.ids(archive).await),
        (vec!["b".into()], vec!["a".into()])
    );

    visit
        .running
        .edit(|season| season.events.retain(|event| event.id != "b"));
    assert!(visit.ids("/events").await.is_empty());
}

/// One event with a bit of everything.
fn full() -> Event {
    let season = Season::touring(day("2026-11-22"));
    let gala = season
        .events
        .iter()
        .find(|event| event.projects.len() == 2 && event.places.len() == 2);
    Event {
        id: "aa000000-0000-1000-8000-000000000001".to_owned(),
        title: Some("Gala".to_owned()),
        details: Some("<b>Gala</b>".to_owned()),
        status: Some(Status::Canceled),
        draft: true,
        archived: false,
        span: Span::Days {
            first: day("2026-11-20"),
            last: day("2026-11-22"),
        },
        created: Some(at("2026-01-02T03:04:05Z")),
        updated: Some(at("2026-02-03T04:05:06Z")),
        ..gala.unwrap().clone()
    }
}

#[tokio::test]
async fn the_primary_dialect_speaks_ids_numbers_and_dates() {
    let full = full();
    let visit = Visit::pay(only(vec![full.clone()])).await;
    let event = visit.get_json("/events").await["events"][0].clone();
    for (name, want) in [
        ("id", json!(full.id)),
        ("title", json!("Gala")),
        ("start", json!("2026-11-20")),
        ("end", json!("2026-11-22")),
        ("allDay", json!(true)),
        ("status", json!(2)),
        ("flag", json!(false)),
        ("draft", json!(true)),
        ("archived", json!(false)),
        ("details", json!("<b>Gala</b>")),
        ("adminNotes", json!(full.admin_notes)),
        ("createdAt", json!("2026-01-02T03:04:05Z")),
        ("lastUpdatedAt", json!("2026-02-03T04:05:06Z")),
        ("locationIds", json!(full.places)),
        ("projectIds", json!(full.projects)),
        ("groupIds", json!(full.groups)),
        ("tagIds", json!(full.tags)),
        ("bookingId", Value::Null),
    ] {
        assert_eq!(event[name], want, "{name}");
    }
    assert!(
        !event.as_object().unwrap().contains_key("bookingId"),
        "what is not there is left out"
    );
    let names = visit.get("/events").await.text().await.unwrap();
    assert!(
        !names.contains("Winter Gala"),
        "names of projects cannot be read"
    );
}

#[tokio::test]
async fn the_other_dialect_speaks_objects_words_capitals_and_nulls() {
    let full = full();
    let visit = Visit::with(only(vec![full.clone()]), |settings| {
        settings.dialect = Dialect::Aliases;
    })
    .await;
    let event = visit.get_json("/events").await["events"][0].clone();
    let capital = |id: &str| json!(id.to_ascii_uppercase());
    for (pointer, want) in [
        ("/id", json!("AA000000-0000-1000-8000-000000000001")),
        ("/name", json!("Gala")),
        ("/startAt", json!("2026-11-20T00:00:00.000Z")),
        ("/endAt", json!("2026-11-22T00:00:00.000Z")),
        ("/isAllDay", json!(1)),
        ("/status", json!("Cancelled")),
        ("/isDraft", json!(1)),
        ("/isArchived", json!(0)),
        ("/notes", json!(full.admin_notes)),
        ("/updatedAt", json!("2026-02-03T04:05:06.000Z")),
        ("/locations/0/id", capital(&full.places[0])),
        ("/locations/0/name", json!("Halyard Playhouse")),
        ("/locations/1/name", json!("Main Stage")),
        ("/projects/0/name", json!("Winter Gala")),
        ("/groups/0/name", json!("Lantern Chorus")),
        ("/collectionIds/0", capital(&full.groups[2])),
        ("/items", json!({})),
        ("/bookingId", Value::Null),
        ("/hue", json!(-1)),
    ] {
        assert_eq!(event.pointer(pointer), Some(&want), "{pointer}");
    }
}

#[tokio::test]
async fn both_dialects_tell_of_the_same_events_and_neither_of_zones() {
    let season = Season::touring(day("2026-11-22"));
    let mut told = Vec::new();
    for dialect in [Dialect::Primary, Dialect::Aliases] {
        let visit = Visit::with(season.clone(), |settings| settings.dialect = dialect).await;
        let mut ids = visit.ids("/events").await;
        ids.extend(visit.ids("/events/archive?window_start=2020-01-01T00:00:00Z&window_end=2030-01-01T00:00:00Z").await);
        assert_eq!(ids.len(), season.events.len());
        told.push(
            ids.iter()
                .map(|id| id.to_lowercase())
                .collect::<BTreeSet<_>>(),
        );
        let text = visit.get("/events").await.text().await.unwrap();
        for place in &season.places {
            assert!(!text.contains(&place.zone), "{dialect:?} {}", place.zone);
        }
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn a_location_is_a_venue_or_a_space_or_unknown() {
    let season = Season::touring(day("2026-11-22"));
    let visit = Visit::pay(season.clone()).await;
    for place in &season.places {
        let path = format!("/locations/{}", place.id.to_ascii_uppercase());
        let answer = visit.get_json(&path).await;
        if let Some(venue) = &place.inside {
            assert_eq!(answer["space"]["venueId"], json!(venue), "{}", place.name);
            assert_eq!(
                (&answer["space"]["name"], &answer["space"]["type"]),
                (&json!(place.name), &json!(1))
            );
        } else {
            assert_eq!(
                answer["venue"]["address"]["line1"],
                json!(place.address[0]),
                "{}",
                place.name
            );
            assert_eq!(
                (&answer["venue"]["name"], &answer["venue"]["type"]),
                (&json!(place.name), &json!(0))
            );
        }
        assert!(!answer.to_string().contains(&place.zone), "{}", place.name);
    }
    let unknown = visit.get("/locations/nowhere").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(json_of(unknown).await, refusal(404, "Not found"));
}

#[tokio::test]
async fn reads_that_may_be_tried_are_refused_without_blame() {
    let visit = Visit::pay(only(vec![])).await;
    for (path, want) in [
        ("/projects/1", 403),
        ("/projects", 403),
        ("/groups/1", 404),
        ("/views", 404),
        ("/tags/1", 405),
    ] {
        assert_eq!(visit.get(path).await.status(), want, "{path}");
    }
    assert_eq!(
        (visit.running.calls(Route::Entity), visit.clean()),
        (5, true)
    );
}

#[tokio::test]
async fn writes_and_unknown_routes_are_noted() {
    let visit = Visit::pay(only(vec![timed(
        "a",
        "2026-11-15T10:00:00Z",
        "2026-11-15T12:00:00Z",
    )]))
    .await;
    for (method, path, want) in [
        (Method::POST, "/events", 405),
        (Method::PATCH, "/events", 405),
        (Method::DELETE, "/events", 405),
        (Method::PUT, "/locations/1", 405),
        (Method::POST, "/projects", 405),
        (Method::GET, "/auth/login", 405),
        (Method::POST, "/auth/refresh", 405),
        (Method::DELETE, "/events/a", 404),
        (Method::GET, "/events/a", 404),
        (Method::POST, "/auth/logout", 404),
    ] {
        let before = visit.running.violations().len();
        let answer = visit.send(method.clone(), path, &visit.access).await;
        assert_eq!(answer.status(), want, "{method} {path}");
        let violations = visit.running.violations();
        assert_eq!(violations.len(), before + 1, "{method} {path}");
        let last = &violations[before];
        assert_eq!((&last.method, last.path.as_str()), (&method, path));
    }
    assert_eq!(visit.ids("/events").await, ["a"]);
}

#[tokio::test]
async fn calls_over_the_rate_limit_are_refused_and_noted() {
    let visit = Visit::with(only(vec![]), |settings| {
        settings.rate = NonZeroUsize::new(3);
    })
    .await;
    for want in [200, 200, 429, 429] {
        assert_eq!(visit.get("/events").await.status(), want);
    }
    assert_eq!(visit.running.violations().len(), 2);
    visit.hand.advance(TimeDelta::seconds(1));
    assert_eq!(visit.get("/events").await.status(), 200);
}

/// Three events, so that a record has neighbours.
fn three() -> Season {
    only(
        ["a", "b", "c"]
            .map(|id| timed(id, "2026-11-15T10:00:00Z", "2026-11-15T12:00:00Z"))
            .into(),
    )
}

#[tokio::test]
async fn faults_that_refuse_say_so_as_asked() {
    let visit = Visit::pay(three()).await;
    let date = RetryAfter::At(at("2026-11-22T10:00:07Z"));
    for (fault, status, retry_after) in [
        (Fault::TooMany(None), 429, None),
        (Fault::TooMany(Some(RetryAfter::Seconds(7))), 429, Some("7")),
        (
            Fault::TooMany(Some(date)),
            429,
            Some("Sun, 22 Nov 2026 10:00:07 GMT"),
        ),
        (Fault::Broken, 500, None),
        (Fault::Forbidden, 403, None),
        (Fault::Unauthorized, 401, None),
        (Fault::NotFound, 404, None),
        (
            Fault::Unavailable(Some(RetryAfter::Seconds(9))),
            503,
            Some("9"),
        ),
    ] {
        visit
            .running
            .fault(Route::Events, fault.clone(), Lasting::Next(1));
        let answer = visit.get("/events").await;
        assert_eq!(answer.status(), status, "{fault:?}");
        let header = answer
            .headers()
            .get(header::RETRY_AFTER)
            .map(|value| value.to_str().unwrap());
        assert_eq!(header, retry_after, "{fault:?}");
        assert_eq!(json_of(answer).await["status"], status, "{fault:?}");
        assert_eq!(visit.ids("/events").await.len(), 3, "{fault:?} is over");
    }
    assert_eq!(
        (visit.running.calls(Route::Events), visit.clean()),
        (16, true)
    );
}

#[tokio::test]
async fn faults_that_lie_are_complete_answers_of_200() {
    let visit = Visit::pay(three()).await;
    let truth = visit.get("/events").await.text().await.unwrap();
    let lie = async |fault: Fault| {
        visit.running.fault(Route::Events, fault, Lasting::Next(1));
        let answer = visit.get("/events").await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.unwrap()
    };
    assert_eq!(lie(Fault::Truncated).await, truth[..truth.len() / 2]);
    assert!(lie(Fault::Html).await.starts_with("<!DOCTYPE html>"));
    assert_eq!(lie(Fault::Empty).await, r#"{"events":[]}"#);

    let huge = lie(Fault::Huge { bytes: 100_000 }).await;
    let records: Value = serde_json::from_str(&huge).unwrap();
    let ids: BTreeSet<_> = records["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["id"].to_string())
        .collect();
    assert!(
        huge.len() > 100_000 && ids.len() > 300,
        "{} bytes, {} ids",
        huge.len(),
        ids.len()
    );

    let mistyped: Value = serde_json::from_str(&lie(Fault::WrongType).await).unwrap();
    let starts: Vec<_> = mistyped["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["start"].is_string())
        .collect();
    assert_eq!(starts, [true, false, true]);
    assert_eq!(mistyped["events"][1]["id"], "b");
}

#[tokio::test]
async fn records_are_served_twice_with_strange_values_and_with_strange_fields() {
    let visit = Visit::pay(three()).await;
    visit
        .running
        .fault(Route::Events, Fault::Duplicates, Lasting::Next(1));
    assert_eq!(visit.ids("/events").await, ["a", "a", "b", "b", "c", "c"]);
    visit
        .running
        .fault(Route::Events, Fault::UnknownValue, Lasting::Next(1));
    let events = visit.get_json("/events").await["events"].clone();
    assert_eq!(
        (&events[1]["status"], &events[2]["status"]),
        (&json!("unheard-of"), &Value::Null)
    );
    visit
        .running
        .fault(Route::Events, Fault::UnknownFields, Lasting::Next(1));
    let events = visit.get_json("/events").await["events"].clone();
    let every = events.as_array().unwrap().iter();
    assert!(
        every
            .into_iter()
            .all(|event| event["unheardOf"].is_object())
    );
}

#[tokio::test]
async fn a_cut_answer_ends_before_its_length() {
    let visit = Visit::pay(three()).await;
    visit
        .running
        .fault(Route::Events, Fault::Cut, Lasting::Next(1));
    let answer = visit.get("/events").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.is_err());
    let page = Fault::Page(StatusCode::BAD_GATEWAY);
    visit.running.fault(Route::Events, page, Lasting::Next(1));
    let gateway = visit.get("/events").await;
    assert_eq!(gateway.status(), StatusCode::BAD_GATEWAY);
    assert!(gateway.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_slow_answer_is_the_true_one() {
    let visit = Visit::pay(three()).await;
    let slow = Fault::Slow {
        pause: Duration::from_millis(1),
    };
    visit.running.fault(Route::Events, slow, Lasting::Next(1));
    assert_eq!(visit.ids("/events").await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_call_hangs_until_its_route_is_cleared() {
    let visit = Visit::pay(three()).await;
    visit
        .running
        .fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    let release = async {
        visit.running.called(Route::Events, 2).await;
        assert_eq!(
            visit.get("/auth/whoami").await.status(),
            StatusCode::OK,
            "other routes answer meanwhile"
        );
        visit.running.clear(Route::Events);
    };
    let (one, two, ()) = tokio::join!(visit.ids("/events"), visit.ids("/events"), release);
    assert_eq!((one.len(), two.len()), (3, 3));
    assert_eq!(visit.ids("/events").await.len(), 3);
}

#[tokio::test]
async fn a_client_that_leaves_a_hanging_call_is_forgotten() {
    let visit = Visit::pay(three()).await;
    visit
        .running
        .fault(Route::Events, Fault::Hang, Lasting::Next(1));
    tokio::select! {
        answer = visit.get("/events") => panic!("{answer:?}"),
        () = visit.running.called(Route::Events, 1) => {}
    }
    assert_eq!(visit.ids("/events").await.len(), 3);
}

#[tokio::test]
async fn stopping_lets_a_hanging_call_go_and_refuses_the_next() {
    let visit = Visit::pay(three()).await;
    visit
        .running
        .fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    let url = visit.running.url();
    let hanging = tokio::spawn(
        visit
            .http
            .get(format!("{url}/events"))
            .header(header::COOKIE, &visit.access)
            .send(),
    );
    visit.running.called(Route::Events, 1).await;
    visit.running.stop().await;
    assert_eq!(hanging.await.unwrap().unwrap().status(), StatusCode::OK);
    assert!(visit.http.get(url).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn the_neutral_list_is_served_with_its_ids_and_without_its_oracle() {
    let season = neutral::read(Path::new("tests/fixtures/neutral/quayside.json")).unwrap();
    let visit = Visit::pay(season).await;
    let text = visit.get("/events").await.text().await.unwrap();
    for oracle in ["America/New_York", "Europe/", "local", "2008-03-08T19:30"] {
        assert!(!text.contains(oracle), "{oracle}");
    }
    let event = &visit.get_json("/events").await["events"][3];
    for (name, want) in [
        ("id", json!("q-0004#0")),
        ("start", json!("2008-06-07")),
        ("end", json!("2008-06-07")),
        ("groupIds", json!(["kind-2"])),
        ("locationIds", json!(["place-3"])),
    ] {
        assert_eq!(event[name], want, "{name}");
    }
    let place = visit.get_json("/locations/place-3").await;
    assert_eq!(
        (&place["venue"]["name"], &place["venue"]["address"]["line1"]),
        (&json!("Town Hall"), &json!("Little Wembling"))
    );
}

fn clock() -> Clock {
    Clock::movable(at("2026-11-22T10:00:00Z")).0
}

const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

#[tokio::test]
async fn the_command_prints_its_address_and_a_config_for_it() {
    let mut out = Vec::new();
    sandbox(None, None, FREE, clock(), &mut out, async {})
        .await
        .unwrap();
    let out = String::from_utf8(out).unwrap();
    let (addresses, config) = out.split_once("\n\n").unwrap();
    let (first, others) = addresses.split_once('\n').unwrap();
    let url = first.strip_prefix("listening on ").unwrap();
    let kinds: Vec<_> = others
        .lines()
        .map(|line| line.split_once(": http://127.0.0.1:").unwrap().0)
        .collect();
    assert_eq!(
        kinds,
        [
            "prospero",
            "ics",
            "add-to-calendar-pro",
            "prospectconnect",
            "prosper"
        ]
    );
    assert!(
        url.starts_with("http://127.0.0.1:") && !url.ends_with('/'),
        "{url}"
    );
    assert!(config.contains("# export PROSPERO_PASSWORD='kites-and-lanterns'\n"));

    let config: toml::Table = config.parse().unwrap();
    let stage = &config["sources"]["stage"];
    for (key, want) in [
        ("kind", "prospero"),
        ("base_url", url),
        ("email", "bridge@quillfeather.example"),
        ("zone", "America/New_York"),
        ("horizon", "past-60d..next-400d"),
        ("group_feeds", "public"),
    ] {
        assert_eq!(stage[key].as_str(), Some(want), "{key}");
    }
    assert_eq!(stage["password"]["env"].as_str(), Some("PROSPERO_PASSWORD"));
    assert_eq!(stage["allow_private_addresses"].as_bool(), Some(true));
    assert_eq!(
        config["feeds"]["season"]["sources"][0].as_str(),
        Some("stage")
    );
    assert!(
        !config.to_string().contains("kites-and-lanterns"),
        "the password is in a comment only"
    );
}

#[tokio::test]
async fn one_kind_is_served_alone() {
    for kind in [
        Kind::Prospero,
        Kind::Ics,
        Kind::AddToCalendarPro,
        Kind::ProspectConnect,
        Kind::Prosper,
    ] {
        let mut out = Vec::new();
        sandbox(None, Some(kind), FREE, clock(), &mut out, async {})
            .await
            .unwrap();
        let out = String::from_utf8(out).unwrap();
        let (first, rest) = out.split_once('\n').unwrap();
        let url = first.strip_prefix("listening on ").unwrap();
        let addresses = rest.split("\n\n").next().unwrap();
        assert_eq!(
            addresses.trim_end().lines().count(),
            1,
            "{kind:?}: {addresses}"
        );
        assert!(addresses.contains(url), "{kind:?}: {addresses}");
    }
}

#[test]
fn the_config_names_every_group_and_the_zone_of_every_place() {
    let touring = Season::touring(day("2026-11-22"));
    let quayside = neutral::read(Path::new("tests/fixtures/neutral/quayside.json")).unwrap();
    for season in [touring, quayside] {
        let text = config_text(
            "http://127.0.0.1:1",
            &season,
            &Settings::new(clock()),
            day("2026-11-22"),
        );
        let config: toml::Table = text.parse().unwrap();
        let stage = &config["sources"]["stage"];
        let zones = stage["zones"]["places"].as_table().unwrap();
        for place in &season.places {
            let zone = zones.get(&place.id).or_else(|| zones.get(&place.name));
            assert_eq!(
                zone.and_then(|zone| zone.as_str()),
                Some(place.zone.as_str()),
                "{}",
                place.name
            );
        }
        for group in &season.groups {
            assert_eq!(
                stage["names"][&group.id].as_str(),
                Some(group.name.as_str())
            );
        }
        for named in season.projects.iter().chain(&season.tags) {
            assert_eq!(
                stage["names"][&named.id].as_str(),
                Some(named.name.as_str())
            );
        }
    }
}

#[test]
fn houses_that_share_a_name_across_zones_go_by_their_ids() {
    let quayside = neutral::read(Path::new("tests/fixtures/neutral/quayside.json")).unwrap();
    let text = config_text(
        "http://127.0.0.1:1",
        &quayside,
        &Settings::new(clock()),
        day("2026-11-22"),
    );
    let config: toml::Table = text.parse().unwrap();
    let zones = config["sources"]["stage"]["zones"]["places"]
        .as_table()
        .unwrap();
    let keys: Vec<_> = zones.keys().map(String::as_str).collect();
    assert_eq!(keys, ["Old Mill \"Annexe\"", "place-2", "place-3"]);
    assert_eq!(
        config["feeds"]["season"]["window"].as_str(),
        Some("2008-03-08..2008-06-08")
    );
}

#[tokio::test]
async fn the_command_says_what_keeps_it_from_running() {
    let missing = sandbox(
        Some(Path::new("no/such.json")),
        None,
        FREE,
        clock(),
        &mut Vec::new(),
        async {},
    )
    .await;
    assert!(matches!(missing, Err(SandboxError::Data(_))), "{missing:?}");

    let taken = std::net::TcpListener::bind(FREE).unwrap();
    let address = taken.local_addr().unwrap();
    let busy = sandbox(None, None, address, clock(), &mut Vec::new(), async {})
        .await
        .unwrap_err();
    assert_eq!(
        busy.to_string(),
        format!("cannot listen on `{address}`; choose another address, or port 0 for a free one")
    );

    let deaf = sandbox(None, None, FREE, clock(), &mut Deaf, async {}).await;
    assert!(matches!(deaf, Err(SandboxError::Print(_))), "{deaf:?}");
}

/// An output that takes nothing.
struct Deaf;

impl io::Write for Deaf {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
