//! The days that have events, below each other: the agenda of a time, and the list of what is next.

use chrono::NaiveDate;

use crate::domain::when::DateSpan;

use super::{
    asked::Asked,
    card::Card,
    entry::Entry,
    options::{EmbedOptions, Limit},
    words::View,
};

/// How many events a list has if nothing is said.
const LIST: usize = 10;

/// Days that have events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// The days.
    pub days: Vec<Day>,
    /// The same list with more events, if there are more.
    pub more: Option<String>,
}

/// A day that has events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// For machines.
    pub date: NaiveDate,
    /// The day in full.
    pub heading: String,
    /// Whether it is today.
    pub is_today: bool,
    /// What begins on it, or goes on on the first day shown.
    pub cards: Vec<Card>,
}

impl Agenda {
    /// The days of `span` with `entries`, which are sorted by start. An event of several days stands on the first one shown.
    pub(super) fn of(entries: &[Entry<'_>], span: DateSpan, asked: &Asked<'_>) -> Self {
        let shown = entries
            .iter()
            .filter(|entry| entry.first() < span.end() && span.first() <= entry.last());
        Self {
            days: days(shown, span.first(), asked),
            more: None,
        }
    }

    /// What is next from `first` on, and not over.
    pub(super) fn next(
        entries: &[Entry<'_>],
        first: NaiveDate,
        day: Option<NaiveDate>,
        asked: &Asked<'_>,
    ) -> Self {
        let limit = asked.options.limit.map_or(LIST, Limit::get);
        let ahead = || {
            entries.iter().filter(|entry| {
                first <= entry.last()
                    && (first < asked.today || !entry.is_over(asked.now, asked.today))
            })
        };
        let more = Limit::raised(limit + LIST).filter(|_| ahead().nth(limit).is_some());
        Self {
            days: days(ahead().take(limit), first, asked),
            more: more.map(|limit| {
                let options = EmbedOptions {
                    limit: Some(limit),
                    ..asked.options.clone()
                };
                asked.address.view(View::List, day, &options)
            }),
        }
    }
}

fn days<'e>(
    entries: impl Iterator<Item = &'e Entry<'e>>,
    first: NaiveDate,
    asked: &Asked<'_>,
) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    let mut sorted: Vec<&Entry<'_>> = entries.collect();
    // By the day they are shown on; what began before stands first.
    sorted.sort_by_key(|entry| entry.first().max(first));
    for entry in sorted {
        let date = entry.first().max(first);
        if days.last().is_none_or(|day| day.date != date) {
            days.push(Day {
                date,
                heading: asked.dates.full(date),
                is_today: date == asked.today,
                cards: Vec::new(),
            });
        }
        if let Some(day) = days.last_mut() {
            day.cards.push(Card::of(entry, asked));
        }
    }
    days
}
