//! An event that is there and cannot be understood keeps its last good copy (ADR 11).

use super::super::*;
use super::{minute, policy};
use crate::domain::testing::{batch, days, event, uid};

/// Events two months ahead; `a!` is one that cannot be understood.
fn list(text: &str) -> Batch {
    let (bad, good): (Vec<&str>, Vec<&str>) = text
        .split_whitespace()
        .partition(|word| word.ends_with('!'));
    Batch {
        unreadable: bad
            .iter()
            .map(|id| (uid(id.trim_end_matches('!')), "it has no start"))
            .collect(),
        ..batch(
            good.iter()
                .map(|id| event(id, days("2027-01-21", "2027-01-21"))),
        )
    }
}

/// What is published after each poll, `-` before what is cancelled, `!` behind what could not be understood.
fn published(polls: &[(i64, &str)]) -> Vec<String> {
    let mut snapshot: Option<Snapshot> = None;
    let mut seen = Vec::new();
    for (at, came) in polls {
        let next = advance(snapshot.as_ref(), list(came), minute(*at), policy());
        let mut shown: Vec<String> = next
            .entries()
            .iter()
            .map(|Entry { event, .. }| {
                let off = event.status == Some(Status::Cancelled);
                let bad = next.unreadable().contains(&event.uid);
                let marks = (if off { "-" } else { "" }, if bad { "!" } else { "" });
                format!("{}{}{}", event.title, marks.0, marks.1)
            })
            .collect();
        shown.sort_unstable();
        shown.extend(next.held().map(|_| "held".to_owned()));
        seen.push(shown.join(" "));
        snapshot = Some(next);
    }
    seen
}

#[test]
fn what_cannot_be_understood_stays_as_it_was() {
    for (row, polls, want) in [
        (
            "however often",
            &[(0, "a b c"), (10, "a b c!"), (20, "a b c!"), (30, "a b c")][..],
            &["a b c", "a b c!", "a b c!", "a b c"][..],
        ),
        (
            "and is no loss",
            &[(0, "a b c"), (10, "a! b! c!"), (2_000, "a! b! c!")],
            &["a b c", "a! b! c!", "a! b! c!"],
        ),
        (
            "unless it was never understood",
            &[(0, "a b c!"), (10, "a b c!"), (20, "a b c")],
            &["a b", "a b", "a b c"],
        ),
        (
            "or was cancelled already",
            &[(0, "a b c"), (10, "a b"), (20, "a b"), (30, "a b c!")],
            &["a b c", "a b c", "a b c-", "a b c-!"],
        ),
        (
            "while a loss is held back, too",
            &[(0, "a b c d e"), (10, "a e!"), (20, "a b c d e!")],
            &["a b c d e", "a b c d e! held", "a b c d e!"],
        ),
    ] {
        assert_eq!(published(polls), want, "{row}");
    }
}

#[test]
fn whether_it_was_understood_is_no_change_and_has_to_be_told() {
    let policy = crate::domain::testing::TRUSTING;
    let first = advance(None, list("a b"), minute(0), policy);
    let next = advance(Some(&first), list("a b!"), minute(10), policy);
    assert_eq!((next.revision(), next.changed()), (0, minute(0)));
    assert!(!first.is_still(&next));
    let restored = Snapshot::restored(
        next.entries().to_vec(),
        next.groups().clone(),
        next.bearings(),
    );
    assert!(restored.unreadable().is_empty(), "the next batch tells");
}
