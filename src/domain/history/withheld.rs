//! What an upstream has and does not show goes at once, whatever else its answer says (ADR 11).

use std::{borrow::Cow, collections::BTreeSet};

use chrono::{DateTime, Utc};

use super::{Entry, Snapshot};
use crate::domain::{
    batch::{Batch, Withheld},
    id::{EventUid, GroupId},
};

/// `published` without what is `withheld`, which another unit has brought to light; `None` if it has nothing of that.
#[must_use]
pub fn without(published: &Snapshot, withheld: &Withheld, now: DateTime<Utc>) -> Option<Snapshot> {
    let batch = Batch {
        withheld: withheld.clone(),
        ..Batch::default()
    };
    match spared(published, &batch) {
        Cow::Borrowed(_) => None,
        Cow::Owned(rest) => Some(rest.counted_after(published, now)),
    }
}

/// What of `published` is hidden by `batch`, or may have to be and goes unless the guard holds the list back.
#[must_use]
pub fn hidden(published: Option<&Snapshot>, batch: &Batch) -> BTreeSet<EventUid> {
    let marks = [&batch.withheld, &batch.unclear];
    let hidden = |published: &Snapshot| {
        let hidden = marks.map(|marks| marked(published, marks, batch));
        hidden.into_iter().flatten().collect()
    };
    published.map(hidden).unwrap_or_default()
}

/// Takes what is withheld, or may have to be, out of `batch`: some upstreams show it in one place and hide it in another.
pub(super) fn hide(batch: &mut Batch) {
    for hidden in [&batch.withheld.events, &batch.unclear.events] {
        if !hidden.is_empty() {
            batch
                .events
                .retain(|event| !hidden.contains_key(&event.uid));
        }
    }
}

/// `published` as if what `batch` withholds had never been in it. Neither its revision nor the stamps of the rest move.
pub(super) fn spared<'s>(published: &'s Snapshot, batch: &Batch) -> Cow<'s, Snapshot> {
    let hidden = marked(published, &batch.withheld, batch);
    if hidden.is_empty() {
        return Cow::Borrowed(published);
    }
    let mut rest = published.clone();
    rest.entries
        .retain(|entry| !hidden.contains(&entry.event.uid));
    rest.absent.retain(|uid, _| !hidden.contains(uid));
    rest.unreadable.retain(|uid| !hidden.contains(uid));
    Cow::Owned(rest)
}

/// The published events that `marks` of `batch` are about: by their own word, with the series that they are changed instances
/// of, or with the last group that had them.
pub(super) fn marked(published: &Snapshot, marks: &Withheld, batch: &Batch) -> BTreeSet<EventUid> {
    let mut hidden = BTreeSet::new();
    for uid in marks.events.keys() {
        let Some(Entry { event, .. }) = published.entry(*uid) else {
            continue;
        };
        hidden.insert(*uid);
        // Each is an event of its own, and who hides a series has not thought of them.
        let changed = event.series.iter().flat_map(|series| series.exceptions());
        hidden.extend(changed.map(|start| EventUid::instance(*uid, *start)));
    }
    if !marks.groups.is_empty() {
        let listed: BTreeSet<EventUid> = batch.events.iter().map(|event| event.uid).collect();
        let is_hidden = |group: &GroupId| marks.groups.contains_key(group);
        let is_missed = |group: &GroupId| batch.missed.contains_key(group);
        let events = published.entries.iter().map(|entry| &entry.event);
        let gone = events.filter(|event| {
            let mut groups = event.groups.iter();
            groups.any(is_hidden) && !event.groups.iter().any(is_missed)
        });
        let gone = gone.map(|event| event.uid);
        hidden.extend(gone.filter(|uid| !listed.contains(uid)));
    }
    hidden
}
