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
    judge,
    wire::{Wire, busy, retry_after},
};

/// Access tokens live one hour; they are refreshed early, so that no call meets an expired one.
const REFRESH_AFTER: TimeDelta = TimeDelta::minutes(50);

/// How long a refused login is remembered. What locks an account is unknown, so we ask rarely.
const DENIED_FOR: TimeDelta = TimeDelta::minutes(5);

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
    /// Counts renewals, so that a 401 to old cookies does not renew newer ones.
    generation: u64,
    standing: Standing,
}

#[derive(Default)]
enum Standing {
    #[default]
    LoggedOut,
    LoggedIn {
        since: DateTime<Utc>,
    },
    Denied {
        why: Denial,
        since: DateTime<Utc>,
    },
}

impl Session {
    /// A session at the API below `base`, with or without a trailing slash. Logs in with its first call.
    pub(super) fn new(base: &Url, email: String, password: SecretString) -> Self {
        Self {
            login: below(base, ["auth", "login"]),
            refresh: below(base, ["auth", "refresh"]),
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
        state.check_denied(at, now)?;
        match state.standing {
            Standing::LoggedIn { since } if now - since < REFRESH_AFTER => {}
            Standing::LoggedIn { .. } => self.refresh(&mut state, wire, at, now).await?,
            Standing::LoggedOut | Standing::Denied { .. } => {
                self.log_in(&mut state, wire, at, now).await?;
            }
        }
        Ok(Pass {
            cookies: state.cookies(url),
            generation: state.generation,
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
        state.check_denied(at, now)?;
        if state.generation == pass.generation {
            self.refresh(&mut state, wire, at, now).await?;
        }
        Ok(())
    }

    /// Remembers that a pass was refused although it was new.
    pub(super) async fn deny(&self, pass: &Pass, why: Denial, now: DateTime<Utc>) {
        let mut state = self.state.lock().await;
        if state.generation == pass.generation {
            state.standing = Standing::Denied { why, since: now };
        }
    }

    /// Keeps cookies set by an ordinary answer, unless they are older than a renewal.
    pub(super) async fn keep(&self, pass: &Pass, response: &Response) {
        if response.headers().contains_key(SET_COOKIE) {
            let mut state = self.state.lock().await;
            if state.generation == pass.generation {
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
                generation: state.generation,
                ..Pass::default()
            }
            .headers(),
        );
        wire.turn().await;
        let response = wire.get(at, self.refresh.clone(), headers).await?;
        match response.status() {
            status if status.is_success() && state.store(&response) => {
                state.renewed(now);
                Ok(())
            }
            status @ (StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT) => Err(not_now(at, status, &response, now)),
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
        state.standing = Standing::LoggedOut;
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
                return Err(not_now(at, status, &response, now));
            }
            status if !status.is_success() => Denial::Status(status),
            _ if state.store(&response) => {
                state.renewed(now);
                return Ok(());
            }
            _ => Denial::NoCookie,
        };
        state.standing = Standing::Denied { why, since: now };
        Err(at.blocked(why))
    }
}

impl State {
    /// Fails at once while a refusal is remembered.
    fn check_denied(&self, at: &Site, now: DateTime<Utc>) -> Result<(), ApiError> {
        match self.standing {
            Standing::Denied { why, since } if now - since < DENIED_FOR => Err(at.blocked(why)),
            _ => Ok(()),
        }
    }

    fn renewed(&mut self, now: DateTime<Utc>) {
        self.generation += 1;
        self.standing = Standing::LoggedIn { since: now };
    }

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

fn not_now(at: &Site, status: StatusCode, response: &Response, now: DateTime<Utc>) -> ApiError {
    let after = retry_after(response).and_then(|text| judge::hint(text, now));
    busy(at, status, after)
}

/// `base` with two more path segments, and without what does not belong to a base.
fn below(base: &Url, segments: [&str; 2]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Only a URL such as `mailto:` has no path; the guard refuses its scheme before anything is sent.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
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

    #[test]
    fn a_base_may_have_a_path_a_slash_and_a_query() {
        for (base, want) in [
            ("https://a.example", "https://a.example/auth/login"),
            ("https://a.example/", "https://a.example/auth/login"),
            ("https://a.example/api", "https://a.example/api/auth/login"),
            (
                "https://a.example/api/?x=1#y",
                "https://a.example/api/auth/login",
            ),
        ] {
            let got = below(&base.parse().unwrap(), ["auth", "login"]);
            assert_eq!(got.as_str(), want, "{base}");
        }
    }
}
