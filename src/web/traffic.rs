//! Who comes and what they get, counted as cheaply as can be.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::StatusCode;

use crate::status;

/// Every status there is an answer with; any other is counted as `other`.
const STATUSES: [u16; 16] = [
    200, 204, 206, 301, 304, 308, 400, 404, 405, 408, 410, 413, 414, 500, 502, 503,
];

/// What has come to one listener since the start.
#[derive(Debug, Default)]
pub struct Traffic {
    open: AtomicU64,
    accepted: AtomicU64,
    answers: [AtomicU64; STATUSES.len()],
    others: AtomicU64,
}

/// A connection, open as long as this lives.
#[derive(Debug)]
pub(super) struct Visit(Arc<Traffic>);

impl Traffic {
    /// Counts a connection.
    pub(super) fn enter(self: &Arc<Self>) -> Visit {
        self.accepted.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
        Visit(Arc::clone(self))
    }

    /// Counts an answer.
    pub(super) fn answered(&self, status: StatusCode) {
        let known = STATUSES.iter().position(|one| *one == status.as_u16());
        let count = known.and_then(|at| self.answers.get(at));
        count
            .unwrap_or(&self.others)
            .fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted, as the status tells it.
    pub(super) fn told(&self) -> status::Traffic {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let known = STATUSES.iter().map(ToString::to_string);
        let counts = self.answers.iter().map(read);
        let answers: BTreeMap<String, u64> = known
            .zip(counts)
            .chain([("other".to_owned(), read(&self.others))])
            .filter(|(_, count)| *count > 0)
            .collect();
        status::Traffic {
            open: read(&self.open),
            accepted: read(&self.accepted),
            answers,
        }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_open_until_it_ends_and_every_answer_is_counted_once() {
        let traffic = Arc::new(Traffic::default());
        let (one, other) = (traffic.enter(), traffic.enter());
        drop(one);
        for status in [200, 304, 200, 418] {
            traffic.answered(StatusCode::from_u16(status).unwrap());
        }
        let told = traffic.told();
        assert_eq!((told.open, told.accepted), (1, 2));
        let answers: Vec<_> = told
            .answers
            .iter()
            .map(|(code, n)| (code.as_str(), *n))
            .collect();
        assert_eq!(answers, [("200", 2), ("304", 1), ("other", 1)]);
        drop(other);
        assert_eq!(traffic.told().open, 0);
    }
}
