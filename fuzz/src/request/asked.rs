//! What is asked, as an input says it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};

/// What a reader holds is told by these.
const VALIDATORS: [HeaderName; 2] = [header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE];

/// The codings that there are, as `Accept-Encoding` names them.
pub(super) const CODINGS: [&str; 4] = ["identity", "gzip", "br", "zstd"];

/// A request without a body.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
}

impl Asked {
    /// The request that `text` says; `None` if no client could send it. A header field that cannot be sent is left out.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            let name: HeaderName = name.trim().parse().ok()?;
            let value = HeaderValue::from_bytes(value.trim().as_bytes()).ok()?;
            Some((name, value))
        };
        Some(Self {
            method: method.parse().ok()?,
            uri: target
                .parse()
                .ok()
                .filter(|uri: &Uri| uri.path().starts_with('/'))?,
            headers: lines.filter_map(field).collect(),
        })
    }

    /// The same from a reader who holds nothing and takes no coding.
    pub(super) fn plain(mut self) -> Self {
        for name in VALIDATORS.into_iter().chain([header::ACCEPT_ENCODING]) {
            self.headers.remove(name);
        }
        self
    }

    /// The same from a reader who tells what it holds as `told` says.
    pub(super) fn holding(mut self, told: impl Fn(&str) -> String) -> Self {
        for name in VALIDATORS {
            let values = self.headers.get_all(&name).iter();
            let values: Vec<HeaderValue> = values
                .filter_map(|value| told(value.to_str().ok()?).try_into().ok())
                .collect();
            self.headers.remove(&name);
            for value in values {
                self.headers.append(&name, value);
            }
        }
        self
    }

    /// The same from a reader who takes `coding`.
    pub(super) fn taking(mut self, coding: &'static str) -> Self {
        let coding = HeaderValue::from_static(coding);
        self.headers.insert(header::ACCEPT_ENCODING, coding);
        self
    }
}
