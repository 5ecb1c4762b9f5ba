//! Pages over the whole router, from what is in memory to compressed bytes, in process: guards the 5 ms of server time that a
//! month of 200 events may take.

use std::{
    hint::black_box,
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use calbridge::{
    clock::Clock,
    config::{Config, Store},
    feed::{FeedName, Part},
    sandbox::{
        prospero::{Prospero, Running, Settings},
        season::{Event, Season, Span},
    },
    web::{App, router},
};
use chrono::{DateTime, TimeDelta, Utc};
use divan::Bencher;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use secrecy::SecretString;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Events in the month.
const MONTH: u32 = 200;

/// How long the month may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

const PASSWORD: &str = "bench-password";

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

static SERVED: LazyLock<Served> = LazyLock::new(Served::begin);

fn main() {
    divan::main();
}

/// A server of one month, which it has read.
struct Served {
    runtime: Runtime,
    service: TowerToHyperService<Router>,
    _upstream: Running,
}

impl Served {
    fn begin() -> Self {
        let runtime = Runtime::new().expect("threads");
        let (service, upstream) = runtime.block_on(begin());
        Self {
            runtime,
            service,
            _upstream: upstream,
        }
    }

    /// The bytes at `path`, as a browser asks for them.
    fn read(&self, path: &str) -> usize {
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_ENCODING, "gzip, deflate, br, zstd")
            .body(Body::empty())
            .expect("a request");
        self.runtime.block_on(async {
            let Ok(answer) = self.service.call(request).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            let body = to_bytes(answer.into_body(), usize::MAX).await;
            body.expect("a body in memory").len()
        })
    }
}

async fn begin() -> (TowerToHyperService<Router>, Running) {
    let clock = Clock::new(now);
    let settings = Settings {
        password: SecretString::from(PASSWORD),
        ..Settings::new(clock.clone())
    };
    let email = settings.email.clone();
    let season = Season {
        title: "Season".to_owned(),
        org: "741d8001-3e10-11e9-8100-0b5ea50f5a1d".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        events: (0..MONTH).map(event).collect(),
        ..Season::empty()
    };
    let upstream = Prospero::start(season, settings).await.expect("a port");
    let text = format!(
        r#"
[server]
listen = "127.0.0.1:0"

[sources.stage]
kind = "prospero"
base_url = "{url}"
email = "{email}"
password = {{ env = "PASSWORD" }}
allow_private_addresses = true
zone = "Europe/Berlin"
horizon = "2030-11"

[feeds.season]
sources = ["stage"]
window = "2030-11"
"#,
        url = upstream.url()
    );
    let secret = |_: &str| Some(PASSWORD.to_owned());
    let mut config = Config::parse(&text, "bench", Path::new("."), &secret).expect("a good one");
    config.store = Store::Memory;
    let (feeds, _) = calbridge::assemble(config, &clock, None).expect("zones and a client");
    let (name, stop) = (
        FeedName::Configured("season".parse().expect("a name")),
        CancellationToken::new(),
    );
    tokio::select! {
        read = feeds.get_within(name, Part::Default, PATIENCE) => { read.expect("the month"); }
        () = feeds.refresh(&stop) => {}
    }
    let app = App {
        feeds,
        public_url: Arc::new(Url::parse("https://calendars.example").expect("a literal")),
        uncompressed_agents: Arc::new([]),
        tolls: Arc::default(),
        traffic: Arc::default(),
        clock,
    };
    (TowerToHyperService::new(router(app)), upstream)
}

fn now() -> DateTime<Utc> {
    "2030-11-14T12:00:00Z".parse().expect("a literal")
}

/// One of several on each day of the month, all on different hours.
fn event(number: u32) -> Event {
    let month: DateTime<Utc> = "2030-11-01T07:00:00Z".parse().expect("a literal");
    let start =
        month + TimeDelta::days((number % 30).into()) + TimeDelta::hours((2 * number / 30).into());
    let span = Span::Timed {
        start,
        end: Some(start + TimeDelta::hours(1)),
    };
    Event {
        title: Some(format!("Rehearsal {number}, act two: strings & winds")),
        details: Some("<p>Call at the stage door. Quiet, please &amp; thank you.</p>".to_owned()),
        ..Event::bare(format!("{number:08x}-3e10-11e9-8105-0b5ea50f5a1d"), span)
    }
}

#[divan::bench(args = ["month", "week", "day", "agenda", "list?limit=100"])]
fn embed(bencher: Bencher<'_, '_>, view: &str) {
    let path = format!("/embed/season/{view}");
    bencher.bench(|| SERVED.read(black_box(&path)));
}

#[divan::bench]
fn whole_month(bencher: Bencher<'_, '_>) {
    bencher.bench(|| SERVED.read(black_box("/embed/season/month/2030-11?limit=100&lang=en")));
}

#[divan::bench]
fn subscribe(bencher: Bencher<'_, '_>) {
    bencher.bench(|| SERVED.read(black_box("/feeds/season")));
}
