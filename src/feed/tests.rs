//! Feeds over an upstream in memory and a clock that is moved by hand.

mod beyond;
mod day;
mod explain;
mod history;
mod hook;
mod listing;
mod merged;
mod polling;
mod reading;
mod series;
mod state;
mod validators;
mod visibility;

use std::{
    future::Future,
    sync::{LazyLock, Mutex, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use chrono::TimeDelta;
use chrono_tz::Tz;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{document::Document, *};
use crate::{
    api::{Addresses, Api, ApiError, Auth, Clients, Denial, Flaw, Limits, Setback, Site},
    clock::Hand,
    domain::{
        batch::Batch,
        event::Event,
        feed::GroupFeeds,
        id::GroupId,
        testing::{at, batch, feed, stage},
        when::{DateSpan, When},
    },
    source::{Ask, Source, Unit},
    zones::{Book, Databases},
};

/// Noon in London of the day on which every test begins.
const NOON: &str = "2026-11-22T12:00:00Z";

/// The secret of every webhook.
const HOOK: &str = "correct-horse-battery";

/// The tz database of the machine or the built-in one, held from before the tests begin.
fn zones() -> Arc<Zones> {
    static ZONES: LazyLock<Arc<Zones>> = LazyLock::new(|| {
        Arc::new(Zones::open(Databases::new(None), at("2026-11-01T00:00:00Z")).unwrap())
    });
    Arc::clone(&ZONES)
}

/// An upstream in memory: has events, may be down, and answers while its gate is open.
struct Upstream {
    events: Mutex<Result<Batch, Trouble>>,
    /// The units asked for, in order.
    asked: Mutex<Vec<String>>,
    gate: Semaphore,
    unit: fn(&Ask) -> Unit,
}

/// What is the matter with an upstream.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// Its answers cannot be read.
    Nonsense,
    /// It asks to be left alone for so long.
    Overload(Duration),
    /// It refuses our credentials.
    Refusal,
    /// Its answers hit a bug in the connector.
    Bug,
}

impl Upstream {
    fn with(events: impl IntoIterator<Item = Event>) -> Arc<Self> {
        Arc::new(Self {
            events: Mutex::new(Ok(batch(events))),
            asked: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            unit: Ask::by_days,
        })
    }

    /// One that can only be read whole.
    fn whole(events: impl IntoIterator<Item = Event>) -> Arc<Self> {
        let upstream = Arc::into_inner(Self::with(events)).unwrap();
        Arc::new(Self {
            unit: |_| Unit::whole(),
            ..upstream
        })
    }

    fn has(&self, batch: Batch) {
        *self.events.lock().unwrap() = Ok(batch);
    }

    fn fails(&self) {
        self.has_trouble(Trouble::Nonsense);
    }

    fn has_trouble(&self, trouble: Trouble) {
        *self.events.lock().unwrap() = Err(trouble);
    }

    fn close(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    fn open(&self) {
        self.gate.add_permits(1_000);
    }

    fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

struct Connector(SourceId, Arc<Upstream>);

#[async_trait]
impl Source for Connector {
    fn id(&self) -> &SourceId {
        &self.0
    }

    fn unit(&self, ask: &Ask) -> Unit {
        (self.1.unit)(ask)
    }

    async fn fetch(&self, _: &Api, unit: &Unit) -> Result<Batch, ApiError> {
        self.1.asked.lock().unwrap().push(unit.name.clone());
        let _open = self.1.gate.acquire().await.unwrap();
        let there = self.1.events.lock().unwrap().clone();
        let at = Site {
            source: self.0.clone(),
            host: "nowhere".to_owned(),
            route: "/events".into(),
            trace: None,
        };
        let mut batch = there.map_err(|trouble| match trouble {
            Trouble::Nonsense => ApiError::Malformed {
                at,
                flaw: Flaw::Html,
            },
            Trouble::Overload(wait) => ApiError::Unavailable {
                at,
                retry_after: Some(wait),
                cause: Setback::TimedOut(wait),
            },
            Trouble::Refusal => ApiError::Blocked {
                at,
                why: Denial::NoCookie,
            },
            Trouble::Bug => panic!("a bug in the connector"),
        })?;
        batch
            .events
            .retain(|event| event.series.is_some() || touches(event.when, unit.days));
        Ok(batch)
    }

    async fn check(&self, _: &Api) -> Result<String, ApiError> {
        Ok("nobody".to_owned())
    }
}

/// Whether an event may overlap the days in some zone.
fn touches(when: When, days: DateSpan) -> bool {
    let days = days.padded(1);
    let span = match when {
        When::Days(days) => days,
        When::Timed(span) => {
            DateSpan::through(span.start().date_naive(), span.end().date_naive()).unwrap()
        }
    };
    days.overlaps(span)
}

/// Feeds, and what is behind them.
struct World {
    feeds: Arc<Feeds>,
    hand: Hand,
}

/// How the source of a [`World`] is kept.
struct Setting {
    zone: Tz,
    horizon: &'static str,
    interval: Duration,
    group_feeds: GroupFeeds,
    book: Book,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            zone: Tz::Europe__Berlin,
            horizon: "past-10d..next-20d",
            interval: Duration::from_mins(10),
            group_feeds: GroupFeeds::Public,
            book: Book::new([], [], Some(Tz::Europe__Berlin)),
        }
    }
}

fn world<const N: usize>(sources: [(&str, &Arc<Upstream>, Setting); N], season: Feed) -> World {
    static CLIENTS: LazyLock<Clients> = LazyLock::new(|| Clients::new().unwrap());
    let (clock, hand) = Clock::movable(at(NOON));
    let units = sources.map(|(name, upstream, setting)| {
        let id: SourceId = name.parse().unwrap();
        let client = CLIENTS.reaching(Addresses::Global);
        let api = Api::new(
            id.clone(),
            client,
            Auth::None,
            Limits::default(),
            clock.clone(),
        );
        let keeping = Keeping {
            kind: "prospero",
            zone: setting.zone,
            horizon: setting.horizon.parse().unwrap(),
            interval: setting.interval,
            book: setting.book,
            group_feeds: setting.group_feeds,
            webhook: Some(HOOK.parse().unwrap()),
        };
        let connector = Box::new(Connector(id.clone(), Arc::clone(upstream)));
        let units = Units::new(connector, api, keeping, zones(), clock.clone());
        (id, Arc::new(units))
    });
    let feeds = BTreeMap::from([("season".parse().unwrap(), season)]);
    World {
        feeds: Arc::new(Feeds::new(units.into(), feeds, zones(), clock)),
        hand,
    }
}

/// One source, and a feed of all it has over its horizon.
fn simple(upstream: &Arc<Upstream>) -> World {
    world([("stage", upstream, Setting::default())], horizon_feed())
}

fn horizon_feed() -> Feed {
    Feed {
        window: "past-10d..next-20d".parse().unwrap(),
        ..feed()
    }
}

impl World {
    async fn poll(&self) {
        for (_, units) in self.feeds.sources() {
            units.poll().await;
        }
    }

    async fn get(&self, part: Part) -> Result<Arc<Document>, FeedError> {
        self.served(part).await.map(|served| served.document)
    }

    async fn served(&self, part: Part) -> Result<Served, FeedError> {
        let season = FeedName::Configured("season".parse().unwrap());
        self.feeds.get(season, part).await
    }

    /// The document of any feed.
    async fn of(&self, name: FeedName, part: Part) -> Result<Arc<Document>, FeedError> {
        let served = self.feeds.get(name, part).await;
        served.map(|served| served.document)
    }

    async fn window(&self, window: &str) -> Result<Arc<Document>, FeedError> {
        self.get(Part::Window(window.parse().unwrap())).await
    }
}

fn body(document: &Document) -> &str {
    std::str::from_utf8(document.identity().body()).unwrap()
}

/// The titles in a calendar, in its order.
fn titles(document: &Document) -> String {
    let lines = body(document).lines();
    let titles: Vec<&str> = lines
        .filter_map(|line| line.strip_prefix("SUMMARY:"))
        .collect();
    titles.join(" ")
}

/// Asks until the answer satisfies, or fails loudly after a generous time.
#[track_caller]
fn until<T, A: Future<Output = T>>(
    ask: impl Fn() -> A,
    satisfies: impl Fn(&T) -> bool,
) -> impl Future<Output = T> {
    let caller = std::panic::Location::caller();
    async move {
        let began = Instant::now();
        loop {
            let answer = ask().await;
            if satisfies(&answer) {
                return answer;
            }
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "waited in vain at {caller}"
            );
            tokio::task::yield_now().await;
        }
    }
}
