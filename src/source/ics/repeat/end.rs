//! A rule with another end.

use chrono::{NaiveDateTime, TimeDelta};

use crate::{domain::series::Wall, source::ics::clock::Clock};

use super::super::value::Written;

/// An `RRULE`, and when it ends.
#[derive(Debug, Clone)]
pub(super) struct Rule<'a> {
    /// Its parts, but for those that end it.
    parts: Vec<&'a str>,
    count: Option<usize>,
    until: Option<Written>,
}

impl<'a> Rule<'a> {
    /// Takes `text` apart.
    pub(super) fn of(text: &'a str) -> Self {
        let mut rule = Self {
            parts: Vec::new(),
            count: None,
            until: None,
        };
        for part in text.split(';') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name.trim().to_ascii_uppercase().as_str() {
                "COUNT" => rule.count = value.trim().parse().ok(),
                "UNTIL" => rule.until = Written::parse(value),
                _ => rule.parts.push(part),
            }
        }
        rule
    }

    /// After how many instances it ends.
    pub(super) fn count(&self) -> Option<usize> {
        self.count
    }

    /// Whether it says at which hours, so that it does not follow a start to another time of day.
    pub(super) fn names_hours(&self) -> bool {
        self.parts
            .iter()
            .any(|part| part.trim().to_ascii_uppercase().starts_with("BYHOUR"))
    }

    /// The rule up to, but not including, `end`.
    pub(super) fn ending_before(&self, end: NaiveDateTime, wall: &Wall) -> String {
        let last = end - TimeDelta::seconds(1);
        let until = match wall {
            Wall::Days => last.format("%Y%m%d"),
            Wall::Zone(_) | Wall::Offsets(_) => last.format("%Y%m%dT%H%M%S"),
        };
        format!("{};UNTIL={until}", self.parts.join(";"))
    }

    /// The rule for what is left after `before` instances, and begins so much later by `clock`; `None` if nothing is.
    pub(super) fn after(
        &self,
        before: Option<usize>,
        shift: TimeDelta,
        clock: Option<&Clock>,
    ) -> Option<String> {
        let rule = self.parts.join(";");
        if let Some(count) = self.count {
            let left = count.checked_sub(before.unwrap_or_default());
            return left
                .filter(|left| *left > 0)
                .map(|left| format!("{rule};COUNT={left}"));
        }
        let wall = match (self.until, clock) {
            (None, _) => return Some(rule),
            (Some(Written::Date(date)), _) => {
                return Some(format!("{rule};UNTIL={}", date.format("%Y%m%d")));
            }
            (Some(Written::Wall(wall)), _) => wall,
            (Some(Written::Utc(at)), Some(clock)) => clock.local(at),
            (Some(Written::Utc(at)), None) => at.naive_utc(),
        };
        let until = (wall + shift).format("%Y%m%dT%H%M%S");
        Some(format!("{rule};UNTIL={until}"))
    }
}
