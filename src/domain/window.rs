//! The part of the calendar that a reader asks for: `next-90d`, `2026-W47`, `2026-09-01..2027-06-30` (design §7).

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, IsoWeek, Months, NaiveDate, TimeDelta, Utc, Weekday};

use super::stretch::Stretch;
use super::when::{DateSpan, TimeSpan, When};

/// The longest window, in years.
const YEARS_MAX: u16 = 10;

/// A window as asked for. Holds no instant, so it can be part of a cache key; its text form is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowSpec {
    /// `all`: everything that is kept, that is the horizon of the sources.
    All,
    /// `today`.
    Today,
    /// `this-week`, from Monday (ISO 8601).
    ThisWeek,
    /// `this-month`.
    ThisMonth,
    /// `this-year`.
    ThisYear,
    /// `2026`.
    Year(i32),
    /// `2026-11`, as its first day.
    Month(NaiveDate),
    /// `2026-W47`.
    Week(IsoWeek),
    /// `2026-11-21`.
    Day(NaiveDate),
    /// `2026-09-01..2027-06-30`, the last day included.
    Range(DateSpan),
    /// `past-30d`, `next-90d` or `past-30d..next-400d`; a missing side is `None`, one side is always there.
    Rolling {
        /// How far back from the beginning of today.
        past: Option<Stretch>,
        /// How far ahead from the beginning of today.
        next: Option<Stretch>,
    },
}

/// A window that is not in the grammar, or longer than ten years.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "window `{0}` is not known; write all, today, this-week, this-month, this-year, a year `2026`, a month `2026-11`, \
     a week `2026-W47`, a day `2026-11-21`, days `2026-09-01..2027-06-30`, or from today `next-90d`, `past-30d`, \
     `past-30d..next-400d` (d, w, m or y), {YEARS_MAX} years at most, within 1970 to 2099"
)]
pub struct BadWindow(String);

impl FromStr for WindowSpec {
    type Err = BadWindow;

    fn from_str(text: &str) -> Result<Self, BadWindow> {
        named(text)
            .or_else(|| rolling(text))
            .or_else(|| fixed(text))
            .filter(|spec| spec.to_string() == text) // one window, one spelling: no `2026-9`, no `next-007d`
            .ok_or_else(|| BadWindow(text.chars().take(60).collect()))
    }
}

fn named(text: &str) -> Option<WindowSpec> {
    Some(match text {
        "all" => WindowSpec::All,
        "today" => WindowSpec::Today,
        "this-week" => WindowSpec::ThisWeek,
        "this-month" => WindowSpec::ThisMonth,
        "this-year" => WindowSpec::ThisYear,
        _ => return None,
    })
}

fn rolling(text: &str) -> Option<WindowSpec> {
    let (past, next) = match text.split_once("..") {
        Some((past, next)) => (
            Some(past.strip_prefix("past-")?),
            Some(next.strip_prefix("next-")?),
        ),
        None => (text.strip_prefix("past-"), text.strip_prefix("next-")),
    };
    let past: Option<Stretch> = past.map(str::parse).transpose().ok()?;
    let next: Option<Stretch> = next.map(str::parse).transpose().ok()?;
    let length: u32 = [past, next].into_iter().flatten().map(Stretch::parts).sum();
    (1..=u32::from(YEARS_MAX) * Stretch::YEAR_PARTS)
        .contains(&length)
        .then_some(WindowSpec::Rolling { past, next })
}

fn fixed(text: &str) -> Option<WindowSpec> {
    if let Some((first, last)) = text.split_once("..") {
        let days = DateSpan::through(first.parse().ok()?, last.parse().ok()?).ok()?;
        let longest = days.first() + Months::new(u32::from(YEARS_MAX) * 12);
        return (days.end() <= longest).then_some(WindowSpec::Range(days));
    }
    let spec = match (text.len(), text.split_once("-W")) {
        (4, _) => WindowSpec::Year(text.parse().ok()?),
        (7, _) => WindowSpec::Month(format!("{text}-01").parse().ok()?),
        (8, Some((year, week))) => {
            let week =
                NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon);
            WindowSpec::Week(week?.iso_week())
        }
        (10, _) => WindowSpec::Day(text.parse().ok()?),
        _ => return None,
    };
    spec.days(NaiveDate::default()).is_ok().then_some(spec) // in the years we speak of
}

impl WindowSpec {
    /// Whether its days depend on which day today is.
    #[must_use]
    pub fn rolls(self) -> bool {
        match self {
            Self::All
            | Self::Today
            | Self::ThisWeek
            | Self::ThisMonth
            | Self::ThisYear
            | Self::Rolling { .. } => true,
            Self::Year(_) | Self::Month(_) | Self::Week(_) | Self::Day(_) | Self::Range(_) => false,
        }
    }

    /// The days it means when today is `today` in the feed's zone; `None` for everything that is kept.
    ///
    /// # Errors
    /// [`super::when::BadSpan`] when it would leave the years 1970 to 2099.
    pub fn days(self, today: NaiveDate) -> Result<Option<DateSpan>, super::when::BadSpan> {
        use super::when::BadSpan;
        let month = |first: NaiveDate, count: u32| {
            DateSpan::until(
                first,
                first
                    .checked_add_months(Months::new(count))
                    .ok_or(BadSpan)?,
            )
        };
        let week = |monday: NaiveDate| {
            DateSpan::until(
                monday,
                monday.checked_add_days(Days::new(7)).ok_or(BadSpan)?,
            )
        };
        let year = |year: i32| month(NaiveDate::from_ymd_opt(year, 1, 1).ok_or(BadSpan)?, 12);
        let span = match self {
            Self::All => return Ok(None),
            Self::Today => DateSpan::through(today, today),
            Self::ThisWeek => week(monday(today.iso_week()).ok_or(BadSpan)?),
            Self::ThisMonth => month(today.with_day(1).ok_or(BadSpan)?, 1),
            Self::ThisYear => year(today.year()),
            Self::Year(number) => year(number),
            Self::Month(first) => month(first, 1),
            Self::Week(iso) => week(monday(iso).ok_or(BadSpan)?),
            Self::Day(day) => DateSpan::through(day, day),
            Self::Range(days) => Ok(days),
            Self::Rolling { past, next } => DateSpan::until(
                past.map_or(Some(today), |past| past.before(today))
                    .ok_or(BadSpan)?,
                next.map_or(Some(today), |next| next.after(today))
                    .ok_or(BadSpan)?,
            ),
        };
        span.map(Some)
    }
}

fn monday(week: IsoWeek) -> Option<NaiveDate> {
    NaiveDate::from_isoywd_opt(week.year(), week.week(), Weekday::Mon)
}

impl fmt::Display for WindowSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Today
            | Self::Rolling {
                past: None,
                next: None,
            } => f.write_str("today"),
            Self::ThisWeek => f.write_str("this-week"),
            Self::ThisMonth => f.write_str("this-month"),
            Self::ThisYear => f.write_str("this-year"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(first) => write!(f, "{}", first.format("%Y-%m")),
            Self::Week(week) => write!(f, "{:04}-W{:02}", week.year(), week.week()),
            Self::Day(day) => write!(f, "{day}"),
            Self::Range(days) => write!(f, "{}..{}", days.first(), days.end() - Days::new(1)),
            Self::Rolling {
                past: Some(past),
                next: Some(next),
            } => {
                write!(f, "past-{past}..next-{next}")
            }
            Self::Rolling {
                past: Some(past),
                next: None,
            } => write!(f, "past-{past}"),
            Self::Rolling {
                past: None,
                next: Some(next),
            } => write!(f, "next-{next}"),
        }
    }
}

/// A window in a zone: whole days there, and the instants they begin and end at. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    days: DateSpan,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Window {
    /// `days` in the zone whose midnights `midnight` gives.
    pub fn new(days: DateSpan, midnight: impl Fn(NaiveDate) -> DateTime<Utc>) -> Self {
        Self {
            days,
            start: midnight(days.first()),
            end: midnight(days.end()),
        }
    }

    /// The days, for events without a zone.
    #[must_use]
    pub fn days(&self) -> DateSpan {
        self.days
    }

    /// Half of its days, those around `middle`; `None` of a single day. An edge that moves stays at the hour it had, which is
    /// midnight but for a change of the clocks.
    #[must_use]
    pub fn halved(&self, middle: NaiveDate) -> Option<Self> {
        let (first, end) = (self.days.first(), self.days.end());
        let half = TimeDelta::days((end - first).num_days() / 2);
        let begins = middle.checked_sub_signed(half / 2)?;
        let begins = begins.clamp(first, end - half);
        let days = DateSpan::until(begins, begins + half).ok()?;
        Some(Self {
            days,
            start: self.start + (days.first() - first),
            end: self.end - (end - days.end()),
        })
    }

    /// Whether an event at `when` shows in this window: by overlap, half-open (interop W5, RFC 4791 §9.9).
    #[must_use]
    pub fn shows(&self, when: When) -> bool {
        match when {
            When::Days(days) => self.days.overlaps(days),
            When::Timed(span) if span.is_point() => (self.start..self.end).contains(&span.start()),
            When::Timed(span) => self.overlaps(span),
        }
    }

    fn overlaps(&self, span: TimeSpan) -> bool {
        span.start() < self.end && self.start < span.end()
    }
}

#[cfg(test)]
mod tests;
