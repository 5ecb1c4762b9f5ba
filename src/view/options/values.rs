//! Values with a grammar of their own.

use std::{fmt, str::FromStr};

use chrono::{Months, NaiveDate};

use crate::{
    domain::{stretch::Stretch, text::Line},
    view::words::{Scheme, Style},
};

/// A value that is not in its grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadValue;

/// What stands above a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Title {
    /// The feed's title.
    #[default]
    Feed,
    /// Nothing; readers of screens still hear the feed's.
    None,
    /// Something else.
    Other(Line),
}

impl Title {
    /// The title that `value` chooses: `none`, or the title itself.
    pub(super) fn of(value: &str) -> Self {
        let line = Line::new(value);
        match line.as_str() {
            "" => Self::Feed,
            "none" => Self::None,
            _ => Self::Other(line),
        }
    }

    pub(super) fn print(&self) -> Option<String> {
        match self {
            Self::Feed => None,
            Self::None => Some("none".to_owned()),
            Self::Other(line) => Some(line.to_string()),
        }
    }
}

/// How many events: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit(u8);

impl Limit {
    /// The most.
    pub const MAX: Self = Self(100);

    /// The number.
    #[must_use]
    pub fn get(self) -> usize {
        self.0.into()
    }

    /// So many more, as far as it goes; nothing if it does not go further.
    #[must_use]
    pub fn raised(count: usize) -> Option<Self> {
        let count = u8::try_from(count).ok()?;
        (1..=Self::MAX.0).contains(&count).then_some(Self(count))
    }
}

impl FromStr for Limit {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let count: usize = text.parse().or(Err(BadValue))?;
        Self::raised(count).ok_or(BadValue)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Hours of a day from which until which: `8-20`. The last is at most 24 and after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hours {
    first: u8,
    end: u8,
}

impl Hours {
    /// From `first` to `end`, moved to where they are hours of a day.
    #[must_use]
    pub fn around(first: u8, end: u8) -> Self {
        let end = end.clamp(1, 24);
        Self {
            first: first.min(end - 1),
            end,
        }
    }

    /// The hour it begins with.
    #[must_use]
    pub fn first(self) -> u8 {
        self.first
    }

    /// The hour it ends before.
    #[must_use]
    pub fn end(self) -> u8 {
        self.end
    }
}

impl FromStr for Hours {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let (first, end) = text.split_once('-').ok_or(BadValue)?;
        let [first, end] = [first, end].map(|hour| hour.parse::<u8>().or(Err(BadValue)));
        let (first, end) = (first?, end?);
        (first < end && end <= 24)
            .then_some(Self { first, end })
            .ok_or(BadValue)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.end)
    }
}

/// The choices that `value` lists, in the order of `all`: `none`, `all`, or words with commas between.
pub(super) fn chosen<T: Copy>(
    value: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Option<Vec<T>> {
    match value {
        "all" => return Some(all.to_vec()),
        "none" => return Some(Vec::new()),
        _ => {}
    }
    let listed: Vec<&str> = value
        .split(',')
        .map(str::trim)
        .take(all.len() + 1)
        .collect();
    let known = |listed: &&str| all.iter().any(|choice| word(*choice) == *listed);
    listed.iter().all(known).then(|| {
        let choices = all.iter().copied();
        choices
            .filter(|choice| listed.contains(&word(*choice)))
            .collect()
    })
}

pub(super) fn join<T: Copy>(choices: &[T], word: impl Fn(T) -> &'static str) -> String {
    if choices.is_empty() {
        return "none".to_owned();
    }
    let words: Vec<&str> = choices.iter().map(|choice| word(*choice)).collect();
    words.join(",")
}

/// `dark`, `stage`, `stage-dark` or `dark-stage`: what is not said is usual.
pub(super) fn theme(value: &str) -> Option<(Scheme, Style)> {
    let (mut scheme, mut style) = (None, None);
    for word in value.split('-') {
        match (Scheme::of_word(word), Style::of_word(word)) {
            (Some(named), _) if scheme.is_none() => scheme = Some(named),
            (_, Some(named)) if style.is_none() => style = Some(named),
            _ => return None,
        }
    }
    Some((
        scheme.unwrap_or(Scheme::Auto),
        style.unwrap_or(Style::Neutral),
    ))
}

pub(super) fn print_theme(scheme: Scheme, style: Style) -> Option<String> {
    match (scheme, style) {
        (Scheme::Auto, Style::Neutral) => None,
        (Scheme::Auto, style) => Some(style.word().to_owned()),
        (scheme, Style::Neutral) => Some(scheme.word().to_owned()),
        (scheme, style) => Some(format!("{}-{}", style.word(), scheme.word())),
    }
}

/// A length of at most two years: past and future together stay well within what a feed can be asked for.
pub(super) fn stretch(value: &str) -> Option<Stretch> {
    let stretch: Stretch = value.parse().ok()?;
    let longest = NaiveDate::default() + Months::new(24);
    (stretch.after(NaiveDate::default())? <= longest).then_some(stretch)
}
