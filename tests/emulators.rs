//! Clients that look only at what they look at, each of which ends with exactly what is published.
//!
//! An upstream of few events changes at random, two hundred times; clients come by as they please, over HTTP. The polls are
//! made by hand, under a clock that is moved by hand.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use calbridge::{
    clock::{Clock, Hand},
    config::Config,
    domain::event::Status,
    feed::Feeds,
    sandbox::prospero::{Fault, Lasting, Route, Running},
    web::{self, serve::Limits},
};
use chrono::TimeDelta;
use fastrand::Rng;
use reqwest::StatusCode;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use support::{
    reader::{Answer, Reader},
    upstream::{FEED, PASSWORD, Wiring, at, evenings, event, start},
};

/// Snapshots that each client may see.
const SNAPSHOTS: usize = 200;

/// An event as a client keeps it: its lines.
type Event = BTreeMap<String, String>;

/// The events of an answer, by UID.
fn events(answer: &Answer) -> BTreeMap<String, Event> {
    let text = answer.text().replace("\r\n ", "");
    let events = text.split("BEGIN:VEVENT\r\n").skip(1).map(|event| {
        let (event, _) = event.split_once("END:VEVENT").unwrap();
        let lines = event.lines().map(|line| {
            let end = line.find([';', ':']).unwrap();
            (line[..end].to_owned(), line[end..].to_owned())
        });
        let lines: Event = lines.collect();
        (lines["UID"].clone(), lines)
    });
    events.collect()
}

/// How a client decides whether what came is news to it.
#[derive(Debug, Clone, Copy)]
enum Habit {
    /// It takes an event if it is later than its own copy (as `ICSx5` does, interop E4).
    LaterOnly,
    /// It takes an event if any of the three stamps is not that of its own copy (Evolution, interop E4).
    OtherStamps,
    /// It takes whatever came, and has nothing if nothing came (Thunderbird, interop W6).
    Everything,
}

/// A client with its copy of the calendar, which it asks for with the validators it was given.
struct Client {
    habit: Habit,
    reader: Reader,
    kept: BTreeMap<String, Event>,
    validators: Vec<(&'static str, String)>,
}

impl Client {
    fn new(habit: Habit, reader: &Reader) -> Self {
        Self {
            habit,
            reader: reader.clone(),
            kept: BTreeMap::new(),
            validators: Vec::new(),
        }
    }

    /// Comes by once. All of them drop what is not in the calendar any more.
    async fn come_by(&mut self) {
        let validators = self.validators.iter();
        let validators: Vec<_> = validators.map(|(name, value)| (*name, &**value)).collect();
        let answer = self.reader.get_with(FEED, &validators).await;
        if answer.status == StatusCode::NOT_MODIFIED {
            return;
        }
        assert_eq!(answer.status, StatusCode::OK);
        self.validators = match self.habit {
            // One that knows no entity tags.
            Habit::LaterOnly => vec![(
                "if-modified-since",
                answer.header("last-modified").to_owned(),
            )],
            Habit::OtherStamps | Habit::Everything => {
                vec![("if-none-match", answer.header("etag").to_owned())]
            }
        };
        let mut came = events(&answer);
        for (uid, mine) in &self.kept {
            let Some(theirs) = came.get_mut(uid) else {
                continue;
            };
            let same = |name: &str| mine[name] == theirs[name];
            let is_news = match self.habit {
                Habit::LaterOnly => theirs["LAST-MODIFIED"] > mine["LAST-MODIFIED"],
                Habit::OtherStamps => !["DTSTAMP", "LAST-MODIFIED", "SEQUENCE"]
                    .into_iter()
                    .all(same),
                Habit::Everything => true,
            };
            if !is_news {
                theirs.clone_from(mine);
            }
        }
        self.kept = came;
    }
}

/// The library's server over an upstream, polled by hand.
struct Stage {
    upstream: Running,
    feeds: Arc<Feeds>,
    hand: Hand,
    reader: Reader,
    stop: CancellationToken,
}

impl Stage {
    async fn set() -> Self {
        let upstream = start(evenings()).await;
        let (clock, hand) = Clock::movable(at("2026-11-22T12:00:00Z"));
        let text = Wiring::default().text(&upstream);
        let secret = |_: &str| Some(PASSWORD.to_owned());
        let config = Config::parse(&text, "calbridge.toml", Path::new("."), &secret).unwrap();
        let (feeds, _) = calbridge::assemble(config, &clock, None).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = web::App {
            traffic: std::sync::Arc::default(),
            feeds: Arc::clone(&feeds),
            public_url: Arc::new(url.parse().unwrap()),
            uncompressed_agents: Arc::new([]),
            tolls: Arc::default(),
            clock,
        };
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        tokio::spawn(async move {
            let stopped = stopped.cancelled();
            web::serve::serve(listener, web::router(app), Limits::default(), stopped).await;
        });
        Self {
            upstream,
            feeds,
            hand,
            reader: Reader::of(&url),
            stop,
        }
    }

    async fn poll(&self) {
        for (_, units) in self.feeds.sources() {
            units.poll().await;
        }
    }

    /// Something happens upstream, or to it.
    fn happen(&self, random: &mut Rng, number: u16) {
        if random.u8(..10) == 0 {
            self.upstream
                .fault(Route::Events, Fault::Html, Lasting::Next(1));
        }
        let day = random.u8(3..28);
        let start = format!("2030-11-{day:02}T{:02}:00:00Z", random.u8(10..23));
        self.upstream.edit(|season| {
            let events = &mut season.events;
            let choice = random.choice(0..events.len());
            match (random.u8(..12), choice) {
                // All of them at once, which is not believed for a day.
                (0, _) => events.clear(),
                (1..=4, Some(which)) => drop(events.swap_remove(which)),
                (5 | 6, Some(which)) => events[which].title = Some(format!("Renamed {number}")),
                (7 | 8, Some(which)) => {
                    events[which].span = event(number, "", &start).span;
                }
                // One that is there already, or was once, or is new.
                _ => {
                    let id = random.u16(..20);
                    let new = event(id, &format!("Evening {id}"), &start);
                    events.retain(|event| event.id != new.id);
                    events.push(new);
                }
            }
        });
    }

    /// Fails unless `client` has what is published: the bytes of the calendar, which say what the snapshot says.
    async fn assert_has_it_all(&self, client: &Client, row: &str) {
        let published = events(&self.reader.get(FEED).await);
        assert_eq!(client.kept, published, "{row}");
        let (_, units) = self.feeds.sources().next().unwrap();
        let snapshot = units.standing().snapshot.unwrap();
        let entries = snapshot.entries();
        assert_eq!(client.kept.len(), entries.len(), "{row}");
        for entry in entries {
            let kept = &client.kept[&format!(":{}", entry.event.uid)];
            assert_eq!(kept["SUMMARY"], format!(":{}", entry.event.title), "{row}");
            let cancelled = kept["STATUS"] == ":CANCELLED";
            assert_eq!(
                cancelled,
                entry.event.status == Some(Status::Cancelled),
                "{row}"
            );
        }
    }
}

#[tokio::test]
async fn every_kind_of_client_ends_with_exactly_what_is_published() {
    for seed in [1, 2] {
        let mut random = Rng::with_seed(seed);
        let stage = Stage::set().await;
        stage.poll().await;
        let habits = [Habit::LaterOnly, Habit::OtherStamps, Habit::Everything];
        let mut clients = habits.map(|habit| Client::new(habit, &stage.reader));
        let mut most = 0;
        for snapshot in 0..SNAPSHOTS {
            stage.happen(&mut random, u16::try_from(snapshot).unwrap());
            let minutes = random.choice([1, 10, 11, 25, 25, 600, -30]).unwrap();
            stage.hand.advance(TimeDelta::minutes(minutes));
            stage.poll().await;
            for client in &mut clients {
                if random.bool() {
                    client.come_by().await;
                    let row = format!("{:?} at {snapshot} of seed {seed}", client.habit);
                    stage.assert_has_it_all(client, &row).await;
                    most = most.max(client.kept.len());
                }
            }
        }
        assert!(most > 8, "there was something to keep: {most}");
        for client in &mut clients {
            client.come_by().await;
            stage
                .assert_has_it_all(client, &format!("{:?}, at last", client.habit))
                .await;
        }
        assert_eq!(stage.upstream.violations(), []);
        stage.stop.cancel();
    }
}
