//! Who the fictional company is: its groups, projects, tags and people.

use super::{
    ids::{self, Kind},
    season::{CANARY, Group, Holds, Named},
};

/// A group or collection of the company.
#[derive(Debug, Clone, Copy)]
pub(super) enum Team {
    Ensemble,
    Chorus,
    Crew,
    Students,
    Lanterns,
}

/// A production or other undertaking.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work {
    Orchard,
    Kites,
    Gala,
    Studio,
}

/// A label.
#[derive(Debug, Clone, Copy)]
pub(super) enum Label {
    Performance,
    Family,
    Class,
    Travel,
}

const TEAMS: [(Team, &str, Holds); 5] = [
    (Team::Ensemble, "Ensemble", Holds::People),
    (Team::Chorus, "Lantern Chorus", Holds::People),
    (Team::Crew, "Crew & Stage Management", Holds::People),
    (Team::Students, "Open Studio students", Holds::People),
    (Team::Lanterns, "Lanterns, large", Holds::Items),
];

const WORKS: [(Work, &str); 4] = [
    (Work::Orchard, "The Glass Orchard"),
    (Work::Kites, "Nine Hundred Kites"),
    (Work::Gala, "Winter Gala"),
    (Work::Studio, "Open Studio"),
];

const LABELS: [(Label, &str); 4] = [
    (Label::Performance, "Performance"),
    (Label::Family, "Family"),
    (Label::Class, "Class"),
    (Label::Travel, "Travel"),
];

const PEOPLE: u16 = 6;

impl Team {
    pub(super) fn id(self) -> String {
        ids::fixed(Kind::Group, self as u16)
    }
}

impl Work {
    pub(super) fn id(self) -> String {
        ids::fixed(Kind::Project, self as u16)
    }
}

impl Label {
    pub(super) fn id(self) -> String {
        ids::fixed(Kind::Tag, self as u16)
    }
}

/// The id of the organisation.
pub(super) fn org() -> String {
    ids::fixed(Kind::Org, 1)
}

/// The id of the `number`th performer, counted round and round.
pub(super) fn person(number: u16) -> String {
    ids::fixed(Kind::Person, number % PEOPLE)
}

pub(super) fn groups() -> Vec<Group> {
    let group = |(team, name, holds): (Team, &str, Holds)| Group {
        id: team.id(),
        name: name.to_owned(),
        holds,
    };
    TEAMS.map(group).into()
}

pub(super) fn projects() -> Vec<Named> {
    WORKS.map(|(work, name)| named(work.id(), name)).into()
}

pub(super) fn tags() -> Vec<Named> {
    LABELS.map(|(label, name)| named(label.id(), name)).into()
}

/// The performers. Their names are personal data, so each holds the canary.
pub(super) fn people() -> Vec<Named> {
    let performer = |number| named(person(number), &format!("Performer {number} {CANARY}"));
    (0..PEOPLE).map(performer).collect()
}

fn named(id: String, name: &str) -> Named {
    Named {
        id,
        name: name.to_owned(),
    }
}
