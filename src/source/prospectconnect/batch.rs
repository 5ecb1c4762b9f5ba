//! From what the searches brought to a batch; pure.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use crate::{
    api::FromJson,
    domain::{batch::Batch, id::EventUid},
    zones::Zones,
};

use super::{
    DueTime, Facts, Last, ProspectConnect, Resource, map::Mapping, merge::Merged, names::Known,
    page::Rows, times::Wall,
};

impl ProspectConnect {
    /// The events of one resource from the answers of all its pages, with the names that are known by now; pure but for those
    /// and the zone data in use.
    ///
    /// # Errors
    /// When an answer is no page.
    pub fn batch(&self, resource: Resource, pages: &[String]) -> serde_json::Result<Batch> {
        let mut all = Vec::new();
        for page in pages {
            all.extend(Rows::from_json(page)?.rows);
        }
        let merged = Merged::of(vec![(resource, all)]);
        let wall = self.facts.wall(&self.zones);
        Ok(self.facts.batch(merged, &wall, &self.names.known()))
    }
}

impl Facts {
    pub(super) fn wall(&self, zones: &Zones) -> Wall {
        match self.due_time {
            DueTime::Zone if self.zone != Tz::UTC => {
                Wall::Zone(zones.current().zone_or_utc(self.zone).clone())
            }
            DueTime::Zone | DueTime::Utc => Wall::Utc,
        }
    }

    pub(super) fn batch(&self, merged: Merged, wall: &Wall, known: &Known) -> Batch {
        let mapping = Mapping {
            source: &self.id,
            wall,
            named: &self.named,
            known,
        };
        let mut batch = mapping.batch(&merged);
        batch.remarks.extend(merged.remarks);
        batch
    }

    /// The events that the lists in `read` had last time and now lack: a page may have skipped them (§7).
    pub(super) fn doubted(
        &self,
        last: &Last,
        read: &[Resource],
        merged: &Merged,
    ) -> BTreeSet<EventUid> {
        let lists = read.iter().filter_map(|resource| last.get(resource));
        let gone = lists.flatten().filter(|id| !merged.there.contains(*id));
        gone.map(|id| EventUid::new(&self.id, id)).collect()
    }
}
