//! Who may see what (`upstreams/add-to-calendar-pro.md` §3).

use crate::source::loose::{Flag, Words};

use super::wire::{self, said};

/// Why an event is not for everybody.
pub(super) enum Hidden {
    /// The upstream says so.
    Told(&'static str),
    /// What the upstream says cannot be read, and a draft must never get out.
    Unclear(&'static str),
}

/// Whether, and why, an event is hidden.
pub(super) fn hidden(record: &wire::Event) -> Option<Hidden> {
    let distribution = record.distribution;
    match (is_published(&record.status), distribution, record.private) {
        (Some(false), ..) => Some(Hidden::Told("it is not published")),
        (_, Flag::No, _) => Some(Hidden::Told("it is not handed out (`distribution`)")),
        (.., Flag::Yes) => Some(Hidden::Told("it is private")),
        (None, ..) => Some(Hidden::Unclear("whether it is published cannot be read")),
        (_, Flag::Unclear, _) => Some(Hidden::Unclear("whether it is handed out cannot be read")),
        (.., Flag::Unclear) => Some(Hidden::Unclear("whether it is private cannot be read")),
        (Some(true), Flag::Absent | Flag::Yes, Flag::Absent | Flag::No) => None,
    }
}

/// Whether a group or an event is published; `None` if the upstream says neither that nor that it is a draft.
pub(super) fn is_published(status: &Words) -> Option<bool> {
    let told = said(status)?.to_ascii_lowercase();
    match told.as_str() {
        "published" => Some(true),
        "draft" => Some(false),
        _ => None,
    }
}
