//! Which paths there are, and how each may be asked.

use axum::http::Method;

use crate::sandbox::double::segments;

/// A sort of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// What is to be done.
    Tasks,
    /// What may be sold.
    Deals,
    /// What happened.
    Activities,
    /// People.
    Contacts,
    /// Organisations.
    Companies,
    /// Ways a deal can go.
    Pipelines,
}

/// A route a reader may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `POST /v1/{resource}/search`
    Search(Resource),
    /// `GET /v1/{resource}/{id}`
    Record(Resource),
    /// `GET /v1/pipelines`, which may be tried.
    Pipelines,
    /// Anything else.
    Unknown,
}

impl Resource {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "tasks" => Self::Tasks,
            "deals" => Self::Deals,
            "activities" => Self::Activities,
            "contacts" => Self::Contacts,
            "companies" => Self::Companies,
            "pipelines" => Self::Pipelines,
            _ => return None,
        })
    }
}

impl Route {
    /// The route of a path.
    pub(super) fn of(path: &str) -> Self {
        let found = match segments(path).as_slice() {
            ["v1", "pipelines"] => Some(Self::Pipelines),
            ["v1", resource, "search"] => Resource::of(resource).map(Self::Search),
            ["v1", resource, id] if !id.is_empty() => Resource::of(resource).map(Self::Record),
            _ => None,
        };
        found.unwrap_or(Self::Unknown)
    }

    /// The only method it takes, if there is such a route.
    pub(super) fn method(self) -> Option<Method> {
        match self {
            Self::Search(_) => Some(Method::POST),
            Self::Record(_) | Self::Pipelines => Some(Method::GET),
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_one_route() {
        for (path, want) in [
            ("/v1/tasks/search", Route::Search(Resource::Tasks)),
            ("/v1/deals/deal_1", Route::Record(Resource::Deals)),
            ("/v1/pipelines", Route::Pipelines),
            ("/v1/pipelines/search", Route::Search(Resource::Pipelines)),
            ("/v1/tasks", Route::Unknown),
            ("/v1/tasks/", Route::Unknown),
            ("/v1/deals/deal_1/stage", Route::Unknown),
            ("/v1/notes/search", Route::Unknown),
            ("/tasks/search", Route::Unknown),
        ] {
            assert_eq!(Route::of(path), want, "{path}");
        }
    }
}
