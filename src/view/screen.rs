//! A whole screen: what stands above a calendar, the calendar, and where its links lead.

use chrono::{DateTime, NaiveDate, Timelike, Utc};

use crate::{
    feed::{State, listing::Listing},
    locale::{Dates, Locale, texts::Texts},
};

use super::{
    address::Address,
    agenda::Agenda,
    asked::Asked,
    entry::Entry,
    filter::Filter,
    form::Filters,
    grid::Grid,
    month::Month,
    next::Next,
    options::{EmbedOptions, Title},
    period::{self, Way},
    words::{Control, View},
};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads; `None` for where the visitor is.
    pub href: Option<String>,
}

/// A link to another time, with the name of that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which way it is.
    pub text: &'static str,
    /// What is there.
    pub to: String,
    /// Where it leads.
    pub href: String,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A month.
    Month(Month),
    /// A week or a day by the hour.
    Grid(Grid),
    /// Days that have events.
    Agenda(Agenda),
    /// The next event.
    Next(Box<Next>),
    /// Nothing, in these words.
    Nothing(&'static str),
}

/// A screen, ready to be printed.
#[derive(Debug, Clone)]
pub struct Screen {
    /// Its locale.
    pub locale: Locale,
    /// What pages say in its language.
    pub texts: &'static Texts,
    /// What it chose.
    pub options: EmbedOptions,
    /// The view.
    pub view: View,
    /// The name of the calendar.
    pub name: String,
    /// What stands above; `None` for nothing.
    pub title: Option<String>,
    /// The time shown; `None` for what is next.
    pub period: Option<String>,
    /// To the time before.
    pub previous: Option<Step>,
    /// To today; `None` if one cannot go anywhere.
    pub today: Option<String>,
    /// To the time after.
    pub next: Option<Step>,
    /// To the other views; empty if there is no choice.
    pub views: Vec<Link>,
    /// What can be chosen; `None` if nothing can.
    pub filters: Option<Filters>,
    /// Where one subscribes; `None` if that is not shown.
    pub subscribe: Option<String>,
    /// Said where the time shown has no event, although its days are there.
    pub nothing: Option<&'static str>,
    /// How many events were found, if some were looked for.
    pub found: Option<String>,
    /// The zone times are told in.
    pub zone: String,
    /// Its name in the tz database.
    pub zone_id: &'static str,
    /// When all this was last known to be right, if it may not be any more.
    pub as_of: Option<String>,
    /// The calendar.
    pub body: Body,
}

/// The screen of `view` around `day`, or around today, over what `listing` holds of it.
///
/// `now` is taken to the last five minutes, so that a page stays the same for as long as it may be kept (interop B16).
#[must_use]
pub fn screen(
    listing: &Listing,
    address: &Address,
    view: View,
    day: Option<NaiveDate>,
    options: &EmbedOptions,
    locale: Locale,
    now: DateTime<Utc>,
) -> Screen {
    let dates = Dates::of(locale);
    let texts = locale.lang().texts();
    let now = DateTime::from_timestamp(now.timestamp().div_euclid(300) * 300, 0).unwrap_or(now);
    let zone = options.tz.filter(|tz| listing.zones.zone(*tz).is_some());
    let zone = zone.unwrap_or(listing.feed.zone);
    let rules = listing.zones.zone_or_utc(zone);
    let now_there = rules.local(now).with_nanosecond(0).unwrap_or_default();
    let asked = Asked {
        listing,
        address,
        options,
        dates: &dates,
        texts,
        zone,
        now,
        now_there,
        today: now_there.date(),
        week_start: options.week_start.map_or(dates.first_weekday(), Into::into),
    };
    let filter = Filter::of(options, &listing.groups);
    let shown = listing.events.iter().filter(|event| filter.shows(event));
    let mut entries: Vec<Entry<'_>> = shown.map(|listed| Entry::of(listed, rules)).collect();
    entries.sort_by_key(|entry| (entry.first(), !entry.is_of_days(), entry.starts()));
    asked.screen(view, day, &entries, locale)
}

impl Asked<'_> {
    fn screen(
        &self,
        view: View,
        day: Option<NaiveDate>,
        entries: &[Entry<'_>],
        locale: Locale,
    ) -> Screen {
        let (texts, options) = (self.texts, self.options);
        let around = day.unwrap_or(self.today);
        let (body, count) = self.body(view, day, entries);
        let has_days = matches!(body, Body::Month(_) | Body::Grid(_));
        let name = self.listing.feed.title.to_string();
        let step = |text, way| self.step(view, around, text, way);
        Screen {
            locale,
            texts,
            options: options.clone(),
            view,
            title: match &options.title {
                Title::Feed => Some(name.clone()),
                Title::None => None,
                Title::Other(title) => Some(title.to_string()),
            },
            name,
            period: self.period(view, around),
            previous: step(texts.previous, Way::Back),
            today: (options.has(Control::Nav) && !matches!(view, View::List | View::Next))
                .then(|| self.address.view(view, None, options)),
            next: step(texts.next, Way::On),
            views: self.views(view, day),
            filters: self.filters(view, day),
            subscribe: options
                .has(Control::Subscribe)
                .then(|| self.address.subscribe()),
            nothing: (has_days && count == 0).then(|| self.nothing(texts.nothing)),
            found: options
                .filters()
                .then(|| (texts.found)(&self.dates.count(count))),
            zone: self.dates.city(self.zone),
            zone_id: self.zone.name(),
            as_of: self.as_of(),
            body,
        }
    }

    /// What is shown, and how many events it has.
    fn body(&self, view: View, day: Option<NaiveDate>, entries: &[Entry<'_>]) -> (Body, usize) {
        let around = day.unwrap_or(self.today);
        let span = match view {
            View::Month => period::month(around),
            View::Week => period::week(around, self.week_start),
            View::Day => period::span(around, around),
            View::Agenda | View::List | View::Next => period::ahead(view, around, self.options),
        };
        let count = entries
            .iter()
            .filter(|entry| entry.first() < span.end() && span.first() <= entry.last())
            .count();
        let agenda = |agenda: Agenda, words| {
            if agenda.days.is_empty() {
                Body::Nothing(self.nothing(words))
            } else {
                Body::Agenda(agenda)
            }
        };
        let body = match view {
            View::Month => Body::Month(Month::of(entries, around, self)),
            View::Week | View::Day => Body::Grid(Grid::of(entries, span, self)),
            View::Agenda => agenda(Agenda::of(entries, span, self), self.texts.nothing),
            View::List => agenda(
                Agenda::next(entries, span.first(), day, self),
                self.texts.nothing_ahead,
            ),
            View::Next => Next::of(entries, self).map_or_else(
                || Body::Nothing(self.nothing(self.texts.nothing_ahead)),
                |next| Body::Next(Box::new(next)),
            ),
        };
        (body, count)
    }

    /// `words`, or that nothing was found if something was looked for.
    fn nothing(&self, words: &'static str) -> &'static str {
        if self.options.filters() {
            self.texts.nothing_found
        } else {
            words
        }
    }

    /// The name of the time that a view shows around `day`.
    fn period(&self, view: View, day: NaiveDate) -> Option<String> {
        let from_to = |span: crate::domain::when::DateSpan| {
            let last = span.end().pred_opt().unwrap_or(day);
            (self.texts.span)(&self.dates.day(span.first()), &self.dates.date(last))
        };
        match view {
            View::Month => Some(self.dates.month(day)),
            View::Week => Some(from_to(period::week(day, self.week_start))),
            View::Day => Some(self.dates.full(day)),
            View::Agenda => Some(from_to(period::ahead(view, day, self.options))),
            View::List | View::Next => None,
        }
    }

    fn step(&self, view: View, day: NaiveDate, text: &'static str, way: Way) -> Option<Step> {
        if !self.options.has(Control::Nav) {
            return None;
        }
        let there = period::beside(view, day, self.options, way)?;
        Some(Step {
            text,
            to: self.period(view, there)?,
            href: self.address.view(view, Some(there), self.options),
        })
    }

    fn views(&self, view: View, day: Option<NaiveDate>) -> Vec<Link> {
        let offered = &self.options.views;
        if !self.options.has(Control::Views) || offered.len() < 2 {
            return Vec::new();
        }
        let link = |other: &View| Link {
            text: other.name(self.texts).to_owned(),
            href: (*other != view).then(|| self.address.view(*other, day, self.options)),
        };
        offered.iter().map(link).collect()
    }

    /// When an earlier copy was last changed; nothing for what is up to date.
    fn as_of(&self) -> Option<String> {
        match self.listing.state {
            State::Fresh | State::Empty | State::Partial => None,
            State::Stale | State::Malformed | State::Blocked => {
                let rules = self.listing.zones.zone_or_utc(self.zone);
                let there = rules.local(self.listing.changed);
                let day = self.dates.date(there.date());
                let time = self.dates.time(there.time());
                Some((self.texts.as_of)(&[day, time].join(self.texts.comma)))
            }
        }
    }
}
