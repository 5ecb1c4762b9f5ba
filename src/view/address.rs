//! Where the screens of a feed are.

use std::fmt;

use chrono::NaiveDate;

use crate::{
    domain::id::{EventUid, GroupId, SourceId},
    feed::FeedName,
};

use super::{options::EmbedOptions, words::View};

/// Where the screens of one feed are.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    root: String,
    name: FeedName,
}

/// Without the root, which may hold a token.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Address {
    /// The screens of the feed `name`, where every address begins with `root`: nothing for a public feed on our own pages,
    /// an origin for other websites, `/s/` and the token for a closed one.
    #[must_use]
    pub fn of(root: String, name: FeedName) -> Self {
        Self { root, name }
    }

    /// A view of it, around `day`, with `options`.
    #[must_use]
    pub fn view(&self, view: View, day: Option<NaiveDate>, options: &EmbedOptions) -> String {
        let mut path = self.path("embed", "embed/groups");
        path.push('/');
        path.push_str(view.word());
        if let Some(day) = day {
            path.push('/');
            path.push_str(&match view {
                View::Month => day.format("%Y-%m").to_string(),
                _ => day.to_string(),
            });
        }
        path + &options.query()
    }

    /// The page where one subscribes.
    #[must_use]
    pub fn subscribe(&self) -> String {
        self.path("feeds", "groups")
    }

    /// The page of an event.
    pub(super) fn event(&self, uid: EventUid) -> String {
        match &self.name {
            FeedName::Configured(_) | FeedName::Closed(_) => {
                format!("{}/{uid}", self.path("events", "groups"))
            }
            FeedName::Group(..) | FeedName::ClosedGroup(..) => {
                format!("{}/events/{uid}", self.path("events", "groups"))
            }
        }
    }

    fn path(&self, of_feeds: &str, of_groups: &str) -> String {
        let root = &self.root;
        let of_group = |source: &SourceId, group: &GroupId| {
            format!("{root}/{of_groups}/{source}/{}", segment(group.as_str()))
        };
        match &self.name {
            FeedName::Configured(id) => format!("{root}/{of_feeds}/{id}"),
            FeedName::Closed(id) => format!("{root}/{of_feeds}/{}", **id),
            FeedName::Group(source, group) => of_group(source, group),
            FeedName::ClosedGroup(source, group) => of_group(source, group),
        }
    }
}

/// `text` as one segment of a path: whatever is no letter, digit, `-`, `_`, or `.` between others is encoded.
fn segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
