//! What repeats an event: RRULE, RDATE, EXDATE (RFC 5545 §3.8.5).

mod end;

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta};

use crate::{
    domain::{
        batch::Batch,
        series::{BadSeries, INSTANCES_MAX, Length, Series, Wall},
        when::{DateSpan, TimeSpan, When, YEARS},
        window::Window,
    },
    zones::ZoneData,
};

use super::{
    clock::{Clocks, Moment, Notation},
    record::Record,
    span::Span,
    value::{self, Duration},
};

/// How many times of one list are read: one more than a series may have, which is then refused.
const LISTED_MAX: usize = INSTANCES_MAX + 1;
/// Years that a series is looked at at once.
const DECADE: Months = Months::new(120);

/// What repeats an event, by the clock of its start.
#[derive(Debug, Clone)]
pub(super) struct Repeat {
    wall: Wall,
    start: NaiveDateTime,
    length: Length,
    rules: Vec<String>,
    extra: Vec<NaiveDateTime>,
    except: BTreeSet<NaiveDateTime>,
    /// Instances that last longer or shorter than the others (RDATE as PERIOD).
    odd_ones: Vec<(NaiveDateTime, When)>,
}

impl Repeat {
    /// What repeats `record`, which is at `span` first. A time that cannot be read does not count.
    pub(super) fn of<'a>(
        record: &Record<'a>,
        span: &Span,
        clocks: &mut Clocks<'a>,
        batch: &mut Batch,
    ) -> Self {
        let mut repeat = Self {
            wall: span.wall(),
            start: span.start,
            length: span.length,
            rules: record.rules.iter().map(|rule| (*rule).to_owned()).collect(),
            extra: Vec::new(),
            except: BTreeSet::new(),
            odd_ones: Vec::new(),
        };
        for property in &record.except {
            let notation = Notation::of(record.calendar, property);
            for value in value::list(property.value).take(LISTED_MAX) {
                let moment = clocks.moment(notation, value, batch);
                let at = moment.map(|moment| span.reckoned(&moment));
                repeat.except.extend(at);
            }
        }
        for property in &record.extra {
            let notation = Notation::of(record.calendar, property);
            for value in value::list(property.value).take(LISTED_MAX) {
                let (value, end) = value.split_once('/').unwrap_or((value, ""));
                let Some(moment) = clocks.moment(notation, value, batch) else {
                    continue;
                };
                let start = span.reckoned(&moment);
                let end = match Duration::parse(end) {
                    Some(length) => Some(Err(length)),
                    None => clocks.moment(notation, end, batch).map(Ok),
                };
                match (&moment, end) {
                    (Moment::Timed { at, .. }, Some(end)) => {
                        let end = match end {
                            Ok(Moment::Timed { at: end, .. }) => end,
                            Err(length) => *at + length.nominal(),
                            Ok(Moment::Day(_)) => *at,
                        };
                        repeat.add_period(start, TimeSpan::new(*at, end.max(*at)).ok());
                    }
                    _ => repeat.extra.push(start),
                }
            }
        }
        repeat
    }

    /// Whether there is more than one instance.
    pub(super) fn is_series(&self) -> bool {
        !(self.rules.is_empty() && self.extra.is_empty() && self.odd_ones.is_empty())
    }

    /// Takes out the instance that was to begin at `start`.
    pub(super) fn leave_out(&mut self, start: NaiveDateTime) {
        self.except.insert(start);
    }

    /// Instances that are events of their own, by when they begin.
    pub(super) fn odd_ones(&self) -> impl Iterator<Item = &(NaiveDateTime, When)> {
        let excepted = |at: &NaiveDateTime| self.except.contains(at);
        self.odd_ones.iter().filter(move |(at, _)| !excepted(at))
    }

    /// The series, and when it is for the first time; `None` if nothing is left of it.
    ///
    /// # Errors
    /// As for [`Series::new`].
    pub(super) fn series(
        &self,
        span: &Span,
        data: &ZoneData,
    ) -> Result<Option<(When, Series)>, BadSeries> {
        let odd = self.odd_ones.iter().map(|(start, _)| *start);
        let except: Vec<_> = self.except.iter().copied().chain(odd).collect();
        let begins = !except.contains(&self.start);
        let series = Series::new(
            self.wall.clone(),
            self.start,
            self.length,
            &self.rules,
            self.extra.clone(),
            except,
        )?;
        let first = if begins {
            Some(span.when)
        } else {
            decades(self.start.date()).find_map(|days| {
                let found = series.occurrences(&window(days), data).next();
                found.map(|occurrence| occurrence.when)
            })
        };
        Ok(first.map(|when| (when, series)))
    }

    /// Ends it before the instance that was to begin at `original`. What follows is handed back as `record`, which is at
    /// `later` first, changes it: by its own rule, else by this one.
    pub(super) fn split_off(
        &mut self,
        original: NaiveDateTime,
        record: &Record<'_>,
        later: &Span,
        data: &ZoneData,
    ) -> Self {
        let shift = later.start - original;
        let mut rest = Self {
            wall: later.wall(),
            start: later.start,
            length: later.length,
            rules: record.rules.iter().map(|rule| (*rule).to_owned()).collect(),
            extra: cut(&mut self.extra, original, shift),
            except: self.cut_except(original, shift),
            odd_ones: Vec::new(),
        };
        if rest.rules.is_empty() {
            match self.shifted(original, later, data) {
                Some(rules) => rest.rules = rules,
                None => rest.extra = self.listed(original, shift, data),
            }
        }
        for rule in &mut self.rules {
            let ended = end::Rule::of(rule).ending_before(original, &self.wall);
            *rule = ended;
        }
        self.odd_ones.retain(|(start, _)| *start < original);
        rest
    }

    /// The rules for what follows `original`, if it is still true once that begins at `later`: if nothing but the time of
    /// day has changed.
    fn shifted(
        &self,
        original: NaiveDateTime,
        later: &Span,
        data: &ZoneData,
    ) -> Option<Vec<String>> {
        let [rule] = &self.rules[..] else {
            return None;
        };
        let read = end::Rule::of(rule);
        let same_kind = (self.wall == Wall::Days) == later.clock.is_none();
        if later.start.date() != original.date() || !same_kind || read.names_hours() {
            return None;
        }
        let before = read.count().map(|_| {
            let alone = Self {
                extra: Vec::new(),
                ..self.clone()
            };
            let starts = alone.starts(self.start.date(), data);
            starts.range(..original).count()
        });
        let rest = read.after(before, later.start - original, later.clock.as_ref());
        Some(rest.into_iter().collect())
    }

    /// What follows `original`, one by one, so much later than it was to be. An endless series ends here after twenty
    /// years.
    fn listed(
        &self,
        original: NaiveDateTime,
        shift: TimeDelta,
        data: &ZoneData,
    ) -> Vec<NaiveDateTime> {
        let starts = self.starts(original.date(), data);
        starts.range(original..).map(|at| *at + shift).collect()
    }

    /// When its instances begin from `first` on, whether or not they are excepted, for twenty years.
    fn starts(&self, first: NaiveDate, data: &ZoneData) -> BTreeSet<NaiveDateTime> {
        let series = Series::new(
            self.wall.clone(),
            self.start,
            self.length,
            &self.rules,
            self.extra.clone(),
            Vec::new(),
        );
        let spans = decades(first).take(2);
        let found = |series: &Series| {
            spans
                .flat_map(|days| series.occurrences(&window(days), data))
                .map(|occurrence| occurrence.start)
                .collect()
        };
        series.as_ref().map(found).unwrap_or_default()
    }

    /// Cuts off what is excepted at `original` or later, and hands back what is after it, so much later.
    fn cut_except(&mut self, original: NaiveDateTime, shift: TimeDelta) -> BTreeSet<NaiveDateTime> {
        let later = self.except.split_off(&original);
        let later = later.into_iter().filter(|at| *at > original);
        later.map(|at| at + shift).collect()
    }

    /// Adds an instance at a span of its own.
    fn add_period(&mut self, start: NaiveDateTime, span: Option<TimeSpan>) {
        let Some(span) = span else {
            return;
        };
        let lasts = span.end() - span.start();
        // Too many in several lists are refused like any others.
        if self.length == Length::Exact(lasts) || self.odd_ones.len() > INSTANCES_MAX {
            self.extra.push(start);
        } else {
            self.odd_ones.push((start, When::Timed(span)));
        }
    }
}

/// Cuts off what is at `original` or later, and hands back what is after it, so much later.
fn cut(
    times: &mut Vec<NaiveDateTime>,
    original: NaiveDateTime,
    shift: TimeDelta,
) -> Vec<NaiveDateTime> {
    let later = times.iter().filter(|at| **at > original);
    let later = later.map(|at| *at + shift).collect();
    times.retain(|at| *at < original);
    later
}

/// The days from `first` on, ten years at a time.
fn decades(first: NaiveDate) -> impl Iterator<Item = DateSpan> {
    let begins = std::iter::successors(Some(first), |day| day.checked_add_months(DECADE));
    begins
        .take_while(|day| YEARS.contains(&day.year()))
        .filter_map(|first| {
            let last = NaiveDate::from_ymd_opt(*YEARS.end(), 12, 31)?;
            let end = first.checked_add_months(DECADE)?.min(last);
            DateSpan::until(first, end).ok()
        })
}

/// Days by the clocks of nobody: what is looked at is only where in a series something stands.
fn window(days: DateSpan) -> Window {
    Window::new(days, |day| day.and_time(chrono::NaiveTime::MIN).and_utc())
}
