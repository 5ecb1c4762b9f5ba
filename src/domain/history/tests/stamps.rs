//! `CREATED`, `LAST-MODIFIED`, `SEQUENCE`, and when a snapshot counts as changed (interop E3 to E6).

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::*;
use crate::domain::{
    event::{GroupKind, Place, Status},
    id::GroupId,
    testing::{TRUSTING, at, batch, days, event, groups, place, timed, uid},
    text::{Line, Text},
};

fn opening() -> Event {
    let mut event = event(
        "opening",
        timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z"),
    );
    event.created = Some(at("2026-03-01T08:00:00Z"));
    event.updated = Some(at("2026-04-01T08:00:00Z"));
    event
}

/// `created modified sequence` of the only event.
fn shown(snapshot: &Snapshot) -> String {
    let stamps = snapshot.entries()[0].stamps;
    let time = |at: DateTime<Utc>| at.format("%m-%dT%H:%M:%S").to_string();
    format!(
        "{} {} {}",
        time(stamps.created),
        time(stamps.modified),
        stamps.sequence
    )
}

#[test]
fn the_first_stamps_are_the_upstreams_where_these_can_be_true() {
    let now = "2026-11-22T12:00:00.750Z";
    for (row, created, updated, want) in [
        (
            "both",
            Some("2026-03-01T08:00:00Z"),
            Some("2026-04-01T08:00:00Z"),
            "03-01T08:00:00 04-01T08:00:00 0",
        ),
        ("none", None, None, "11-22T12:00:00 11-22T12:00:00 0"),
        (
            "fractions are cut",
            Some("2026-03-01T08:00:00.9Z"),
            Some("2026-04-01T08:00:00.9Z"),
            "03-01T08:00:00 04-01T08:00:00 0",
        ),
        (
            "a leap second is no second of clients",
            Some("2005-12-31T23:59:60Z"),
            Some("2016-12-31T23:59:60.5Z"),
            "12-31T23:59:59 12-31T23:59:59 0",
        ),
        (
            "an update in the future is not believed",
            Some("2026-03-01T08:00:00Z"),
            Some("2027-01-01T00:00:00Z"),
            "03-01T08:00:00 11-22T12:00:00 0",
        ),
        (
            "made after it was changed",
            Some("2026-05-01T08:00:00Z"),
            Some("2026-04-01T08:00:00Z"),
            "04-01T08:00:00 04-01T08:00:00 0",
        ),
        (
            "made in the future",
            Some("2027-05-01T08:00:00Z"),
            None,
            "11-22T12:00:00 11-22T12:00:00 0",
        ),
        (
            "only changed",
            None,
            Some("2026-04-01T08:00:00Z"),
            "04-01T08:00:00 04-01T08:00:00 0",
        ),
    ] {
        let mut event = opening();
        event.created = created.map(at);
        event.updated = updated.map(at);
        assert_eq!(
            shown(&advance(None, batch([event]), at(now), TRUSTING)),
            want,
            "{row}"
        );
    }
}

#[test]
fn a_change_is_dated_by_the_upstream_where_it_can_be_and_always_moves_forward() {
    for (row, updated, now, want) in [
        (
            "the upstream's word",
            Some("2026-11-22T11:00:00Z"),
            "2026-11-22T12:00:00Z",
            "11-22T11:00:00",
        ),
        (
            "frozen",
            Some("2026-04-01T08:00:00Z"),
            "2026-11-22T12:00:00Z",
            "11-22T12:00:00",
        ),
        (
            "going back",
            Some("2026-01-01T08:00:00Z"),
            "2026-11-22T12:00:00Z",
            "11-22T12:00:00",
        ),
        (
            "ahead of now",
            Some("2026-11-22T12:00:01Z"),
            "2026-11-22T12:00:00Z",
            "11-22T12:00:00",
        ),
        ("silent", None, "2026-11-22T12:00:00.9Z", "11-22T12:00:00"),
        (
            "less than a second later",
            Some("2026-04-01T08:00:00.5Z"),
            "2026-11-22T12:00:00Z",
            "04-01T08:00:01",
        ),
        (
            "our clock went back behind the last change",
            None,
            "2026-02-01T00:00:00Z",
            "04-01T08:00:01",
        ),
    ] {
        let before = advance(
            None,
            batch([opening()]),
            at("2026-11-22T10:00:00Z"),
            TRUSTING,
        );
        let mut edited = opening();
        edited.title = Line::new("Opening night");
        edited.updated = updated.map(at);
        let after = advance(Some(&before), batch([edited]), at(now), TRUSTING);
        assert_eq!(shown(&after), format!("03-01T08:00:00 {want} 1"), "{row}");
    }
}

#[test]
fn every_part_of_an_event_counts_as_content_but_the_upstreams_own_stamps() {
    type Change = fn(&mut Event);
    let changes: [(&str, Change, bool); 10] = [
        ("time", |e| e.when = days("2027-02-01", "2027-02-01"), true),
        ("title", |e| e.title = Line::new("x"), true),
        ("details", |e| e.details = Text::new("x"), true),
        ("place", |e| e.places = vec![place("p", "Hall", "")], true),
        ("address", |e| e.places[0].address = Line::new("x"), true),
        ("groups", |e| e.groups.push(GroupId::new("g")), true),
        ("status", |e| e.status = Some(Status::Cancelled), true),
        ("zone", |e| e.zone = Some(chrono_tz::Tz::Asia__Tokyo), true),
        ("created", |e| e.created = None, false),
        (
            "updated",
            |e| e.updated = Some(at("2026-11-22T11:00:00Z")),
            false,
        ),
    ];
    for (part, change, counts) in changes {
        let mut old = opening();
        old.places = vec![Place {
            name: Line::new("Old hall"),
            ..place("q", "", "Street 1")
        }];
        let mut new = old.clone();
        change(&mut new);
        let before = advance(None, batch([old]), at("2026-11-22T10:00:00Z"), TRUSTING);
        let after = advance(
            Some(&before),
            batch([new]),
            at("2026-11-22T12:00:00Z"),
            TRUSTING,
        );
        let moved = after.entries()[0].stamps != before.entries()[0].stamps;
        assert_eq!(moved, counts, "{part}: stamps");
        assert_eq!(
            after.revision() - before.revision(),
            u64::from(counts),
            "{part}: revision"
        );
    }
}

#[test]
fn a_renamed_group_changes_the_snapshot_but_no_event() {
    let with = |name| Batch {
        groups: groups(&[("g", GroupKind::Group, name)]),
        ..batch([opening()])
    };
    let before = advance(None, with("Opera"), at("2026-11-22T10:00:00Z"), TRUSTING);
    let after = advance(
        Some(&before),
        with("Ballet"),
        at("2026-11-22T10:00:00Z"),
        TRUSTING,
    );
    assert_eq!(after.revision(), before.revision() + 1);
    assert_eq!(after.changed(), before.changed() + TimeDelta::seconds(1));
    assert_eq!(after.entries(), before.entries());
}

#[test]
fn of_two_events_with_one_uid_the_first_counts_and_all_are_sorted() {
    let when = timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z");
    let mut twin = event("b", when);
    twin.title = Line::new("twin");
    let came = [
        event("c", when),
        event("b", when),
        event("a", when),
        twin.clone(),
    ];
    let snapshot = advance(None, batch(came), at("2026-11-22T10:00:00Z"), TRUSTING);
    let uids: Vec<_> = snapshot.entries().iter().map(|e| e.event.uid).collect();
    assert_eq!(uids.len(), 3);
    assert!(uids.is_sorted());
    let b = snapshot.entries().iter().find(|e| e.event.uid == uid("b"));
    assert_eq!(b.unwrap().event.title, Line::new("b"));
}

/// What a poll brings: for some of a few ids, which version of each; how far the upstream's stamp is off; how the clock
/// moved since the last poll, in seconds.
type Poll = (BTreeMap<u8, (u8, Option<i32>)>, i32);

fn polls() -> impl Strategy<Value = Vec<Poll>> {
    let event = (0_u8..4, prop::option::of(-100_000..100_000));
    let clock = prop_oneof![4 => 0..200_000, 1 => -100_000..0, 1 => Just(0)];
    prop::collection::vec(
        (prop::collection::btree_map(0_u8..5, event, 0..5), clock),
        1..24,
    )
}

fn version(id: u8, version: u8, updated: Option<DateTime<Utc>>) -> Event {
    let mut event = event(
        &id.to_string(),
        timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z"),
    );
    match version {
        0 => {}
        1 => event.title = Line::new("edited"),
        2 => event.when = days("2027-02-02", "2027-02-03"),
        _ => event.status = Some(Status::Cancelled),
    }
    event.updated = updated;
    event
}

proptest! {
    #[test]
    fn stamps_move_with_content_only_and_only_forward(polls in polls()) {
        let mut now = at("2026-11-22T12:00:00.25Z");
        let mut before: Option<(Snapshot, BTreeMap<u8, u8>)> = None;
        for (came, step) in polls {
            now += TimeDelta::seconds(step.into());
            let versions: BTreeMap<u8, u8> = came.iter().map(|(id, (version, _))| (*id, *version)).collect();
            let events = came.iter().map(|(id, (number, off))| {
                version(*id, *number, off.map(|off| now + TimeDelta::seconds(off.into())))
            });
            let next = advance(before.as_ref().map(|(snapshot, _)| snapshot), batch(events), now, TRUSTING);

            let mut uids: Vec<_> = versions.keys().map(|id| uid(&id.to_string())).collect();
            uids.sort();
            let published: Vec<_> = next.entries().iter().map(|entry| entry.event.uid).collect();
            prop_assert_eq!(published, uids, "none lost, none invented");
            for entry in next.entries() {
                let Stamps { created, modified, .. } = entry.stamps;
                prop_assert!(created <= modified);
                prop_assert_eq!(created.timestamp_subsec_nanos() + modified.timestamp_subsec_nanos(), 0);
            }
            if let Some((old, old_versions)) = &before {
                for (id, version) in &versions {
                    let Some(old_version) = old_versions.get(id) else { continue };
                    let stamps = |snapshot: &Snapshot| {
                        let entry = snapshot.entries().iter().find(|entry| entry.event.uid == uid(&id.to_string()));
                        entry.unwrap().stamps
                    };
                    let (was, is) = (stamps(old), stamps(&next));
                    if version == old_version {
                        prop_assert_eq!(is, was);
                    } else {
                        prop_assert!(is.modified > was.modified, "{:?} {:?}", was, is);
                        prop_assert_eq!((is.sequence, is.created), (was.sequence + 1, was.created));
                    }
                }
                let same = versions == *old_versions;
                prop_assert_eq!(next.revision() == old.revision(), same);
                prop_assert_eq!(next.changed() == old.changed(), same);
                prop_assert!(next.changed() >= old.changed() && next.revision() >= old.revision());
            }
            before = Some((next, versions));
        }
    }
}
