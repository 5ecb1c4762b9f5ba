//! What becomes of each request before and after the tree of addresses has answered it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    http::{HeaderValue, Request, StatusCode, Uri, header},
    response::Response,
};
use hyper::body::{Body as _, Incoming};
use tokio::time::timeout;

use crate::web::{
    origin::Origin,
    plain::plain,
    ration::{Pace, Rations, Wait},
    site::Site,
    toll::Asker,
};

use super::Limits;

/// How often one reader is told that there is nothing: whoever guesses addresses guesses no faster than this.
const MISSES: Pace = Pace {
    at_once: 200,
    every: Duration::from_millis(500),
};

const UNFINISHED: &str = "this takes too long just now; ask again in half a minute";
const TOO_MANY_MISSES: &str =
    "too many addresses were asked for that there are not; ask again in a while";

/// Answers requests.
#[derive(Debug)]
pub(super) struct Front {
    site: Site,
    limits: Limits,
    misses: Mutex<Rations<Origin>>,
}

impl Front {
    pub(super) fn new(site: Site, limits: Limits) -> Self {
        Self {
            site,
            limits,
            misses: Mutex::new(Rations::new(MISSES)),
        }
    }

    /// The answer to `request`, which came on a connection from `peer`, counted.
    pub(super) async fn answer(
        &self,
        peer: Option<Origin>,
        request: Request<Incoming>,
    ) -> Response {
        let answer = self.made(peer, request).await;
        self.site.answered(&answer);
        answer
    }

    async fn made(&self, peer: Option<Origin>, mut request: Request<Incoming>) -> Response {
        if !fits(request.uri(), self.limits.uri_bytes) {
            let text = "this address is too long";
            return plain(StatusCode::URI_TOO_LONG, text);
        }
        let has_body = !request.body().is_end_stream();
        let origin = Origin::behind(peer, request.headers());
        request.extensions_mut().insert(Asker(origin));
        let answer = timeout(self.limits.answer, self.site.answer(request));
        let Ok(mut answer) = answer.await else {
            return later(UNFINISHED, Wait(self.limits.answer));
        };
        if let Some(origin) = origin
            && answer.status() == StatusCode::NOT_FOUND
            && let Err(wait) = self.miss(origin)
        {
            answer = later(TOO_MANY_MISSES, wait);
        }
        // A body that is refused is not read to its end, so the connection ends: the next request must not run into that.
        if has_body && answer.status() != StatusCode::OK {
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(header::CONNECTION, close);
        }
        answer
    }

    fn miss(&self, origin: Origin) -> Result<(), Wait> {
        let mut misses = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        misses.take(origin, Instant::now())
    }
}

/// The one answer to overload: no calendar drops anything because of it (interop H16).
fn later(text: &str, wait: Wait) -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, text);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, wait.header());
    response
}

fn fits(uri: &Uri, bytes: usize) -> bool {
    uri.path_and_query()
        .is_none_or(|path| path.as_str().len() <= bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_measured_with_its_query_and_without_its_host() {
        for (uri, fit) in [
            ("/12345678", true),
            ("/1234?678", true),
            ("/123456789", false),
            ("http://h.example/2345678", true),
        ] {
            assert_eq!(fits(&uri.parse().unwrap(), 9), fit, "{uri}");
        }
    }
}
