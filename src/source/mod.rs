//! The upstreams: one narrow trait, one folder per kind. Policy towards them is in [`crate::api`].

pub mod add_to_calendar_pro;
mod any;
mod html;
pub mod ics;
mod kind;
mod loose;
mod moment;
pub mod prospectconnect;
pub mod prosper;
pub mod prospero;
mod record;

use std::fmt;

use async_trait::async_trait;
use chrono::{Datelike, Months};

use crate::{
    api::{Api, ApiError},
    domain::{
        batch::Batch,
        event::Event,
        id::{EventUid, SourceId},
        when::DateSpan,
    },
};

pub use kind::{Kind, Setup};

/// What a reader or the refresh wants to know about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The days that are kept warm.
    Horizon(DateSpan),
    /// One calendar month outside them.
    Month(Month),
}

/// What one fetch brings: fetched, cached and refreshed as one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unit {
    /// What it is called in caches and logs; the horizon keeps its name while its days move.
    pub name: String,
    /// The days it covers.
    pub days: DateSpan,
}

/// One configured upstream account.
#[async_trait]
pub trait Source: Send + Sync {
    /// Its name in the configuration; appears in logs and event UIDs.
    fn id(&self) -> &SourceId;

    /// Which unit answers this ask; pure. Asks with the same unit share one fetch.
    fn unit(&self, ask: &Ask) -> Unit;

    /// Fetches a unit: every event that overlaps its days or the day on either side of them, since days begin at other
    /// instants in other zones; and the groups seen.
    async fn fetch(&self, api: &Api, unit: &Unit) -> Result<Batch, ApiError>;

    /// Every UID that an event may have which is made of what the upstream calls `record`; pure. One record may become
    /// several events.
    fn uids(&self, record: &str) -> Vec<EventUid> {
        vec![EventUid::new(self.id(), record)]
    }

    /// Whether `event`, one of its own, is made of several records of the upstream, and `record` is one of them; pure.
    fn gathers(&self, _event: &Event, _record: &str) -> bool {
        false
    }

    /// Finds out whether it is there and lets us in; says who we are to it.
    async fn check(&self, api: &Api) -> Result<String, ApiError>;
}

impl Unit {
    /// The only unit of a source that is read whole, whatever is asked for.
    #[must_use]
    pub fn whole() -> Self {
        Self {
            name: "whole".to_owned(),
            days: DateSpan::ALL,
        }
    }
}

impl Ask {
    /// The unit of a source that can be asked for any days.
    #[must_use]
    pub fn by_days(&self) -> Unit {
        match self {
            Self::Horizon(days) => Unit {
                name: "horizon".to_owned(),
                days: *days,
            },
            Self::Month(month) => Unit {
                name: month.to_string(),
                days: month.days(),
            },
        }
    }
}

/// A calendar month, `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(DateSpan);

impl Month {
    /// The months that have a day in `days`, in order.
    pub fn of(days: DateSpan) -> impl Iterator<Item = Self> {
        let first = days.first().with_day(1).unwrap_or(days.first());
        std::iter::successors(Some(first), |month| {
            month.checked_add_months(Months::new(1))
        })
        .take_while(move |first| *first < days.end())
        .filter_map(|first| {
            let end = first.checked_add_months(Months::new(1))?;
            DateSpan::until(first, end).ok().map(Self)
        })
    }

    /// Its days.
    #[must_use]
    pub fn days(self) -> DateSpan {
        self.0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.first().format("%Y-%m"))
    }
}

#[cfg(test)]
mod tests;
