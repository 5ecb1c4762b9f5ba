//! The server: who listens, who polls, and how a newer configuration takes the place of the one before.

use std::{future, pin::pin, sync::Arc};

use rustix::process::{Resource, getrlimit};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    StartError,
    api::Chain,
    clock::Clock,
    config::{self, Config},
    feed::{Feeds, Polls},
    generation::{Generation, Ground},
    local_url, open, web,
    web::{site::Site, traffic::Traffic},
};

/// A server that is sure to start: whatever could be wrong has been looked at.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    admin: Option<TcpListener>,
    configs: Option<mpsc::Receiver<Config>>,
    app: web::App,
    /// The address readers know if the configuration names none.
    local: Arc<Url>,
    ground: Ground,
    first: Generation,
}

/// The two trees of addresses.
struct Sites {
    readers: Site,
    operators: Site,
    /// What is counted of readers, whatever the configuration.
    traffic: Arc<Traffic>,
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
        let server = config.server.clone();
        let local = Arc::new(local_url(&listener)?);
        let archive = open(&config.store, &clock).await?;
        let (ground, loaded) = Ground::open(&config, &clock, archive)?;
        let first = ground.first(config, loaded)?;
        Ok(Self {
            listener,
            admin: None,
            configs: None,
            app: app(server, &first.feeds, &local, Arc::default(), clock),
            local,
            ground,
            first,
        })
    }

    /// Has it tell operators on `listener` how everything stands.
    #[must_use]
    pub fn with_admin(self, listener: TcpListener) -> Self {
        let admin = Some(listener);
        Self { admin, ..self }
    }

    /// Has each of `configs` take the place of the one before, while connections and what is the same in both stay.
    #[must_use]
    pub fn with_configs(self, configs: mpsc::Receiver<Config>) -> Self {
        let configs = Some(configs);
        Self { configs, ..self }
    }

    /// Serves until `stop`. Trouble is logged and lived with.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            listener,
            admin,
            mut configs,
            app,
            local,
            ground,
            first,
        } = self;
        let sites = Sites {
            readers: app.clone().into(),
            traffic: Arc::clone(&app.traffic),
            operators: web::admin::router(app).into(),
        };
        let tell = async {
            if let Some(listener) = admin {
                let limits = web::serve::Limits::of_operators();
                let site = sites.operators.clone();
                web::serve::serve(listener, site, limits, stop.cancelled()).await;
            }
        };
        // All generations count reads together.
        let counting = Arc::clone(&first.feeds);
        // Sources are read until the last reader has left: one may be waiting for the first answer.
        let deserted = CancellationToken::new();
        let serve = async {
            let limits = web::serve::Limits::default().within(open_files());
            let site = sites.readers.clone();
            web::serve::serve(listener, site, limits, stop.cancelled()).await;
            counting.put_reads();
            deserted.cancel();
        };
        let keep = async {
            if let Some(keeper) = &ground.keeper {
                keeper.run(&deserted).await;
            }
        };
        let live = async {
            let mut polls = Polls::default();
            let mut now = Some(first);
            while let Some(generation) = now {
                polls.follow(&generation.feeds, &deserted);
                now = live(
                    &generation,
                    &ground,
                    &mut configs,
                    &sites,
                    &local,
                    &deserted,
                )
                .await;
            }
            polls.ended().await;
        };
        tokio::join!(serve, tell, keep, live);
    }
}

/// Lives through one generation; the next one, unless all is over before.
async fn live(
    generation: &Generation,
    ground: &Ground,
    configs: &mut Option<mpsc::Receiver<Config>>,
    sites: &Sites,
    local: &Arc<Url>,
    deserted: &CancellationToken,
) -> Option<Generation> {
    let over = deserted.child_token();
    let mut life = pin!(generation.live(ground, &over));
    loop {
        let config = tokio::select! {
            () = &mut life => return None,
            config = next(configs) => config,
        };
        let server = config.server.clone();
        match ground.next(config, generation).await {
            Ok(next) => {
                let traffic = Arc::clone(&sites.traffic);
                let app = app(server, &next.feeds, local, traffic, ground.clock.clone());
                sites.readers.replace(app.clone());
                sites.operators.replace(web::admin::router(app));
                tracing::info!("the new configuration is in use");
                over.cancel();
                life.await;
                return Some(next);
            }
            Err(error) => {
                tracing::error!(error = %Chain(&error), "the new configuration is not taken up; the one before stays in use");
            }
        }
    }
}

/// The next configuration; never if nobody brings one.
async fn next(configs: &mut Option<mpsc::Receiver<Config>>) -> Config {
    if let Some(receiver) = configs {
        if let Some(config) = receiver.recv().await {
            return config;
        }
        *configs = None;
    }
    future::pending().await
}

/// How many files this process may have open.
fn open_files() -> usize {
    let most = getrlimit(Resource::Nofile).current;
    most.and_then(|most| most.try_into().ok())
        .unwrap_or(usize::MAX)
}

fn app(
    server: config::Server,
    feeds: &Arc<Feeds>,
    local: &Arc<Url>,
    traffic: Arc<Traffic>,
    clock: Clock,
) -> web::App {
    web::App {
        traffic,
        feeds: Arc::clone(feeds),
        public_url: server
            .public_url
            .map_or_else(|| Arc::clone(local), Arc::new),
        uncompressed_agents: server.uncompressed_agents.into(),
        tolls: Arc::default(),
        clock,
    }
}
