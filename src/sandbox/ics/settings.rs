//! How a double with iCalendar addresses is set up.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
};

use chrono::TimeDelta;

use crate::{
    clock::Clock,
    sandbox::double::{Ending, Folds},
};

/// How to start an [`Ics`](super::Ics).
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How times are written.
    pub zones: Zones,
    /// Whether zones are defined where they are used.
    pub definitions: Definitions,
    /// Whether the calendar says where its home is.
    pub home: Home,
    /// How lines end.
    pub ending: Ending,
    /// Whether long lines are folded.
    pub folds: Folds,
    /// Which validators answers have.
    pub validators: Validators,
    /// What `Cache-Control` says; `None`: there is none.
    pub cache_control: Option<String>,
    /// How often the calendar asks to be fetched; `None`: it does not say.
    pub refresh: Option<TimeDelta>,
    /// How many requests a second are allowed, by the double's own clock; `None`: any number.
    pub rate: Option<NonZeroUsize>,
    /// What time it is.
    pub clock: Clock,
}

/// How the times of single events are written; classes always name their zone, as no other form keeps their hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zones {
    /// Wall times with the IANA name of their zone.
    Iana,
    /// Wall times with the name Windows has for the zone, where it has one of its own.
    Windows,
    /// Wall times with a path before the IANA name, as Evolution writes them.
    Path,
    /// Wall times of the office, without a zone.
    Floating,
    /// UTC.
    Utc,
}

/// Whether a calendar holds a `VTIMEZONE` for each zone it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Definitions {
    /// It does.
    Sent,
    /// It does not.
    LeftOut,
}

/// Whether a calendar holds an `X-WR-TIMEZONE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// It does, with the IANA name of the office's zone.
    Told,
    /// It does not.
    Untold,
}

/// Which validators answers have (RFC 9110 §8.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validators {
    /// `ETag` and `Last-Modified`.
    Both,
    /// `ETag`.
    Etag,
    /// `Last-Modified`.
    LastModified,
    /// None, so that every answer is whole.
    Neither,
}

impl Settings {
    /// A free loopback port and text as the standard wants it.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            zones: Zones::Iana,
            definitions: Definitions::Sent,
            home: Home::Told,
            ending: Ending::CrLf,
            folds: Folds::At75Octets,
            validators: Validators::Both,
            cache_control: None,
            refresh: None,
            rate: None,
            clock,
        }
    }
}
