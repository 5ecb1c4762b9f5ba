//! When an event is.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// From one instant to another, or with no end given.
    Timed {
        /// First instant.
        start: DateTime<Utc>,
        /// First instant after it; as `start` for an event without length.
        end: Option<DateTime<Utc>>,
    },
    /// Whole days.
    Days {
        /// First day.
        first: NaiveDate,
        /// Last day, which is part of it.
        last: NaiveDate,
    },
}

impl Span {
    /// First instant; of whole days, the midnight in UTC that begins them.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        match self {
            Self::Timed { start, .. } => start,
            Self::Days { first, .. } => midnight(first),
        }
    }

    /// First instant after it; of whole days, the midnight in UTC that ends them.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        match self {
            Self::Timed { start, end } => end.unwrap_or(start),
            Self::Days { last, .. } => midnight(last) + TimeDelta::days(1),
        }
    }

    /// The day, in UTC, on which it is over.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        match self {
            Self::Timed { .. } => self.end().date_naive(),
            Self::Days { last, .. } => last,
        }
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
