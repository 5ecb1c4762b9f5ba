//! A series that goes out as a rule, in the subset that every client understands (interop R3 to R8, R10).

use std::{collections::BTreeMap, fmt};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;

use super::{Clock, Frequency, Rule, Series, Wall, expand::Pattern, midnight};
use crate::{
    domain::{id::EventUid, when::When},
    zones::ZoneData,
};

/// The series of a document that go out as rules, by UID.
pub type Keepsakes = BTreeMap<EventUid, Keepsake>;

/// A series as a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keepsake {
    zone: Option<Tz>,
    first: When,
    last: When,
    rule: Rule,
    except: Vec<NaiveDateTime>,
    strays: Vec<NaiveDateTime>,
}

/// A [`Keepsake`] with all that has to be looked at before it may be written.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The rule.
    pub keepsake: Keepsake,
    /// Every instance it stands for.
    pub instances: Vec<When>,
}

impl Series {
    /// The series as one rule that ends at or before `last_day`; `None` if it cannot be said so, or if a wall time of it
    /// does not exist.
    #[must_use]
    pub fn kept(&self, last_day: NaiveDate, data: &ZoneData) -> Option<Kept> {
        let zone = match &self.wall {
            Wall::Days => None,
            Wall::Zone(tz) => Some(*tz),
            Wall::Offsets(_) => return None,
        };
        let [pattern] = &self.patterns[..] else {
            return None;
        };
        let rule = pattern.rule.plain()?;
        let clock = self.clock(data);
        let yielded = self.yielded(pattern, last_day, &clock);
        let excepted = |at: &NaiveDateTime| self.except.binary_search(at).is_ok();
        let (except, starts): (Vec<_>, Vec<_>) = yielded.iter().partition(|at| excepted(at));
        // An excepted first time would be no instance (R4): the next one is as good a start.
        let start = *starts.first()?;
        let exists = |at: NaiveDateTime| match zone {
            Some(_) => clock.local(clock.instant(at)) == at,
            None => true,
        };
        let when = |at| clock.when(at, self.length).filter(|_| exists(at));
        let instances = starts.into_iter().map(when).collect::<Option<Vec<_>>>()?;
        let others = std::iter::once(self.start).chain(self.extra.iter().copied());
        let mut strays: Vec<_> = others
            .filter(|at| yielded.binary_search(at).is_err())
            .collect();
        strays.sort_unstable();
        Some(Kept {
            keepsake: Keepsake {
                zone,
                first: *instances.first()?,
                // `UNTIL` is what the rule yields last, excepted or not.
                last: clock.when(*yielded.last()?, self.length)?,
                rule,
                except: except.into_iter().filter(|at| *at > start).collect(),
                strays,
            },
            instances,
        })
    }

    fn yielded(&self, pattern: &Pattern, last_day: NaiveDate, clock: &Clock) -> Vec<NaiveDateTime> {
        let mut yielded = Vec::new();
        let end = last_day.succ_opt().unwrap_or(last_day);
        pattern.append(&mut yielded, self.start, self.start..midnight(end), clock);
        yielded
    }
}

impl Rule {
    /// The rule without its end, if it is one of those that every client understands (interop R8).
    fn plain(&self) -> Option<Self> {
        let simple = self.by_week_no.is_empty()
            && self.by_year_day.is_empty()
            && self.by_hour.is_empty()
            && self.by_set_pos.is_empty();
        // Readers differ on the days of a year without a month.
        let clear = self.freq != Frequency::Yearly
            || !self.by_month.is_empty()
            || (self.by_month_day.is_empty() && self.by_day.is_empty());
        (simple && clear && self.freq != Frequency::Hourly).then(|| Self {
            count: None,
            until: None,
            ..self.clone()
        })
    }
}

impl Keepsake {
    /// The zone its times are written in; `None` for whole days.
    #[must_use]
    pub fn zone(&self) -> Option<Tz> {
        self.zone
    }

    /// Its first instance.
    #[must_use]
    pub fn when(&self) -> When {
        self.first
    }

    /// The last instance of its rule, excepted or not, for `UNTIL` (interop R5).
    #[must_use]
    pub fn last(&self) -> When {
        self.last
    }

    /// The times its rule yields at which there is no instance, by the clock of the series.
    #[must_use]
    pub fn except(&self) -> &[NaiveDateTime] {
        &self.except
    }

    /// Whether the rule does not yield the instance that begins at `start`, so that it is an event of its own (R7).
    #[must_use]
    pub fn is_stray(&self, start: NaiveDateTime) -> bool {
        self.strays.binary_search(&start).is_ok()
    }
}

impl fmt::Display for Keepsake {
    /// The value of `RRULE` without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = &self.rule;
        let freq = match rule.freq {
            Frequency::Yearly => "YEARLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Daily => "DAILY",
            Frequency::Hourly => "HOURLY",
        };
        write!(f, "FREQ={freq}")?;
        if rule.interval > 1 {
            write!(f, ";INTERVAL={}", rule.interval)?;
        }
        list(f, "BYMONTH", rule.by_month.iter())?;
        list(f, "BYMONTHDAY", rule.by_month_day.iter())?;
        let day = |(nth, day): &(i8, Weekday)| match nth {
            0 => weekday(*day).to_owned(),
            nth => format!("{nth}{}", weekday(*day)),
        };
        list(f, "BYDAY", rule.by_day.iter().map(day))?;
        match rule.week_start {
            Weekday::Mon => Ok(()),
            day => write!(f, ";WKST={}", weekday(day)),
        }
    }
}

fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    items: impl Iterator<Item = T>,
) -> fmt::Result {
    let mut separator = '=';
    for (index, item) in items.enumerate() {
        if index == 0 {
            write!(f, ";{name}")?;
        }
        write!(f, "{separator}{item}")?;
        separator = ',';
    }
    Ok(())
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

/// The last day of a rule that would go on beyond `window_end`: a year and up to a month more, moved once a month, since
/// every move changes the bytes (interop R10).
#[must_use]
pub fn horizon(window_end: NaiveDate) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(window_end.year() + 1, window_end.month(), 1);
    let next = first.and_then(|first| first.checked_add_months(chrono::Months::new(1)));
    next.unwrap_or(window_end)
}
