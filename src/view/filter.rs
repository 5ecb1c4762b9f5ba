//! Which events a visitor looks for.

use crate::{domain::event::Groups, feed::listing::Listed};

use super::options::EmbedOptions;

/// The groups and words that events must have.
pub(super) struct Filter<'a> {
    options: &'a EmbedOptions,
    groups: &'a Groups,
    words: Vec<String>,
}

impl<'a> Filter<'a> {
    pub(super) fn of(options: &'a EmbedOptions, groups: &'a Groups) -> Self {
        let words = options.q.as_str().split_whitespace();
        Self {
            options,
            groups,
            words: words.map(str::to_lowercase).collect(),
        }
    }

    /// Whether the event has every word and one of the groups.
    pub(super) fn shows(&self, event: &Listed) -> bool {
        self.has_group(event) && self.has_words(event)
    }

    fn has_group(&self, event: &Listed) -> bool {
        let asked = &self.options.groups;
        asked.is_empty() || asked.iter().any(|asked| self.is_in(event, asked.as_str()))
    }

    /// Whether the event is in the group of this id or name, or in one of several with commas between.
    fn is_in(&self, event: &Listed, asked: &str) -> bool {
        let names = |text: &str| {
            event.groups.iter().any(|id| {
                let name = self.groups.get(id).map(|group| group.name.as_str());
                id.as_str().eq_ignore_ascii_case(text)
                    || name.is_some_and(|name| name.to_lowercase() == text.to_lowercase())
            })
        };
        names(asked) || asked.split(',').any(|part| names(part.trim()))
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
