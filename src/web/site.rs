//! What answers requests, replaceable under open connections.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;

/// A tree of addresses; another may take its place, and every request from then on is answered by that one.
#[derive(Debug, Clone)]
pub struct Site(Arc<ArcSwap<Router>>);

impl Site {
    /// Puts `router` in the place of the one before. Requests that it has begun to answer get its answer.
    pub fn replace(&self, router: Router) {
        self.0.store(Arc::new(router));
    }

    /// The tree there is now.
    pub fn current(&self) -> Router {
        Router::clone(&self.0.load())
    }
}

impl From<Router> for Site {
    fn from(router: Router) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(router)))
    }
}
