//! When a record is (`upstreams/prospectconnect.md` §8, §10); pure.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::{
    domain::{
        batch::Remark,
        when::{BadSpan, DateSpan, TimeSpan, When},
    },
    source::moment::Moment,
    zones::Zone,
};

use super::wire::Record;

/// How long before a task is due its event begins: an event without length is drawn by no client.
const BEFORE_DUE: TimeDelta = TimeDelta::minutes(15);
/// How long a meeting is that does not say so.
const MEETING: TimeDelta = TimeDelta::minutes(30);

/// What a time of day beside a date means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DueTime {
    /// The time on the wall in the source's zone.
    #[default]
    Zone,
    /// A time in UTC, like everything else the upstream says.
    Utc,
}

/// The rules by which a time of day becomes an instant.
#[derive(Debug, Clone)]
pub(super) enum Wall {
    Zone(Zone),
    Utc,
}

impl Wall {
    /// Whether its instants change with zone data.
    pub(super) fn has_rules(&self) -> bool {
        matches!(self, Self::Zone(_))
    }

    fn instant(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        match self {
            Self::Zone(zone) => zone.instant(date.and_time(time)),
            Self::Utc => date.and_time(time).and_utc(),
        }
    }
}

/// When a record is, and how it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) when: When,
    /// Whether it was worked out from a time on the wall.
    pub(super) from_wall: bool,
}

impl Time {
    fn told(when: Result<When, BadSpan>) -> Result<Self, &'static str> {
        let when = when.map_err(|_bad| "it lies outside the years 1970 to 2099")?;
        Ok(Self {
            when,
            from_wall: false,
        })
    }

    fn day(date: NaiveDate) -> Result<Self, &'static str> {
        Self::told(DateSpan::through(date, date).map(When::Days))
    }

    fn span(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, &'static str> {
        Self::told(TimeSpan::new(start, end).map(When::Timed))
    }
}

/// When a task is due: on a day, or up to a moment.
///
/// A time of day beside the date is taken in the zone of `wall`. Beside an instant it counts only if that is midnight in
/// UTC, which then stands for the date; a midnight alone may be meant.
pub(super) fn due(
    record: &Record,
    wall: &Wall,
    remarks: &mut BTreeSet<Remark>,
) -> Result<Time, &'static str> {
    let due = record.due().ok_or("it has no due date")?;
    let due = Moment::parse(due, remarks).ok_or("its due date is no date")?;
    let told = record.due_time.text();
    let date = match (due, told) {
        (Moment::Date(date), _) => date,
        (Moment::Time(at), Some(_)) if is_midnight(at) => at.to_utc().date_naive(),
        (Moment::Time(at), _) => return until(at.to_utc()),
    };
    let Some(told) = told else {
        return Time::day(date);
    };
    let Some(time) = time_of_day(told) else {
        remarks.insert(Remark::NoTimeOfDay);
        return Time::day(date);
    };
    let due = until(wall.instant(date, time))?;
    Ok(Time {
        from_wall: wall.has_rules(),
        ..due
    })
}

fn until(due: DateTime<Utc>) -> Result<Time, &'static str> {
    Time::span(due - BEFORE_DUE, due)
}

fn is_midnight(at: DateTime<FixedOffset>) -> bool {
    at.to_utc().time() == NaiveTime::MIN
}

/// `14:30`, `14:30:00`, `2:30 PM`.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_ascii_uppercase().replace('.', "");
    [
        "%H:%M",
        "%H:%M:%S",
        "%I:%M %p",
        "%I:%M%p",
        "%I:%M:%S %p",
        "%I %p",
        "%I%p",
    ]
    .iter()
    .find_map(|form| NaiveTime::parse_from_str(&text, form).ok())
}

/// When a deal is expected to close: the day that its first ten characters say, whatever stands after them.
pub(super) fn close(record: &Record) -> Result<Time, &'static str> {
    const NO_DATE: &str = "its expected close is no date";
    let told = record.close().ok_or("it has no expected close")?;
    let date = told.get(..10).ok_or(NO_DATE)?;
    Time::day(date.parse().or(Err(NO_DATE))?)
}

/// When a meeting is. The unit of `duration` is unknown, so an end that is not told is half an hour after the start.
pub(super) fn meeting(
    record: &Record,
    remarks: &mut BTreeSet<Remark>,
) -> Result<Time, &'static str> {
    let start = record.start().ok_or("it has no start")?;
    let start = Moment::parse(start, remarks).ok_or("its start is no time")?;
    let end = record.end().and_then(|text| Moment::parse(text, remarks));
    match (start, end) {
        (Moment::Date(first), end) => {
            let last = end.map_or(first, Moment::date).max(first);
            Time::told(DateSpan::through(first, last).map(When::Days))
        }
        (Moment::Time(start), Some(Moment::Time(end))) if end >= start => {
            Time::span(start.to_utc(), end.to_utc())
        }
        (Moment::Time(start), _) => Time::span(start.to_utc(), start.to_utc() + MEETING),
    }
}
