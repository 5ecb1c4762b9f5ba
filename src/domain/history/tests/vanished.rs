//! An event that vanishes is missed twice before it is told as cancelled, and stays told for a while (ADR 11).

use std::sync::Arc;

use super::super::*;
use super::{minute, policy};
use crate::domain::{
    testing::{at, batch, days, event, place, timed, uid},
    text::{Line, Text},
    when::{DateSpan, When},
};

const DAY: i64 = 24 * 60;

/// An evening that many days after the first poll, seven hours after noon.
fn evening(id: &str, day: i64) -> Event {
    let start = minute(day * DAY + 7 * 60);
    let end = start + TimeDelta::hours(3);
    event(id, timed(&start.to_rfc3339(), &end.to_rfc3339()))
}

/// Events written `id` or `id@day`; without a day they are two months ahead.
fn list(text: &str) -> Batch {
    batch(text.split_whitespace().map(|word| {
        let (id, day) = word.split_once('@').unwrap_or((word, "60"));
        evening(id, day.parse().unwrap())
    }))
}

/// What is published: `-` before what is cancelled, the number of its version after each.
fn shown(snapshot: &Snapshot) -> String {
    let entries = snapshot.entries().iter();
    let mut shown: Vec<String> = entries
        .map(|entry| {
            let cancelled = entry.event.status == Some(Status::Cancelled);
            let mark = if cancelled { "-" } else { "" };
            format!("{mark}{}/{}", entry.event.title, entry.stamps.sequence)
        })
        .collect();
    shown.sort_unstable_by(|a, b| a.trim_start_matches('-').cmp(b.trim_start_matches('-')));
    shown.join(" ")
}

/// What is published after each of these polls.
fn published(polls: &[(i64, &str)]) -> Vec<String> {
    let mut snapshot = None;
    let mut seen = Vec::new();
    for (at, came) in polls {
        let next = advance(snapshot.as_ref(), list(came), minute(*at), policy());
        let held = if next.held().is_some() { " held" } else { "" };
        seen.push(shown(&next) + held);
        snapshot = Some(next);
    }
    seen
}

#[test]
fn an_event_that_vanishes_is_missed_twice_then_cancelled_and_at_last_gone() {
    for (row, polls, want) in [
        (
            "one poll says nothing, the second one is believed",
            &[(0, "a b c"), (10, "a b"), (20, "a b"), (30, "a b")][..],
            &["a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0 -c/1", "a/0 b/0 -c/1"][..],
        ),
        (
            "a second poll that comes too soon is none",
            &[(0, "a b c"), (10, "a b"), (19, "a b"), (20, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0 -c/1"],
        ),
        (
            "what is listed again in time was never away",
            &[(0, "a b c"), (10, "a b"), (20, "a b c"), (30, "a b")],
            &["a/0 b/0 c/0"; 4],
        ),
        (
            "what is listed again later is itself again, in a later version than its cancelling",
            &[
                (0, "a b c"),
                (10, "a b"),
                (20, "a b"),
                (30, "a b c"),
                (40, "a b"),
                (50, "a b"),
            ],
            &[
                "a/0 b/0 c/0",
                "a/0 b/0 c/0",
                "a/0 b/0 -c/1",
                "a/0 b/0 c/2",
                "a/0 b/0 c/2",
                "a/0 b/0 -c/3",
            ],
        ),
        (
            "30 days after its last day it goes",
            &[
                (0, "a b c@2"),
                (10, "a b"),
                (20, "a b"),
                (32 * DAY, "a b"),
                (33 * DAY, "a b"),
            ],
            &[
                "a/0 b/0 c/0",
                "a/0 b/0 c/0",
                "a/0 b/0 -c/1",
                "a/0 b/0 -c/1",
                "a/0 b/0",
            ],
        ),
        (
            "what had begun when it was first missed took place",
            &[(0, "a b c@0"), (7 * 60, "a b"), (7 * 60 + 10, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0"],
        ),
        (
            "what was still ahead when it was first missed did not",
            &[(0, "a b c@0"), (7 * 60 - 1, "a b"), (7 * 60 + 10, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0 -c/1"],
        ),
        (
            "what was over long ago goes at once",
            &[(0, "a b c@-31"), (10, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0"],
        ),
        (
            "what was over lately goes after the second poll",
            &[(0, "a b c@-29"), (10, "a b"), (20, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0"],
        ),
        (
            "what lies outside the fetched days goes at once",
            &[(0, "a b c@400"), (10, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0"],
        ),
        (
            "what a hold kept back needs no third poll, what is missing since the last poll a second one",
            &[(0, "a b c d e"), (10, "a b"), (20, "a"), (30, "a")],
            &[
                "a/0 b/0 c/0 d/0 e/0",
                "a/0 b/0 c/0 d/0 e/0 held",
                "a/0 b/0 -c/1 -d/1 -e/1",
                "a/0 -b/1 -c/1 -d/1 -e/1",
            ],
        ),
        (
            "a list that is empty for a day leaves nothing but cancelled events",
            &[
                (0, "a b"),
                (10, ""),
                (DAY, ""),
                (DAY + 10, ""),
                (DAY + 20, ""),
            ],
            &[
                "a/0 b/0",
                "a/0 b/0 held",
                "a/0 b/0 held",
                "-a/1 -b/1",
                "-a/1 -b/1",
            ],
        ),
        (
            "what is known to be gone is no loss",
            &[
                (0, "a b c d"),
                (10, "a b"),
                (20, "a b"),
                (30, "a"),
                (40, "a"),
            ],
            &[
                "a/0 b/0 c/0 d/0",
                "a/0 b/0 c/0 d/0",
                "a/0 b/0 -c/1 -d/1",
                "a/0 b/0 -c/1 -d/1",
                "a/0 -b/1 -c/1 -d/1",
            ],
        ),
        (
            "a clock that is set back does not make the wait longer",
            &[(0, "a b c"), (10, "a b"), (-5_000, "a b"), (-4_990, "a b")],
            &["a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0 c/0", "a/0 b/0 -c/1"],
        ),
    ] {
        assert_eq!(published(polls), want, "{row}");
    }
}

/// What is published of `first` after two polls that bring `then`.
fn settled(first: Batch, then: &Batch) -> Snapshot {
    [10, 20]
        .into_iter()
        .fold(advance(None, first, minute(0), policy()), |snapshot, at| {
            advance(Some(&snapshot), then.clone(), minute(at), policy())
        })
}

#[test]
fn a_whole_day_has_begun_once_it_has_anywhere() {
    for (row, first_missed, want) in [
        (
            "before it is the day in the first zone",
            "2026-11-24T09:59:59Z",
            "-day/1 x/0 y/0",
        ),
        ("once it is", "2026-11-24T10:00:00Z", "x/0 y/0"),
    ] {
        let both = list("x y");
        let mut all = both.clone();
        all.events
            .push(event("day", days("2026-11-25", "2026-11-26")));
        let before = advance(None, all, minute(0), policy());
        let missed = advance(Some(&before), both.clone(), at(first_missed), policy());
        let later = at(first_missed) + TimeDelta::days(1);
        assert_eq!(
            shown(&advance(Some(&missed), both, later, policy())),
            want,
            "{row}"
        );
    }
}

#[test]
fn neither_waiting_nor_staying_cancelled_is_a_change() {
    let first = advance(None, list("a b c"), minute(0), policy());
    let missed = advance(Some(&first), list("a b"), minute(10), policy());
    assert_eq!(missed.absent_since(uid("c")), Some(minute(10)));
    assert_eq!((missed.revision(), missed.changed()), (0, minute(0)));
    assert!(missed.holds(uid("c")) && !missed.lists(uid("c")));
    assert!(!first.is_still(&missed), "what is missing has to be kept");
    let buried = advance(Some(&missed), list("a b"), minute(20), policy());
    assert_eq!((buried.revision(), buried.changed()), (1, minute(20)));
    assert_eq!(buried.entry(uid("c")).unwrap().stamps.modified, minute(20));
    let later = advance(Some(&buried), list("a b"), minute(30), policy());
    assert!(buried.is_still(&later));
}

#[test]
fn what_the_upstream_itself_cancelled_is_not_cancelled_again() {
    let mut first = list("a b c");
    first.events[2].status = Some(Status::Cancelled);
    let snapshot = settled(first, &list("a b"));
    assert_eq!(shown(&snapshot), "a/0 b/0 -c/0");
    assert_eq!(snapshot.revision(), 0);
}

#[test]
fn an_event_that_is_listed_under_another_id_is_not_told_as_cancelled() {
    let named = |id: &str, hall: &str| Event {
        title: Line::new("Recital"),
        places: vec![place("hall", hall, "")],
        ..evening(id, 60)
    };
    for (row, then, want) in [
        (
            "the same under another id",
            named("new", "Hall"),
            "Recital/0 a/0 b/0",
        ),
        (
            "another one elsewhere",
            named("new", "Studio"),
            "-Recital/1 Recital/0 a/0 b/0",
        ),
    ] {
        let with = |event| {
            let mut list = list("a b");
            list.events.push(event);
            list
        };
        let mut shown: Vec<String> = shown(&settled(with(named("old", "Hall")), &with(then)))
            .split(' ')
            .map(str::to_owned)
            .collect();
        shown.sort();
        assert_eq!(shown.join(" "), want, "{row}");
    }
}

#[test]
fn a_group_nobody_could_read_confirms_nothing() {
    let why: Arc<dyn std::error::Error + Send + Sync> = Arc::from(std::fmt::Error);
    let of_choir = |mut batch: Batch| {
        for event in &mut batch.events {
            event.groups = vec![GroupId::new("choir")];
        }
        batch
    };
    let blind = Batch {
        missed: [(GroupId::new("choir"), why)].into(),
        ..Batch::default()
    };
    let first = advance(None, of_choir(list("a b c")), minute(0), policy());
    let missed = advance(Some(&first), of_choir(list("a b")), minute(10), policy());
    let blinded = advance(Some(&missed), blind.clone(), minute(30), policy());
    assert_eq!(shown(&blinded), "a/0 b/0 c/0");
    assert_eq!(
        blinded.absent_since(uid("c")),
        Some(minute(10)),
        "still missing"
    );
    let buried = advance(Some(&blinded), of_choir(list("a b")), minute(40), policy());
    assert_eq!(shown(&buried), "a/0 b/0 -c/1");
    let again = advance(Some(&buried), blind, minute(50), policy());
    assert_eq!(shown(&again), "a/0 b/0 -c/1");
    assert!(
        !again.lists(uid("c")),
        "what is cancelled does not come back unseen"
    );
}

#[test]
fn a_cancelled_event_keeps_the_names_of_its_groups() {
    let mut first = list("a b c");
    first.groups = crate::domain::testing::groups(&[(
        "choir",
        crate::domain::event::GroupKind::Group,
        "Choir",
    )]);
    first.events[2].groups = vec![GroupId::new("choir")];
    let snapshot = settled(first, &list("a b"));
    assert_eq!(
        snapshot.groups()[&GroupId::new("choir")].name.as_str(),
        "Choir"
    );
}

#[test]
fn what_is_told_as_cancelled_has_no_text_any_more() {
    let mut first = list("a b c");
    for event in &mut first.events {
        event.details = Text::new("At the stage door at six");
    }
    let snapshot = settled(first, &list("a b"));
    let told = |id| {
        let mut entries = snapshot.entries().iter();
        let entry = entries.find(|entry| entry.event.uid == uid(id)).unwrap();
        (entry.event.status, entry.event.details.as_str())
    };
    assert_eq!(told("c"), (Some(Status::Cancelled), ""));
}

#[test]
fn what_the_operator_accepts_goes_through_at_once_and_nothing_else_does() {
    let first = advance(None, list("a b c d"), minute(0), policy());
    let held = advance(Some(&first), list("a"), minute(10), policy());
    let accepting = |since| Policy {
        accepted: Some(Acceptance::of_hold_since(since)),
        ..policy()
    };
    let next = |came: &str, since| advance(Some(&held), list(came), minute(11), accepting(since));
    let through = next("a", minute(10));
    assert_eq!(shown(&through), "a/0 -b/1 -c/1 -d/1");
    assert_eq!(through.held(), None);
    assert!(next("a", minute(9)).held().is_some(), "another hold");
    assert!(next("", minute(10)).held().is_some(), "a greater loss");
    assert_eq!(
        shown(&next("a b c", minute(10))),
        "a/0 b/0 c/0 d/0",
        "no hold any more"
    );
}

#[test]
fn an_upstream_with_new_ids_at_every_poll_does_not_fill_memory() {
    let ids = |from: i64| -> Vec<String> { (from..from + 600).map(|n| format!("n{n}")).collect() };
    let mut snapshot = advance(None, list(&ids(0).join(" ")), minute(0), policy());
    for poll in 1..20 {
        let came = list(&ids(poll * 100).join(" "));
        snapshot = advance(Some(&snapshot), came, minute(poll * 10), policy());
        let absent = snapshot.entries().len() - 600;
        assert!(absent <= 1_000, "{absent} after poll {poll}");
    }
    let oldest = snapshot
        .entries()
        .iter()
        .map(|entry| entry.event.title.as_str());
    assert!(
        !oldest.into_iter().any(|title| title == "n0"),
        "the oldest gave way"
    );
}

#[test]
fn a_series_is_cancelled_whole_before_its_first_time_and_goes_after_it() {
    use crate::domain::series::{Length, Series, Wall};
    for (row, start, want) in [
        ("ahead", "2026-12-01T19:00:00", "-class/1 x/0 y/0"),
        ("running", "2026-10-06T19:00:00", "x/0 y/0"),
    ] {
        let start: chrono::NaiveDateTime = start.parse().unwrap();
        let series = Series::new(
            Wall::Zone(chrono_tz::Tz::UTC),
            start,
            Length::Exact(TimeDelta::hours(1)),
            &["FREQ=WEEKLY".to_owned()],
            Vec::new(),
            Vec::new(),
        );
        let begin = start.and_utc();
        let end = begin + TimeDelta::hours(1);
        let mut first = list("x y");
        first.events.push(Event {
            series: Some(Arc::new(series.unwrap())),
            ..event("class", timed(&begin.to_rfc3339(), &end.to_rfc3339()))
        });
        assert_eq!(shown(&settled(first, &list("x y"))), want, "{row}");
    }
}

#[test]
fn a_snapshot_comes_back_with_what_was_missing() {
    let first = advance(None, list("a b c"), minute(0), policy());
    let missed = advance(Some(&first), list("a b"), minute(10), policy());
    let restored = Snapshot::restored(
        missed.entries().to_vec(),
        missed.groups().clone(),
        missed.bearings(),
    );
    let buried = advance(Some(&restored), list("a b"), minute(20), policy());
    assert_eq!(shown(&buried), "a/0 b/0 -c/1");
}

#[test]
fn days_that_move_on_leave_no_cancelled_events_behind() {
    let mut policy = policy();
    let mut snapshot = advance(None, list("a@20 b@21 c@-9"), minute(0), policy);
    for day in 1..40 {
        let today = minute(day * DAY).date_naive();
        let days = DateSpan::until(today - chrono::Days::new(10), today + chrono::Days::new(30));
        let days = days.unwrap();
        policy.vanished = Vanished::Buried(days);
        let mut came = list("a@20 b@21 c@-9");
        came.events.retain(|event| match event.when {
            When::Timed(span) => span.end().date_naive() >= days.first(),
            When::Days(_) => unreachable!(),
        });
        snapshot = advance(Some(&snapshot), came, minute(day * DAY), policy);
        assert!(
            !shown(&snapshot).contains('-'),
            "day {day}: {}",
            shown(&snapshot)
        );
    }
    assert_eq!(shown(&snapshot), "");
}
