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
mod origin;
mod page;
pub mod plain;
mod qr;
mod ration;
pub mod respond;
pub mod serve;
pub mod site;
mod snippet;
mod speech;
pub mod stall;
mod state;
mod structured;
mod subscribe;
mod toll;
pub mod traffic;
mod webhook;
mod words;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{any, get},
};
use tower_http::catch_panic::CatchPanicLayer;
use url::Url;

use crate::{clock::Clock, feed::Feeds};

use traffic::Traffic;

pub use toll::Tolls;

/// What handlers need.
#[derive(Debug, Clone)]
pub struct App {
    /// Every feed there is.
    pub feeds: Arc<Feeds>,
    /// The address readers know, without a slash at its end.
    pub public_url: Arc<Url>,
    /// Parts of `User-Agent` lines of readers that get nothing compressed (interop H9).
    pub uncompressed_agents: Arc<[String]>,
    /// What readers may have made for them.
    pub tolls: Arc<Tolls>,
    /// What is counted of whoever comes to the listener of readers.
    pub traffic: Arc<Traffic>,
    /// The time.
    pub clock: Clock,
}

/// The whole tree of addresses.
pub fn router(app: App) -> Router {
    let admitted = middleware::from_fn_with_state(app.clone(), toll::admit_to_page);
    let routes = Router::new()
        .route("/", get(home::home).route_layer(admitted.clone()))
        .merge(calendars(&app))
        .nest("/s/{token}", calendars(&app))
        .route("/oembed", get(oembed::oembed).route_layer(admitted))
        .route("/hooks/{source}/{secret}", any(webhook::webhook))
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
        .layer(CatchPanicLayer::custom(error::panicked))
        .with_state(app)
}

/// The calendars, which stand at the root and once more below every token.
fn calendars(app: &App) -> Router<App> {
    let admitted = middleware::from_fn_with_state(app.clone(), toll::admit_to_page);
    Router::new()
        .route("/feeds/{file}", get(feed::feed))
        .route("/feeds/{window}/{file}", get(feed::feed))
        .route("/groups/{source}/{group}", get(feed::group))
        .route("/groups/{source}/{group}/{file}", get(feed::group))
        .route("/groups/{source}/{group}/{window}/{file}", get(feed::group))
        .route(
            "/groups/{source}/{group}/events/{file}",
            get(feed::group_event),
        )
        .route("/events/{feed}/{file}", get(feed::event))
        .route("/download/{file}", get(feed::download))
        .route("/download/{window}/{file}", get(feed::download))
        .merge(embed::routes().route_layer(admitted))
}
