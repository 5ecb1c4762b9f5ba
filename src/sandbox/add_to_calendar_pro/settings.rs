//! How an Add to Calendar PRO double is set up.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
};

use axum::http::StatusCode;
use secrecy::SecretString;

use crate::clock::Clock;

/// How to start an [`AddToCalendarPro`](super::AddToCalendarPro).
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The key that opens everything, sent as it is.
    pub key: SecretString,
    /// The status that a wrong key gets, which no documentation says: 401 or 403.
    pub refused: StatusCode,
    /// Which shape answers have.
    pub shape: Shape,
    /// Whether what is not set is sent.
    pub nulls: Nulls,
    /// What a list without entries is.
    pub empty: EmptyList,
    /// How many entries a page of a list has; [`Settings::PAGE`] is what the documentation says.
    pub page: NonZeroUsize,
    /// How many requests a second are allowed, by the double's own clock; `None`: any number. [`Settings::RATE`] is what
    /// the documentation says.
    pub rate: Option<NonZeroUsize>,
    /// Whether there are groups and events that no season has.
    pub oddities: Oddities,
    /// The calendar that an odd group refers to.
    pub external: String,
    /// What time it is.
    pub clock: Clock,
}

/// The shape of answers, which changed in May 2025 (fact sheet §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A list of one object, keys in lists, groups as objects.
    Legacy,
    /// Plain objects and keys.
    Current,
}

/// How a field without a value is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// As `null`.
    Sent,
    /// Not at all.
    LeftOut,
}

/// What a list without entries is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyList {
    /// 404 that says `No entry found`.
    NotFound,
    /// 200 with an empty array.
    Array,
}

/// Groups and events of which the fact sheet warns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddities {
    /// They are there beside the season.
    Shown,
    /// There is only the season.
    Hidden,
}

impl Settings {
    /// How many requests a second the documentation allows.
    pub const RATE: NonZeroUsize = NonZeroUsize::new(80).expect("it is not zero");
    /// How many entries a page has by the documentation.
    pub const PAGE: NonZeroUsize = NonZeroUsize::new(800).expect("it is not zero");

    /// A free loopback port, a key of the sandbox's own, today's shape, everything the season has and nothing else.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            key: SecretString::from("5f1c7a52-90d3-4e0b-8b57-3f0a6c1d2e94"),
            refused: StatusCode::UNAUTHORIZED,
            shape: Shape::Current,
            nulls: Nulls::Sent,
            empty: EmptyList::NotFound,
            page: Self::PAGE,
            rate: None,
            oddities: Oddities::Hidden,
            external: "https://calendars.quillfeather.example/external.ics".to_owned(),
            clock,
        }
    }
}
