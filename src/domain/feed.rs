//! A feed: a published selection of events, as configured by name or made for any group of an upstream.

use chrono_tz::Tz;

use super::{
    frames::Frames,
    id::{GroupId, SourceId},
    text::Line,
    token::Token,
    window::WindowSpec,
};

/// What a feed publishes and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// What a calendar client shows as the calendar's name.
    pub title: Line,
    /// Where its events come from.
    pub sources: Vec<SourceId>,
    /// Ids or names of the groups to show; `None` for everything.
    pub groups: Option<Vec<String>>,
    /// The window of `/feeds/{feed}.ics`.
    pub window: WindowSpec,
    /// Whose midnights bound the windows.
    pub zone: Tz,
    /// The one zone all its times are written in, instead of each event's own.
    pub pinned: Option<Tz>,
    /// How much of an event is shown.
    pub detail: Detail,
    /// What happens to cancelled events.
    pub cancelled: Cancelled,
    /// How times are written.
    pub times: Times,
    /// How recurring events are written.
    pub recurring: Recurring,
    /// Which websites may show it in a frame.
    pub frames: Frames,
}

impl Feed {
    /// The feed of all events of one group, called by its `name` or else by its id.
    #[must_use]
    pub fn of_group(
        source: &SourceId,
        group: &GroupId,
        name: Option<&Line>,
        window: WindowSpec,
        zone: Tz,
    ) -> Self {
        let name = name.filter(|name| !name.is_empty());
        Self {
            title: name.cloned().unwrap_or_else(|| Line::new(group.as_str())),
            sources: vec![source.clone()],
            groups: Some(vec![group.as_str().to_owned()]),
            window,
            zone,
            pinned: None,
            detail: Detail::default(),
            cancelled: Cancelled::default(),
            times: Times::default(),
            recurring: Recurring::default(),
            frames: Frames::Anybody,
        }
    }
}

/// A feed that is there only for those who have one of its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// What it publishes and how.
    pub feed: Feed,
    /// What opens it, on days of the feed's zone; nobody can read it while there are none.
    pub tokens: Vec<Token>,
}

/// Who may read a feed of any upstream group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupFeeds {
    /// Everybody.
    Public,
    /// Those who have one of these, on days of the source's zone. Each opens every group.
    Closed(Vec<Token>),
    /// Nobody: only configured feeds exist.
    Off,
}

/// How much of an event a feed shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Detail {
    /// Everything that is public.
    #[default]
    Full,
    /// When and what, without text, place and categories.
    Title,
    /// Only that something is on.
    Busy,
}

/// What a feed does with cancelled events (interop E8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Cancelled {
    /// Shown with `STATUS:CANCELLED`.
    #[default]
    Keep,
    /// The same, and the title says so for clients that ignore the status.
    Mark,
    /// Left out.
    Omit,
}

/// How a feed writes times (design §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Times {
    /// In the event's zone with a `VTIMEZONE`, in UTC where that cannot be written for every client.
    #[default]
    Zoned,
    /// In UTC throughout.
    Utc,
}

/// How a feed writes recurring events (interop R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Recurring {
    /// Each instance as an event of its own.
    #[default]
    Expand,
    /// As a rule where every client understands it, else each instance as an event of its own.
    Keep,
}
