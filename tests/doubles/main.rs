//! What the doubles show a client, as their fact sheets say. Prospero's is in `sandbox.rs`.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod add_to_calendar_pro;
mod ics;
mod prospectconnect;
mod prosper;

use calbridge::{
    clock::{Clock, Hand},
    sandbox::season::{Event, Season, Span},
};
use chrono::{DateTime, NaiveDate, Utc};
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::Value;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A clock that stands at a morning of November 2026 until its hand moves it.
fn clock() -> (Clock, Hand) {
    Clock::movable(at("2026-11-22T10:00:00Z"))
}

/// The fictional season around that morning.
fn touring() -> Season {
    Season::touring(day("2026-11-22"))
}

fn timed(id: &str, start: &str, end: &str) -> Event {
    let span = Span::Timed {
        start: at(start),
        end: Some(at(end)),
    };
    Event {
        title: Some(id.to_owned()),
        ..Event::bare(id, span)
    }
}

/// A season of nothing but `events`.
fn only(events: Vec<Event>) -> Season {
    Season {
        events,
        courses: Vec::new(),
        ..touring()
    }
}

/// A whole answer.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    text: String,
}

impl Answer {
    async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.unwrap().to_vec();
        Self {
            status,
            headers,
            text: String::from_utf8_lossy(&body).into_owned(),
            body,
        }
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }
}

/// A client that follows no redirect.
#[expect(
    clippy::disallowed_methods,
    reason = "a test talks to the double without the bridge's own client"
)]
fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Asks for an address with some headers.
async fn ask(method: Method, url: &str, headers: &[(&str, &str)]) -> Answer {
    let request = client().request(method, url);
    let with =
        |request: RequestBuilder, (name, value): &(&str, &str)| request.header(*name, *value);
    Answer::to(headers.iter().fold(request, with)).await
}

/// Sends a body with some headers.
async fn send(url: &str, body: String, headers: &[(&str, &str)]) -> Answer {
    let request = client().post(url).body(body);
    let with =
        |request: RequestBuilder, (name, value): &(&str, &str)| request.header(*name, *value);
    Answer::to(headers.iter().fold(request, with)).await
}
