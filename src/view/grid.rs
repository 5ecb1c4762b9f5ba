//! Days beside each other, by the hour.
//!
//! Places are lines of five minutes and classes of the style sheet, since the pages allow no style of an element's own.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use crate::domain::when::DateSpan;

use super::{
    abreast::abreast,
    asked::Asked,
    card::Card,
    entry::{Entry, Times},
    month::More,
    options::Hours,
    period::days,
    words::View,
};

/// How long a line is, in minutes.
const LINE: u32 = 5;
/// How many lines an hour has.
const HOUR: u32 = 60 / LINE;
/// The fewest lines of an event: enough for its title, and for a finger (interop B11).
const LEAST: u32 = HOUR / 2;
/// The hours shown where no event is at others.
const USUAL: (u8, u8) = (9, 18);

/// Days by the hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The days.
    pub columns: Vec<Column>,
    /// The marks on the side.
    pub hours: Vec<Hour>,
    /// How many hours there are.
    pub length: u8,
}

/// An hour on the side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    /// `7 PM`
    pub label: String,
    /// Its first line.
    pub line: u32,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// For machines.
    pub date: NaiveDate,
    /// Its number.
    pub number: String,
    /// `Sat`
    pub weekday: String,
    /// The day and its weekday.
    pub full: String,
    /// The day by itself.
    pub href: String,
    /// Whether it is today.
    pub is_today: bool,
    /// The events of whole or several days.
    pub strips: Vec<Strip>,
    /// The events at hours.
    pub blocks: Vec<Block>,
    /// What there was no room for.
    pub more: Option<More>,
    /// The line of this moment, if it is today and among the hours shown.
    pub now: Option<u32>,
}

/// A day of an event of whole or several days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// The event.
    pub card: Card,
    /// The which of its days this is, where it has several.
    pub day_of: Option<String>,
}

/// An event at hours, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The event.
    pub card: Card,
    /// Its first line.
    pub from: u32,
    /// The line after its last one.
    pub to: u32,
    /// The which of those beside each other it is, from 1.
    pub place: usize,
    /// How many are beside each other.
    pub of: usize,
}

impl Grid {
    /// The days of `span` with `entries`, which are sorted by start.
    pub(super) fn of(entries: &[Entry<'_>], span: DateSpan, asked: &Asked<'_>) -> Self {
        let hours = asked.options.hours.unwrap_or_else(|| hours(entries, span));
        let columns = days(span).map(|day| column(entries, day, hours, asked));
        Self {
            columns: columns.collect(),
            hours: (hours.first()..hours.end())
                .filter_map(|hour| {
                    Some(Hour {
                        label: asked
                            .dates
                            .time(NaiveTime::from_hms_opt(hour.into(), 0, 0)?),
                        line: u32::from(hour - hours.first()) * HOUR + 1,
                    })
                })
                .collect(),
            length: hours.end() - hours.first(),
        }
    }
}

/// The minutes of `day` that an event takes, from its midnight; nothing if it is not there by the hour.
fn minutes(entry: &Entry<'_>, day: NaiveDate) -> Option<(u32, u32)> {
    let Times::Clock { start, end } = entry.times else {
        return None;
    };
    if entry.is_of_days() || day < start.date() || end.date().max(start.date()) < day {
        return None;
    }
    let of_day = |time: NaiveTime| time.hour() * 60 + time.minute();
    let from = if start.date() == day {
        of_day(start.time())
    } else {
        0
    };
    let to = if end.date() > day {
        24 * 60
    } else {
        of_day(end.time())
    };
    // What ends at midnight is over; what is a point is there.
    (from < to || start.date() == day).then_some((from, to.max(from)))
}

/// The usual hours, and those at which events begin or go on to until midnight. How an evening ends the next morning is
/// told on its own day.
fn hours(entries: &[Entry<'_>], span: DateSpan) -> Hours {
    let (mut first, mut end) = USUAL;
    let begin = days(span).flat_map(|day| {
        let begin = entries.iter().filter(move |entry| entry.first() == day);
        begin.filter_map(move |entry| minutes(entry, day))
    });
    for (from, to) in begin {
        first = first.min(u8::try_from(from / 60).unwrap_or(0));
        end = end.max(u8::try_from(to.max(from + 1).div_ceil(60)).unwrap_or(24));
    }
    Hours::around(first, end)
}

fn column(entries: &[Entry<'_>], day: NaiveDate, hours: Hours, asked: &Asked<'_>) -> Column {
    let strips = entries
        .iter()
        .filter(|entry| entry.is_of_days() && entry.is_on(day));
    let at_hours: Vec<(usize, u32, u32)> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| {
            let (from, to) = minutes(entry, day)?;
            let is_seen = entry.first() == day || to > u32::from(hours.first()) * 60;
            let (from, to) = lines((from, to), hours);
            is_seen.then_some((index, from, to))
        })
        .collect();
    let (places, hidden) = abreast(&at_hours);
    let href = asked.address.view(View::Day, Some(day), asked.options);
    Column {
        date: day,
        number: asked.dates.number(day.day()),
        weekday: asked.dates.short_weekday(day),
        full: asked.dates.full(day),
        is_today: day == asked.today,
        strips: strips
            .map(|entry| Strip {
                card: Card::of(entry, asked),
                day_of: asked.day_of(entry, day),
            })
            .collect(),
        blocks: places
            .into_iter()
            .map(|place| Block {
                card: Card::of(&entries[place.index], asked),
                from: place.from,
                to: place.to,
                place: place.nth,
                of: place.of,
            })
            .collect(),
        more: (hidden > 0).then(|| {
            let count = asked.dates.count(hidden);
            More {
                href: asked.address.view(View::Agenda, Some(day), asked.options),
                label: (asked.texts.more)(&count, &asked.dates.day(day)),
                digits: count.digits,
            }
        }),
        now: now(day, hours, asked),
        href,
    }
}

/// The lines of an event among those shown: at least [`LEAST`], at the edge if it is outside.
fn lines((from, to): (u32, u32), hours: Hours) -> (u32, u32) {
    let (first, end) = (
        u32::from(hours.first()) * HOUR,
        u32::from(hours.end()) * HOUR,
    );
    let last = (end - first).saturating_sub(LEAST);
    let from = (from / LINE).saturating_sub(first).min(last);
    let to = to.div_ceil(LINE).saturating_sub(first).min(end - first);
    (from + 1, to.max(from + LEAST) + 1)
}

fn now(day: NaiveDate, hours: Hours, asked: &Asked<'_>) -> Option<u32> {
    let minute = asked.now_there.hour() * 60 + asked.now_there.minute();
    let (first, end) = (u32::from(hours.first()) * 60, u32::from(hours.end()) * 60);
    (day == asked.today && (first..end).contains(&minute)).then(|| (minute - first) / LINE + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_keeps_within_the_hours_shown_and_is_never_too_small() {
        let hours: Hours = "8-20".parse().unwrap();
        for (minutes, want) in [
            ((8 * 60, 9 * 60), (1, 13)),
            ((8 * 60 + 7, 8 * 60 + 8), (2, 8)),
            ((6 * 60, 7 * 60), (1, 7)),
            ((19 * 60, 24 * 60), (133, 145)),
            ((23 * 60, 24 * 60), (139, 145)),
        ] {
            assert_eq!(lines(minutes, hours), want, "{minutes:?}");
        }
    }
}
