//! What the operator sees, on a listener of its own: no reader comes here.

mod status;

use axum::{Router, routing::get};

use super::{App, assets, error};

/// Every address of the admin listener.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/status", get(status::page))
        .route("/status.json", get(status::json))
        .route("/metrics", get(status::metrics))
        .route("/assets/{name}", get(assets::asset))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::method)
        .with_state(app)
}
