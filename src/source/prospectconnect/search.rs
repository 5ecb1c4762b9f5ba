//! The searches, by which everything is read (`upstreams/prospectconnect.md` §7).
//!
//! Pages are counted by offset underneath, so a list is walked from its oldest record: what is added meanwhile lands at
//! the end. What is deleted meanwhile makes a page skip a record; the batch then doubts that it is gone.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use reqwest::{
    StatusCode,
    header::{HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    api::{Api, ApiError, Call, Page},
    source::record::Object,
};

use super::{page::Rows, wire::Record};

/// The header that pins the contract (§2).
const VERSION: HeaderName = HeaderName::from_static("version");
/// Records per page; more is an error (§7).
const PAGE: u32 = 100;

/// How the upstream is asked.
#[derive(Debug)]
pub(super) struct Searches {
    base_url: Url,
    version: HeaderValue,
    /// The routes whose lists cannot be ordered.
    unordered: Mutex<BTreeSet<&'static str>>,
}

/// In which order a list is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    OldestFirst,
    Upstream,
}

impl Searches {
    pub(super) fn new(base_url: Url, version: HeaderValue) -> Self {
        Self {
            base_url,
            version,
            unordered: Mutex::default(),
        }
    }

    /// Whether the list of `route` turned out to have no order that we can ask for.
    pub(super) fn is_unordered(&self, route: &'static str) -> bool {
        self.unordered().contains(route)
    }

    /// Reads `path`, a route that is no search.
    pub(super) fn get(&self, path: &[&str], route: &'static str) -> Call {
        let call = Call::get(self.url(path)).route(route);
        call.header(VERSION, self.version.clone())
    }

    /// Searches the records of `word` for what is `wanted`.
    pub(super) fn search(&self, word: &str, route: &'static str, wanted: &Value) -> Call {
        let call = Call::search(self.url(&[word, "search"]), wanted).route(route);
        call.header(VERSION, self.version.clone())
    }

    /// Every record that `word` has.
    ///
    /// # Errors
    /// Every [`ApiError`] of any page; a list that refuses to be ordered is walked in the upstream's own order, and one
    /// that gets lost on its way, as by a cursor that has gone stale, is walked once more from its beginning.
    pub(super) async fn all(
        &self,
        api: &Api,
        word: &str,
        route: &'static str,
    ) -> Result<Vec<Object<Box<Record>>>, ApiError> {
        let mut order = if self.is_unordered(route) {
            Order::Upstream
        } else {
            Order::OldestFirst
        };
        let mut begun_again = false;
        loop {
            let mut pages = 0;
            let first = self.page(word, route, order, None);
            let walked = api.pages(first, |Rows { rows, next }| {
                pages += 1;
                Page {
                    items: rows,
                    next: next.map(|cursor| self.page(word, route, order, Some(&cursor))),
                }
            });
            match walked.await {
                Err(error) if !is_bad_body(&error) => return Err(error),
                Err(_) if pages == 0 && order == Order::OldestFirst => order = Order::Upstream,
                Err(_) if pages > 0 && !begun_again => begun_again = true,
                Err(error) => return Err(error),
                Ok(rows) => {
                    if order == Order::Upstream {
                        self.unordered().insert(route);
                    }
                    return Ok(rows);
                }
            }
        }
    }

    /// One page, the first without a cursor; all but the cursor stays the same on the way.
    fn page(&self, word: &str, route: &'static str, order: Order, cursor: Option<&str>) -> Call {
        let mut wanted = json!({ "limit": PAGE });
        if order == Order::OldestFirst {
            wanted["order_by"] = "created_at".into();
            wanted["sort_direction"] = "asc".into();
        }
        if let Some(cursor) = cursor {
            wanted["cursor"] = cursor.into();
        }
        self.search(word, route, &wanted)
    }

    /// `path` below the base address, whatever prefix that has.
    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    fn unordered(&self) -> std::sync::MutexGuard<'_, BTreeSet<&'static str>> {
        self.unordered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the upstream finds fault with what was asked for: both codes are documented for it (§5).
fn is_bad_body(error: &ApiError) -> bool {
    let bad = [StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];
    matches!(error, ApiError::Rejected { status, .. } if bad.contains(status))
}
