//! What answers requests, replaceable under open connections.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;

use super::traffic::{Traffic, Visit};

/// A tree of addresses; another may take its place, and every request from then on is answered by that one.
#[derive(Debug, Clone)]
pub struct Site {
    router: Arc<ArcSwap<Router>>,
    traffic: Arc<Traffic>,
}

impl Site {
    /// The tree `router`, to which whoever comes is counted in `traffic`.
    #[must_use]
    pub fn new(router: Router, traffic: Arc<Traffic>) -> Self {
        let router = Arc::new(ArcSwap::from_pointee(router));
        Self { router, traffic }
    }

    /// Counts a connection, as long as what it returns lives.
    pub(super) fn enter(&self) -> Visit {
        self.traffic.enter()
    }

    /// Puts `router` in the place of the one before. Requests that it has begun to answer get its answer.
    pub fn replace(&self, router: Router) {
        self.router.store(Arc::new(router));
    }

    /// The tree there is now.
    pub fn current(&self) -> Router {
        Router::clone(&self.router.load())
    }
}

impl From<Router> for Site {
    fn from(router: Router) -> Self {
        Self::new(router, Arc::default())
    }
}
