//! What an upstream has and hides goes at once and without a word (ADR 11).

use std::sync::Arc;

use proptest::prelude::*;

use super::super::*;
use super::{minute, policy};
use crate::domain::{
    batch::Withheld,
    series::{Length, Series, Wall},
    testing::{batch, days, event, timed, uid},
};

/// By which something is hidden.
const MARK: &str = "it is a draft";

/// Events two months ahead; `(a)` is one that is there and withheld, `[a]` one of which it cannot be read whether it is.
fn list(text: &str) -> Batch {
    let evening = |id| event(id, timed("2027-01-21T19:00:00Z", "2027-01-21T22:00:00Z"));
    let mut came = Batch::default();
    for word in text.split_whitespace() {
        let id = word.trim_matches(['(', ')', '[', ']']);
        match word.chars().next() {
            Some('(') => came.withheld.events.extend([(uid(id), MARK)]),
            Some('[') => came.unclear.events.extend([(uid(id), MARK)]),
            _ => came.events.push(evening(id)),
        }
    }
    came
}

/// What is published: `-` before what is cancelled, `?` behind what has been absent, the number of its version after each.
fn shown(snapshot: &Snapshot) -> String {
    let entries = snapshot.entries().iter();
    let mut shown: Vec<String> = entries
        .map(|Entry { event, stamps }| {
            let cancelled = event.status == Some(Status::Cancelled);
            let mark = if cancelled { "-" } else { "" };
            let absent = snapshot.absent_since(event.uid).filter(|_| !cancelled);
            let doubt = if absent.is_some() { "?" } else { "" };
            format!("{mark}{}{doubt}/{}", event.title, stamps.sequence)
        })
        .collect();
    shown.sort_unstable_by(|a, b| a.trim_start_matches('-').cmp(b.trim_start_matches('-')));
    if snapshot.held().is_some() {
        shown.push("held".to_owned());
    }
    shown.join(" ")
}

#[test]
fn what_is_withheld_goes_at_once_and_is_no_loss() {
    for (row, polls, want) in [
        (
            "neither a second poll nor a word of it",
            &[(0, "a b c"), (1, "a b (c)"), (20, "a b (c)")][..],
            &["a/0 b/0 c/0", "a/0 b/0", "a/0 b/0"][..],
        ),
        (
            "what is deleted later was not there any more",
            &[(0, "a b c"), (1, "a b (c)"), (20, "a b"), (40, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0", "a/0 b/0", "a/0 b/0"],
        ),
        (
            "what waits for its second poll waits no more",
            &[(0, "a b c"), (10, "a b"), (11, "a b (c)"), (30, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0 c?/0", "a/0 b/0", "a/0 b/0"],
        ),
        (
            "what is told as cancelled is told no more",
            &[(0, "a b c"), (10, "a b"), (20, "a b"), (21, "a b (c)")],
            &["a/0 b/0 c/0", "a/0 b/0 c?/0", "a/0 b/0 -c/1", "a/0 b/0"],
        ),
        (
            "what is shown again is new",
            &[(0, "a b c"), (10, "a b (c)"), (20, "a b c")],
            &["a/0 b/0 c/0", "a/0 b/0", "a/0 b/0 c/0"],
        ),
        (
            "most of a list may be withheld at once",
            &[(0, "a b c d"), (1, "a (b) (c) (d)")],
            &["a/0 b/0 c/0 d/0", "a/0"],
        ),
        (
            "all of it, too",
            &[(0, "a b c"), (1, "(a) (b) (c)"), (2, "(a) (b) (c)")],
            &["a/0 b/0 c/0", "", ""],
        ),
        (
            "a loss beside it is held back, and what is withheld is not",
            &[(0, "a b c d e"), (10, "a (e)"), (20, "a (e)")],
            &[
                "a/0 b/0 c/0 d/0 e/0",
                "a/0 b?/0 c?/0 d?/0 held",
                "a/0 -b/1 -c/1 -d/1",
            ],
        ),
        (
            "what is withheld while a loss is held back goes meanwhile",
            &[(0, "a b c d"), (10, "a"), (15, "a (d)"), (20, "a (d)")],
            &[
                "a/0 b/0 c/0 d/0",
                "a/0 b?/0 c?/0 d?/0 held",
                "a/0 b?/0 c?/0 held",
                "a/0 -b/1 -c/1",
            ],
        ),
        (
            "what is listed and withheld is withheld",
            &[(0, "a b (b)"), (10, "a b (a)")],
            &["a/0", "b/0"],
        ),
    ] {
        let mut snapshot = None;
        for ((at, came), want) in polls.iter().zip(want) {
            let next = advance(snapshot.as_ref(), list(came), minute(*at), policy());
            assert_eq!(shown(&next), *want, "{row}, minute {at}");
            snapshot = Some(next);
        }
    }
}

#[test]
fn what_may_be_hidden_is_a_loss_that_goes_without_a_word_once_it_is_believed() {
    for (row, polls, want) in [
        (
            "one of several goes at once, and is not told as cancelled",
            &[(0, "a b c"), (1, "a b [c]"), (20, "a b [c]")][..],
            &["a/0 b/0 c/0", "a/0 b/0", "a/0 b/0"][..],
        ),
        (
            "one that was never shown is not shown",
            &[(0, "a b [c]"), (10, "a b [c]"), (20, "a b c")],
            &["a/0 b/0", "a/0 b/0", "a/0 b/0 c/0"],
        ),
        (
            "all of it is held back for a day",
            &[
                (0, "a b"),
                (1, "[a] [b]"),
                (1_440, "[a] [b]"),
                (1_441, "[a] [b]"),
            ],
            &["a/0 b/0", "a?/0 b?/0 held", "a?/0 b?/0 held", ""],
        ),
        (
            "most of it for an interval",
            &[
                (0, "a b c"),
                (1, "a [b] [c]"),
                (10, "a [b] [c]"),
                (11, "a [b] [c]"),
            ],
            &[
                "a/0 b/0 c/0",
                "a/0 b?/0 c?/0 held",
                "a/0 b?/0 c?/0 held",
                "a/0",
            ],
        ),
        (
            "what can be read again was never away",
            &[(0, "a b"), (1, "[a] [b]"), (11, "a b")],
            &["a/0 b/0", "a?/0 b?/0 held", "a/0 b/0"],
        ),
        (
            "what is surely hidden goes from a held list",
            &[(0, "a b c"), (1, "[a] [b] [c]"), (2, "[a] [b] (c)")],
            &["a/0 b/0 c/0", "a?/0 b?/0 c?/0 held", "a?/0 b?/0 held"],
        ),
        (
            "what is listed and may be hidden is not shown",
            &[(0, "a b c"), (10, "a b c [c]")],
            &["a/0 b/0 c/0", "a/0 b/0"],
        ),
        (
            "what was told as cancelled is told no more",
            &[(0, "a b c"), (10, "a b"), (20, "a b"), (21, "a b [c]")],
            &["a/0 b/0 c/0", "a/0 b/0 c?/0", "a/0 b/0 -c/1", "a/0 b/0"],
        ),
    ] {
        let mut snapshot = None;
        for ((at, came), want) in polls.iter().zip(want) {
            let next = advance(snapshot.as_ref(), list(came), minute(*at), policy());
            assert_eq!(shown(&next), *want, "{row}, minute {at}");
            snapshot = Some(next);
        }
    }
}

#[test]
fn groups_that_may_all_be_hidden_are_held_back_and_one_of_several_goes() {
    let choir = GroupId::new("choir");
    for (row, first, then, want) in [
        ("all", "a b", "", "a?/0 b?/0 held"),
        ("one of several", "a b c d e", "c d e", "c/0 d/0 e/0"),
    ] {
        let mut first = list(first);
        for event in &mut first.events[..2] {
            event.groups = vec![choir.clone()];
        }
        let first = advance(None, first, minute(0), policy());
        let mut came = list(then);
        came.unclear.groups.insert(choir.clone(), MARK);
        let next = advance(Some(&first), came, minute(10), policy());
        assert_eq!(shown(&next), want, "{row}");
    }
}

#[test]
fn going_is_one_change_at_the_time_it_is_seen_also_while_a_batch_is_held() {
    for (row, then, held) in [
        ("alone", "a b c (d)", false),
        ("with something new", "a b c x (d)", false),
        ("beside a loss", "(d)", true),
    ] {
        let first = advance(None, list("a b c d"), minute(0), policy());
        let next = advance(Some(&first), list(then), minute(10), policy());
        assert_eq!(next.held().is_some(), held, "{row}");
        assert_eq!((next.revision(), next.changed()), (1, minute(10)), "{row}");
        assert!(!first.is_still(&next), "{row}");
        let gone = changes(&first, &next);
        let gone = gone.iter().find(|change| change.uid == uid("d"));
        assert_eq!(gone.unwrap().kind, ChangeKind::Gone, "{row}");
        let again = advance(Some(&next), list(then), minute(11), policy());
        assert_eq!(
            (again.revision(), again.changed()),
            (1, minute(10)),
            "{row}"
        );
    }
}

#[test]
fn what_is_withheld_goes_although_its_group_could_not_be_read() {
    let why: Arc<dyn std::error::Error + Send + Sync> = Arc::from(std::fmt::Error);
    let choir = GroupId::new("choir");
    let mut first = list("a b c");
    for event in &mut first.events {
        event.groups = vec![choir.clone()];
    }
    let first = advance(None, first, minute(0), policy());
    let blind = Batch {
        missed: [(choir, why)].into(),
        doubted: [uid("b"), uid("c")].into(),
        ..list("(c)")
    };
    let next = advance(Some(&first), blind, minute(10), policy());
    assert_eq!(shown(&next), "a/0 b/0");
}

#[test]
fn a_series_takes_its_changed_instances_with_it() {
    let start: chrono::NaiveDateTime = "2026-12-01T19:00:00".parse().unwrap();
    let moved = start + TimeDelta::days(7);
    let series = Series::new(
        Wall::Zone(chrono_tz::Tz::UTC),
        start,
        Length::Exact(TimeDelta::hours(1)),
        &["FREQ=WEEKLY".to_owned()],
        Vec::new(),
        vec![moved],
    );
    let mut first = list("a b c");
    first.events.push(Event {
        series: Some(Arc::new(series.unwrap())),
        ..event(
            "class",
            timed("2026-12-01T19:00:00Z", "2026-12-01T20:00:00Z"),
        )
    });
    first.events.push(Event {
        uid: EventUid::instance(uid("class"), moved),
        ..event(
            "moved",
            timed("2026-12-09T19:00:00Z", "2026-12-09T20:00:00Z"),
        )
    });
    let first = advance(None, first, minute(0), policy());
    assert_eq!(shown(&first), "a/0 b/0 c/0 class/0 moved/0");
    let next = advance(Some(&first), list("a b c (class)"), minute(10), policy());
    assert_eq!(shown(&next), "a/0 b/0 c/0");
}

#[test]
fn a_group_that_is_withheld_takes_with_it_what_no_other_group_lists() {
    let mut first = list("a b c d e f");
    for event in &mut first.events {
        event.groups = match event.title.as_str() {
            "c" => vec![GroupId::new("choir")],
            "d" | "e" => vec![GroupId::new("choir"), GroupId::new("opera")],
            _ => Vec::new(),
        };
    }
    let first = advance(None, first, minute(0), policy());
    let withheld = Withheld {
        groups: [(GroupId::new("choir"), MARK)].into(),
        ..Withheld::default()
    };
    for (row, missed, want) in [
        ("the other group is there", None, "a/0 b?/0 d/1 f/0"),
        (
            "the other group could not be read",
            Some("opera"),
            "a/0 b?/0 d/0 e/0 f/0",
        ),
    ] {
        let mut came = list("a d f");
        came.events[1].groups = vec![GroupId::new("opera")];
        came.withheld = withheld.clone();
        if let Some(group) = missed {
            let why: Arc<dyn std::error::Error + Send + Sync> = Arc::from(std::fmt::Error);
            came.missed.insert(GroupId::new(group), why);
            came.events[1].groups.insert(0, GroupId::new("choir"));
        }
        let next = advance(Some(&first), came, minute(10), policy());
        assert_eq!(shown(&next), want, "{row}");
    }
}

/// Which of six events are listed, and which withheld, at each poll, and how many minutes after the one before.
fn polls() -> impl Strategy<Value = Vec<(u8, u8, i64)>> {
    let minutes = prop_oneof![6 => 0_i64..40, 1 => -90_i64..0, 1 => 1_000_i64..2_000];
    prop::collection::vec((0_u8..64, 0_u8..64, minutes), 1..20)
}

proptest! {
    #[test]
    fn nothing_that_is_withheld_is_ever_published(polls in polls(), goes in any::<bool>()) {
        let policy = Policy {
            vanished: if goes { Vanished::Go } else { policy().vanished },
            ..policy()
        };
        let mut now = minute(0);
        let mut snapshot: Option<Snapshot> = None;
        for (listed, hidden, minutes) in polls {
            now += TimeDelta::minutes(minutes);
            let among = |set: u8| (0..6_u8).filter(move |n| set & (1 << n) != 0);
            let hidden: BTreeSet<EventUid> = among(hidden).map(|n| uid(&n.to_string())).collect();
            let came = Batch {
                withheld: Withheld { events: hidden.iter().map(|uid| (*uid, MARK)).collect(), ..Withheld::default() },
                ..batch(among(listed).map(|n| event(&n.to_string(), days("2027-02-01", "2027-02-02"))))
            };
            let next = advance(snapshot.as_ref(), came, now, policy);
            prop_assert!(hidden.iter().all(|uid| !next.holds(*uid)));
            prop_assert!(hidden.iter().all(|uid| next.absent_since(*uid).is_none()));
            if let Some(before) = &snapshot {
                let same = before.entries() == next.entries();
                prop_assert_eq!(before.revision() == next.revision(), same);
                prop_assert_eq!(before.changed() == next.changed(), same);
                let lost = before.entries().iter().filter(|entry| !before.is_buried(entry));
                let lost = lost.filter(|entry| !hidden.contains(&entry.event.uid));
                let (of, missing) = lost.fold((0, 0), |(of, missing), entry| {
                    (of + 1, missing + usize::from(!among(listed).any(|n| uid(&n.to_string()) == entry.event.uid)))
                });
                let held = next.held().map(|held| (held.missing, held.of));
                prop_assert!(held.is_none_or(|held| held == (missing, of)), "what is withheld is no loss");
            }
            snapshot = Some(next);
        }
    }
}
