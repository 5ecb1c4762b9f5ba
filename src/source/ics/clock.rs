//! Which clock a wall time of a file is read by.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        batch::{Batch, Remark},
        series::Wall,
        text::Line,
    },
    zones::{
        Offset, OffsetTable, Zone, ZoneData,
        name::{self, Guess},
    },
};

use super::{
    line::Property,
    record::Calendar,
    timezone::Rules,
    value::{self, Written},
};

/// A clock on a wall.
#[derive(Debug, Clone)]
pub(super) enum Clock {
    /// In a zone of the tz database.
    Zone(Tz, Zone),
    /// By a `VTIMEZONE` that no zone of the tz database is sure to match, or by a bare offset.
    Offsets(Arc<OffsetTable>),
}

/// Zone names of one file that are looked up; each may bring a table of thousands of changes.
const NAMES_MAX: usize = 500;

/// The longest name of a zone that is looked up, in bytes; there may be a time by it in each line.
const NAME_MAX: usize = 255;

/// How the times are written that a property has, as its parameters say: read once, since there may be thousands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notation<'a> {
    is_date: bool,
    zone: Option<&'a str>,
}

impl<'a> Notation<'a> {
    pub(super) fn of(property: &Property<'a>) -> Self {
        let kind = property.param("VALUE");
        let zone = property.param("TZID").map(|name| match name.len() {
            0..=NAME_MAX => name,
            _ => &name[..name.floor_char_boundary(NAME_MAX)],
        });
        Self {
            is_date: kind.is_some_and(|kind| kind.eq_ignore_ascii_case("DATE")),
            zone: zone.filter(|name| !name.trim().is_empty()),
        }
    }
}

/// A time of which the clock is known.
#[derive(Debug, Clone)]
pub(super) enum Moment {
    /// A day.
    Day(NaiveDate),
    /// A time: what the clock shows, and when that is.
    Timed {
        wall: NaiveDateTime,
        at: DateTime<Utc>,
        clock: Clock,
        /// Whether the clock is that of the calendar because none is named.
        floats: bool,
    },
}

/// The clocks of one calendar.
pub(super) struct Clocks<'a> {
    data: &'a ZoneData,
    /// For times that name no zone, or one that nobody knows.
    fallback: Clock,
    rules: HashMap<String, &'a Rules<'a>>,
    known: HashMap<&'a str, Clock>,
}

impl Clock {
    fn of(tz: Tz, data: &ZoneData) -> Option<Self> {
        data.zone(tz).map(|zone| Self::Zone(tz, zone.clone()))
    }

    fn utc() -> Self {
        Self::Zone(Tz::UTC, Zone::utc())
    }

    /// The instant at which it shows `wall`.
    pub(super) fn instant(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Self::Zone(_, zone) => zone.instant(wall),
            Self::Offsets(table) => table.instant(wall),
        }
    }

    /// What it shows at an instant.
    pub(super) fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Zone(_, zone) => zone.local(at),
            Self::Offsets(table) => table.local(at),
        }
    }

    /// How a series is reckoned by it.
    pub(super) fn wall(&self) -> Wall {
        match self {
            Self::Zone(tz, _) => Wall::Zone(*tz),
            Self::Offsets(table) => Wall::Offsets(Arc::clone(table)),
        }
    }

    /// The zone that an event by this clock is in, as far as that says more than an instant does.
    pub(super) fn zone(&self) -> Option<Tz> {
        match self {
            Self::Zone(Tz::UTC, _) | Self::Offsets(_) => None,
            Self::Zone(tz, _) => Some(*tz),
        }
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Zone(one, _), Self::Zone(two, _)) => one == two,
            (Self::Offsets(one), Self::Offsets(two)) => one == two,
            _ => false,
        }
    }
}

impl Moment {
    /// What `clock` shows at this time; of a day, its beginning at `time`.
    pub(super) fn by(&self, clock: &Clock, time: NaiveTime) -> NaiveDateTime {
        match self {
            Self::Day(date) => date.and_time(time),
            Self::Timed {
                wall,
                clock: own,
                floats,
                ..
            } if *floats || own.is(clock) => *wall,
            Self::Timed { at, .. } => clock.local(*at),
        }
    }

    /// The day that is written.
    pub(super) fn date(&self) -> NaiveDate {
        match self {
            Self::Day(date) => *date,
            Self::Timed { wall, .. } => wall.date(),
        }
    }
}

impl<'a> Clocks<'a> {
    /// The clocks of `calendar`, with `source` for what it leaves open and `data` for the rules.
    pub(super) fn new(
        calendar: &'a Calendar<'a>,
        source: Tz,
        data: &'a ZoneData,
        batch: &mut Batch,
    ) -> Self {
        let rules = calendar.zones.iter().map(|rules| (plain(rules.id), rules));
        let mut clocks = Self {
            data,
            fallback: Clock::of(source, data).unwrap_or_else(Clock::utc),
            rules: rules.collect(),
            known: HashMap::new(),
        };
        // Not part of the standard; Google and Apple mean the zone of floating times by it.
        if let Some(name) = calendar.zone {
            clocks.fallback = clocks.named(name, batch);
        }
        clocks
    }

    /// The moment that `value` says.
    pub(super) fn moment(
        &mut self,
        notation: Notation<'a>,
        value: &str,
        batch: &mut Batch,
    ) -> Option<Moment> {
        Some(match Written::parse(value)? {
            written if notation.is_date => Moment::Day(written.date()),
            Written::Date(date) => Moment::Day(date),
            Written::Utc(at) => Moment::Timed {
                wall: at.naive_utc(),
                at,
                clock: Clock::utc(),
                floats: false,
            },
            Written::Wall(wall) => {
                let clock = match notation.zone {
                    Some(name) => self.known(name, batch),
                    None => self.fallback.clone(),
                };
                batch.from_wall_times |= clock.zone().is_some();
                Moment::Timed {
                    wall,
                    at: clock.instant(wall),
                    clock,
                    floats: notation.zone.is_none(),
                }
            }
        })
    }

    /// The clock for times that name no zone.
    pub(super) fn fallback(&self) -> &Clock {
        &self.fallback
    }

    fn known(&mut self, name: &'a str, batch: &mut Batch) -> Clock {
        if let Some(clock) = self.known.get(name) {
            return clock.clone();
        }
        if self.known.len() == NAMES_MAX {
            return self.fallback.clone();
        }
        let clock = self.named(name, batch);
        self.known.insert(name, clock.clone());
        clock
    }

    /// A name that is sure counts more than what the file says of it, since those rules may be old; then come the rules
    /// of the file, then a guess, then the calendar's own clock.
    fn named(&self, name: &str, batch: &mut Batch) -> Clock {
        let of = |tz| Clock::of(tz, self.data);
        if let Some(clock) = name::sure(name).and_then(of) {
            return clock;
        }
        if let Some(rules) = self.rules.get(&plain(name)) {
            if let Some(clock) = rules.location.and_then(name::sure).and_then(of) {
                return clock;
            }
            if let Some(clock) = self.by_rules(rules) {
                return clock;
            }
        }
        match name::guess(name, self.data) {
            Some(Guess::Zone(tz)) if self.data.zone(tz).is_some() => {
                of(tz).unwrap_or_else(|| self.fallback.clone())
            }
            Some(Guess::Fixed(offset)) => fixed(offset),
            _ => {
                let name = Line::new(name).as_str().chars().take(40).collect();
                batch.remarks.insert(Remark::UnknownZone(name));
                self.fallback.clone()
            }
        }
    }

    /// The clock by the rules of the file: that of the calendar itself where the two agree, since it has a name.
    fn by_rules(&self, rules: &Rules<'_>) -> Option<Clock> {
        let changes = rules.changes()?;
        if let Clock::Zone(_, zone) = &self.fallback
            && changes.agree_with(zone)
        {
            return Some(self.fallback.clone());
        }
        Some(Clock::Offsets(Arc::new(changes.table())))
    }
}

fn fixed(offset: Offset) -> Clock {
    if offset == Offset::UTC {
        return Clock::utc();
    }
    Clock::Offsets(Arc::new(OffsetTable::new(offset, Vec::new())))
}

/// A name as the two places that have to agree on it write it.
fn plain(name: &str) -> String {
    value::text(name)
        .trim_matches(|c: char| c.is_whitespace() || c == '"')
        .to_lowercase()
}
