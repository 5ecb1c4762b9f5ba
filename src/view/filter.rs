//! Which events a visitor looks for.

use std::collections::BTreeSet;

use crate::{
    domain::{event::Groups, id::GroupId, text::Line},
    feed::listing::Listed,
};

use super::options::EmbedOptions;

/// The groups and words that events must have.
pub(super) struct Filter<'a> {
    /// One of these; none for any.
    groups: Option<BTreeSet<&'a GroupId>>,
    words: Vec<String>,
}

impl<'a> Filter<'a> {
    pub(super) fn of(options: &'a EmbedOptions, groups: &'a Groups) -> Self {
        let words = options.q.as_str().split_whitespace();
        Self {
            groups: (!options.groups.is_empty()).then(|| meant(options, groups)),
            words: words.map(str::to_lowercase).collect(),
        }
    }

    /// Whether the event has every word and one of the groups.
    pub(super) fn shows(&self, event: &Listed) -> bool {
        self.has_group(event) && self.has_words(event)
    }

    fn has_group(&self, event: &Listed) -> bool {
        let is_meant =
            |wanted: &BTreeSet<&GroupId>| event.groups.iter().any(|id| wanted.contains(id));
        self.groups.as_ref().is_none_or(is_meant)
    }

    fn has_words(&self, event: &Listed) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let places = event.places.iter();
        let places = places.flat_map(|place| [place.name.as_str(), place.address.as_str()]);
        let texts = [event.title.as_str(), event.details.as_str()].into_iter();
        let texts = texts
            .chain(places)
            .chain(event.categories.iter().map(String::as_str));
        let all = texts.map(str::to_lowercase).collect::<Vec<_>>().join("\n");
        self.words.iter().all(|word| all.contains(word))
    }
}

/// The groups that are asked for by id or name, one or several with commas between, without regard to case. Looked up once:
/// a visitor may ask for thousands.
fn meant<'a>(options: &EmbedOptions, groups: &'a Groups) -> BTreeSet<&'a GroupId> {
    let asked = options.groups.iter().map(Line::as_str);
    let asked: BTreeSet<String> = asked
        .flat_map(|asked| std::iter::once(asked).chain(asked.split(',')))
        .map(|name| name.trim().to_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    let is_asked = |name: &str| asked.contains(&name.to_lowercase());
    groups
        .iter()
        .filter(|(id, group)| is_asked(id.as_str()) || is_asked(group.name.as_str()))
        .map(|(id, _)| id)
        .collect()
}
