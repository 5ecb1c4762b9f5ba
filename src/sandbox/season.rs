//! A season: everything the sandbox knows, before any upstream's wire form.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{
    company,
    course::{self, Course},
    crm::Crm,
    oddities,
    portfolio::Portfolio,
    programme, venues,
};

/// Stands in every private text of the fictional season: admin notes, drafts, mail addresses. If it turns up in
/// anything calbridge publishes, promise 6 of the design is broken.
pub const CANARY: &str = "canary-71c3";

/// An organisation's calendar with all it refers to. Tests change it between polls as they like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// What it is called, such as `Quillfeather Touring Company`.
    pub title: String,
    /// Id of the organisation.
    pub org: String,
    /// IANA zone of its office.
    pub zone: String,
    /// Venues and the spaces in them.
    pub places: Vec<Place>,
    /// Groups of people and collections of items.
    pub groups: Vec<Group>,
    /// Undertakings that put events on the calendar.
    pub projects: Vec<Named>,
    /// Labels.
    pub tags: Vec<Named>,
    /// Who performs.
    pub people: Vec<Named>,
    /// Every event, drafts and archived ones too, by start.
    pub events: Vec<Event>,
    /// Classes that meet again and again; only upstreams that know recurrence show them.
    pub courses: Vec<Course>,
    /// Whom the company wants something from, and what is to be done about it.
    pub crm: Crm,
    /// What the company's endowment has lent to others.
    pub portfolio: Portfolio,
}

/// Something with an id and a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The upstream's id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// A venue, or a space inside one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The upstream's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// IANA zone of its clocks. Never sent: the bridge must know it from its zone book.
    pub zone: String,
    /// Postal address in its parts; empty for a space.
    pub address: Vec<String>,
    /// The venue a space is in; `None` for a venue.
    pub inside: Option<String>,
}

/// What a group holds (fact sheet §7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// People; the app calls it a group.
    People,
    /// Items; the app calls it a collection.
    Items,
}

/// A group or collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The upstream's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What is in it.
    pub holds: Holds,
}

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// From one instant to another, or with no end given.
    Timed {
        /// First instant.
        start: DateTime<Utc>,
        /// First instant after it; as `start` for an event without length.
        end: Option<DateTime<Utc>>,
    },
    /// Whole days.
    Days {
        /// First day.
        first: NaiveDate,
        /// Last day, which is part of it.
        last: NaiveDate,
    },
}

/// Whether an event takes place (fact sheet §6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not settled.
    Tentative,
    /// Takes place.
    Confirmed,
    /// Does not, and stays on the calendar as a record.
    Canceled,
    /// A status of the organisation's own that no documentation names.
    Unheard,
}

/// One occurrence in time. Lists hold ids; what is empty or `None` is not sent, or sent as `null`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The upstream's id.
    pub id: String,
    /// `None` where nobody gave it one.
    pub title: Option<String>,
    /// When it is.
    pub span: Span,
    /// Whether it takes place, if anyone said so.
    pub status: Option<Status>,
    /// For admins only; never to be published.
    pub draft: bool,
    /// Needs attention.
    pub flag: bool,
    /// HTML for everyone.
    pub details: Option<String>,
    /// HTML for admins; never to be published.
    pub admin_notes: Option<String>,
    /// Venues and spaces, mixed.
    pub places: Vec<String>,
    /// Projects.
    pub projects: Vec<String>,
    /// Groups and collections, mixed.
    pub groups: Vec<String>,
    /// People.
    pub people: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The booking that made it.
    pub booking: Option<String>,
    /// When it was entered.
    pub created: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated: Option<DateTime<Utc>>,
    /// Whether it has moved to the archive.
    pub archived: bool,
}

impl Season {
    /// The fictional season of the Quillfeather Touring Company, from six months before `today` to fourteen after.
    ///
    /// What happens on a day is a rule of that day alone, so two seasons agree, ids and all, where they overlap.
    /// Only the archive moves with `today`: it holds what ended more than 90 days ago.
    #[must_use]
    pub fn touring(today: NaiveDate) -> Self {
        let first = today - Months::new(6);
        let last = today + Months::new(14);
        let archive = today - Days::new(90);
        let mut events: Vec<Event> = first
            .iter_days()
            .take_while(|day| *day <= last)
            .flat_map(|day| programme::on(day).into_iter().chain(oddities::on(day)))
            .collect();
        for event in &mut events {
            event.archived = event.span.last_day() < archive;
        }
        events.sort_by_cached_key(|event| (event.span.start(), event.id.clone()));
        Self {
            title: "Quillfeather Touring Company".to_owned(),
            org: company::org(),
            zone: venues::HOME.to_owned(),
            places: venues::all(),
            groups: company::groups(),
            projects: company::projects(),
            tags: company::tags(),
            people: company::people(),
            events,
            courses: course::all(today),
            crm: Crm::touring(today),
            portfolio: Portfolio::touring(today),
        }
    }

    /// An organisation that has nothing yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            title: String::new(),
            org: company::org(),
            zone: "UTC".to_owned(),
            places: Vec::new(),
            groups: Vec::new(),
            projects: Vec::new(),
            tags: Vec::new(),
            people: Vec::new(),
            events: Vec::new(),
            courses: Vec::new(),
            crm: Crm::default(),
            portfolio: Portfolio::default(),
        }
    }

    /// The place of that id.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.id == id)
    }

    /// The zone whose clocks an event is announced in: that of its first place, else of the office.
    #[must_use]
    pub fn zone_of(&self, event: &Event) -> &str {
        let place = event.places.iter().find_map(|id| self.place(id));
        place.map_or(&self.zone, |place| &place.zone)
    }

    /// Where an event is, for people: the names of its places, then the address of the first that has one.
    #[must_use]
    pub fn whereabouts(&self, event: &Event) -> Option<String> {
        let places: Vec<&Place> = event
            .places
            .iter()
            .filter_map(|id| self.place(id))
            .collect();
        let names = places.iter().map(|place| place.name.as_str());
        let address = places.iter().find(|place| !place.address.is_empty());
        let lines = address.into_iter().flat_map(|place| &place.address);
        let parts: Vec<&str> = names.chain(lines.map(String::as_str)).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The event of that id, to be changed.
    pub fn event_mut(&mut self, id: &str) -> Option<&mut Event> {
        self.events.iter_mut().find(|event| event.id == id)
    }
}

impl Event {
    /// An event of which nothing is known but when it is.
    #[must_use]
    pub fn bare(id: impl Into<String>, span: Span) -> Self {
        Self {
            id: id.into(),
            title: None,
            span,
            status: None,
            draft: false,
            flag: false,
            details: None,
            admin_notes: None,
            places: Vec::new(),
            projects: Vec::new(),
            groups: Vec::new(),
            people: Vec::new(),
            tags: Vec::new(),
            booking: None,
            created: None,
            updated: None,
            archived: false,
        }
    }
}

impl Span {
    /// First instant; of whole days, the midnight in UTC that begins them.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        match self {
            Self::Timed { start, .. } => start,
            Self::Days { first, .. } => midnight(first),
        }
    }

    /// First instant after it; of whole days, the midnight in UTC that ends them.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        match self {
            Self::Timed { start, end } => end.unwrap_or(start),
            Self::Days { last, .. } => midnight(last) + TimeDelta::days(1),
        }
    }

    /// The day, in UTC, on which it is over.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        match self {
            Self::Timed { .. } => self.end().date_naive(),
            Self::Days { last, .. } => last,
        }
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The first of each month of four years, a leap year among them.
    fn todays() -> impl Iterator<Item = NaiveDate> {
        (0..48).map(|months| day("2026-01-01") + Months::new(months))
    }

    #[test]
    fn a_season_is_a_few_hundred_events_whenever_it_is_made() {
        for today in todays() {
            let season = Season::touring(today);
            let count = season.events.len();
            assert!((250..=400).contains(&count), "{today}: {count}");
            let soon = today + Days::new(7);
            assert!(
                season
                    .events
                    .iter()
                    .any(|event| (today..soon).contains(&event.span.start().date_naive())),
                "{today}: nothing in the coming week"
            );
        }
    }

    #[test]
    fn seasons_agree_where_they_overlap() {
        let plain = |mut event: Event| {
            event.archived = false;
            (event.id.clone(), event)
        };
        let spring: HashMap<_, _> = Season::touring(day("2026-04-17"))
            .events
            .into_iter()
            .map(plain)
            .collect();
        let autumn: HashMap<_, _> = Season::touring(day("2026-11-22"))
            .events
            .into_iter()
            .map(plain)
            .collect();
        let shared: Vec<_> = spring
            .keys()
            .filter(|id| autumn.contains_key(*id))
            .collect();
        assert!(shared.len() > 200, "{}", shared.len());
        for id in shared {
            assert_eq!(spring[id], autumn[id]);
        }
    }

    #[test]
    fn every_id_is_a_version_1_uuid_and_stands_once() {
        for today in todays() {
            let season = Season::touring(today);
            let named = season
                .projects
                .iter()
                .chain(&season.tags)
                .chain(&season.people)
                .map(|named| &named.id);
            let ids = season
                .events
                .iter()
                .map(|event| &event.id)
                .chain(season.groups.iter().map(|group| &group.id));
            let mut seen = HashSet::new();
            for id in ids
                .chain(season.places.iter().map(|place| &place.id))
                .chain(named)
            {
                assert_eq!(Uuid::parse_str(id).unwrap().get_version_num(), 1, "{id}");
                assert!(seen.insert(id), "{today}: {id} stands twice");
            }
        }
    }

    #[test]
    fn links_lead_somewhere_but_for_one_place_nobody_can_look_up() {
        let season = Season::touring(day("2026-11-22"));
        let places: HashSet<_> = season.places.iter().map(|place| &place.id).collect();
        let groups: HashSet<_> = season.groups.iter().map(|group| &group.id).collect();
        let named = season
            .projects
            .iter()
            .chain(&season.tags)
            .chain(&season.people);
        let others: HashSet<_> = named.map(|named| &named.id).collect();
        for event in &season.events {
            assert!(
                event.groups.iter().all(|id| groups.contains(id)),
                "{event:?}"
            );
            let links = event
                .projects
                .iter()
                .chain(&event.tags)
                .chain(&event.people);
            assert!(links.into_iter().all(|id| others.contains(id)), "{event:?}");
            let lost = event
                .places
                .iter()
                .filter(|id| !places.contains(id))
                .count();
            let meant = event.title.as_deref() == Some("At a place nobody can look up");
            assert_eq!(lost, usize::from(meant), "{event:?}");
        }
        assert!(
            season
                .places
                .iter()
                .all(|place| place.inside.as_ref().is_none_or(|id| places.contains(id)))
        );
    }

    #[test]
    fn the_canary_stands_in_every_private_text_and_in_no_other() {
        let season = Season::touring(day("2026-11-22"));
        let sings = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains(CANARY));
        for event in &season.events {
            assert!(
                event.admin_notes.is_none() || sings(&event.admin_notes),
                "{event:?}"
            );
            assert_eq!(sings(&event.title), event.draft, "{event:?}");
            assert_eq!(sings(&event.details), event.draft, "{event:?}");
        }
        assert!(
            season
                .people
                .iter()
                .all(|person| person.name.contains(CANARY))
        );
    }

    #[test]
    fn every_season_holds_what_calendars_trip_over() {
        type Sort = fn(&Event) -> bool;
        let sorts: [(&str, Sort); 20] = [
            ("draft", |e| e.draft),
            ("archived", |e| e.archived),
            ("tentative", |e| e.status == Some(Status::Tentative)),
            ("cancelled", |e| e.status == Some(Status::Canceled)),
            ("unknown status", |e| e.status == Some(Status::Unheard)),
            ("no status", |e| e.status.is_none()),
            ("no title", |e| e.title.is_none()),
            ("no stamps", |e| e.updated.is_none()),
            ("one whole day", |e| whole_days(e) == Some(1)),
            ("three whole days", |e| whole_days(e) == Some(3)),
            ("a month of days", |e| whole_days(e) == Some(31)),
            (
                "zero length",
                |e| matches!(e.span, Span::Timed { start, end: Some(end) } if start == end),
            ),
            ("no end", |e| {
                matches!(e.span, Span::Timed { end: None, .. })
            }),
            ("ends before its start", |e| e.span.end() < e.span.start()),
            ("longer than a month", |e| {
                whole_days(e).is_none() && e.span.end() - e.span.start() > TimeDelta::days(31)
            }),
            ("two projects", |e| e.projects.len() == 2),
            ("venue and space", |e| e.places.len() == 2),
            ("group without people", |e| {
                !e.groups.is_empty() && e.people.is_empty()
            }),
            ("people without group", |e| {
                e.groups.is_empty() && !e.people.is_empty()
            }),
            ("line break in title", |e| {
                e.title
                    .as_ref()
                    .is_some_and(|title| title.contains("\r\nBEGIN:VEVENT"))
            }),
        ];
        for today in todays() {
            let season = Season::touring(today);
            for (sort, is) in sorts {
                assert!(season.events.iter().any(is), "{today}: none is {sort}");
            }
        }
    }

    /// Found by hand in the published rules of New York, Berlin and Lord Howe Island for 2026.
    #[test]
    fn events_stand_in_the_hours_that_clocks_repeat_or_skip() {
        let season = Season::touring(day("2026-11-22"));
        for (title, start) in [
            ("The long night, first 02:15", "2026-10-25T00:15:00Z"),
            ("The long night, second 02:15", "2026-10-25T01:15:00Z"),
            ("Until the second half past one", "2026-11-01T04:30:00Z"),
            ("In the hour that is not there", "2027-03-14T07:30:00Z"),
            ("Half an hour twice", "2027-04-03T15:15:00Z"),
            ("Overnight, an hour short", "2027-03-27T22:00:00Z"),
        ] {
            let start: DateTime<Utc> = start.parse().unwrap();
            let held = |event: &Event| {
                event.title.as_deref() == Some(title) && event.span.start() == start
            };
            assert!(season.events.iter().any(held), "{title}");
        }
    }

    fn whole_days(event: &Event) -> Option<i64> {
        match event.span {
            Span::Days { first, last } => Some((last - first).num_days() + 1),
            Span::Timed { .. } => None,
        }
    }
}
