//! Faults a test injects: each is something a real upstream does one day.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::route::Route;

/// How a route misbehaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// 429, with or without `Retry-After`.
    TooMany(Option<RetryAfter>),
    /// 500.
    Broken,
    /// 403.
    Forbidden,
    /// No answer until the route is cleared, the double stops, or the client leaves; then the true one.
    Hang,
    /// The true answer in eight pieces with a pause before each.
    Slow {
        /// How long each piece lets wait.
        pause: Duration,
    },
    /// The first half of the true answer, as a complete 200.
    Truncated,
    /// 200 and a page for people.
    Html,
    /// The true list, its last record repeated until the body has about so many bytes.
    Huge {
        /// Least size of the body.
        bytes: usize,
    },
    /// The true answer with nothing in its lists.
    Empty,
    /// The true answer, but one record of its list has a number where text belongs.
    WrongType,
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
#[derive(Default)]
pub(super) struct Faults {
    waiting: BTreeMap<Route, VecDeque<(Fault, Lasting)>>,
    /// How often each route was cleared; a call that hangs waits for the next time.
    cleared: BTreeMap<Route, u64>,
}

impl Faults {
    /// Adds a fault behind those that wait already.
    pub(super) fn add(&mut self, route: Route, fault: Fault, lasting: Lasting) {
        if lasting != Lasting::Next(0) {
            self.waiting
                .entry(route)
                .or_default()
                .push_back((fault, lasting));
        }
    }

    /// Forgets the faults of a route.
    pub(super) fn clear(&mut self, route: Route) {
        self.waiting.remove(&route);
        *self.cleared.entry(route).or_default() += 1;
    }

    /// How often the route was cleared.
    pub(super) fn cleared(&self, route: Route) -> u64 {
        self.cleared.get(&route).copied().unwrap_or_default()
    }

    /// The fault of the call that has just come.
    pub(super) fn next(&mut self, route: Route) -> Option<Fault> {
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

/// An answer whose lists are empty.
pub(super) fn emptied(mut answer: Value) -> Value {
    if let Some(list) = list(&mut answer) {
        list.clear();
    }
    answer
}

/// An answer in which every text but the id of one record in the middle is a number.
pub(super) fn mistyped(mut answer: Value) -> Value {
    if let Some(list) = list(&mut answer) {
        let middle = list.len() / 2;
        let fields = list.get_mut(middle).and_then(Value::as_object_mut);
        for (_, value) in fields
            .into_iter()
            .flatten()
            .filter(|(name, value)| *name != "id" && value.is_string())
        {
            *value = json!(42);
        }
    }
    answer
}

/// An answer whose last record is repeated, under new ids, until it has about `bytes` bytes.
pub(super) fn swollen(mut answer: Value, bytes: usize) -> Value {
    if let Some(list) = list(&mut answer)
        && let Some(last) = list.last().cloned()
    {
        let copies = bytes / last.to_string().len() + 1;
        list.extend((0..copies).map(|copy| {
            let mut record = last.clone();
            record["id"] = json!(format!("00000000-0000-1000-8000-{copy:012x}"));
            record
        }));
    }
    answer
}

/// The first list in an envelope.
fn list(answer: &mut Value) -> Option<&mut Vec<Value>> {
    answer
        .as_object_mut()?
        .values_mut()
        .find_map(Value::as_array_mut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_order_and_for_as_long_as_was_said() {
        let mut faults = Faults::default();
        faults.add(Route::Events, Fault::Broken, Lasting::Next(2));
        faults.add(Route::Events, Fault::Html, Lasting::Next(0));
        faults.add(Route::Events, Fault::Empty, Lasting::UntilCleared);
        assert_eq!(faults.next(Route::Archive), None);
        for want in [Fault::Broken, Fault::Broken, Fault::Empty, Fault::Empty] {
            assert_eq!(faults.next(Route::Events), Some(want));
        }
        faults.clear(Route::Events);
        assert_eq!(faults.next(Route::Events), None);
    }
}
