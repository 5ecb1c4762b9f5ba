//! What came back.

use std::io::Read as _;

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use serde_json::Value;

use crate::written;

/// What an input may hold that must not come back in a page as it is: it would begin a tag, or end an attribute.
const RAW: [&str; 3] = ["x<unescaped", "x\"unescaped", "x'unescaped"];

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Whether the body is left out.
    pub(super) of_head: bool,
}

impl Answer {
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What holds of every answer by itself.
    pub(super) fn holds(&self) {
        // oEmbed wants 501 for a format that is not spoken; that is no failure.
        let failed = self.status.is_server_error() && self.status != StatusCode::NOT_IMPLEMENTED;
        assert!(!failed, "{self:?}");
        if let Some(length) = self
            .header(header::CONTENT_LENGTH)
            .filter(|_| !self.of_head)
        {
            assert_eq!(length, self.body.len().to_string(), "{self:?}");
        }
        if self.status == StatusCode::NOT_MODIFIED {
            assert_eq!(self.body, b"", "{self:?}");
        }
        if self.status.is_client_error() {
            let tag = self.header(header::ETAG);
            assert_eq!(tag, None, "what is refused is not held: {self:?}");
        }
    }

    /// The body is what it says it is, and nothing of the request has become a part of it.
    pub(super) fn is_sound(&self) {
        let kind = self.header(header::CONTENT_TYPE).unwrap_or_default();
        let body = self.decoded();
        match kind.split(';').next().unwrap_or_default() {
            _ if self.of_head || body.is_empty() => {}
            "text/calendar" => drop(written::lines(&body)),
            "text/html" => assert!(!RAW.iter().any(|raw| self.tells(raw)), "{}", self.text()),
            json if json.ends_with("json") => {
                let read: Result<Value, _> = serde_json::from_slice(&body);
                assert!(read.is_ok(), "{}", self.text());
            }
            _ => {}
        }
    }

    /// The body as it was before it was compressed; nothing of a HEAD.
    pub(super) fn decoded(&self) -> Vec<u8> {
        if self.of_head {
            return Vec::new();
        }
        let mut decoded = Vec::new();
        let body = self.body.as_slice();
        let read = match self.header(header::CONTENT_ENCODING) {
            None => return self.body.clone(),
            Some("gzip") => flate2::read::GzDecoder::new(body).read_to_end(&mut decoded),
            Some("br") => brotli::Decompressor::new(body, 4_096).read_to_end(&mut decoded),
            Some("zstd") => zstd::stream::copy_decode(body, &mut decoded).map(|()| decoded.len()),
            Some(other) => panic!("a coding that nobody asked for: {other}"),
        };
        read.expect("what was compressed can be read");
        decoded
    }

    /// The same for people.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.decoded()).into_owned()
    }

    /// All but the body.
    pub(super) fn head(&self) -> (StatusCode, &HeaderMap) {
        (self.status, &self.headers)
    }

    /// Whether `word` stands anywhere in it.
    pub(super) fn tells(&self, word: &str) -> bool {
        let holds = |bytes: &[u8]| {
            bytes
                .windows(word.len())
                .any(|part| part == word.as_bytes())
        };
        holds(&self.decoded()) || self.headers.values().any(|value| holds(value.as_bytes()))
    }
}
