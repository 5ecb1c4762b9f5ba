//! Groups that could not be read keep what was known of them (design §2, promise 7), and so do events whose absence is
//! doubted.

use std::{sync::Arc, time::Duration};

use super::super::*;
use crate::domain::{
    event::GroupKind,
    testing::{TRUSTING, at, batch, event, groups, timed, uid},
};

const NOON: &str = "2026-11-22T12:00:00Z";

/// Events written `id:group`, all still to come.
fn list(events: &str, missed: &str) -> Batch {
    let events = events.split_whitespace().map(|text| {
        let (id, group) = text.split_once(':').unwrap();
        Event {
            groups: vec![GroupId::new(group)],
            ..event(id, timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z"))
        }
    });
    let mut batch = batch(events);
    for event in &batch.events {
        let id = event.groups[0].as_str();
        batch.groups.extend(groups(&[(id, GroupKind::Group, id)]));
    }
    let why: Arc<dyn std::error::Error + Send + Sync> = Arc::from(std::fmt::Error);
    batch.missed = missed
        .split_whitespace()
        .map(|id| (GroupId::new(id), Arc::clone(&why)))
        .collect();
    batch
}

/// What is published after one batch and then another.
fn after(first: Batch, second: Batch) -> Snapshot {
    let first = advance(None, first, at(NOON), TRUSTING);
    advance(Some(&first), second, at(NOON), TRUSTING)
}

fn shown(snapshot: &Snapshot) -> String {
    let mut ids: Vec<String> = snapshot
        .entries()
        .iter()
        .map(|entry| format!("{}:{}", entry.event.title, entry.event.groups[0]))
        .collect();
    ids.sort_unstable();
    ids.join(" ")
}

#[test]
fn a_group_that_could_not_be_read_keeps_its_events_and_its_name() {
    for (row, events, missed, want) in [
        ("nothing missed", "1:a", "", "1:a"),
        ("one group missed", "1:a", "b", "1:a 2:b 3:b"),
        ("both missed", "", "a b", "1:a 2:b 3:b"),
        (
            "an event has moved out of the missed group",
            "1:a 2:a",
            "b",
            "1:a 2:a 3:b",
        ),
        (
            "a missed group nobody knows",
            "1:a 2:b 3:b",
            "c",
            "1:a 2:b 3:b",
        ),
    ] {
        let snapshot = after(list("1:a 2:b 3:b", ""), list(events, missed));
        assert_eq!(shown(&snapshot), want, "{row}");
        for entry in snapshot.entries() {
            assert!(
                snapshot.groups().contains_key(&entry.event.groups[0]),
                "{row}"
            );
        }
        let names: Vec<&str> = snapshot.missed().iter().map(GroupId::as_str).collect();
        assert_eq!(names.join(" "), missed, "{row}");
    }
}

#[test]
fn what_is_kept_of_a_missed_group_does_not_change() {
    let snapshot = after(list("1:a 2:b", ""), list("1:a", "b"));
    assert_eq!(snapshot.revision(), 0);
    assert_eq!(snapshot.changed(), at(NOON));
}

#[test]
fn a_group_that_can_be_read_again_is_whole() {
    let first = after(list("1:a 2:b 3:b", ""), list("1:a", "b"));
    let second = advance(Some(&first), list("1:a 2:b", ""), at(NOON), TRUSTING);
    assert_eq!(shown(&second), "1:a 2:b");
    assert!(second.missed().is_empty());
}

#[test]
fn a_missed_group_is_no_loss_that_the_shrink_guard_would_hold_back() {
    let policy = Policy {
        confirm_after: Duration::from_mins(10),
        empty_after: Duration::from_hours(24),
        vanished: Vanished::Go,
        accepted: None,
    };
    let first = advance(None, list("1:a 2:b 3:b 4:b", ""), at(NOON), policy);
    let second = advance(Some(&first), list("1:a 5:a", "b"), at(NOON), policy);
    assert_eq!(second.held(), None);
    assert_eq!(shown(&second), "1:a 2:b 3:b 4:b 5:a");
}

#[test]
fn an_event_whose_absence_is_doubted_stays_as_it_was_with_its_group() {
    let first = list("1:a 2:b 3:b", "");
    let second = Batch {
        doubted: [uid("2"), uid("9")].into(),
        ..list("1:a", "")
    };
    let snapshot = after(first, second);
    assert_eq!(shown(&snapshot), "1:a 2:b");
    assert!(snapshot.groups().contains_key(&GroupId::new("b")));
    assert!(snapshot.missed().is_empty(), "the group was read");
    let third = advance(Some(&snapshot), list("1:a", ""), at(NOON), TRUSTING);
    assert_eq!(shown(&third), "1:a");
}

#[test]
fn an_event_that_came_although_it_was_doubted_is_taken_as_it_came() {
    let second = Batch {
        doubted: [uid("2")].into(),
        ..list("1:a 2:a", "")
    };
    assert_eq!(shown(&after(list("1:a 2:b", ""), second)), "1:a 2:a");
}

#[test]
fn an_event_in_two_groups_of_which_one_was_missed_stays_in_both_unchanged() {
    let mut both = list("1:a 2:b", "");
    both.events[0].groups = vec![GroupId::new("a"), GroupId::new("b")];
    let snapshot = after(both, list("1:a", "b"));
    let groups = &snapshot
        .entries()
        .iter()
        .find(|entry| entry.event.title.as_str() == "1");
    let groups: Vec<&str> = groups
        .unwrap()
        .event
        .groups
        .iter()
        .map(GroupId::as_str)
        .collect();
    assert_eq!(groups, ["a", "b"]);
    assert_eq!(snapshot.revision(), 0);
}
