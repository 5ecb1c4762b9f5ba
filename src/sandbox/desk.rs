//! What stands on the desks of the fictional company: its CRM.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta};

use super::{
    crm::{Activity, Contact, Crm, Deal, Due, Pipeline, Task},
    season::{CANARY, Named},
};

/// Ids of the users, whose names the API does not tell.
const USERS: [&str; 2] = ["user_orchard", "user_kite"];

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
