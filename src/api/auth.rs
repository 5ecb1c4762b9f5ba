//! How a source proves who it is.

use chrono::{DateTime, Utc};
use reqwest::{
    Response, StatusCode,
    header::{COOKIE, HeaderMap, HeaderValue},
};
use secrecy::SecretString;
use url::Url;

use super::{
    error::{ApiError, Denial, Site},
    session::Session,
    wire::Wire,
};

/// How a source proves who it is.
#[derive(Debug)]
pub enum Auth {
    /// Not at all.
    None,
    /// By the cookies of a login (Prospero).
    Session(Box<Session>),
}

/// What one request carries to be let in.
#[derive(Default)]
pub(super) struct Pass {
    /// The value of its `Cookie` header.
    pub(super) cookies: Option<HeaderValue>,
    /// Which renewal of the credentials it is from.
    pub(super) generation: u64,
}

impl Pass {
    pub(super) fn headers(&self) -> HeaderMap {
        self.cookies
            .iter()
            .map(|cookies| (COOKIE, cookies.clone()))
            .collect()
    }
}

impl Auth {
    /// A login with email address and password at the API below `base`, made when the first call needs it.
    #[must_use]
    pub fn session(base: &Url, email: String, password: SecretString) -> Self {
        Self::Session(Box::new(Session::new(base, email, password)))
    }

    /// The pass for a request of `url`, made fresh if there is none or it is about to expire.
    pub(super) async fn pass(
        &self,
        wire: &Wire,
        at: &Site,
        url: &Url,
        now: DateTime<Utc>,
    ) -> Result<Pass, ApiError> {
        match self {
            Self::None => Ok(Pass::default()),
            Self::Session(session) => session.pass(wire, at, url, now).await,
        }
    }

    /// Replaces the credentials after a 401 to `pass`, unless another call has done so meanwhile.
    pub(super) async fn renew(
        &self,
        wire: &Wire,
        at: &Site,
        pass: &Pass,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        match self {
            Self::None => Err(at.blocked(Denial::Status(StatusCode::UNAUTHORIZED))),
            Self::Session(session) => session.renew(wire, at, pass, now).await,
        }
    }

    /// Gives up after a 401 to a `pass` that was just renewed.
    pub(super) async fn denied(&self, at: &Site, pass: &Pass, now: DateTime<Utc>) -> ApiError {
        let why = Denial::Status(StatusCode::UNAUTHORIZED);
        if let Self::Session(session) = self {
            session.deny(pass, why, now).await;
        }
        at.blocked(why)
    }

    /// Keeps the cookies that an answer to `pass` set.
    pub(super) async fn keep(&self, pass: &Pass, response: &Response) {
        if let Self::Session(session) = self {
            session.keep(pass, response).await;
        }
    }
}
