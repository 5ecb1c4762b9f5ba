//! A server with one public source and one closed one, whose upstreams are never asked: all is known from a store.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request},
};
use calbridge::{
    clock::Clock,
    config::Config,
    domain::id::EventUid,
    feed::Keeper,
    web::{App, site::Site},
};
use tokio::runtime::Runtime;

use crate::{ground, shelf::Shelf};

use super::{answer::Answer, asked::Asked};

/// Stands in what is closed and nowhere else.
pub(super) const CANARY: &str = "canary-5b0e";
/// Opens it.
pub(super) const TOKEN: &str = "3f7a1c9e5d2b8046af13";

/// Publishes both, the closed one below the token.
const CONFIG: &str = include_str!("calbridge.toml");
/// What is public.
const SEASON: &str = include_str!("season.ics");
/// What is closed.
const CAST: &str = include_str!("cast.ics");

pub(super) static SERVED: LazyLock<Served> = LazyLock::new(Served::begin);

/// The server in this process.
pub(super) struct Served {
    runtime: Runtime,
    app: App,
    /// The UID of a public event.
    pub(super) uid: String,
}

impl Served {
    fn begin() -> Self {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        let clock = Clock::new(ground::now);
        let config = Config::parse(CONFIG, "fuzz", Path::new("."), &|_: &str| None);
        let config = config.expect("a good configuration");
        let public_url = config.server.public_url.clone().expect("there is one");
        let office = "office".parse().expect("a name");
        let shelf = Shelf([(ground::source(), SEASON), (office, CAST)].into());
        let archive = runtime.block_on(Keeper::open(Arc::new(shelf), clock.clone()));
        let archive = archive.expect("the store is in memory");
        let assembled = calbridge::assemble(config, &clock, Some(archive));
        let (feeds, _) = assembled.expect("zones and a client");
        let served = Self {
            runtime,
            app: App {
                feeds,
                public_url: Arc::new(public_url),
                uncompressed_agents: Arc::new([]),
                tolls: Arc::default(),
                traffic: Arc::default(),
                clock,
            },
            uid: EventUid::new(&ground::source(), "premiere").to_string(),
        };
        let opened = Asked::read(&format!("GET /s/{TOKEN}/feeds/cast.ics"));
        let opened = served.fresh().answer(&opened.expect("a request"));
        assert!(opened.tells(CANARY), "nobody could find it: {opened:?}");
        served
    }

    /// The server as it is before anything was asked of it.
    pub(super) fn fresh(&self) -> Server<'_> {
        let app = App {
            tolls: Arc::default(),
            ..self.app.clone()
        };
        Server {
            runtime: &self.runtime,
            site: Site::from(app),
        }
    }
}

/// A server that remembers what was asked of it.
pub(super) struct Server<'a> {
    runtime: &'a Runtime,
    site: Site,
}

impl Server<'_> {
    /// What is answered to `asked`.
    pub(super) fn answer(&self, asked: &Asked) -> Answer {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = asked.method.clone();
        *request.uri_mut() = asked.uri.clone();
        *request.headers_mut() = asked.headers.clone();
        self.runtime.block_on(async {
            let (parts, body) = self.site.answer(request).await.into_parts();
            let body = to_bytes(body, usize::MAX).await;
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: body.expect("a body in memory").to_vec(),
                of_head: asked.method == Method::HEAD,
            }
        })
    }
}
