//! The fictional season with everything that calendars trip over, from the sandbox through the real server to three
//! calendar readers.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "support/child.rs"]
#[expect(dead_code, reason = "the other test files use the rest")]
mod child;
#[path = "support/octets.rs"]
mod octets;
#[path = "support/process.rs"]
mod process;
#[path = "support/readers.rs"]
mod readers;
#[path = "support/vcalendar.rs"]
mod vcalendar;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use calbridge::{
    cli::sandbox::config_text,
    clock::Clock,
    domain::id::EventUid,
    sandbox::{
        prospero::{Prospero, Settings},
        season::{CANARY, Event, Season, Span, Status},
    },
};
use chrono::{DateTime, Utc};
use toml::Table;

use process::Server;
use readers::Read;
use vcalendar::{Purpose, fine};

/// The day the season is made around.
const TODAY: &str = "2026-11-22";
/// More days than it has.
const DAYS: &str = "2026-04-01..2028-03-31";

#[tokio::test(flavor = "multi_thread")]
async fn the_fictional_season_is_read_alike_by_three_readers_and_as_it_was_meant() {
    let now: DateTime<Utc> = format!("{TODAY}T10:00:00Z").parse().unwrap();
    let season = Season::touring(now.date_naive());
    let (clock, _) = Clock::movable(now);
    let settings = Settings::new(clock);
    let upstream = Prospero::start(season.clone(), settings.clone())
        .await
        .unwrap();
    let printed = config_text(&upstream.url(), &season, &settings, now.date_naive());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("calbridge.toml"),
        over_all_days(&printed),
    )
    .unwrap();
    let bridge = Server::start(folder.path(), &["serve"]);

    let body = tokio::task::spawn_blocking(move || bridge.get("/feeds/season.ics"))
        .await
        .unwrap();
    let calendar = fine(&body, Purpose::Feed, "the season");
    let reads = readers::agreed(&body, "the season");

    let public = season.events.iter().filter(|event| !event.draft);
    let wanted: BTreeMap<String, &Event> = public.map(|event| (uid(event), event)).collect();
    let found: BTreeSet<&String> = reads.iter().map(|read| &read.uid).collect();
    assert_eq!(
        found,
        wanted.keys().collect(),
        "every event that is no draft, once, and nothing else"
    );
    assert!(
        !String::from_utf8(body).unwrap().contains(CANARY),
        "nothing private"
    );

    let names = Names::of(&season);
    let mut statuses = BTreeMap::<Option<String>, usize>::new();
    for (read, written) in reads.iter().zip(calendar.all("VEVENT")) {
        let event = wanted[&read.uid];
        is_as_meant(event, read, &names);
        let texts = [&read.summary, &read.location, &read.description];
        for (name, text) in ["SUMMARY", "LOCATION", "DESCRIPTION"]
            .into_iter()
            .zip(texts)
        {
            let ours = written.text(name);
            assert_eq!(
                text.as_deref().unwrap_or_default(),
                ours,
                "{name} of {event:?}"
            );
        }
        *statuses.entry(read.status.clone()).or_default() += 1;
    }
    assert_eq!(
        statuses.len(),
        4,
        "each status and none occur: {statuses:?}"
    );
    upstream.stop().await;
}

#[test]
fn the_demo_serves_what_three_readers_read_alike() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Server::start(folder.path(), &["demo"]);
    for path in [
        "/feeds/season.ics",
        "/feeds/next-90d/season.ics",
        "/feeds/this-year/season.ics",
    ] {
        let body = demo.get(path);
        let calendar = fine(&body, Purpose::Feed, path);
        assert_eq!(
            readers::agreed(&body, path).len(),
            calendar.uids().len(),
            "{path}"
        );
        assert!(!calendar.uids().is_empty(), "{path}");
        assert!(!String::from_utf8(body).unwrap().contains(CANARY), "{path}");
    }
}

/// What an event is, as the season has it, is what readers see.
#[track_caller]
fn is_as_meant(event: &Event, read: &Read, names: &Names<'_>) {
    let seconds = |at: DateTime<Utc>| Some(at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    match event.span {
        Span::Days { first, last } => {
            let end = last.succ_opt().map(|end| end.to_string());
            assert_eq!(
                (&read.start_local, &read.end_local),
                (&first.to_string(), &end),
                "{event:?}"
            );
            assert_eq!((read.all_day, &read.tzid), (true, &None), "{event:?}");
        }
        Span::Timed { start, end } => {
            assert!(!read.all_day, "{event:?}");
            assert_eq!(read.start_utc, seconds(start), "{event:?}");
            let end = end.filter(|end| *end > start);
            assert_eq!(read.end_utc, end.and_then(seconds), "{event:?}");
            let zone = read.tzid.as_deref();
            assert!(
                zone.is_none_or(|zone| zone == names.zone(event)),
                "{zone:?} of {event:?}"
            );
        }
    }
    let status = match event.status {
        Some(Status::Tentative) => Some("TENTATIVE"),
        Some(Status::Confirmed) => Some("CONFIRMED"),
        Some(Status::Canceled) => Some("CANCELLED"),
        Some(Status::Unheard) | None => None,
    };
    assert_eq!(read.status.as_deref(), status, "{event:?}");
    let categories: BTreeSet<&str> = read.categories.iter().map(String::as_str).collect();
    assert_eq!(categories, names.categories(event), "{event:?}");
    let title = event.title.as_deref().unwrap_or("Untitled");
    let letters = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let summary = read.summary.as_deref().unwrap_or_default();
    assert_eq!(letters(summary), letters(title), "{event:?}");
}

/// Names and zones of a season by id.
struct Names<'a> {
    home: &'a str,
    zones: HashMap<&'a str, &'a str>,
    categories: HashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    fn of(season: &'a Season) -> Self {
        let places = season.places.iter();
        let named = season.projects.iter().chain(&season.tags);
        let named = named.map(|named| (named.id.as_str(), named.name.as_str()));
        let groups = season
            .groups
            .iter()
            .map(|group| (group.id.as_str(), group.name.as_str()));
        Self {
            home: &season.zone,
            zones: places
                .map(|place| (place.id.as_str(), place.zone.as_str()))
                .collect(),
            categories: named.chain(groups).collect(),
        }
    }

    /// The zone of its first place that anybody knows, else of the office.
    fn zone(&self, event: &Event) -> &'a str {
        let known = |id: &String| self.zones.get(id.as_str()).copied();
        event.places.iter().find_map(known).unwrap_or(self.home)
    }

    fn categories(&self, event: &Event) -> BTreeSet<&'a str> {
        let ids = event
            .groups
            .iter()
            .chain(&event.projects)
            .chain(&event.tags);
        ids.map(|id| self.categories[id.as_str()]).collect()
    }
}

fn uid(event: &Event) -> String {
    EventUid::new(&"stage".parse().unwrap(), &event.id).to_string()
}

/// `config` on a free port, with every day of the season kept and shown.
fn over_all_days(config: &str) -> String {
    let mut table: Table = config.parse().unwrap();
    let set = |section: &mut toml::Value, key: &str, value: &str| {
        let section = section.as_table_mut().unwrap();
        let old = section.insert(key.to_owned(), value.into());
        assert!(old.is_some(), "{key}");
    };
    set(&mut table["server"], "listen", "127.0.0.1:0");
    set(&mut table["sources"]["stage"], "horizon", DAYS);
    set(&mut table["feeds"]["season"], "window", DAYS);
    table.to_string()
}
