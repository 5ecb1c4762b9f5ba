//! iCalendar (RFC 5545), as clients really read it: `interop.md` sections 2 to 6, 8 and 10.
//!
//! Calendars are written line by line, by [`mod@line`]: components of the `icalendar` crate cost as much to build as all the
//! rest, and its own writer folds at 76 octets, leaves some values unescaped and fills in random ids (ADR 6).

pub mod calendar;
pub mod check;
pub mod cut;
pub mod event;
pub mod ledger;
pub mod line;
pub mod series;
pub mod timezone;

pub use calendar::{Purpose, Rendered, Request, write};
pub use check::{Checked, Flaw};
pub use cut::Cut;
pub use ledger::Ledger;
pub use series::keepsakes;

/// Media type of a calendar, with the charset Google needs and no `method` (interop H1, H1a).
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
