//! Dates and times as upstreams write them that promise UTC.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::domain::{batch::Remark, when::YEARS};

/// A date or a time, as written: a whole day never shifts, whatever offset stands beside it (design §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Date(NaiveDate),
    Time(DateTime<FixedOffset>),
}

impl Moment {
    /// Reads a date or a time; `None` if it is neither.
    pub(super) fn parse(text: &str, remarks: &mut BTreeSet<Remark>) -> Option<Self> {
        // Times first: there are far more of them, and no text is both.
        date_time(text, remarks).map(Self::Time).or_else(|| {
            let date = text.trim().parse::<NaiveDate>().ok()?;
            // Years of any length can be parsed, and leave no room to reckon with.
            let fits = (1..=9_999).contains(&date.year());
            fits.then_some(Self::Date(date))
        })
    }

    /// The date as written.
    pub(super) fn date(self) -> NaiveDate {
        match self {
            Self::Date(date) => date,
            Self::Time(at) => at.date_naive(),
        }
    }

    /// The instant; of a date its midnight in UTC.
    pub(super) fn instant(self) -> DateTime<Utc> {
        match self {
            Self::Date(date) => date.and_time(NaiveTime::MIN).and_utc(),
            Self::Time(at) => at.to_utc(),
        }
    }
}

/// When a record was made or changed; a time that no calendar can hold, such as the year 1, says nothing (interop T10).
pub(super) fn stamp(text: Option<&str>, remarks: &mut BTreeSet<Remark>) -> Option<DateTime<Utc>> {
    let at = date_time(text?, remarks)?.to_utc();
    YEARS.contains(&at.year()).then_some(at)
}

fn date_time(text: &str, remarks: &mut BTreeSet<Remark>) -> Option<DateTime<FixedOffset>> {
    let at = written(text)?;
    if at.offset().local_minus_utc() != 0 {
        remarks.insert(Remark::OddOffset);
    }
    Some(at)
}

/// A date-time: UTC as promised; other offsets and none at all are tolerated.
pub(super) fn written(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.trim();
    let without = || text.parse::<NaiveDateTime>().ok().map(|at| at.and_utc());
    DateTime::parse_from_rfc3339(text)
        .ok()
        .or_else(|| without().map(|at| at.fixed_offset()))
}
