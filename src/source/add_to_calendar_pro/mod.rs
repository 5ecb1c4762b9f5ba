//! Add to Calendar PRO: events in groups, behind buttons on websites (`upstreams/add-to-calendar-pro.md`).
//!
//! The account is one unit that is read whole, group by group and event by event, because no list says all that has to
//! be known of an event; a group that cannot be read is missed, and the others go on (ADR 8). Times come by the wall of
//! a zone, and mean what the zone data say when they are read.

mod elsewhere;
mod identity;
mod map;
mod read;
mod reading;
mod rule;
mod time;
mod visible;
mod wire;
mod words;

use std::{
    collections::HashMap,
    num::{NonZeroU32, NonZeroUsize},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use url::Url;

use crate::{
    api::{Api, ApiError, Call, Credential, FromJson, Limits},
    aside::aside,
    domain::{
        batch::{Batch, Withheld},
        id::{EventUid, GroupId, SourceId},
        text::Line,
    },
    zones::{Book, Zones},
};

use super::{Ask, Setup, Source, Unit};
use elsewhere::{Elsewhere, merge};
use identity::Memory;
use map::{Mapping, Member};
use reading::Sweep;
use wire::One;

/// Where the API is, unless the configuration says otherwise (§1).
pub const BASE_URL: &str = "https://api.add-to-calendar-pro.com/v1";

/// What the configuration says of an account of Add to Calendar PRO.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the API is, with or without a slash at the end.
    pub base_url: Url,
    /// The API key, as it is: the upstream wants no scheme before it (§1).
    pub key: Credential,
}

impl Settings {
    /// How much is asked of it: 80 requests a second are allowed (§1), and others use the same account. In no second are
    /// more than 75 sent, those of the burst included, so that an account of some hundred events is read while its first
    /// reader waits.
    #[must_use]
    pub fn limits() -> Limits {
        const fn count(n: u32) -> NonZeroU32 {
            NonZeroU32::new(n).expect("no limit is zero")
        }
        Limits {
            concurrency: const { NonZeroUsize::new(4).expect("it is not zero") },
            per_second: count(50),
            burst: count(25),
            ..Limits::default()
        }
    }
}

/// An organisation's groups and events, seen with one key.
#[derive(Debug)]
pub struct AddToCalendarPro {
    facts: Arc<Facts>,
    base_url: Url,
    elsewhere: Elsewhere,
}

/// What is known beside the records of one sweep.
#[derive(Debug)]
struct Facts {
    id: SourceId,
    names: HashMap<String, Line>,
    book: Book,
    zones: Arc<Zones>,
    memory: Mutex<Memory>,
}

impl Facts {
    fn batch(&self, sweep: Sweep) -> Batch {
        let data = self.zones.current();
        let mut batch = Batch {
            groups: sweep.groups,
            missed: sweep.missed,
            withheld: Withheld {
                groups: sweep.withheld,
                ..Withheld::default()
            },
            unclear: Withheld {
                groups: sweep.unclear,
                ..Withheld::default()
            },
            remarks: sweep.remarks,
            ..Batch::default()
        };
        let groups = std::mem::take(&mut batch.groups);
        let mapping = Mapping {
            source: &self.id,
            book: &self.book,
            data: &data,
            groups: &groups,
        };
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = mapping.add(sweep.members, &mut memory, &mut batch);
        // Events of a group that could not be read are not gone.
        if batch.missed.is_empty() {
            memory.keep(&keys);
        }
        batch.groups = groups;
        for (calendar, groups) in sweep.calendars {
            merge(&mut batch, calendar, &groups);
        }
        // What one calendar hides another may show: each decides for itself.
        for event in &batch.events {
            batch.withheld.events.remove(&event.uid);
        }
        batch
    }
}

impl AddToCalendarPro {
    /// The connector. Calendars elsewhere that groups refer to are read without the key.
    #[must_use]
    pub fn new(settings: &Settings, setup: Setup) -> Self {
        let elsewhere = Elsewhere::new(&setup);
        Self {
            facts: Arc::new(Facts {
                id: setup.id,
                names: setup.names,
                book: setup.book,
                zones: setup.zones,
                memory: Mutex::default(),
            }),
            base_url: settings.base_url.clone(),
            elsewhere,
        }
    }

    /// The events of `group` from their answers, each with its key; pure but for the zone data in use, and for the identity
    /// of dates, which is remembered.
    ///
    /// # Errors
    /// When an answer is no JSON.
    pub fn batch(&self, group: &GroupId, events: &[(String, String)]) -> serde_json::Result<Batch> {
        let mut sweep = Sweep::default();
        for (key, answer) in events {
            let One(record) = One::from_json(answer)?;
            let member = record.map(|record| Member {
                key: key.to_ascii_lowercase(),
                groups: vec![group.clone()],
                record,
            });
            sweep.members.extend(member);
        }
        Ok(self.facts.batch(sweep))
    }

    /// `path` below the base address, whatever prefix that has.
    fn at(&self, path: &[&str]) -> Call {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Call::get(url)
    }
}

#[async_trait]
impl Source for AddToCalendarPro {
    fn id(&self) -> &SourceId {
        &self.facts.id
    }

    fn unit(&self, _: &Ask) -> Unit {
        Unit::whole()
    }

    async fn fetch(&self, api: &Api, _: &Unit) -> Result<Batch, ApiError> {
        let sweep = self.sweep(api).await?;
        let facts = Arc::clone(&self.facts);
        Ok(aside(move || facts.batch(sweep)).await)
    }

    /// Those of all dates that an event may have, and the one that it has if it is of a calendar elsewhere.
    fn uids(&self, record: &str) -> Vec<EventUid> {
        let facts = &self.facts;
        let memory = facts.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let key = record.to_ascii_lowercase();
        let dates = map::uids(&facts.id, &key, &memory);
        dates.chain([EventUid::new(&facts.id, record)]).collect()
    }

    async fn check(&self, api: &Api) -> Result<String, ApiError> {
        let (groups, _) = self.listed(api).await?;
        Ok(match groups.len() {
            1 => "an organisation with 1 group".to_owned(),
            many => format!("an organisation with {many} groups"),
        })
    }
}

#[cfg(test)]
mod tests;
