//! What upstreams call when something has changed.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{Method, StatusCode},
    response::Response,
};
use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::{App, error::unknown_path, plain::plain};

/// How much of a body is read, in bytes, so that its sender gets to the answer. None of it is kept.
const BODY_MAX: usize = 8 * 1024 * 1024;
/// How long it may take: Prospero gives an answer five seconds, and a sender that dawdles gets its answer before the end.
const BODY_TIME: Duration = Duration::from_secs(2);

/// `POST /hooks/{source}/{secret}`: exactly 200 for the right secret, since Prospero counts every other code as a failure.
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
            drain(request.into_body()).await;
            plain(StatusCode::OK, "ok")
        }
        _ => unknown_path(request.uri().clone(), request.headers().clone()).await,
    }
}

/// Reads a body to its end and forgets it: many a sender takes an answer before that for a broken connection.
async fn drain(body: Body) {
    let mut pieces = body.into_data_stream();
    let read = async {
        let mut left = BODY_MAX;
        while let Some(Ok(piece)) = pieces.next().await {
            match left.checked_sub(piece.len()) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    _ = timeout(BODY_TIME, read).await;
}
