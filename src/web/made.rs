//! Answers whose bytes are at hand: pages, JSON, style sheets.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use crate::feed::{
    coding::{Coding, Effort},
    document::Document,
};

use super::{cache_policy::CachePolicy, conditional, encoding::Accepted, respond::Nothing};

/// Below this many bytes a coding saves no packet.
const WORTH_CODING: usize = 1_000;

/// An answer made for one request, or small enough to be compressed for each.
#[derive(Debug)]
pub(super) struct Made<'a> {
    /// The bytes, not compressed.
    pub(super) bytes: Bytes,
    /// `Content-Type`.
    pub(super) media_type: &'static str,
    /// Who may keep it.
    pub(super) policy: CachePolicy,
    /// What of the request, beside `Accept-Encoding`, decides which bytes it gets.
    pub(super) varies_by: &'a [HeaderName],
}

impl Made<'_> {
    /// Answers a GET or HEAD in one of `codings`: 200, or 304 to a reader who has these bytes.
    ///
    /// The tag is weak and of the bytes before any coding, so one tag stands for every form (RFC 9110 §8.8.1).
    pub(super) fn respond(self, request: &HeaderMap, codings: &[Coding]) -> Response {
        let tag = weak(&Document::tag(&self.bytes));
        let held = request.contains_key(header::IF_NONE_MATCH) && conditional::lists(request, &tag);
        let mut response = if held {
            let mut response = Response::new(Body::new(Nothing));
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            let accepted = Accepted::read(request, codings);
            full(self.bytes, self.media_type, accepted.first_of(&Coding::ALL))
        };
        response.headers_mut().insert(header::ETAG, tag);
        label(&mut response, self.policy, self.varies_by);
        response
    }

    /// Answers with `status`, which is an error. There is nothing that a reader could have of it, so no tag either.
    pub(super) fn refuse(self, status: StatusCode) -> Response {
        let mut response = full(self.bytes, self.media_type, Coding::Identity);
        *response.status_mut() = status;
        label(&mut response, self.policy, self.varies_by);
        response
    }
}

/// Tells caches what may be kept of `response`, and for whom.
fn label(response: &mut Response, policy: CachePolicy, varies_by: &[HeaderName]) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, policy.header());
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    for name in varies_by {
        headers.append(header::VARY, HeaderValue::from(name.clone()));
    }
}

fn full(bytes: Bytes, media_type: &'static str, accepted: Coding) -> Response {
    let coding = match bytes.len() {
        ..WORTH_CODING => Coding::Identity,
        _ => accepted,
    };
    // An encoder that fails costs bandwidth, never the answer.
    let (coding, body) = match coding.encode(&bytes, Effort::Once) {
        Ok(coded) if coding != Coding::Identity => (coding, Bytes::from(coded)),
        _ => (Coding::Identity, bytes),
    };
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if coding != Coding::Identity {
        headers.insert(
            header::CONTENT_ENCODING,
            HeaderValue::from_static(coding.name()),
        );
    }
    response
}

fn weak(tag: &HeaderValue) -> HeaderValue {
    let tag = [b"W/", tag.as_bytes()].concat();
    HeaderValue::from_bytes(&tag).expect("a tag with `W/` before it is visible ASCII")
}

#[cfg(test)]
mod tests;
