//! Stamps move with content and with nothing else, and a list that shrinks is not believed at once.

mod change;
mod guard;
mod kept;
mod missed;
mod series;
mod stamps;
mod unreadable;
mod vanished;
mod withheld;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Policy, Vanished};
use crate::domain::{
    testing::{at, days},
    when::When,
};

/// An instant so many minutes after noon of the day of the first poll.
fn minute(minute: i64) -> DateTime<Utc> {
    at("2026-11-22T12:00:00Z") + TimeDelta::minutes(minute)
}

/// That of a source that is polled every ten minutes, and keeps the days from two months before to a year after the first poll.
fn policy() -> Policy {
    let When::Days(days) = days("2026-09-23", "2027-12-26") else {
        unreachable!()
    };
    Policy {
        confirm_after: Duration::from_mins(10),
        empty_after: Duration::from_hours(24),
        vanished: Vanished::Buried(days),
        accepted: None,
    }
}
