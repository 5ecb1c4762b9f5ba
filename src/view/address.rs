//! Where the screens of a feed are.

use chrono::NaiveDate;

use crate::{domain::id::EventUid, feed::FeedName};

use super::{options::EmbedOptions, words::View};

/// Where the screens of one feed are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(FeedName);

impl Address {
    /// The screens of the feed `name`.
    #[must_use]
    pub fn of(name: FeedName) -> Self {
        Self(name)
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

    /// The page of an event; feeds of groups have none.
    pub(super) fn event(&self, uid: EventUid) -> Option<String> {
        match &self.0 {
            FeedName::Configured(id) => Some(format!("/events/{id}/{uid}")),
            FeedName::Group(..) | FeedName::Closed(_) | FeedName::ClosedGroup(..) => None,
        }
    }

    fn path(&self, of_feeds: &str, of_groups: &str) -> String {
        match &self.0 {
            FeedName::Configured(id) => format!("/{of_feeds}/{id}"),
            FeedName::Group(source, group) => {
                format!("/{of_groups}/{source}/{}", segment(group.as_str()))
            }
            // Its addresses are keys, and nobody's to print.
            FeedName::Closed(_) | FeedName::ClosedGroup(..) => String::new(),
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
