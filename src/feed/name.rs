//! What feeds are called inside the server.

use std::fmt;

use crate::domain::{
    id::{FeedId, GroupId, SourceId},
    text::Line,
};

use super::Opened;

/// Which feed is asked for. What is closed can be named only by whoever was let in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FeedName {
    /// A public one from the configuration.
    Configured(FeedId),
    /// All events of one upstream group of a source whose groups are public.
    Group(SourceId, GroupId),
    /// A closed one from the configuration.
    Closed(Opened<FeedId>),
    /// All events of one upstream group of a source whose groups are closed.
    ClosedGroup(Opened<SourceId>, GroupId),
}

impl FeedName {
    /// The label of the secret link it was asked for by.
    pub(super) fn link(&self) -> Option<&Line> {
        match self {
            Self::Configured(_) | Self::Group(..) => None,
            Self::Closed(id) => id.link(),
            Self::ClosedGroup(source, _) => source.link(),
        }
    }
}

impl fmt::Display for FeedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configured(id) => id.fmt(f),
            Self::Closed(id) => id.fmt(f),
            Self::Group(source, group) => write!(f, "{source}/{group}"),
            Self::ClosedGroup(source, group) => write!(f, "{}/{group}", **source),
        }
    }
}
