//! A login that lives in tokens: a password buys an access token that expires within the hour, and a refresh token that
//! buys the next two (RFC 6749 §4.3 and §6, `upstreams/prosper.md` §2).

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{
    StatusCode,
    header::{ACCEPT, HeaderMap, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::{
    auth::{Credential, Pass},
    decode,
    error::{ApiError, Denial, Site},
    login::{Login, Need, below, later, not_now},
    wire::Wire,
};

/// Where tokens are asked for, below the base address.
const TOKEN_ROUTE: [&str; 3] = ["security", "oauth", "token"];
/// What logs and errors call it.
const TOKEN_LABEL: &str = "/security/oauth/token";

/// How long an access token lives if its answer does not say: as long as documented.
const LIFE: TimeDelta = TimeDelta::seconds(3_599);
/// The lives that are believed. Less would mean a refresh with every call; a token that ends sooner meets a 401.
const LIVES: std::ops::RangeInclusive<TimeDelta> = TimeDelta::minutes(1)..=TimeDelta::days(1);
/// How long before its end a token is refreshed, but never in the first three quarters of a short life.
const EARLY: TimeDelta = TimeDelta::minutes(10);

/// The longest answer with tokens, in bytes.
const ANSWER_MAX: usize = 64 * 1024;

/// What is given for tokens: a client and the account it belongs to.
///
/// No scope is asked for, since this grant knows none: its tokens could do whatever the account may. That they only
/// read is up to the connector, which has no other call.
#[derive(Debug, Clone)]
pub struct PasswordGrant {
    /// The id of the client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// The account.
    pub username: String,
    /// Its password.
    pub password: SecretString,
}

/// A client, an account, and the tokens they are worth.
///
/// Grants happen under one lock, so that any number of calls that find the token expired cause one refresh. A refresh
/// brings a new refresh token too, which replaces the old one at once; whether a used one stays valid is unknown. One
/// that is refused leads to one login.
pub struct OAuth {
    token: Url,
    grant: PasswordGrant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    login: Login,
    access: Option<Credential>,
    refresh: Option<SecretString>,
}

/// What a grant brought.
struct Tokens {
    access: Credential,
    refresh: Option<SecretString>,
    life: TimeDelta,
}

/// How a grant was answered, other than by "not now".
enum Granted {
    Tokens(Tokens),
    Denied(Denial),
}

/// The answer of the token endpoint (RFC 6749 §5.1).
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    /// Seconds; some write a text.
    #[serde(default)]
    expires_in: serde_json::Value,
}

impl OAuth {
    /// A login at the API below `base`, with or without a trailing slash. Asks for tokens with its first call.
    pub(super) fn new(base: &Url, grant: PasswordGrant) -> Self {
        Self {
            token: below(base, &TOKEN_ROUTE),
            grant,
            state: Mutex::default(),
        }
    }

    pub(super) async fn pass(
        &self,
        wire: &Wire,
        at: &Site,
        now: DateTime<Utc>,
    ) -> Result<Pass, ApiError> {
        let mut state = self.state.lock().await;
        match state.login.need(at, now)? {
            Need::Nothing => {}
            Need::Refresh => self.refresh(&mut state, wire, at, now).await?,
            Need::Login => self.log_in(&mut state, wire, at, now).await?,
        }
        Ok(Pass {
            authorization: state.access.as_ref().map(Credential::value),
            generation: state.login.generation(),
            ..Pass::default()
        })
    }

    pub(super) async fn renew(
        &self,
        wire: &Wire,
        at: &Site,
        pass: &Pass,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        let mut state = self.state.lock().await;
        state.login.need(at, now)?;
        if state.login.made(pass) {
            self.refresh(&mut state, wire, at, now).await?;
        }
        Ok(())
    }

    /// Remembers that a pass was refused although it was new.
    pub(super) async fn deny(&self, pass: &Pass, why: Denial, now: DateTime<Utc>) {
        let mut state = self.state.lock().await;
        if state.login.made(pass) {
            state.login.denied(why, now);
        }
    }

    async fn refresh(
        &self,
        state: &mut State,
        wire: &Wire,
        at: &Site,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        let Some(refresh) = state.refresh.clone() else {
            return self.log_in(state, wire, at, now).await;
        };
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
        ];
        // A refresh that fails in any way but "not now" must not lock us out while a login would let us in.
        match self.ask(&fields, not_now, wire, at, now).await? {
            Granted::Tokens(tokens) => {
                state.keep(tokens, now);
                Ok(())
            }
            Granted::Denied(_) => self.log_in(state, wire, at, now).await,
        }
    }

    async fn log_in(
        &self,
        state: &mut State,
        wire: &Wire,
        at: &Site,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        state.login.lost();
        state.refresh = None;
        let fields = [
            ("grant_type", "password"),
            ("username", &*self.grant.username),
            ("password", self.grant.password.expose_secret()),
        ];
        let busy = |status: StatusCode| status.is_server_error() || not_now(status);
        match self.ask(&fields, busy, wire, at, now).await? {
            Granted::Tokens(tokens) => {
                state.keep(tokens, now);
                Ok(())
            }
            Granted::Denied(why) => {
                state.login.denied(why, now);
                Err(at.on(TOKEN_LABEL).blocked(why))
            }
        }
    }

    /// Asks for tokens; `busy` tells which statuses say nothing of the credentials.
    async fn ask(
        &self,
        fields: &[(&str, &str)],
        busy: impl Fn(StatusCode) -> bool,
        wire: &Wire,
        at: &Site,
        now: DateTime<Utc>,
    ) -> Result<Granted, ApiError> {
        let at = &at.on(TOKEN_LABEL);
        let client = [
            ("client_id", &*self.grant.client_id),
            ("client_secret", self.grant.client_secret.expose_secret()),
        ];
        let fields = [fields, &client].concat();
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        wire.turn().await;
        let response = wire.form(at, self.token.clone(), headers, &fields).await?;
        match response.status() {
            status if busy(status) => Err(later(at, &response, now)),
            status if !status.is_success() => Ok(Granted::Denied(Denial::Status(status))),
            _ => {
                let answer = match wire.read_up_to(ANSWER_MAX, at, response, now).await {
                    Ok(answer) => decode::json(&answer).ok(),
                    Err(ApiError::TooLarge { .. }) => None,
                    Err(error) => return Err(error),
                };
                let tokens = answer.and_then(Tokens::new);
                Ok(tokens.map_or(Granted::Denied(Denial::NoToken), Granted::Tokens))
            }
        }
    }
}

impl State {
    fn keep(&mut self, tokens: Tokens, now: DateTime<Utc>) {
        self.access = Some(tokens.access);
        // One that is not replaced goes on (RFC 6749 §6).
        self.refresh = tokens.refresh.or(self.refresh.take());
        let early = EARLY.min(tokens.life / 4);
        self.login.granted(now + tokens.life - early);
    }
}

impl Tokens {
    fn new(answer: TokenAnswer) -> Option<Self> {
        let access = SecretString::from(answer.access_token);
        if access.expose_secret().trim().is_empty() {
            return None;
        }
        let refresh = answer.refresh_token.filter(|token| !token.is_empty());
        Some(Self {
            access: Credential::bearer(&access).ok()?,
            refresh: refresh.map(SecretString::from),
            life: life(&answer.expires_in),
        })
    }
}

/// How long a token lives that comes with this `expires_in`.
fn life(expires_in: &serde_json::Value) -> TimeDelta {
    let text = || expires_in.as_str()?.trim().parse().ok();
    let told = expires_in.as_f64().or_else(text);
    #[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
    let told = told.map(|seconds: f64| seconds as i64);
    let told = told
        .filter(|seconds| *seconds > 0)
        .map(|seconds| TimeDelta::try_seconds(seconds).unwrap_or(*LIVES.end()));
    told.unwrap_or(LIFE).clamp(*LIVES.start(), *LIVES.end())
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
