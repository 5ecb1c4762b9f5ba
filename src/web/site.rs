//! What answers requests, replaceable under open connections.

use std::{future::ready, sync::Arc};

use arc_swap::ArcSwap;
use axum::{
    BoxError, Router,
    body::{Bytes, HttpBody},
    http::Request,
    response::Response,
};
use futures_util::future::Either;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use super::{App, traffic::Visit};

/// A tree of addresses; another may take its place, and every request from then on is answered by that one.
#[derive(Debug, Clone)]
pub struct Site(Arc<ArcSwap<Tree>>);

/// A tree of addresses.
#[derive(Debug)]
pub struct Tree {
    router: Router,
    /// Whose calendars are answered at once where they can be.
    app: Option<App>,
}

impl Site {
    /// Puts `tree` in the place of the one before. Requests that it has begun to answer get its answer.
    pub fn replace(&self, tree: impl Into<Tree>) {
        self.0.store(Arc::new(tree.into()));
    }

    /// Counts a connection as long as what it returns lives, if this is what readers talk to.
    pub(super) fn enter(&self) -> Option<Visit> {
        let tree = self.0.load();
        tree.app.as_ref().map(|app| app.traffic.enter())
    }

    /// What the tree of this moment answers, from memory at once where it can.
    pub fn answer<B>(&self, request: Request<B>) -> impl Future<Output = Response> + Send + use<B>
    where
        B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let tree = self.0.load();
        if let Some(answer) = tree.app.as_ref().and_then(|app| app.at_once(&request)) {
            return Either::Left(ready(answer));
        }
        let answer = TowerToHyperService::new(tree.router.clone()).call(request);
        Either::Right(async {
            let Ok(answer) = answer.await;
            answer
        })
    }

    /// Counts an answer as it goes out, if this is what readers talk to.
    pub(super) fn answered(&self, answer: &Response) {
        if let Some(app) = &self.0.load().app {
            app.traffic.answered(answer.status());
        }
    }
}

impl<T: Into<Tree>> From<T> for Site {
    fn from(tree: T) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(tree.into())))
    }
}

impl From<Router> for Tree {
    fn from(router: Router) -> Self {
        Self { router, app: None }
    }
}

/// The tree that readers talk to.
impl From<App> for Tree {
    fn from(app: App) -> Self {
        Self {
            router: super::router(app.clone()),
            app: Some(app),
        }
    }
}
