//! The HTTP clients: one per guard setting, shared by all sources, so that connections are pooled.

use std::{sync::Arc, time::Duration};

use reqwest::redirect;
use url::Url;

use super::guard::{Addresses, Resolver};

/// The longest wait for a connection, TLS included.
const CONNECT: Duration = Duration::from_secs(5);

/// The name we give to upstreams.
const USER_AGENT: &str = concat!("calbridge/", env!("CARGO_PKG_VERSION"));

/// A client that reaches only what its guard permits. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) addresses: Addresses,
}

/// All clients of a process.
#[derive(Debug, Clone)]
pub struct Clients {
    global: Client,
    any: Client,
}

/// No client could be made.
#[derive(Debug, thiserror::Error)]
#[error(
    "the HTTP client cannot start; install root certificates, such as the package `ca-certificates`"
)]
pub struct NoClient(#[source] reqwest::Error);

impl Clients {
    /// Builds the clients; reads the system's root certificates.
    ///
    /// # Errors
    ///
    /// When the system has no root certificates, so that no server could be trusted.
    pub fn new() -> Result<Self, NoClient> {
        Ok(Self {
            global: Client::new(Addresses::Global)?,
            any: Client::new(Addresses::Any)?,
        })
    }

    /// The client for sources that may reach `addresses`.
    #[must_use]
    pub fn reaching(&self, addresses: Addresses) -> Client {
        match addresses {
            Addresses::Global => self.global.clone(),
            Addresses::Any => self.any.clone(),
        }
    }
}

impl Client {
    fn new(addresses: Addresses) -> Result<Self, NoClient> {
        let http = Self::builder(addresses).build().map_err(NoClient)?;
        Ok(Self { http, addresses })
    }

    /// One that hands over what it gets as it came: still compressed. It reaches whatever address it is given.
    ///
    /// # Errors
    ///
    /// When the system has no root certificates, so that no server could be trusted.
    pub(super) fn untouched() -> Result<Self, NoClient> {
        let addresses = Addresses::Any;
        let http = Self::builder(addresses).no_gzip().build();
        let http = http.map_err(NoClient)?;
        Ok(Self { http, addresses })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where clients are built"
    )]
    fn builder(addresses: Addresses) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT)
            .dns_resolver(Arc::new(Resolver(addresses)))
            // A proxy would resolve names itself, past the guard.
            .no_proxy()
            // Redirects are followed in the pipeline, where each hop is guarded, paced and given its own cookies.
            .redirect(redirect::Policy::none())
            // Repeating is the pipeline's decision alone, which counts.
            .retry(reqwest::retry::never())
    }

    /// What a server of our own tells at `url`, within `patience`. No upstream is asked this way: none of the policy applies.
    ///
    /// # Errors
    /// When there is no answer, or it is no success.
    pub async fn own(&self, url: Url, patience: Duration) -> Result<String, reqwest::Error> {
        let answer = self.http.get(url).timeout(patience).send().await?;
        answer.error_for_status()?.text().await
    }
}
