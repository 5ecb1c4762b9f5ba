//! One read of one address.

use std::{borrow::Cow, fmt, sync::Arc};

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use url::Url;

use super::{file::Validator, said::Said};

/// The longest path segment that passes for a word of a route. Ids and tokens are longer or hold other characters.
const WORD_MAX: usize = 16;

/// A read of one URL, and what logs and errors call it.
///
/// Only the route is ever printed: the query may hold a key, and a path may hold an id or a token.
#[derive(Clone)]
pub struct Call {
    url: Url,
    search: Option<Arc<[u8]>>,
    headers: HeaderMap,
    null: Option<Says>,
    held: Validator,
    route: Option<&'static str>,
}

/// Tells from an error answer whether it says what it is taken to say.
pub type Says = fn(StatusCode, &Said) -> bool;

impl Call {
    /// A `GET` of `url`.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            url,
            search: None,
            headers: HeaderMap::new(),
            null: None,
            held: Validator::default(),
            route: None,
        }
    }

    /// A search that an upstream wants as a `POST` of what is looked for; it reads, and changes nothing.
    #[must_use]
    pub fn search(url: Url, wanted: &serde_json::Value) -> Self {
        Self {
            search: Some(wanted.to_string().into_bytes().into()),
            ..Self::get(url)
        }
    }

    /// Adds a header that is no secret, such as the version of an API.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Takes an error answer of which `says` is true for the JSON `null`: some upstreams say "none" by a status.
    #[must_use]
    pub fn null_if(mut self, says: Says) -> Self {
        self.null = Some(says);
        self
    }

    /// Asks only for what is newer than the copy we hold, which `validator` came with.
    #[must_use]
    pub fn unless(mut self, validator: &Validator) -> Self {
        self.held = validator.clone();
        self
    }

    /// Adds a query parameter; name and value are percent-encoded here.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.url.query_pairs_mut().append_pair(name, value.as_ref());
        self
    }

    /// Names the route in logs and errors, such as `/locations/{id}`.
    ///
    /// Without it the URL's path stands there, each segment that is not a short lower-case word masked as `{}`; so it
    /// is needed only where such a word may itself be secret.
    #[must_use]
    pub fn route(mut self, template: &'static str) -> Self {
        self.route = Some(template);
        self
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// What is posted, if it is a search.
    pub(super) fn posted(&self) -> Option<&[u8]> {
        self.search.as_deref()
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What it came with, the copy that we hold.
    pub(super) fn held(&self) -> &Validator {
        &self.held
    }

    /// Whether an error answer stands for `null`.
    pub(super) fn is_null(&self, status: StatusCode, said: &Said) -> bool {
        self.null.is_some_and(|says| says(status, said))
    }

    pub(super) fn label(&self) -> Cow<'static, str> {
        let masked = || {
            let segments = self.url.path().split('/').map(|segment| {
                let word = |b: u8| b.is_ascii_lowercase() || b == b'-';
                let plain = segment.len() <= WORD_MAX && segment.bytes().all(word);
                if plain { segment } else { "{}" }
            });
            segments.collect::<Vec<_>>().join("/")
        };
        self.route
            .map_or_else(|| Cow::Owned(masked()), Cow::Borrowed)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.label()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(url: &str) -> Call {
        Call::get(url.parse().unwrap())
    }

    #[test]
    fn a_label_keeps_words_and_masks_everything_that_may_be_an_id_or_a_secret() {
        for (url, want) in [
            ("https://a.example", "/"),
            (
                "https://a.example/api/events/archive",
                "/api/events/archive",
            ),
            ("https://a.example/event-groups?key=s3cret", "/event-groups"),
            (
                "https://a.example/locations/6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                "/locations/{}",
            ),
            ("https://a.example/private-abc123/basic.ics", "/{}/{}"),
            ("https://a.example/alongwordthatmaybeatoken/x", "/{}/x"),
            ("https://user:s3cret@a.example/Events", "/{}"),
        ] {
            assert_eq!(call(url).label(), want, "{url}");
        }
    }

    #[test]
    fn a_named_route_replaces_the_path() {
        let call = call("https://a.example/hidden/word").route("/hidden/{token}");
        assert_eq!(call.label(), "/hidden/{token}");
    }

    #[test]
    fn a_query_is_encoded_and_never_printed() {
        let call =
            call("https://a.example/events").query("window_start", "2026-05-01T00:00:00Z & more");
        assert_eq!(
            call.url().as_str(),
            "https://a.example/events?window_start=2026-05-01T00%3A00%3A00Z+%26+more"
        );
        assert_eq!(format!("{call:?}"), r#"Call("/events")"#);
    }
}
