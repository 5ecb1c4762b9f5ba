//! calbridge fetches events from the systems where organisations keep them and publishes calendars one can subscribe to.
//!
//! ```text
//!            api (auth, limit, retry, cap)
//! upstream ────────────► source ──Batch──► history::advance ──Snapshot──► feed (units, documents)
//!                         ▲                      pure                        │
//!             feed::refresh: timer, jitter, back-off                         ▼
//! reader ──► web ──name, part──► feed ──► domain::select ──► format::ics ──► Document
//! ```
//!
//! Arrows point one way: `web → feed → {source, format} → domain`, `source → api`. [`zones`] hands its values to the
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
pub mod domain;
pub mod feed;
pub mod format;
pub mod sandbox;
pub mod source;
#[cfg(test)]
mod testing;
pub mod web;
pub mod zones;

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono_tz::Tz;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use api::{Addresses, Chain, Clients, NoClient};
use clock::Clock;
use config::Config;
use feed::{Feeds, Keeping, Units};
use source::Setup;
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
    Server::new(config, listener, clock)?.run(stop).await;
    Ok(())
}

/// A server that is sure to start: whatever could be wrong has been looked at.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: web::App,
    zones: Arc<Zones>,
    needed: HashSet<Tz>,
}

impl Server {
    /// A server of the feeds of `config`, which will answer readers on `listener`.
    ///
    /// # Errors
    /// [`StartError`] when it could not start.
    pub fn new(config: Config, listener: TcpListener, clock: Clock) -> Result<Self, StartError> {
        for key in &config.without_effect {
            tracing::warn!(key, "this key has no effect in this version");
        }
        let needed = config.zones();
        let server = config.server.clone();
        let public_url = match server.public_url {
            Some(url) => url,
            None => local_url(&listener)?,
        };
        let (feeds, zones) = assemble(config, &clock)?;
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
        })
    }

    /// Serves until `stop`. Trouble is logged and lived with.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            listener,
            app,
            zones,
            needed,
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
        tokio::join!(
            serve,
            feeds.refresh(&deserted),
            watch(&zones, &feeds, &needed, &clock, &deserted)
        );
    }
}

/// Every feed of `config` over its sources, not yet fetched, and the tz database they use.
///
/// # Errors
/// [`StartError`] when zones or upstreams are out of reach for good.
pub fn assemble(config: Config, clock: &Clock) -> Result<(Arc<Feeds>, Arc<Zones>), StartError> {
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
        };
        (
            id,
            Arc::new(Units::new(
                connector,
                api,
                keeping,
                Arc::clone(&zones),
                clock.clone(),
            )),
        )
    });
    let feeds = Feeds::new(
        sources.collect(),
        config.feeds,
        Arc::clone(&zones),
        clock.clone(),
    );
    Ok((Arc::new(feeds), zones))
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
