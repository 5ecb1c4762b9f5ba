//! The one filter between what is known and what is published, for every output (design §2, promise 6; interop V8).

mod room;
mod rule;

use std::{borrow::Cow, collections::HashSet};

use super::{
    event::{Event, Group, GroupKind, Groups, Place, Status},
    feed::{Cancelled, Detail, Feed},
    history::{Entry, Snapshot, Stamps},
    id::{EventUid, GroupId, SourceId},
    series::{Keepsake, Keepsakes, Series},
    text::Line,
    when::When,
    window::Window,
};
use crate::zones::ZoneData;

pub use room::room;
pub use rule::{Rule, Rules};

/// Most categories of an event (interop P9).
const CATEGORIES_MAX: usize = 10;

/// Most instances of all series together: a hundred times what a calendar can hold (interop W1). [`Expansion::fitting`] finds
/// the days on which there are no more; where one day has more, what follows in the order of the UIDs is left out.
pub const INSTANCES_MAX: usize = 100_000;

/// How the series of a selection are treated.
#[derive(Debug, Clone, Copy)]
pub struct Expansion<'a> {
    /// Where they are expanded: the window, or what is kept of their sources.
    pub within: Window,
    /// The rules that make wall times instants.
    pub data: &'a ZoneData,
    /// Those that are shown as they are.
    pub kept: &'a Keepsakes,
}

/// An event, or one instance of a series, as a feed may show it. Formats see events only through this.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    entry: &'a Entry,
    uid: EventUid,
    when: When,
    kept: Option<&'a Keepsake>,
    groups: &'a Groups,
    /// The source it came from.
    pub source: &'a SourceId,
    detail: Detail,
    cancelled: Cancelled,
}

/// The events of `snapshots` that `feed` shows in `window` (everything if `None`): sorted by start, then UID, each UID once.
///
/// Of an event that is in several snapshots, the copy in the first one counts. A series shows as its instances that overlap
/// `expansion.within`, each with a UID of its own (interop R2), unless it is kept; an event that has the UID of an instance
/// takes its place. What an upstream no longer lists gives way to whatever it does list under the same UID.
#[must_use]
pub fn select<'a>(
    feed: &Feed,
    window: Option<&Window>,
    snapshots: &[(&'a SourceId, &'a Snapshot)],
    expansion: Expansion<'a>,
) -> Vec<Shown<'a>> {
    let (mut shown, mut absent) = (Vec::new(), Vec::new());
    let mut room = INSTANCES_MAX;
    for (index, (source, snapshot)) in snapshots.iter().enumerate() {
        let Some(rules) = Rules::of(feed, window, snapshots, index) else {
            break;
        };
        let known = &snapshots[..=index];
        let show = |entry: &'a Entry| Shown {
            entry,
            uid: entry.event.uid,
            when: entry.event.when,
            kept: None,
            groups: snapshot.groups(),
            source,
            detail: feed.detail,
            cancelled: feed.cancelled,
        };
        for entry in snapshot.entries() {
            match &entry.event.series {
                None if rules.let_through(&entry.event) => {
                    let listed = snapshot.absent_since(entry.event.uid).is_none();
                    let to = if listed { &mut shown } else { &mut absent };
                    to.push(show(entry));
                }
                Some(series) if room > 0 && rules.let_through(&entry.event) => {
                    let before = shown.len();
                    let instances = instances(show(entry), series, expansion);
                    let free =
                        instances.filter(|shown| shown.kept.is_some() || !list(known, shown.uid));
                    shown.extend(free.take(room));
                    room -= shown.len() - before;
                }
                None | Some(_) => {}
            }
        }
    }
    shown.append(&mut absent);
    if room < INSTANCES_MAX {
        // An instance may have the UID of an event that is absent. A later snapshot may hold as an event what an earlier one holds as an instance.
        let mut seen = HashSet::with_capacity(shown.len());
        shown.retain(|shown| seen.insert(shown.uid));
    }
    shown.sort_by_cached_key(|shown| (starts(shown.when), shown.uid));
    shown
}

/// What is shown of a series whose entry is shown as `whole`.
fn instances<'a>(
    whole: Shown<'a>,
    series: &Series,
    expansion: Expansion<'a>,
) -> impl Iterator<Item = Shown<'a>> {
    let Expansion { within, data, kept } = expansion;
    let kept = kept.get(&whole.uid);
    let mut master = kept.map(|kept| Shown {
        when: kept.when(),
        kept: Some(kept),
        ..whole
    });
    series
        .occurrences(&within, data)
        .filter_map(move |occurrence| match kept {
            Some(kept) if !kept.is_stray(occurrence.start) => master.take(),
            _ => Some(Shown {
                uid: EventUid::instance(whole.uid, occurrence.start),
                when: occurrence.when,
                ..whole
            }),
        })
}

fn list(snapshots: &[(&SourceId, &Snapshot)], uid: EventUid) -> bool {
    snapshots.iter().any(|(_, snapshot)| snapshot.lists(uid))
}

/// The ids of the groups that `names` mean, by id or by name, both without regard to case.
#[must_use]
pub fn wanted(names: &[String], groups: &Groups) -> Vec<GroupId> {
    // Cleaned as the names of groups are, or a name with two blanks would never be found.
    let names: Vec<Line> = names.iter().map(|name| Line::new(name)).collect();
    let means = |id: &GroupId, name: &str| {
        names.iter().map(Line::as_str).any(|want| {
            want.eq_ignore_ascii_case(id.as_str())
                || (!name.is_empty() && want.to_lowercase() == name.to_lowercase())
        })
    };
    let found = groups
        .iter()
        .filter(|(id, group)| means(id, group.name.as_str()));
    found.map(|(id, _)| id.clone()).collect()
}

/// Those of `names` that mean no group in any of `known`.
pub fn strays<'n>(
    names: &'n [String],
    known: &[impl AsRef<Groups>],
) -> impl Iterator<Item = &'n str> {
    let stray = |name: &&String| {
        let name = std::slice::from_ref(*name);
        known
            .iter()
            .all(|groups| wanted(name, groups.as_ref()).is_empty())
    };
    names.iter().filter(stray).map(String::as_str)
}

fn belongs(event: &Event, wanted: &[GroupId]) -> bool {
    event
        .groups
        .iter()
        .any(|group| wanted.binary_search(group).is_ok())
}

/// Sort key: the first second; a whole day sorts as its midnight in UTC.
fn starts(when: When) -> i64 {
    match when {
        When::Days(days) => days
            .first()
            .and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp(),
        When::Timed(span) => span.start().timestamp(),
    }
}

impl<'a> Shown<'a> {
    /// Its identity; of an instance of a series its own.
    #[must_use]
    pub fn uid(&self) -> EventUid {
        self.uid
    }

    /// The identity of what it is shown of: of an instance that of its series.
    #[must_use]
    pub fn whole(&self) -> EventUid {
        self.entry.event.uid
    }

    /// When it is; of a series that is kept its first instance.
    #[must_use]
    pub fn when(&self) -> When {
        self.when
    }

    /// The rule it is to be written with, if it stands for a whole series.
    #[must_use]
    pub fn kept(&self) -> Option<&'a Keepsake> {
        self.kept
    }

    /// The stored facts about its publication; of an instance those of its series.
    #[must_use]
    pub fn stamps(&self) -> Stamps {
        self.entry.stamps
    }

    /// Whether it takes place.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.entry.event.status
    }

    /// Whether the feed shows only that something is on.
    #[must_use]
    pub fn is_busy_only(&self) -> bool {
        self.detail == Detail::Busy
    }

    /// Its title as the feed shows it.
    #[must_use]
    pub fn title(&self) -> Cow<'a, str> {
        let title = match self.detail {
            Detail::Busy => "Busy",
            Detail::Full | Detail::Title => self.entry.event.title.as_str(),
        };
        let mark = self.cancelled == Cancelled::Mark && self.status() == Some(Status::Cancelled);
        if mark {
            Cow::Owned(Line::new(&format!("Cancelled: {title}")).to_string())
        } else {
            Cow::Borrowed(title)
        }
    }

    /// Its text; empty where the feed shows none.
    #[must_use]
    pub fn details(&self) -> &'a str {
        match self.detail {
            Detail::Full => self.entry.event.details.as_str(),
            Detail::Title | Detail::Busy => "",
        }
    }

    /// Where it is; empty where the feed does not say.
    #[must_use]
    pub fn places(&self) -> &'a [Place] {
        match self.detail {
            Detail::Full => &self.entry.event.places,
            Detail::Title | Detail::Busy => &[],
        }
    }

    /// The groups it is in other than people, with a name, in the order of their ids; none where the feed does not say.
    pub fn groups(&self) -> impl Iterator<Item = (&'a GroupId, &'a Group)> + use<'a> {
        let ids: &[GroupId] = match self.detail {
            Detail::Full => &self.entry.event.groups,
            Detail::Title | Detail::Busy => &[],
        };
        let groups = self.groups;
        ids.iter()
            .filter_map(|id| groups.get_key_value(id))
            .filter(|(_, group)| group.kind != GroupKind::Person && !group.name.is_empty())
    }

    /// The names of its groups other than places and people, at most ten (interop P9), in the order of their ids.
    pub fn categories(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.groups()
            .filter(|(_, group)| group.kind != GroupKind::Place)
            .map(|(_, group)| group.name.as_str())
            .take(CATEGORIES_MAX)
    }

    /// The event and the groups known with it, for the zone book, which has to see its place even where the feed hides it.
    #[must_use]
    pub fn for_zone_book(&self) -> (&'a Event, &'a Groups) {
        (&self.entry.event, self.groups)
    }
}

#[cfg(test)]
mod tests;
