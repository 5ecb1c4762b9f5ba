//! Prosper: one investor's notes and listings at a US peer-lending marketplace (`upstreams/prosper.md`).
//!
//! What lies ahead is one unit: notes take no filter by date, so the next payment and the last are read together however
//! few days are asked for. Of the past, a unit is a month: listings can be asked for by the day they began, and an
//! investor has many old ones. Calls are `GET`s, and there is no other: the tokens of the password grant could place
//! orders.

mod judge;
mod map;
mod moment;
mod pages;
mod scalar;
mod wire;

use std::{
    collections::{BTreeSet, HashMap},
    num::NonZeroU32,
    sync::Arc,
};

use async_trait::async_trait;
use chrono::NaiveDate;
use serde_json::value::RawValue;
use url::Url;

use crate::{
    api::{Api, ApiError, Call, Limits, PasswordGrant},
    aside::aside,
    domain::{
        batch::Batch,
        event::Event,
        id::{EventUid, GroupId, SourceId},
        text::Line,
        when::{DateSpan, YEARS},
    },
    zones::Zones,
};

use super::{Ask, Source, Unit};
use map::Mapping;
use moment::Moments;
use wire::List;

pub use judge::judge;

/// How many days after its start a listing closes at the latest (§8).
const LISTING_DAYS: u64 = 14;
/// Days asked for on each side of what is wanted: whether filters include their bounds, and in which zone they are read,
/// is unknown (§4.1).
const PADDING_DAYS: u64 = 2;

/// What the configuration says of a Prosper account.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the API is but for listings, with or without a slash at the end.
    pub base_url: Url,
    /// Where the API of listings is.
    pub listings_base_url: Url,
    /// What lets us in.
    pub grant: PasswordGrant,
    /// What becomes events; not empty.
    pub records: BTreeSet<Record>,
}

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// Shares of loans that the account owns.
    Notes,
    /// Loans asked for that the account has bid on.
    Listings,
}

/// One investor's account.
#[derive(Debug)]
pub struct Prosper {
    facts: Arc<Facts>,
    base_url: Url,
    listings_base_url: Url,
    records: BTreeSet<Record>,
}

/// What records are mapped with.
#[derive(Debug)]
struct Facts {
    id: SourceId,
    names: HashMap<String, Line>,
    zones: Arc<Zones>,
}

/// What was read of one kind of record.
struct Rows {
    record: Record,
    rows: Vec<Box<RawValue>>,
}

impl Record {
    /// Its name in the configuration, and the id of the group of all events from it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notes => "notes",
            Self::Listings => "listings",
        }
    }

    /// The group of all events from it.
    fn group(self) -> GroupId {
        GroupId::new(self.as_str())
    }
}

/// The upstream allows 20 requests in any second, counted per client and account (§3.1). Ours are 16 at most: a burst,
/// and what a second adds to it.
#[must_use]
pub fn limits() -> Limits {
    const BURST: NonZeroU32 = NonZeroU32::new(4).expect("it is not zero");
    const PER_SECOND: NonZeroU32 = NonZeroU32::new(12).expect("it is not zero");
    Limits {
        burst: BURST,
        per_second: PER_SECOND,
        ..Limits::default()
    }
}

impl Prosper {
    /// The connector; `names` are the operator's for groups, by lower-cased id.
    #[must_use]
    pub fn new(
        id: SourceId,
        settings: &Settings,
        names: HashMap<String, Line>,
        zones: Arc<Zones>,
    ) -> Self {
        Self {
            facts: Arc::new(Facts { id, names, zones }),
            base_url: settings.base_url.clone(),
            listings_base_url: settings.listings_base_url.clone(),
            records: settings.records.clone(),
        }
    }

    /// The events of one kind of record, whenever they are, from the answers of all its pages; pure but for the zone data in
    /// use.
    ///
    /// # Errors
    /// When an answer is no list.
    pub fn batch(&self, record: Record, pages: &[String]) -> serde_json::Result<Batch> {
        let mut rows = Vec::new();
        for page in pages {
            rows.extend(serde_json::from_str::<List>(page)?.rows);
        }
        Ok(self.facts.batch(&[Rows { record, rows }], DateSpan::ALL))
    }

    /// All records of a kind that may matter on `days`, oldest first.
    fn list(&self, record: Record, days: DateSpan) -> Call {
        match record {
            Record::Notes => at(&self.base_url, &["notes", ""], "loan_note_id%20asc"),
            Record::Listings => {
                let from = days.padded(LISTING_DAYS + PADDING_DAYS).first();
                let call = self
                    .listings("listing_number%20asc")
                    .query("listing_start_date_min", from.to_string());
                if is_open(days) {
                    return call;
                }
                let to = days.padded(PADDING_DAYS).end();
                call.query("listing_start_date_max", to.to_string())
            }
        }
    }

    fn listings(&self, sort_by: &str) -> Call {
        let path = ["listingsvc", "v2", "listings", ""];
        at(&self.listings_base_url, &path, sort_by)
            .query("invested", "true")
            .route("/listingsvc/v2/listings/")
    }
}

#[async_trait]
impl Source for Prosper {
    fn id(&self) -> &SourceId {
        &self.facts.id
    }

    fn unit(&self, ask: &Ask) -> Unit {
        let unit = ask.by_days();
        match ask {
            Ask::Horizon(days) => Unit {
                days: and_after(*days),
                ..unit
            },
            Ask::Month(_) => unit,
        }
    }

    async fn fetch(&self, api: &Api, unit: &Unit) -> Result<Batch, ApiError> {
        let mut read = Vec::new();
        let mut failed = Vec::new();
        for &record in &self.records {
            match pages::rows(api, &self.list(record, unit.days)).await {
                Ok(rows) => read.push(Rows { record, rows }),
                // The wait is for the account, whatever it asks for next.
                Err(error) if read.is_empty() && error.retry_after().is_some() => {
                    return Err(error);
                }
                Err(error) => failed.push((record, error)),
            }
        }
        if read.is_empty() && !failed.is_empty() {
            return Err(failed.swap_remove(0).1);
        }
        let (facts, days) = (Arc::clone(&self.facts), unit.days);
        let mut batch = aside(move || facts.batch(&read, days)).await;
        for (record, error) in failed {
            batch.missed.insert(record.group(), Arc::new(error));
        }
        Ok(batch)
    }

    fn uids(&self, record: &str) -> Vec<EventUid> {
        map::uids(&self.facts.id, record)
    }

    fn gathers(&self, event: &Event, record: &str) -> bool {
        map::gathers(&self.facts.id, event, record)
    }

    async fn check(&self, api: &Api) -> Result<String, ApiError> {
        let mut found = Vec::new();
        for &record in &self.records {
            let list = match record {
                Record::Notes => at(&self.base_url, &["notes", ""], "loan_note_id%20asc"),
                Record::Listings => self.listings("listing_number%20asc"),
            };
            let list: List = api.json(list.query("limit", "1")).await?;
            let total = list.total.unwrap_or(list.rows.len());
            found.push(format!("{total} {}", record.as_str()));
        }
        Ok(format!(
            "an investor whom the upstream does not name, with {}",
            found.join(" and ")
        ))
    }
}

impl Facts {
    fn batch(&self, read: &[Rows], days: DateSpan) -> Batch {
        let zones = self.zones.current();
        let mapping = Mapping {
            source: &self.id,
            names: &self.names,
            moments: &Moments::new(&zones),
            days: days.padded(PADDING_DAYS),
        };
        mapping.batch(read)
    }
}

/// A list below `base`. The sort key is already encoded, its blank as the documentation does it (§1).
fn at(base: &Url, path: &[&str], sort_by: &str) -> Call {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url.set_query(Some(&format!("sort_by={sort_by}")));
    Call::get(url)
}

/// The days from the first of `days` for as long as we speak of.
fn and_after(days: DateSpan) -> DateSpan {
    let end = NaiveDate::from_ymd_opt(YEARS.end() + 1, 1, 1);
    let all = end.and_then(|end| DateSpan::until(days.first(), end).ok());
    all.unwrap_or(days)
}

/// Whether `days` go on for as long as we speak of.
fn is_open(days: DateSpan) -> bool {
    days == and_after(days)
}

#[cfg(test)]
mod tests;
