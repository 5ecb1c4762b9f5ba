//! What was last published of each event in one document, so that any visible change moves its stamps.
//!
//! An event's own stamps follow its content. Its bytes can change without that: other zone data, a renamed group, a
//! time that is now written in UTC. Clients that compare stamps must still see the change (interop E4).

use std::{collections::HashMap, hash::Hasher};

use chrono::{DateTime, Utc};
use siphasher::sip::SipHasher13;

use crate::domain::{history::Stamps, id::EventUid};

/// What one document last said of each of its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger(HashMap<EventUid, Line>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    body: u64,
    published: Stamps,
}

/// The first of the bytes a ledger is kept as. Another digest, or another layout, needs another number.
const FORM: u8 = 1;
/// What an event takes in them.
const LINE_BYTES: usize = 16 + 8 + 8 + 8 + 4;

impl Ledger {
    /// One with room for so many events.
    #[must_use]
    pub fn with_capacity(events: usize) -> Self {
        Self(HashMap::with_capacity(events))
    }

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

    /// The bytes it can be kept as; equal ledgers give equal ones.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut lines: Vec<_> = self.0.iter().collect();
        lines.sort_by_key(|(uid, _)| **uid);
        let mut bytes = Vec::with_capacity(1 + lines.len() * LINE_BYTES);
        bytes.push(FORM);
        for (uid, Line { body, published }) in lines {
            bytes.extend(uid.bytes());
            bytes.extend(body.to_le_bytes());
            bytes.extend(published.created.timestamp().to_le_bytes());
            bytes.extend(published.modified.timestamp().to_le_bytes());
            bytes.extend(published.sequence.to_le_bytes());
        }
        bytes
    }

    /// The ledger of these [`Ledger::to_bytes`]; `None` if they are none, or of another version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (form, lines) = bytes.split_first()?;
        let (lines, rest) = lines.as_chunks::<LINE_BYTES>();
        let whole = *form == FORM && rest.is_empty();
        whole
            .then(|| lines.iter().map(line).collect::<Option<_>>())?
            .map(Self)
    }

    /// How much memory it takes, in bytes, roughly.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.0.capacity() * (size_of::<EventUid>() + size_of::<Line>() + 1)
    }
}

fn line(bytes: &[u8; LINE_BYTES]) -> Option<(EventUid, Line)> {
    let (uid, rest) = bytes.split_first_chunk()?;
    let (body, rest) = rest.split_first_chunk()?;
    let (created, rest) = rest.split_first_chunk()?;
    let (modified, rest) = rest.split_first_chunk()?;
    let second = |bytes| DateTime::from_timestamp_secs(i64::from_le_bytes(bytes));
    let published = Stamps {
        created: second(*created)?,
        modified: second(*modified)?,
        sequence: u32::from_le_bytes(*rest.first_chunk()?),
    };
    let body = u64::from_le_bytes(*body);
    Some((EventUid::from_bytes(*uid), Line { body, published }))
}

fn newer(a: Stamps, b: Stamps) -> bool {
    a.modified > b.modified && a.sequence > b.sequence
}

/// The same in every release: it is kept, and another one would raise the stamps of every event.
fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
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
    fn a_ledger_that_was_kept_says_what_it_said() {
        let content = stamps("2026-01-02T00:00:00Z", 7);
        let (ledger, _) = publish(&Ledger::default(), "a", content, "2026-03-01T00:00:00Z");
        let (moved, published) = publish(&ledger, "b", content, "2026-03-02T00:00:00Z");
        let again = Ledger::from_bytes(&moved.to_bytes()).unwrap();
        assert_eq!(again, moved);
        let (_, after) = publish(&again, "b", content, "2026-03-03T00:00:00Z");
        assert_eq!(after, published, "the same bytes under the same stamps");
    }

    #[test]
    fn bytes_that_are_no_ledger_of_this_version_are_none() {
        let (ledger, _) = publish(
            &Ledger::default(),
            "a",
            stamps("2026-01-02T00:00:00Z", 0),
            "2026-03-01T00:00:00Z",
        );
        let good = ledger.to_bytes();
        let mut other = good.clone();
        other[0] += 1;
        let mut beyond = good.clone();
        beyond[25..33].fill(0x7f);
        for (row, bytes) in [
            ("nothing", &[][..]),
            ("another version", &other),
            ("cut", &good[..good.len() - 1]),
            ("a time that no clock shows", &beyond),
        ] {
            assert_eq!(Ledger::from_bytes(bytes), None, "{row}");
        }
        assert_eq!(
            Ledger::from_bytes(&good[..1]),
            Some(Ledger::default()),
            "no event"
        );
    }

    #[test]
    fn a_digest_never_changes_between_releases() {
        assert_eq!(digest(b"SUMMARY:Rehearsal\r\n"), 15_604_035_863_469_789_359);
    }

    #[test]
    fn a_clock_that_stands_still_moves_stamps_all_the_same() {
        let content = stamps("2026-01-02T00:00:00Z", 0);
        let (ledger, _) = publish(&Ledger::default(), "a", content, "2026-01-02T00:00:00Z");
        let (_, published) = publish(&ledger, "b", content, "2026-01-02T00:00:00Z");
        assert_eq!(published, stamps("2026-01-02T00:00:01Z", 1));
    }
}
