//! The whole server in this process, with a clock that stands still.

use std::{net::SocketAddr, path::Path};

use calbridge::{
    clock::{Clock, Hand},
    config::{Config, Store},
    sandbox::prospero::Running,
};
use reqwest::StatusCode;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    reader::Reader,
    upstream::{CHOIR, FEED, PASSWORD, Wiring, at, evenings, start},
};

/// A server in this process, ended when dropped.
pub(crate) struct Served {
    pub(crate) upstream: Running,
    pub(crate) reader: Reader,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Moves its clock, which stands at 22 November 2026, 10:00 UTC.
    pub(crate) hand: Hand,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl Served {
    /// A server of five evenings, which it has read.
    pub(crate) async fn begin(keys: &str) -> Self {
        let served = Self::over(start(evenings()).await, keys).await;
        assert_eq!(served.reader.get(FEED).await.status, StatusCode::OK);
        served
    }

    /// A server over `upstream` with `keys` in `[server]`.
    pub(crate) async fn over(upstream: Running, keys: &str) -> Self {
        let wiring = Wiring {
            server: format!("listen = \"127.0.0.1:0\"\n{keys}"),
            ..Wiring::default()
        };
        Self::wired(upstream, &wiring).await
    }

    /// A server over `upstream`, configured as `wiring` says.
    pub(crate) async fn wired(upstream: Running, wiring: &Wiring) -> Self {
        let password = |_: &str| Some(PASSWORD.to_owned());
        let text = wiring.text(&upstream);
        let mut config = Config::parse(&text, "test", Path::new("."), &password).unwrap();
        config.store = Store::Memory;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let (clock, hand) = Clock::movable(at("2026-11-22T10:00:00Z"));
        let server = calbridge::Server::new(config, listener, clock)
            .await
            .unwrap();
        Self {
            upstream,
            hand,
            address,
            reader: Reader::of(&format!("http://{address}")),
            server: tokio::spawn(server.run(stop.clone())),
            stop,
        }
    }

    /// An address of every kind of calendar of the feed that is there by default.
    pub(crate) async fn calendars(&self) -> Vec<String> {
        let uid = self.reader.get(FEED).await.values("UID")[0].clone();
        vec![
            FEED.to_owned(),
            "/feeds/2030-11-05..2030-11-20/season.ics".to_owned(),
            format!("/groups/stage/{CHOIR}/choir.ics"),
            format!("/groups/stage/{CHOIR}/2030-11-05..2030-11-20/any-name.ics"),
            format!("/events/season/{uid}.ics"),
            "/download/season.ics".to_owned(),
            "/download/2030-11-05..2030-11-20/season.ics".to_owned(),
        ]
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
        self.server.abort();
    }
}
