//! An answer before it is bytes, so that a fault can still spoil it.

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::Value;

use super::{
    broken::Broken,
    calendar::Calendar,
    drip::Drip,
    fault::{Fault, RetryAfter},
    spoil,
};

/// The page a proxy shows when what is behind it is away.
const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Away</title></head><body><h1>Back soon</h1></body></html>";

/// What a call is answered with.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    content: Content,
    /// What the client should not have done.
    pub(super) blame: Option<String>,
}

/// What an answer holds.
#[derive(Debug, Clone)]
enum Content {
    Text(&'static str, String),
    Json(Value, Option<&'static Records>),
    Calendar(Box<Calendar>),
}

/// Where the records of an answer are, and what of them a fault may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) struct Records {
    /// JSON pointer (RFC 6901) to their list, or to the one record there is.
    pub(in crate::sandbox) at: &'static str,
    /// The field that tells them apart.
    pub(in crate::sandbox) id: &'static str,
    /// Fields with a set of values that may grow.
    pub(in crate::sandbox) open: &'static [&'static str],
}

impl Answer {
    /// 200 with JSON.
    pub(in crate::sandbox) fn json(value: Value) -> Self {
        Self::of(Content::Json(value, None))
    }

    /// 200 with records in JSON.
    pub(in crate::sandbox) fn records(value: Value, records: &'static Records) -> Self {
        Self::of(Content::Json(value, Some(records)))
    }

    /// 200 with a calendar.
    pub(in crate::sandbox) fn calendar(calendar: Calendar) -> Self {
        Self::of(Content::Calendar(Box::new(calendar)))
    }

    /// 200 with text.
    pub(in crate::sandbox) fn text(kind: &'static str, text: impl Into<String>) -> Self {
        Self::of(Content::Text(kind, text.into()))
    }

    /// A page for people.
    pub(in crate::sandbox) fn page(status: StatusCode) -> Self {
        Self::text("text/html; charset=utf-8", PAGE).with_status(status)
    }

    /// The same with another status.
    pub(in crate::sandbox) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with one header more.
    pub(in crate::sandbox) fn with_header(
        mut self,
        name: HeaderName,
        value: impl Into<String>,
    ) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with a `Retry-After`, if there is one to send.
    pub(in crate::sandbox) fn retry_after(self, after: Option<RetryAfter>) -> Self {
        match after {
            Some(after) => self.with_header(header::RETRY_AFTER, after.header()),
            None => self,
        }
    }

    /// The same, and what the client did to get it is a violation.
    pub(in crate::sandbox) fn blamed(self, fact: impl Into<String>) -> Self {
        let blame = Some(fact.into());
        Self { blame, ..self }
    }

    /// The answer with its records spoiled as the fault says; what has none stays as it is.
    pub(super) fn spoiled(self, fault: &Fault) -> Self {
        let content = match self.content {
            Content::Json(mut value, Some(records)) => {
                spoil::json(&mut value, records, fault);
                Content::Json(value, Some(records))
            }
            Content::Calendar(mut calendar) => {
                calendar.spoil(fault);
                Content::Calendar(calendar)
            }
            content => content,
        };
        Self { content, ..self }
    }

    /// The bytes to send, in the way the fault says.
    pub(super) fn into_response(self, fault: Option<&Fault>) -> Response {
        let (kind, bytes) = match self.content {
            Content::Text(kind, text) => (kind, Bytes::from(text)),
            Content::Json(value, _) => ("application/json", Bytes::from(value.to_string())),
            Content::Calendar(calendar) => (
                "text/calendar; charset=utf-8",
                Bytes::from(calendar.bytes()),
            ),
        };
        let body = match fault {
            Some(Fault::Slow { pause }) => Body::new(Drip::new(bytes, *pause)),
            Some(Fault::Truncated) => Body::from(bytes.slice(..bytes.len() / 2)),
            Some(Fault::Cut) => Body::new(Broken::new(&bytes)),
            _ => Body::from(bytes),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        for (name, value) in self.headers {
            let value = HeaderValue::try_from(value).expect("what the settings say fits a header");
            if name == header::CONTENT_TYPE {
                headers.insert(name, value);
            } else {
                headers.append(name, value);
            }
        }
        response
    }

    fn of(content: Content) -> Self {
        Self {
            status: StatusCode::OK,
            headers: Vec::new(),
            content,
            blame: None,
        }
    }
}
