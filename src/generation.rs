//! What a configuration makes of the server, and what of it a newer one leaves as it is (ADR 13).

use std::{
    collections::{BTreeMap, HashSet},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
};

use chrono_tz::Tz;
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use crate::{
    StartError,
    api::{Addresses, Clients},
    clock::Clock,
    config::{self, Config, Fingerprint},
    domain::{event::Groups, id::SourceId},
    feed::{Archive, Feeds, Keeper, Keeping, Units},
    source::Setup,
    store::{Loaded, LoadedUnit},
    watch,
    zones::{self, Zones},
};

/// What every configuration of one process shares.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) zones: Arc<Zones>,
    pub(crate) keeper: Option<Arc<Keeper>>,
    pub(crate) clock: Clock,
    clients: Clients,
}

/// What one configuration has made of the server.
#[derive(Debug)]
pub(crate) struct Generation {
    pub(crate) feeds: Arc<Feeds>,
    needed: HashSet<Tz>,
    fingerprints: BTreeMap<SourceId, Fingerprint>,
    fixed: Fixed,
}

/// What a running server cannot change.
#[derive(Debug, Clone)]
struct Fixed {
    listen: SocketAddr,
    admin_listen: Option<SocketAddr>,
    store: config::Store,
    zone_directory: Option<PathBuf>,
}

/// What was kept of each source: its units and the groups ever seen.
type KeptSources = BTreeMap<SourceId, (Vec<LoadedUnit>, Groups)>;

impl Ground {
    /// What all configurations after `config` share, and what was kept.
    ///
    /// # Errors
    /// [`StartError`] when zones or upstreams are out of reach for good.
    pub(crate) fn open(
        config: &Config,
        clock: &Clock,
        archive: Option<Archive>,
    ) -> Result<(Self, Loaded), StartError> {
        let databases = zones::Databases::new(config.zone_directory.clone());
        let zones = Arc::new(Zones::open(databases, clock.now())?);
        let data = zones.current();
        tracing::info!(version = %data.version(), origin = %data.origin(), "tz database");
        let (keeper, loaded) = archive.map_or_else(Default::default, |archive| {
            (Some(archive.keeper), archive.loaded)
        });
        let ground = Self {
            zones,
            keeper,
            clock: clock.clone(),
            clients: Clients::new()?,
        };
        Ok((ground, loaded))
    }

    /// The first generation, which goes on from what was kept.
    ///
    /// # Errors
    /// [`StartError::NoSuchZone`].
    pub(crate) fn first(&self, config: Config, loaded: Loaded) -> Result<Generation, StartError> {
        let mut kept = by_source(loaded);
        let needed = self.needed(&config)?;
        Ok(self.generation(config, needed, None, |id, source| {
            Arc::new(self.added(id, source, &mut kept))
        }))
    }

    /// The generation after `before`: a source that is configured as it was goes on undisturbed; one that is not is polled
    /// anew, and readers have its last good copy meanwhile. What `before` still asks of it, or of one that is gone, ends.
    ///
    /// # Errors
    /// [`StartError`] when it cannot be; all then stays as it is.
    pub(crate) async fn next(
        &self,
        config: Config,
        before: &Generation,
    ) -> Result<Generation, StartError> {
        let needed = self.needed(&config)?;
        let mut ids = config.sources.keys();
        let mut kept = match &self.keeper {
            Some(keeper) if ids.any(|id| before.feeds.units(id).is_none()) => {
                by_source(keeper.loaded().await?)
            }
            _ => KeptSources::new(),
        };
        // Nothing can fail any more. A poll that ended after its source was taken over would be kept, and seen by nobody.
        before.end_all_but(&config).await;
        let mut next = self.generation(config, needed, Some(before), |id, source| {
            match before.feeds.units(id) {
                Some(units) if before.has(id, &source) => Arc::clone(units),
                Some(old) => {
                    let mut units = self.units(id, source);
                    units.succeed(old);
                    Arc::new(units)
                }
                None => Arc::new(self.added(id, source, &mut kept)),
            }
        });
        for key in before.fixed.changes(&next.fixed) {
            tracing::warn!(key, "a changed value takes effect with a restart only");
        }
        next.fixed = before.fixed.clone();
        Ok(next)
    }

    /// The zones that a configuration names, all of which there are.
    fn needed(&self, config: &Config) -> Result<HashSet<Tz>, StartError> {
        let needed = config.zones();
        let data = self.zones.current();
        match needed.iter().find(|tz| data.zone(**tz).is_none()) {
            Some(missing) => Err(StartError::NoSuchZone(*missing)),
            None => Ok(needed),
        }
    }

    fn generation(
        &self,
        config: Config,
        needed: HashSet<Tz>,
        before: Option<&Generation>,
        mut units: impl FnMut(&SourceId, config::Source) -> Arc<Units>,
    ) -> Generation {
        let fixed = Fixed::of(&config);
        let mut fingerprints = BTreeMap::new();
        let mut sources = BTreeMap::new();
        for (id, source) in config.sources {
            fingerprints.insert(id.clone(), source.fingerprint.clone());
            let units = units(&id, source);
            sources.insert(id, units);
        }
        let (zones, clock) = (Arc::clone(&self.zones), self.clock.clone());
        let feeds = Feeds::new(sources, config.feeds, zones, clock)
            .with_closed(config.closed)
            .with_retired(config.retired);
        let feeds = match &self.keeper {
            Some(keeper) => feeds.kept_by(Arc::clone(keeper)),
            None => feeds,
        };
        let feeds = match before {
            Some(before) => feeds.after(&before.feeds),
            None => feeds,
        };
        Generation {
            feeds: Arc::new(feeds),
            needed,
            fingerprints,
            fixed,
        }
    }

    /// A source that was not there before, with what was kept of it.
    fn added(&self, id: &SourceId, source: config::Source, kept: &mut KeptSources) -> Units {
        let mut units = self.units(id, source);
        let (kept, known) = kept.remove(id).unwrap_or_default();
        units.go_on_from(kept, &known);
        if let Some(keeper) = &self.keeper {
            units.set_keeper(Arc::clone(keeper));
        }
        units
    }

    fn units(&self, id: &SourceId, source: config::Source) -> Units {
        let addresses = if source.allow_private_addresses {
            Addresses::Any
        } else {
            Addresses::Global
        };
        let kind = source.kind.word();
        let (connector, api) = source.kind.connect(Setup {
            id: id.clone(),
            names: source.names,
            zone: source.zone,
            book: source.book.clone(),
            zones: Arc::clone(&self.zones),
            clock: self.clock.clone(),
            clients: self.clients.clone(),
            addresses,
            timeout: source.timeout,
        });
        let keeping = Keeping {
            kind,
            zone: source.zone,
            horizon: source.horizon,
            interval: source.refresh,
            book: source.book,
            group_feeds: source.group_feeds,
            webhook: source.webhook,
        };
        let (zones, clock) = (Arc::clone(&self.zones), self.clock.clone());
        Units::new(connector, api, keeping, zones, clock)
    }
}

impl Generation {
    /// Whether it has this source as `source` configures it.
    fn has(&self, id: &SourceId, source: &config::Source) -> bool {
        self.fingerprints.get(id) == Some(&source.fingerprint)
    }

    /// Ends what it asks of sources that `config` does not have, or has otherwise.
    async fn end_all_but(&self, config: &Config) {
        let stays = |id| {
            let source = config.sources.get(id);
            source.is_some_and(|source| self.has(id, source))
        };
        let others = self.feeds.sources().filter(|(id, _)| !stays(*id));
        join_all(others.map(|(_, units)| units.end())).await;
    }

    /// Does all that has to be done beside polls and answers, until `over`.
    pub(crate) async fn live(&self, ground: &Ground, over: &CancellationToken) {
        let heed = async {
            if let Some(keeper) = &ground.keeper {
                self.feeds.heed(keeper, over).await;
            }
        };
        let watch = watch(
            &ground.zones,
            &self.feeds,
            &self.needed,
            &ground.clock,
            over,
        );
        tokio::join!(self.feeds.attend(over), heed, watch);
    }
}

impl Fixed {
    fn of(config: &Config) -> Self {
        Self {
            listen: config.server.listen,
            admin_listen: config.server.admin_listen,
            store: config.store.clone(),
            zone_directory: config.zone_directory.clone(),
        }
    }

    /// The keys whose values `next` has changed.
    fn changes(&self, next: &Self) -> impl Iterator<Item = &'static str> {
        let keys = [
            ("server.listen", self.listen != next.listen),
            (
                "server.admin_listen",
                self.admin_listen != next.admin_listen,
            ),
            ("store.url", self.store != next.store),
            ("zones.data", self.zone_directory != next.zone_directory),
        ];
        keys.into_iter()
            .filter(|(_, changed)| *changed)
            .map(|(key, _)| key)
    }
}

fn by_source(loaded: Loaded) -> KeptSources {
    if loaded.lost > 0 {
        tracing::warn!(
            lost = loaded.lost,
            "some stored units cannot be understood; they count as never seen"
        );
    }
    let mut sources = KeptSources::new();
    for unit in loaded.units {
        let source = unit.kept.key.source.clone();
        sources.entry(source).or_default().0.push(unit);
    }
    for (source, known) in loaded.known {
        sources.entry(source).or_default().1 = known;
    }
    sources
}
