//! Which clock a wall time of a file is read by.

mod declared;

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
    record::{Calendar, EVENTS_MAX},
    timezone,
    value::Written,
};
use declared::Declared;

/// A clock on a wall.
#[derive(Debug, Clone)]
pub(super) enum Clock {
    /// In a zone of the tz database.
    Zone(Tz, Zone),
    /// By a `VTIMEZONE` that no zone of the tz database is sure to match, or by a bare offset.
    Offsets(Arc<OffsetTable>),
}

/// Names of zones that are looked up in a file, each calendar's counted by themselves: two for each event there may be. Beyond it
/// only what is sure is known.
const NAMES_MAX: usize = 2 * EVENTS_MAX;

/// The longest name of a zone that is looked up, in bytes; there may be a time by it in each line.
const NAME_MAX: usize = 255;

/// How the times are written that a property has, as its parameters say: read once, since there may be thousands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notation<'a> {
    calendar: usize,
    is_date: bool,
    zone: Option<&'a str>,
}

impl<'a> Notation<'a> {
    /// The notation of a property in a calendar of the file, which are numbered from 0.
    pub(super) fn of(calendar: usize, property: &Property<'a>) -> Self {
        let kind = property.param("VALUE");
        let zone = property.param("TZID").map(cut);
        Self {
            calendar,
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

/// The clocks of a file.
pub(super) struct Clocks<'a> {
    data: &'a ZoneData,
    calendars: &'a [Calendar<'a>],
    /// For times of calendars that do not say where they are.
    source: Clock,
    known: HashMap<(usize, &'a str), Clock>,
    declared: Declared<'a>,
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

    /// The same, at the instant at which its own calendar has it.
    pub(super) fn settled(mut self) -> Self {
        if let Self::Timed { floats, .. } = &mut self {
            *floats = false;
        }
        self
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
    /// The clocks of a file of `calendars`, with `source` for what they leave open and `data` for the rules.
    pub(super) fn new(calendars: &'a [Calendar<'a>], source: Tz, data: &'a ZoneData) -> Self {
        Self {
            data,
            calendars,
            source: Clock::of(source, data).unwrap_or_else(Clock::utc),
            known: HashMap::new(),
            declared: Declared::by(calendars),
        }
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
                    Some(name) => self.known(notation.calendar, name, batch),
                    None => self.fallback(notation.calendar, batch),
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

    /// The clock for times of a calendar that name no zone: by `X-WR-TIMEZONE`, which is not part of the standard; Google
    /// and Apple mean the zone of floating times by it.
    pub(super) fn fallback(&mut self, calendar: usize, batch: &mut Batch) -> Clock {
        match self.own_zone(calendar) {
            Some(name) => self.known(calendar, name, batch),
            None => self.source.clone(),
        }
    }

    /// Whether times that name no zone are by other clocks in one calendar than in the other.
    pub(super) fn differ(&mut self, one: usize, other: usize, batch: &mut Batch) -> bool {
        one != other && !self.fallback(one, batch).is(&self.fallback(other, batch))
    }

    fn own_zone(&self, calendar: usize) -> Option<&'a str> {
        self.calendars.get(calendar)?.zone.map(cut)
    }

    fn known(&mut self, calendar: usize, name: &'a str, batch: &mut Batch) -> Clock {
        if let Some(clock) = self.known.get(&(calendar, name)) {
            return clock.clone();
        }
        let otherwise = match self.own_zone(calendar) {
            Some(own) if own != name => self.known(calendar, own, batch),
            _ => self.source.clone(),
        };
        let is_full = self.known.len() == NAMES_MAX;
        let mut found = self.sure(name);
        if found.is_none() && !is_full {
            found = self.by_declaration(calendar, name, &otherwise);
            found = found.or_else(|| self.guessed(name));
        }
        let clock = found.unwrap_or_else(|| {
            let name = Line::new(name).as_str().chars().take(40).collect();
            batch.remarks.insert(Remark::UnknownZone(name));
            otherwise
        });
        if !is_full {
            self.known.insert((calendar, name), clock.clone());
        }
        clock
    }

    /// What a name is sure to mean. That counts more than what the file says of it, since its rules may be old.
    fn sure(&self, name: &str) -> Option<Clock> {
        name::sure(name).and_then(|tz| Clock::of(tz, self.data))
    }

    /// What the calendar says that a name means; `own` is its clock.
    fn by_declaration(&mut self, calendar: usize, name: &str, own: &Clock) -> Option<Clock> {
        let zone = self.declared.zone(calendar, name)?;
        if let Some(clock) = zone.location.and_then(|name| self.sure(name)) {
            return Some(clock);
        }
        let offsets = self.declared.offsets(zone)?;
        Some(match own {
            // It has a name.
            Clock::Zone(_, zone) if timezone::agree(&offsets, zone) => own.clone(),
            _ => Clock::Offsets(offsets),
        })
    }

    /// What a name most likely means.
    fn guessed(&self, name: &str) -> Option<Clock> {
        match name::guess(name, self.data)? {
            Guess::Zone(tz) => Clock::of(tz, self.data),
            Guess::Fixed(offset) => Some(fixed(offset)),
        }
    }
}

/// The beginning of a name that is too long for one.
fn cut(name: &str) -> &str {
    &name[..name.floor_char_boundary(NAME_MAX)]
}

fn fixed(offset: Offset) -> Clock {
    if offset == Offset::UTC {
        return Clock::utc();
    }
    Clock::Offsets(Arc::new(OffsetTable::new(offset, Vec::new())))
}
