//! The start page: which calendars there are and where.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
};

use crate::domain::{
    event::Group,
    frames::Frames,
    id::{GroupId, SourceId},
    text::Line,
};

use url::Url;

use super::{
    App,
    address::{Addresses, Form},
    door::Reached,
    page::{Page, wants_html},
    plain::plain,
    speech::Speech,
    words::Words,
};

/// `/`: a page for browsers, text for everybody else, such as `curl`.
pub(super) async fn home(State(app): State<App>, uri: Uri, request: HeaderMap) -> Response {
    if !wants_html(&request) {
        return plain(StatusCode::OK, &app.listing());
    }
    let speech = Speech::read(uri.query(), &request);
    match Page::of(&app.home(speech), speech, &Frames::Nobody) {
        Ok(page) => page
            .varying(&[header::ACCEPT])
            .respond(&request, app.codings(&request)),
        Err(error) => error.into_page(speech, &request),
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    speech: Speech,
    feeds: Vec<Entry>,
    sources: Vec<GroupsOf>,
}

/// A calendar on the start page.
struct Entry {
    title: String,
    path: String,
    /// Whose midnights bound its windows; empty for a group.
    zone: String,
}

/// The calendars that one source makes by itself.
struct GroupsOf {
    id: String,
    heading: String,
    groups: Vec<Entry>,
}

impl App {
    fn home(&self, speech: Speech) -> Home {
        let words = Words::of(speech);
        let entry = |of: &Reached, title: &Line, zone: String| Entry {
            title: title.to_string(),
            path: speech.link(&Addresses::of(&self.public_url, of, title).path(Form::Page, None)),
            zone,
        };
        let feeds = self.feeds.configured().map(|(id, feed)| {
            let of = Reached::configured(id.clone());
            entry(&of, &feed.title, words.clock(feed.zone))
        });
        let sources = self.feeds.public_groups().map(|(source, groups)| {
            let groups = groups.iter().map(|(id, group)| {
                let of = Reached::group(source.clone(), id.clone());
                entry(&of, &Line::new(shown(id, group)), String::new())
            });
            let mut groups: Vec<Entry> = groups.collect();
            groups.sort_by_cached_key(|group| group.title.to_lowercase());
            GroupsOf {
                id: source.to_string(),
                heading: (speech.pages().groups_of)(source.as_str()),
                groups,
            }
        });
        Home {
            speech,
            feeds: feeds.collect(),
            sources: sources.filter(|source| !source.groups.is_empty()).collect(),
        }
    }

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
