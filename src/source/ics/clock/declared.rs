//! The zones that the calendars of a file declare.

use std::{cell::OnceCell, collections::HashMap, sync::Arc};

use crate::zones::OffsetTable;

use super::cut;
use crate::source::ics::{
    record::Calendar,
    timezone::{self, Observance},
    value,
};

/// Changes of offset in all tables of a file: 1,900 zones that change twice a year. A few octets can ask for thousands, and
/// each event may name other rules.
const CHANGES_MAX: usize = 500_000;

/// What a table costs at least, whether or not anything comes of it: each year is looked at.
const CHANGES_MIN: usize = 130;

/// Every `VTIMEZONE` of a file.
pub(super) struct Declared<'a> {
    zones: HashMap<(usize, String), Zone<'a>>,
    tables: Vec<Table<'a>>,
    /// How many changes of offset further tables may have.
    room: usize,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Zone<'a> {
    /// The IANA name that libical gives it.
    pub(super) location: Option<&'a str>,
    /// Which of the tables is its own.
    table: usize,
}

/// The offsets of all zones that are declared alike: a file of many calendars repeats them in each.
struct Table<'a> {
    observances: &'a [Observance<'a>],
    /// Made when it is asked for first; `None` in it if that cannot be.
    offsets: OnceCell<Option<Arc<OffsetTable>>>,
}

impl<'a> Declared<'a> {
    /// What `calendars` declare.
    pub(super) fn by(calendars: &'a [Calendar<'a>]) -> Self {
        let mut declared = Self {
            zones: HashMap::new(),
            tables: Vec::new(),
            room: CHANGES_MAX,
        };
        let mut alike: HashMap<&[Observance<'a>], usize> = HashMap::new();
        for (number, calendar) in calendars.iter().enumerate() {
            for rules in &calendar.zones {
                let next = declared.tables.len();
                let table = *alike.entry(&rules.observances).or_insert(next);
                if table == next {
                    declared.tables.push(Table {
                        observances: &rules.observances,
                        offsets: OnceCell::new(),
                    });
                }
                let zone = Zone {
                    location: rules.location.map(cut),
                    table,
                };
                declared.zones.insert((number, plain(rules.id)), zone);
            }
        }
        declared
    }

    /// What a calendar of the file declares under `name`; of two the later counts.
    pub(super) fn zone(&self, calendar: usize, name: &str) -> Option<Zone<'a>> {
        self.zones.get(&(calendar, plain(name))).copied()
    }

    /// The offsets of a zone; `None` if its rules cannot be understood, or if the file has too many.
    pub(super) fn offsets(&mut self, zone: Zone<'a>) -> Option<Arc<OffsetTable>> {
        let table = &self.tables[zone.table];
        let room = &mut self.room;
        let offsets = table.offsets.get_or_init(|| {
            if *room == 0 {
                return None;
            }
            let offsets = timezone::table(table.observances);
            let changes = offsets
                .as_ref()
                .map_or(0, |offsets| offsets.parts().1.len());
            *room = room.saturating_sub(changes.max(CHANGES_MIN));
            offsets.map(Arc::new)
        });
        offsets.clone()
    }
}

/// A name as the two places that have to agree on it write it.
fn plain(name: &str) -> String {
    value::text(name)
        .trim_matches(|c: char| c.is_whitespace() || c == '"')
        .to_lowercase()
}
