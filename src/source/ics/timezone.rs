//! A `VTIMEZONE` (RFC 5545 §3.6.5) as a table of offsets, for zones that no tz database knows.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

use crate::{
    domain::when::YEARS,
    zones::{Offset, OffsetTable, Zone},
};

use super::value::{Written, seconds_east};

/// Changes of offset in one `VTIMEZONE`; a zone that changes twice a year has 260.
const CHANGES_MAX: usize = 4_000;
/// Rules of one observance; zones whose law changed often have a dozen.
const RULES_MAX: usize = 32;
/// Values of one part of a rule: every day of a month, from both of its ends.
const VALUES_MAX: usize = 62;
/// The years in which a zone of the file and one of the tz database have to agree to be taken for the same.
const SAME_YEARS: [i32; 2] = [2020, 2037];

/// A `VTIMEZONE` as it stands in a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules<'a> {
    /// What the file calls it.
    pub(crate) id: &'a str,
    /// What libical calls it (`X-LIC-LOCATION`): an IANA name.
    pub(crate) location: Option<&'a str>,
    pub(crate) observances: Vec<Observance<'a>>,
}

/// A `STANDARD` or `DAYLIGHT` of it, as it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Observance<'a> {
    pub(crate) start: Option<&'a str>,
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
    pub(crate) rules: Vec<&'a str>,
    pub(crate) dates: Vec<&'a str>,
}

/// The offsets that a zone of these observances has, to the year 2100; `None` if one of them cannot be understood.
pub(crate) fn table(observances: &[Observance<'_>]) -> Option<OffsetTable> {
    let mut list = Vec::new();
    let mut first: Option<(NaiveDateTime, Offset)> = None;
    for observance in observances {
        let (from, to) = (offset(observance.from?)?, offset(observance.to?)?);
        let start = wall(observance.start?)?;
        if first.is_none_or(|(earliest, _)| start < earliest) {
            first = Some((start, from));
        }
        for onset in observance.onsets(start, from)? {
            list.push((instant(onset, from), to));
        }
        if list.len() > CHANGES_MAX {
            return None;
        }
    }
    let (_, first) = first?;
    Some(OffsetTable::new(first, list))
}

impl Observance<'_> {
    /// The wall times, by the offset before it, at which it begins.
    fn onsets(&self, start: NaiveDateTime, from: Offset) -> Option<Vec<NaiveDateTime>> {
        if self.rules.len() > RULES_MAX {
            return None;
        }
        let mut onsets = vec![start];
        for dates in &self.dates {
            for date in dates.split(',') {
                onsets.push(match Written::parse(date.split('/').next()?)? {
                    Written::Utc(at) => at.naive_utc() + TimeDelta::seconds(from.seconds().into()),
                    Written::Wall(wall) => wall,
                    Written::Date(date) => date.and_time(start.time()),
                });
                if onsets.len() > CHANGES_MAX {
                    return None;
                }
            }
        }
        for rule in &self.rules {
            let rule = Yearly::parse(rule)?;
            let ended = |onset: &NaiveDateTime| match rule.until {
                None => false,
                Some(Written::Utc(until)) => instant(*onset, from) > until,
                Some(Written::Wall(until)) => *onset > until,
                Some(Written::Date(until)) => onset.date() > until,
            };
            // Anchors in 1601 are common, and nothing before 1970 is ever asked for.
            let begin = start.year().max(*YEARS.start() - 1);
            let years = begin..=*YEARS.end() + 1;
            let found = years
                .flat_map(|year| rule.days(year, start.date()))
                .map(|day| day.and_time(start.time()))
                .filter(|onset| *onset >= start)
                .take_while(|onset| !ended(onset));
            // One more than there may be, so that too many are noticed and never all of them listed.
            let most = rule.count.unwrap_or(usize::MAX).min(CHANGES_MAX + 1);
            onsets.extend(found.take(most));
            if onsets.len() > CHANGES_MAX {
                return None;
            }
        }
        Some(onsets)
    }
}

/// Whether clocks by `table` and those of `zone` show the same in every year from 2020 to 2037.
pub(crate) fn agree(table: &OffsetTable, zone: &Zone) -> bool {
    let [from, to] = SAME_YEARS.map(|year| {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        day.and_time(chrono::NaiveTime::MIN).and_utc()
    });
    let (_, own) = table.parts();
    let own = own.iter().map(|(at, _)| *at);
    let theirs = zone.transitions(from, to).map(|change| change.at);
    own.filter(|at| (from..to).contains(at))
        .chain(theirs)
        .chain([from])
        .flat_map(|at| [at - TimeDelta::seconds(1), at])
        .all(|at| table.offset_at(at) == zone.offset_at(at))
}

/// An `RRULE` that names some days of each year, as those of zones do.
#[derive(Debug)]
struct Yearly {
    months: Vec<u32>,
    month_days: Vec<i32>,
    /// Which weekday of the month, 0 for each.
    weekdays: Vec<(i32, Weekday)>,
    until: Option<Written>,
    count: Option<usize>,
}

impl Yearly {
    fn parse(text: &str) -> Option<Self> {
        let mut rule = Self {
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            until: None,
            count: None,
        };
        let mut yearly = false;
        for part in text
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (name, value) = part.split_once('=')?;
            let values = value.split(',').map(str::trim);
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => yearly = value.trim().eq_ignore_ascii_case("YEARLY"),
                "INTERVAL" if value.trim() == "1" => {}
                "BYMONTH" => {
                    rule.months = values.map(|n| n.parse().ok()).collect::<Option<_>>()?;
                    rule.months.sort_unstable();
                    rule.months.dedup();
                }
                "BYMONTHDAY" => {
                    rule.month_days = values.map(|n| n.parse().ok()).collect::<Option<_>>()?;
                }
                "BYDAY" => rule.weekdays = values.map(weekday).collect::<Option<_>>()?,
                "UNTIL" => rule.until = Some(Written::parse(value)?),
                "COUNT" => rule.count = Some(value.trim().parse().ok()?),
                "WKST" => {}
                _ => return None,
            }
        }
        let few = rule.months.len() <= 12
            && rule.month_days.len() <= VALUES_MAX
            && rule.weekdays.len() <= VALUES_MAX;
        (yearly && few).then_some(rule)
    }

    /// The days of a year it names, in order; what it leaves open is as on the day `start`.
    fn days(&self, year: i32, start: NaiveDate) -> Vec<NaiveDate> {
        let open = [start.month()];
        let months = if self.months.is_empty() {
            &open[..]
        } else {
            &self.months
        };
        let mut days: Vec<NaiveDate> = months
            .iter()
            .filter_map(|month| NaiveDate::from_ymd_opt(year, *month, 1))
            .flat_map(|first| {
                first
                    .iter_days()
                    .take_while(move |day| day.month() == first.month())
            })
            .filter(|day| self.names(*day, start))
            .collect();
        days.sort_unstable();
        days
    }

    fn names(&self, day: NaiveDate, start: NaiveDate) -> bool {
        let length = i32::from(day.num_days_in_month());
        let number = i32::try_from(day.day()).unwrap_or_default();
        let from_end = number - length - 1;
        let by_number = |wanted: &i32| *wanted == number || *wanted == from_end;
        let by_weekday = |(nth, weekday): &(i32, Weekday)| {
            let (from_start, from_end) = ((number + 6) / 7, (from_end - 6) / 7);
            day.weekday() == *weekday && (*nth == 0 || *nth == from_start || *nth == from_end)
        };
        match (self.month_days.is_empty(), self.weekdays.is_empty()) {
            (true, true) => day.day() == start.day(),
            (numbers, weekdays) => {
                (numbers || self.month_days.iter().any(by_number))
                    && (weekdays || self.weekdays.iter().any(by_weekday))
            }
        }
    }
}

/// `SU`, `2SU`, `-1SU`.
fn weekday(text: &str) -> Option<(i32, Weekday)> {
    let split = text.len().checked_sub(2)?;
    let (nth, day) = (text.get(..split)?, text.get(split..)?);
    let day = match day.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    let nth = if nth.is_empty() { 0 } else { nth.parse().ok()? };
    Some((nth, day))
}

fn offset(text: &str) -> Option<Offset> {
    let seconds = seconds_east(text)?;
    i32::try_from(seconds).ok().map(Offset::east)
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    match Written::parse(text)? {
        Written::Date(date) => Some(date.and_time(chrono::NaiveTime::MIN)),
        Written::Wall(wall) => Some(wall),
        Written::Utc(at) => Some(at.naive_utc()),
    }
}

fn instant(wall: NaiveDateTime, offset: Offset) -> DateTime<Utc> {
    (wall - TimeDelta::seconds(offset.seconds().into())).and_utc()
}

#[cfg(test)]
mod tests;
