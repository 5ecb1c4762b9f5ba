//! A double of the Prospero API, written from its documentation alone.
//!
//! It answers as the documentation says, where that is silent as generously as it allows (a window includes what only
//! touches its edge, whole days are taken as days in UTC), and it writes down everything a read-only bridge has no
//! business doing. Its wire names stand in one table, [`Dialect`], that the connector does not share.

mod answer;
mod dialect;
mod drip;
mod fault;
mod ledger;
mod record;
mod route;
mod running;
mod session;
mod settings;
mod window;

pub use self::{
    dialect::Dialect,
    fault::{Fault, Lasting, RetryAfter},
    ledger::Violation,
    route::Route,
    running::{Prospero, Running},
    settings::{CookieNames, Settings},
};
