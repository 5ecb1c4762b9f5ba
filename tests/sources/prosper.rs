//! Prosper.

use calbridge::{
    api::PasswordGrant,
    clock::Clock,
    domain::when::TimeSpan,
    sandbox::{
        double::Running,
        portfolio::{Listing, Portfolio},
        prosper::{Prosper, Route, Settings},
        season::Season,
    },
    source::{self, Kind, prosper::Record},
};
use chrono::TimeDelta;

use crate::{
    row::{self, Calls, Failure, Login, Pace, Rate},
    world::now,
};

pub(crate) struct Row;

impl row::Row for Row {
    type Upstream = Prosper;

    const ROUTES: &'static [Route] = &[
        Route::Token,
        Route::Account,
        Route::Notes,
        Route::Note,
        Route::Payments,
        Route::Listings,
        Route::Slashless,
        Route::Unknown,
    ];
    const LISTS: &'static [Route] = &[Route::Notes, Route::Listings];
    const LOGIN: Option<Login<Route>> = Some(Login {
        first: Route::Token,
        renewal: Route::Token,
    });
    const RECORDS: Route = Route::Listings;
    const TWICE: &'static [Route] = &[Route::Notes, Route::Listings];

    async fn start(season: Season, pace: Pace) -> Running<Prosper> {
        let standard = Settings::new(pace.clock);
        let settings = Settings {
            rate: (pace.rate == Rate::Documented).then_some(Settings::RATE),
            page: pace.page.unwrap_or(standard.page),
            ..standard
        };
        Prosper::start(season, settings).await.unwrap()
    }

    fn kind(upstream: &Running<Prosper>) -> Kind {
        let account = Settings::new(Clock::new(now));
        Kind::Prosper(source::prosper::Settings {
            base_url: upstream.base_url().parse().unwrap(),
            listings_base_url: upstream.listings_base_url().parse().unwrap(),
            grant: PasswordGrant {
                client_id: account.client_id,
                client_secret: account.client_secret,
                username: account.username,
                password: account.password,
            },
            records: [Record::Notes, Record::Listings].into(),
        })
    }

    /// Listings that are open for two weeks; notes have days, and many of a day are one event.
    fn season(spans: &[TimeSpan]) -> Season {
        let listing = |(number, span): (u32, &TimeSpan)| {
            let opened = span.end() - TimeDelta::days(14);
            Listing::bare(13_000_000 + number, opened, Some(span.end()))
        };
        Season {
            portfolio: Portfolio {
                listings: (0..).zip(spans).map(listing).collect(),
                ..Portfolio::default()
            },
            ..Season::empty()
        }
    }

    /// A listing closes at a moment.
    fn shown(span: TimeSpan) -> TimeSpan {
        TimeSpan::new(span.end(), span.end()).unwrap()
    }

    fn poll(_: u64) -> Calls<Self> {
        vec![(Route::Token, 1), (Route::Notes, 1), (Route::Listings, 1)]
    }

    /// Pages have a hundred listings.
    fn long_poll() -> Calls<Self> {
        vec![(Route::Token, 1), (Route::Notes, 1), (Route::Listings, 100)]
    }

    /// Listings are asked for whatever became of the notes.
    fn asked(_: Failure) -> usize {
        2
    }

    async fn two_pieces() {
        let pages = [(Route::Token, 1), (Route::Notes, 1), (Route::Listings, 2)];
        row::read_in_two_pieces::<Self>(&pages).await;
    }
}
