//! Which days a view shows, and which part of a feed it needs for that.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::{
    domain::{
        when::{DateSpan, YEARS},
        window::WindowSpec,
    },
    feed::Part,
};

use super::{options::EmbedOptions, words::View};

/// How far an agenda goes if nothing is said.
const AGENDA: &str = "30d";
/// How far a list from a given day goes if nothing is said.
const LIST: &str = "1y";
/// The longest agenda or list, as for any window.
const MONTHS_MAX: u32 = 120;

/// A day that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("date `{0}` is not known; write 2026-11, 2026-W47 or 2026-11-14, within 1970 to 2099")]
pub struct BadDate(String);

/// The day that stands in an address: a day itself, or the first one of a month or a week.
///
/// # Errors
/// When it is none of them, or not in the years calbridge speaks of.
pub fn day_of(text: &str) -> Result<NaiveDate, BadDate> {
    let first = match text.parse::<WindowSpec>() {
        Ok(spec @ (WindowSpec::Month(_) | WindowSpec::Week(_) | WindowSpec::Day(_))) => {
            spec.days(NaiveDate::default()).ok().flatten()
        }
        _ => None,
    };
    first
        .map(DateSpan::first)
        .ok_or_else(|| BadDate(text.chars().take(40).collect()))
}

/// The part of a feed that holds everything `view` shows around `day`, in whatever zone; around today without one.
#[must_use]
pub fn part(view: View, day: Option<NaiveDate>, options: &EmbedOptions) -> Part {
    let Some(day) = day else {
        return match view {
            // The weeks around a month, and a day for a zone on the other side of the earth.
            View::Month => rolling("40d", "46d"),
            View::Week | View::Day => rolling("8d", "9d"),
            View::Agenda => {
                let past = options.past.map(|past| past.to_string());
                let next = options.next.map(|next| next.to_string());
                rolling(
                    past.as_deref().unwrap_or("1d"),
                    next.as_deref().unwrap_or("31d"),
                )
            }
            View::List | View::Next => match (options.past, options.next) {
                (None, None) => Part::Default,
                (past, next) => rolling(
                    &past.map_or("1d".to_owned(), |past| past.to_string()),
                    &next.map_or(LIST.to_owned(), |next| next.to_string()),
                ),
            },
        };
    };
    let shown = match view {
        View::Month => month(day).padded(8),
        View::Week | View::Day => span(day, day).padded(8),
        View::Agenda | View::List | View::Next => ahead(view, day, options).padded(1),
    };
    Part::Window(WindowSpec::Range(shown))
}

fn rolling(past: &str, next: &str) -> Part {
    let spec = format!("past-{past}..next-{next}").parse();
    spec.map_or(Part::Default, Part::Window)
}

/// The days that agenda and list show from `day` on.
pub(super) fn ahead(view: View, day: NaiveDate, options: &EmbedOptions) -> DateSpan {
    let usual = if view == View::Agenda { AGENDA } else { LIST };
    let next = options.next.or_else(|| usual.parse().ok());
    let first = options
        .past
        .and_then(|past| past.before(day))
        .unwrap_or(day);
    let end = next.and_then(|next| next.after(day)).unwrap_or(day);
    let longest = first.checked_add_months(Months::new(MONTHS_MAX));
    let end = longest.map_or(end, |longest| end.min(longest));
    DateSpan::until(first, end).unwrap_or_else(|_| span(day, day))
}

/// The month of `day`.
pub(super) fn month(day: NaiveDate) -> DateSpan {
    let first = day.with_day(1).unwrap_or(day);
    let end = first.checked_add_months(Months::new(1)).unwrap_or(first);
    DateSpan::until(first, end).unwrap_or_else(|_| span(day, day))
}

/// The week of `day`, which begins with `start`.
pub(super) fn week(day: NaiveDate, start: Weekday) -> DateSpan {
    let first = day - Days::new(day.weekday().days_since(start).into());
    DateSpan::until(first, first + Days::new(7)).unwrap_or_else(|_| span(day, day))
}

/// From `first` to `last`, both shown; `first` alone if they are none, and the first day of all where that is none either:
/// nothing that anybody writes makes a visitor's page longer than its view.
pub(super) fn span(first: NaiveDate, last: NaiveDate) -> DateSpan {
    let earliest = DateSpan::ALL.first();
    DateSpan::through(first, last)
        .or_else(|_| DateSpan::through(first, first))
        .or_else(|_| DateSpan::through(earliest, earliest))
        .unwrap_or(DateSpan::ALL)
}

/// Every day of a span.
pub(super) fn days(span: DateSpan) -> impl Iterator<Item = NaiveDate> {
    let end = span.end();
    span.first().iter_days().take_while(move |day| *day < end)
}

/// Where the period before or after the one of `day` begins; nothing beyond the years calbridge speaks of.
pub(super) fn beside(
    view: View,
    day: NaiveDate,
    options: &EmbedOptions,
    way: Way,
) -> Option<NaiveDate> {
    let step = |days: u64| match way {
        Way::Back => day.checked_sub_days(Days::new(days)),
        Way::On => day.checked_add_days(Days::new(days)),
    };
    let there = match view {
        View::Month => {
            let first = day.with_day(1)?;
            match way {
                Way::Back => first.checked_sub_months(Months::new(1)),
                Way::On => first.checked_add_months(Months::new(1)),
            }
        }
        View::Week => step(7),
        View::Day => step(1),
        View::Agenda => {
            let shown = ahead(view, day, options);
            step(u64::try_from((shown.end() - day).num_days()).ok()?)
        }
        View::List | View::Next => None,
    };
    there.filter(|day| YEARS.contains(&day.year()))
}

/// Into the past or into the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Back,
    On,
}
