//! What many events say alike, held in memory once.

use std::collections::HashMap;

use super::{
    event::{Event, Groups, Place},
    id::GroupId,
};

/// Has `events` share the ids of their groups with `groups` and their places with each other, and gives back what room
/// their lists have left: snapshots live long.
pub(super) fn share<'e>(events: impl Iterator<Item = &'e mut Event>, groups: &Groups) {
    let mut places: HashMap<GroupId, Place> = HashMap::new();
    for event in events {
        for id in &mut event.groups {
            if let Some((known, _)) = groups.get_key_value(id) {
                *id = known.clone();
            }
        }
        for place in &mut event.places {
            match places.get(&place.id) {
                Some(known) if known == place => *place = known.clone(),
                // Of one that goes by several names the first is shared.
                Some(_) => {}
                None => _ = places.insert(place.id.clone(), place.clone()),
            }
        }
        event.groups.shrink_to_fit();
        event.places.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::{Group, GroupKind},
        testing::{event, timed},
        text::Line,
    };

    fn place(id: &str, name: &str) -> Place {
        Place {
            id: GroupId::new(id),
            name: Line::new(name),
            address: Line::default(),
        }
    }

    #[test]
    fn events_say_what_they_said_and_hold_it_once() {
        let opera = GroupId::new("opera");
        let group = Group {
            name: Line::new("Opera"),
            kind: GroupKind::Group,
        };
        let groups: Groups = [(opera.clone(), group)].into();
        let hall = [("hall", "Hall"), ("hall", "Hall"), ("hall", "Great Hall")];
        let mut events: Vec<Event> = hall
            .iter()
            .map(|(id, name)| Event {
                groups: vec![GroupId::new("Opera"), GroupId::new("unseen")],
                places: vec![place(id, name)],
                ..event("1", timed("2026-11-21T19:00:00Z", "2026-11-21T21:00:00Z"))
            })
            .collect();
        let before = events.clone();
        share(events.iter_mut(), &groups);
        assert_eq!(events, before);
        for (index, event) in events.iter().enumerate() {
            let id = &event.groups[0];
            assert!(std::ptr::eq(id.as_str(), opera.as_str()), "{index}");
        }
        let name = |index: usize| events[index].places[0].name.as_str();
        assert!(std::ptr::eq(name(0), name(1)), "the same place");
        assert!(!std::ptr::eq(name(0), name(2)), "another name");
    }
}
