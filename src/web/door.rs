//! Where a reader comes in: by the public addresses, or below a secret token.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};

use crate::{
    domain::{id::GroupId, token::TokenDigest},
    feed::{FeedName, Feeds},
};

use super::{App, error::WebError};

/// What routes below a token call its segment.
const TOKEN: &str = "token";

/// The door a reader stands at. Behind the public one there is nothing that is closed, and behind a token nothing that is
/// public, so that no calendar has two addresses.
#[derive(Debug)]
pub(super) enum Door {
    Public,
    /// The token itself goes no further than here.
    Token(TokenDigest),
}

impl FromRequestParts<App> for Door {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, WebError> {
        let segments = RawPathParams::from_request_parts(parts, state).await;
        let segments = segments.or(Err(WebError::Unknown))?;
        let token = segments.iter().find(|(name, _)| *name == TOKEN);
        Ok(token.map_or(Self::Public, |(_, token)| {
            Self::Token(TokenDigest::of(token))
        }))
    }
}

impl Door {
    /// The configured feed `name` behind this door, which need not exist behind the public one.
    ///
    /// # Errors
    /// [`WebError::Unknown`] if no feed has such a name, or if it is not behind this door.
    pub(super) fn feed(&self, feeds: &Feeds, name: &str) -> Result<FeedName, WebError> {
        let id = name.parse().or(Err(WebError::Unknown))?;
        let name = match self {
            Self::Public => Some(FeedName::Configured(id)),
            Self::Token(told) => feeds.open_feed(told, id),
        };
        name.ok_or(WebError::Unknown)
    }

    /// The group `group` of `source` behind this door; whether there is such a group is not known yet.
    ///
    /// # Errors
    /// As for [`Door::feed`].
    pub(super) fn group(
        &self,
        feeds: &Feeds,
        source: &str,
        group: &str,
    ) -> Result<FeedName, WebError> {
        let source = source.parse().or(Err(WebError::Unknown))?;
        let group = GroupId::new(group);
        let name = match self {
            Self::Public => Some(FeedName::Group(source, group)),
            Self::Token(told) => feeds.open_group(told, source, group),
        };
        name.ok_or(WebError::Unknown)
    }
}
