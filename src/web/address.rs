//! Where a feed, and what belongs to it, is found.

use url::Url;

use crate::{
    domain::{
        id::{EventUid, FeedId, GROUPS, GroupId, SourceId},
        text::Line,
        window::WindowSpec,
    },
    feed::FeedName,
};

use super::door::Reached;

/// What stands at the address of a feed, by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The calendar (interop H2).
    Calendar,
    /// Its events for programs.
    Json,
    /// The page for people, which has no extension.
    Page,
}

impl Form {
    /// The form that the last segment of an address asks for, and that segment without its extension.
    pub(super) fn of(file: &str) -> (Self, &str) {
        let with = |form: Self| Some((form, file.strip_suffix(form.extension())?));
        with(Self::Calendar)
            .or_else(|| with(Self::Json))
            .unwrap_or((Self::Page, file))
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Calendar => ".ics",
            Self::Json => ".json",
            Self::Page => "",
        }
    }
}

/// The addresses of one feed, behind the door by which it was reached.
///
/// Those to read are absolute in their path, so that pages work by whatever name the server is reached; those to keep, such
/// as to subscribe to, are below the public address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addresses<'a> {
    public: &'a Url,
    of: &'a Reached,
    name: Named<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Named<'a> {
    Configured(&'a FeedId),
    Group(&'a SourceId, &'a GroupId, &'a Line),
}

impl<'a> Addresses<'a> {
    /// Those of the feed `of`, which people call `title`, of a server that readers know as `public`.
    pub(super) fn of(public: &'a Url, of: &'a Reached, title: &'a Line) -> Self {
        let name = match of.name() {
            FeedName::Configured(id) => Named::Configured(id),
            FeedName::Closed(id) => Named::Configured(id),
            FeedName::Group(source, group) => Named::Group(source, group, title),
            FeedName::ClosedGroup(source, group) => Named::Group(source, group, title),
        };
        Self { public, of, name }
    }

    /// The feed in a form, in its own window or another.
    pub(super) fn path(&self, form: Form, window: Option<WindowSpec>) -> String {
        let extension = form.extension();
        let window = window.map(|window| window.to_string());
        let window = window.as_deref();
        match (self.name, form) {
            (Named::Configured(id), _) => {
                let file = format!("{id}{extension}");
                self.join(["feeds"].into_iter().chain(window).chain([file.as_str()]))
            }
            (Named::Group(source, group, _), Form::Page) => self.join(
                ["groups", source.as_str(), group.as_str()]
                    .into_iter()
                    .chain(window),
            ),
            (Named::Group(source, group, title), _) => {
                let file = format!("{}{extension}", title.slug());
                let head = ["groups", source.as_str(), group.as_str()];
                self.join(head.into_iter().chain(window).chain([file.as_str()]))
            }
        }
    }

    /// The calendar as a file to save.
    pub(super) fn download(&self, window: Option<WindowSpec>) -> String {
        let path = self.path(Form::Calendar, window);
        match self.name {
            Named::Configured(_) => path.replacen("/feeds/", "/download/", 1),
            // The page says that it is to be saved.
            Named::Group(..) => path,
        }
    }

    /// An embedded view, such as `month`.
    pub(super) fn embed(&self, view: &str) -> String {
        match self.name {
            Named::Configured(id) => self.join(["embed", id.as_str(), view]),
            Named::Group(source, group, _) => {
                self.join(["embed", GROUPS, source.as_str(), group.as_str(), view])
            }
        }
    }

    /// One event: its page, or its calendar.
    pub(super) fn event(&self, uid: EventUid, form: Form) -> String {
        let file = format!("{uid}{}", form.extension());
        match self.name {
            Named::Configured(id) => self.join(["events", id.as_str(), &file]),
            Named::Group(source, group, _) => {
                self.join(["groups", source.as_str(), group.as_str(), "events", &file])
            }
        }
    }

    /// `path` below the public address.
    pub(super) fn absolute(&self, path: &str) -> Url {
        let mut url = self.public.clone();
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        url
    }

    fn join<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> String {
        let mut url = self.public.clone();
        url.set_path(self.of.root());
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url.path().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_feed_and_of_a_group_is_escaped_and_in_its_place() {
        let public = Url::parse("https://calendars.example").unwrap();
        let title = Line::new("Fêtes & \"Soirées\" #1");
        let feed = Reached::configured("season".parse().unwrap());
        let group = Reached::group("stage".parse().unwrap(), GroupId::new("a/b #1"));
        let uid = "7e41247b-e4cb-5c23-a2a7-947e861a2079".parse().unwrap();
        let month = Some("2026-11".parse().unwrap());
        let of = |name| Addresses::of(&public, name, &title);
        let (feed, group) = (of(&feed), of(&group));
        for (path, want) in [
            (feed.path(Form::Page, None), "/feeds/season"),
            (feed.path(Form::Page, month), "/feeds/2026-11/season"),
            (feed.path(Form::Calendar, None), "/feeds/season.ics"),
            (feed.path(Form::Json, month), "/feeds/2026-11/season.json"),
            (feed.download(month), "/download/2026-11/season.ics"),
            (feed.embed("month"), "/embed/season/month"),
            (group.path(Form::Page, None), "/groups/stage/a%2Fb%20%231"),
            (
                group.path(Form::Page, month),
                "/groups/stage/a%2Fb%20%231/2026-11",
            ),
            (
                group.path(Form::Calendar, month),
                "/groups/stage/a%2Fb%20%231/2026-11/f-tes-soir-es-1.ics",
            ),
            (group.embed("list"), "/embed/groups/stage/a%2Fb%20%231/list"),
        ] {
            assert_eq!(path, want);
            let absolute = feed.absolute(&path);
            assert_eq!(
                absolute.as_str(),
                format!("https://calendars.example{want}")
            );
        }
        let page = "/events/season/7e41247b-e4cb-5c23-a2a7-947e861a2079";
        assert_eq!(feed.event(uid, Form::Page), page);
        let calendar = "/groups/stage/a%2Fb%20%231/events/7e41247b-e4cb-5c23-a2a7-947e861a2079.ics";
        assert_eq!(group.event(uid, Form::Calendar), calendar);
    }
}
