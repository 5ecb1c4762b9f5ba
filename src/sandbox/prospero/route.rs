//! Which paths there are, and how each may be asked.

use axum::http::Method;

use crate::sandbox::double::segments;

/// A route of the API, or one that a reader may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `GET /`
    Health,
    /// `POST /auth/login`
    Login,
    /// `GET /auth/refresh`
    Refresh,
    /// `GET /auth/whoami`
    Whoami,
    /// `GET /events`
    Events,
    /// `GET /events/archive`
    Archive,
    /// `GET /locations/{id}`
    Location,
    /// A read that is not documented but may be tried: projects, groups, tags and the like (fact sheet §4.1).
    Entity,
    /// Anything else.
    Unknown,
}

/// Collections whose reads may be tried.
const ENTITIES: [&str; 8] = [
    "projects",
    "groups",
    "tags",
    "locations",
    "people",
    "roles",
    "items",
    "views",
];

impl Route {
    /// The route of a path.
    pub(super) fn of(path: &str) -> Self {
        match segments(path).as_slice() {
            [] => Self::Health,
            ["auth", "login"] => Self::Login,
            ["auth", "refresh"] => Self::Refresh,
            ["auth", "whoami"] => Self::Whoami,
            ["events"] => Self::Events,
            ["events", "archive"] => Self::Archive,
            ["locations", _] => Self::Location,
            [entity] | [entity, _] if ENTITIES.contains(entity) => Self::Entity,
            _ => Self::Unknown,
        }
    }

    /// The only method it takes, if there is such a route.
    pub(super) fn method(self) -> Option<Method> {
        match self {
            Self::Unknown => None,
            Self::Login => Some(Method::POST),
            _ => Some(Method::GET),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_one_route() {
        for (path, want) in [
            ("/", Route::Health),
            ("", Route::Health),
            ("/auth/login", Route::Login),
            ("/auth/refresh", Route::Refresh),
            ("/auth/whoami", Route::Whoami),
            ("/auth/logout", Route::Unknown),
            ("/events", Route::Events),
            ("/events/", Route::Unknown),
            ("/events/archive", Route::Archive),
            ("/events/1", Route::Unknown),
            ("/locations/place-1", Route::Location),
            ("/locations", Route::Entity),
            ("/projects/1", Route::Entity),
            ("/tags", Route::Entity),
            ("/projects/1/subscription", Route::Unknown),
            ("//events", Route::Unknown),
        ] {
            assert_eq!(Route::of(path), want, "{path}");
        }
    }
}
