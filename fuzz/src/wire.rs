//! Whatever an upstream sends, a connector refuses the answer or makes a batch of it that can be
//! published (`published.rs`). An input holds the answers of one fetch as JSON; what is no such JSON is passed over.

use std::collections::BTreeMap;

use calbridge::{
    api::{Credential, FromJson, PasswordGrant},
    clock::Clock,
    domain::{event::Status, id::GroupId},
    source::{
        add_to_calendar_pro::{self, AddToCalendarPro},
        prospectconnect::{self, DueTime, ProspectConnect, Resource},
        prosper::{self, Prosper, Record},
        prospero::{self, AllDayEnd, EventList, Merged, Prospero},
    },
};
use serde_json::value::RawValue;
use url::Url;

use crate::{ground, published};

/// Answers, by what was asked for.
type Answers = BTreeMap<String, Vec<Box<RawValue>>>;

/// Holds the connector of Prospero to that promise; an input is a list of answers.
///
/// # Panics
/// If it is broken.
pub fn prospero(input: &[u8]) {
    let Ok(answers) = serde_json::from_slice::<Vec<Box<RawValue>>>(input) else {
        return;
    };
    let lists = answers
        .iter()
        .map(|answer| EventList::from_json(answer.get()));
    let Ok(lists) = lists.collect::<Result<Vec<_>, _>>() else {
        return;
    };
    let settings = prospero::Settings {
        base_url: nowhere(),
        email: String::new(),
        password: String::new().into(),
        status: [
            (0, Status::Tentative),
            (1, Status::Confirmed),
            (2, Status::Cancelled),
        ]
        .into(),
        all_day_end: AllDayEnd::Inclusive,
    };
    let names = ground::setup().names;
    let source = Prospero::new(ground::source(), &settings, names, Clock::new(ground::now));
    let merged = lists.into_iter().fold(Merged::default(), Merged::with);
    published::hold(&source.batch(merged));
}

/// Holds the connector of Add to Calendar PRO to that promise; an input has the answers for events by their keys.
///
/// # Panics
/// If it is broken.
pub fn add_to_calendar_pro(input: &[u8]) {
    let Ok(events) = serde_json::from_slice::<BTreeMap<String, Box<RawValue>>>(input) else {
        return;
    };
    let settings = add_to_calendar_pro::Settings {
        base_url: nowhere(),
        key: Credential::raw(&"key".into()).expect("a key"),
    };
    let source = AddToCalendarPro::new(&settings, ground::setup());
    let events: Vec<(String, String)> = events
        .into_iter()
        .map(|(key, answer)| (key, answer.get().to_owned()))
        .collect();
    if let Ok(batch) = source.batch(&GroupId::new("evenings"), &events) {
        published::hold(&batch);
    }
}

/// Holds the connector of ProspectConnect to that promise; an input has the pages of its resources by their words.
///
/// # Panics
/// If it is broken.
pub fn prospectconnect(input: &[u8]) {
    let Ok(mut answers) = serde_json::from_slice::<Answers>(input) else {
        return;
    };
    let settings = prospectconnect::Settings {
        base_url: nowhere(),
        token: Credential::bearer(&"token".into()).expect("a token"),
        version: "2026-06-01".parse().expect("a version"),
        due_time: DueTime::Zone,
        resources: Resource::ALL.into(),
    };
    let source = ProspectConnect::new(settings, ground::setup());
    for resource in Resource::ALL {
        if let Ok(batch) = source.batch(resource, &pages(&mut answers, resource.word())) {
            published::hold(&batch);
        }
    }
}

/// Holds the connector of Prosper to that promise; an input has the pages of its records by their words.
///
/// # Panics
/// If it is broken.
pub fn prosper(input: &[u8]) {
    let Ok(mut answers) = serde_json::from_slice::<Answers>(input) else {
        return;
    };
    let records = [Record::Notes, Record::Listings];
    let settings = prosper::Settings {
        base_url: nowhere(),
        listings_base_url: nowhere(),
        grant: PasswordGrant {
            client_id: String::new(),
            client_secret: String::new().into(),
            username: String::new(),
            password: String::new().into(),
        },
        records: records.into(),
    };
    let names = ground::setup().names;
    let source = Prosper::new(ground::source(), &settings, names, ground::zones());
    for record in records {
        if let Ok(batch) = source.batch(record, &pages(&mut answers, record.as_str())) {
            published::hold(&batch);
        }
    }
}

/// Where nobody answers; nobody is asked.
fn nowhere() -> Url {
    "https://upstream.example".parse().expect("an address")
}

fn pages(answers: &mut Answers, word: &str) -> Vec<String> {
    let pages = answers.remove(word).unwrap_or_default();
    pages.iter().map(|page| page.get().to_owned()).collect()
}
