//! What machines ask: crawlers, load balancers, supervisors.

use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    domain::id::SourceId,
    feed::{Standing, Units},
};

use super::{App, plain::plain};

/// `/robots.txt`: feeds are open to every fetcher, and no secret path is named (interop H19). Embeds and fragments are left out: their
/// links lead through all years in all views, and what they show is on the pages of the feeds.
pub(super) async fn robots() -> Response {
    plain(
        StatusCode::OK,
        "User-agent: *\nAllow: /\nDisallow: /embed/\nDisallow: /fragment/",
    )
}

/// `/healthz`: the process answers.
pub(super) async fn healthz() -> Response {
    plain(StatusCode::OK, "ok")
}

/// `/readyz`: every source has delivered or failed, and at least one has something to show, however old. One that fails
/// does not take the others out of service.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let standing = |(id, units): (_, &Units)| (id, units.standing());
    let all: Vec<(&SourceId, Standing)> = app.feeds.sources().map(standing).collect();
    let pending = all
        .iter()
        .any(|(_, standing)| standing.snapshot.is_none() && standing.failure.is_none());
    let empty: Vec<&str> = all
        .iter()
        .filter(|(_, standing)| standing.snapshot.is_none())
        .map(|(id, _)| id.as_str())
        .collect();
    let nothing_yet = format!("nothing yet from: {}", empty.join(", "));
    match (
        pending || empty.len() == all.len() && !all.is_empty(),
        empty.is_empty(),
    ) {
        (true, _) => plain(StatusCode::SERVICE_UNAVAILABLE, &nothing_yet),
        (false, true) => plain(StatusCode::OK, "ready"),
        (false, false) => plain(StatusCode::OK, &format!("ready; {nothing_yet}")),
    }
}
