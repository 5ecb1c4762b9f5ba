//! `[feeds.…]`.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::domain::{
    feed::{Cancelled, Closed, Detail, Feed, Recurring, Times},
    frames::{Frames, Origin},
    id::{FeedId, SourceId},
    text::Line,
    window::WindowSpec,
};

use super::{
    section::Section,
    source::{Source, zone},
    token::Access,
};

/// Shown by default: some past for reference, a year and a month ahead (interop W2).
pub(super) const WINDOW: &str = "past-60d..next-400d";

/// The feeds by name.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    pub(super) public: BTreeMap<FeedId, Feed>,
    pub(super) closed: BTreeMap<FeedId, Closed>,
}

pub(super) fn feeds(
    mut section: Section<'_>,
    sources: &BTreeMap<SourceId, Option<Source>>,
) -> Feeds {
    let mut feeds = Feeds::default();
    for (name, mut inner) in section.sections() {
        let feed = feed(&name, &mut inner, sources);
        let access = access(&mut inner);
        let tokens = access.tokens(&mut inner, "access");
        inner.finish();
        match (name.parse::<FeedId>(), feed) {
            (Ok(id), Some(feed)) if access == Access::Token => {
                feeds.closed.insert(id, Closed { feed, tokens });
            }
            (Ok(id), Some(feed)) => {
                feeds.public.insert(id, feed);
            }
            (Ok(_), None) => {}
            (Err(error), _) => section.problem(&name, error),
        }
    }
    feeds
}

fn feed(
    name: &str,
    section: &mut Section<'_>,
    sources: &BTreeMap<SourceId, Option<Source>>,
) -> Option<Feed> {
    let title = section
        .take::<String>("title")
        .map_or_else(|| Line::new(name), |title| Line::new(&title));
    if title.is_empty() {
        section.problem(
            "title",
            "is empty; write what calendars should show as its name",
        );
    }
    let named: Option<Vec<String>> = section.take("sources");
    let named = section.require(
        "sources",
        named,
        "the names of one or more sources, such as `[\"stage\"]`",
    );
    if named.as_ref().is_some_and(Vec::is_empty) {
        section.problem(
            "sources",
            "is empty, so nothing would be shown; name a source such as `[\"stage\"]`",
        );
    }
    let known = known_sources(section, &named.unwrap_or_default(), sources);
    let groups = section.take::<Vec<String>>("groups");
    if groups.as_ref().is_some_and(Vec::is_empty) {
        section.problem("groups", "is empty, so nothing would be shown; name a group, or leave the line out to show everything");
    }
    let window = section.parse("window");
    let home = known.iter().find_map(|id| sources.get(id)?.as_ref());
    let zone_here = zone(section, "zone").or_else(|| Some(home?.zone));
    let pinned = zone(section, "pin_zone");
    let detail = section.choose(
        "detail",
        &[
            ("full", Detail::Full),
            ("title", Detail::Title),
            ("busy", Detail::Busy),
        ],
    );
    let cancelled = section.choose(
        "cancelled",
        &[
            ("keep", Cancelled::Keep),
            ("mark", Cancelled::Mark),
            ("omit", Cancelled::Omit),
        ],
    );
    let times = section.choose("times", &[("zoned", Times::Zoned), ("utc", Times::Utc)]);
    let recurring = section.choose(
        "series",
        &[("expand", Recurring::Expand), ("keep", Recurring::Keep)],
    );
    let frames = frames(section);
    Some(Feed {
        title,
        sources: known,
        groups,
        window: window.or_else(|| WINDOW.parse::<WindowSpec>().ok())?,
        zone: zone_here.unwrap_or(Tz::UTC),
        pinned,
        detail: detail.unwrap_or_default(),
        cancelled: cancelled.unwrap_or_default(),
        times: times.unwrap_or_default(),
        recurring: recurring.unwrap_or_default(),
        frames,
    })
}

fn known_sources(
    section: &Section<'_>,
    named: &[String],
    sources: &BTreeMap<SourceId, Option<Source>>,
) -> Vec<SourceId> {
    let mut known: Vec<SourceId> = Vec::new();
    for name in named {
        match name
            .parse::<SourceId>()
            .ok()
            .filter(|id| sources.contains_key(id))
        {
            Some(id) if known.contains(&id) => section.problem(
                "sources",
                format!("`{name}` stands there twice; remove one"),
            ),
            Some(id) => known.push(id),
            None => section.problem(
                "sources",
                format!("`{name}` is not defined; add [sources.{name}] or remove it here"),
            ),
        }
    }
    known
}

/// The websites that may show a feed: every one unless some are named, none if the list is empty.
fn frames(section: &mut Section<'_>) -> Frames {
    let Some(named) = section.take::<Vec<String>>("embed_origins") else {
        return Frames::Anybody;
    };
    if named.is_empty() {
        return Frames::Nobody;
    }
    let origins = named.iter().filter_map(|text| {
        let origin = text.parse::<Origin>();
        origin
            .map_err(|error| section.problem("embed_origins", error))
            .ok()
    });
    Frames::Only(origins.collect())
}

fn access(section: &mut Section<'_>) -> Access {
    let given = section.has("access");
    let choices = [("public", Access::Public), ("token", Access::Token)];
    match section.choose("access", &choices) {
        Some(access) => access,
        None if given => Access::Unclear,
        None => Access::Public,
    }
}
