//! Recurring events: what repeats them, and when they are in a span of days (RFC 5545 §3.8.5, interop section 7).
//!
//! Everything here is reckoned by the clock on the wall. Wall times become instants only when they are asked for, by the
//! zone data of that moment, so that a changed tz database moves them at once (ADR 7).

mod expand;
mod keep;
mod parts;
mod rule;

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    when::{DateSpan, TimeSpan, When, YEARS},
    window::Window,
};
use crate::zones::{OffsetTable, Zone, ZoneData};

use expand::Pattern;
pub use keep::{Keepsake, Keepsakes, Kept, horizon};
pub use parts::Parts;
pub use rule::{Frequency, Rule};

/// The most instances of a series in ten years: three a day, and room for a tenth more.
pub const INSTANCES_MAX: usize = 12_000;
/// The most rules of a series. More than one is rare, and undefined by RFC 5545 since 2009.
const RULES_MAX: usize = 8;
/// The longest instance. Whoever looks for those that overlap a day has to go back this far.
const LENGTH_MAX: TimeDelta = TimeDelta::days(366);
/// By how much two clocks on two walls may differ at most, rounded up to days.
const CLOCKS_APART: Days = Days::new(2);

/// A recurring event: a first wall-clock time and what repeats it.
///
/// The first time always is an instance, whether or not a rule yields it, unless it is excepted (RFC 5545 §3.8.5.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Series {
    wall: Wall,
    start: NaiveDateTime,
    length: Length,
    patterns: Vec<Pattern>,
    extra: Vec<NaiveDateTime>,
    except: Vec<NaiveDateTime>,
}

/// How the wall times of a series become instants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Wall {
    /// They do not: whole days, without a zone.
    Days,
    /// By the rules that the zone data have for this zone when the series is expanded.
    Zone(Tz),
    /// By a `VTIMEZONE` of a foreign file that no zone of the tz database matches.
    Offsets(Arc<OffsetTable>),
}

/// How long each instance lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// So many calendar days: of a timed series until the same time of day, whatever clocks did meanwhile.
    Days(u16),
    /// So much time; what `DTEND` minus `DTSTART` of a timed series means (RFC 5545 §3.8.5.3).
    Exact(TimeDelta),
}

/// One instance of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// When it begins by the clock of the series; midnight of whole days. Identifies it, see
    /// [`super::id::EventUid::instance`].
    pub start: NaiveDateTime,
    /// When it is.
    pub when: When,
}

/// A series that is not published. Says why without a word of what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", .0)]
pub struct BadSeries(&'static str);

impl BadSeries {
    const NO_RULE: Self = Self("its recurrence rule cannot be read");
    const UNSUPPORTED: Self = Self("its recurrence rule is of a kind that is not supported");
    const TOO_FINE: Self = Self("its recurrence rule repeats by the minute or second");
    const TOO_MANY: Self = Self("it recurs too often, more than 12,000 times in ten years");
    const BAD_LENGTH: Self =
        Self("its instances last less than nothing, no whole days, or more than a year");
    const BAD_START: Self = Self("it begins outside the years 1970 to 2099");

    /// What is wrong with it, for [`super::batch::Remark::LeftOut`].
    #[must_use]
    pub const fn why(self) -> &'static str {
        self.0
    }
}

impl Series {
    /// The series that begins at `start` and lasts `length` each time.
    ///
    /// `rules` are values of `RRULE` (RFC 5545 §3.3.10), `extra` those of `RDATE`, `except` those of `EXDATE`; all times
    /// are by the clock of `wall`, midnight for [`Wall::Days`].
    ///
    /// An override (`RECURRENCE-ID`) is no part of it: its original start belongs in `except`, and the changed instance is
    /// an event of its own with the UID [`super::id::EventUid::instance`].
    ///
    /// A rule that yields nothing is no error, and neither is `UNTIL` as a date in a timed series, which Google writes:
    /// it means through the end of that day. `BYMINUTE` and `BYSECOND` may only repeat what `start` says.
    ///
    /// # Errors
    /// [`BadSeries`] for a rule that cannot be read, repeats by minute or second, or uses another calendar; for more than
    /// [`INSTANCES_MAX`] instances in ten years; for a length below nothing or above a year, or that is not in days for
    /// [`Wall::Days`]; for a start outside 1970 to 2099.
    pub fn new(
        wall: Wall,
        start: NaiveDateTime,
        length: Length,
        rules: &[String],
        mut extra: Vec<NaiveDateTime>,
        mut except: Vec<NaiveDateTime>,
    ) -> Result<Self, BadSeries> {
        use chrono::Datelike;
        if !YEARS.contains(&start.year()) {
            return Err(BadSeries::BAD_START);
        }
        let lasts = match (&wall, length) {
            (Wall::Days, Length::Exact(_) | Length::Days(0)) => None,
            (_, Length::Days(days)) => Some(TimeDelta::days(days.into())),
            (_, Length::Exact(time)) => Some(time),
        };
        if !lasts.is_some_and(|time| (TimeDelta::zero()..=LENGTH_MAX).contains(&time)) {
            return Err(BadSeries::BAD_LENGTH);
        }
        if rules.len() > RULES_MAX || extra.len() > INSTANCES_MAX || except.len() > INSTANCES_MAX {
            return Err(BadSeries::TOO_MANY);
        }
        for times in [&mut extra, &mut except] {
            times.sort_unstable();
            times.dedup();
        }
        let rules = rules.iter().map(|text| Rule::read(text, start));
        let rules = rules.collect::<Result<Vec<_>, _>>()?;
        let patterns = expand::patterns(rules, start, INSTANCES_MAX - extra.len())?;
        Ok(Self {
            wall,
            start,
            length,
            patterns,
            extra,
            except,
        })
    }

    /// Every occurrence that overlaps `window`, by the rules in `data`, in the order of their original starts.
    ///
    /// There are at most [`INSTANCES_MAX`] and the first one in ten years, which is the longest window.
    pub fn occurrences(
        &self,
        window: &Window,
        data: &ZoneData,
    ) -> impl Iterator<Item = Occurrence> + use<> {
        let clock = self.clock(data);
        let days = window.days();
        let back = self.lasts();
        let from = midnight(days.first()).checked_sub_days(CLOCKS_APART);
        let from = from.and_then(|from| from.checked_sub_signed(back));
        let to = midnight(days.end()).checked_add_days(CLOCKS_APART);
        let starts = match from.zip(to) {
            Some((from, to)) => self.starts(from, to, &clock),
            None => Vec::new(),
        };
        let (length, window) = (self.length, *window);
        starts
            .into_iter()
            .filter_map(move |start| {
                let when = clock.when(start, length)?;
                Some(Occurrence { start, when })
            })
            .filter(move |occurrence| window.shows(occurrence.when))
    }

    /// The original starts that are left out of it, in order: of instances that do not take place, and of those that were
    /// changed and are events of their own.
    #[must_use]
    pub fn exceptions(&self) -> &[NaiveDateTime] {
        &self.except
    }

    /// A day on which, or after which, the last instance ends by any clock; `None` if the series is endless.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        let mut starts: Vec<_> = std::iter::once(self.start)
            .chain(self.extra.iter().copied())
            .collect();
        for pattern in &self.patterns {
            pattern.append_last(&mut starts, self.start)?;
        }
        let last = starts
            .into_iter()
            .filter(|at| self.except.binary_search(at).is_err())
            .max();
        let end = last.unwrap_or(self.start).checked_add_signed(self.lasts());
        end?.date().succ_opt()
    }

    /// Original starts at `from` or later and before `to`, in order.
    fn starts(&self, from: NaiveDateTime, to: NaiveDateTime, clock: &Clock) -> Vec<NaiveDateTime> {
        let mut starts: Vec<_> = std::iter::once(self.start)
            .chain(self.extra.iter().copied())
            .filter(|at| (from..to).contains(at))
            .collect();
        for pattern in &self.patterns {
            pattern.append(&mut starts, self.start, from..to, clock);
        }
        starts.sort_unstable();
        starts.dedup();
        starts.retain(|at| self.except.binary_search(at).is_err());
        starts
    }

    fn lasts(&self) -> TimeDelta {
        match self.length {
            Length::Days(days) => TimeDelta::days(days.into()),
            Length::Exact(time) => time,
        }
    }

    fn clock(&self, data: &ZoneData) -> Clock {
        match &self.wall {
            Wall::Days => Clock::Days,
            Wall::Zone(tz) => Clock::Zone(data.zone_or_utc(*tz).clone()),
            Wall::Offsets(table) => Clock::Offsets(Arc::clone(table)),
        }
    }
}

/// [`Wall`] with the rules that hold now.
#[derive(Debug, Clone)]
enum Clock {
    Days,
    Zone(Zone),
    Offsets(Arc<OffsetTable>),
}

impl Clock {
    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Days => at.naive_utc(),
            Self::Zone(zone) => zone.local(at),
            Self::Offsets(table) => table.local(at),
        }
    }

    fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Self::Days => local.and_utc(),
            Self::Zone(zone) => zone.instant(local),
            Self::Offsets(table) => table.instant(local),
        }
    }

    /// When an instance is that begins at `start`; `None` outside the years calbridge speaks of.
    fn when(&self, start: NaiveDateTime, length: Length) -> Option<When> {
        match (self, length) {
            (Self::Days, Length::Days(days)) => {
                let first = start.date();
                let end = first.checked_add_days(Days::new(days.into()))?;
                Some(When::Days(DateSpan::until(first, end).ok()?))
            }
            (_, Length::Exact(time)) => {
                let start = self.instant(start);
                let end = start.checked_add_signed(time)?;
                Some(When::Timed(TimeSpan::new(start, end).ok()?))
            }
            (_, Length::Days(days)) => {
                let end = self.instant(start.checked_add_days(Days::new(days.into()))?);
                Some(When::Timed(TimeSpan::new(self.instant(start), end).ok()?))
            }
        }
    }
}

fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

#[cfg(test)]
mod tests;
