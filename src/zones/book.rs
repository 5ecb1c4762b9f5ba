//! The zone book: which zone an event lives in, kept apart from the events.

use std::{borrow::Cow, collections::HashMap};

use chrono_tz::Tz;

use super::{alias::canonical, data::ZoneData};
use crate::domain::{
    event::{Event, Groups, Place},
    id::GroupId,
    text::Line,
};

/// The zone book of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    places: HashMap<String, Tz>,
    groups: HashMap<String, Tz>,
    source: Option<Tz>,
}

impl Book {
    /// A book from the entries of the configuration: upstream ids or names, compared without regard to case.
    pub fn new(
        places: impl IntoIterator<Item = (String, Tz)>,
        groups: impl IntoIterator<Item = (String, Tz)>,
        source: Option<Tz>,
    ) -> Self {
        Self {
            places: entries(places),
            groups: entries(groups),
            source,
        }
    }

    /// Every zone in the book.
    pub fn zones(&self) -> impl Iterator<Item = Tz> {
        let entries = self.places.values().chain(self.groups.values());
        entries.copied().chain(self.source)
    }

    /// The zone of an event: what its upstream says of it, else the first of its places that is in the book, else
    /// the first such group, else its source, else UTC (design §9).
    ///
    /// A zone that `data` lacks counts for nothing, and an old name gives its present one (interop Z9).
    #[must_use]
    pub fn zone_of(&self, event: &Event, groups: &Groups, data: &ZoneData) -> Tz {
        self.zone_for(event.zone, &event.places, &event.groups, groups, data)
    }

    /// The zone of an event that is still being made of what its upstream says: its zone, if known, its places, and
    /// those of `groups` it is in. The same answer as [`Book::zone_of`] gives of the finished event.
    #[must_use]
    pub fn zone_for(
        &self,
        said: Option<Tz>,
        places: &[Place],
        ids: &[GroupId],
        groups: &Groups,
        data: &ZoneData,
    ) -> Tz {
        let places = places.iter().flat_map(|place| {
            let entry = |key| find(&self.places, key);
            [entry(place.id.as_str()), entry(place.name.as_str())]
        });
        let groups = ids.iter().flat_map(|id| {
            let entry = |key| find(&self.groups, key);
            [
                entry(id.as_str()),
                groups.get(id).and_then(|group| entry(group.name.as_str())),
            ]
        });
        std::iter::once(said)
            .chain(places)
            .chain(groups)
            .chain([self.source])
            .flatten()
            .find_map(|tz| known(tz, data))
            .unwrap_or(Tz::UTC)
    }
}

fn entries(raw: impl IntoIterator<Item = (String, Tz)>) -> HashMap<String, Tz> {
    // Cleaned as the names of places and groups are, or a name with two blanks would never be found.
    raw.into_iter()
        .map(|(key, tz)| (folded(Line::new(&key).as_str()).into_owned(), tz))
        .collect()
}

fn find(entries: &HashMap<String, Tz>, key: &str) -> Option<Tz> {
    if entries.is_empty() {
        return None; // the usual case, asked several times for each of thousands of events
    }
    entries.get(&*folded(key)).copied()
}

fn folded(key: &str) -> Cow<'_, str> {
    let key = key.trim();
    let folds = |byte: u8| !byte.is_ascii() || byte.is_ascii_uppercase();
    if key.bytes().any(folds) {
        Cow::Owned(key.to_lowercase())
    } else {
        Cow::Borrowed(key) // as most ids are
    }
}

/// The present name of `tz`, or the given one where only that is in the data, as in an old database.
fn known(tz: Tz, data: &ZoneData) -> Option<Tz> {
    [canonical(tz), tz]
        .into_iter()
        .find(|tz| data.zone(*tz).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            event::{Group, GroupKind},
            id::EventUid,
            text::{Line, Text},
            when::{TimeSpan, When},
        },
        zones::data::tests::{built_in, bytes, directory},
    };

    fn event(zone: Option<Tz>, places: &[(&str, &str)], groups: &[&str]) -> Event {
        let start = "2026-11-21T19:00:00Z".parse().unwrap();
        let place = |(id, name): &(&str, &str)| Place {
            id: GroupId::new(id),
            name: Line::new(name),
            address: Line::default(),
        };
        Event {
            uid: EventUid::new(&"stage".parse().unwrap(), "1"),
            when: When::Timed(TimeSpan::new(start, start).unwrap()),
            title: Line::new("Tosca"),
            details: Text::default(),
            places: places.iter().map(place).collect(),
            groups: groups.iter().map(|id| GroupId::new(id)).collect(),
            status: None,
            zone,
            series: None,
            created: None,
            updated: None,
        }
    }

    fn book(places: &[(&str, Tz)], groups: &[(&str, Tz)], source: Option<Tz>) -> Book {
        let owned = |entries: &[(&str, Tz)]| -> Vec<(String, Tz)> {
            entries
                .iter()
                .map(|(key, tz)| ((*key).to_owned(), *tz))
                .collect()
        };
        Book::new(owned(places), owned(groups), source)
    }

    #[test]
    fn the_word_nearest_to_the_event_decides() {
        let full = book(
            &[
                (" Suntory HALL", Tz::Asia__Tokyo),
                ("P-2", Tz::Europe__Vienna),
                ("Ärena", Tz::Europe__Berlin),
                ("Palace  of\u{a0}Arts", Tz::Europe__Budapest),
            ],
            &[("opera", Tz::Europe__Paris), ("G-9", Tz::Europe__Rome)],
            Some(Tz::America__New_York),
        );
        let names: Groups = [("g-1", "Opera"), ("g-9", "Ballet")]
            .map(|(id, name)| {
                let (name, kind) = (Line::new(name), GroupKind::Group);
                (GroupId::new(id), Group { name, kind })
            })
            .into();
        let hall = ("p-1", "Suntory Hall");
        for (row, event, want) in [
            (
                "upstream",
                event(Some(Tz::Asia__Seoul), &[hall], &["g-1"]),
                Tz::Asia__Seoul,
            ),
            (
                "place by name",
                event(None, &[hall], &["g-1"]),
                Tz::Asia__Tokyo,
            ),
            (
                "place by id",
                event(None, &[("P-2", "Stage")], &["g-1"]),
                Tz::Europe__Vienna,
            ),
            (
                "umlauts fold too",
                event(None, &[("p-3", "ÄRENA")], &[]),
                Tz::Europe__Berlin,
            ),
            (
                "blanks count as one",
                event(None, &[("p-4", "Palace  of Arts")], &[]),
                Tz::Europe__Budapest,
            ),
            (
                "first place in the book",
                event(None, &[("p-7", ""), ("p-2", ""), hall], &[]),
                Tz::Europe__Vienna,
            ),
            (
                "group by name",
                event(None, &[("p-7", "")], &["g-1", "g-9"]),
                Tz::Europe__Paris,
            ),
            (
                "group by id",
                event(None, &[], &["g-7", "g-9"]),
                Tz::Europe__Rome,
            ),
            (
                "source",
                event(None, &[("p-7", "Elsewhere")], &["g-7"]),
                Tz::America__New_York,
            ),
        ] {
            assert_eq!(full.zone_of(&event, &names, built_in()), want, "{row}");
        }
        let empty = Book::default();
        assert_eq!(
            empty.zone_of(&event(None, &[hall], &["g-1"]), &names, built_in()),
            Tz::UTC
        );
    }

    #[test]
    fn a_zone_that_the_data_lacks_gives_way_to_the_next_step() {
        let root = directory(&[("Asia/Tokyo", bytes("Asia/Tokyo"))]);
        let data = crate::zones::Databases::new(Some(root.path().to_owned()))
            .choose()
            .unwrap();
        let event = event(Some(Tz::Asia__Seoul), &[("p-1", "")], &[]);
        let place = &[("p-1", Tz::Asia__Tokyo)];
        assert_eq!(
            book(place, &[], None).zone_of(&event, &Groups::new(), &data),
            Tz::Asia__Tokyo
        );
        let source = Some(Tz::Europe__Berlin);
        assert_eq!(
            book(&[], &[], source).zone_of(&event, &Groups::new(), &data),
            Tz::UTC
        );
    }

    #[test]
    fn an_old_name_gives_the_present_one_where_the_data_knows_it() {
        let book = book(&[], &[], Some(Tz::Europe__Kiev));
        let event = event(None, &[], &[]);
        assert_eq!(
            book.zone_of(&event, &Groups::new(), built_in()),
            Tz::Europe__Kyiv
        );
        let root = directory(&[("Europe/Kiev", bytes("Europe/Kiev"))]);
        let old = crate::zones::Databases::new(Some(root.path().to_owned()))
            .choose()
            .unwrap();
        assert_eq!(book.zone_of(&event, &Groups::new(), &old), Tz::Europe__Kiev);
    }
}
