//! Asking for a calendar as its subscribers do, to see what they see: no credentials, no repeats, the answer as it came.

use std::time::Duration;

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::time::timeout;
use url::Url;

use super::client::{Client, NoClient};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest body that is read, in octets: eight times what a calendar may have (interop W1).
pub const BODY_MAX: usize = 8_000_000;

/// Asks whatever address it is given.
#[derive(Debug)]
pub struct Probe(Client);

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
    #[error("no whole answer came within 30 seconds; try again later")]
    Late,
    /// It is too large to be a calendar that anybody reads.
    #[error("the answer is larger than 8 MB, which no calendar program takes; publish fewer days")]
    Large,
}

impl Probe {
    /// Builds the client; reads the system's root certificates.
    ///
    /// # Errors
    /// When the system has no root certificates, so that no server could be trusted.
    pub fn new() -> Result<Self, NoClient> {
        Client::untouched().map(Self)
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
            let request = self.0.http.request(method, url.clone());
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
        timeout(PATIENCE, asked).await.unwrap_or(Err(Unseen::Late))
    }
}
