//! When something is: a span of instants, or whole days without a zone.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, Utc};

/// Years calbridge speaks of; clients fail outside them (interop T10).
pub const YEARS: std::ops::RangeInclusive<i32> = 1970..=2099;

/// Whole days, `first <= last`, without a zone: they never shift (design §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateSpan {
    first: NaiveDate,
    end: NaiveDate,
}

/// A span that ends before it begins, or lies outside the years 1970 to 2099.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time ends before it begins, or lies outside the years 1970 to 2099")]
pub struct BadSpan;

impl DateSpan {
    /// Every day of [`YEARS`].
    pub const ALL: Self = Self {
        first: NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day"),
        end: NaiveDate::from_ymd_opt(2100, 1, 1).expect("a day"),
    };

    /// The days from `first` up to, but not including, `end`, as iCalendar writes them (RFC 5545 §3.6.1).
    ///
    /// # Errors
    /// When no day is left, or one lies outside [`YEARS`].
    pub fn until(first: NaiveDate, end: NaiveDate) -> Result<Self, BadSpan> {
        use chrono::Datelike;
        let last = end.pred_opt().ok_or(BadSpan)?;
        let fits = first < end && YEARS.contains(&first.year()) && YEARS.contains(&last.year());
        fits.then_some(Self { first, end }).ok_or(BadSpan)
    }

    /// The days from `first` to `last`, both included.
    ///
    /// # Errors
    /// As for [`DateSpan::until`].
    pub fn through(first: NaiveDate, last: NaiveDate) -> Result<Self, BadSpan> {
        Self::until(first, last.succ_opt().ok_or(BadSpan)?)
    }

    /// The first day.
    #[must_use]
    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// The day after the last one.
    #[must_use]
    pub fn end(self) -> NaiveDate {
        self.end
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first < other.end && other.first < self.end
    }

    /// The days the two share.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::until(self.first.max(other.first), self.end.min(other.end)).ok()
    }

    /// The shortest span that holds both.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            end: self.end.max(other.end),
        }
    }

    /// Whether every day of `other` is in this span.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.end <= self.end
    }

    /// The same days and `days` more on each side that stays within [`YEARS`].
    #[must_use]
    pub fn padded(self, days: u64) -> Self {
        let first = |span: Self| Some((span.first.checked_sub_days(Days::new(days))?, span.end));
        let end = |span: Self| Some((span.first, span.end.checked_add_days(Days::new(days))?));
        let grown = |span: Self, (first, end)| Self::until(first, end).unwrap_or(span);
        let earlier = first(self).map_or(self, |bounds| grown(self, bounds));
        end(earlier).map_or(earlier, |bounds| grown(earlier, bounds))
    }
}

/// A span of instants, `start <= end`; a point in time has both equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeSpan {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl TimeSpan {
    /// From `start` up to, but not including, `end`, both cut to whole seconds (iCalendar has no finer ones).
    ///
    /// # Errors
    /// When `end` is before `start`, or one lies outside [`YEARS`].
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, BadSpan> {
        use chrono::Datelike;
        let (start, end) = (whole_second(start), whole_second(end));
        let fits = start <= end && YEARS.contains(&start.year()) && YEARS.contains(&end.year());
        fits.then_some(Self { start, end }).ok_or(BadSpan)
    }

    /// The first instant.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        self.start
    }

    /// The instant after the last; equal to the start for a point in time.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        self.end
    }

    /// Whether it is a point in time.
    #[must_use]
    pub fn is_point(self) -> bool {
        self.start == self.end
    }
}

/// An instant for people, to the second: `2026-11-22T10:00:05Z`.
#[must_use]
pub fn stamp(at: DateTime<Utc>) -> String {
    at.format("%FT%TZ").to_string()
}

/// `at` cut to a whole second that every clock has: a leap second is the one before it (interop T10).
pub(super) fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_secs(at.timestamp()).unwrap_or(at)
}

/// When an event is. Whole days and instants are different things and stay so (interop T5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Whole days.
    Days(DateSpan),
    /// A span of instants.
    Timed(TimeSpan),
}

impl fmt::Display for When {
    /// For messages to operators: ISO dates (last day included) or UTC times.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{}..{}", days.first, days.end - Days::new(1)),
            Self::Timed(span) => write!(
                f,
                "{}..{}",
                span.start.format("%FT%TZ"),
                span.end.format("%FT%TZ")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_days_are_those_of_the_years_we_speak_of() {
        assert_eq!(
            When::Days(DateSpan::ALL).to_string(),
            "1970-01-01..2099-12-31"
        );
        assert_eq!(DateSpan::ALL.padded(1), DateSpan::ALL);
    }

    #[test]
    fn padding_stops_at_the_years_we_speak_of_on_one_side_alone() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (first, last, want) in [
            ("2026-03-01", "2026-03-31", "2026-02-27..2026-04-02"),
            ("1970-01-01", "1970-01-31", "1970-01-01..1970-02-02"),
            ("2099-12-01", "2099-12-31", "2099-11-29..2099-12-31"),
        ] {
            let span = DateSpan::through(day(first), day(last)).unwrap();
            assert_eq!(When::Days(span.padded(2)).to_string(), want, "{first}");
        }
    }
}
