//! The shrink guard (interop W7, design §10).

use std::time::Duration;

use proptest::prelude::*;

use super::super::*;
use crate::domain::testing::{at, batch, event, timed};

const POLICY: Policy = Policy {
    confirm_after: Duration::from_mins(10),
    empty_after: Duration::from_hours(24),
    vanished: Vanished::Go,
    accepted: None,
};

/// Noon of the day on which everything here is polled first. The events named `c…` are still to come then, those named
/// `p…` are past.
const NOON: &str = "2026-11-22T12:00:00Z";

fn batch_of(ids: &str) -> Batch {
    batch(ids.split_whitespace().map(|id| {
        let when = match id.as_bytes()[0] {
            b'c' => timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z"),
            _ => timed("2026-10-01T19:00:00Z", "2026-10-01T22:00:00Z"),
        };
        event(id, when)
    }))
}

/// Ids in `snapshot`, sorted.
fn ids(snapshot: &Snapshot) -> String {
    let mut ids: Vec<&str> = snapshot
        .entries()
        .iter()
        .map(|entry| entry.event.title.as_str())
        .collect();
    ids.sort_unstable();
    ids.join(" ")
}

/// What is published after each poll, with the losses while a batch is held.
fn published(polls: &[(i64, &str)]) -> Vec<String> {
    let mut snapshot = None;
    let mut seen = Vec::new();
    for (minute, ids_now) in polls {
        let now = at(NOON) + TimeDelta::minutes(*minute);
        let next = advance(snapshot.as_ref(), batch_of(ids_now), now, POLICY);
        seen.push(match next.held() {
            None => ids(&next),
            Some(held) => format!("{} (held: {} of {})", ids(&next), held.missing, held.of),
        });
        snapshot = Some(next);
    }
    seen
}

#[test]
fn a_list_that_shrinks_is_held_until_it_has_said_so_for_long_enough() {
    const DAY: i64 = 24 * 60;
    let four = "c1 c2 c3 c4";
    for (row, polls, want) in [
        (
            "half of the coming events may go at once",
            &[(0, four), (10, "c1 c2")][..],
            &[four, "c1 c2"][..],
        ),
        (
            "more than half needs a second word, one interval later",
            &[(0, four), (10, "c1"), (19, "c1"), (20, "c1")],
            &[
                four,
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1",
            ],
        ),
        (
            "all of them needs a day",
            &[(0, four), (10, ""), (20, ""), (DAY + 9, ""), (DAY + 10, "")],
            &[
                four,
                "c1 c2 c3 c4 (held: 4 of 4)",
                "c1 c2 c3 c4 (held: 4 of 4)",
                "c1 c2 c3 c4 (held: 4 of 4)",
                "",
            ],
        ),
        (
            "all coming events need a day even if past ones are still there",
            &[(0, "c1 c2 p1 p2"), (10, "p1 p2"), (30, "p1 p2")],
            &[
                "c1 c2 p1 p2",
                "c1 c2 p1 p2 (held: 2 of 2)",
                "c1 c2 p1 p2 (held: 2 of 2)",
            ],
        ),
        (
            "past events may go at once, the horizon moves on",
            &[(0, "c1 p1 p2 p3 p4"), (10, "c1")],
            &["c1 p1 p2 p3 p4", "c1"],
        ),
        (
            "a unit that is all past is watched as a whole",
            &[(0, "p1 p2 p3"), (10, "p1"), (20, "p1")],
            &["p1 p2 p3", "p1 p2 p3 (held: 2 of 3)", "p1"],
        ),
        (
            "a recovery is believed at once and ends the wait",
            &[(0, four), (10, "c1"), (15, four), (21, "c1"), (31, "c1")],
            &[
                four,
                "c1 c2 c3 c4 (held: 3 of 4)",
                four,
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1",
            ],
        ),
        (
            "new events do not make up for lost ones",
            &[(0, "c1 c2 c3"), (10, "c4 c5 c6 c7")],
            &["c1 c2 c3", "c1 c2 c3 (held: 3 of 3)"],
        ),
        (
            "time in which most were gone does not count as time in which all were",
            &[(0, four), (10, "c1"), (DAY + 10, ""), (DAY + 20, "")],
            &[
                four,
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1 c2 c3 c4 (held: 4 of 4)",
                "c1 c2 c3 c4 (held: 4 of 4)",
            ],
        ),
        (
            "an upstream that comes back in parts has to agree with itself first",
            &[(0, four), (10, ""), (30, "c1"), (39, "c1"), (40, "c1")],
            &[
                four,
                "c1 c2 c3 c4 (held: 4 of 4)",
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1",
            ],
        ),
        (
            "a clock that was a year ahead does not make the wait a year long",
            &[(0, four), (5, "c1"), (-500_000, "c1"), (-499_990, "c1")],
            &[
                four,
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1 c2 c3 c4 (held: 3 of 4)",
                "c1",
            ],
        ),
        (
            "nothing can be lost of nothing",
            &[(0, ""), (10, ""), (20, "c1")],
            &["", "", "c1"],
        ),
    ] {
        assert_eq!(published(polls), want, "{row}");
    }
}

#[test]
fn what_is_held_back_moves_neither_revision_nor_stamps() {
    let before = advance(None, batch_of("c1 c2 c3"), at(NOON), POLICY);
    let later = at(NOON) + TimeDelta::hours(1);
    let mut edited = batch_of("c1");
    edited.events[0].title = crate::domain::text::Line::new("edited");
    let held = advance(Some(&before), edited, later, POLICY);
    assert_eq!(
        held.held(),
        Some(Held {
            since: later,
            missing: 2,
            of: 3
        })
    );
    assert_eq!(held.entries(), before.entries());
    assert_eq!(
        (held.revision(), held.changed()),
        (before.revision(), before.changed())
    );
}

#[test]
fn a_whole_day_is_coming_until_it_is_over() {
    for (row, now, believed) in [
        ("the day itself", "2026-11-25T23:59:59Z", false),
        ("the day after", "2026-11-26T00:00:00Z", true),
    ] {
        let day = |id| event(id, crate::domain::testing::days("2026-11-24", "2026-11-25"));
        let past = |id| event(id, timed("2026-10-01T19:00:00Z", "2026-10-01T22:00:00Z"));
        let both = batch([day("day"), past("p1"), past("p2")]);
        let before = advance(None, both, at(NOON), POLICY);
        let after = advance(
            Some(&before),
            batch([past("p1"), past("p2")]),
            at(now),
            POLICY,
        );
        assert_eq!(after.held().is_none(), believed, "{row}");
    }
}

proptest! {
    #[test]
    fn what_is_published_is_always_one_batch_as_it_came(
        polls in prop::collection::vec((prop::collection::vec(0_u8..8, 0..8), -90_i64..2_000), 1..20)
    ) {
        let mut now = at(NOON);
        let mut snapshot: Option<Snapshot> = None;
        for (events, minutes) in polls {
            now += TimeDelta::minutes(minutes);
            let mut events: Vec<String> = events.iter().map(|n| format!("c{n}")).collect();
            events.sort();
            events.dedup();
            let came = events.join(" ");
            let next = advance(snapshot.as_ref(), batch_of(&came), now, POLICY);
            let before = snapshot.as_ref().map(ids).unwrap_or_default();
            let lost = before.split_whitespace().filter(|id| !events.iter().any(|e| e == id)).count();
            let total = before.split_whitespace().count();
            match next.held() {
                None => prop_assert_eq!(ids(&next), came, "neither lost nor invented"),
                Some(held) => {
                    prop_assert_eq!(ids(&next), before, "the old copy stays whole");
                    prop_assert_eq!((held.missing, held.of), (lost, total));
                    prop_assert!(held.since <= now);
                }
            }
            prop_assert!(lost * 2 > total || next.held().is_none(), "half may always go");
            snapshot = Some(next);
        }
    }
}
