//! A document as an answer: 200 or 304 with every header that calendar clients and caches need (interop section 1).

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, header, header::HeaderName},
    response::Response,
};
use chrono::{DateTime, Utc};
use hyper::body::Frame;

use super::{cache_policy::CachePolicy, conditional, encoding::Accepted};
use crate::feed::{
    coding::Coding,
    document::{Document, Form},
};

const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// As many headers as a 200 can have; hyper adds `Date`.
const HEADERS: usize = 12;

/// On what terms a route gives its documents away.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Who may keep a copy, and whether other websites may read it.
    pub policy: CachePolicy,
    /// Shown or saved.
    pub disposition: Disposition,
    /// The codings that may be used; identity always may. [`Coding::ALL`], or none for a reader that is known to fail at
    /// compressed bodies although it asks for them (interop H9).
    pub codings: &'static [Coding],
}

/// What a browser does with a document (interop H20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Show it, or subscribe to it: the feed routes.
    Inline,
    /// Save it: the download routes.
    Attachment,
}

/// Answers a GET or HEAD of `document`. The body stands in the answer to HEAD too: axum drops it there and leaves its length.
#[must_use]
pub fn respond(
    document: &Document,
    request: &HeaderMap,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Response {
    let accepted = Accepted::read(request, terms.codings);
    match conditional::held(document, &accepted, request, now) {
        Some(form) => not_modified(document, form, terms.policy),
        None => full(document, accepted.best(document), terms),
    }
}

fn full(document: &Document, form: &Form, terms: &Terms) -> Response {
    let mut response = Response::new(Body::from(form.body().clone()));
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    validate(headers, document, form, terms.policy);
    headers.insert(header::CONTENT_TYPE, document.content_type().clone());
    headers.insert(header::CONTENT_LENGTH, form.content_length().clone());
    if form.coding() != Coding::Identity {
        headers.insert(
            header::CONTENT_ENCODING,
            HeaderValue::from_static(form.coding().name()),
        );
    }
    let disposition = match terms.disposition {
        Disposition::Inline => document.file_name().inline(),
        Disposition::Attachment => document.file_name().attachment(),
    };
    headers.insert(header::CONTENT_DISPOSITION, disposition.clone());
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(X_ROBOTS_TAG, HeaderValue::from_static("noindex"));
    response
}

fn not_modified(document: &Document, form: &Form, policy: CachePolicy) -> Response {
    let mut response = Response::new(Body::new(Nothing));
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    validate(response.headers_mut(), document, form, policy);
    response
}

/// What a 304 repeats of its 200 (RFC 9110 §15.4.5, interop H7), and the permission that browsers ask of both.
fn validate(headers: &mut HeaderMap, document: &Document, form: &Form, policy: CachePolicy) {
    headers.insert(header::ETAG, form.etag().clone());
    headers.insert(header::LAST_MODIFIED, document.last_modified_text().clone());
    headers.insert(header::CACHE_CONTROL, policy.header());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if policy == CachePolicy::Public {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
    }
}

/// No body, and no length either.
///
/// Of an empty body axum knows the length and says `Content-Length: 0`, which hyper passes on in a 304 to a HEAD. There it
/// would have to be the length of the 200 (RFC 9110 §8.6).
struct Nothing;

impl HttpBody for Nothing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::document::testing::season as document;

    const FEED: Terms = Terms {
        policy: CachePolicy::Public,
        disposition: Disposition::Inline,
        codings: &Coding::ALL,
    };

    fn now() -> DateTime<Utc> {
        "2026-11-20T09:00:00Z".parse().unwrap()
    }

    fn request(lines: &[(HeaderName, &str)]) -> HeaderMap {
        let line = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
        lines.iter().map(line).collect()
    }

    /// Status and headers, one a line, in the order of their names; the tag shortened to its suffix.
    fn shown(response: &Response) -> Vec<String> {
        let mut lines: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| match (name, value.to_str().unwrap()) {
                (&header::ETAG, value) => format!("{name}: \"…{}", &value[33..]),
                (_, value) => format!("{name}: {value}"),
            })
            .collect();
        lines.sort();
        lines.insert(0, response.status().to_string());
        lines
    }

    #[test]
    fn a_feed_carries_every_header_that_clients_need() {
        let response = respond(&document(), &request(&[]), &FEED, now());
        assert_eq!(
            shown(&response),
            [
                "200 OK",
                "accept-ranges: none",
                "access-control-allow-origin: *",
                "cache-control: public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
                "content-disposition: inline; filename=\"season.ics\"",
                "content-length: 9500",
                "content-type: text/calendar; charset=utf-8",
                "etag: \"…\"",
                "last-modified: Fri, 20 Nov 2026 08:05:09 GMT",
                "vary: accept-encoding",
                "x-content-type-options: nosniff",
                "x-robots-tag: noindex",
            ]
        );
    }

    #[test]
    fn a_download_below_a_token_is_saved_private_and_closed_to_other_websites() {
        let terms = Terms {
            policy: CachePolicy::Private,
            disposition: Disposition::Attachment,
            ..FEED
        };
        let request = request(&[(header::ACCEPT_ENCODING, "gzip")]);
        let response = respond(&document(), &request, &terms, now());
        let length = response.body().size_hint().exact().unwrap();
        assert!(length < 9500);
        assert_eq!(
            shown(&response),
            [
                "200 OK",
                "accept-ranges: none",
                "cache-control: private, max-age=300",
                "content-disposition: attachment; filename=\"season.ics\"; filename*=UTF-8''Season.ics",
                "content-encoding: gzip",
                &format!("content-length: {length}"),
                "content-type: text/calendar; charset=utf-8",
                "etag: \"…-gz\"",
                "last-modified: Fri, 20 Nov 2026 08:05:09 GMT",
                "vary: accept-encoding",
                "x-content-type-options: nosniff",
                "x-robots-tag: noindex",
            ]
        );
    }

    #[test]
    fn a_304_repeats_the_validators_of_its_200_and_nothing_about_the_body() {
        let document = document();
        for coding in ["identity", "gzip", "br", "zstd"] {
            let accept = (header::ACCEPT_ENCODING, coding);
            let first = respond(
                &document,
                &request(std::slice::from_ref(&accept)),
                &FEED,
                now(),
            );
            let tag = first.headers()[header::ETAG].to_str().unwrap();
            let again = respond(
                &document,
                &request(&[accept, (header::IF_NONE_MATCH, tag)]),
                &FEED,
                now(),
            );
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{coding}");
            assert!(again.body().is_end_stream(), "{coding}");

            let repeated = [
                header::ACCESS_CONTROL_ALLOW_ORIGIN,
                header::CACHE_CONTROL,
                header::ETAG,
                header::LAST_MODIFIED,
                header::VARY,
            ];
            assert_eq!(again.headers().len(), repeated.len(), "{coding}");
            for name in repeated {
                assert_eq!(
                    again.headers()[&name],
                    first.headers()[&name],
                    "{coding} {name}"
                );
            }
        }
    }

    #[test]
    fn a_reader_that_stumbles_over_compression_gets_identity() {
        let terms = Terms {
            codings: &[],
            ..FEED
        };
        let request = request(&[(header::ACCEPT_ENCODING, "gzip, br")]);
        let response = respond(&document(), &request, &terms, now());
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(response.headers()[header::CONTENT_LENGTH], "9500");
    }

    #[test]
    fn accept_range_and_cookies_change_nothing() {
        let document = document();
        let plain = shown(&respond(&document, &request(&[]), &FEED, now()));
        for line in [
            (header::ACCEPT, "application/json"),
            (header::ACCEPT, "text/html"),
            (header::RANGE, "bytes=0-9"),
            (header::COOKIE, "a=b"),
        ] {
            let response = respond(
                &document,
                &request(std::slice::from_ref(&line)),
                &FEED,
                now(),
            );
            assert_eq!(shown(&response), plain, "{line:?}");
        }
    }
}
