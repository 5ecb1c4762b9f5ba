//! What became of events, in the words of those who ask why a calendar changed.

use std::time::Duration;

use super::super::*;
use crate::domain::{
    batch::Batch,
    testing::{at, batch, days, event, place, timed, uid},
    text::{Line, Text},
    when::When,
};

const NOON: &str = "2026-11-22T12:00:00Z";

/// Two polls are as good as one here: absence is believed at once.
fn policy() -> Policy {
    let When::Days(days) = days("2026-09-23", "2027-12-26") else {
        unreachable!()
    };
    Policy {
        confirm_after: Duration::ZERO,
        empty_after: Duration::ZERO,
        vanished: Vanished::Buried(days),
        accepted: None,
    }
}

fn evening(id: &str) -> Event {
    event(id, timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z"))
}

fn with(events: impl IntoIterator<Item = Event>) -> Batch {
    batch(events.into_iter().chain(["x", "y", "z"].map(evening)))
}

/// What became of the event `a` in each step from one batch to the next: the word, the fields, the sequence.
fn told(batches: Vec<Batch>) -> Vec<String> {
    let mut batches = batches.into_iter();
    let mut now = at(NOON);
    let mut snapshot = advance(None, batches.next().unwrap(), now, policy());
    batches
        .map(|batch| {
            now += TimeDelta::minutes(10);
            let next = advance(Some(&snapshot), batch, now, policy());
            let changes = changes(&snapshot, &next);
            snapshot = next;
            let told = changes.iter().map(|change| {
                assert_eq!(change.uid, uid("a"));
                let fields: Vec<&str> = change.fields.iter().map(|field| field.word()).collect();
                let sequence = change.stamps.sequence;
                format!("{} [{}] {sequence}", change.kind.word(), fields.join(" "))
            });
            told.collect::<Vec<_>>().join(", ")
        })
        .collect()
}

#[test]
fn each_change_has_a_word_its_fields_and_the_sequence_it_is_published_with() {
    let a = || evening("a");
    let cancelled = || Event {
        status: Some(Status::Cancelled),
        ..a()
    };
    let later = || timed("2027-02-02T19:00:00Z", "2027-02-02T22:00:00Z");
    for (row, batches, want) in [
        ("new", vec![with([]), with([a()])], &["added [] 0"][..]),
        ("the same", vec![with([a()]), with([a()])], &[""]),
        (
            "its upstream stamps alone",
            vec![
                with([a()]),
                with([Event {
                    updated: Some(at(NOON)),
                    ..a()
                }]),
            ],
            &[""],
        ),
        (
            "texts",
            vec![
                with([a()]),
                with([Event {
                    title: Line::new("b"),
                    details: Text::new("more"),
                    places: vec![place("hall", "Hall", "")],
                    groups: vec![GroupId::new("choir")],
                    zone: Some(chrono_tz::Tz::UTC),
                    ..a()
                }]),
            ],
            &["edited [zone title text places groups] 1"],
        ),
        (
            "moved and renamed",
            vec![
                with([a()]),
                with([Event {
                    title: Line::new("b"),
                    when: later(),
                    ..a()
                }]),
            ],
            &["moved [time title] 1"],
        ),
        (
            "cancelled, moved then, and on again",
            vec![
                with([a()]),
                with([cancelled()]),
                with([Event {
                    when: later(),
                    ..cancelled()
                }]),
                with([Event {
                    when: later(),
                    ..a()
                }]),
            ],
            &[
                "cancelled [status] 1",
                "moved [time] 2",
                "edited [status] 3",
            ],
        ),
        (
            "not listed, and again",
            vec![with([a()]), with([]), with([]), with([a()])],
            &["vanished [status] 1", "", "returned [status] 2"],
        ),
        (
            "over for long",
            vec![
                with([event("a", days("2026-10-01", "2026-10-02"))]),
                with([]),
            ],
            &["gone [] 0"],
        ),
    ] {
        assert_eq!(told(batches), want, "{row}");
    }
}

#[test]
fn every_word_is_one_of_a_kind() {
    let kinds = ChangeKind::ALL.map(ChangeKind::word);
    let fields = Field::ALL.map(Field::word);
    let all: BTreeSet<&str> = kinds.into_iter().chain(fields).collect();
    assert_eq!(all.len(), kinds.len() + fields.len());
}
