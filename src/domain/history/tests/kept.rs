//! Snapshots taken apart and put together, and what differs between two of them.

use std::time::Duration;

use super::super::*;
use crate::domain::{
    event::GroupKind,
    testing::{TRUSTING, at, batch, event, groups, timed},
    text::Line,
};

fn list(ids: &str) -> Batch {
    let when = timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z");
    let events = ids.split_whitespace().map(|text| {
        let (id, title) = text.split_once('=').unwrap_or((text, text));
        Event {
            title: Line::new(title),
            ..event(id, when)
        }
    });
    batch(events)
}

fn told(before: Option<&Snapshot>, after: &Snapshot) -> Vec<String> {
    let told = differences(before, after).map(|difference| match difference {
        Difference::Added(entry) => format!("added {}", entry.event.title),
        Difference::Edited(_, entry) => format!("edited {}", entry.event.title),
        Difference::Removed(entry) => format!("removed {}", entry.event.title),
    });
    let mut told: Vec<String> = told.collect();
    told.sort_unstable();
    told
}

#[test]
fn differences_name_every_event_that_differs_and_no_other() {
    for (row, before, after, want) in [
        ("nothing", "", "", ""),
        ("the same", "1 2", "1 2", ""),
        ("all new", "", "1 2", "added 1, added 2"),
        ("all gone", "1 2", "", "removed 1, removed 2"),
        ("one edited", "1 2 3", "1 2=new 3", "edited new"),
        (
            "all at once",
            "1 2 3 4",
            "2 3=new 5 6",
            "added 5, added 6, edited new, removed 1, removed 4",
        ),
    ] {
        let first = advance(None, list(before), at("2026-11-22T12:00:00Z"), TRUSTING);
        let next = advance(
            Some(&first),
            list(after),
            at("2026-11-22T13:00:00Z"),
            TRUSTING,
        );
        assert_eq!(told(Some(&first), &next).join(", "), want, "{row}");
    }
    let first = advance(None, list("1"), at("2026-11-22T12:00:00Z"), TRUSTING);
    assert_eq!(told(None, &first), ["added 1"], "nothing before");
}

#[test]
fn a_snapshot_put_together_again_goes_on_as_if_it_had_never_been_apart() {
    let policy = Policy {
        confirm_after: Duration::from_mins(10),
        empty_after: Duration::from_hours(24),
        vanished: Vanished::Go,
        accepted: None,
    };
    let mut came = list("1 2 3 4");
    came.groups = groups(&[("g", GroupKind::Group, "Opera")]);
    let first = advance(None, came, at("2026-11-22T12:00:00Z"), policy);
    let held = advance(Some(&first), list("1"), at("2026-11-22T12:10:00Z"), policy);
    assert!(held.held().is_some());
    let mut entries = held.entries().to_vec();
    entries.reverse();
    let again = Snapshot::restored(entries, held.groups().clone(), held.bearings());
    assert_eq!(again.entries(), held.entries());
    assert_eq!(again.groups(), held.groups());
    assert_eq!(again.bearings(), held.bearings());
    // Held since before it was taken apart, so the second poll that agrees is believed.
    let next = advance(Some(&again), list("1"), at("2026-11-22T12:20:00Z"), policy);
    assert_eq!((next.entries().len(), next.revision()), (1, 1));
}
