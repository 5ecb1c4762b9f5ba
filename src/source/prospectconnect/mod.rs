//! ProspectConnect: a CRM, of which tasks, deals and meetings have a place in a calendar
//! (`upstreams/prospectconnect.md`).
//!
//! One unit is all there is: the operators of its filters are not documented, so no search can be bounded by date, and a
//! window would be cut from the same whole list each time (§7).

mod batch;
mod map;
mod merge;
mod named;
mod names;
mod page;
mod parties;
mod pipelines;
mod private;
mod refs;
mod resource;
mod search;
mod times;
mod wire;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use chrono_tz::Tz;
use reqwest::header::HeaderValue;
use serde::de::IgnoredAny;
use serde_json::json;
use url::Url;

use crate::{
    api::{Api, ApiError, Auth, Credential, Limits},
    aside::aside,
    clock::Clock,
    domain::{
        batch::{Batch, Remark},
        id::{GroupId, SourceId},
    },
    zones::Zones,
};

use super::{Ask, Setup, Source, Unit};
use merge::{List, Merged};
use named::Named;
use names::Names;
use page::Rows;
use parties::Kind;
use resource::{Reach, Refusals};
use search::Searches;

pub use resource::Resource;
pub use times::DueTime;

/// What the configuration says of a ProspectConnect tenant.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the API is, with or without a slash at the end.
    pub base_url: Url,
    /// The personal access token; it stands for one tenant and one user (§3).
    pub token: Credential,
    /// The date of the contract that answers keep to, `2026-06-01` (§2).
    pub version: HeaderValue,
    /// What the time of day of a task means.
    pub due_time: DueTime,
    /// What is read.
    pub resources: BTreeSet<Resource>,
}

impl Settings {
    /// How its calls prove who they are.
    #[must_use]
    pub fn auth(&self) -> Auth {
        Auth::Fixed(self.token.clone())
    }

    /// One call at a time, two per second in the long run (§4); a minute's worth may go out at once, so that a poll of a
    /// tenant with some thousand records takes no longer than its answers.
    #[must_use]
    pub fn limits() -> Limits {
        const fn count(n: u32) -> NonZeroU32 {
            NonZeroU32::new(n).expect("the limits are not zero")
        }
        Limits {
            per_second: count(2),
            burst: count(120),
            ..Limits::default()
        }
    }
}

/// A ProspectConnect tenant, as the user of one token sees it.
#[derive(Debug)]
pub struct ProspectConnect {
    facts: Arc<Facts>,
    resources: BTreeSet<Resource>,
    zones: Arc<Zones>,
    clock: Clock,
    searches: Searches,
    names: Names,
    refusals: Refusals,
    last: Mutex<Arc<Last>>,
}

/// The ids of the events that each resource brought when it was last read.
type Last = BTreeMap<Resource, BTreeSet<String>>;

/// What the configuration says about the meaning of records.
#[derive(Debug)]
struct Facts {
    id: SourceId,
    zone: Tz,
    due_time: DueTime,
    named: Named,
}

impl ProspectConnect {
    /// The connector.
    #[must_use]
    pub fn new(settings: Settings, setup: Setup) -> Self {
        Self {
            facts: Arc::new(Facts {
                id: setup.id,
                zone: setup.zone,
                due_time: settings.due_time,
                named: Named::new(setup.names),
            }),
            resources: settings.resources,
            zones: setup.zones,
            searches: Searches::new(settings.base_url, settings.version),
            names: Names::new(setup.clock.clone()),
            clock: setup.clock,
            refusals: Refusals::default(),
            last: Mutex::default(),
        }
    }

    /// The records of every resource that can be read, and why the others cannot.
    async fn lists(&self, api: &Api) -> Result<(Vec<List>, Missed), ApiError> {
        let now = self.clock.now();
        let mut lists = Vec::new();
        let mut missed = Missed::new();
        let mut failed = Vec::new();
        // If nothing at all would be asked for, what was refused is asked for again: something may have been granted.
        let refused = |resource: &Resource| self.refusals.why(*resource, now);
        let all_refused = self.resources.iter().all(|one| refused(one).is_some());
        for resource in &self.resources {
            if let Some(why) = refused(resource).filter(|_| !all_refused) {
                missed.insert(resource.group(), why);
                continue;
            }
            let rows = self.searches.all(api, resource.word(), resource.route());
            match rows.await {
                Ok(rows) => lists.push((*resource, rows)),
                Err(error) if Reach::of(&error) == Reach::All => return Err(error),
                Err(error) => failed.push((*resource, error)),
            }
        }
        if lists.is_empty()
            && let Some((_, error)) = failed.pop()
        {
            return Err(error);
        }
        for (resource, error) in failed {
            self.miss(resource, error, &mut missed);
        }
        Ok((lists, missed))
    }

    /// Goes without `resource` this time, and for a while if we were refused it.
    fn miss(&self, resource: Resource, why: ApiError, missed: &mut Missed) {
        let reach = Reach::of(&why);
        let why = Arc::new(why);
        if reach == Reach::Refused {
            self.refusals
                .add(resource, Arc::clone(&why), self.clock.now());
        }
        missed.insert(resource.group(), why);
    }
}

/// Why groups could not be read.
type Missed = BTreeMap<GroupId, Arc<dyn Error + Send + Sync>>;

#[async_trait]
impl Source for ProspectConnect {
    fn id(&self) -> &SourceId {
        &self.facts.id
    }

    fn unit(&self, _: &Ask) -> Unit {
        Unit::whole()
    }

    async fn fetch(&self, api: &Api, _: &Unit) -> Result<Batch, ApiError> {
        let (lists, missed) = self.lists(api).await?;
        let read: Vec<Resource> = lists.iter().map(|(resource, _)| *resource).collect();
        let merged = aside(move || Merged::of(lists)).await;
        for kind in Kind::ALL {
            let ids = merged.parties(kind);
            self.names.learn(api, &self.searches, kind, ids).await;
        }
        let pipelines = merged.pipelines();
        let learned = self.names.learn_pipelines(api, &self.searches, pipelines);
        learned.await;

        let mut last = Last::clone(&self.last.lock().unwrap_or_else(PoisonError::into_inner));
        let doubted = self.facts.doubted(&last, &read, &merged);
        for resource in &read {
            last.insert(*resource, merged.of_resource(*resource));
        }
        let (facts, known) = (Arc::clone(&self.facts), self.names.known());
        let wall = facts.wall(&self.zones);
        let mut batch = aside(move || facts.batch(merged, &wall, &known)).await;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(last);
        let unordered = read
            .iter()
            .filter(|one| self.searches.is_unordered(one.route()));
        let unordered = unordered.map(|one| Remark::Unordered(one.word()));
        batch.remarks.extend(unordered);
        Ok(Batch {
            missed,
            doubted,
            ..batch
        })
    }

    async fn check(&self, api: &Api) -> Result<String, ApiError> {
        let resources = self.resources.iter().map(|one| (one.word(), one.route()));
        let parties = Kind::ALL.map(|kind| (kind.word(), kind.route()));
        let (mut may, mut may_not) = (Vec::new(), Vec::new());
        let mut refused = None;
        for (word, route) in resources.chain(parties) {
            let call = self.searches.search(word, route, &json!({ "limit": 1 }));
            match api.json::<Rows<IgnoredAny>>(call).await {
                Ok(_) => may.push(word),
                Err(error) if Reach::of(&error) == Reach::Refused => {
                    may_not.push(word);
                    refused.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        let useful = self.resources.iter().any(|one| may.contains(&one.word()));
        match refused {
            Some(error) if !useful => Err(error),
            None => Ok(format!("a token that may read {}", may.join(", "))),
            Some(_) => Ok(format!(
                "a token that may read {}, but not {}",
                may.join(", "),
                may_not.join(", ")
            )),
        }
    }
}

#[cfg(test)]
mod tests;
