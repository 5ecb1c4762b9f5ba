//! How many days of a window are expanded where series have more instances in it than can be shown.

use chrono::NaiveDate;

use super::{Expansion, INSTANCES_MAX, Snapshot, SourceId, belongs, wanted};
use crate::{
    domain::{feed::Feed, series::Series, window::Window},
    zones::ZoneData,
};

/// The part of `within` around `middle` in which all of `series` together have at most [`INSTANCES_MAX`] instances: all of
/// it as a rule, else half of its days, or half of those, and so on.
///
/// So every series shows on the same days, none is left out for the sake of another, and what is far away goes first, as
/// in a calendar that is too large (interop W1). One day is left in any case.
#[must_use]
pub fn room(series: &[&Series], within: Window, middle: NaiveDate, data: &ZoneData) -> Window {
    let fits = |window: &Window| {
        let instances = series
            .iter()
            .flat_map(|series| series.occurrences(window, data));
        instances.take(INSTANCES_MAX + 1).count() <= INSTANCES_MAX
    };
    let mut room = within;
    while !fits(&room) {
        match room.halved(middle) {
            Some(half) => room = half,
            None => break,
        }
    }
    room
}

impl Expansion<'_> {
    /// The same over as many days around `middle` as there is [`room`] for the series that `feed` shows as instances.
    #[must_use]
    pub fn fitting(
        self,
        feed: &Feed,
        snapshots: &[(&SourceId, &Snapshot)],
        middle: NaiveDate,
    ) -> Self {
        let mut expanded = Vec::new();
        for (_, snapshot) in snapshots {
            let groups = feed.groups.as_deref();
            let groups = groups.map(|groups| wanted(groups, snapshot.groups()));
            let events = snapshot.entries().iter().map(|entry| &entry.event);
            let series = events
                .filter(|event| groups.as_ref().is_none_or(|groups| belongs(event, groups)))
                .filter(|event| !self.kept.contains_key(&event.uid))
                .filter_map(|event| event.series.as_deref());
            expanded.extend(series);
        }
        Self {
            within: room(&expanded, self.within, middle, self.data),
            ..self
        }
    }
}
