//! Which paths there are, and how each may be asked.

use axum::http::Method;

use crate::sandbox::double::segments;

/// A route a reader may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `POST /v1/security/oauth/token`
    Token,
    /// `GET /v1/accounts/prosper/`
    Account,
    /// `GET /v1/notes/`
    Notes,
    /// `GET /v1/notes/{id}`
    Note,
    /// `GET /v1/loans/payments/`, and the same without `/v1`
    Payments,
    /// `GET /listingsvc/v2/listings/`
    Listings,
    /// One of these without its final slash: a redirect to it.
    Slashless,
    /// Anything else; orders are none of a reader's business.
    Unknown,
}

impl Route {
    /// The route of a path.
    pub(super) fn of(path: &str) -> Self {
        match segments(path).as_slice() {
            ["v1", "security", "oauth", "token"] => Self::Token,
            ["v1", "accounts", "prosper", ""] => Self::Account,
            ["v1", "notes", ""] => Self::Notes,
            ["v1", "notes", _] => Self::Note,
            ["v1", "loans", "payments", ""] | ["loans", "payments", ""] => Self::Payments,
            ["listingsvc", "v2", "listings", ""] => Self::Listings,
            ["v1", "accounts", "prosper"]
            | ["v1", "notes"]
            | ["v1", "loans", "payments"]
            | ["listingsvc", "v2", "listings"] => Self::Slashless,
            _ => Self::Unknown,
        }
    }

    /// The only method it takes, if there is such a route.
    pub(super) fn method(self) -> Option<Method> {
        match self {
            Self::Token => Some(Method::POST),
            Self::Unknown => None,
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
            ("/v1/security/oauth/token", Route::Token),
            ("/v1/accounts/prosper/", Route::Account),
            ("/v1/notes/", Route::Notes),
            ("/v1/notes", Route::Slashless),
            ("/v1/notes/35659-26", Route::Note),
            ("/v1/loans/payments/", Route::Payments),
            ("/loans/payments/", Route::Payments),
            ("/listingsvc/v2/listings/", Route::Listings),
            ("/listingsvc/v2/listings", Route::Slashless),
            ("/v1/listingsvc/v2/listings/", Route::Unknown),
            ("/v1/orders/", Route::Unknown),
            ("/v1/loans/", Route::Unknown),
        ] {
            assert_eq!(Route::of(path), want, "{path}");
        }
    }
}
