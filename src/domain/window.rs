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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn resolved(spec: &str, today: &str) -> String {
        let days = spec
            .parse::<WindowSpec>()
            .unwrap()
            .days(day(today))
            .unwrap();
        days.map_or("all".to_owned(), |days| When::Days(days).to_string())
    }

    #[test]
    fn a_window_is_halved_around_a_day_within_its_edges() {
        let whole = Window::new(
            DateSpan::until(day("2026-11-01"), day("2026-12-01")).unwrap(),
            |day| day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(5),
        );
        for (middle, want) in [
            ("2026-11-15", "2026-11-08..2026-11-22"),
            ("2026-11-02", "2026-11-01..2026-11-15"),
            ("2030-01-01", "2026-11-16..2026-11-30"),
            ("1999-01-01", "2026-11-01..2026-11-15"),
        ] {
            let half = whole.halved(day(middle)).unwrap();
            assert_eq!(When::Days(half.days).to_string(), want, "{middle}");
            let begins = half.start.to_rfc3339();
            assert!(begins.ends_with("T05:00:00+00:00"), "{middle}: {begins}");
        }
        let mut left = whole;
        while let Some(half) = left.halved(day("2026-11-15")) {
            left = half;
        }
        assert_eq!(When::Days(left.days).to_string(), "2026-11-15..2026-11-15");
    }

    #[test]
    fn every_form_of_the_grammar_means_these_days() {
        for (spec, want) in [
            ("all", "all"),
            ("today", "2026-11-21..2026-11-21"),
            ("this-week", "2026-11-16..2026-11-22"),
            ("this-month", "2026-11-01..2026-11-30"),
            ("this-year", "2026-01-01..2026-12-31"),
            ("2026", "2026-01-01..2026-12-31"),
            ("2024-02", "2024-02-01..2024-02-29"),
            ("2026-W47", "2026-11-16..2026-11-22"),
            ("2026-W53", "2026-12-28..2027-01-03"),
            ("2025-W01", "2024-12-30..2025-01-05"),
            ("2026-11-21", "2026-11-21..2026-11-21"),
            ("2026-09-01..2027-06-30", "2026-09-01..2027-06-30"),
            ("2026-09-01..2026-09-01", "2026-09-01..2026-09-01"),
            ("next-90d", "2026-11-21..2027-02-18"),
            ("next-2w", "2026-11-21..2026-12-04"),
            ("next-3m", "2026-11-21..2027-02-20"),
            ("next-10y", "2026-11-21..2036-11-20"),
            ("past-30d", "2026-10-22..2026-11-20"),
            ("past-1y", "2025-11-21..2026-11-20"),
            ("past-30d..next-400d", "2026-10-22..2027-12-25"),
        ] {
            assert_eq!(resolved(spec, "2026-11-21"), want, "{spec}");
        }
    }

    #[test]
    fn a_rolling_month_from_the_31st_ends_on_a_day_that_exists() {
        assert_eq!(resolved("next-1m", "2026-01-31"), "2026-01-31..2026-02-27");
        assert_eq!(resolved("past-1m", "2026-03-31"), "2026-02-28..2026-03-30");
    }

    #[test]
    fn anything_else_is_refused_with_the_grammar() {
        for bad in [
            "",
            "tomorrow",
            "ALL",
            "26",
            "0026",
            "1969",
            "2100",
            "2026-9",
            "2026-13",
            "2026-W54",
            "2025-W53",
            "2026-w47",
            "2026-02-30",
            "2026-11-21..2026-11-20",
            "2026-11..2026-12",
            "2026-01-01..2036-01-02",
            "2026-11-21..",
            "..2026-11-21",
            "next-0d",
            "next-007d",
            "next-+7d",
            "next-90",
            "next-d",
            "next-90h",
            "next-11y",
            "past-6y..next-5y",
            "next-3653d",
            "next-99999999999d",
            "next-400d..past-30d",
            "past-30d..",
            "next-9\u{661}d",
            "next-ß",
            "past--3d",
            "2026-11-21T00",
        ] {
            let error = bad.parse::<WindowSpec>().expect_err(bad);
            assert!(error.to_string().contains("next-90d"), "{error}");
        }
    }

    #[test]
    fn a_window_that_leaves_the_years_we_speak_of_is_refused_when_resolved() {
        let spec: WindowSpec = "next-10y".parse().unwrap();
        assert!(spec.days(day("2095-01-01")).is_err());
    }

    fn timed(start: &str, end: &str) -> When {
        When::Timed(TimeSpan::new(start.parse().unwrap(), end.parse().unwrap()).unwrap())
    }

    #[test]
    fn selection_is_by_overlap_and_half_open() {
        let days = DateSpan::through(day("2026-11-21"), day("2026-11-21")).unwrap();
        let window = Window::new(days, |date| date.and_hms_opt(5, 0, 0).unwrap().and_utc());
        for (start, end, want) in [
            ("2026-11-21T04:00:00Z", "2026-11-21T05:00:00Z", false),
            ("2026-11-21T04:00:00Z", "2026-11-21T05:00:01Z", true),
            ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", true),
            ("2026-11-22T04:59:59Z", "2026-11-22T09:00:00Z", true),
            ("2026-11-22T05:00:00Z", "2026-11-22T09:00:00Z", false),
            ("2026-11-21T05:00:00Z", "2026-11-21T05:00:00Z", true),
            ("2026-11-22T05:00:00Z", "2026-11-22T05:00:00Z", false),
        ] {
            assert_eq!(window.shows(timed(start, end)), want, "{start} {end}");
        }
        for (first, last, want) in [
            ("2026-11-20", "2026-11-20", false),
            ("2026-11-20", "2026-11-21", true),
            ("2026-11-22", "2026-11-23", false),
        ] {
            let span = DateSpan::through(day(first), day(last)).unwrap();
            assert_eq!(window.shows(When::Days(span)), want, "{first} {last}");
        }
    }

    fn specs() -> impl Strategy<Value = String> {
        let unit = prop::sample::select(vec!["d", "w", "m", "y"]);
        let edge = (1u16..4_000, unit).prop_map(|(count, unit)| format!("{count}{unit}"));
        prop_oneof![
            (1960..2110i32).prop_map(|year| year.to_string()),
            (1960..2110i32, 0..14).prop_map(|(y, m)| format!("{y}-{m:02}")),
            (1960..2110i32, 0..55).prop_map(|(y, w)| format!("{y}-W{w:02}")),
            (1960..2110i32, 0..14, 0..33).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
            edge.clone().prop_map(|edge| format!("next-{edge}")),
            (edge.clone(), edge).prop_map(|(past, next)| format!("past-{past}..next-{next}")),
            "[a-z0-9.-]{0,24}",
        ]
    }

    proptest! {
        #[test]
        fn what_parses_prints_as_it_was_written_and_is_never_longer_than_ten_years(text in specs()) {
            if let Ok(spec) = text.parse::<WindowSpec>() {
                prop_assert_eq!(spec.to_string(), text);
                if let Some(days) = spec.days(day("2026-11-21")).unwrap() {
                    prop_assert!((days.end() - days.first()).num_days() <= 3_653 + 30);
                }
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<WindowSpec>();
        }
    }
}
