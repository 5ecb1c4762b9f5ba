//! The company's customers: people and houses it knows, deals it hopes for, tasks, and what has happened so far.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::season::Named;

/// Everything a CRM holds. Lists hold ids; links may lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Crm {
    /// People.
    pub contacts: Vec<Contact>,
    /// Organisations.
    pub companies: Vec<Named>,
    /// Ways a deal can go.
    pub pipelines: Vec<Pipeline>,
    /// What is to be done.
    pub tasks: Vec<Task>,
    /// What may be sold.
    pub deals: Vec<Deal>,
    /// What happened.
    pub activities: Vec<Activity>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The upstream's id.
    pub id: String,
    /// Given name.
    pub first: Option<String>,
    /// Family name.
    pub last: Option<String>,
}

/// A pipeline with its stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// The upstream's id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What a deal passes through.
    pub stages: Vec<Named>,
}

/// When a task is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nobody said.
    Never,
    /// On a day.
    Day(NaiveDate),
    /// At an instant.
    At(DateTime<Utc>),
    /// On a day at a time of the clock on the office's wall, in two fields.
    Wall(NaiveDateTime),
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The upstream's id.
    pub id: String,
    /// What.
    pub name: String,
    /// HTML.
    pub description: Option<String>,
    /// By when.
    pub due: Due,
    /// When it was done.
    pub done: Option<DateTime<Utc>>,
    /// `low`, `medium`, `high`, or anything else.
    pub priority: String,
    /// What sort of task it is, in the company's own words.
    pub kind: String,
    /// Id of the user who is to do it.
    pub assignee: Option<String>,
    /// Id of the contact it is about.
    pub contact: Option<String>,
    /// Id of the deal it is about.
    pub deal: Option<String>,
    /// When it was entered.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
}

/// Something that may be sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The upstream's id.
    pub id: String,
    /// What.
    pub name: String,
    /// The day it is hoped to be settled.
    pub close: Option<NaiveDate>,
    /// For how much, in whole units of a currency nobody names.
    pub value: Option<i32>,
    /// `open`, or text that contains `won` or `lost`.
    pub status: String,
    /// Id of its pipeline.
    pub pipeline: Option<String>,
    /// Id of its stage.
    pub stage: Option<String>,
    /// Id of the user it belongs to.
    pub owner: Option<String>,
    /// Id of the person to talk to.
    pub contact: Option<String>,
    /// Id of the organisation.
    pub company: Option<String>,
    /// When it was entered.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
}

/// Something that happened, or a meeting to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The upstream's id.
    pub id: String,
    /// `meeting`, `call`, `email`, or anything else.
    pub kind: String,
    /// What.
    pub subject: String,
    /// HTML, private: it may be a whole letter.
    pub body: Option<String>,
    /// When it happened, or begins.
    pub start: DateTime<Utc>,
    /// When it was over.
    pub end: Option<DateTime<Utc>>,
    /// Id of the person it was with.
    pub contact: Option<String>,
    /// Id of the user who did it.
    pub user: Option<String>,
}

impl Task {
    /// A task of which nothing is known but when it is due.
    #[must_use]
    pub fn bare(id: impl Into<String>, name: &str, due: Due) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            description: None,
            due,
            done: None,
            priority: "medium".to_owned(),
            kind: "todo".to_owned(),
            assignee: None,
            contact: None,
            deal: None,
            created: entered(),
            updated: entered(),
        }
    }
}

impl Deal {
    /// An open deal of which nothing is known but its hoped-for day.
    #[must_use]
    pub fn bare(id: impl Into<String>, name: &str, close: Option<NaiveDate>) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            close,
            value: None,
            status: "open".to_owned(),
            pipeline: None,
            stage: None,
            owner: None,
            contact: None,
            company: None,
            created: entered(),
            updated: entered(),
        }
    }
}

impl Activity {
    /// An activity of which nothing is known but its kind and its times.
    #[must_use]
    pub fn bare(
        id: impl Into<String>,
        kind: &str,
        start: DateTime<Utc>,
        end: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            id: id.into(),
            kind: kind.to_owned(),
            subject: kind.to_owned(),
            body: None,
            start,
            end,
            contact: None,
            user: None,
        }
    }
}

fn entered() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_454)
}
