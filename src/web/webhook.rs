//! What upstreams call when something has changed.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{Method, StatusCode},
    response::Response,
};
use futures_util::StreamExt as _;
use hyper::body::Body as _;
use tokio::time::timeout;

use super::{App, error::unknown_path, plain::plain};

/// How much of a body is read, in bytes, so that its sender gets to the answer. None of it is kept.
const BODY_MAX: usize = 8 * 1024 * 1024;
/// How long it may take: Prospero gives an answer five seconds.
const BODY_TIME: Duration = Duration::from_secs(2);

/// `POST /hooks/{source}/{secret}`: exactly 200 for the right secret, since Prospero counts every other code as a failure;
/// but whoever sends what no webhook sends is told so, although the call counts.
///
/// Everything else about this path is as if it were none: another method would otherwise tell which paths are webhooks.
pub(super) async fn webhook(
    State(app): State<App>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    match path {
        Ok(Path((source, secret)))
            if request.method() == Method::POST && app.feeds.hooked(&source, &secret) =>
        {
            match timeout(BODY_TIME, drain(request.into_body())).await {
                Ok(Drained::Whole) => plain(StatusCode::OK, "ok"),
                Ok(Drained::TooLong) => plain(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "the call counts, but its body is too long; send none, or 8 MiB at most",
                ),
                Err(_) => plain(
                    StatusCode::REQUEST_TIMEOUT,
                    "the call counts, but its body did not arrive within two seconds; send none, or a short one",
                ),
            }
        }
        _ => unknown_path(request.uri().clone(), request.headers().clone()).await,
    }
}

/// What became of a body.
enum Drained {
    /// It has ended, or its sender has left.
    Whole,
    TooLong,
}

/// Reads a body to its end and forgets it: many a sender takes an answer before that for a broken connection.
async fn drain(body: Body) -> Drained {
    let mut left = BODY_MAX;
    if body.size_hint().lower() > BODY_MAX as u64 {
        return Drained::TooLong;
    }
    let mut pieces = body.into_data_stream();
    while let Some(Ok(piece)) = pieces.next().await {
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return Drained::TooLong,
        }
    }
    Drained::Whole
}
