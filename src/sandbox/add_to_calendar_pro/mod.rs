//! A double of the Add to Calendar PRO API, written from its fact sheet alone.
//!
//! It keeps what people typed: wall times next to the name of a zone, whole days whose last day counts, dynamic dates,
//! placeholders. Of the season it shows every event as an event with one date in the group it belongs to first, and every
//! class as an event that recurs.

mod account;
mod answer;
mod key;
mod odd;
mod route;
mod settings;

use std::io;

use axum::http::{Method, StatusCode};
use chrono::NaiveDate;

use self::account::Account;
use super::{
    double::{self, Answer, Call, Double, Rate},
    season::Season,
};
use crate::clock::Clock;

pub use self::{
    key::prokey,
    route::Route,
    settings::{EmptyList, Nulls, Oddities, Settings, Shape},
};
pub use super::double::{Fault, Lasting, RetryAfter, Violation};

/// A double of the Add to Calendar PRO API. Holds secrets, so it has no `Debug`.
pub struct AddToCalendarPro {
    settings: Settings,
    season: Season,
    /// The day it was started, from which odd events are dated.
    today: NaiveDate,
    /// What the season looks like here; made again after it was changed.
    account: Option<Account>,
}

/// A double that serves until it is stopped or dropped.
pub type Running = double::Running<AddToCalendarPro>;

impl AddToCalendarPro {
    /// Starts a double that serves `season`.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(season: Season, settings: Settings) -> io::Result<Running> {
        let listen = settings.listen;
        let double = Self {
            today: settings.clock.now().date_naive(),
            season,
            settings,
            account: None,
        };
        double::start(double, listen).await
    }
}

impl Double for AddToCalendarPro {
    type Route = Route;

    const BASE: &'static str = "/v1";

    fn route(&self, path: &str) -> Route {
        Route::of(path)
    }

    fn method(route: Route) -> Option<Method> {
        (route != Route::Unknown).then_some(Method::GET)
    }

    fn clock(&self) -> &Clock {
        &self.settings.clock
    }

    fn rate(&self) -> Option<Rate> {
        self.settings.rate.map(Rate::per_second)
    }

    fn season(&mut self) -> &mut Season {
        self.account = None;
        &mut self.season
    }

    fn answer(&mut self, call: &Call<'_, Route>) -> Answer {
        let account = self.account.take();
        let account =
            account.unwrap_or_else(|| Account::of(&self.season, &self.settings, self.today));
        let answer = answer::to(call, &account, &self.settings);
        self.account = Some(account);
        answer
    }

    fn refusal(&self, status: StatusCode, fact: &str) -> Answer {
        answer::error(status, fact)
    }

    fn unauthorized(&self) -> Answer {
        answer::error(self.settings.refused, "Unauthorized")
    }
}
