//! The server that readers talk to: every route, in the order of the README.

mod address;
pub mod admin;
mod assets;
pub mod cache_policy;
pub mod conditional;
mod door;
mod embed;
pub mod encoding;
mod error;
mod event;
mod feed;
mod home;
mod https;
mod json;
mod made;
mod oembed;
mod page;
pub mod plain;
mod qr;
pub mod respond;
pub mod serve;
pub mod site;
mod snippet;
pub mod stall;
mod state;
mod structured;
mod subscribe;
pub mod traffic;
mod webhook;
mod words;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::StatusCode,
    middleware,
    routing::{any, get},
};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};
use url::Url;

use crate::{clock::Clock, feed::Feeds};

use traffic::Traffic;

/// How long an answer may take before the reader is told to come back: longer than a first reader waits for a source.
const ANSWER_TIME: Duration = Duration::from_secs(28);

/// What handlers need.
#[derive(Debug, Clone)]
pub struct App {
    /// Every feed there is.
    pub feeds: Arc<Feeds>,
    /// The address readers know, without a slash at its end.
    pub public_url: Arc<Url>,
    /// Parts of `User-Agent` lines of readers that get nothing compressed (interop H9).
    pub uncompressed_agents: Arc<[String]>,
    /// What is counted of whoever comes to the listener of readers.
    pub traffic: Arc<Traffic>,
    /// The time.
    pub clock: Clock,
}

/// The whole tree of addresses.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .route("/", get(home::home))
        .merge(calendars())
        .nest("/s/{token}", calendars())
        .route("/oembed", get(oembed::oembed))
        .route("/hooks/{source}/{secret}", any(webhook::webhook))
        .merge(embed::routes())
        .route("/assets/{name}", get(assets::asset))
        .route("/robots.txt", get(state::robots))
        .route("/healthz", get(state::healthz))
        .route("/readyz", get(state::readyz))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::method);
    let routes = if app.public_url.scheme() == "https" {
        routes.layer(middleware::from_fn_with_state(app.clone(), https::redirect))
    } else {
        routes
    };
    routes
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER_TIME,
        ))
        .layer(CatchPanicLayer::custom(error::panicked))
        .with_state(app)
}

/// The calendars, which stand at the root and once more below every token.
fn calendars() -> Router<App> {
    Router::new()
        .route("/feeds/{file}", get(feed::feed))
        .route("/feeds/{window}/{file}", get(feed::feed))
        .route("/groups/{source}/{group}", get(feed::group))
        .route("/groups/{source}/{group}/{file}", get(feed::group))
        .route("/groups/{source}/{group}/{window}/{file}", get(feed::group))
        .route("/events/{feed}/{file}", get(feed::event))
        .route("/download/{file}", get(feed::download))
        .route("/download/{window}/{file}", get(feed::download))
}
