//! What differs between two snapshots of one unit, event by event.

use std::{cmp::Ordering, iter::Peekable};

use super::{Entry, Snapshot};
use crate::domain::id::EventUid;

/// What became of an event from one snapshot to a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// It was not there before.
    Added(&'a Entry),
    /// It is not what it was.
    Edited(&'a Entry),
    /// It is not there any more.
    Removed(EventUid),
}

/// Every event that differs, by UID; all of `after` if there was nothing `before`.
pub fn changes<'a>(
    before: Option<&'a Snapshot>,
    after: &'a Snapshot,
) -> impl Iterator<Item = Change<'a>> {
    let before = before.map_or(&[][..], Snapshot::entries);
    Changes {
        before: before.iter().peekable(),
        after: after.entries().iter().peekable(),
    }
}

/// Two lists sorted by UID, read side by side.
struct Changes<I: Iterator> {
    before: Peekable<I>,
    after: Peekable<I>,
}

impl<'a, I: Iterator<Item = &'a Entry>> Iterator for Changes<I> {
    type Item = Change<'a>;

    fn next(&mut self) -> Option<Change<'a>> {
        loop {
            let order = match (self.before.peek(), self.after.peek()) {
                (Some(old), Some(new)) => old.event.uid.cmp(&new.event.uid),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            match order {
                Ordering::Less => return Some(Change::Removed(self.before.next()?.event.uid)),
                Ordering::Greater => return Some(Change::Added(self.after.next()?)),
                Ordering::Equal => {
                    let (old, new) = (self.before.next()?, self.after.next()?);
                    if old != new {
                        return Some(Change::Edited(new));
                    }
                }
            }
        }
    }
}
