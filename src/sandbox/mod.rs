//! Doubles of the upstreams, with a fictional season: what `calbridge sandbox`, `calbridge demo` and the tests talk to.
//!
//! Nothing here is shared with `source` or `domain`: a shared struct would hide a shared mistake.

pub mod add_to_calendar_pro;
mod company;
pub mod course;
pub mod crm;
mod desk;
pub mod double;
pub mod ics;
mod ids;
mod local;
pub mod neutral;
mod oddities;
pub mod portfolio;
mod programme;
pub mod prospectconnect;
pub mod prosper;
pub mod prospero;
pub mod season;
mod venues;
