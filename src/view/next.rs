//! The one next event.

use chrono::Datelike;

use crate::domain::event::Status;

use super::{asked::Asked, card::Card, entry::Entry};

/// The next event that takes place, with its day written large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The event.
    pub card: Card,
    /// `Sat`
    pub weekday: String,
    /// `21`
    pub number: String,
    /// `November 2026`
    pub month: String,
    /// Whether it is today.
    pub is_today: bool,
}

impl Next {
    /// The first of `entries`, which are sorted by start, that begins later; if none does, one that goes on.
    pub(super) fn of(entries: &[Entry<'_>], asked: &Asked<'_>) -> Option<Self> {
        let ahead = || {
            entries.iter().filter(|entry| {
                entry.listed.status != Some(Status::Cancelled)
                    && !entry.is_over(asked.now, asked.today)
            })
        };
        let next = ahead().find(|entry| asked.today <= entry.first());
        let entry = next.or_else(|| ahead().next())?;
        let day = entry.first();
        Some(Self {
            card: Card::of(entry, asked),
            weekday: asked.dates.short_weekday(day),
            number: asked.dates.number(day.day()),
            month: asked.dates.month(day),
            is_today: day == asked.today,
        })
    }
}
