//! One request on the wire, and its answer within limits.

use std::{error::Error, io, time::Duration};

use chrono::{DateTime, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::{
    RequestBuilder, Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use tokio::time::timeout;
use url::{Url, form_urlencoded};

use super::{
    client::Client,
    error::{ApiError, Flaw, Setback, Site, causes},
    file::Head,
    guard::{self, Refusal},
    limits::Limits,
    outcomes::Outcomes,
    said::{SAID_MAX, Said},
};

/// How long the words of an error answer are waited for.
const SAID_WAIT: Duration = Duration::from_secs(2);

/// A body that came completely and within the cap.
pub(super) struct Answer {
    /// The bytes, decompressed.
    pub(super) body: Vec<u8>,
    /// Whether the server calls it HTML.
    pub(super) html: bool,
    /// What it says of itself.
    pub(super) head: Head,
    /// Whether it is what the call said we hold; there is no body then.
    pub(super) unchanged: bool,
}

impl Answer {
    /// The JSON `null`, for an answer that says "none" in another way.
    pub(super) fn null() -> Self {
        Self {
            body: b"null".to_vec(),
            html: false,
            head: Head::default(),
            unchanged: false,
        }
    }

    /// "Not modified", the answer to a conditional request.
    pub(super) fn unchanged(head: Head) -> Self {
        Self {
            body: Vec::new(),
            html: false,
            head,
            unchanged: true,
        }
    }
}

/// The way to one upstream. Everything that goes out, logins too, waits for its turn here.
pub(super) struct Wire {
    client: Client,
    rate: DefaultDirectRateLimiter,
    outcomes: Outcomes,
    read: Duration,
    body: usize,
}

impl Wire {
    pub(super) fn new(client: Client, limits: &Limits) -> Self {
        let quota = Quota::per_second(limits.per_second).allow_burst(limits.burst);
        Self {
            client,
            rate: RateLimiter::direct(quota),
            outcomes: Outcomes::default(),
            read: limits.read,
            body: limits.body,
        }
    }

    /// Waits until the rate allows one more request.
    pub(super) async fn turn(&self) {
        self.rate.until_ready().await;
    }

    /// Reads `url`, and returns as soon as the head of the answer is there.
    pub(super) async fn get(
        &self,
        at: &Site,
        url: Url,
        headers: HeaderMap,
    ) -> Result<Response, ApiError> {
        self.guarded(at, &url)?;
        self.send(at, self.client.http.get(url).headers(headers))
            .await
    }

    /// Posts the JSON of a search, which is a read, or of a login, the only request that is not.
    pub(super) async fn post(
        &self,
        at: &Site,
        url: Url,
        headers: HeaderMap,
        json: Vec<u8>,
    ) -> Result<Response, ApiError> {
        self.guarded(at, &url)?;
        let request = self.client.http.post(url).headers(headers);
        let request = request.header(CONTENT_TYPE, "application/json").body(json);
        self.send(at, request).await
    }

    /// Posts the form of a login (RFC 6749 §4.3.2).
    pub(super) async fn form(
        &self,
        at: &Site,
        url: Url,
        headers: HeaderMap,
        fields: &[(&str, &str)],
    ) -> Result<Response, ApiError> {
        self.guarded(at, &url)?;
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self.client.http.post(url).headers(headers);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(at, request.body(body)).await
    }

    /// What an error answer says, as far as it comes soon; nothing of any other answer.
    pub(super) async fn said(&self, response: &mut Response) -> Said {
        let mut body = Vec::new();
        if response.status().as_u16() >= 400 {
            let read = async {
                while let Ok(Some(chunk)) = response.chunk().await {
                    body.extend_from_slice(&chunk[..chunk.len().min(SAID_MAX - body.len())]);
                    if body.len() == SAID_MAX {
                        break;
                    }
                }
            };
            // What has come until then may be enough; its status is known anyway.
            _ = timeout(SAID_WAIT, read).await;
        }
        Said::new(body)
    }

    /// Reads the body of an answer, up to the cap.
    pub(super) async fn read(
        &self,
        at: &Site,
        response: Response,
        now: DateTime<Utc>,
    ) -> Result<Answer, ApiError> {
        self.read_up_to(self.body, at, response, now).await
    }

    /// Reads the body of an answer, up to `limit` bytes.
    pub(super) async fn read_up_to(
        &self,
        limit: usize,
        at: &Site,
        mut response: Response,
        now: DateTime<Utc>,
    ) -> Result<Answer, ApiError> {
        let too_large = || ApiError::TooLarge {
            at: at.clone(),
            limit,
        };
        // The announced length, if the body is not compressed, spares us a body that would pass the cap anyway.
        let announced = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let html = header(&response, CONTENT_TYPE.as_str()).is_some_and(|kind| {
            kind.starts_with("text/html") || kind.starts_with("application/xhtml")
        });
        let head = Head::of(&response, now);
        let mut body = Vec::with_capacity(announced.unwrap_or_default());
        while let Some(chunk) = self.within(at, response.chunk()).await? {
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            body,
            html,
            head,
            unchanged: false,
        })
    }

    fn guarded(&self, at: &Site, url: &Url) -> Result<(), ApiError> {
        let checked = self.client.addresses.check(url);
        checked.map_err(|why| at.refused(why))
    }

    async fn send(&self, at: &Site, request: RequestBuilder) -> Result<Response, ApiError> {
        let mut pending = self.outcomes.begin();
        let sent = self.within(at, request.send()).await;
        pending.ended(sent.as_ref().map(Response::status));
        sent
    }

    /// What became of every request.
    pub(super) fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// Waits for the upstream, but not longer than the longest silence.
    async fn within<T>(
        &self,
        at: &Site,
        step: impl Future<Output = reqwest::Result<T>>,
    ) -> Result<T, ApiError> {
        timeout(self.read, step)
            .await
            .map_err(|_elapsed| at.timed_out(self.read))?
            .map_err(|error| failed(at, error))
    }
}

/// The upstream's `Retry-After`, if it is text.
pub(super) fn retry_after(response: &Response) -> Option<&str> {
    header(response, RETRY_AFTER.as_str())
}

/// The value of a header, if it is there and is text.
pub(super) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

/// An answer that says "not now".
pub(super) fn busy(at: &Site, status: StatusCode, retry_after: Option<Duration>) -> ApiError {
    at.unavailable(retry_after, Setback::Busy(status))
}

/// Sorts an error of the client by what can be done about it.
fn failed(at: &Site, error: reqwest::Error) -> ApiError {
    // The URL may hold a key.
    let error = error.without_url();
    if let Some(why) = causes(&error).find_map(guard::refusal) {
        return at.refused(why);
    }
    let cause = |wanted: fn(&(dyn Error + 'static)) -> bool| causes(&error).any(wanted);
    if error.is_connect() {
        return if cause(|cause| cause.downcast_ref().is_some_and(is_tls)) {
            at.refused(Refusal::Tls(error))
        } else {
            at.unavailable(None, Setback::NoConnection(error))
        };
    }
    // Every error below a body is a decoding error; hyper is among the causes if it is the connection that failed.
    if error.is_decode() && !cause(<dyn Error>::is::<hyper::Error>) {
        return at.malformed(Flaw::Encoding(error));
    }
    at.unavailable(None, Setback::Broken(error))
}

/// Whether connecting failed in TLS: rustls reports a certificate it does not accept, and nothing that passes by itself,
/// as invalid data. The report lies within one or two errors that do not name it as their source.
fn is_tls(error: &io::Error) -> bool {
    let inner = || error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == io::ErrorKind::InvalidData || inner().is_some_and(is_tls)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::api::{Addresses, Clients};

    #[tokio::test]
    async fn the_burst_goes_out_at_once_and_what_follows_waits() {
        let limits = Limits {
            per_second: NonZeroU32::MIN,
            burst: NonZeroU32::new(3).unwrap(),
            ..Limits::default()
        };
        let wire = Wire::new(Clients::new().unwrap().reaching(Addresses::Any), &limits);
        let mut at_once = 0;
        while timeout(Duration::ZERO, wire.turn()).await.is_ok() {
            at_once += 1;
        }
        assert_eq!(at_once, 3);
    }
}
