//! A double of the Prosper Investor API, written from its fact sheet alone.
//!
//! It has no route that places an order, as no client of ours has a call for it.

mod answer;
mod asked;
mod record;
mod route;
mod session;
mod settings;
mod wire;

use std::io;

use axum::http::{Method, StatusCode};

use self::session::Sessions;
use super::{
    double::{self, Answer, Call, Double, Rate},
    season::Season,
};
use crate::clock::Clock;

pub use self::{
    route::Route,
    settings::{Blanks, Expiry, Numbers, Reuse, Settings, Span},
};
pub use super::double::{Drift, Fault, Lasting, RetryAfter, Violation};

/// A double of the Prosper Investor API. Holds secrets, so it has no `Debug`.
pub struct Prosper {
    settings: Settings,
    season: Season,
    sessions: Sessions,
}

/// A double that serves until it is stopped or dropped.
pub type Running = double::Running<Prosper>;

impl Prosper {
    /// Starts a double that serves the portfolio of `season`.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(season: Season, settings: Settings) -> io::Result<Running> {
        let listen = settings.listen;
        let double = Self {
            sessions: Sessions::default(),
            settings,
            season,
        };
        double::start(double, listen).await
    }
}

impl Running {
    /// What a source is configured with for its listings, which are not below the path of the rest.
    #[must_use]
    pub fn listings_base_url(&self) -> String {
        self.url()
    }

    /// Makes every access token stale.
    pub fn expire_access(&self) {
        self.with(|double| double.sessions.expire_access());
    }

    /// Makes every refresh token stale.
    pub fn expire_refresh(&self) {
        self.with(|double| double.sessions.expire_refresh());
    }
}

impl Double for Prosper {
    type Route = Route;

    const BASE: &'static str = "/v1";

    fn route(&self, path: &str) -> Route {
        Route::of(path)
    }

    fn method(route: Route) -> Option<Method> {
        route.method()
    }

    fn clock(&self) -> &Clock {
        &self.settings.clock
    }

    fn rate(&self) -> Option<Rate> {
        self.settings.rate.map(Rate::per_second)
    }

    fn season(&mut self) -> &mut Season {
        &mut self.season
    }

    fn answer(&mut self, call: &Call<'_, Route>) -> Answer {
        answer::to(call, self)
    }

    fn refusal(&self, status: StatusCode, fact: &str) -> Answer {
        answer::error(status, fact)
    }

    fn unauthorized(&self) -> Answer {
        answer::expired(self.settings.expiry)
    }
}
