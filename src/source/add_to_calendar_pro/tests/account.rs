//! An account on loopback.

use std::fmt::Write;

use secrecy::SecretString;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

use super::*;
use crate::{
    api::{Addresses, Auth, Clients, Limits},
    clock::Clock,
    domain::testing::at,
    zones::Databases,
};

/// Stands for the key.
pub(super) const SECRET: &str = "3f1c2a70-7b1e-41f0-9c2a-0242ac120002";

/// An upstream on loopback.
pub(super) struct Account {
    pub(super) server: MockServer,
    pub(super) source: AddToCalendarPro,
    pub(super) api: Api,
}

/// The connector for an upstream at `base`, and its way there, on which nothing waits.
pub(super) fn account_at(base: &str, key: &SecretString) -> (AddToCalendarPro, Api) {
    narrow_account_at(base, key, Settings::limits().concurrency)
}

/// The same where so many calls are on their way at once.
fn narrow_account_at(
    base: &str,
    key: &SecretString,
    concurrency: NonZeroUsize,
) -> (AddToCalendarPro, Api) {
    let settings = Settings {
        base_url: base.parse().unwrap(),
        key: Credential::raw(key).unwrap(),
    };
    let (clock, _) = Clock::movable(at("2026-11-22T12:00:00Z"));
    let zones = Zones::open(Databases::new(None), clock.now()).unwrap();
    let setup = Setup {
        id: stage(),
        names: [(GROUP.0.to_owned(), Line::new(GROUP.1))].into(),
        zone: Tz::Europe__Berlin,
        book: book(),
        zones: Arc::new(zones),
        clock,
        clients: Clients::new().unwrap(),
        addresses: Addresses::Any,
        timeout: std::time::Duration::from_secs(20),
    };
    let plenty = NonZeroU32::new(100_000).unwrap();
    let limits = Limits {
        per_second: plenty,
        burst: plenty,
        concurrency,
        backoff: std::time::Duration::from_millis(1),
        ..Settings::limits()
    };
    let api = setup.api(Auth::Fixed(settings.key.clone()), limits);
    let source = AddToCalendarPro::new(&settings, setup);
    (source, api)
}

impl Account {
    /// One that answers nothing yet.
    pub(super) async fn silent() -> Self {
        Self::narrow(Settings::limits().concurrency).await
    }

    /// The same where so many calls are on their way at once.
    pub(super) async fn narrow(concurrency: NonZeroUsize) -> Self {
        let server = MockServer::start().await;
        let base = format!("{}/v1/", server.uri());
        let (source, api) = narrow_account_at(&base, &SECRET.into(), concurrency);
        Self {
            server,
            source,
            api,
        }
    }

    /// One with the answers of a fixture.
    pub(super) async fn of(shape: &str) -> Self {
        let file = format!(
            "{}/tests/fixtures/add-to-calendar-pro/{shape}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let answers: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let account = Self::silent().await;
        account.says("group/all", &answers["groups"]).await;
        for kind in ["group", "event"] {
            for (key, answer) in answers[kind].as_object().unwrap() {
                account.says(&format!("{kind}/{key}"), answer).await;
            }
        }
        account
    }

    /// Has it answer a route; whatever it was told first of a route counts.
    pub(super) async fn answers(&self, route: &str, answer: ResponseTemplate) {
        let at = path(format!("/v1/{route}"));
        let mock = Mock::given(method("GET")).and(at).respond_with(answer);
        mock.mount(&self.server).await;
    }

    /// Has it answer a route with JSON.
    pub(super) async fn says(&self, route: &str, json: &Value) {
        let answer = ResponseTemplate::new(200).set_body_json(json);
        self.answers(route, answer).await;
    }

    /// Has it list groups, each with its events, written `courses=pottery,glazes`; events without more are published.
    pub(super) async fn holds(&self, groups: &[&str]) {
        let mut listed = Vec::new();
        for group in groups {
            let (key, events) = group.split_once('=').unwrap();
            let events: Vec<&str> = events.split_terminator(',').collect();
            listed.push(json!({ "prokey": key, "label": key }));
            let group =
                json!({ "prokey": key, "name": key, "status": "published", "events": events });
            self.says(&format!("group/{key}"), &group).await;
            for event in events {
                let dates = [entry(json!({ "name": event }))];
                self.says(&format!("event/{event}"), &record(&dates, json!({})))
                    .await;
            }
        }
        self.says("group/all", &json!(listed)).await;
    }

    pub(super) async fn fetch(&self) -> Result<Batch, ApiError> {
        self.source.fetch(&self.api, &Unit::whole()).await
    }

    /// The calls so far, without the address.
    pub(super) async fn calls(&self) -> Vec<String> {
        let calls = self.server.received_requests().await.unwrap();
        let mut calls: Vec<String> = calls.iter().map(shown).collect();
        calls.sort();
        calls
    }
}

fn shown(request: &Request) -> String {
    let path = request.url.path().trim_start_matches("/v1/");
    match request.url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// The titles of a batch with their groups, and the groups that were missed.
pub(super) fn in_short(batch: &Batch) -> String {
    let mut events: Vec<String> = batch
        .events
        .iter()
        .map(|event| {
            let groups = event.groups.iter().map(GroupId::as_str);
            format!("{}:{}", groups.collect::<Vec<_>>().join("+"), event.title)
        })
        .collect();
    events.sort();
    let missed = batch.missed.keys().map(|group| format!("!{group}"));
    events
        .into_iter()
        .chain(missed)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A batch in words, a line each.
pub(super) fn in_words(batch: &Batch) -> String {
    let mut words = String::new();
    for event in &batch.events {
        let status = event.status.map(|status| format!("{status:?}"));
        let zone = event.zone.map(|zone| format!(" ({zone})"));
        let (status, zone) = (status.unwrap_or_default(), zone.unwrap_or_default());
        writeln!(words, "{}{zone} {} {status}", event.when, event.title).unwrap();
        if event.series.is_some() {
            words += "  again and again\n";
        }
        for line in event.details.as_str().lines() {
            writeln!(words, "{}", format!("  | {line}").trim_end()).unwrap();
        }
        for place in &event.places {
            writeln!(words, "  in {}", place.name).unwrap();
        }
        let groups = event.groups.iter().map(|id| batch.groups[id].name.as_str());
        writeln!(words, "  of {}", groups.collect::<Vec<_>>().join(", ")).unwrap();
    }
    for group in batch.groups.values() {
        writeln!(words, "{:?} {}", group.kind, group.name).unwrap();
    }
    words + &said(&batch.remarks)
}
