//! What a rule yields, by the `rrule` crate.
//!
//! The crate is fed wall times as if they were UTC and asked for nothing but arithmetic. It was compared with
//! `python-dateutil` (see the tests) and is right but for the spots that [`Rule`] settles. What it lacks is a bound:
//! it looks for the next instance until the year 9999, and it begins at the first. So it is given a start close to the
//! span that is asked for, and what yields next to nothing is looked up once, when the series is made.

use std::ops::Range;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta};
use rrule::{NWeekday, RRule, RRuleSet, Tz};

use super::{
    BadSeries, Clock,
    rule::{Frequency, Rule, Until},
};

/// Ten years, the longest window.
const DECADE: TimeDelta = TimeDelta::days(3_653);
/// A rule that yields less in its first ten years is sparse.
const SPARSE: usize = 12;
/// The longest list of instances that is kept instead of being reckoned each time.
const LISTED_MAX: usize = 512;
/// After so many instances a rule is taken for endless: three a day in the years calbridge speaks of.
const COUNT_MAX: u32 = 145_000;
/// How often a day a rule may yield that is believed without counting.
const TIMES_A_DAY: usize = 3;

/// What one rule yields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pub(super) rule: Rule,
    /// Every instance there is, if they are few; `UNTIL` still counts.
    listed: Option<Vec<NaiveDateTime>>,
    /// The last instance of a rule with `COUNT`.
    last: Option<NaiveDateTime>,
}

/// The patterns of `rules` for a series that begins at `start`.
///
/// # Errors
/// When together they yield more than `most` instances in ten years, or one cannot be understood.
pub(super) fn patterns(
    rules: Vec<Rule>,
    start: NaiveDateTime,
    most: usize,
) -> Result<Vec<Pattern>, BadSeries> {
    let mut room = most;
    let mut patterns = Vec::with_capacity(rules.len());
    for rule in rules {
        let (pattern, decade) = Pattern::new(rule, start, room)?;
        room = room.checked_sub(decade).ok_or(BadSeries::TOO_MANY)?;
        patterns.push(pattern);
    }
    Ok(patterns)
}

impl Pattern {
    /// The pattern of `rule`, and how many instances it has in ten years at most.
    fn new(rule: Rule, start: NaiveDateTime, most: usize) -> Result<(Self, usize), BadSeries> {
        let times = rule.by_hour.len().max(1);
        if is_steady(&rule, start) && times <= TIMES_A_DAY && rule.count.is_none() {
            // Saves nine tenths of the time it takes to make an ordinary series.
            drop(iterator(&rule, start, start)?);
            let pattern = Self {
                rule,
                listed: None,
                last: None,
            };
            let decade = usize::try_from(DECADE.num_days()).unwrap_or(usize::MAX) * times;
            return Ok((pattern, decade));
        }
        let count = rule.count.map(|count| count.min(COUNT_MAX) as usize);
        let all = || Ok(iterator(&rule, start, start)?.take(count.unwrap_or(usize::MAX)));
        let end = start + DECADE;
        let decade = all()?.take_while(|at| *at < end).take(most + 1).count();
        if decade > most {
            return Err(BadSeries::TOO_MANY);
        }
        let (mut listed, mut last) = (None, None);
        if decade < SPARSE {
            listed = Some(all()?.collect());
        } else if rule.count.is_some_and(|count| count < COUNT_MAX) {
            let found: Vec<_> = all()?.collect();
            last = found.last().copied();
            listed = (found.len() <= LISTED_MAX).then_some(found);
        }
        let pattern = Self { rule, listed, last };
        Ok((pattern, decade))
    }

    /// Appends what the rule of a series that begins at `start` yields within `span`.
    pub(super) fn append(
        &self,
        out: &mut Vec<NaiveDateTime>,
        start: NaiveDateTime,
        span: Range<NaiveDateTime>,
        clock: &Clock,
    ) {
        let until = self.rule.until.map(|until| match (until, clock) {
            (Until::Wall(wall), _) => wall,
            // Of whole days the date counts, as it stands there.
            (Until::Utc(at), clock) => clock.local(at),
        });
        let until = [until, self.last].into_iter().flatten().min();
        let fits = |at: &NaiveDateTime| *at < span.end && until.is_none_or(|until| *at <= until);
        let begun = |at: &NaiveDateTime| *at >= span.start;
        match &self.listed {
            Some(listed) => out.extend(listed.iter().copied().take_while(fits).filter(begun)),
            None if until.is_some_and(|until| until < span.start) || start >= span.end => {}
            None => {
                // It was possible when the series was made.
                if let Ok(found) = iterator(&self.rule, start, span.start) {
                    out.extend(found.take_while(fits).filter(begun));
                }
            }
        }
    }
}

impl Pattern {
    /// Every instance there is, if they are few.
    #[cfg(test)]
    pub(super) fn listed(&self) -> Option<&[NaiveDateTime]> {
        self.listed.as_deref()
    }

    /// Appends the last instances of the rule of a series that begins at `start`; `None` if there is no last one.
    pub(super) fn append_last(
        &self,
        out: &mut Vec<NaiveDateTime>,
        start: NaiveDateTime,
    ) -> Option<()> {
        let until = self.rule.until.map(|until| match until {
            Until::Wall(at) => at,
            Until::Utc(at) => at.naive_utc(),
        });
        let until = until.into_iter().chain(self.last).min();
        match (&self.listed, until) {
            // Nothing is said of what lies beyond: it goes on for as long as anybody asks.
            (None, Some(until)) if until.year() > *super::YEARS.end() => return None,
            (Some(listed), _) => {
                let fits = |at: &NaiveDateTime| until.is_none_or(|until| *at <= until);
                out.extend(listed.iter().copied().filter(fits));
            }
            (None, None) => return None,
            (None, Some(until)) => {
                // What yields less often is listed.
                let span = until - DECADE..until + TimeDelta::seconds(1);
                self.append(out, start, span, &Clock::Days);
            }
        }
        Some(())
    }
}

/// Whether a rule is sure to yield at least a dozen times in ten years, forever, and at most once a day per hour named.
fn is_steady(rule: &Rule, start: NaiveDateTime) -> bool {
    let plain = rule.by_month.is_empty()
        && rule.by_week_no.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_set_pos.is_empty();
    let days = &rule.by_month_day;
    plain
        && match rule.freq {
            Frequency::Daily => {
                days.is_empty()
                    && rule.interval <= 100
                    && (rule.by_day.is_empty() || rule.interval == 1)
            }
            Frequency::Weekly => days.is_empty() && rule.interval <= 25,
            Frequency::Monthly => {
                let every_month = match (&rule.by_day[..], &days[..]) {
                    ([], []) => start.day() <= 28,
                    ([], days) => days.iter().any(|day| (-28..=28).contains(day)),
                    (by_day, []) => by_day.iter().any(|(nth, _)| (-4..=4).contains(nth)),
                    _ => false,
                };
                every_month && rule.interval <= 6
            }
            Frequency::Yearly | Frequency::Hourly => false,
        }
}

/// What `rule` yields from about `from` on, in order, without regard to `COUNT` and `UNTIL`, up to the year 2099.
fn iterator(
    rule: &Rule,
    start: NaiveDateTime,
    from: NaiveDateTime,
) -> Result<impl Iterator<Item = NaiveDateTime> + use<>, BadSeries> {
    let begin = as_if_utc(period_before(rule, start, from));
    let crates = crates_rule(rule, start).validate(begin);
    let crates = crates.map_err(|_why| BadSeries::UNSUPPORTED)?;
    // The crate gives up after 100,000 empty periods.
    let set = RRuleSet::new(begin).rrule(crates).limit();
    let end = NaiveDate::from_ymd_opt(*super::YEARS.end() + 1, 1, 1).unwrap_or(NaiveDate::MAX);
    let end = super::midnight(end);
    Ok(set
        .into_iter()
        .map(|at| at.naive_utc())
        .skip_while(move |at| *at < start)
        .take_while(move |at| *at < end))
}

/// The beginning of a period of the rule that begins before `from` or is the first.
fn period_before(rule: &Rule, start: NaiveDateTime, from: NaiveDateTime) -> NaiveDateTime {
    let interval = i64::from(rule.interval);
    // Whole intervals, and one less: a week may reach into two years.
    let skipped = |periods: i64| (periods / interval - 1).max(0) * interval;
    let since = from - start;
    let date = start.date();
    let first_of = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(date);
    match rule.freq {
        Frequency::Hourly => start + TimeDelta::hours(skipped(since.num_hours())),
        Frequency::Daily => start + TimeDelta::days(skipped(since.num_days())),
        Frequency::Weekly => start + TimeDelta::weeks(skipped(since.num_weeks())),
        // From here on the day is said by the rule, and it may not exist in every period.
        Frequency::Monthly => {
            let months = i64::from(from.year() - start.year()) * 12 + i64::from(from.month0())
                - i64::from(start.month0());
            let months = Months::new(u32::try_from(skipped(months)).unwrap_or_default());
            (first_of(date.year(), date.month()) + months).and_time(start.time())
        }
        Frequency::Yearly => {
            let years = skipped(i64::from(from.year() - start.year()));
            let year = date.year() + i32::try_from(years).unwrap_or_default();
            first_of(year, 1).and_time(start.time())
        }
    }
}

/// The rule as the crate takes it, with what the start implies written out, since it will be given another start.
fn crates_rule(rule: &Rule, start: NaiveDateTime) -> RRule<rrule::Unvalidated> {
    let (mut months, mut days) = (rule.by_month.clone(), rule.by_month_day.clone());
    let named = !rule.by_week_no.is_empty()
        || !rule.by_year_day.is_empty()
        || !days.is_empty()
        || !rule.by_day.is_empty();
    let freq = match rule.freq {
        Frequency::Yearly => rrule::Frequency::Yearly,
        Frequency::Monthly => rrule::Frequency::Monthly,
        Frequency::Weekly => rrule::Frequency::Weekly,
        Frequency::Daily => rrule::Frequency::Daily,
        Frequency::Hourly => rrule::Frequency::Hourly,
    };
    if !named && matches!(rule.freq, Frequency::Yearly | Frequency::Monthly) {
        days = vec![i8::try_from(start.day()).unwrap_or_default()];
        if rule.freq == Frequency::Yearly && months.is_empty() {
            months = vec![u8::try_from(start.month()).unwrap_or_default()];
        }
    }
    let months: Vec<_> = months
        .into_iter()
        .filter_map(|month| chrono::Month::try_from(month).ok())
        .collect();
    let weekday = |(nth, day): &(i8, chrono::Weekday)| match nth {
        0 => NWeekday::Every(*day),
        nth => NWeekday::Nth((*nth).into(), *day),
    };
    RRule::new(freq)
        .interval(rule.interval)
        .week_start(rule.week_start)
        .by_month(&months)
        .by_week_no(rule.by_week_no.clone())
        .by_year_day(rule.by_year_day.clone())
        .by_month_day(days)
        .by_weekday(rule.by_day.iter().map(weekday).collect())
        .by_hour(rule.by_hour.clone())
        .by_set_pos(rule.by_set_pos.iter().copied().map(Into::into).collect())
}

/// A wall time dressed as UTC, of which the crate knows that it has no gaps.
fn as_if_utc(wall: NaiveDateTime) -> DateTime<Tz> {
    #[expect(
        clippy::disallowed_methods,
        reason = "from UTC to the crate's own name for UTC; no offset is asked for"
    )]
    wall.and_utc().with_timezone(&Tz::UTC)
}
