//! Why there is no document for a reader.

use std::time::Duration;

use url::Url;

use crate::domain::{id::SourceId, when::BadSpan};

use super::failure::Missing;

/// Why there is no document.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FeedError {
    /// There is no such feed, group or event, or it is not public; which of them is nobody's business.
    #[error("no such calendar")]
    Unknown,
    /// The window leaves the years calbridge speaks of.
    #[error(transparent)]
    Window(#[from] BadSpan),
    /// The document could not be made, and there is no older one.
    #[error("the calendar could not be written")]
    Bug,
    /// It would have to be made first, and too much is being made already.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
    /// It was there, and all its subscribers have been told that it is no more.
    #[error("this calendar is no longer published")]
    Gone {
        /// Where there is one to take its place.
        moved_to: Option<Url>,
    },
    /// No source of the feed has ever delivered; one of them.
    #[error("source `{source_id}` has not delivered anything yet")]
    Missing {
        /// The source.
        source_id: SourceId,
        /// Why.
        #[source]
        why: Missing,
    },
}

/// More is asked for than is made at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more calendars are asked for than are made at once")]
pub struct TooMuch {
    /// How long to wait before it makes sense to ask again.
    pub wait: Duration,
}
