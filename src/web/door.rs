//! Where a reader comes in: by the public addresses, or below a secret token.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    domain::{
        feed::Feed,
        frames::Frames,
        id::{FeedId, GroupId, SourceId},
        token::TokenDigest,
    },
    feed::{FeedName, Feeds},
    links::encoded,
    view::Address,
};

use super::{App, error::WebError};

/// What routes below a token call its segment.
const TOKEN: &str = "token";

/// The door a reader stands at. Behind the public one there is nothing that is closed, and behind a token nothing that is
/// public, so that no calendar has two addresses.
#[derive(Debug)]
pub(super) enum Door {
    Public,
    /// The token as its digest, by which it is looked up, and as the root of whatever it opens.
    Token(TokenDigest, Root),
}

/// What the addresses behind a door begin with: nothing, or `/s/` and the token. Prints nothing of it where it is not asked
/// for by name.
#[derive(Debug, Clone)]
pub(super) enum Root {
    Public,
    Token(SecretString),
}

/// A feed that a reader has come to. What is closed is reached through a door only, so that its addresses, which are keys,
/// are told to nobody but those who came by them.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    name: FeedName,
    root: Root,
}

impl FromRequestParts<App> for Door {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, WebError> {
        let segments = RawPathParams::from_request_parts(parts, state).await;
        let segments = segments.or(Err(WebError::Unknown))?;
        let token = segments.iter().find(|(name, _)| *name == TOKEN);
        Ok(token.map_or(Self::Public, |(_, token)| {
            Self::Token(TokenDigest::of(token), Root::of_token(token))
        }))
    }
}

impl Door {
    /// The configured feed `name` behind this door, which need not exist behind the public one.
    ///
    /// # Errors
    /// [`WebError::Unknown`] if no feed has such a name, or if it is not behind this door.
    pub(super) fn feed(self, feeds: &Feeds, name: &str) -> Result<Reached, WebError> {
        let id: FeedId = name.parse().or(Err(WebError::Unknown))?;
        let (told, root) = match self {
            Self::Public => return Ok(Reached::configured(id)),
            Self::Token(told, root) => (told, root),
        };
        let name = feeds.open_feed(&told, id).ok_or(WebError::Unknown)?;
        Ok(Reached { name, root })
    }

    /// The group `group` of `source` behind this door; whether there is such a group is not known yet.
    ///
    /// # Errors
    /// As for [`Door::feed`].
    pub(super) fn group(
        self,
        feeds: &Feeds,
        source: &str,
        group: &str,
    ) -> Result<Reached, WebError> {
        let source: SourceId = source.parse().or(Err(WebError::Unknown))?;
        let group = GroupId::new(group);
        let (told, root) = match self {
            Self::Public => return Ok(Reached::group(source, group)),
            Self::Token(told, root) => (told, root),
        };
        let name = feeds.open_group(&told, source, group);
        let name = name.ok_or(WebError::Unknown)?;
        Ok(Reached { name, root })
    }
}

impl Root {
    fn of_token(token: &str) -> Self {
        Self::Token(SecretString::from(format!("/s/{}", encoded(token))))
    }

    fn path(&self) -> &str {
        match self {
            Self::Public => "",
            Self::Token(path) => path.expose_secret(),
        }
    }
}

impl Reached {
    /// The public feed `id`.
    pub(super) const fn configured(id: FeedId) -> Self {
        Self {
            name: FeedName::Configured(id),
            root: Root::Public,
        }
    }

    /// The public feed of a group.
    pub(super) const fn group(source: SourceId, group: GroupId) -> Self {
        Self {
            name: FeedName::Group(source, group),
            root: Root::Public,
        }
    }

    /// Which feed it is.
    pub(super) const fn name(&self) -> &FeedName {
        &self.name
    }

    /// Whether everybody may know where it is: then search engines and other programs are told.
    pub(super) const fn is_public(&self) -> bool {
        matches!(self.root, Root::Public)
    }

    /// What the paths of all its addresses begin with; for links only.
    pub(super) fn root(&self) -> &str {
        self.root.path()
    }

    /// Where its screens are, with `origin` before every path.
    pub(super) fn screens(self, origin: &str) -> Address {
        Address::of(format!("{origin}{}", self.root()), self.name)
    }

    /// Who may show `feed`, which this is, in a frame. What is closed is shown by those alone whom the operator names: whoever
    /// frames it gives its key to every visitor.
    pub(super) const fn frames<'f>(&self, feed: &'f Feed) -> &'f Frames {
        match (&self.root, &feed.frames) {
            (Root::Token(_), Frames::Anybody) => &Frames::Nobody,
            (_, frames) => frames,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_segment_of_its_addresses_and_prints_nowhere_else() {
        let root = Root::of_token("a/b?c#d é");
        assert_eq!(root.path(), "/s/a%2Fb%3Fc%23d%20%C3%A9");
        assert!(!format!("{root:?}").contains("a%2Fb"), "{root:?}");
    }
}
