//! What a reader is told when there is no calendar to give.

use std::any::Any;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    api::Chain,
    domain::window::BadWindow,
    feed::{FeedError, Missing},
};

use super::plain::{method_not_allowed, plain};

/// When a reader may ask again for a source that does not answer.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("30");

/// Why a request gets no calendar.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebError {
    /// Nothing of that name. What exactly is missing, or closed, is not said (design §13).
    #[error("no such calendar")]
    Unknown,
    #[error(transparent)]
    Window(#[from] BadWindow),
    #[error(transparent)]
    Feed(FeedError),
}

impl From<FeedError> for WebError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Unknown => Self::Unknown,
            other => Self::Feed(other),
        }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => unknown(),
            Self::Window(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
            Self::Feed(FeedError::Missing { source_id, why }) => missing(&source_id, &why),
            Self::Feed(FeedError::Bug) => bug(),
            Self::Feed(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
        }
    }
}

fn missing(source: &crate::domain::id::SourceId, why: &Missing) -> Response {
    tracing::debug!(%source, error = %Chain(why), "nothing to serve yet");
    let status = match why {
        Missing::Failed(_) => StatusCode::BAD_GATEWAY,
        Missing::Pending | Missing::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    not_yet(status)
}

fn not_yet(status: StatusCode) -> Response {
    let mut response = plain(
        status,
        "the system this calendar comes from has not answered yet; ask again in half a minute",
    );
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, RETRY_AFTER);
    response
}

fn bug() -> Response {
    plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "something went wrong here; the operator's log knows more",
    )
}

/// The one answer to all that is not there, or not for whoever asks.
pub(super) fn unknown() -> Response {
    plain(
        StatusCode::NOT_FOUND,
        "no such calendar; the start page lists those there are, and their addresses end in .ics",
    )
}

/// Any path that is no route.
pub(super) async fn unknown_path() -> Response {
    unknown()
}

/// Any method but GET and HEAD.
pub(super) async fn method() -> Response {
    method_not_allowed()
}

/// A bug. The reader learns nothing of it, the log everything but what was asked.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that the panic layer asks for"
)]
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(
        panic = message.unwrap_or("without a message"),
        "a request failed by a bug"
    );
    bug()
}
