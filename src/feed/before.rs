//! What is known of the version of a document before the one that is being made.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::{
    format::ics::{Checked, Ledger},
    store::{DocumentKey, KeptDocument},
};

use super::{FeedName, Part, document::Document, file_name::FileName, made::Made};

/// The version before.
#[derive(Debug)]
pub(super) enum Before {
    /// Nobody knows of one.
    Nothing,
    /// It was made by this process.
    Made(Arc<Made>),
    /// It was made by an earlier one, or pushed out of the cache since.
    Kept(KeptDocument, Ledger),
}

impl Before {
    /// The version a store kept; one that cannot be understood is none.
    pub(super) fn kept(kept: Option<KeptDocument>) -> Self {
        let ledger = kept
            .as_ref()
            .and_then(|kept| Ledger::from_bytes(&kept.ledger));
        match kept.zip(ledger) {
            Some((kept, ledger)) => Self::Kept(kept, ledger),
            None => Self::Nothing,
        }
    }

    /// The version itself, if it is at hand.
    pub(super) fn made(&self) -> Option<&Made> {
        match self {
            Self::Made(made) => Some(made),
            Self::Nothing | Self::Kept(..) => None,
        }
    }

    /// What it said of its events.
    pub(super) fn ledger(&self) -> &Ledger {
        static NOTHING: LazyLock<Ledger> = LazyLock::new(Ledger::default);
        match self {
            Self::Nothing => &NOTHING,
            Self::Made(made) => &made.ledger,
            Self::Kept(_, ledger) => ledger,
        }
    }

    /// Whether the log has told that it was cut.
    pub(super) fn cut_is_told(&self) -> bool {
        self.made().is_some_and(|made| made.cut.is_some())
    }

    /// `body` as a document: the same bytes keep their validators, whatever changed behind them (interop H5); other
    /// bytes have a later `Last-Modified` (interop H8).
    pub(super) fn document(
        &self,
        body: Checked,
        file_name: FileName,
        changed: DateTime<Utc>,
    ) -> Arc<Document> {
        let last_modified = match self {
            Self::Made(made) if made.document.identity().body() == body.as_bytes() => {
                return Arc::clone(&made.document);
            }
            Self::Kept(kept, _) if Document::tag(body.as_bytes()) == kept.tag => kept.last_modified,
            Self::Made(made) => after(made.document.last_modified(), changed),
            Self::Kept(kept, _) => after(kept.last_modified, changed),
            Self::Nothing => changed,
        };
        Arc::new(Document::new(body, file_name, last_modified))
    }

    /// What to keep of the version after it; `None` if that would be what is kept already.
    pub(super) fn to_keep(&self, made: &Made) -> Option<KeptDocument> {
        let tag = made.document.identity().etag();
        let same = match self {
            Self::Nothing => false,
            Self::Made(before) => before.document.identity().etag() == tag,
            Self::Kept(kept, _) => *tag == kept.tag,
        };
        let news = !same || *self.ledger() != made.ledger;
        news.then(|| KeptDocument {
            tag: tag.to_str().unwrap_or_default().to_owned(),
            last_modified: made.document.last_modified(),
            ledger: made.ledger.to_bytes(),
        })
    }
}

fn after(before: DateTime<Utc>, changed: DateTime<Utc>) -> DateTime<Utc> {
    changed.trunc_subsecs(0).max(before + TimeDelta::seconds(1))
}

/// The name a document is kept under.
pub(super) fn key((name, part): &(FeedName, Part)) -> DocumentKey {
    DocumentKey {
        feed: match name {
            FeedName::Configured(id) => format!("feeds/{id}"),
            // The same name, since it is the same calendar before and after it is closed.
            FeedName::Closed(id) => format!("feeds/{}", **id),
            FeedName::Group(source, group) => format!("groups/{source}/{group}"),
            FeedName::ClosedGroup(source, group) => format!("groups/{}/{group}", **source),
        },
        part: match part {
            Part::Default => String::new(),
            Part::Window(window) => window.to_string(),
            Part::Event(uid) => uid.to_string(),
        },
    }
}
