//! What the query of an embed's address chooses.
//!
//! Whatever it says, a screen can be made of it: an unknown value counts as not given, and the keys of such values are told.
//! The same options print as one query, so an address reproduces its screen and nothing hostile in it survives.

mod values;

use std::fmt::Write as _;

use chrono_tz::Tz;
use url::form_urlencoded;

use crate::{
    domain::{stretch::Stretch, text::Line},
    locale::Locale,
};

use super::{
    colour::Colour,
    period::day_of,
    words::{Control, Density, Details, Scheme, Style, View, WeekStart},
};

use values::chosen;
pub use values::{Hours, Limit, Title};

/// How many groups can be chosen at once.
const GROUPS_MAX: usize = 20;

/// What a visitor, or the website around, wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedOptions {
    /// `tz`: the zone times are told in; `None` for the feed's.
    pub tz: Option<Tz>,
    /// `lang`: the language; `None` for the one the browser asks for.
    pub lang: Option<Locale>,
    /// `theme`: light or dark.
    pub scheme: Scheme,
    /// `theme`: its character.
    pub style: Style,
    /// `accent`: the colour of what stands out.
    pub accent: Option<Colour>,
    /// `title`: what stands above.
    pub title: Title,
    /// `controls`: what can be operated.
    pub controls: Vec<Control>,
    /// `views`: those that can be switched to.
    pub views: Vec<View>,
    /// `groups`: ids or names of the groups to show; empty for all.
    pub groups: Vec<Line>,
    /// `q`: words that events must have; empty for all.
    pub q: Line,
    /// `past`: how far back agenda and list begin.
    pub past: Option<Stretch>,
    /// `next`: how far ahead agenda and list go.
    pub next: Option<Stretch>,
    /// `limit`: how many events a list has, or a day of a month.
    pub limit: Option<Limit>,
    /// `week_start`: the day a week begins with; `None` for the language's.
    pub week_start: Option<WeekStart>,
    /// `hours`: the part of a day that is shown by the hour; `None` for that which has events.
    pub hours: Option<Hours>,
    /// `details`: how much of an event lists show.
    pub details: Details,
    /// `density`: how close together things stand.
    pub density: Density,
}

impl Default for EmbedOptions {
    fn default() -> Self {
        Self {
            tz: None,
            lang: None,
            scheme: Scheme::Auto,
            style: Style::Neutral,
            accent: None,
            title: Title::default(),
            controls: Control::ALL.to_vec(),
            views: View::ALL.to_vec(),
            groups: Vec::new(),
            q: Line::default(),
            past: None,
            next: None,
            limit: None,
            week_start: None,
            hours: None,
            details: Details::Short,
            density: Density::Comfortable,
        }
    }
}

/// What a query says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// What it chooses.
    pub options: EmbedOptions,
    /// `date`: the day to go to, as a form asks for it; the path's wins.
    pub date: Option<chrono::NaiveDate>,
    /// The keys whose values are not known and count as not given.
    pub ignored: Vec<&'static str>,
}

impl Read {
    /// Reads a query, without its `?`. Of a key given twice the last value counts, but for `groups`, which adds.
    #[must_use]
    pub fn of(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            // An empty field of a form chooses nothing.
            if value.is_empty() {
                continue;
            }
            if let Err(key) = read.take(&key, &value) {
                read.ignored.push(key);
            }
        }
        read.ignored.sort_unstable();
        read.ignored.dedup();
        read
    }

    /// Takes one value; the key if it is not known. Other keys are somebody else's.
    fn take(&mut self, key: &str, value: &str) -> Result<(), &'static str> {
        let options = &mut self.options;
        match key {
            "tz" => options.tz = Some(crate::zones::name::sure(value).ok_or("tz")?),
            "lang" if value == "auto" => options.lang = None,
            "lang" => options.lang = Some(Locale::of_tag(value).ok_or("lang")?),
            "theme" => (options.scheme, options.style) = values::theme(value).ok_or("theme")?,
            "accent" => options.accent = Some(value.parse().or(Err("accent"))?),
            "title" => options.title = Title::of(value),
            "controls" => {
                options.controls = chosen(value, Control::ALL, Control::word).ok_or("controls")?;
            }
            "views" => {
                let views = chosen(value, View::ALL, View::word).ok_or("views")?;
                options.views = Some(views)
                    .filter(|views| !views.is_empty())
                    .ok_or("views")?;
            }
            "groups" => {
                let group = Line::new(value);
                if options.groups.len() == GROUPS_MAX || group.is_empty() {
                    return Err("groups");
                }
                if !options.groups.contains(&group) {
                    options.groups.push(group);
                }
            }
            "q" => options.q = Line::new(value),
            "past" => options.past = Some(values::stretch(value).ok_or("past")?),
            "next" => options.next = Some(values::stretch(value).ok_or("next")?),
            "limit" => options.limit = Some(value.parse().or(Err("limit"))?),
            "week_start" if value == "auto" => options.week_start = None,
            "week_start" => {
                let word = value.to_ascii_lowercase();
                options.week_start = Some(WeekStart::of_word(&word).ok_or("week_start")?);
            }
            "hours" if value == "auto" => options.hours = None,
            "hours" => options.hours = Some(value.parse().or(Err("hours"))?),
            "details" => options.details = Details::of_word(value).ok_or("details")?,
            "density" => options.density = Density::of_word(value).ok_or("density")?,
            "date" => self.date = Some(day_of(value).or(Err("date"))?),
            _ => {}
        }
        Ok(())
    }
}

impl EmbedOptions {
    /// The keys and values that choose this, without those that choose nothing; each key at the same place always.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let usual = Self::default();
        let mut pairs = Vec::new();
        let mut add = |key, value: Option<String>| pairs.extend(value.map(|value| (key, value)));
        add("tz", self.tz.map(|tz| tz.name().to_owned()));
        add("lang", self.lang.map(|lang| lang.to_string()));
        add("theme", values::print_theme(self.scheme, self.style));
        add("accent", self.accent.map(|accent| accent.to_string()));
        add("title", self.title.print());
        add(
            "controls",
            (self.controls != usual.controls).then(|| values::join(&self.controls, Control::word)),
        );
        add(
            "views",
            (self.views != usual.views).then(|| values::join(&self.views, View::word)),
        );
        for group in &self.groups {
            add("groups", Some(group.to_string()));
        }
        add("q", (!self.q.is_empty()).then(|| self.q.to_string()));
        add("past", self.past.map(|past| past.to_string()));
        add("next", self.next.map(|next| next.to_string()));
        add("limit", self.limit.map(|limit| limit.to_string()));
        add(
            "week_start",
            self.week_start.map(|start| start.word().to_owned()),
        );
        add("hours", self.hours.map(|hours| hours.to_string()));
        add(
            "details",
            (self.details != usual.details).then(|| self.details.word().to_owned()),
        );
        add(
            "density",
            (self.density != usual.density).then(|| self.density.word().to_owned()),
        );
        pairs
    }

    /// The query that chooses this, with its `?`; empty if nothing is chosen.
    #[must_use]
    pub fn query(&self) -> String {
        let pairs = self.pairs();
        let mut query = String::new();
        if !pairs.is_empty() {
            let encoded = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&pairs)
                .finish();
            let _ = write!(query, "?{encoded}");
        }
        query
    }

    /// Whether it leaves out events that would otherwise be there.
    #[must_use]
    pub fn filters(&self) -> bool {
        !self.groups.is_empty() || !self.q.is_empty()
    }

    /// Whether a control is there.
    #[must_use]
    pub fn has(&self, control: Control) -> bool {
        self.controls.contains(&control)
    }
}

#[cfg(test)]
mod tests;
