//! A Prospero with a handful of events in November 2030, and a configuration for it.
//!
//! The month is far ahead so that no event turns from coming to past while a test runs, and the horizon lies in one month,
//! so that it is one slice: a poll is one call of each event route.

use calbridge::{
    clock::Clock,
    sandbox::{
        prospero::{Fault, Lasting, Prospero, Route, Running, Settings},
        season::{Event, Group, Holds, Place, Season, Span, Status},
    },
};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

pub(crate) use super::child::PASSWORD;
use super::until;

/// The only venue.
pub(crate) const HALL: &str = "741d8001-3e10-11e9-8103-0b5ea50f5a1d";
/// The only group.
pub(crate) const CHOIR: &str = "741d8001-3e10-11e9-8104-0b5ea50f5a1d";
/// The days that are kept warm.
pub(crate) const DAYS: &str = "2030-11-02..2030-11-29";
/// The default address of the feed.
pub(crate) const FEED: &str = "/feeds/season.ics";

/// Reads an instant.
#[track_caller]
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A confirmed event of the choir in the hall, from `start` on for two hours.
#[track_caller]
pub(crate) fn event(number: u16, title: &str, start: &str) -> Event {
    let start = at(start);
    let span = Span::Timed {
        start,
        end: Some(start + chrono::TimeDelta::hours(2)),
    };
    Event {
        title: Some(title.to_owned()),
        status: Some(Status::Confirmed),
        places: vec![HALL.to_owned()],
        groups: vec![CHOIR.to_owned()],
        created: Some(at("2026-01-02T03:04:05Z")),
        updated: Some(at("2026-02-03T04:05:06Z")),
        ..Event::bare(format!("{number:08x}-3e10-11e9-8105-0b5ea50f5a1d"), span)
    }
}

/// Five evenings in November 2030.
pub(crate) fn evenings() -> Vec<Event> {
    let evening = |number: u16| {
        let start = format!("2030-11-{:02}T23:30:00Z", 5 * number);
        event(number, &format!("Evening {number}"), &start)
    };
    (1..=5).map(evening).collect()
}

/// A season of nothing but `events`, with one hall and one choir.
pub(crate) fn season(events: Vec<Event>) -> Season {
    Season {
        title: "Season".to_owned(),
        org: "741d8001-3e10-11e9-8100-0b5ea50f5a1d".to_owned(),
        zone: "America/New_York".to_owned(),
        places: vec![Place {
            id: HALL.to_owned(),
            name: "Harbour Hall".to_owned(),
            zone: "America/New_York".to_owned(),
            address: vec!["1 Quay Street".to_owned()],
            inside: None,
        }],
        groups: vec![Group {
            id: CHOIR.to_owned(),
            name: "Choir".to_owned(),
            holds: Holds::People,
        }],
        events,
        ..Season::empty()
    }
}

/// A double's settings, whose clock stands still, so that tokens expire only by the test's own hand.
pub(crate) fn settings() -> Settings {
    let (clock, _) = Clock::movable(at("2026-11-22T10:00:00Z"));
    Settings {
        password: SecretString::from(PASSWORD),
        ..Settings::new(clock)
    }
}

/// A double with `events`.
pub(crate) async fn start(events: Vec<Event>) -> Running {
    Prospero::start(season(events), settings()).await.unwrap()
}

/// A fault that spoils nothing: it lets calls pass before the next fault in the queue.
pub(crate) fn pass() -> Fault {
    Fault::Slow {
        pause: Duration::ZERO,
    }
}

/// Lets `calls` calls of a route pass, and holds the next one until the route is cleared.
pub(crate) fn hold_after(upstream: &Running, route: Route, calls: u32) {
    upstream.fault(route, pass(), Lasting::Next(calls));
    upstream.fault(route, Fault::Hang, Lasting::UntilCleared);
}

/// Waits until a route was called at least so often.
pub(crate) async fn called(upstream: &Running, route: Route, times: u64) {
    let what = format!("{route:?} is called {times} times");
    until(&what, async || {
        (upstream.calls(route) >= times).then_some(())
    })
    .await;
}

/// Fails unless these are all the calls there were of the routes that matter, and none was out of order.
#[track_caller]
pub(crate) fn assert_calls(
    upstream: &Running,
    [login, refresh, events, archive]: [u64; 4],
    row: &str,
) {
    let found = [Route::Login, Route::Refresh, Route::Events, Route::Archive];
    assert_eq!(
        found.map(|route| upstream.calls(route)),
        [login, refresh, events, archive],
        "logins, refreshes, events, archive: {row}"
    );
    assert_eq!(upstream.violations(), [], "{row}");
}

/// How a source is configured, as far as tests differ.
#[derive(Debug, Clone)]
pub(crate) struct Wiring {
    /// Lines of `[server]`.
    pub(crate) server: String,
    /// The days kept warm, which are the feed's window too.
    pub(crate) horizon: String,
    /// Time between two polls.
    pub(crate) refresh: String,
    /// Who may read the feeds of groups.
    pub(crate) groups: String,
    /// More lines of `[sources.stage]`.
    pub(crate) source: String,
    /// More tables.
    pub(crate) more: String,
}

impl Default for Wiring {
    fn default() -> Self {
        Self {
            server: "listen = \"127.0.0.1:0\"".to_owned(),
            horizon: DAYS.to_owned(),
            refresh: "10m".to_owned(),
            groups: "public".to_owned(),
            source: String::new(),
            more: String::new(),
        }
    }
}

impl Wiring {
    /// Polls as often as it can.
    pub(crate) fn eager() -> Self {
        Self {
            refresh: "1s".to_owned(),
            ..Self::default()
        }
    }

    /// The configuration of a server over `upstream`.
    pub(crate) fn text(&self, upstream: &Running) -> String {
        let Self {
            server,
            horizon,
            refresh,
            groups,
            source,
            more,
        } = self;
        let email = settings().email;
        debug_assert_eq!(settings().password.expose_secret(), PASSWORD);
        format!(
            r#"
[server]
{server}

[sources.stage]
kind = "prospero"
base_url = "{url}"
email = "{email}"
password = {{ env = "PROSPERO_PASSWORD" }}
status = {{ "0" = "tentative", "1" = "confirmed", "2" = "cancelled" }}
allow_private_addresses = true
zone = "America/New_York"
horizon = "{horizon}"
refresh = "{refresh}"
group_feeds = "{groups}"
{source}

[sources.stage.names]
"{CHOIR}" = "Choir"

[feeds.season]
title = "Season"
sources = ["stage"]
window = "{horizon}"
{more}
"#,
            url = upstream.url()
        )
    }
}
