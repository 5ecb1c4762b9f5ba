//! How a Prosper double is set up.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
};

use secrecy::SecretString;

use crate::{clock::Clock, sandbox::double::Drift};

/// How to start a [`Prosper`](super::Prosper).
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The client that may log in.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// The person who may log in.
    pub username: String,
    /// With which password.
    pub password: SecretString,
    /// How it says that a token is no longer good.
    pub expiry: Expiry,
    /// Whether a refresh token is good for a second time.
    pub reuse: Reuse,
    /// How numbers are sent.
    pub numbers: Numbers,
    /// How a missing value is sent.
    pub blanks: Blanks,
    /// What the date of a question for payments means.
    pub span: Span,
    /// The most records of a page, whatever was asked for.
    pub page: usize,
    /// What happens to lists while their first page is turned.
    pub drift: Drift,
    /// How many requests a second are allowed, by the double's own clock; `None`: any number. [`Settings::RATE`] is what
    /// the documentation says.
    pub rate: Option<NonZeroUsize>,
    /// What time it is.
    pub clock: Clock,
}

/// How the API says that a token is no longer good (fact sheet §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// 401.
    Unauthorized,
    /// 403 with the code `SEC0002` and no list of errors.
    Sec0002,
    /// 400 in the style of OAuth.
    InvalidToken,
}

/// Whether a refresh token is good for a second time, which no documentation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// It is not.
    Refused,
    /// It is, while it lives.
    Allowed,
}

/// How numbers are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// As numbers.
    Plain,
    /// Amounts as text, and whole numbers with a fraction of nothing.
    Odd,
}

/// How a missing value is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blanks {
    /// Not at all.
    LeftOut,
    /// As `null`.
    Null,
    /// As a text without letters.
    Empty,
}

/// What the date of a question for payments means: the documentation and a client differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The last of 90 days.
    Ends,
    /// The first of 90 days.
    Begins,
}

impl Settings {
    /// How many requests a second the documentation allows.
    pub const RATE: NonZeroUsize = NonZeroUsize::new(20).expect("it is not zero");

    /// A free loopback port, an account of the sandbox's own, numbers as numbers, no rate limit.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            client_id: "0b5ea50f5a1d4c6e8f0a1b2c3d4e5f60".to_owned(),
            client_secret: SecretString::from("60f5e4d3c2b1a0f8e6c4d1a5f05ea50b"),
            username: "endowment@quillfeather.example".to_owned(),
            password: SecretString::from("orchards-of-glass"),
            expiry: Expiry::Unauthorized,
            reuse: Reuse::Refused,
            numbers: Numbers::Plain,
            blanks: Blanks::LeftOut,
            span: Span::Ends,
            page: 100,
            drift: Drift::Still,
            rate: None,
            clock,
        }
    }
}
