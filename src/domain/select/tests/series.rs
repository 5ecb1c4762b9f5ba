//! Series where they are selected: instances, overrides, and what is kept whole.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use super::*;
use crate::domain::series::{Length, Wall};

fn wall(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// Tuesdays at 19:30 in Berlin from 1 December 2026, for an hour.
fn tuesdays(id: &str, rule: &str, except: &[&str]) -> Event {
    let series = Series::new(
        Wall::Zone(Tz::Europe__Berlin),
        wall("2026-12-01T19:30:00"),
        Length::Exact(TimeDelta::hours(1)),
        &[rule.to_owned()],
        Vec::new(),
        except.iter().map(|text| wall(text)).collect(),
    );
    Event {
        series: Some(Arc::new(series.unwrap())),
        ..event(id, timed("2026-12-01T18:30:00Z", "2026-12-01T19:30:00Z"))
    }
}

/// The override of the instance of `id` on 8 December: an hour later.
fn moved(id: &str) -> Event {
    let original = wall("2026-12-08T19:30:00");
    Event {
        uid: EventUid::instance(uid(id), original),
        title: Line::new("moved"),
        ..event(id, timed("2026-12-08T19:30:00Z", "2026-12-08T20:30:00Z"))
    }
}

const WEEKLY: &str = "FREQ=WEEKLY";

/// Title and start of each.
fn seen(shown: &[Shown<'_>]) -> String {
    let seen = shown.iter().map(|shown| match shown.when() {
        When::Timed(span) => format!("{} {}", shown.title(), span.start().format("%m-%dT%H")),
        When::Days(days) => format!("{} {}", shown.title(), days.first()),
    });
    seen.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_series_shows_as_its_instances_in_the_window_each_with_a_uid_of_its_own() {
    let class = tuesdays("class", WEEKLY, &["2026-12-22T19:30:00"]);
    let snapshot = first_snapshot(batch([class]), NOW);
    let source = stage();
    let december = window("2026-12-02", "2027-01-05");
    let within = Expansion {
        within: december,
        ..expansion()
    };
    let shown = select(&feed(), Some(&december), &[(&source, &snapshot)], within);
    assert_eq!(
        seen(&shown),
        "class 12-08T18, class 12-15T18, class 12-29T18, class 01-05T18"
    );
    let stamps = snapshot.entries()[0].stamps;
    let starts = ["2026-12-08", "2026-12-15", "2026-12-29", "2027-01-05"];
    for (shown, day) in shown.iter().zip(starts) {
        let start = wall(&format!("{day}T19:30:00"));
        assert_eq!(
            shown.uid(),
            EventUid::instance(uid("class"), start),
            "{day}"
        );
        assert_eq!(shown.stamps(), stamps, "{day}");
        assert!(shown.kept().is_none(), "{day}");
    }
}

#[test]
fn everything_that_is_kept_bounds_a_series_and_nothing_else() {
    let long_ago = event("long ago", days("1999-01-01", "1999-01-01"));
    let events = [long_ago, tuesdays("class", WEEKLY, &[])];
    let snapshot = first_snapshot(batch(events), NOW);
    let within = Expansion {
        within: window("2026-12-01", "2026-12-08"),
        ..expansion()
    };
    let source = stage();
    let shown = select(&feed(), None, &[(&source, &snapshot)], within);
    assert_eq!(
        seen(&shown),
        "long ago 1999-01-01, class 12-01T18, class 12-08T18"
    );
}

#[test]
fn a_feed_filters_a_series_as_any_event() {
    let mut class = tuesdays("class", "FREQ=WEEKLY;COUNT=2", &[]);
    class.groups = vec![GroupId::new("g1")];
    class.status = Some(Status::Cancelled);
    let mut batch = batch([class]);
    batch.groups = groups(&[
        ("g1", GroupKind::Tag, "Classes"),
        ("g2", GroupKind::Tag, "Else"),
    ]);
    let snapshot = first_snapshot(batch, NOW);
    let source = stage();
    for (row, group, cancelled, detail, want) in [
        (
            "kept",
            "Classes",
            Cancelled::Keep,
            Detail::Full,
            "class 12-01T18, class 12-08T18",
        ),
        ("another group", "Else", Cancelled::Keep, Detail::Full, ""),
        ("omitted", "Classes", Cancelled::Omit, Detail::Full, ""),
        (
            "marked",
            "g1",
            Cancelled::Mark,
            Detail::Busy,
            "Cancelled: Busy 12-01T18, Cancelled: Busy 12-08T18",
        ),
    ] {
        let feed = Feed {
            groups: Some(vec![group.to_owned()]),
            cancelled,
            detail,
            ..feed()
        };
        let shown = select(&feed, None, &[(&source, &snapshot)], expansion());
        assert_eq!(seen(&shown), want, "{row}");
    }
}

#[test]
fn an_override_takes_the_place_of_its_instance_and_keeps_its_uid() {
    let rule = "FREQ=WEEKLY;COUNT=3";
    let except = ["2026-12-08T19:30:00"];
    let source = stage();
    let of = |events: Vec<Event>| first_snapshot(batch(events), NOW);
    let plain = of(vec![tuesdays("class", rule, &[])]);
    let overridden = of(vec![tuesdays("class", rule, &except), moved("class")]);
    let forgotten = of(vec![tuesdays("class", rule, &[]), moved("class")]);
    let want = "class 12-01T18, moved 12-08T19, class 12-15T18";
    for (row, snapshots, want) in [
        (
            "none",
            vec![&plain],
            "class 12-01T18, class 12-08T18, class 12-15T18",
        ),
        ("as it should be", vec![&overridden], want),
        ("without its exception", vec![&forgotten], want),
        ("an older copy without it", vec![&overridden, &plain], want),
        (
            "an older copy with it",
            vec![&plain, &overridden],
            "class 12-01T18, class 12-08T18, class 12-15T18",
        ),
    ] {
        let snapshots: Vec<_> = snapshots
            .into_iter()
            .map(|snapshot| (&source, snapshot))
            .collect();
        let shown = select(&feed(), None, &snapshots, expansion());
        assert_eq!(seen(&shown), want, "{row}");
        let uids = |shown: &[Shown<'_>]| shown.iter().map(Shown::uid).collect::<BTreeSet<_>>();
        let usual = select(&feed(), None, &[(&source, &plain)], expansion());
        assert_eq!(uids(&shown), uids(&usual), "{row}");
    }
}

#[test]
fn an_instance_that_the_first_copy_lacks_does_not_come_back_from_an_older_one() {
    let source = stage();
    let rule = "FREQ=WEEKLY;COUNT=3";
    let newer = first_snapshot(
        batch([tuesdays("class", rule, &["2026-12-08T19:30:00"])]),
        NOW,
    );
    let older = first_snapshot(batch([tuesdays("class", rule, &[])]), NOW);
    let shown = select(
        &feed(),
        None,
        &[(&source, &newer), (&source, &older)],
        expansion(),
    );
    assert_eq!(seen(&shown), "class 12-01T18, class 12-15T18");
}

#[test]
fn a_kept_series_shows_once_beside_what_its_rule_does_not_yield() {
    let series = Series::new(
        Wall::Zone(Tz::Europe__Berlin),
        wall("2026-12-01T19:30:00"),
        Length::Exact(TimeDelta::hours(1)),
        &[WEEKLY.to_owned()],
        vec![wall("2026-12-24T10:00:00")],
        Vec::new(),
    );
    let series = Arc::new(series.unwrap());
    let class = Event {
        series: Some(Arc::clone(&series)),
        ..tuesdays("class", WEEKLY, &[])
    };
    let snapshot = first_snapshot(batch([class]), NOW);
    let usual = expansion();
    let kept = series
        .kept("2028-01-01".parse().unwrap(), usual.data)
        .unwrap();
    let kept = Keepsakes::from([(uid("class"), kept.keepsake)]);
    let source = stage();
    for (first, last, want) in [
        ("2026-12-01", "2026-12-31", "class 12-01T18, class 12-24T09"),
        ("2026-12-09", "2026-12-14", ""),
        ("2026-12-24", "2026-12-24", "class 12-24T09"),
        ("2027-03-01", "2027-03-31", "class 12-01T18"),
    ] {
        let window = window(first, last);
        let expansion = Expansion {
            within: window,
            kept: &kept,
            ..usual
        };
        let shown = select(&feed(), Some(&window), &[(&source, &snapshot)], expansion);
        assert_eq!(seen(&shown), want, "{first}");
        for shown in shown {
            assert_eq!(
                shown.kept().is_some(),
                shown.uid() == uid("class"),
                "{first}"
            );
        }
    }
}

#[test]
fn all_series_together_are_bounded() {
    let bomb = |number: u32| {
        let rule = "FREQ=DAILY;BYHOUR=9,13,19";
        tuesdays(&format!("bomb {number}"), rule, &[])
    };
    let snapshot = first_snapshot(batch((0..12).map(bomb)), NOW);
    let middle = "2030-06-15".parse().unwrap();
    let source = stage();
    let snapshots = [(&source, &snapshot)];
    let whole = Expansion {
        within: window("2027-01-01", "2036-12-31"),
        ..expansion()
    };
    assert_eq!(
        select(&feed(), None, &snapshots, whole).len(),
        INSTANCES_MAX
    );

    let fitting = whole.fitting(&feed(), &snapshots, middle);
    let days = fitting.within.days();
    assert_eq!(When::Days(days).to_string(), "2027-12-15..2032-12-13");
    let shown = select(&feed(), None, &snapshots, fitting);
    let mut instances: HashMap<&str, usize> = HashMap::new();
    for shown in &shown {
        *instances
            .entry(shown.entry.event.title.as_str())
            .or_default() += 1;
    }
    assert_eq!(instances.len(), 12, "no series is left out");
    let of_one = shown.len() / 12;
    assert!(
        instances.values().all(|count| *count == of_one),
        "{instances:?}"
    );
    let later = fitting.fitting(&feed(), &snapshots, middle);
    assert_eq!(later.within, fitting.within, "what fits is left as it is");
}
