//! A list of offsets that no tz database has: the `VTIMEZONE` of a foreign file.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::zone::Offset;

/// Which offset holds when, by a list of changes that came with the events.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OffsetTable {
    first: Offset,
    changes: Vec<(DateTime<Utc>, Offset)>,
}

impl OffsetTable {
    /// `first` until the first of `changes`, then the offset of each from its instant on.
    ///
    /// The changes may come in any order; of two at the same instant the first one given counts.
    #[must_use]
    pub fn new(first: Offset, mut changes: Vec<(DateTime<Utc>, Offset)>) -> Self {
        changes.sort_by_key(|(at, _)| *at);
        changes.dedup_by_key(|(at, _)| *at);
        Self { first, changes }
    }

    /// What [`OffsetTable::new`] takes to make an equal table.
    #[must_use]
    pub fn parts(&self) -> (Offset, &[(DateTime<Utc>, Offset)]) {
        (self.first, &self.changes)
    }

    /// The offset that holds at an instant.
    #[must_use]
    pub fn offset_at(&self, at: DateTime<Utc>) -> Offset {
        self.after(self.changes.partition_point(|(from, _)| *from <= at))
    }

    /// What a clock on the wall shows at an instant.
    #[must_use]
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + delta(self.offset_at(at))
    }

    /// The instant of a local time: of one that occurs twice the first occurrence; one that is skipped is read by the
    /// offset before the gap (RFC 5545 §3.3.5), as [`super::Zone::instant`] does.
    #[must_use]
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        // The first reading that is over before the next change: in a gap that is none, and the offset before it stays.
        let passed = self
            .changes
            .iter()
            .enumerate()
            .take_while(|(index, (at, after))| {
                let begins = at.naive_utc() + delta(self.after(*index)).max(delta(*after));
                local >= begins
            })
            .count();
        (local - delta(self.after(passed))).and_utc()
    }

    /// The offset after so many of the changes.
    fn after(&self, passed: usize) -> Offset {
        match passed
            .checked_sub(1)
            .and_then(|last| self.changes.get(last))
        {
            Some((_, offset)) => *offset,
            None => self.first,
        }
    }
}

fn delta(offset: Offset) -> TimeDelta {
    TimeDelta::seconds(offset.seconds().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zones::data::tests::built_in;

    #[test]
    fn a_table_of_a_zones_changes_reads_every_local_time_as_the_zone_does() {
        for name in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] {
            let zone = built_in().zone(name.parse().unwrap()).unwrap();
            let from: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
            let until = from + TimeDelta::days(800);
            let changes = zone.transitions(from, until);
            let table = OffsetTable::new(
                zone.offset_at(from),
                changes.map(|change| (change.at, change.after)).collect(),
            );
            for step in 0..(790 * 48) {
                let at = from + TimeDelta::minutes(30 * step);
                let local = at.naive_utc();
                assert_eq!(table.instant(local), zone.instant(local), "{name} {local}");
                assert_eq!(table.local(at), zone.local(at), "{name} {at}");
            }
        }
    }
}
