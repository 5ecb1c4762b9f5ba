//! A double of the many servers that offer an iCalendar address.
//!
//! Its text is its own, in the manners of other producers, each behind a setting: zones under Windows names or with a
//! path before them, no zone at all, lines that end as on Unix. Drafts are not in it, as in no published calendar.

mod answer;
mod event;
mod route;
mod settings;
mod text;
mod timezone;
mod write;

use std::io;

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    double::{self, Answer, Call, Double, Rate},
    season::Season,
};
use crate::clock::Clock;

pub use self::{
    route::Route,
    settings::{Definitions, Home, Settings, Validators, Zones},
};
pub use super::double::{Ending, Fault, Folds, Lasting, RetryAfter, Violation};

/// A double of a server with iCalendar addresses.
#[derive(Debug)]
pub struct Ics {
    settings: Settings,
    season: Season,
    /// When the season was last changed, in whole seconds; never the same twice.
    changed: DateTime<Utc>,
}

/// A double that serves until it is stopped or dropped.
pub type Running = double::Running<Ics>;

impl Ics {
    /// Starts a double that serves `season`.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(season: Season, settings: Settings) -> io::Result<Running> {
        let listen = settings.listen;
        let double = Self {
            changed: settings.clock.now(),
            season,
            settings,
        };
        double::start(double, listen).await
    }
}

impl Double for Ics {
    type Route = Route;

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
        let next = self.changed + TimeDelta::seconds(1);
        self.changed = self.settings.clock.now().max(next);
        &mut self.season
    }

    fn answer(&mut self, call: &Call<'_, Route>) -> Answer {
        answer::to(call, &self.season, &self.settings, self.changed)
    }

    fn refusal(&self, status: StatusCode, fact: &str) -> Answer {
        Answer::text("text/plain; charset=utf-8", fact).with_status(status)
    }
}
