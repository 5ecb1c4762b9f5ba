//! The form in which visitors choose what they see.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::domain::text::Line;

use super::{
    asked::Asked,
    options::EmbedOptions,
    words::{Control, View},
};

/// One of several that can be chosen in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The form in which visitors choose what they see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filters {
    /// Where it leads: the same view, without a day.
    pub action: String,
    /// What it carries along.
    pub hidden: Vec<(&'static str, String)>,
    /// The words looked for; `None` if one cannot look for words.
    pub search: Option<String>,
    /// The groups; empty if there is no choice.
    pub groups: Vec<Choice>,
    /// The zones; empty if there is no choice.
    pub zones: Vec<Choice>,
    /// The day gone to, empty if none was asked for; `None` if one cannot go to a day.
    pub date: Option<String>,
    /// Whether the form is to be seen at once, since something is chosen in it.
    pub open: bool,
    /// Takes search and groups back.
    pub clear: Option<String>,
}

impl Asked<'_> {
    pub(super) fn filters(&self, view: View, day: Option<NaiveDate>) -> Option<Filters> {
        let options = self.options;
        let has = |control| options.has(control);
        let (groups, zones) = (self.groups(), self.zones());
        let search = has(Control::Search).then(|| options.q.to_string());
        let date = has(Control::Date).then(|| day.map_or(String::new(), |day| day.to_string()));
        if search.is_none() && date.is_none() && groups.is_empty() && zones.is_empty() {
            return None;
        }
        let asked = |key: &str| match key {
            "q" => search.is_some(),
            "groups" => !groups.is_empty(),
            "tz" => !zones.is_empty(),
            _ => false,
        };
        let cleared = EmbedOptions {
            q: Line::default(),
            groups: Vec::new(),
            ..options.clone()
        };
        Some(Filters {
            action: self.address.view(view, None, &EmbedOptions::default()),
            hidden: options
                .pairs()
                .into_iter()
                .filter(|(key, _)| !asked(key))
                .collect(),
            open: options.filters(),
            clear: options
                .filters()
                .then(|| self.address.view(view, day, &cleared)),
            search,
            groups,
            zones,
            date,
        })
    }

    /// The groups one can choose: those of the events at hand and those chosen, by name.
    fn groups(&self) -> Vec<Choice> {
        if !self.options.has(Control::Groups) {
            return Vec::new();
        }
        let chosen = &self.options.groups;
        let is_chosen = |id: &str, name: &str| {
            chosen
                .iter()
                .any(|asked| asked.as_str() == id || asked.as_str() == name)
        };
        let known = self
            .listing
            .groups
            .iter()
            .filter(|(_, group)| !group.name.is_empty());
        let mut groups: Vec<Choice> = known
            .map(|(id, group)| Choice {
                value: id.to_string(),
                text: group.name.to_string(),
                chosen: is_chosen(id.as_str(), group.name.as_str()),
            })
            .collect();
        groups.sort_by(|one, two| {
            (one.text.to_lowercase(), &one.value).cmp(&(two.text.to_lowercase(), &two.value))
        });
        let named = |asked: &str| {
            groups
                .iter()
                .any(|group| group.chosen && (group.value == asked || group.text == asked))
        };
        let others: Vec<Choice> = chosen
            .iter()
            .filter(|asked| !named(asked.as_str()))
            .map(|asked| Choice {
                value: asked.to_string(),
                text: asked.to_string(),
                chosen: true,
            })
            .collect();
        groups.extend(others);
        if groups.len() < 2 && chosen.is_empty() {
            Vec::new()
        } else {
            groups
        }
    }

    /// The zones one can choose: the feed's, those of its events, the one chosen, and UTC.
    fn zones(&self) -> Vec<Choice> {
        if !self.options.has(Control::Zone) {
            return Vec::new();
        }
        let home = self.listing.feed.zone;
        let mut zones: Vec<Tz> = self.listing.events.iter().map(|event| event.zone).collect();
        zones.extend([self.zone, Tz::UTC]);
        zones.retain(|zone| *zone != home);
        zones.sort_by_key(|zone| zone.name());
        zones.dedup();
        std::iter::once(home)
            .chain(zones)
            .map(|zone| Choice {
                // The feed's own is what no choice means.
                value: if zone == home {
                    String::new()
                } else {
                    zone.name().to_owned()
                },
                text: self.dates.city(zone),
                chosen: zone == self.zone,
            })
            .collect()
    }
}
