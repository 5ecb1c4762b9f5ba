//! When an event is, and how a repeated one is reckoned (RFC 5545 §3.6.1, §3.8.2).

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::domain::{
    batch::Batch,
    series::{Length, Wall},
    when::{BadSpan, DateSpan, TimeSpan, When},
};

use super::{
    clock::{Clock, Clocks, Moment, Notation},
    line::Property,
    record::Record,
    value::Duration,
};

/// When an event is for the first or only time.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) when: When,
    /// When it begins by its clock; midnight of whole days.
    pub(super) start: NaiveDateTime,
    pub(super) length: Length,
    /// What its times are by; `None` for whole days.
    pub(super) clock: Option<Clock>,
}

const BAD_YEARS: fn(BadSpan) -> &'static str = |_| "it lies outside the years 1970 to 2099";

impl Span {
    /// The span of `record`.
    ///
    /// An end that is missing, or before the start, leaves a day or a point in time.
    ///
    /// # Errors
    /// What is wrong with it, for [`crate::domain::batch::Remark::LeftOut`].
    pub(super) fn of<'a>(
        record: &Record<'a>,
        clocks: &mut Clocks<'a>,
        batch: &mut Batch,
    ) -> Result<Self, &'static str> {
        let start = record.start.ok_or("it has no start")?;
        let mut moment = |property: Property<'a>| {
            let notation = Notation::of(record.calendar, &property);
            clocks.moment(notation, property.value, batch)
        };
        let start = moment(start).ok_or("its start is no time")?;
        let end = record.end.and_then(moment);
        let duration = record.duration.and_then(Duration::parse);
        match &start {
            Moment::Day(first) => {
                let end = end
                    .map(|end| day_after(&end))
                    .or_else(|| first.checked_add_days(days_of(duration?)));
                Self::days(*first, end)
            }
            Moment::Timed { .. } if is_true(record.all_day) => {
                let fallback = clocks.fallback(record.calendar, batch);
                match whole_days(&start, end.as_ref(), &fallback) {
                    Some((first, end)) => Self::days(first, end),
                    None => Self::timed(start, end.as_ref(), duration),
                }
            }
            Moment::Timed { .. } => Self::timed(start, end.as_ref(), duration),
        }
    }

    /// How its series is reckoned.
    pub(super) fn wall(&self) -> Wall {
        self.clock.as_ref().map_or(Wall::Days, Clock::wall)
    }

    /// What its clock shows at another moment; of a day in a timed series, the time of day of the series.
    pub(super) fn reckoned(&self, moment: &Moment) -> NaiveDateTime {
        match &self.clock {
            Some(clock) => moment.by(clock, self.start.time()),
            None => moment.date().and_time(NaiveTime::MIN),
        }
    }

    fn days(first: NaiveDate, end: Option<NaiveDate>) -> Result<Self, &'static str> {
        let next = first.succ_opt().ok_or(BAD_YEARS(BadSpan))?;
        let days = DateSpan::until(first, end.unwrap_or(next).max(next)).map_err(BAD_YEARS)?;
        let count = (days.end() - days.first()).num_days();
        Ok(Self {
            when: When::Days(days),
            start: first.and_time(NaiveTime::MIN),
            length: Length::Days(u16::try_from(count).unwrap_or(u16::MAX)),
            clock: None,
        })
    }

    fn timed(
        start: Moment,
        end: Option<&Moment>,
        duration: Option<Duration>,
    ) -> Result<Self, &'static str> {
        let Moment::Timed {
            wall, at, clock, ..
        } = start
        else {
            return Err("its start is no time");
        };
        let (end, length) = match (end, duration) {
            (Some(Moment::Timed { at: end, .. }), _) => (*end, None),
            (Some(Moment::Day(date)), _) => (clock.instant(date.and_time(NaiveTime::MIN)), None),
            (None, Some(length)) => {
                let days_later = length.days_after(wall).ok_or(BAD_YEARS(BadSpan))?;
                let end = clock.instant(days_later).checked_add_signed(length.exact);
                let length = if length.exact.is_zero() && length.days > 0 {
                    Length::Days(length.days)
                } else {
                    Length::Exact(length.nominal())
                };
                (end.ok_or(BAD_YEARS(BadSpan))?, Some(length))
            }
            (None, None) => (at, None),
        };
        let end = end.max(at);
        Ok(Self {
            when: When::Timed(TimeSpan::new(at, end).map_err(BAD_YEARS)?),
            start: wall,
            length: length.unwrap_or(Length::Exact(end - at)),
            clock: Some(clock),
        })
    }
}

/// The day that ends days which end at `end`: itself if it is a date or a midnight.
fn day_after(end: &Moment) -> NaiveDate {
    let within = match end {
        Moment::Day(_) => false,
        Moment::Timed { wall, .. } => wall.time() != NaiveTime::MIN,
    };
    let date = end.date();
    date.succ_opt().filter(|_| within).unwrap_or(date)
}

/// So many days, one for each that has begun.
fn days_of(duration: Duration) -> Days {
    let whole = duration.nominal() + TimeDelta::hours(24) - TimeDelta::seconds(1);
    Days::new(u64::try_from(whole.num_days()).unwrap_or_default())
}

/// The days of a span that Outlook says is one of whole days: from midnight to midnight, as written or by the clock of
/// the calendar. Without that word such a span is no day (design §9).
fn whole_days(
    start: &Moment,
    end: Option<&Moment>,
    fallback: &Clock,
) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let written = |moment: &Moment| match moment {
        Moment::Day(date) => date.and_time(NaiveTime::MIN),
        Moment::Timed { wall, .. } => *wall,
    };
    let here = |moment: &Moment| moment.by(fallback, NaiveTime::MIN);
    let read = |clock: &dyn Fn(&Moment) -> NaiveDateTime| {
        let (start, end) = (clock(start), end.map(clock));
        let midnight = |wall: NaiveDateTime| wall.time() == NaiveTime::MIN;
        let whole = midnight(start) && end.is_none_or(midnight);
        whole.then(|| (start.date(), end.map(|end| end.date())))
    };
    read(&written).or_else(|| read(&here))
}

fn is_true(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.trim().eq_ignore_ascii_case("TRUE"))
}
