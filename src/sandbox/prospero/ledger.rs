//! What was asked of the double, and what should not have been.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
};

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};

use super::route::Route;

/// Something a read-only, polite client does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// With which method.
    pub method: Method,
    /// On which path, without its query.
    pub path: String,
    /// What is wrong with that.
    pub fact: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.method, self.path, self.fact)
    }
}

/// Counts of calls, and violations in the order they came.
#[derive(Default)]
pub(super) struct Ledger {
    calls: BTreeMap<Route, u64>,
    recent: VecDeque<DateTime<Utc>>,
    violations: Vec<Violation>,
}

impl Ledger {
    /// Notes a call.
    pub(super) fn arrived(&mut self, route: Route) {
        *self.calls.entry(route).or_default() += 1;
    }

    /// How often a route was called.
    pub(super) fn calls(&self, route: Route) -> u64 {
        self.calls.get(&route).copied().unwrap_or_default()
    }

    /// Notes a violation.
    pub(super) fn blame(&mut self, method: &Method, path: &str, fact: impl Into<String>) {
        self.violations.push(Violation {
            method: method.clone(),
            path: path.to_owned(),
            fact: fact.into(),
        });
    }

    /// The violations so far.
    pub(super) fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Whether a call at `now` is within `rate` calls of the last second; one that is not does not count further.
    pub(super) fn within(&mut self, rate: usize, now: DateTime<Utc>) -> bool {
        self.recent.retain(|at| now - at < TimeDelta::seconds(1));
        let room = self.recent.len() < rate;
        if room {
            self.recent.push_back(now);
        }
        room
    }
}
