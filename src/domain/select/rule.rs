//! The rules that decide which copy of an event is shown, each with a verdict of its own: for the selection, and for whoever
//! asks it why.

use super::{Snapshot, SourceId, belongs, list, wanted};
use crate::domain::{
    event::{Event, Status},
    feed::{Cancelled, Feed},
    id::GroupId,
    window::Window,
};

/// What an event has to pass. A series passes the window: each of its instances is asked instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// It overlaps the window.
    Window,
    /// It is in a group of the feed, if that names any.
    Groups,
    /// It is not cancelled, where the feed leaves out what is.
    Cancelled,
    /// Of several copies it is the one that counts.
    Copy,
}

impl Rule {
    /// All of them, in the order in which they are asked. The copy comes last, and is asked of what the other copy is, not of
    /// what is shown of it: an event that was cancelled or left the group must not come back in an older copy.
    pub const ALL: [Self; 4] = [Self::Window, Self::Groups, Self::Cancelled, Self::Copy];
}

/// The rules of a feed for the events of one snapshot.
#[derive(Debug)]
pub struct Rules<'s> {
    feed: &'s Feed,
    window: Option<&'s Window>,
    /// Of those of the snapshot; `None` for events of any group and of none.
    groups: Option<Vec<GroupId>>,
    snapshots: &'s [(&'s SourceId, &'s Snapshot)],
    index: usize,
}

impl<'s> Rules<'s> {
    /// The rules for the snapshot at `index` of `snapshots`; `None` if there are not so many.
    #[must_use]
    pub fn of(
        feed: &'s Feed,
        window: Option<&'s Window>,
        snapshots: &'s [(&'s SourceId, &'s Snapshot)],
        index: usize,
    ) -> Option<Self> {
        let (_, snapshot) = snapshots.get(index)?;
        let groups = feed.groups.as_deref();
        Some(Self {
            feed,
            window,
            groups: groups.map(|groups| wanted(groups, snapshot.groups())),
            snapshots,
            index,
        })
    }

    /// The verdict of one rule on an event of the snapshot.
    #[must_use]
    pub fn pass(&self, rule: Rule, event: &Event) -> bool {
        match rule {
            Rule::Window => {
                let mut window = self.window.iter();
                event.series.is_some() || window.all(|window| window.shows(event.when))
            }
            Rule::Groups => {
                let mut groups = self.groups.iter();
                groups.all(|groups| belongs(event, groups))
            }
            Rule::Cancelled => {
                self.feed.cancelled != Cancelled::Omit || event.status != Some(Status::Cancelled)
            }
            Rule::Copy => {
                let (_, snapshot) = self.snapshots[self.index];
                let before = if snapshot.lists(event.uid) {
                    &self.snapshots[..self.index]
                } else {
                    self.snapshots
                };
                !list(before, event.uid)
            }
        }
    }

    /// Whether an event of the snapshot passes all of them.
    #[must_use]
    pub fn let_through(&self, event: &Event) -> bool {
        Rule::ALL.into_iter().all(|rule| self.pass(rule, event))
    }
}
