//! A document as an answer: 200 or 304 with every header that calendar clients and caches need (interop section 1).

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
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
    State,
    coding::Coding,
    document::{Document, Form},
};

const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");
/// How the document stands, in one of the words of [`State`], and how old it is if that matters: for operators and scripts, since no calendar shows it.
const X_CALBRIDGE_STATE: HeaderName = HeaderName::from_static("x-calbridge-state");

/// As many headers as a 200 can have; hyper adds `Date`.
const HEADERS: usize = 13;

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
    /// How the document stands at this moment.
    pub state: State,
    /// How long ago the upstream was last as the document shows it, if that is not now.
    pub age: Option<Duration>,
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
        Some(form) => not_modified(document, form, terms),
        None => full(document, accepted.best(document), terms),
    }
}

fn full(document: &Document, form: &Form, terms: &Terms) -> Response {
    let mut response = Response::new(Body::from(form.body().clone()));
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    validate(headers, document, form, terms);
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
    keep_from_search(headers);
    response
}

fn not_modified(document: &Document, form: &Form, terms: &Terms) -> Response {
    let mut response = Response::new(Body::new(Nothing));
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    validate(response.headers_mut(), document, form, terms);
    response
}

/// What a 304 repeats of its 200 (RFC 9110 §15.4.5, interop H7), the permission that browsers ask of both, and the state, which
/// may have changed since that 200.
fn validate(headers: &mut HeaderMap, document: &Document, form: &Form, terms: &Terms) {
    headers.insert(header::ETAG, form.etag().clone());
    headers.insert(header::LAST_MODIFIED, document.last_modified_text().clone());
    headers.insert(header::CACHE_CONTROL, terms.policy.header());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(X_CALBRIDGE_STATE, state(terms));
    if terms.policy == CachePolicy::Public {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
    } else {
        keep_address(headers);
    }
}

/// Tells nobody the address of what `headers` go with: below a token it is the key (interop V4).
pub(super) fn keep_address(headers: &mut HeaderMap) {
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
}

/// Tells search engines to leave out what `headers` go with.
pub(super) fn keep_from_search(headers: &mut HeaderMap) {
    headers.insert(X_ROBOTS_TAG, HeaderValue::from_static("noindex"));
}

/// The word first; after it, as a parameter, the age in whole seconds.
fn state(terms: &Terms) -> HeaderValue {
    let word = terms.state.word();
    let age = terms
        .age
        .map(|age| format!("{word}; age={}", age.as_secs()));
    age.and_then(|told| HeaderValue::try_from(told).ok())
        .unwrap_or(HeaderValue::from_static(word))
}

/// No body, and no length either.
///
/// Of an empty body axum knows the length and says `Content-Length: 0`, which hyper passes on in a 304 to a HEAD. There it
/// would have to be the length of the 200 (RFC 9110 §8.6).
pub(super) struct Nothing;

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
mod tests;
