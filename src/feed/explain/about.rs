//! What is asked about.

use std::{collections::HashSet, fmt, str::FromStr};

use crate::domain::{
    event::Event,
    id::{EventUid, GroupId},
};

use super::super::units::Units;

/// What is asked about: an upstream id, a `UID`, or a piece of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About(String);

/// A question about nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing is asked about; write an upstream id, a `UID`, or a piece of a title")]
pub struct NothingAsked;

/// What it means at one source.
///
/// Made once for a question: one record may have tens of thousands of UIDs.
pub(super) struct Sought<'a> {
    pub(super) units: &'a Units,
    pub(super) about: &'a About,
    uids: HashSet<EventUid>,
    /// A piece of a title, in lower case.
    title: String,
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for About {
    type Err = NothingAsked;

    fn from_str(typed: &str) -> Result<Self, NothingAsked> {
        let typed = typed.trim();
        let asked = (!typed.is_empty()).then(|| Self(typed.to_owned()));
        asked.ok_or(NothingAsked)
    }
}

impl About {
    /// The event it means, if it is the `UID` of one.
    pub(super) fn uid(&self) -> Option<EventUid> {
        self.0.parse().ok()
    }

    /// The group it means, if it is the id of one.
    pub(super) fn group(&self) -> GroupId {
        GroupId::new(&self.0)
    }

    /// Whether it is the id that a remark names.
    pub(super) fn is_id(&self, id: &str) -> bool {
        self.0.eq_ignore_ascii_case(id)
    }

    /// What it means at a source.
    pub(super) fn sought<'a>(&'a self, units: &'a Units) -> Sought<'a> {
        let uids = units.source.uids(&self.0).into_iter();
        Sought {
            units,
            about: self,
            uids: uids.chain(self.uid()).collect(),
            title: self.0.to_lowercase(),
        }
    }
}

impl Sought<'_> {
    /// Whether it is `event`: by its `UID`, by the id of its record, or by its title.
    pub(super) fn is(&self, event: &Event) -> bool {
        self.uids.contains(&event.uid)
            || event.title.as_str().to_lowercase().contains(&self.title)
            || self.units.source.gathers(event, &self.about.0)
    }

    /// Every `UID` that it may have.
    pub(super) fn uids(&self) -> impl Iterator<Item = EventUid> {
        self.uids.iter().copied()
    }
}
