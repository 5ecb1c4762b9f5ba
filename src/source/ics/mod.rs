//! A calendar file at an address: what other calendars publish for subscription (interop sections 1 to 7).
//!
//! One unit is the whole file. It is asked for only if it has changed; an unchanged one is mapped again, by the zone
//! data of today.

mod clock;
mod family;
pub(crate) mod line;
mod map;
mod record;
mod repeat;
mod span;
pub(crate) mod timezone;
pub(crate) mod value;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use chrono::NaiveDate;
use chrono_tz::Tz;
use url::Url;

use crate::{
    api::{Api, ApiError, Call, Validator},
    aside::aside,
    domain::{
        batch::Batch,
        id::SourceId,
        when::{DateSpan, YEARS},
    },
    zones::Zones,
};

use super::{Ask, Source, Unit};
use map::Mapping;

/// What logs and errors call the file: its path may hold a token.
const ROUTE: &str = "/{calendar}";

/// What the configuration says of a calendar file.
#[derive(Clone)]
pub struct Settings {
    /// Where it is; may hold a token.
    pub url: Url,
}

/// A text that is no address of a calendar file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no web address; write one such as `https://calendar.example/name.ics`")]
pub struct BadAddress;

/// A calendar file at an address.
pub struct Ics {
    facts: Arc<Facts>,
    url: Url,
    held: Mutex<Option<Arc<Held>>>,
}

/// What is needed to understand it.
struct Facts {
    id: SourceId,
    zone: Tz,
    zones: Arc<Zones>,
}

/// The newest copy of it that could be read.
#[derive(Default)]
struct Held {
    body: Vec<u8>,
    validator: Validator,
}

impl Settings {
    /// The settings for the file at `address`: `http`, `https`, or `webcal`, which does not say which of the two it means
    /// and is taken for `https` (interop H11).
    ///
    /// # Errors
    /// [`BadAddress`] when it is none of these. The text is not repeated, since it may hold a token.
    pub fn at(address: &str) -> Result<Self, BadAddress> {
        let address = address.trim();
        let scheme = |wanted: &str| {
            let (scheme, rest) = address.split_once(':')?;
            scheme.eq_ignore_ascii_case(wanted).then_some(rest)
        };
        let webcal = scheme("webcal").or_else(|| scheme("webcals"));
        let https = match webcal {
            None => address.to_owned(),
            // Some links have both, for programs that drop the first (interop L3).
            Some(rest) if rest.starts_with("http") => rest.to_owned(),
            Some(rest) => format!("https:{rest}"),
        };
        let mut url: Url = https.parse().or(Err(BadAddress))?;
        // People put one behind an address to make a calendar fetch it anew (interop H3).
        url.set_fragment(None);
        let good = matches!(url.scheme(), "http" | "https") && url.has_host();
        good.then_some(Self { url }).ok_or(BadAddress)
    }
}

impl Ics {
    /// The connector. `zone` is where its floating times are, and `zones` has the rules of the others.
    #[must_use]
    pub fn new(id: SourceId, settings: &Settings, zone: Tz, zones: Arc<Zones>) -> Self {
        Self {
            facts: Arc::new(Facts { id, zone, zones }),
            url: settings.url.clone(),
            held: Mutex::default(),
        }
    }

    /// The events of the file `body`; pure but for the zone data in use.
    #[must_use]
    pub fn batch(&self, body: &[u8]) -> Batch {
        self.facts.batch(body)
    }

    fn held(&self) -> Option<Arc<Held>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }
}

impl Facts {
    fn batch(&self, body: &[u8]) -> Batch {
        let mapping = Mapping {
            source: &self.id,
            zone: self.zone,
            data: &self.zones.current(),
        };
        mapping.batch(body)
    }
}

#[async_trait]
impl Source for Ics {
    fn id(&self) -> &SourceId {
        &self.facts.id
    }

    fn unit(&self, _ask: &Ask) -> Unit {
        whole()
    }

    async fn fetch(&self, api: &Api, _unit: &Unit) -> Result<Batch, ApiError> {
        let held = self.held();
        let call = Call::get(self.url.clone()).route(ROUTE);
        let call = match &held {
            Some(held) => call.unless(&held.validator),
            None => call,
        };
        let file = api.calendar(call).await?;
        let held = match file.body {
            Some(body) => Arc::new(Held {
                body,
                validator: file.validator,
            }),
            // Only what is held is asked for again by its validator.
            None => held.unwrap_or_default(),
        };
        let (facts, copy) = (Arc::clone(&self.facts), Arc::clone(&held));
        let mut batch = aside(move || facts.batch(&copy.body)).await;
        batch.poll_after = batch.poll_after.max(file.fresh_for);
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok(batch)
    }

    async fn check(&self, api: &Api) -> Result<String, ApiError> {
        let batch = self.fetch(api, &whole()).await?;
        Ok(format!("a calendar of {} events", batch.events.len()))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

impl fmt::Debug for Ics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ics")
            .field("id", &self.facts.id)
            .finish_non_exhaustive()
    }
}

/// The only unit: the file, which holds whatever days it likes.
fn whole() -> Unit {
    let first = NaiveDate::from_ymd_opt(*YEARS.start(), 1, 1);
    let last = NaiveDate::from_ymd_opt(*YEARS.end(), 12, 31);
    let days = first
        .zip(last)
        .and_then(|(first, last)| DateSpan::through(first, last).ok());
    Unit {
        name: "whole".to_owned(),
        days: days.expect("the years that we speak of have days"),
    }
}

#[cfg(test)]
mod tests;
