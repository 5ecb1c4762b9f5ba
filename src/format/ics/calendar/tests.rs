//! What a calendar says, byte by byte and as an independent reader understands it.

mod cut;
mod golden;
mod properties;
mod reader;
mod series;

use chrono::{NaiveTime, TimeDelta};

use super::*;
use crate::domain::{
    batch::Batch,
    event::{Event, Groups},
    history::Snapshot,
    select::{self, Expansion},
    testing::{expansion, feed, first_snapshot, stage},
};

fn built_in() -> &'static ZoneData {
    crate::zones::data::tests::built_in()
}

/// What a calendar is written from, with the usual values.
#[derive(Debug, Clone)]
struct Draft {
    feed: Feed,
    purpose: Purpose,
    today: NaiveDate,
    groups: Groups,
    events: Vec<(Event, Tz)>,
}

impl Draft {
    fn of(events: impl IntoIterator<Item = (Event, Tz)>) -> Self {
        Self {
            feed: feed(),
            purpose: Purpose::Feed,
            today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
            groups: Groups::new(),
            events: events.into_iter().collect(),
        }
    }

    /// First published on 22 November 2026 at noon.
    fn snapshot(&self) -> Snapshot {
        let batch = Batch {
            events: self.events.iter().map(|(event, _)| event.clone()).collect(),
            groups: self.groups.clone(),
            ..Batch::default()
        };
        first_snapshot(batch, "2026-11-22T12:00:00Z")
    }

    fn write(&self) -> Rendered {
        self.write_after(&self.snapshot(), &Ledger::default())
    }

    /// Writes `snapshot` with the zones of this draft, when `before` was published last.
    fn write_after(&self, snapshot: &Snapshot, before: &Ledger) -> Rendered {
        let source = stage();
        let usual = expansion();
        let events = self.events.iter().map(|(event, _)| event);
        let kept = crate::format::ics::keepsakes(&self.feed, events, &usual.within, usual.data);
        let expansion = Expansion {
            kept: &kept,
            ..usual
        };
        let shown = select::select(&self.feed, None, &[(&source, snapshot)], expansion);
        let zone_of = |shown: &Shown<'_>| {
            let (of, _) = shown.for_zone_book();
            let found = self.events.iter().find(|(event, _)| event.uid == of.uid);
            found.map_or(Tz::UTC, |(_, tz)| *tz)
        };
        let zones: Vec<Tz> = shown.iter().map(zone_of).collect();
        write(&Request {
            feed: &self.feed,
            purpose: self.purpose,
            events: &shown,
            zones: &zones,
            data: built_in(),
            today: self.today,
            before,
            changed: snapshot.changed(),
        })
    }
}
