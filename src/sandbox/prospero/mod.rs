//! A double of the Prospero API, written from its documentation alone.
//!
//! It answers as the documentation says, where that is silent as generously as it allows (a window includes what only
//! touches its edge, whole days are taken as days in UTC), and it writes down everything a read-only bridge has no
//! business doing. Its wire names stand in one table, [`Dialect`], that the connector does not share.

mod answer;
mod dialect;
mod record;
mod route;
mod session;
mod settings;
mod window;

use std::io;

use axum::http::{Method, StatusCode};
use secrecy::SecretString;

use self::session::Sessions;
use super::{
    double::{self, Answer, Call, Double, Rate},
    season::Season,
};
use crate::clock::Clock;

pub use self::{
    dialect::Dialect,
    route::Route,
    settings::{CookieNames, Settings},
};
pub use super::double::{Fault, Lasting, RetryAfter, Violation};

/// A double of the Prospero API. Holds secrets, so it has no `Debug`.
pub struct Prospero {
    settings: Settings,
    season: Season,
    password: SecretString,
    sessions: Sessions,
}

/// A double that serves until it is stopped or dropped.
pub type Running = double::Running<Prospero>;

impl Prospero {
    /// Starts a double that serves `season`.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(season: Season, settings: Settings) -> io::Result<Running> {
        let listen = settings.listen;
        let double = Self {
            password: settings.password.clone(),
            sessions: Sessions::default(),
            season,
            settings,
        };
        double::start(double, listen).await
    }
}

impl Running {
    /// Makes every access token stale.
    pub fn expire_access(&self) {
        self.with(|double| double.sessions.expire_access());
    }

    /// Makes every refresh token stale.
    pub fn expire_refresh(&self) {
        self.with(|double| double.sessions.expire_refresh());
    }

    /// Gives the account another password; who is logged in stays so.
    pub fn change_password(&self, password: SecretString) {
        self.with(|double| double.password = password);
    }
}

impl Double for Prospero {
    type Route = Route;

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
}
