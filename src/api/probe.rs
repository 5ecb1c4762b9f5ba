//! Asking for a calendar as its subscribers do, to see what they see: no credentials, no repeats, the answer as it came.

use std::time::Duration;

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::client::{Client, NoClient};

/// How long an answer may take: as long as Home Assistant waits (interop H16).
const PATIENCE: Duration = Duration::from_secs(30);
/// How long all answers together may take.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(90);
/// The largest body that is read, in octets: eight times what a calendar may have (interop W1).
pub const BODY_MAX: usize = 8_000_000;

/// Asks whatever address it is given, for a minute and a half.
#[derive(Debug)]
pub struct Probe {
    client: Client,
    patience: Duration,
    until: Instant,
}

/// What came, undecoded.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, compressed if the headers say so.
    pub body: Vec<u8>,
}

/// Why nothing came. The address is not told: it may hold a token.
#[derive(Debug, thiserror::Error)]
pub enum Unseen {
    /// No connection, or one that broke.
    #[error("the server cannot be reached; look whether the address is right")]
    Reach(#[source] reqwest::Error),
    /// It took too long.
    #[error(
        "no whole answer came within 30 seconds, which is as long as calendar programs wait (interop H16); try again later"
    )]
    Late,
    /// It is too large to be a calendar that anybody reads.
    #[error(
        "the answer is larger than 8 MB, which no calendar program takes (interop W1); publish fewer days"
    )]
    Large,
}

impl Probe {
    /// Builds the client; reads the system's root certificates.
    ///
    /// # Errors
    /// When the system has no root certificates, so that no server could be trusted.
    pub fn new() -> Result<Self, NoClient> {
        Ok(Self {
            client: Client::untouched()?,
            patience: PATIENCE,
            until: Instant::now() + PATIENCE_IN_ALL,
        })
    }

    /// The same, which waits no longer than `patience` for an answer.
    #[cfg(test)]
    pub(crate) fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Asks for `url` with nothing but `headers`. No redirect is followed.
    ///
    /// # Errors
    /// [`Unseen`] when no whole answer came.
    pub async fn ask(
        &self,
        method: Method,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
    ) -> Result<Seen, Unseen> {
        let asked = async {
            let request = self.client.http.request(method, url.clone());
            let headers: HeaderMap = headers.iter().cloned().collect();
            let unreached = |error: reqwest::Error| Unseen::Reach(error.without_url());
            let mut answer = request.headers(headers).send().await.map_err(unreached)?;
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(unreached)? {
                body.extend_from_slice(&chunk);
                if body.len() > BODY_MAX {
                    return Err(Unseen::Large);
                }
            }
            Ok(Seen {
                status: answer.status(),
                headers: answer.headers().clone(),
                body,
            })
        };
        let until = self.until.min(Instant::now() + self.patience);
        timeout_at(until, asked).await.unwrap_or(Err(Unseen::Late))
    }
}
