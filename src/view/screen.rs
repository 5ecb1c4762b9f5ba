//! A whole screen: what stands above a calendar, the calendar, and where its links lead.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use crate::{
    domain::id::EventUid,
    feed::{FeedName, State, listing::Listing},
    locale::{Dates, Locale, texts::Texts},
};

use super::{
    agenda::Agenda,
    entry::Entry,
    filter::Filter,
    grid::Grid,
    month::Month,
    next::Next,
    options::{EmbedOptions, Title},
    period::{self, Way},
    words::{Control, View},
};

/// Where the screens of one feed are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(FeedName);

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

/// One of several that can be chosen in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The form in which visitors choose what they see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filters {
    /// Where it leads: the same view, without a day.
    pub action: String,
    /// What it carries along.
    pub hidden: Vec<(&'static str, String)>,
    /// The words looked for; `None` if one cannot look for words.
    pub search: Option<String>,
    /// The groups; empty if there is no choice.
    pub groups: Vec<Choice>,
    /// The zones; empty if there is no choice.
    pub zones: Vec<Choice>,
    /// The day gone to; `None` if one cannot go to a day.
    pub date: Option<NaiveDate>,
    /// Whether the form is to be seen at once, since something is chosen in it.
    pub open: bool,
    /// Takes search and groups back.
    pub clear: Option<String>,
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
    /// How many events were found, if some were looked for.
    pub found: Option<String>,
    /// The zone times are told in.
    pub zone: String,
    /// When all this was last known to be right, if it may not be any more.
    pub as_of: Option<String>,
    /// The calendar.
    pub body: Body,
}

/// What was asked for, as the parts of a screen need it.
#[derive(Debug)]
pub struct Asked<'a> {
    pub(super) listing: &'a Listing,
    pub(super) address: &'a Address,
    pub(super) options: &'a EmbedOptions,
    pub(super) dates: &'a Dates,
    pub(super) texts: &'static Texts,
    pub(super) zone: Tz,
    pub(super) now: DateTime<Utc>,
    /// What a clock in the zone shows now.
    pub(super) now_there: NaiveDateTime,
    pub(super) today: NaiveDate,
    pub(super) week_start: Weekday,
}

impl Address {
    /// The screens of the feed `name`.
    #[must_use]
    pub fn of(name: FeedName) -> Self {
        Self(name)
    }

    /// A view of it, around `day`, with `options`.
    #[must_use]
    pub fn view(&self, view: View, day: Option<NaiveDate>, options: &EmbedOptions) -> String {
        let mut path = self.path("embed", "embed/groups");
        path.push('/');
        path.push_str(view.word());
        if let Some(day) = day {
            path.push('/');
            path.push_str(&match view {
                View::Month => day.format("%Y-%m").to_string(),
                _ => day.to_string(),
            });
        }
        path + &options.query()
    }

    /// The page where one subscribes.
    #[must_use]
    pub fn subscribe(&self) -> String {
        self.path("feeds", "groups")
    }

    /// The page of an event; feeds of groups have none.
    pub(super) fn event(&self, uid: EventUid) -> Option<String> {
        match &self.0 {
            FeedName::Configured(id) => Some(format!("/events/{id}/{uid}")),
            FeedName::Group(..) => None,
        }
    }

    fn path(&self, of_feeds: &str, of_groups: &str) -> String {
        match &self.0 {
            FeedName::Configured(id) => format!("/{of_feeds}/{id}"),
            FeedName::Group(source, group) => {
                format!("/{of_groups}/{source}/{}", segment(group.as_str()))
            }
        }
    }
}

/// `text` as one segment of a path: whatever is no letter, digit, `-`, `_`, or `.` between others is encoded.
fn segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

impl Asked<'_> {
    /// The which of its days `day` is, where an event has several.
    pub(super) fn day_of(&self, entry: &Entry<'_>, day: NaiveDate) -> Option<String> {
        let days = |from: NaiveDate| u32::try_from((from - entry.first()).num_days() + 1).ok();
        let (this, all) = (days(day)?, days(entry.last())?);
        (all > 1).then(|| (self.texts.day_of)(&self.dates.number(this), &self.dates.number(all)))
    }
}

/// The screen of `view` around `day`, or around today, over what `listing` holds of it.
///
/// `now` is taken to the last five minutes, so that a page stays the same for as long as it may be kept (interop B16).
#[must_use]
pub fn screen(
    listing: &Listing,
    name: FeedName,
    view: View,
    day: Option<NaiveDate>,
    options: &EmbedOptions,
    locale: Locale,
    now: DateTime<Utc>,
) -> Screen {
    let dates = Dates::of(locale);
    let texts = locale.lang().texts();
    let address = Address::of(name);
    let now = DateTime::from_timestamp(now.timestamp().div_euclid(300) * 300, 0).unwrap_or(now);
    let zone = options.tz.filter(|tz| listing.zones.zone(*tz).is_some());
    let zone = zone.unwrap_or(listing.feed.zone);
    let rules = listing.zones.zone_or_utc(zone);
    let now_there = rules.local(now).with_nanosecond(0).unwrap_or_default();
    let asked = Asked {
        listing,
        address: &address,
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
            found: options
                .filters()
                .then(|| (texts.found)(&self.dates.count(count))),
            zone: self.dates.city(self.zone),
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
        let nothing = |words: &'static str| {
            Body::Nothing(if self.options.filters() {
                self.texts.nothing_found
            } else {
                words
            })
        };
        let agenda = |agenda: Agenda, words| match agenda.days.is_empty() {
            true => nothing(words),
            false => Body::Agenda(agenda),
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
                || nothing(self.texts.nothing_ahead),
                |next| Body::Next(Box::new(next)),
            ),
        };
        (body, count)
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
        let texts = self.texts;
        let link = |other: &View| Link {
            text: match other {
                View::Month => texts.month,
                View::Week => texts.week,
                View::Day => texts.day,
                View::Agenda => texts.agenda,
                View::List => texts.list,
                View::Next => texts.next_event,
            }
            .to_owned(),
            href: (*other != view).then(|| self.address.view(*other, day, self.options)),
        };
        offered.iter().map(link).collect()
    }

    fn filters(&self, view: View, day: Option<NaiveDate>) -> Option<Filters> {
        let options = self.options;
        let has = |control| options.has(control);
        let (groups, zones) = (self.groups(), self.zones());
        let search = has(Control::Search).then(|| options.q.to_string());
        let date = has(Control::Date).then_some(day.unwrap_or(self.today));
        if search.is_none() && date.is_none() && groups.is_empty() && zones.is_empty() {
            return None;
        }
        let asked = |key: &str| match key {
            "q" => search.is_some(),
            "groups" => !groups.is_empty(),
            "tz" => !zones.is_empty(),
            _ => false,
        };
        let cleared = EmbedOptions {
            q: crate::domain::text::Line::default(),
            groups: Vec::new(),
            ..options.clone()
        };
        Some(Filters {
            action: self.address.view(view, None, &EmbedOptions::default()),
            hidden: options
                .pairs()
                .into_iter()
                .filter(|(key, _)| !asked(key))
                .collect(),
            open: options.filters(),
            clear: options
                .filters()
                .then(|| self.address.view(view, day, &cleared)),
            search,
            groups,
            zones,
            date,
        })
    }

    /// The groups one can choose: those of the events at hand and those chosen, by name.
    fn groups(&self) -> Vec<Choice> {
        if !self.options.has(Control::Groups) {
            return Vec::new();
        }
        let chosen = &self.options.groups;
        let is_chosen = |id: &str, name: &str| {
            chosen
                .iter()
                .any(|asked| asked.as_str() == id || asked.as_str() == name)
        };
        let known = self
            .listing
            .groups
            .iter()
            .filter(|(_, group)| !group.name.is_empty());
        let mut groups: Vec<Choice> = known
            .map(|(id, group)| Choice {
                value: id.to_string(),
                text: group.name.to_string(),
                chosen: is_chosen(id.as_str(), group.name.as_str()),
            })
            .collect();
        groups.sort_by(|one, two| {
            (one.text.to_lowercase(), &one.value).cmp(&(two.text.to_lowercase(), &two.value))
        });
        let named = |asked: &str| {
            groups
                .iter()
                .any(|group| group.chosen && (group.value == asked || group.text == asked))
        };
        let others: Vec<Choice> = chosen
            .iter()
            .filter(|asked| !named(asked.as_str()))
            .map(|asked| Choice {
                value: asked.to_string(),
                text: asked.to_string(),
                chosen: true,
            })
            .collect();
        groups.extend(others);
        if groups.len() < 2 && chosen.is_empty() {
            Vec::new()
        } else {
            groups
        }
    }

    /// The zones one can choose: the feed's, those of its events, the one chosen, and UTC.
    fn zones(&self) -> Vec<Choice> {
        if !self.options.has(Control::Zone) {
            return Vec::new();
        }
        let home = self.listing.feed.zone;
        let mut zones: Vec<Tz> = self.listing.events.iter().map(|event| event.zone).collect();
        zones.extend([self.zone, Tz::UTC]);
        zones.retain(|zone| *zone != home);
        zones.sort_by_key(|zone| zone.name());
        zones.dedup();
        std::iter::once(home)
            .chain(zones)
            .map(|zone| Choice {
                // The feed's own is what no choice means.
                value: if zone == home {
                    String::new()
                } else {
                    zone.name().to_owned()
                },
                text: self.dates.city(zone),
                chosen: zone == self.zone,
            })
            .collect()
    }

    /// When an earlier copy was last changed; nothing for what is up to date.
    fn as_of(&self) -> Option<String> {
        match self.listing.state {
            State::Fresh | State::Empty | State::Partial => None,
            State::Stale | State::Malformed | State::Blocked => {
                let rules = self.listing.zones.zone_or_utc(self.zone);
                let there = rules.local(self.listing.changed);
                let day = self.dates.date(there.date());
                Some((self.texts.as_of)(&format!(
                    "{day}, {}",
                    self.dates.time(there.time())
                )))
            }
        }
    }
}
