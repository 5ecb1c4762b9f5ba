//! The start page, as text: which calendars there are and where.

use std::fmt::Write as _;

use axum::{extract::State, http::StatusCode, response::Response};

use crate::domain::{
    event::Group,
    id::{GroupId, SourceId},
};

use url::Url;

use super::{App, plain::plain};

/// `/`
pub(super) async fn home(State(app): State<App>) -> Response {
    plain(StatusCode::OK, &app.listing())
}

impl App {
    /// Every public feed with its address.
    #[must_use]
    pub fn listing(&self) -> String {
        let base = self.public_url.as_str().trim_end_matches('/');
        let mut text =
            String::from("Calendars to subscribe to: copy an address into your calendar.\n");
        for (id, feed) in self.feeds.configured() {
            let _ = write!(text, "\n{}\n  {base}/feeds/{id}.ics\n", feed.title);
        }
        for (source, groups) in self.feeds.public_groups() {
            if !groups.is_empty() {
                let _ = write!(text, "\nGroups of {source}\n");
            }
            for (id, group) in groups.iter() {
                let _ = writeln!(
                    text,
                    "  {}\n    {}",
                    shown(id, group),
                    group_address(&self.public_url, source, id, group)
                );
            }
        }
        text.push_str("\nAnother window stands before the name: /feeds/2026-11/…, /feeds/next-90d/…, /feeds/2026-W47/…\n");
        text
    }
}

fn shown<'a>(id: &'a GroupId, group: &'a Group) -> &'a str {
    if group.name.is_empty() {
        id.as_str()
    } else {
        group.name.as_str()
    }
}

fn group_address(base: &Url, source: &SourceId, id: &GroupId, group: &Group) -> String {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        let file = format!("{}.ics", group.name.slug());
        path.pop_if_empty()
            .extend(["groups", source.as_str(), id.as_str(), &file]);
    }
    url.into()
}
