//! Why a command failed, and with which exit code it ends.

use std::{fmt::Display, io, net::SocketAddr};

use super::{place::Unread, sandbox, status, token, zones};
use crate::{
    StartError,
    config::ConfigError,
    domain::id::{FeedId, GroupId, SourceId},
    feed::{FeedError, explain::About},
};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// There is no usable configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Somebody else listens there, or it is no address of this machine.
    #[error("cannot listen on `{address}`; end what listens there, or choose another address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The feed could not be had.
    #[error("feed `{feed}` cannot be exported")]
    Export {
        /// The feed.
        feed: FeedId,
        /// Why.
        source: FeedError,
    },
    /// There is nothing to explain.
    #[error("feed `{feed}` cannot be explained")]
    Unexplained {
        /// The feed, or the group.
        feed: String,
        /// Why.
        source: FeedError,
    },
    /// Nothing known fits what was asked.
    #[error(
        "no source has an event `{0}`; ask for its upstream id, its `UID`, or a piece of its title; what an upstream hides is found by the first two alone"
    )]
    NoEvent(About),
    /// The source has no group of that name.
    #[error("source `{source_id}` has no group `{group}`; it has {known}")]
    NoGroup {
        /// The source.
        source_id: SourceId,
        /// What was asked for.
        group: String,
        /// Those there are.
        known: String,
    },
    /// Several groups of the source have that name.
    #[error(
        "source `{source_id}` has several groups called `{group}`; ask for one by its id: {ids}"
    )]
    Namesakes {
        /// The source.
        source_id: SourceId,
        /// Their name.
        group: String,
        /// Their ids.
        ids: String,
    },
    /// Nobody can subscribe to a group of the source.
    #[error(
        "groups of source `{0}` have no feeds; write `sources.{0}.group_feeds = \"public\"` or `\"token\"`, or ask for a feed that shows the group"
    )]
    NoGroupFeeds(SourceId),
    /// The configuration has nothing of that name.
    #[error("there is no {what} `{name}` in the configuration; it has {known}")]
    Unknown {
        /// What was asked for.
        what: &'static str,
        /// Its name.
        name: String,
        /// Those there are.
        known: String,
    },
    /// What was asked for lies in a store, and there is none.
    #[error("the configuration names no store (`store.url` is `memory`); {remedy}")]
    Storeless {
        /// What can be done instead.
        remedy: &'static str,
    },
    /// There is nothing to let through.
    #[error("source `{0}` holds nothing back, so there is nothing to accept")]
    NothingHeld(SourceId),
    /// A signal came before it was done.
    #[error("ended before anything was written; run it again")]
    Interrupted,
    /// The output could not be written.
    #[error("cannot write `{to}`")]
    Write {
        /// A path, or standard output.
        to: String,
        /// What the system says.
        source: io::Error,
    },
    /// The sandbox did not run.
    #[error(transparent)]
    Sandbox(#[from] sandbox::SandboxError),
    /// The status could not be shown.
    #[error(transparent)]
    Status(#[from] status::StatusError),
    /// No secret link was made.
    #[error(transparent)]
    Token(#[from] token::TokenError),
    /// The zones could not be shown.
    #[error(transparent)]
    Zones(#[from] zones::ZonesError),
    /// A calendar could not be had.
    #[error(transparent)]
    Unread(#[from] Unread),
    /// A calendar is not as it should be; what, is on standard output.
    #[error("the calendar has {errors} errors")]
    Flawed {
        /// How many.
        errors: usize,
    },
    /// Two calendars do not say the same; what, is on standard output.
    #[error("the calendars differ in {events} events")]
    Different {
        /// How many.
        events: usize,
    },
    /// Something that was checked is not as it should be; what, is on standard output.
    #[error("{failed} of {of} checks failed")]
    Checks {
        /// How many failed.
        failed: usize,
        /// How many there were.
        of: usize,
    },
}

impl CliError {
    /// For a name that the configuration does not have, with those it has.
    pub(super) fn unknown(
        what: &'static str,
        name: &impl Display,
        known: impl Iterator<Item = impl Display>,
    ) -> Self {
        let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        Self::Unknown {
            what,
            name: name.to_string(),
            known: known.join(", "),
        }
    }

    /// For a name that the groups with these ids share.
    pub(super) fn namesakes(source: &SourceId, group: &str, ids: &[GroupId]) -> Self {
        let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
        Self::Namesakes {
            source_id: source.clone(),
            group: group.to_owned(),
            ids: ids.join(", "),
        }
    }

    /// The exit code: 2 for what the operator must change in the configuration first and for a calendar that cannot be had,
    /// otherwise 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Token(token::TokenError::NotClosed { .. })
            | Self::Start(StartError::Zones(_) | StartError::NoSuchZone(_))
            | Self::Status(status::StatusError::NotSet { .. })
            | Self::Zones(zones::ZonesError::Data(_))
            | Self::Unread(_) => 2,
            _ => 1,
        }
    }
}

/// A failure to write to standard output.
pub(super) fn stdout(source: io::Error) -> CliError {
    CliError::Write {
        to: "standard output".to_owned(),
        source,
    }
}
