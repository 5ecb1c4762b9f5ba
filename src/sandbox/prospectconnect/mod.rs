//! A double of the ProspectConnect Public API, written from its fact sheet alone.
//!
//! Field names of tasks, deals and activities are not documented, so it knows two dialects of them.

mod answer;
mod problem;
mod record;
mod route;
mod search;
mod settings;

use std::{collections::BTreeMap, io};

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::{
    double::{self, Answer, Call, Double, Rate},
    season::Season,
};
use crate::clock::Clock;

pub use self::{
    route::{Resource, Route},
    settings::{Dialect, Limits, Pipelines, Settings, Single, Total},
};
pub use super::double::{Drift, Fault, Lasting, RetryAfter, Violation};

/// A double of the ProspectConnect Public API. Holds secrets, so it has no `Debug`.
pub struct ProspectConnect {
    settings: Settings,
    season: Season,
    /// How often cursors were made stale; each cursor names the count it was made under.
    age: u64,
    /// What the season looks like here, by sort; made again after it was changed, for there is a page to every hundred.
    rows: BTreeMap<Resource, Vec<Value>>,
}

/// A double that serves until it is stopped or dropped.
pub type Running = double::Running<ProspectConnect>;

impl ProspectConnect {
    /// Starts a double that serves the CRM of `season`.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(season: Season, settings: Settings) -> io::Result<Running> {
        let listen = settings.listen;
        let double = Self {
            settings,
            season,
            age: 0,
            rows: BTreeMap::new(),
        };
        double::start(double, listen).await
    }
}

impl Running {
    /// Makes every cursor stale that was handed out so far.
    pub fn expire_cursors(&self) {
        self.with(|double| double.age += 1);
    }
}

impl Double for ProspectConnect {
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
        self.settings.rate
    }

    fn season(&mut self) -> &mut Season {
        self.rows.clear();
        &mut self.season
    }

    fn answer(&mut self, call: &Call<'_, Route>) -> Answer {
        let answer = answer::to(call, self);
        problem::with_limits(answer, &self.settings, call.left)
    }

    fn refusal(&self, status: StatusCode, fact: &str) -> Answer {
        problem::answer(status, fact, None)
    }

    fn too_many(&self, retry_after: Option<RetryAfter>) -> Answer {
        let answer = self.refusal(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
        problem::with_limits(answer.retry_after(retry_after), &self.settings, Some(0))
    }
}
