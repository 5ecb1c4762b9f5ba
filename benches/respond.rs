//! Answering from a prepared document, in process: guards the 304 and gzip targets of `docs/performance.md`.
//!
//! An answer should cost well below a microsecond, so that the socket decides and not we.

use std::{
    hint::black_box,
    sync::{Arc, LazyLock},
};

use axum::http::{HeaderMap, HeaderValue, header};
use calbridge::{
    domain::text::Line,
    feed::{State, coding::Coding, document::Document, file_name::FileName},
    format::ics::Checked,
    web::{
        cache_policy::CachePolicy,
        respond::{Disposition, Terms, respond},
    },
};
use chrono::{DateTime, Utc};

fn main() {
    divan::main();
}

const TERMS: Terms = Terms {
    age: None,
    policy: CachePolicy::Public,
    disposition: Disposition::Inline,
    codings: &Coding::ALL,
    state: State::Fresh,
};

static SEASON: LazyLock<Arc<Document>> = LazyLock::new(|| Arc::new(season()));

/// 100 events.
fn season() -> Document {
    let event = |number| {
        format!(
            "BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20261120T080509Z\r\nDTSTART:20261121T190000Z\r\nSUMMARY:Rehearsal {number}\r\nEND:VEVENT\r\n"
        )
    };
    let events: String = (0..100).map(event).collect();
    let body = format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
    let body = Checked::new(body.into_bytes(), 100).expect("a calendar of 100 events");
    let name = FileName::new("season", &Line::new("Season"), "ics");
    Document::new(body, name, instant("2026-11-20T08:05:09Z"))
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("a valid instant")
}

/// The header fields of a common client, and `extra`.
fn request(extra: &[(header::HeaderName, &HeaderValue)]) -> HeaderMap {
    let common = [
        (header::HOST, "calendars.example.org"),
        (header::USER_AGENT, "Google-Calendar-Importer"),
        (header::ACCEPT_ENCODING, "gzip, deflate, br"),
    ];
    let common = common.map(|(name, value)| (name, HeaderValue::from_static(value)));
    let extra = extra
        .iter()
        .map(|(name, value)| (name.clone(), (*value).clone()));
    common.into_iter().chain(extra).collect()
}

fn answer(bencher: divan::Bencher<'_, '_>, request: &HeaderMap) {
    let now = instant("2026-11-20T09:00:00Z");
    bencher.bench(|| respond(black_box(&SEASON), black_box(request), &TERMS, now));
}

#[divan::bench]
fn not_modified_by_tag(bencher: divan::Bencher<'_, '_>) {
    let first = respond(
        &SEASON,
        &request(&[]),
        &TERMS,
        instant("2026-11-20T09:00:00Z"),
    );
    let tag = &first.headers()[header::ETAG];
    answer(bencher, &request(&[(header::IF_NONE_MATCH, tag)]));
}

#[divan::bench]
fn not_modified_by_date(bencher: divan::Bencher<'_, '_>) {
    let date = HeaderValue::from_static("Fri, 20 Nov 2026 08:05:09 GMT");
    answer(bencher, &request(&[(header::IF_MODIFIED_SINCE, &date)]));
}

#[divan::bench]
fn full(bencher: divan::Bencher<'_, '_>) {
    answer(bencher, &request(&[]));
}

#[divan::bench]
fn full_to_a_reader_with_another_copy(bencher: divan::Bencher<'_, '_>) {
    let tag = HeaderValue::from_static("\"00000000000000000000000000000000-gz\"");
    answer(bencher, &request(&[(header::IF_NONE_MATCH, &tag)]));
}
