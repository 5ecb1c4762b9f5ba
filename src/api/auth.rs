//! How a source proves who it is.

use chrono::{DateTime, Utc};
use reqwest::{
    Response, StatusCode,
    header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    error::{ApiError, Denial, Site},
    oauth::{OAuth, PasswordGrant},
    session::Session,
    wire::Wire,
};

/// How a source proves who it is.
#[derive(Debug)]
pub enum Auth {
    /// Not at all.
    None,
    /// By the same `Authorization` with every call (Add to Calendar PRO, ProspectConnect).
    Fixed(Credential),
    /// By the cookies of a login (Prospero).
    Session(Box<Session>),
    /// By the tokens of a login (Prosper).
    OAuth(Box<OAuth>),
}

/// The value of an `Authorization` header; prints as `Sensitive`.
#[derive(Debug, Clone)]
pub struct Credential(HeaderValue);

/// A secret that no header can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret has characters that no header can carry; see whether it was copied whole and alone"
)]
pub struct BadCredential;

impl Credential {
    /// The secret as it is, without a scheme before it.
    ///
    /// # Errors
    /// [`BadCredential`] when it has a line break or another control character.
    pub fn raw(secret: &SecretString) -> Result<Self, BadCredential> {
        Self::of(secret.expose_secret())
    }

    /// A bearer token (RFC 6750 §2.1).
    ///
    /// # Errors
    /// [`BadCredential`] when it has a line break or another control character.
    pub fn bearer(token: &SecretString) -> Result<Self, BadCredential> {
        Self::of(&format!("Bearer {}", token.expose_secret()))
    }

    /// The header value.
    pub(super) fn value(&self) -> HeaderValue {
        self.0.clone()
    }

    fn of(text: &str) -> Result<Self, BadCredential> {
        let mut value = HeaderValue::from_str(text.trim()).or(Err(BadCredential))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

/// What one request carries to be let in.
#[derive(Default)]
pub(super) struct Pass {
    /// The value of its `Cookie` header.
    pub(super) cookies: Option<HeaderValue>,
    /// The value of its `Authorization` header.
    pub(super) authorization: Option<HeaderValue>,
    /// Which renewal of the credentials it is from.
    pub(super) generation: u64,
}

impl Pass {
    pub(super) fn headers(&self) -> HeaderMap {
        let cookies = self.cookies.iter().map(|value| (COOKIE, value));
        let authorization = self.authorization.iter();
        let authorization = authorization.map(|value| (AUTHORIZATION, value));
        let both = cookies.chain(authorization);
        both.map(|(name, value)| (name, value.clone())).collect()
    }
}

impl Auth {
    /// A login with email address and password at the API below `base`, made when the first call needs it.
    #[must_use]
    pub fn session(base: &Url, email: String, password: SecretString) -> Self {
        Self::Session(Box::new(Session::new(base, email, password)))
    }

    /// A login with a password at the token endpoint below `base`, made when the first call needs it.
    #[must_use]
    pub fn oauth(base: &Url, grant: PasswordGrant) -> Self {
        Self::OAuth(Box::new(OAuth::new(base, grant)))
    }

    /// Whether requests go out without anything secret.
    pub(super) fn is_none(&self) -> bool {
        matches!(self, Self::None)
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
            Self::Fixed(credential) => Ok(Pass {
                authorization: Some(credential.value()),
                ..Pass::default()
            }),
            Self::Session(session) => session.pass(wire, at, url, now).await,
            Self::OAuth(oauth) => oauth.pass(wire, at, now).await,
        }
    }

    /// Replaces the credentials after `pass` was refused, unless another call has done so meanwhile.
    pub(super) async fn renew(
        &self,
        wire: &Wire,
        at: &Site,
        pass: &Pass,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        match self {
            Self::None | Self::Fixed(_) => {
                Err(at.blocked(Denial::Status(StatusCode::UNAUTHORIZED)))
            }
            Self::Session(session) => session.renew(wire, at, pass, now).await,
            Self::OAuth(oauth) => oauth.renew(wire, at, pass, now).await,
        }
    }

    /// Gives up after an answer of `status` refused a `pass` that was just renewed.
    pub(super) async fn denied(
        &self,
        at: &Site,
        pass: &Pass,
        status: StatusCode,
        now: DateTime<Utc>,
    ) -> ApiError {
        let why = Denial::Status(status);
        match self {
            Self::None | Self::Fixed(_) => {}
            Self::Session(session) => session.deny(pass, why, now).await,
            Self::OAuth(oauth) => oauth.deny(pass, why, now).await,
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
