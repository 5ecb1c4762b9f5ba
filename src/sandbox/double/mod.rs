//! What every double is made of: a server on loopback, faults on demand, a count of calls, a list of violations.
//!
//! A kind of upstream is a [`Double`]: its routes and its true answers. The rest is the same for all, so that a test of
//! every kind is written once.

mod answer;
mod broken;
mod calendar;
mod drip;
mod fault;
mod ledger;
mod running;
mod spoil;

use std::{fmt, num::NonZeroUsize};

use axum::http::{Method, StatusCode, request::Parts};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{clock::Clock, sandbox::season::Season};

pub use self::{
    answer::Answer,
    calendar::{Ending, Folds},
    fault::{Fault, Lasting, RetryAfter},
    ledger::Violation,
    running::Running,
};
pub(super) use self::{answer::Records, calendar::Calendar, running::start};

/// One kind of upstream: what there is to ask, and what it answers when all is well.
pub trait Double: Send + 'static {
    /// What can be called.
    type Route: Copy + Ord + fmt::Debug + Send + Sync + 'static;

    /// The path that every route is below, without a final slash.
    const BASE: &'static str = "";

    /// The route of a whole path.
    fn route(&self, path: &str) -> Self::Route;

    /// The only method a route takes; `None` where there is nothing, which to ask for is a violation.
    fn method(route: Self::Route) -> Option<Method>;

    /// What time it is there.
    fn clock(&self) -> &Clock;

    /// How often it may be asked; `None`: any number of times.
    fn rate(&self) -> Option<Rate>;

    /// What it tells of; changed by tests between polls.
    fn season(&mut self) -> &mut Season;

    /// The true answer to a call.
    fn answer(&mut self, call: &Call<'_, Self::Route>) -> Answer;

    /// How it says no, be it by itself or because a test wants it to.
    fn refusal(&self, status: StatusCode, fact: &str) -> Answer;

    /// How it says that credentials are no longer good.
    fn unauthorized(&self) -> Answer {
        self.refusal(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    /// How it says that it was asked too often.
    fn too_many(&self, retry_after: Option<RetryAfter>) -> Answer {
        self.refusal(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
            .retry_after(retry_after)
    }
}

/// What happens to a list while a client turns its first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Nothing.
    Still,
    /// A record came in before it, so that the last one of the page opens the next.
    Repeats,
    /// A record was taken out of it, so that the first one of the next page is never seen.
    Skips,
}

impl Drift {
    /// Where a page begins that the client thinks begins at `offset`, when pages have `size` records.
    pub(super) fn moved(self, offset: usize, size: usize) -> usize {
        match self {
            Self::Repeats if offset == size => offset - 1,
            Self::Skips if offset == size => offset + 1,
            _ => offset,
        }
    }
}

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many calls.
    pub calls: NonZeroUsize,
    /// In how long a time, by the double's own clock.
    pub per: TimeDelta,
}

impl Rate {
    /// So many calls in every second.
    #[must_use]
    pub fn per_second(calls: NonZeroUsize) -> Self {
        let per = TimeDelta::seconds(1);
        Self { calls, per }
    }
}

/// A call that may be made.
#[derive(Debug)]
pub struct Call<'a, R> {
    /// What is called.
    pub(super) route: R,
    /// Its address and headers.
    pub(super) parts: &'a Parts,
    /// Its body.
    pub(super) body: &'a [u8],
    /// When it came.
    pub(super) now: DateTime<Utc>,
    /// How many more calls there may be at this time, if that is limited.
    pub(super) left: Option<usize>,
}

impl<R> Call<'_, R> {
    /// The path, without the query.
    pub(super) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The query, empty if there is none.
    pub(super) fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// A header of one line of text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }
}

/// The parts of a path; an empty path has none.
pub(super) fn segments(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        Vec::new()
    } else {
        path.split('/').collect()
    }
}
