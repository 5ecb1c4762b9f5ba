//! What was asked of the double, and what should not have been.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
};

use axum::http::Method;
use chrono::{DateTime, Utc};

use super::Rate;

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
pub(super) struct Ledger<R> {
    calls: BTreeMap<R, u64>,
    recent: VecDeque<DateTime<Utc>>,
    violations: Vec<Violation>,
}

impl<R: Copy + Ord> Ledger<R> {
    /// Nothing asked yet.
    pub(super) fn new() -> Self {
        Self {
            calls: BTreeMap::new(),
            recent: VecDeque::new(),
            violations: Vec::new(),
        }
    }

    /// Notes a call.
    pub(super) fn arrived(&mut self, route: R) {
        *self.calls.entry(route).or_default() += 1;
    }

    /// How often a route was called.
    pub(super) fn calls(&self, route: R) -> u64 {
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

    /// Counts a call at `now`, and says how many more there may be; `None` if this was one too many, which is not counted.
    pub(super) fn within(&mut self, rate: Rate, now: DateTime<Utc>) -> Option<usize> {
        self.recent.retain(|at| now - at < rate.per);
        let left = rate.calls.get().checked_sub(self.recent.len() + 1)?;
        self.recent.push_back(now);
        Some(left)
    }
}
