//! What the double answers to a request.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{Prospero, record, route::Route, window::Asked};
use crate::sandbox::{
    double::{Answer, Call, Records, segments},
    ids::{self, Kind},
};

/// Where events are in an answer.
static EVENTS: Records = Records {
    at: "/events",
    id: "id",
    open: &["status"],
};

/// An `APIError` (fact sheet §1).
pub(super) fn error(status: StatusCode, error: &str) -> Answer {
    Answer::json(json!({ "status": status.as_u16(), "error": error })).with_status(status)
}

/// The true answer to a call.
pub(super) fn to(call: &Call<'_, Route>, double: &mut Prospero) -> Answer {
    let desk = Desk { call, double };
    match call.route {
        Route::Health => Answer::text("text/plain; charset=utf-8", "Hello, Prospero!"),
        Route::Login => desk.log_in(),
        Route::Refresh => desk.refresh(),
        _ if !desk.admitted() => error(StatusCode::UNAUTHORIZED, "Unauthorized"),
        Route::Whoami => desk.whoami(),
        Route::Events => desk.events(false),
        Route::Archive => desk.events(true),
        Route::Location => desk.location(),
        Route::Entity => desk.entity(),
        Route::Unknown => error(StatusCode::NOT_FOUND, "Not found"),
    }
}

/// One call and all that is needed to answer it.
struct Desk<'a> {
    call: &'a Call<'a, Route>,
    double: &'a mut Prospero,
}

impl Desk<'_> {
    fn log_in(self) -> Answer {
        let asked: Value = serde_json::from_slice(self.call.body).unwrap_or_default();
        let (Some(email), Some(password)) = (asked["email"].as_str(), asked["password"].as_str())
        else {
            return error(StatusCode::BAD_REQUEST, "email and password are required");
        };
        if email != self.double.settings.email || password != self.double.password.expose_secret() {
            return error(StatusCode::UNAUTHORIZED, "Wrong email or password");
        }
        let (access, refresh) = self.double.sessions.open(self.call.now);
        let names = &self.double.settings.cookies;
        let (first, second) = (
            cookie(&names.access, &access),
            cookie(&names.refresh, &refresh),
        );
        Answer::json(json!({}))
            .with_header(first.0, first.1)
            .with_header(second.0, second.1)
    }

    fn refresh(self) -> Answer {
        let names = &self.double.settings.cookies;
        let token = sent(&self.call.parts.headers, &names.refresh);
        match token.and_then(|token| self.double.sessions.renew(token, self.call.now)) {
            Some(access) => {
                let (name, value) = cookie(&names.access, &access);
                Answer::json(json!({})).with_header(name, value)
            }
            None => error(StatusCode::BAD_REQUEST, "Unable to verify refresh token"),
        }
    }

    fn admitted(&self) -> bool {
        let token = sent(
            &self.call.parts.headers,
            &self.double.settings.cookies.access,
        );
        token.is_some_and(|token| self.double.sessions.admits(token, self.call.now))
    }

    fn whoami(self) -> Answer {
        Answer::json(json!({ "user": {
            "id": ids::fixed(Kind::User, 1),
            "fullName": "Calendar Bridge",
            "email": self.double.settings.email,
            "orgIds": [self.double.season.org],
            "accountStatus": 0,
        }}))
    }

    fn events(self, archived: bool) -> Answer {
        let asked = Asked::parse(self.call.query()).and_then(|asked| {
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
                return error(StatusCode::BAD_REQUEST, &fact).blamed(fact);
            }
        };
        let season = &self.double.season;
        let here = season
            .events
            .iter()
            .filter(|event| event.archived == archived && asked.touches(event.span));
        let records: Vec<Value> = here
            .map(|event| record::event(self.double.settings.dialect, season, event))
            .collect();
        Answer::records(json!({ "events": records }), &EVENTS)
    }

    fn location(self) -> Answer {
        let asked = segments(self.call.path())
            .last()
            .copied()
            .unwrap_or_default();
        let season = &self.double.season;
        let found = season
            .places
            .iter()
            .find(|place| place.id.eq_ignore_ascii_case(asked));
        found.map_or_else(
            || error(StatusCode::NOT_FOUND, "Not found"),
            |place| {
                Answer::json(record::location(
                    self.double.settings.dialect,
                    season,
                    place,
                ))
            },
        )
    }

    /// Reads nobody documented are refused in the three ways a client must take for "not offered" (fact sheet §4.1).
    fn entity(self) -> Answer {
        match segments(self.call.path()).first().copied() {
            Some("projects") => error(StatusCode::FORBIDDEN, "Forbidden"),
            Some("tags") => error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
            _ => error(StatusCode::NOT_FOUND, "Not found"),
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
