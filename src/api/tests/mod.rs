//! What a connector can rely on, shown against servers on loopback.

mod allowances;
mod answers;
mod files;
mod leaks;
mod many;
mod oauth;
mod pages;
mod problems;
mod redirects;
mod retries;
mod session;
mod sockets;

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use wiremock::{Mock, MockBuilder, MockServer, ResponseTemplate, matchers};

use super::{Addresses, Api, ApiError, Auth, Call, Clients, Limits};
use crate::clock::{Clock, Hand};

/// Limits under which a failing test fails soon and no wait is felt.
fn limits() -> Limits {
    let plenty = NonZeroU32::new(100_000).unwrap();
    Limits {
        per_second: plenty,
        burst: plenty,
        backoff: Duration::from_millis(1),
        ..Limits::default()
    }
}

fn noon() -> DateTime<Utc> {
    "2026-05-01T12:00:00Z".parse().unwrap()
}

/// The way to a server on loopback, by a clock that stands at noon until `Hand` moves it.
fn api_with(auth: Auth, limits: Limits) -> (Api, Hand) {
    let (clock, hand) = Clock::movable(noon());
    let client = Clients::new().unwrap().reaching(Addresses::Any);
    let api = Api::new("stage".parse().unwrap(), client, auth, limits, clock);
    (api, hand)
}

fn api(limits: Limits) -> Api {
    api_with(Auth::None, limits).0
}

fn events(base: &str) -> Call {
    Call::get(format!("{base}/events").parse().unwrap())
}

async fn get_events(api: &Api, base: &str) -> Result<Value, ApiError> {
    api.json(events(base)).await
}

fn get(path: &str) -> MockBuilder {
    Mock::given(matchers::method("GET")).and(matchers::path(path))
}

/// A server that answers every `GET /events` alike, `times` times.
async fn server(answer: ResponseTemplate, times: impl Into<wiremock::Times>) -> MockServer {
    let server = MockServer::start().await;
    let mock = get("/events").respond_with(answer).expect(times);
    mock.mount(&server).await;
    server
}

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code)
}

fn ok() -> ResponseTemplate {
    status(200).set_body_raw(r#"{"events":[]}"#, "application/json")
}

fn many(calls: usize) -> Limits {
    Limits {
        concurrency: NonZeroUsize::new(calls).unwrap(),
        ..limits()
    }
}
