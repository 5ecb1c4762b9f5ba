//! An iCalendar address.

use calbridge::{
    domain::when::TimeSpan,
    sandbox::{
        double::Running,
        ics::{Ics, Route, Settings},
        season::Season,
    },
    source::{self, Kind},
};

use crate::{
    prospero::events,
    row::{self, Calls, Failure, Login, Pace},
};

pub(crate) struct Row;

impl row::Row for Row {
    type Upstream = Ics;

    const ROUTES: &'static [Route] = &[
        Route::Season,
        Route::Group,
        Route::External,
        Route::Moved,
        Route::Inward,
        Route::Loop,
        Route::Unknown,
    ];
    const LISTS: &'static [Route] = &[Route::Season];
    const LOGIN: Option<Login<Route>> = None;
    const RECORDS: Route = Route::Season;
    const TWICE: &'static [Route] = &[Route::Season];

    async fn start(season: Season, pace: Pace) -> Running<Ics> {
        Ics::start(season, Settings::new(pace.clock)).await.unwrap()
    }

    fn kind(upstream: &Running<Ics>) -> Kind {
        let address = format!("{}/season.ics", upstream.base_url());
        Kind::Ics(source::ics::Settings::at(&address).unwrap())
    }

    fn season(spans: &[TimeSpan]) -> Season {
        Season {
            events: events(spans),
            ..Season::empty()
        }
    }

    fn poll(_: u64) -> Calls<Self> {
        vec![(Route::Season, 1)]
    }

    fn long_poll() -> Calls<Self> {
        Self::poll(0)
    }

    fn asked(_: Failure) -> usize {
        1
    }

    /// A file comes in one piece, however many months it holds.
    async fn two_pieces() {
        row::read_in_two_pieces::<Self>(&[(Route::Season, 1)]).await;
    }
}
