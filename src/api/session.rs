//! A login that lives in cookies: an access token that expires within the hour, and one that refreshes it
//! (upstreams/prospero.md §3).

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use cookie_store::{CookieStore, StoreAction};
use reqwest::{
    Response, StatusCode,
    header::{ACCEPT, HeaderMap, HeaderValue, SET_COOKIE},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;

use super::{
    auth::Pass,
    error::{ApiError, Denial, Site},
    login::{Login, Need, below, later, not_now},
    wire::Wire,
};

/// Access tokens live one hour; they are refreshed early, so that no call meets an expired one.
const REFRESH_AFTER: TimeDelta = TimeDelta::minutes(50);

/// An email address, a password, and the cookies they are worth.
///
/// Logins and refreshes happen under one lock, so that any number of calls that find the cookies expired cause one
/// refresh. Cookies are kept and sent back as RFC 6265 says, whatever their names; `Secure` ones travel over plain
/// HTTP to loopback only (`cookie_store`). Their own expiry is told by the system's clock, not by the one handed in.
pub struct Session {
    login: Url,
    refresh: Url,
    email: String,
    password: SecretString,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    jar: CookieStore,
    login: Login,
}

impl Session {
    /// A session at the API below `base`, with or without a trailing slash. Logs in with its first call.
    pub(super) fn new(base: &Url, email: String, password: SecretString) -> Self {
        Self {
            login: below(base, &["auth", "login"]),
            refresh: below(base, &["auth", "refresh"]),
            email,
            password,
            state: Mutex::default(),
        }
    }

    pub(super) async fn pass(
        &self,
        wire: &Wire,
        at: &Site,
        url: &Url,
        now: DateTime<Utc>,
    ) -> Result<Pass, ApiError> {
        let mut state = self.state.lock().await;
        match state.login.need(at, now)? {
            Need::Nothing => {}
            Need::Refresh => self.refresh(&mut state, wire, at, now).await?,
            Need::Login => self.log_in(&mut state, wire, at, now).await?,
        }
        Ok(Pass {
            cookies: state.cookies(url),
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

    /// Keeps cookies set by an ordinary answer, unless they are older than a renewal.
    pub(super) async fn keep(&self, pass: &Pass, response: &Response) {
        if response.headers().contains_key(SET_COOKIE) {
            let mut state = self.state.lock().await;
            if state.login.made(pass) {
                state.store(response);
            }
        }
    }

    async fn refresh(
        &self,
        state: &mut State,
        wire: &Wire,
        at: &Site,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        let at = &at.on("/auth/refresh");
        let mut headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        headers.extend(
            Pass {
                cookies: state.cookies(&self.refresh),
                generation: state.login.generation(),
                ..Pass::default()
            }
            .headers(),
        );
        wire.turn().await;
        let response = wire.get(at, self.refresh.clone(), headers).await?;
        match response.status() {
            status if status.is_success() && state.store(&response) => {
                state.login.granted(now + REFRESH_AFTER);
                Ok(())
            }
            status if not_now(status) => Err(later(at, &response, now)),
            // 400 is how Prospero says that the refresh token has expired, too. A refresh that fails in another way,
            // even by 500, must not lock us out while a login would let us in.
            _ => self.log_in(state, wire, at, now).await,
        }
    }

    async fn log_in(
        &self,
        state: &mut State,
        wire: &Wire,
        at: &Site,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        let at = &at.on("/auth/login");
        state.jar.clear();
        state.login.lost();
        let json = json!({ "email": self.email, "password": self.password.expose_secret() });
        wire.turn().await;
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        let response = wire
            .post(
                at,
                self.login.clone(),
                headers,
                json.to_string().into_bytes(),
            )
            .await?;
        let why = match response.status() {
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                return Err(later(at, &response, now));
            }
            status if !status.is_success() => Denial::Status(status),
            _ if state.store(&response) => {
                state.login.granted(now + REFRESH_AFTER);
                return Ok(());
            }
            _ => Denial::NoCookie,
        };
        state.login.denied(why, now);
        Err(at.blocked(why))
    }
}

impl State {
    /// Stores the cookies of an answer; tells whether it set any.
    fn store(&mut self, response: &Response) -> bool {
        // One by one, because the crate's method for whole answers writes their values to the `log` crate.
        let set = response
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .filter(|line| {
                let stored = line
                    .to_str()
                    .map(|line| self.jar.parse(line, response.url()));
                matches!(
                    stored,
                    Ok(Ok(StoreAction::Inserted | StoreAction::UpdatedExisting))
                )
            });
        set.count() > 0
    }

    /// The `Cookie` header for a request of `url`.
    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        let pairs: Vec<_> = self
            .jar
            .get_request_values(url)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut header = HeaderValue::try_from(pairs.join("; ")).ok()?;
        header.set_sensitive(true);
        (!header.is_empty()).then_some(header)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_cookies_travel_in_clear_to_loopback_only() {
        for (url, sent) in [
            ("https://prospero.example/events", true),
            ("http://prospero.example/events", false),
            ("http://10.0.0.1/events", false),
            ("http://127.0.0.1:8080/events", true),
            ("http://[::1]:8080/events", true),
            ("http://localhost:8080/events", true),
        ] {
            let url: Url = url.parse().unwrap();
            let mut https = url.clone();
            https.set_scheme("https").unwrap();
            let mut state = State::default();
            state.jar.parse("sid=1; Path=/; Secure", &https).unwrap();
            assert_eq!(state.cookies(&url).is_some(), sent, "{url}");
        }
    }

    #[test]
    fn cookies_are_joined_in_one_header_that_is_not_printed() {
        let url: Url = "https://prospero.example/events".parse().unwrap();
        let mut state = State::default();
        for cookie in ["a=1; Path=/", "b=2; Path=/", "c=3; Path=/auth"] {
            state.jar.parse(cookie, &url).unwrap();
        }
        let header = state.cookies(&url).unwrap();
        let mut pairs: Vec<_> = header.to_str().unwrap().split("; ").collect();
        pairs.sort_unstable();
        assert_eq!(pairs, ["a=1", "b=2"]);
        assert_eq!(format!("{header:?}"), "Sensitive");
    }
}
