//! Prospero.

use calbridge::{
    domain::when::TimeSpan,
    sandbox::{
        double::Running,
        prospero::{self, Prospero, Route, Settings},
        season::{Event, Season, Span, Status},
    },
    source::{self, Kind, prospero::AllDayEnd},
};

use crate::{
    row::{self, Calls, Failure, Login, Pace},
    world::now,
};

pub(crate) struct Row;

impl row::Row for Row {
    type Upstream = Prospero;

    const ROUTES: &'static [Route] = &[
        Route::Health,
        Route::Login,
        Route::Refresh,
        Route::Whoami,
        Route::Events,
        Route::Archive,
        Route::Location,
        Route::Entity,
        Route::Unknown,
    ];
    const LISTS: &'static [Route] = &[Route::Events, Route::Archive];
    const LOGIN: Option<Login<Route>> = Some(Login {
        first: Route::Login,
        renewal: Route::Refresh,
    });
    const RECORDS: Route = Route::Events;
    const TWICE: &'static [Route] = &[Route::Events, Route::Archive];

    async fn start(season: Season, pace: Pace) -> Running<Prospero> {
        let settings = Settings::new(pace.clock);
        Prospero::start(season, settings).await.unwrap()
    }

    fn kind(upstream: &prospero::Running) -> Kind {
        let clock = calbridge::clock::Clock::new(now);
        let account = Settings::new(clock);
        Kind::Prospero(source::prospero::Settings {
            base_url: upstream.base_url().parse().unwrap(),
            email: account.email,
            password: account.password,
            status: [(1, calbridge::domain::event::Status::Confirmed)].into(),
            all_day_end: AllDayEnd::Inclusive,
        })
    }

    fn season(spans: &[TimeSpan]) -> Season {
        Season {
            events: events(spans),
            ..Season::empty()
        }
    }

    fn poll(_: u64) -> Calls<Self> {
        vec![(Route::Login, 1), (Route::Events, 1), (Route::Archive, 1)]
    }

    /// Each month is asked for on its own.
    fn long_poll() -> Calls<Self> {
        vec![(Route::Login, 1), (Route::Events, 12), (Route::Archive, 12)]
    }

    fn asked(_: Failure) -> usize {
        1
    }

    /// A piece is a month.
    async fn two_pieces() {
        let months = [(Route::Login, 1), (Route::Events, 2), (Route::Archive, 2)];
        row::read_in_two_pieces::<Self>(&months).await;
    }
}

/// A confirmed event for each of `spans`.
pub(crate) fn events(spans: &[TimeSpan]) -> Vec<Event> {
    let event = |(number, span): (usize, &TimeSpan)| {
        let id = format!("{number:08x}-3e10-11e9-8105-0b5ea50f5a1d");
        let span = Span::Timed {
            start: span.start(),
            end: Some(span.end()),
        };
        Event {
            title: Some(format!("Evening {number}")),
            status: Some(Status::Confirmed),
            ..Event::bare(id, span)
        }
    };
    spans.iter().enumerate().map(event).collect()
}
