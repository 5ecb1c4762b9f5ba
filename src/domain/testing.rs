//! Small events and feeds for tests.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::{
    batch::Batch,
    event::{Event, Group, GroupKind, Groups, Place},
    feed::{Cancelled, Detail, Feed, Recurring, Times},
    frames::Frames,
    history::{self, Policy, Snapshot, Vanished},
    id::{EventUid, GroupId, SourceId},
    select::Expansion,
    series::Keepsakes,
    text::{Line, Text},
    when::{DateSpan, TimeSpan, When},
    window::{Window, WindowSpec},
};

/// An instant as RFC 3339 writes it.
#[track_caller]
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The source of everything here.
pub(crate) fn stage() -> SourceId {
    "stage".parse().unwrap()
}

/// The UID of the event that [`stage`] knows as `id`.
pub(crate) fn uid(id: &str) -> EventUid {
    EventUid::new(&stage(), id)
}

/// From one instant to another.
#[track_caller]
pub(crate) fn timed(start: &str, end: &str) -> When {
    When::Timed(TimeSpan::new(at(start), at(end)).unwrap())
}

/// Whole days, the last one included.
#[track_caller]
pub(crate) fn days(first: &str, last: &str) -> When {
    When::Days(DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap())
}

/// An event that has nothing but a time and its id for a title.
pub(crate) fn event(id: &str, when: When) -> Event {
    Event {
        uid: uid(id),
        when,
        title: Line::new(id),
        details: Text::default(),
        places: Vec::new(),
        groups: Vec::new(),
        status: None,
        zone: None,
        series: None,
        created: None,
        updated: None,
    }
}

/// A place with an address in its town.
pub(crate) fn place(id: &str, name: &str, address: &str) -> Place {
    Place {
        id: GroupId::new(id),
        name: Line::new(name),
        address: Line::new(address),
    }
}

/// Groups by id, with kind and name.
pub(crate) fn groups(list: &[(&str, GroupKind, &str)]) -> Groups {
    let group = |(id, kind, name): &(&str, GroupKind, &str)| {
        let (name, kind) = (Line::new(name), *kind);
        (GroupId::new(id), Group { name, kind })
    };
    list.iter().map(group).collect()
}

/// A batch of nothing but events.
pub(crate) fn batch(events: impl IntoIterator<Item = Event>) -> Batch {
    Batch {
        events: events.into_iter().collect(),
        ..Batch::default()
    }
}

/// What is published of a first batch at `now`.
#[track_caller]
pub(crate) fn first_snapshot(batch: Batch, now: &str) -> Snapshot {
    history::advance(None, batch, at(now), TRUSTING)
}

/// Believes everything at once.
pub(crate) const TRUSTING: Policy = Policy {
    confirm_after: std::time::Duration::ZERO,
    empty_after: std::time::Duration::ZERO,
    vanished: Vanished::Go,
    accepted: None,
};

/// A feed of everything from [`stage`], with midnights in Berlin.
pub(crate) fn feed() -> Feed {
    Feed {
        title: Line::new("Season 2026/27"),
        sources: vec![stage()],
        groups: None,
        window: WindowSpec::All,
        zone: Tz::Europe__Berlin,
        pinned: None,
        detail: Detail::Full,
        cancelled: Cancelled::Keep,
        times: Times::Zoned,
        recurring: Recurring::Expand,
        frames: Frames::Anybody,
    }
}

/// Expands series over the years 2026 to 2028 with the built-in zone data.
pub(crate) fn expansion() -> Expansion<'static> {
    static WITHIN: LazyLock<Window> = LazyLock::new(|| {
        let days = DateSpan::until("2026-01-01".parse().unwrap(), "2029-01-01".parse().unwrap());
        Window::new(days.unwrap(), |day| day.and_time(NaiveTime::MIN).and_utc())
    });
    static KEPT: Keepsakes = Keepsakes::new();
    Expansion {
        within: *WITHIN,
        data: crate::zones::data::tests::built_in(),
        kept: &KEPT,
    }
}
