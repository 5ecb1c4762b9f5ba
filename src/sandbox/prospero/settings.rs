//! How a Prospero double is set up.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
};

use secrecy::SecretString;

use super::dialect::Dialect;
use crate::clock::Clock;

/// How to start a [`Prospero`](super::Prospero).
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Who may log in.
    pub email: String,
    /// With which password.
    pub password: SecretString,
    /// How the cookies are called, which no documentation says.
    pub cookies: CookieNames,
    /// Which names and forms events have.
    pub dialect: Dialect,
    /// How many requests a second are allowed, by the double's own clock; `None`: any number.
    pub rate: Option<NonZeroUsize>,
    /// What time it is.
    pub clock: Clock,
}

/// Names of the two cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieNames {
    /// Carries the access token.
    pub access: String,
    /// Carries the refresh token.
    pub refresh: String,
}

impl Settings {
    /// A free loopback port, an account of the sandbox's own, the primary dialect, no rate limit.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            email: "bridge@quillfeather.example".to_owned(),
            password: SecretString::from("kites-and-lanterns"),
            cookies: CookieNames {
                access: "pl.access".to_owned(),
                refresh: "pl.refresh".to_owned(),
            },
            dialect: Dialect::Primary,
            rate: None,
            clock,
        }
    }
}
