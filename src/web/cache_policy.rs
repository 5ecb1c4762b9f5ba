//! How long others may keep an answer.

use axum::http::HeaderValue;

use crate::feed::FeedName;

/// Who may keep an answer, and for how long. The one place where `Cache-Control` is written (interop H15, B16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CachePolicy {
    /// Anybody: five minutes, for a day more while it is refreshed, and for a week when we cannot be reached.
    Public,
    /// The reader alone, five minutes: what stands below a secret token.
    Private,
    /// Anybody, for a year: what has the hash of its bytes in its address.
    Immutable,
    /// Nobody: what a change of the configuration may make wrong.
    Never,
}

impl CachePolicy {
    /// That of the calendars and pages of a feed.
    #[must_use]
    pub const fn of(name: &FeedName) -> Self {
        match name {
            FeedName::Configured(_) | FeedName::Group(..) => Self::Public,
            FeedName::Closed(_) | FeedName::ClosedGroup(..) => Self::Private,
        }
    }

    /// The value of `Cache-Control`.
    #[must_use]
    pub const fn header(self) -> HeaderValue {
        match self {
            Self::Public => HeaderValue::from_static(
                "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
            ),
            Self::Private => HeaderValue::from_static("private, max-age=300"),
            Self::Immutable => HeaderValue::from_static("public, max-age=31536000, immutable"),
            Self::Never => HeaderValue::from_static("no-store"),
        }
    }
}
