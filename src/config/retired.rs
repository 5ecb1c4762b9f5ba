//! `[retired.…]`.

use std::collections::BTreeMap;

use url::Url;

use crate::domain::{id::FeedId, retired::Retired, text::Line};

use super::{section::Section, token::Day};

/// The retired feeds by name; `is_taken` says whether a name is that of a feed.
pub(super) fn retired(
    mut section: Section<'_>,
    is_taken: impl Fn(&FeedId) -> bool,
) -> BTreeMap<FeedId, Retired> {
    let mut all = BTreeMap::new();
    for (name, inner) in section.sections() {
        let feed = feed(&name, inner);
        match (name.parse::<FeedId>(), feed) {
            (Ok(id), _) if is_taken(&id) => {
                let fact = format!("is a feed too; remove [feeds.{id}] or this");
                section.problem(&name, fact);
            }
            (Ok(id), Some(feed)) => {
                all.insert(id, feed);
            }
            (Ok(_), None) => {}
            (Err(error), _) => section.problem(&name, error),
        }
    }
    all
}

fn feed(name: &str, mut section: Section<'_>) -> Option<Retired> {
    let title = section.take::<String>("title");
    let title = title.map_or_else(|| Line::new(name), |title| Line::new(&title));
    let on = section.take::<Day>("on").map(|day| day.0);
    let on = section.require("on", on, "the day it ended, such as `2026-11-21`");
    let no_address =
        "is no web address; write one such as `https://calendars.example.org/feeds/season.ics`";
    let moved_to = section.read::<Url>("moved_to", no_address);
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https" | "webcal") && url.has_host();
    if moved_to.as_ref().is_some_and(|url| !is_web(url)) {
        section.problem("moved_to", no_address);
    }
    let retired = on.and_then(|on| {
        let retired = Retired::new(title, on, moved_to);
        retired.map_err(|error| section.problem("on", error)).ok()
    });
    section.finish();
    retired
}
