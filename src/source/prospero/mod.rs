//! Prospero: scheduling of performing-arts organisations (`upstreams/prospero.md`).
//!
//! One unit is a stretch of days, asked for month by month on both event routes, because archived events leave the
//! first. Names come from the upstream where it lets us read them, otherwise from the configuration.

mod map;
mod places;
mod wire;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use secrecy::SecretString;
use url::Url;

use crate::{
    api::{Api, ApiError, Call},
    aside::aside,
    clock::Clock,
    domain::{
        batch::{Batch, Remark},
        event::Status,
        id::SourceId,
        text::Line,
        when::DateSpan,
    },
};

use super::{Ask, Month, Source, Unit, moment::written, record::Object};
use map::Mapping;
use places::{Memory, Places};
use wire::{Event, WhoAmI};

pub use wire::EventList;

/// Days asked for on each side of what is wanted, since how the upstream compares whole days with UTC is unknown (§4.3).
const PADDING_DAYS: u64 = 2;

/// What the configuration says of a Prospero account.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the API is, with or without a slash at the end.
    pub base_url: Url,
    /// The account that reads.
    pub email: String,
    /// Its password.
    pub password: SecretString,
    /// What the status numbers mean; the upstream does not say (§6.4).
    pub status: BTreeMap<i64, Status>,
    /// Whether the end date of a whole-day event is its last day (§6.3).
    pub all_day_end: AllDayEnd,
}

/// How the end date of a whole-day event is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AllDayEnd {
    /// It is the last day.
    #[default]
    Inclusive,
    /// It is the day after the last one.
    Exclusive,
}

/// A Prospero organisation, seen through one account.
#[derive(Debug)]
pub struct Prospero {
    facts: Arc<Facts>,
    base_url: Url,
    places: Places,
}

/// What the configuration says about the meaning of records.
#[derive(Debug)]
struct Facts {
    id: SourceId,
    status: BTreeMap<i64, Status>,
    all_day_end: AllDayEnd,
    names: HashMap<String, Line>,
}

impl Facts {
    fn batch(&self, merged: Merged, places: &Memory) -> Batch {
        let mapping = Mapping {
            source: &self.id,
            status: &self.status,
            all_day_end: self.all_day_end,
            names: &self.names,
            places,
        };
        let mut batch = mapping.batch(merged.events.into_iter());
        batch.remarks.extend(merged.remarks);
        batch
    }
}

impl Prospero {
    /// The connector; `names` are the operator's, by lower-cased id.
    #[must_use]
    pub fn new(
        id: SourceId,
        settings: &Settings,
        names: HashMap<String, Line>,
        clock: Clock,
    ) -> Self {
        Self {
            facts: Arc::new(Facts {
                id,
                status: settings.status.clone(),
                all_day_end: settings.all_day_end,
                names,
            }),
            base_url: settings.base_url.clone(),
            places: Places::new(clock),
        }
    }

    /// `path` below the base address, whatever prefix that has.
    fn at(&self, path: &[&str]) -> Call {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Call::get(url)
    }

    /// The events of `merged` with what is known of their places; pure but for that knowledge.
    #[must_use]
    pub fn batch(&self, merged: Merged) -> Batch {
        self.facts.batch(merged, &self.places.known())
    }

    /// One route over one stretch of time.
    async fn list(
        &self,
        api: &Api,
        path: &[&str],
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<EventList, ApiError> {
        let utc = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let call = self
            .at(path)
            .query("window_start", utc(from))
            .query("window_end", utc(to));
        api.json(call).await
    }
}

#[async_trait]
impl Source for Prospero {
    fn id(&self) -> &SourceId {
        &self.facts.id
    }

    fn unit(&self, ask: &Ask) -> Unit {
        ask.by_days()
    }

    async fn fetch(&self, api: &Api, unit: &Unit) -> Result<Batch, ApiError> {
        let mut merged = Merged::default();
        for (from, to) in slices(unit.days) {
            for path in [&["events"][..], &["events", "archive"]] {
                let list = self.list(api, path, from, to).await?;
                merged = aside(move || merged.with(list)).await;
            }
        }
        let locate = |id: &str| self.at(&["locations", id]).route("/locations/{id}");
        self.places.learn(api, merged.places(), locate).await;
        let (facts, places) = (Arc::clone(&self.facts), self.places.known());
        Ok(aside(move || facts.batch(merged, &places)).await)
    }

    async fn check(&self, api: &Api) -> Result<String, ApiError> {
        api.text(self.at(&[])).await?;
        let whoami: Result<WhoAmI, ApiError> = api.json(self.at(&["auth", "whoami"])).await;
        match whoami {
            Ok(user) => Ok(user
                .name()
                .unwrap_or("an account without a name")
                .to_owned()),
            // Whether it can be asked is not certain (`upstreams/decisions.md`); that the login worked is.
            Err(ApiError::NotOffered { .. }) => {
                Ok("an account that may not ask who it is".to_owned())
            }
            Err(error) => Err(error),
        }
    }
}

/// The days of `days`, cut at the beginnings of months, as instants for the upstream. What is asked for on both sides of
/// them comes with the first and the last piece, so that a month is one piece.
fn slices(days: DateSpan) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let padded = days.padded(PADDING_DAYS);
    Month::of(days).map(Month::days).map(move |month| {
        let first = if month.first() > days.first() {
            month.first()
        } else {
            padded.first()
        };
        let end = if month.end() < days.end() {
            month.end()
        } else {
            padded.end()
        };
        (midnight(first), midnight(end))
    })
}

/// The records of several answers by lower-cased id, the newest of each; of two alike, the one that came first, which is
/// the unarchived one (§4.4).
#[derive(Debug, Default)]
pub struct Merged {
    /// Boxed, since they are large and a tree moves what it holds.
    events: BTreeMap<String, Box<Event>>,
    remarks: BTreeSet<Remark>,
}

impl Merged {
    /// What it says together with `list`, an answer that came later.
    #[must_use]
    pub fn with(mut self, list: EventList) -> Self {
        let paged = ["next", "cursor", "total", "nextPage", "hasMore"];
        let hints = paged.iter().filter(|key| list.more.contains_key(**key));
        self.remarks
            .extend(hints.map(|key| Remark::LooksPaged((*key).to_owned())));
        for (index, Object(event)) in list.events.into_iter().enumerate() {
            match event {
                None => self.leave_out(
                    format!("number {index} of an answer"),
                    "it is no event object",
                ),
                Some(event) => match event.id.as_deref().map(str::to_lowercase) {
                    None => self.leave_out(format!("number {index} of an answer"), "it has no id"),
                    Some(id) => self.keep(id, event),
                },
            }
        }
        self
    }

    fn keep(&mut self, id: String, event: Box<Event>) {
        let updated = |event: &Event| event.updated.as_deref().and_then(written);
        let newer = self
            .events
            .get(&id)
            .is_none_or(|held| updated(&event) > updated(held));
        if newer {
            self.events.insert(id, event);
        }
    }

    fn leave_out(&mut self, id: String, why: &'static str) {
        self.remarks.insert(Remark::LeftOut { id, why });
    }

    /// The lower-cased ids of the rooms and buildings that occur.
    fn places(&self) -> BTreeSet<String> {
        let named = self.events.values().flat_map(|event| &event.locations);
        named.map(|named| named.id.to_lowercase()).collect()
    }
}

#[cfg(test)]
mod tests;
