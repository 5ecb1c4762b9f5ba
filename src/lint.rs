//! Whether calendar programs will get along with a calendar, ours or another's: every rule of the interop contract that can be
//! seen in its bytes, or in how it is served. Pure.
//!
//! An [`Level::Error`] is what a standard forbids or what is known to lose or shift events somewhere; a [`Level::Warning`]
//! costs some readers something; a [`Level::Hint`] is how it is done best.

mod calendar;
mod event;
pub(crate) mod http;
mod raw;
mod recurrence;
mod text;
mod time;
mod zone;

use serde::Serialize;

use crate::{
    outline::{self, Outline},
    zones::ZoneData,
};

/// So many findings of one law are told one by one; those that follow are counted.
const TOLD_MAX: usize = 5;
/// So much of a value is repeated, in characters.
const QUOTE_MAX: usize = 60;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Error,
    Warning,
    Hint,
}

/// One thing that a rule asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Law {
    /// The number of the rule in the interop contract.
    pub(crate) rule: &'static str,
    pub(crate) level: Level,
    /// What would be right.
    pub(crate) right: &'static str,
    /// Who suffers, and how.
    pub(crate) suffers: &'static str,
}

/// One place where a law is broken.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) law: &'static Law,
    /// The line on the wire, counted from 1; `None` for the calendar as a whole and for how it is served.
    pub(crate) line: Option<usize>,
    /// What is there.
    pub(crate) found: String,
}

/// All that was found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    told: Vec<Finding>,
    /// How often each law is broken.
    broken: Vec<(&'static Law, usize)>,
}

impl Law {
    const fn error(rule: &'static str, right: &'static str, suffers: &'static str) -> Self {
        Self::new(rule, Level::Error, right, suffers)
    }

    const fn warning(rule: &'static str, right: &'static str, suffers: &'static str) -> Self {
        Self::new(rule, Level::Warning, right, suffers)
    }

    const fn hint(rule: &'static str, right: &'static str, suffers: &'static str) -> Self {
        Self::new(rule, Level::Hint, right, suffers)
    }

    const fn new(
        rule: &'static str,
        level: Level,
        right: &'static str,
        suffers: &'static str,
    ) -> Self {
        Self {
            rule,
            level,
            right,
            suffers,
        }
    }
}

impl Findings {
    /// What is wrong with the calendar `body`, by the zones of `data`.
    pub(crate) fn of(body: &[u8], data: &ZoneData) -> Self {
        let mut findings = Self::default();
        let rows = outline::unfold(body);
        raw::look(body, &rows, &mut findings);
        text::look(&rows, &mut findings);
        let outline = Outline::of(&rows);
        calendar::look(body.len(), &outline, data, &mut findings);
        findings
    }

    /// Those that are told, by line.
    pub(crate) fn told(&self) -> impl Iterator<Item = &Finding> {
        let mut told: Vec<&Finding> = self.told.iter().collect();
        told.sort_by_key(|finding| finding.line);
        told.into_iter()
    }

    /// Laws that are broken more often than is told, and how much more often.
    pub(crate) fn untold(&self) -> impl Iterator<Item = (&'static Law, usize)> {
        let more = self.broken.iter();
        more.filter_map(|(law, times)| Some((*law, times.checked_sub(TOLD_MAX)?)))
            .filter(|(_, more)| *more > 0)
    }

    /// How many there are of `level`.
    pub(crate) fn count(&self, level: Level) -> usize {
        let of_level = self.broken.iter().filter(|(law, _)| law.level == level);
        of_level.map(|(_, times)| times).sum()
    }

    fn at(&mut self, line: usize, law: &'static Law, found: impl Into<String>) {
        self.note(Some(line), law, found.into());
    }

    fn whole(&mut self, law: &'static Law, found: impl Into<String>) {
        self.note(None, law, found.into());
    }

    fn note(&mut self, line: Option<usize>, law: &'static Law, found: String) {
        let known = self.broken.iter().position(|(known, _)| *known == law);
        let index = known.unwrap_or_else(|| {
            self.broken.push((law, 0));
            self.broken.len() - 1
        });
        self.broken[index].1 += 1;
        if self.broken[index].1 <= TOLD_MAX {
            self.told.push(Finding { law, line, found });
        }
    }
}

/// The beginning of `text` between backticks, with nothing in it that a terminal would obey.
fn quoted(text: &str) -> String {
    let mut chars = text.chars();
    let mut shown = String::from("`");
    for c in chars.by_ref().take(QUOTE_MAX) {
        if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    if chars.next().is_some() {
        shown.push('…');
    }
    shown.push('`');
    shown
}

#[cfg(test)]
mod tests;
