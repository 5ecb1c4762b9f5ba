//! Which paths there are.

use crate::sandbox::double::segments;

/// A route a reader may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `GET /v1/group/all`
    Groups,
    /// `GET /v1/group/latest`
    LatestGroup,
    /// `GET /v1/group/{prokey}`
    Group,
    /// `GET /v1/event/all`
    Events,
    /// `GET /v1/event/latest`
    LatestEvent,
    /// `GET /v1/event/{prokey}`
    Event,
    /// Anything else. Sign-ups are people's own business, and templates are of no use to a calendar.
    Unknown,
}

impl Route {
    /// The route of a path.
    pub(super) fn of(path: &str) -> Self {
        match segments(path).as_slice() {
            ["v1", "group", "all"] => Self::Groups,
            ["v1", "group", "latest"] => Self::LatestGroup,
            ["v1", "group", key] if !key.is_empty() => Self::Group,
            ["v1", "event", "all"] => Self::Events,
            ["v1", "event", "latest"] => Self::LatestEvent,
            ["v1", "event", key] if !key.is_empty() => Self::Event,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_one_route() {
        for (path, want) in [
            ("/v1/group/all", Route::Groups),
            ("/v1/group/latest", Route::LatestGroup),
            ("/v1/group/5f1c", Route::Group),
            ("/v1/group/", Route::Unknown),
            ("/v1/event/all", Route::Events),
            ("/v1/event/latest", Route::LatestEvent),
            ("/v1/event/5f1c", Route::Event),
            ("/v1/event/5f1c/dates", Route::Unknown),
            ("/event/all", Route::Unknown),
            ("/v1/rsvp-answers/5f1c", Route::Unknown),
            ("/v1", Route::Unknown),
        ] {
            assert_eq!(Route::of(path), want, "{path}");
        }
    }
}
