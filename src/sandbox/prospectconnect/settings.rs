//! How a ProspectConnect double is set up.

use std::net::{Ipv4Addr, SocketAddr};

use secrecy::SecretString;

use crate::{
    clock::Clock,
    sandbox::double::{Drift, Rate},
};

/// How to start a [`ProspectConnect`](super::ProspectConnect).
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The token that opens everything.
    pub token: SecretString,
    /// The only version it speaks.
    pub version: String,
    /// Which names and forms records have.
    pub dialect: Dialect,
    /// What a single record comes in.
    pub single: Single,
    /// How pipelines can be read.
    pub pipelines: Pipelines,
    /// Whether a search says how much there is.
    pub total: Total,
    /// The most records of a page, whatever was asked for.
    pub page: usize,
    /// What happens to lists while their first page is turned.
    pub drift: Drift,
    /// How often it may be asked, which no documentation says; `None`: any number of times.
    pub rate: Option<Rate>,
    /// How it speaks of that.
    pub limits: Limits,
    /// What time it is.
    pub clock: Clock,
}

/// Which of the names and forms that may be the upstream's are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The first names of the fact sheet.
    Primary,
    /// Other names: objects for ids, text for numbers, blanks and `null` for what is not there, offsets other than `Z`.
    Aliases,
}

/// What a single record comes in, which no documentation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Single {
    /// Nothing.
    Bare,
    /// An object with `data`.
    Wrapped,
}

/// How pipelines can be read, which no documentation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipelines {
    /// By a search, like everything else.
    Searched,
    /// By a plain `GET /pipelines`.
    Listed,
    /// Not at all.
    Absent,
}

/// Whether a search says how much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// It does.
    Sent,
    /// It does not.
    LeftOut,
}

/// How the reset of the rate limit is told, which no documentation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// As seconds since 1970.
    Epoch,
    /// As seconds from now.
    Delta,
    /// Not at all.
    Silent,
}

impl Settings {
    /// The most records of a page by the documentation.
    pub const PAGE: usize = 100;

    /// A free loopback port, a token of the sandbox's own, the primary dialect, no rate limit.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: SecretString::from("sandbox.paper-kite.token"),
            version: "2026-06-01".to_owned(),
            dialect: Dialect::Primary,
            single: Single::Bare,
            pipelines: Pipelines::Searched,
            total: Total::Sent,
            page: Self::PAGE,
            drift: Drift::Still,
            rate: None,
            limits: Limits::Epoch,
            clock,
        }
    }
}
