//! What was last published of each event in one document, so that any visible change moves its stamps.
//!
//! An event's own stamps follow its content. Its bytes can change without that: other zone data, a renamed group, a
//! time that is now written in UTC. Clients that compare stamps must still see the change (interop E4).

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hasher},
};

use chrono::{DateTime, Utc};

use crate::domain::{history::Stamps, id::EventUid};

/// What one document last said of each of its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger(HashMap<EventUid, Line>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    body: u64,
    published: Stamps,
}

impl Ledger {
    /// The stamps to publish an event with, now that its bytes without stamps are `body` and its own stamps `content`.
    ///
    /// `at` is when the inputs of the document last changed; `self` is what was published before.
    #[must_use]
    pub fn settle(
        &self,
        next: &mut Self,
        uid: EventUid,
        body: &[u8],
        content: Stamps,
        at: DateTime<Utc>,
    ) -> Stamps {
        let body = digest(body);
        let published = match self.0.get(&uid) {
            None => content,
            // What changed is not shown here (interop E4).
            Some(old) if old.body == body => old.published,
            // Its own stamps already tell of this change.
            Some(old) if newer(content, old.published) => content,
            Some(old) => Stamps {
                created: content.created.min(old.published.created),
                ..old.published.after_change(at)
            },
        };
        next.0.insert(uid, Line { body, published });
        published
    }

    /// How much memory it takes, in bytes, roughly.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.0.capacity() * (size_of::<EventUid>() + size_of::<Line>() + 1)
    }
}

fn newer(a: Stamps, b: Stamps) -> bool {
    a.modified > b.modified && a.sequence > b.sequence
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn stamps(modified: &str, sequence: u32) -> Stamps {
        Stamps {
            created: at("2026-01-01T00:00:00Z"),
            modified: at(modified),
            sequence,
        }
    }

    fn uid() -> EventUid {
        EventUid::new(&"stage".parse().unwrap(), "1")
    }

    fn publish(before: &Ledger, body: &str, content: Stamps, when: &str) -> (Ledger, Stamps) {
        let mut next = Ledger::default();
        let published = before.settle(&mut next, uid(), body.as_bytes(), content, at(when));
        (next, published)
    }

    #[test]
    fn stamps_move_exactly_when_the_bytes_do() {
        let content = stamps("2026-01-02T00:00:00Z", 0);
        let (first, published) = publish(&Ledger::default(), "a", content, "2026-03-01T00:00:00Z");
        assert_eq!(published, content, "first publication");
        let (same, published) = publish(&first, "a", content, "2026-03-02T00:00:00Z");
        assert_eq!(published, content, "nothing changed");
        let (moved, published) = publish(&same, "b", content, "2026-03-03T00:00:00Z");
        assert_eq!(
            published,
            stamps("2026-03-03T00:00:00Z", 1),
            "bytes changed without content"
        );
        let (_, again) = publish(&moved, "b", content, "2026-03-04T00:00:00Z");
        assert_eq!(again, published, "and then stayed");
    }

    #[test]
    fn a_change_that_is_not_shown_moves_no_stamp() {
        let content = stamps("2026-01-02T00:00:00Z", 0);
        let (ledger, before) = publish(&Ledger::default(), "busy", content, "2026-01-02T00:00:00Z");
        let edited = stamps("2026-02-01T00:00:00Z", 1);
        let (ledger, published) = publish(&ledger, "busy", edited, "2026-02-01T00:00:00Z");
        assert_eq!(published, before);
        let moved = stamps("2026-03-01T00:00:00Z", 2);
        let (_, published) = publish(&ledger, "busy, later", moved, "2026-03-01T00:00:00Z");
        assert_eq!(published, moved);
    }

    #[test]
    fn a_change_of_content_after_a_change_of_bytes_still_moves_forward() {
        let content = stamps("2026-01-02T00:00:00Z", 0);
        let (ledger, _) = publish(&Ledger::default(), "a", content, "2026-01-02T00:00:00Z");
        let (ledger, before) = publish(&ledger, "b", content, "2026-03-03T00:00:00Z");
        let edited = stamps("2026-02-01T00:00:00Z", 1);
        let (_, published) = publish(&ledger, "c", edited, "2026-03-05T00:00:00Z");
        assert!(published.modified > before.modified && published.sequence > before.sequence);
    }

    #[test]
    fn a_clock_that_stands_still_moves_stamps_all_the_same() {
        let content = stamps("2026-01-02T00:00:00Z", 0);
        let (ledger, _) = publish(&Ledger::default(), "a", content, "2026-01-02T00:00:00Z");
        let (_, published) = publish(&ledger, "b", content, "2026-01-02T00:00:00Z");
        assert_eq!(published, stamps("2026-01-02T00:00:01Z", 1));
    }
}
