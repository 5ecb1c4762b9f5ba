//! The weeks of a month as a table.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::when::DateSpan;

use super::{
    asked::Asked,
    card::Card,
    entry::Entry,
    options::Limit,
    period::{days, month, week},
    words::{Density, View},
};

/// A month, with the days before and after it that complete its weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// The month and its year.
    pub caption: String,
    /// The heads of the columns.
    pub weekdays: Vec<Weekday>,
    /// The rows.
    pub weeks: Vec<Week>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekday {
    /// `Saturday`
    pub full: String,
    /// `Sat`
    pub short: String,
}

/// A row: seven days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week(pub Vec<Cell>);

/// A day of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// For machines.
    pub date: NaiveDate,
    /// Its number, in the language's numerals.
    pub number: String,
    /// The day and its weekday.
    pub full: String,
    /// Its classes: `out` of another month, `today`, `empty`.
    pub class: String,
    /// The day by itself; not for days of which nobody speaks.
    pub href: String,
    /// What stands in it, from top to bottom.
    pub slots: Vec<Slot>,
    /// What there was no room for.
    pub more: Option<More>,
}

/// A line in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// Room that keeps the days of an event in one line.
    Gap,
    /// An event, or a day of one.
    Event {
        /// The event.
        card: Box<Card>,
        /// Which part of it this day is: `whole`, `head`, `body` or `tail`.
        part: &'static str,
        /// Whether its title is written here: on its first day and on the first of each week.
        opens: bool,
        /// The which of its days this is, where it has several.
        day_of: Option<String>,
    },
}

/// Events that there is no room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct More {
    /// Where they are.
    pub href: String,
    /// How many, as digits.
    pub digits: String,
    /// How many on which day (interop B10).
    pub label: String,
}

impl Month {
    /// The month of `day` with `entries`, which are sorted by start.
    pub(super) fn of(entries: &[Entry<'_>], day: NaiveDate, asked: &Asked<'_>) -> Self {
        let shown = month(day);
        let first = week(shown.first(), asked.week_start).first();
        let weeks =
            std::iter::successors(Some(first), |first| first.checked_add_days(Days::new(7)));
        let rows = weeks.take_while(|first| *first < shown.end());
        Self {
            caption: asked.dates.month(shown.first()),
            weekdays: days(week(first, asked.week_start))
                .map(|day| Weekday {
                    full: asked.dates.weekday(day),
                    short: asked.dates.short_weekday(day),
                })
                .collect(),
            weeks: rows
                .map(|first| row(week(first, asked.week_start), entries, shown, asked))
                .collect(),
        }
    }
}

fn row(week: DateSpan, entries: &[Entry<'_>], shown: DateSpan, asked: &Asked<'_>) -> Week {
    let lanes = lanes(week, entries);
    let cells = days(week).map(|day| {
        let is = |class: &'static str, holds: bool| if holds { class } else { "" };
        let (slots, more) = cell(day, week, entries, &lanes, asked);
        let classes = [
            is("out", day < shown.first() || shown.end() <= day),
            is("today", day == asked.today),
            is("empty", slots.is_empty() && more.is_none()),
        ];
        Cell {
            date: day,
            number: asked.dates.number(day.day()),
            full: asked.dates.weekday_and_day(day),
            class: classes
                .into_iter()
                .filter(|class| !class.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            href: asked.address.view(View::Day, Some(day), asked.options),
            slots,
            more,
        }
    });
    Week(cells.collect())
}

/// The events of several days in a week, each with the line it keeps on all of them. The longest stand on top.
fn lanes(week: DateSpan, entries: &[Entry<'_>]) -> Vec<(usize, usize)> {
    let mut long: Vec<usize> = (0..entries.len())
        .filter(|index| {
            let entry = &entries[*index];
            entry.spans_days() && entry.first() < week.end() && week.first() <= entry.last()
        })
        .collect();
    long.sort_by_key(|index| {
        let entry = &entries[*index];
        (
            entry.first().max(week.first()),
            std::cmp::Reverse(entry.last()),
        )
    });
    let mut free_from: Vec<NaiveDate> = Vec::new();
    let mut lanes = Vec::with_capacity(long.len());
    for index in long {
        let (first, last) = (entries[index].first(), entries[index].last());
        let lane = free_from
            .iter()
            .position(|free| *free <= first.max(week.first()));
        let lane = lane.unwrap_or(free_from.len());
        let free = last + Days::new(1);
        match free_from.get_mut(lane) {
            Some(from) => *from = free,
            None => free_from.push(free),
        }
        lanes.push((lane, index));
    }
    lanes
}

/// What stands in a day, and what there is no room for.
fn cell(
    day: NaiveDate,
    week: DateSpan,
    entries: &[Entry<'_>],
    lanes: &[(usize, usize)],
    asked: &Asked<'_>,
) -> (Vec<Slot>, Option<More>) {
    let room = room(asked);
    let mut stack: Vec<Option<usize>> = Vec::new();
    for (lane, index) in lanes.iter().filter(|(_, index)| entries[*index].is_on(day)) {
        if stack.len() <= *lane {
            stack.resize(lane + 1, None);
        }
        stack[*lane] = Some(*index);
    }
    let short = (0..entries.len()).filter(|index| {
        let entry = &entries[*index];
        !entry.spans_days() && entry.is_on(day)
    });
    for index in short {
        match stack.iter_mut().find(|line| line.is_none()) {
            Some(line) => *line = Some(index),
            None => stack.push(Some(index)),
        }
    }
    // A line that says how many more is as high as the one event it would hide.
    let shown = if stack.len() == room + 1 {
        room + 1
    } else {
        room
    };
    let hidden = stack.iter().skip(shown).flatten().count();
    let slots = stack
        .iter()
        .take(shown)
        .map(|line| line.map_or(Slot::Gap, |index| slot(&entries[index], day, week, asked)));
    let more = (hidden > 0).then(|| {
        let count = asked.dates.count(hidden);
        More {
            href: asked.address.view(View::Day, Some(day), asked.options),
            label: (asked.texts.more)(&count, &asked.dates.day(day)),
            digits: count.digits,
        }
    });
    (slots.collect(), more)
}

fn room(asked: &Asked<'_>) -> usize {
    let usual = match asked.options.density {
        Density::Comfortable => 3,
        Density::Compact => 5,
    };
    asked.options.limit.map_or(usual, Limit::get)
}

fn slot(entry: &Entry<'_>, day: NaiveDate, week: DateSpan, asked: &Asked<'_>) -> Slot {
    let (first, last) = (entry.first(), entry.last());
    let part = match (first == day, last == day) {
        (true, true) => "whole",
        (true, false) => "head",
        (false, false) => "body",
        (false, true) => "tail",
    };
    Slot::Event {
        card: Box::new(Card::of(entry, asked)),
        part,
        opens: first == day || week.first() == day,
        day_of: asked.day_of(entry, day),
    }
}
