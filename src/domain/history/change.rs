//! What differs between two snapshots of one unit, event by event, and what an operator calls it.

use std::{cmp::Ordering, iter::Peekable};

use super::{Entry, Snapshot, Stamps};
use crate::domain::{
    event::{Event, Status},
    id::{EventUid, GroupId},
};

/// How an event differs from one snapshot to a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference<'a> {
    /// It was not there before.
    Added(&'a Entry),
    /// It, or whether the upstream lists it, is not what it was.
    Edited(&'a Entry, &'a Entry),
    /// It is not there any more.
    Removed(&'a Entry),
}

/// Every event that differs, by UID; all of `after` if there was nothing `before`.
pub fn differences<'a>(
    before: Option<&'a Snapshot>,
    after: &'a Snapshot,
) -> impl Iterator<Item = Difference<'a>> {
    let entries = before.map_or(&[][..], Snapshot::entries);
    let absent = |snapshot: Option<&Snapshot>, uid| snapshot?.absent_since(uid);
    let sides = Sides {
        before: entries.iter().peekable(),
        after: after.entries().iter().peekable(),
    };
    sides.filter(move |difference| match difference {
        Difference::Edited(old, new) => {
            let uid = new.event.uid;
            old != new || absent(before, uid) != absent(Some(after), uid)
        }
        Difference::Added(_) | Difference::Removed(_) => true,
    })
}

/// Two lists sorted by UID, read side by side.
struct Sides<I: Iterator> {
    before: Peekable<I>,
    after: Peekable<I>,
}

impl<'a, I: Iterator<Item = &'a Entry>> Iterator for Sides<I> {
    type Item = Difference<'a>;

    fn next(&mut self) -> Option<Difference<'a>> {
        let order = match (self.before.peek(), self.after.peek()) {
            (Some(old), Some(new)) => old.event.uid.cmp(&new.event.uid),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        Some(match order {
            Ordering::Less => Difference::Removed(self.before.next()?),
            Ordering::Greater => Difference::Added(self.after.next()?),
            Ordering::Equal => Difference::Edited(self.before.next()?, self.after.next()?),
        })
    }
}

/// What became of a published event, for those who ask when and why it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which event.
    pub uid: EventUid,
    /// What became of it.
    pub kind: ChangeKind,
    /// What of it is different, in the order of [`Field`]; empty for one that came or went.
    pub fields: Vec<Field>,
    /// What it is published with since then; of one that went what it was last published with.
    pub stamps: Stamps,
    /// The groups it is in.
    pub groups: Vec<GroupId>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It says something else.
    Edited,
    /// It is at another time, whatever else it says.
    Moved,
    /// The upstream says that it will not take place.
    Cancelled,
    /// The upstream does not list it any more; it is published as cancelled.
    Vanished,
    /// The upstream lists it again after it had vanished.
    Returned,
    /// It is not published any more.
    Gone,
}

/// A part of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// When it is.
    Time,
    /// What repeats it.
    Recurrence,
    /// The zone the upstream names.
    Zone,
    /// Its title.
    Title,
    /// Its text.
    Text,
    /// Where it is.
    Places,
    /// The groups it is in.
    Groups,
    /// Whether it takes place.
    Status,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Added,
        Self::Edited,
        Self::Moved,
        Self::Cancelled,
        Self::Vanished,
        Self::Returned,
        Self::Gone,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Edited => "edited",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::Vanished => "vanished",
            Self::Returned => "returned",
            Self::Gone => "gone",
        }
    }
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 8] = [
        Self::Time,
        Self::Recurrence,
        Self::Zone,
        Self::Title,
        Self::Text,
        Self::Places,
        Self::Groups,
        Self::Status,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Recurrence => "recurrence",
            Self::Zone => "zone",
            Self::Title => "title",
            Self::Text => "text",
            Self::Places => "places",
            Self::Groups => "groups",
            Self::Status => "status",
        }
    }

    fn differs(self, a: &Event, b: &Event) -> bool {
        match self {
            Self::Time => a.when != b.when,
            Self::Recurrence => a.series != b.series,
            Self::Zone => a.zone != b.zone,
            Self::Title => a.title != b.title,
            Self::Text => a.details != b.details,
            Self::Places => a.places != b.places,
            Self::Groups => a.groups != b.groups,
            Self::Status => a.status != b.status,
        }
    }
}

/// Everything that became of events from one snapshot to the next, by UID. What was not published otherwise is no change.
#[must_use]
pub fn changes(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let change = |entry: &Entry, kind, fields| Change {
        uid: entry.event.uid,
        kind,
        fields,
        stamps: entry.stamps,
        groups: entry.event.groups.clone(),
    };
    differences(Some(before), after)
        .filter_map(|difference| match difference {
            Difference::Added(new) => Some(change(new, ChangeKind::Added, Vec::new())),
            Difference::Removed(old) => Some(change(old, ChangeKind::Gone, Vec::new())),
            Difference::Edited(old, new) => {
                let differs = |field: &Field| field.differs(&old.event, &new.event);
                let fields: Vec<Field> = Field::ALL.into_iter().filter(differs).collect();
                let kind = match (before.is_buried(old), after.is_buried(new)) {
                    (false, true) => ChangeKind::Vanished,
                    (true, false) => ChangeKind::Returned,
                    _ => kind(&new.event, &fields),
                };
                (!fields.is_empty()).then(|| change(new, kind, fields))
            }
        })
        .collect()
}

/// What became of an event that was listed all the time.
fn kind(event: &Event, fields: &[Field]) -> ChangeKind {
    let has = |field| fields.contains(&field);
    if has(Field::Status) && event.status == Some(Status::Cancelled) {
        ChangeKind::Cancelled
    } else if has(Field::Time) || has(Field::Recurrence) {
        ChangeKind::Moved
    } else {
        ChangeKind::Edited
    }
}
