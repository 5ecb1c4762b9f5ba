//! A season: everything the sandbox knows, before any upstream's wire form.

mod span;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};

use super::{
    company,
    course::{self, Course},
    crm::Crm,
    oddities,
    portfolio::Portfolio,
    programme, venues,
};

pub use self::span::Span;

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

#[cfg(test)]
mod tests;
