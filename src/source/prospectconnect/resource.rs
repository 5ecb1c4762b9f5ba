//! What is read of a tenant, and what of it we have been refused.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;

use crate::{
    api::{ApiError, Setback},
    domain::id::GroupId,
};

/// How long a refusal is believed: a token may be given one more scope, or its user another role.
const REFUSAL_LIFE: TimeDelta = TimeDelta::hours(1);

/// One kind of record, searched on its own and granted by a scope of its own (§3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// To-dos, by when they are due.
    Tasks,
    /// Sales opportunities, by when they are expected to close.
    Deals,
    /// The timeline; of it the meetings.
    Activities,
}

impl Resource {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Tasks, Self::Deals, Self::Activities];

    /// Its word in the configuration, in the upstream's addresses, and as id of the group of its events.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Deals => "deals",
            Self::Activities => "activities",
        }
    }

    /// Where it is searched.
    pub(super) fn route(self) -> &'static str {
        match self {
            Self::Tasks => "/tasks/search",
            Self::Deals => "/deals/search",
            Self::Activities => "/activities/search",
        }
    }

    /// What people call the group of its events.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Tasks => "Tasks",
            Self::Deals => "Deals",
            Self::Activities => "Activities",
        }
    }

    /// The group of its events.
    pub(super) fn group(self) -> GroupId {
        GroupId::new(self.word())
    }
}

/// What a failed search means for the other resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// This resource is not for us: the others go on, and it is not asked for again for a while.
    Refused,
    /// This resource is in trouble: the others go on.
    Alone,
    /// The upstream as a whole: asking on would only add to it.
    All,
}

impl Reach {
    pub(super) fn of(error: &ApiError) -> Self {
        match error {
            ApiError::NotOffered { .. } | ApiError::Rejected { .. } => Self::Refused,
            ApiError::Malformed { .. }
            | ApiError::TooLarge { .. }
            | ApiError::Unavailable {
                cause: Setback::Busy(StatusCode::INTERNAL_SERVER_ERROR),
                ..
            } => Self::Alone,
            _ => Self::All,
        }
    }
}

/// The resources we were refused lately, and why.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<BTreeMap<Resource, Refusal>>);

/// Until when it is believed, and what it was.
type Refusal = (DateTime<Utc>, Arc<ApiError>);

impl Refusals {
    /// Why `resource` is not asked for at `now`.
    pub(super) fn why(&self, resource: Resource, now: DateTime<Utc>) -> Option<Arc<ApiError>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, why) = held.get(&resource)?;
        (*until > now).then(|| Arc::clone(why))
    }

    /// Remembers that `resource` was refused at `now`.
    pub(super) fn add(&self, resource: Resource, why: Arc<ApiError>, now: DateTime<Utc>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(resource, (now + REFUSAL_LIFE, why));
    }
}
