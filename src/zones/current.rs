//! The zone data in use, replaceable under a running server.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{
    data::{NoZoneData, Origin, ZoneData},
    databases::{Databases, Look},
};

/// Holds the zone data in use and takes up changed ones. Readers never wait.
#[derive(Debug)]
pub struct Zones {
    databases: Databases,
    held: ArcSwap<Held>,
    watch: Mutex<Watch>,
}

#[derive(Debug)]
struct Held {
    data: Arc<ZoneData>,
    since: DateTime<Utc>,
}

#[derive(Debug)]
struct Watch {
    /// The look that has been dealt with, whether its data was taken up or refused.
    settled: Look,
    /// A different look, seen once.
    pending: Option<Look>,
}

/// What [`Zones::reload_if_changed`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// Nothing: the data in use are those at hand.
    Unchanged,
    /// Nothing yet: something is changing and may be half copied. The next call looks again.
    Settling,
    /// The new data are in use.
    TakenUp,
}

/// Why changed zone data were not taken up; those from before stay in use.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The new data cannot be used at all.
    #[error("changed zone data is not taken up, the previous one stays in use")]
    Unusable(#[source] NoZoneData),
    /// The new data lack zones that are needed and were there before.
    #[error(
        "changed zone data from the {origin} lacks {} and is not taken up, the previous one stays in use; copy a \
         complete database", names(.zones)
    )]
    Incomplete {
        /// Where the new data are from.
        origin: Origin,
        /// The zones they lack.
        zones: Vec<Tz>,
    },
}

fn names(zones: &[Tz]) -> String {
    let names: Vec<_> = zones.iter().map(|tz| format!("`{tz}`")).collect();
    names.join(", ")
}

impl Zones {
    /// Reads the database that counts and holds it from `now` on.
    ///
    /// # Errors
    /// When the configured directory cannot be read or holds no zone.
    pub fn open(databases: Databases, now: DateTime<Utc>) -> Result<Self, NoZoneData> {
        // Looked at before it is read: a change in between is then noticed by the next look.
        let settled = databases.look();
        let data = Arc::new(databases.choose()?);
        Ok(Self {
            databases,
            held: ArcSwap::from_pointee(Held { data, since: now }),
            watch: Mutex::new(Watch {
                settled,
                pending: None,
            }),
        })
    }

    /// The data in use.
    #[must_use]
    pub fn current(&self) -> Arc<ZoneData> {
        Arc::clone(&self.held.load().data)
    }

    /// When the data in use were taken up; no document made with them is older (interop H5).
    #[must_use]
    pub fn since(&self) -> DateTime<Utc> {
        self.held.load().since
    }

    /// Takes up the data at hand if they differ from those in use: a directory retargeted, renamed, overwritten, or a
    /// single file of it replaced. Blocks for about 600 `stat` calls, and for the reading if there is something to
    /// read; meant to be called every few seconds, and takes up a change at the second call after it, so that a
    /// directory is not read while it is being copied.
    ///
    /// # Errors
    /// When the changed data cannot be used, or lack one of the `required` zones that those in use have. Reported
    /// once per change, not at each call.
    pub fn reload_if_changed(
        &self,
        now: DateTime<Utc>,
        required: &HashSet<Tz>,
    ) -> Result<Reload, Refused> {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let look = self.databases.look();
        if look == watch.settled {
            watch.pending = None;
            return Ok(Reload::Unchanged);
        }
        if watch.pending.replace(look) != Some(look) {
            return Ok(Reload::Settling);
        }
        let chosen = self.databases.choose();
        if self.databases.look() != look {
            watch.pending = None;
            return Ok(Reload::Settling);
        }
        watch.settled = look;
        watch.pending = None;
        self.take_up(chosen.map_err(Refused::Unusable)?, now, required)
    }

    fn take_up(
        &self,
        data: ZoneData,
        now: DateTime<Utc>,
        required: &HashSet<Tz>,
    ) -> Result<Reload, Refused> {
        let current = self.current();
        let is_lost = |tz: &Tz| {
            required.contains(tz) && current.zone(*tz).is_some() && data.zone(*tz).is_none()
        };
        let zones: Vec<Tz> = TZ_VARIANTS.into_iter().filter(is_lost).collect();
        if !zones.is_empty() {
            let origin = data.origin().clone();
            return Err(Refused::Incomplete { origin, zones });
        }
        if data.fingerprint() == current.fingerprint() {
            return Ok(Reload::Unchanged);
        }
        let data = Arc::new(data);
        self.held.store(Arc::new(Held { data, since: now }));
        Ok(Reload::TakenUp)
    }
}

#[cfg(test)]
mod tests;
