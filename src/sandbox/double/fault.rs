//! Faults a test injects: each is something a real upstream does one day.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

/// How a route misbehaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The upstream's own way to say that credentials are no longer good: for the next call as when a token expires early,
    /// for good as when it was withdrawn.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 429, with or without `Retry-After`.
    TooMany(Option<RetryAfter>),
    /// 500.
    Broken,
    /// 503, with or without `Retry-After`.
    Unavailable(Option<RetryAfter>),
    /// A page for people with that status, as gateways send.
    Page(StatusCode),
    /// 200 and a page for people.
    Html,
    /// No answer until the route is cleared, the double stops, or the client leaves; then the true one.
    Hang,
    /// The true answer in eight pieces with a pause before each.
    Slow {
        /// How long each piece lets wait.
        pause: Duration,
    },
    /// The first half of the true answer, as a complete 200.
    Truncated,
    /// The first half of the true answer, and the connection is gone.
    Cut,
    /// The true list, its last record repeated until the body has about so many bytes.
    Huge {
        /// Least size of the body.
        bytes: usize,
    },
    /// The true answer with nothing in its list.
    Empty,
    /// The true answer, but one record of its list has a number where text belongs.
    WrongType,
    /// The true answer, but one record of its list has a value that no documentation lists.
    UnknownValue,
    /// The true answer, but every record has a field that no documentation names.
    UnknownFields,
    /// The true answer, but every record stands twice.
    Duplicates,
}

/// What a `Retry-After` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so many seconds.
    Seconds(u32),
    /// At an instant, sent as an HTTP date (RFC 9110 §5.6.7).
    At(DateTime<Utc>),
}

/// How long a fault lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// For the next so many calls.
    Next(u32),
    /// Until its route is cleared.
    UntilCleared,
}

/// The faults that are to come, by route, first come first.
pub(super) struct Faults<R> {
    waiting: BTreeMap<R, VecDeque<(Fault, Lasting)>>,
    /// How often each route was cleared; a call that hangs waits for the next time.
    cleared: BTreeMap<R, u64>,
}

impl<R: Copy + Ord> Faults<R> {
    /// None yet.
    pub(super) fn new() -> Self {
        Self {
            waiting: BTreeMap::new(),
            cleared: BTreeMap::new(),
        }
    }

    /// Adds a fault behind those that wait already.
    pub(super) fn add(&mut self, route: R, fault: Fault, lasting: Lasting) {
        if lasting != Lasting::Next(0) {
            self.waiting
                .entry(route)
                .or_default()
                .push_back((fault, lasting));
        }
    }

    /// Forgets the faults of a route.
    pub(super) fn clear(&mut self, route: R) {
        self.waiting.remove(&route);
        *self.cleared.entry(route).or_default() += 1;
    }

    /// How often the route was cleared.
    pub(super) fn cleared(&self, route: R) -> u64 {
        self.cleared.get(&route).copied().unwrap_or_default()
    }

    /// The fault of the call that has just come.
    pub(super) fn next(&mut self, route: R) -> Option<Fault> {
        let queue = self.waiting.get_mut(&route)?;
        let (fault, lasting) = queue.front_mut()?;
        let fault = fault.clone();
        match lasting {
            Lasting::Next(1) => drop(queue.pop_front()),
            Lasting::Next(left) => *left -= 1,
            Lasting::UntilCleared => {}
        }
        Some(fault)
    }
}

impl RetryAfter {
    /// As a header value.
    pub(super) fn header(self) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::At(at) => httpdate::fmt_http_date(at.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_order_and_for_as_long_as_was_said() {
        let mut faults = Faults::new();
        faults.add("events", Fault::Broken, Lasting::Next(2));
        faults.add("events", Fault::Html, Lasting::Next(0));
        faults.add("events", Fault::Empty, Lasting::UntilCleared);
        assert_eq!(faults.next("archive"), None);
        for want in [Fault::Broken, Fault::Broken, Fault::Empty, Fault::Empty] {
            assert_eq!(faults.next("events"), Some(want));
        }
        faults.clear("events");
        assert_eq!(faults.next("events"), None);
    }
}
