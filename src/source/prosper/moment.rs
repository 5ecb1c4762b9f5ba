//! Dates and times in the four spellings of Prosper (`upstreams/prosper.md` §6).

use std::cell::Cell;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::zones::ZoneData;

/// Whose midnights are dates in disguise.
const HOME: Tz = Tz::America__Los_Angeles;
/// The length of `2026-11-21`.
const DATE: usize = 10;

/// Reads dates and times, by the rules of the zones where they are needed.
pub(super) struct Moments<'a> {
    zones: &'a ZoneData,
    ruled: Cell<bool>,
}

/// A date or a time, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Date(NaiveDate),
    Time(NaiveDateTime, Where),
}

/// What a time counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Offset(FixedOffset),
    Zone(Tz),
}

impl<'a> Moments<'a> {
    pub(super) fn new(zones: &'a ZoneData) -> Self {
        Self {
            zones,
            ruled: Cell::default(),
        }
    }

    /// Whether anything read depended on the rules of a zone.
    pub(super) fn ruled(&self) -> bool {
        self.ruled.get()
    }

    /// The date that is meant: the one written, if it is a date or a midnight; else that of Los Angeles, because
    /// midnight there, written in UTC, is how Prosper disguises most dates.
    pub(super) fn day(&self, text: &str) -> Option<NaiveDate> {
        match written(text)? {
            Written::Date(date) => Some(date),
            Written::Time(local, _) if local.time() == NaiveTime::MIN => Some(local.date()),
            Written::Time(local, place) => {
                self.ruled.set(true);
                let at = self.utc(local, place)?;
                Some(self.zones.zone_or_utc(HOME).local(at).date())
            }
        }
    }

    /// The instant that is meant; a date is its midnight in Los Angeles.
    pub(super) fn instant(&self, text: &str) -> Option<DateTime<Utc>> {
        match written(text)? {
            Written::Date(date) => self.utc(date.and_time(NaiveTime::MIN), Where::Zone(HOME)),
            Written::Time(local, place) => self.utc(local, place),
        }
    }

    fn utc(&self, local: NaiveDateTime, place: Where) -> Option<DateTime<Utc>> {
        match place {
            Where::Offset(offset) => {
                let ahead = TimeDelta::seconds(offset.local_minus_utc().into());
                Some(local.checked_sub_signed(ahead)?.and_utc())
            }
            Where::Zone(tz) => {
                self.ruled.set(true);
                Some(self.zones.zone_or_utc(tz).instant(local))
            }
        }
    }
}

/// A date, or date and time with `T` or blanks between, and after it an offset, `Z`, the name of a zone, or nothing,
/// which is UTC.
fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    let date = text.get(..DATE)?.parse().ok()?;
    let rest = text[DATE..].trim_start_matches(['T', 't', ' ']);
    if rest.is_empty() {
        return (text.len() == DATE).then_some(Written::Date(date));
    }
    let digits = |c: char| c.is_ascii_digit() || c == ':' || c == '.';
    let (time, place) = rest.split_at(rest.find(|c| !digits(c)).unwrap_or(rest.len()));
    let time = NaiveTime::parse_from_str(time, "%H:%M:%S%.f").ok()?;
    Some(Written::Time(
        date.and_time(time),
        place.trim().parse().ok()?,
    ))
}

impl std::str::FromStr for Where {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let utc = FixedOffset::east_opt(0).ok_or(())?;
        match text {
            "" | "Z" | "z" => Ok(Self::Offset(utc)),
            _ if text.starts_with(['+', '-']) => text.parse().map(Self::Offset).or(Err(())),
            _ => text.parse().map(Self::Zone).or(Err(())),
        }
    }
}
