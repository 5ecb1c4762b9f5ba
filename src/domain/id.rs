//! Names of things: sources, feeds, groups, events.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::NaiveDateTime;
use uuid::Uuid;

/// The longest name of a source or feed, in characters.
const NAME_MAX: usize = 40;

/// The word before a source and a group in addresses, such as `/embed/groups/stage/opera`.
pub const GROUPS: &str = "groups";

/// A name that is not allowed for a source or a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// It is none at all.
    #[error(
        "name `{0}` must be 1 to {NAME_MAX} characters of a-z, 0-9 or `-`, neither first nor last a `-`"
    )]
    Shape(String),
    /// It is that of something else.
    #[error(
        "no feed can be called `{0}`, since in addresses that word stands for something else, as in `/embed/{0}/…`; choose another name"
    )]
    Taken(String),
}

fn name(text: &str, taken: &[&str]) -> Result<String, BadName> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fits = (1..=NAME_MAX).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-');
    match text.to_owned() {
        name if !fits => Err(BadName::Shape(name)),
        name if taken.contains(&text) => Err(BadName::Taken(name)),
        name => Ok(name),
    }
}

/// Declares a name type that only its `FromStr` can make, so that holding one means it is well formed.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident except $taken:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The name as written in the configuration and in URLs.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadName;

            fn from_str(text: &str) -> Result<Self, BadName> {
                name(text, $taken).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

named! {
    /// A configured upstream account, such as `stage` in `[sources.stage]`. Part of URLs, logs and event UIDs.
    SourceId except &[]
}
named! {
    /// A configured feed, such as `season` in `[feeds.season]`. The last segment of its URL, without `.ics` (interop H2).
    FeedId except &FeedId::TAKEN
}

impl FeedId {
    /// The words that stand in addresses where the name of a feed does, so that no feed can have them.
    pub const TAKEN: [&str; 1] = [GROUPS];
}

/// A group as its upstream names it: opaque text, compared without regard to ASCII case.
///
/// Prospero's are version 1 UUIDs, which must match whatever their case (`upstreams/prospero.md` §2). Clones share the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(Arc<str>);

impl GroupId {
    /// The id with its ASCII letters lowered.
    #[must_use]
    pub fn new(upstream: &str) -> Self {
        let id = upstream.trim();
        if id.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Self(id.to_ascii_lowercase().into())
        } else {
            Self(id.into())
        }
    }

    /// The id as it stands in `/groups/{source}/{group}`, before percent-encoding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The iCalendar `UID` of an event: a UUID made from its source and its upstream id.
///
/// Stable across renames, moves, views and restarts; holds no host name, and the upstream id cannot be read
/// back out of it (interop E1, V7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventUid(Uuid);

impl EventUid {
    /// Namespace of every calbridge UID; changing it would make every subscriber see new events.
    const NAMESPACE: Uuid = Uuid::from_u128(0x6f0c_1f5e_37a4_5b0e_9a43_0d5c_8a53_b7d1);

    /// The UID of the event that `source` knows under `upstream` (compared without regard to ASCII case).
    #[must_use]
    pub fn new(source: &SourceId, upstream: &str) -> Self {
        let mut name = [source.as_str(), "\0", upstream].concat();
        // The name of a source has no capitals.
        name.make_ascii_lowercase();
        Self(Uuid::new_v5(&Self::NAMESPACE, name.as_bytes()))
    }

    /// Its 16 bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }

    /// The UID of these [`EventUid::bytes`].
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The UID of the instance of `series` that was to begin at `start`, by the clock of the series (midnight of whole
    /// days). An instance that is moved keeps it (interop E2, R2).
    #[must_use]
    pub fn instance(series: Self, start: NaiveDateTime) -> Self {
        let start = start.and_utc().timestamp();
        Self(Uuid::new_v5(&series.0, &start.to_be_bytes()))
    }

    /// Writes its 36 characters.
    pub fn write(self, out: &mut Vec<u8>) {
        let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
        out.extend_from_slice(self.0.as_hyphenated().encode_lower(&mut text).as_bytes());
    }
}

impl FromStr for EventUid {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}

impl fmt::Display for EventUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_lower_case_slugs() {
        for good in ["a", "season", "opera-2026", "0"] {
            assert_eq!(good.parse::<FeedId>().unwrap().as_str(), good);
        }
        let long = "a".repeat(41);
        for bad in ["", "Opera", "a b", "-a", "a-", "ä", "a/b", "a.ics", &long] {
            assert!(bad.parse::<SourceId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_feed_is_called_as_something_else_in_addresses_and_a_source_may_be() {
        for taken in FeedId::TAKEN {
            let error = BadName::Taken(taken.to_owned());
            assert_eq!(taken.parse::<FeedId>(), Err(error));
            assert_eq!(taken.parse::<SourceId>().unwrap().as_str(), taken);
        }
    }

    #[test]
    fn a_uid_depends_on_source_and_upstream_id_but_not_on_case() {
        let stage: SourceId = "stage".parse().unwrap();
        let other: SourceId = "other".parse().unwrap();
        let uid = EventUid::new(&stage, "6BA7B810-9dad-11d1-80b4-00c04fd430c8");
        assert_eq!(
            uid,
            EventUid::new(&stage, "6ba7b810-9DAD-11d1-80b4-00c04fd430c8")
        );
        assert_ne!(
            uid,
            EventUid::new(&other, "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
        );
        assert_eq!(uid.to_string().parse(), Ok(uid));
    }

    #[test]
    fn a_uid_never_changes_between_releases() {
        let stage: SourceId = "stage".parse().unwrap();
        let uid = EventUid::new(&stage, "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        assert_eq!(uid.to_string(), "7e41247b-e4cb-5c23-a2a7-947e861a2079");
        let start = "2026-11-21T19:30:00".parse().unwrap();
        assert_eq!(
            EventUid::instance(uid, start).to_string(),
            "292b8b60-449a-54f6-8504-469a58ab40f4"
        );
    }
}
