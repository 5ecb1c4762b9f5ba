//! The company's customers: people and houses it knows, deals it hopes for, tasks, and what has happened so far.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::season::{CANARY, Named};

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

/// Ids of the users, whose names the API does not tell.
pub const USERS: [&str; 2] = ["user_orchard", "user_kite"];

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

impl Crm {
    /// What the fictional company has on its desks from four months before `today` to eight after. As in the season, what is
    /// there on a day is a rule of that day; only what is done moves with `today`.
    pub(super) fn touring(today: NaiveDate) -> Self {
        let mut crm = Self {
            contacts: contacts(),
            companies: companies(),
            pipelines: vec![pipeline()],
            ..Self::default()
        };
        let days = (today - Days::new(120)).iter_days().take(360);
        for day in days {
            match day.ordinal() % 7 {
                0 => crm.tasks.push(task(day, today)),
                2 => crm.activities.push(activity(day)),
                4 if day.ordinal() % 3 == 0 => crm.deals.push(deal(day)),
                _ => {}
            }
        }
        crm
    }
}

fn contacts() -> Vec<Contact> {
    let names = [
        (Some("Ines"), Some("Lanternwright")),
        (Some("Tomo"), None),
        (None, Some("Quayfield; Ltd, \"Bookings\"")),
        (None, None),
    ];
    let contact = |(number, (first, last)): (u64, (Option<&str>, Option<&str>))| Contact {
        id: id("con", number),
        first: first.map(str::to_owned),
        last: last.map(str::to_owned),
    };
    (0..).zip(names).map(contact).collect()
}

fn companies() -> Vec<Named> {
    let names = [
        "Harbourmouth Festival",
        "Stadttheater Nebelstadt",
        "Kindergarten \u{1f3a8}, North",
    ];
    let company = |(number, name): (u64, &str)| Named {
        id: id("cmp", number),
        name: name.to_owned(),
    };
    (0..).zip(names).map(company).collect()
}

fn pipeline() -> Pipeline {
    let stage = |id: &str, name: &str| Named {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    Pipeline {
        id: "pipeline_tour".to_owned(),
        name: "Tour bookings".to_owned(),
        stages: vec![
            stage("stage_first", "First talk"),
            stage("stage_offer", "Offer sent"),
        ],
    }
}

fn task(day: NaiveDate, today: NaiveDate) -> Task {
    let turn = number(day) / 7 % 6;
    let noon = NaiveTime::from_hms_opt(12, 30, 0).expect("half past twelve");
    let due = match turn {
        0 | 1 => Due::Day(day),
        2 => Due::At(day.and_time(noon).and_utc()),
        3 => Due::Wall(day.and_time(noon)),
        4 => Due::At(day.and_time(NaiveTime::MIN).and_utc()),
        _ => Due::Never,
    };
    let stamp = (day - Days::new(200)).and_time(noon).and_utc();
    Task {
        description: Some(
            "<p>Ask about the <b>load-in</b>;<br>bring plans, please.</p>".to_owned(),
        ),
        done: (day < today && turn != 1).then(|| day.and_time(noon).and_utc()),
        priority: ["low", "medium", "high", "whenever"][index(day, 4)].to_owned(),
        kind: ["call", "letter"][index(day, 2)].to_owned(),
        assignee: Some(USERS[index(day, 2)].to_owned()),
        contact: Some(id("con", number(day) % 4)),
        deal: None,
        created: stamp,
        updated: stamp + TimeDelta::days(1),
        ..Task::bare(
            id("task", number(day)),
            "Call the house about the get-in",
            due,
        )
    }
}

fn deal(day: NaiveDate) -> Deal {
    let stamp = (day - Days::new(220)).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(8);
    let turn = index(day, 5);
    Deal {
        value: (turn != 4).then_some(12_500),
        status: ["open", "open", "Won", "deal lost", "open"][turn].to_owned(),
        pipeline: Some("pipeline_tour".to_owned()),
        stage: Some("stage_offer".to_owned()),
        owner: Some(USERS[index(day, 2)].to_owned()),
        contact: Some(id("con", number(day) % 4)),
        company: Some(id("cmp", number(day) % 3)),
        created: stamp,
        updated: stamp + TimeDelta::days(2),
        ..Deal::bare(
            id("deal", number(day)),
            "Two weeks of Nine Hundred Kites",
            Some(day),
        )
    }
}

fn activity(day: NaiveDate) -> Activity {
    let start = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(15);
    let turn = index(day, 5);
    Activity {
        subject: "Spoke about next spring".to_owned(),
        body: Some(format!("<p>Private, {CANARY}</p>")),
        contact: Some(id("con", number(day) % 4)),
        user: Some(USERS[index(day, 2)].to_owned()),
        ..Activity::bare(
            id("act", number(day)),
            ["Meeting", "meeting", "call", "email", "system_event"][turn],
            start,
            (turn == 1).then(|| start + TimeDelta::minutes(45)),
        )
    }
}

/// An id with its type before it and 24 hex digits after.
fn id(prefix: &str, number: u64) -> String {
    format!("{prefix}_{number:024x}")
}

/// The number of a day.
fn number(day: NaiveDate) -> u64 {
    u64::from(day.num_days_from_ce().unsigned_abs())
}

/// The number of a day, counted round and round; days of one kind are seven apart.
fn index(day: NaiveDate, count: usize) -> usize {
    usize::try_from(number(day) / 7).unwrap_or_default() % count
}

fn entered() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_454)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_pipeline_holds_every_form_and_every_id_once() {
        for today in ["2026-01-01", "2026-11-22", "2028-02-29"] {
            let crm = Crm::touring(today.parse().unwrap());
            let dues = crm
                .tasks
                .iter()
                .map(|task| std::mem::discriminant(&task.due));
            assert_eq!(dues.collect::<HashSet<_>>().len(), 4, "{today}");
            let states: HashSet<_> = crm.deals.iter().map(|deal| deal.status.as_str()).collect();
            assert_eq!(states.len(), 3, "{today}: {states:?}");
            let kinds: HashSet<_> = crm.activities.iter().map(|act| act.kind.as_str()).collect();
            assert_eq!(kinds.len(), 5, "{today}: {kinds:?}");
            assert!(crm.tasks.iter().any(|task| task.done.is_none()), "{today}");
            let ids: HashSet<_> = crm.tasks.iter().map(|task| &task.id).collect();
            assert_eq!(ids.len(), crm.tasks.len(), "{today}");
        }
    }
}
