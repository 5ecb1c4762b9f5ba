//! What the double answers to a request.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    drip::Drip,
    fault::{Fault, RetryAfter, emptied, mistyped, swollen},
    record,
    route::{Route, segments},
    running::State,
    settings::Settings,
    window::Asked,
};
use crate::sandbox::ids::{self, Kind};

/// The page a proxy shows when the API behind it is away.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Prospero</title></head><body><h1>Back soon</h1></body></html>";

/// An answer before it is bytes, so that a fault can still spoil it.
pub(super) struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    content: Content,
}

enum Content {
    Text(&'static str),
    Html(&'static str),
    Json(Value),
    /// JSON of which only the first half is sent.
    Half(Value),
}

impl Answer {
    fn json(value: Value) -> Self {
        Self {
            status: StatusCode::OK,
            headers: Vec::new(),
            content: Content::Json(value),
        }
    }

    /// An `APIError` (fact sheet §1).
    pub(super) fn error(status: StatusCode, error: &str) -> Self {
        let value = json!({ "status": status.as_u16(), "error": error });
        Self {
            status,
            ..Self::json(value)
        }
    }

    /// 429, as for [`Fault::TooMany`].
    pub(super) fn too_many(retry_after: Option<RetryAfter>) -> Self {
        let headers = retry_after.map(|after| (header::RETRY_AFTER, after.header()));
        Self {
            headers: headers.into_iter().collect(),
            ..Self::error(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
        }
    }

    /// The answer as a fault makes it.
    pub(super) fn spoiled(self, fault: &Fault) -> Self {
        match (fault, self.content) {
            (Fault::TooMany(retry_after), _) => Self::too_many(*retry_after),
            (Fault::Broken, _) => {
                Self::error(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong")
            }
            (Fault::Forbidden, _) => Self::error(StatusCode::FORBIDDEN, "Forbidden"),
            (Fault::Html, _) => Self {
                content: Content::Html(PAGE),
                ..Self::json(Value::Null)
            },
            (Fault::Truncated, Content::Json(value)) => Self {
                content: Content::Half(value),
                ..self
            },
            (Fault::Huge { bytes }, Content::Json(value)) => Self {
                content: Content::Json(swollen(value, *bytes)),
                ..self
            },
            (Fault::Empty, Content::Json(value)) => Self {
                content: Content::Json(emptied(value)),
                ..self
            },
            (Fault::WrongType, Content::Json(value)) => Self {
                content: Content::Json(mistyped(value)),
                ..self
            },
            (_, content) => Self { content, ..self },
        }
    }

    /// The bytes to send, slowly if the fault says so.
    pub(super) fn into_response(self, fault: Option<&Fault>) -> Response {
        let (kind, bytes) = match self.content {
            Content::Text(text) => (
                "text/plain; charset=utf-8",
                Bytes::from_static(text.as_bytes()),
            ),
            Content::Html(page) => (
                "text/html; charset=utf-8",
                Bytes::from_static(page.as_bytes()),
            ),
            Content::Json(value) => ("application/json", Bytes::from(value.to_string())),
            Content::Half(value) => {
                let whole = Bytes::from(value.to_string());
                ("application/json", whole.slice(..whole.len() / 2))
            }
        };
        let body = match fault {
            Some(Fault::Slow { pause }) => Body::new(Drip::new(bytes, *pause)),
            _ => Body::from(bytes),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        for (name, value) in self.headers {
            let value =
                HeaderValue::try_from(value).expect("cookie names in the settings fit a header");
            headers.append(name, value);
        }
        response
    }
}

/// The true answer to a request on `route`, at `now`.
pub(super) fn to(
    route: Route,
    parts: &Parts,
    body: &[u8],
    settings: &Settings,
    state: &mut State,
    now: DateTime<Utc>,
) -> Answer {
    let desk = Desk {
        parts,
        settings,
        state,
        now,
    };
    match route {
        Route::Health => Answer {
            content: Content::Text("Hello, Prospero!"),
            ..Answer::json(Value::Null)
        },
        Route::Login => desk.log_in(body),
        Route::Refresh => desk.refresh(),
        _ if !desk.admitted() => Answer::error(StatusCode::UNAUTHORIZED, "Unauthorized"),
        Route::Whoami => desk.whoami(),
        Route::Events => desk.events(false),
        Route::Archive => desk.events(true),
        Route::Location => desk.location(),
        Route::Entity => desk.entity(),
        Route::Unknown => Answer::error(StatusCode::NOT_FOUND, "Not found"),
    }
}

/// One request and all that is needed to answer it.
struct Desk<'a> {
    parts: &'a Parts,
    settings: &'a Settings,
    state: &'a mut State,
    now: DateTime<Utc>,
}

impl Desk<'_> {
    fn log_in(self, body: &[u8]) -> Answer {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let (Some(email), Some(password)) = (asked["email"].as_str(), asked["password"].as_str())
        else {
            return Answer::error(StatusCode::BAD_REQUEST, "email and password are required");
        };
        if email != self.settings.email || password != self.state.password.expose_secret() {
            return Answer::error(StatusCode::UNAUTHORIZED, "Wrong email or password");
        }
        let (access, refresh) = self.state.sessions.open(self.now);
        let names = &self.settings.cookies;
        Answer {
            headers: vec![
                cookie(&names.access, &access),
                cookie(&names.refresh, &refresh),
            ],
            ..Answer::json(json!({}))
        }
    }

    fn refresh(self) -> Answer {
        let names = &self.settings.cookies;
        let token = sent(&self.parts.headers, &names.refresh);
        match token.and_then(|token| self.state.sessions.renew(token, self.now)) {
            Some(access) => Answer {
                headers: vec![cookie(&names.access, &access)],
                ..Answer::json(json!({}))
            },
            None => Answer::error(StatusCode::BAD_REQUEST, "Unable to verify refresh token"),
        }
    }

    fn admitted(&self) -> bool {
        let token = sent(&self.parts.headers, &self.settings.cookies.access);
        token.is_some_and(|token| self.state.sessions.admits(token, self.now))
    }

    fn whoami(self) -> Answer {
        Answer::json(json!({ "user": {
            "id": ids::fixed(Kind::User, 1),
            "fullName": "Calendar Bridge",
            "email": self.settings.email,
            "orgIds": [self.state.season.org],
            "accountStatus": 0,
        }}))
    }

    fn events(self, archived: bool) -> Answer {
        let asked = Asked::parse(self.parts.uri.query().unwrap_or_default()).and_then(|asked| {
            let whole = asked.start.is_some() && asked.end.is_some();
            if archived && !whole {
                Err("window_start and window_end are required".to_owned())
            } else {
                Ok(asked)
            }
        });
        let asked = match asked {
            Ok(asked) => asked,
            Err(fact) => {
                let answer = Answer::error(StatusCode::BAD_REQUEST, &fact);
                self.state
                    .ledger
                    .blame(&self.parts.method, self.parts.uri.path(), fact);
                return answer;
            }
        };
        let season = &self.state.season;
        let here = season
            .events
            .iter()
            .filter(|event| event.archived == archived && asked.touches(event.span));
        let records: Vec<Value> = here
            .map(|event| record::event(self.settings.dialect, season, event))
            .collect();
        Answer::json(json!({ "events": records }))
    }

    fn location(self) -> Answer {
        let asked = segments(self.parts.uri.path())
            .last()
            .copied()
            .unwrap_or_default();
        let season = &self.state.season;
        let found = season
            .places
            .iter()
            .find(|place| place.id.eq_ignore_ascii_case(asked));
        found.map_or_else(
            || Answer::error(StatusCode::NOT_FOUND, "Not found"),
            |place| Answer::json(record::location(self.settings.dialect, season, place)),
        )
    }

    /// Reads nobody documented are refused in the three ways a client must take for "not offered" (fact sheet §4.1).
    fn entity(self) -> Answer {
        match segments(self.parts.uri.path()).first().copied() {
            Some("projects") => Answer::error(StatusCode::FORBIDDEN, "Forbidden"),
            Some("tags") => Answer::error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
            _ => Answer::error(StatusCode::NOT_FOUND, "Not found"),
        }
    }
}

/// A `Set-Cookie` header (RFC 6265 §4.1).
fn cookie(name: &str, token: &str) -> (HeaderName, String) {
    (
        header::SET_COOKIE,
        format!("{name}={token}; Path=/; HttpOnly; Secure"),
    )
}

/// The value of the cookie called `name`, if the client sent it.
fn sent<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, token)| (found == name).then_some(token))
}
