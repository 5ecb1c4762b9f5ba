//! One `RRULE` (RFC 5545 §3.3.10).

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc, Weekday};

use super::BadSeries;

/// A recurrence rule. Its parts are as RFC 5545 §3.3.10 names them; an empty list means that the part is absent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rule {
    /// The length of a period.
    pub freq: Frequency,
    /// Every how many periods; at least 1.
    pub interval: u16,
    /// After how many instances it ends.
    pub count: Option<u32>,
    /// The last time it may yield.
    pub until: Option<Until>,
    /// 1 to 12.
    pub by_month: Vec<u8>,
    /// Weeks of the year, ±1 to ±53.
    pub by_week_no: Vec<i8>,
    /// Days of the year, ±1 to ±366.
    pub by_year_day: Vec<i16>,
    /// Days of the month, ±1 to ±31.
    pub by_month_day: Vec<i8>,
    /// Weekdays, with which of them in the month or year; 0 for each.
    pub by_day: Vec<(i8, Weekday)>,
    /// 0 to 23.
    pub by_hour: Vec<u8>,
    /// Which of a period's instances, ±1 to ±366.
    pub by_set_pos: Vec<i16>,
    /// The first day of the week.
    pub week_start: Weekday,
}

/// How long a period of a rule is. Those of minutes and seconds are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// Years.
    Yearly,
    /// Months.
    Monthly,
    /// Weeks.
    Weekly,
    /// Days.
    Daily,
    /// Hours.
    Hourly,
}

/// The end of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Until {
    /// A time by the clock of the series; of a date the end of that day.
    Wall(NaiveDateTime),
    /// An instant.
    Utc(DateTime<Utc>),
}

impl Rule {
    /// The rule of a series that begins at `start`.
    pub(super) fn read(text: &str, start: NaiveDateTime) -> Result<Self, BadSeries> {
        let text = text.trim().to_ascii_uppercase();
        let mut seen = Vec::new();
        let mut rule = Self {
            freq: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            by_month: Vec::new(),
            by_week_no: Vec::new(),
            by_year_day: Vec::new(),
            by_month_day: Vec::new(),
            by_day: Vec::new(),
            by_hour: Vec::new(),
            by_set_pos: Vec::new(),
            week_start: Weekday::Mon,
        };
        for part in text
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (name, value) = part.split_once('=').ok_or(BadSeries::NO_RULE)?;
            if seen.contains(&name) {
                return Err(BadSeries::NO_RULE);
            }
            seen.push(name);
            rule.take(name, value, start)?;
        }
        if !seen.contains(&"FREQ") {
            return Err(BadSeries::NO_RULE);
        }
        rule.settled()
    }

    fn take(&mut self, name: &str, value: &str, start: NaiveDateTime) -> Result<(), BadSeries> {
        let bad = BadSeries::NO_RULE;
        match name {
            "FREQ" => self.freq = frequency(value)?,
            "INTERVAL" => {
                self.interval = value.parse().ok().filter(|n| *n > 0).ok_or(bad)?;
            }
            "COUNT" => self.count = Some(value.parse().ok().filter(|n| *n > 0).ok_or(bad)?),
            "UNTIL" => self.until = Some(until(value).ok_or(bad)?),
            "BYMONTH" => self.by_month = numbers(value, 1..=12)?,
            "BYWEEKNO" => self.by_week_no = signed(value, 53)?,
            "BYYEARDAY" => self.by_year_day = signed(value, 366)?,
            "BYMONTHDAY" => self.by_month_day = signed(value, 31)?,
            "BYDAY" => self.by_day = list(value, numbered_weekday)?,
            "BYHOUR" => self.by_hour = numbers(value, 0..=23)?,
            // Some calendars spell out the time of day of the start; anything more would be a bomb.
            "BYMINUTE" if numbers(value, 0..=59)? == [start.minute()] => {}
            "BYSECOND" if numbers(value, 0..=60)? == [start.second()] => {}
            "BYMINUTE" | "BYSECOND" => return Err(BadSeries::TOO_FINE),
            "BYSETPOS" => self.by_set_pos = signed(value, 366)?,
            "WKST" => self.week_start = weekday(value).ok_or(bad)?,
            // RFC 7529: the calendar we know, and what it does by default.
            "RSCALE" if value == "GREGORIAN" => {}
            "SKIP" if value == "OMIT" => {}
            _ => return Err(BadSeries::UNSUPPORTED),
        }
        Ok(())
    }

    /// The same in the form in which the `rrule` crate gets it right.
    fn settled(mut self) -> Result<Self, BadSeries> {
        match self.freq {
            Frequency::Yearly | Frequency::Monthly => {}
            // RFC 5545 forbids which of the weekdays here. Every reader passes over it; the crate would yield every day.
            Frequency::Weekly | Frequency::Daily | Frequency::Hourly => {
                for (nth, _) in &mut self.by_day {
                    *nth = 0;
                }
            }
        }
        let misplaced = !self.by_week_no.is_empty()
            && (self.freq != Frequency::Yearly || self.by_day.iter().any(|(nth, _)| *nth != 0));
        if misplaced {
            return Err(BadSeries::UNSUPPORTED);
        }
        // The crate refuses the fifth last weekday of a month: it is the one of that name among the last 29th to 31st.
        if let ([(-5, day)], []) = (&self.by_day[..], &self.by_month_day[..])
            && self.freq == Frequency::Monthly
        {
            self.by_day = vec![(0, *day)];
            self.by_month_day = vec![-31, -30, -29];
        }
        self.by_month.sort_unstable();
        self.by_month.dedup();
        self.by_hour.sort_unstable();
        self.by_hour.dedup();
        Ok(self)
    }
}

fn frequency(value: &str) -> Result<Frequency, BadSeries> {
    Ok(match value {
        "YEARLY" => Frequency::Yearly,
        "MONTHLY" => Frequency::Monthly,
        "WEEKLY" => Frequency::Weekly,
        "DAILY" => Frequency::Daily,
        "HOURLY" => Frequency::Hourly,
        "MINUTELY" | "SECONDLY" => return Err(BadSeries::TOO_FINE),
        _ => return Err(BadSeries::NO_RULE),
    })
}

/// `20261231`, `20261231T225959` or `20261231T225959Z`.
fn until(value: &str) -> Option<Until> {
    let date_time = |text| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok();
    if let Some(utc) = value.strip_suffix('Z') {
        return Some(Until::Utc(date_time(utc)?.and_utc()));
    }
    let end_of = |day: NaiveDate| Some(day.and_time(NaiveTime::from_hms_opt(23, 59, 59)?));
    let date = || {
        NaiveDate::parse_from_str(value, "%Y%m%d")
            .ok()
            .and_then(end_of)
    };
    date_time(value).or_else(date).map(Until::Wall)
}

fn list<T>(value: &str, item: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, BadSeries> {
    let items = value.split(',').map(str::trim);
    items
        .map(|text| item(text).ok_or(BadSeries::NO_RULE))
        .collect()
}

fn numbers<T>(value: &str, allowed: std::ops::RangeInclusive<T>) -> Result<Vec<T>, BadSeries>
where
    T: std::str::FromStr + PartialOrd,
{
    list(value, |text| {
        text.parse().ok().filter(|number| allowed.contains(number))
    })
}

/// Numbers from 1 to `most`, or as many counted from the end.
fn signed<T: TryFrom<i16>>(value: &str, most: i16) -> Result<Vec<T>, BadSeries> {
    list(value, |text| {
        let number: i16 = text.parse().ok()?;
        let fits = (1..=most).contains(&number.checked_abs()?);
        fits.then(|| T::try_from(number).ok())?
    })
}

/// `MO`, `2MO`, `+2MO` or `-1MO`.
fn numbered_weekday(text: &str) -> Option<(i8, Weekday)> {
    let split = text.len().checked_sub(2)?;
    let (nth, day) = (text.get(..split)?, weekday(text.get(split..)?)?);
    if nth.is_empty() {
        return Some((0, day));
    }
    let nth: i8 = nth.parse().ok()?;
    ((-53..=53).contains(&nth) && nth != 0).then_some((nth, day))
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}
