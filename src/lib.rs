//! calbridge fetches events from the systems where organisations keep them and publishes calendars one can subscribe to.
//!
//! ```text
//!            api (auth, limit, retry, cap)
//! upstream ────────────► source ──Batch──► history::advance ──Snapshot──► feed (units, documents) ◄──► store
//!                         ▲                      pure                        │
//!             feed::refresh: timer, jitter, back-off                         ▼
//! reader ──► web ──name, part──► feed ──► domain::select ──► format::ics ──► Document
//! ```
//!
//! Arrows point one way: `web → feed → {source, store, format} → domain`, `source → api`. [`zones`] hands its values to the
//! rest; [`sandbox`] is used by [`cli`] and tests only. The clock is read in `main.rs` and handed in. A read touches
//! memory only, except the very first one.
//!
//! Decisions and their reasons are in `docs/adr/`.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")
)]

pub mod api;
mod aside;
pub mod cli;
pub mod clock;
pub mod config;
mod diff;
pub mod domain;
pub mod feed;
pub mod format;
mod generation;
pub mod links;
mod lint;
pub mod locale;
mod outline;
pub mod sandbox;
mod server;
pub mod source;
pub mod status;
pub mod store;
#[cfg(test)]
mod testing;
pub mod view;
pub mod web;
pub mod zones;

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono_tz::Tz;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use api::{Chain, NoClient};
use clock::Clock;
use config::Config;
use feed::{Archive, Feeds, Keeper};
use generation::Ground;
use store::{StoreError, sqlite::Sqlite};
use zones::{Zones, current::Reload, data::NoZoneData};

pub use server::Server;

/// How often it is looked whether the tz database on disk has changed.
const ZONE_WATCH: Duration = Duration::from_secs(5);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no usable tz database.
    #[error("time zones cannot be told; see `zones.data` in the configuration")]
    Zones(#[from] NoZoneData),
    /// The tz database in use lacks a zone the configuration names.
    #[error(
        "the tz database in use has no `{0}`; name another directory in `zones.data`, or leave that line out"
    )]
    NoSuchZone(Tz),
    /// No upstream can be called.
    #[error("no outgoing call can be made")]
    Client(#[from] NoClient),
    /// What was published before cannot be read.
    #[error("what was published before is out of reach")]
    Store(#[from] StoreError),
    /// The address of the listener cannot be told.
    #[error("the address of the listener cannot be told")]
    Listener(#[from] std::io::Error),
}

/// Runs the server until `stop`: keeps every source warm and answers readers on `listener`.
///
/// # Errors
/// [`StartError`] when it cannot start; once it runs, trouble is logged and lived with.
pub async fn run(
    config: Config,
    listener: TcpListener,
    clock: Clock,
    stop: CancellationToken,
) -> Result<(), StartError> {
    Server::new(config, listener, clock).await?.run(stop).await;
    Ok(())
}

/// Opens the store the configuration names, if it names one.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
async fn open(store: &config::Store, clock: &Clock) -> Result<Option<Archive>, StoreError> {
    let config::Store::File(path) = store else {
        tracing::info!("there is no store: what is published ends with the process");
        return Ok(None);
    };
    let archive = Keeper::open(Arc::new(Sqlite::open(path).await?), clock.clone()).await?;
    let units = &archive.loaded.units;
    let events: usize = units
        .iter()
        .map(|unit| unit.kept.snapshot.entries().len())
        .sum();
    tracing::info!(path = %path.display(), units = units.len(), events, "store");
    Ok(Some(archive))
}

/// Every feed of `config` over its sources, not yet fetched but for what is in `archive`, and the tz database they use.
///
/// # Errors
/// [`StartError`] when zones or upstreams are out of reach for good.
pub fn assemble(
    config: Config,
    clock: &Clock,
    archive: Option<Archive>,
) -> Result<(Arc<Feeds>, Arc<Zones>), StartError> {
    let (ground, loaded) = Ground::open(&config, clock, archive)?;
    let generation = ground.first(config, loaded)?;
    Ok((generation.feeds, ground.zones))
}

/// The same over what was kept, for whoever only looks: nothing is written, and nothing is asked of an upstream.
///
/// # Errors
/// [`StartError`] when zones are out of reach for good.
fn recall(config: Config, clock: &Clock, loaded: store::Loaded) -> Result<Arc<Feeds>, StartError> {
    let (ground, _) = Ground::open(&config, clock, None)?;
    Ok(ground.first(config, loaded)?.feeds)
}

fn local_url(listener: &TcpListener) -> Result<Url, std::io::Error> {
    let address = listener.local_addr()?;
    Url::parse(&format!("http://{address}")).map_err(std::io::Error::other)
}

/// Takes up a changed tz database until `stop`. Trouble with it is logged once per change.
async fn watch(
    zones: &Arc<Zones>,
    feeds: &Feeds,
    needed: &HashSet<Tz>,
    clock: &Clock,
    stop: &CancellationToken,
) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(ZONE_WATCH) => {}
        }
        let (zones, needed, now) = (Arc::clone(zones), needed.clone(), clock.now());
        let looked = tokio::task::spawn_blocking(move || {
            zones
                .reload_if_changed(now, &needed)
                .map(|reload| (reload, zones.current()))
        })
        .await;
        match looked {
            Ok(Ok((Reload::TakenUp, data))) => {
                tracing::info!(version = %data.version(), "took up a changed tz database");
                feeds.zones_changed();
            }
            Ok(Err(error)) => tracing::error!(error = %Chain(&error), "kept the old tz database"),
            _ => {}
        }
    }
}
