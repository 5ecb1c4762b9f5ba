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
pub mod links;
mod lint;
pub mod locale;
mod outline;
pub mod sandbox;
pub mod source;
pub mod store;
#[cfg(test)]
mod testing;
pub mod view;
pub mod web;
pub mod zones;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono_tz::Tz;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use api::{Addresses, Chain, Clients, NoClient};
use clock::Clock;
use config::Config;
use domain::{event::Groups, id::SourceId};
use feed::{Archive, Feeds, Keeper, Keeping, Units};
use source::Setup;
use store::{Loaded, LoadedUnit, StoreError, sqlite::Sqlite};
use zones::{Zones, current::Reload, data::NoZoneData};

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

/// A server that is sure to start: whatever could be wrong has been looked at.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: web::App,
    zones: Arc<Zones>,
    needed: HashSet<Tz>,
    keeper: Option<Arc<Keeper>>,
}

impl Server {
    /// A server of the feeds of `config`, which will answer readers on `listener`.
    ///
    /// # Errors
    /// [`StartError`] when it could not start.
    pub async fn new(
        config: Config,
        listener: TcpListener,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let needed = config.zones();
        let server = config.server.clone();
        let public_url = match server.public_url {
            Some(url) => url,
            None => local_url(&listener)?,
        };
        let archive = open(&config.store, &clock).await?;
        let keeper = archive.as_ref().map(|archive| Arc::clone(&archive.keeper));
        let (feeds, zones) = assemble(config, &clock, archive)?;
        let app = web::App {
            feeds,
            public_url: Arc::new(public_url),
            uncompressed_agents: server.uncompressed_agents.into(),
            clock,
        };
        Ok(Self {
            listener,
            app,
            zones,
            needed,
            keeper,
        })
    }

    /// Serves until `stop`. Trouble is logged and lived with.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            listener,
            app,
            zones,
            needed,
            keeper,
        } = self;
        let (feeds, clock) = (Arc::clone(&app.feeds), app.clock.clone());
        // Sources are read until the last reader has left: one may be waiting for the first answer.
        let deserted = CancellationToken::new();
        let serve = async {
            web::serve::serve(
                listener,
                web::router(app),
                web::serve::Limits::default(),
                stop.cancelled(),
            )
            .await;
            deserted.cancel();
        };
        let keep = async {
            if let Some(keeper) = keeper {
                tokio::join!(keeper.run(&deserted), feeds.heed(&keeper, &deserted));
            }
        };
        tokio::join!(
            serve,
            keep,
            feeds.refresh(&deserted),
            watch(&zones, &feeds, &needed, &clock, &deserted)
        );
    }
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
    let needed = config.zones();
    let zones = Arc::new(Zones::open(
        zones::Databases::new(config.zone_directory),
        clock.now(),
    )?);
    let data = zones.current();
    if let Some(missing) = needed.iter().find(|tz| data.zone(**tz).is_none()) {
        return Err(StartError::NoSuchZone(*missing));
    }
    tracing::info!(version = %data.version(), origin = %data.origin(), "tz database");
    let clients = Clients::new()?;
    let (keeper, mut kept) = archive.map_or((None, BTreeMap::new()), |archive| {
        let Archive { keeper, loaded } = archive;
        (Some(keeper), by_source(loaded))
    });
    let sources = config.sources.into_iter().map(|(id, source)| {
        let addresses = if source.allow_private_addresses {
            Addresses::Any
        } else {
            Addresses::Global
        };
        let (connector, api) = source.kind.connect(Setup {
            id: id.clone(),
            names: source.names,
            zone: source.zone,
            book: source.book.clone(),
            zones: Arc::clone(&zones),
            clock: clock.clone(),
            clients: clients.clone(),
            addresses,
            timeout: source.timeout,
        });
        let keeping = Keeping {
            zone: source.zone,
            horizon: source.horizon,
            interval: source.refresh,
            book: source.book,
            group_feeds: source.group_feeds,
            webhook: source.webhook,
        };
        let mut units = Units::new(connector, api, keeping, Arc::clone(&zones), clock.clone());
        if let Some(keeper) = &keeper {
            let (kept, known) = kept.remove(&id).unwrap_or_default();
            units.kept_by(Arc::clone(keeper), kept, &known);
        }
        (id, Arc::new(units))
    });
    let feeds = Feeds::new(
        sources.collect(),
        config.feeds,
        Arc::clone(&zones),
        clock.clone(),
    );
    let feeds = match keeper {
        Some(keeper) => feeds.kept_by(keeper),
        None => feeds,
    };
    Ok((Arc::new(feeds), zones))
}

/// What was kept of each source: its units and the groups ever seen.
fn by_source(loaded: Loaded) -> BTreeMap<SourceId, (Vec<LoadedUnit>, Groups)> {
    if loaded.lost > 0 {
        tracing::warn!(
            lost = loaded.lost,
            "some stored units cannot be understood; they count as never seen"
        );
    }
    let mut sources: BTreeMap<SourceId, (Vec<LoadedUnit>, Groups)> = BTreeMap::new();
    for unit in loaded.units {
        let source = unit.kept.key.source.clone();
        sources.entry(source).or_default().0.push(unit);
    }
    for (source, known) in loaded.known {
        sources.entry(source).or_default().1 = known;
    }
    sources
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
