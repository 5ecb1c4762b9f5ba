//! The one filter, as a matrix (interop V8), and the order of what it lets through.

mod series;

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    batch::Batch,
    id::GroupId,
    testing::{
        at, batch, days, event, expansion, feed, first_snapshot, groups, place, stage, timed, uid,
    },
    text::{Line, Text},
    when::DateSpan,
};

const NOW: &str = "2026-11-22T12:00:00Z";

/// A window of days in UTC.
fn window(first: &str, last: &str) -> Window {
    let days = DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap();
    Window::new(days, |day| day.and_time(chrono::NaiveTime::MIN).and_utc())
}

fn titles(shown: &[Shown<'_>]) -> String {
    let titles: Vec<_> = shown.iter().map(Shown::title).collect();
    titles.join(" ")
}

/// The titles of what is left of `events`.
fn left(feed: &Feed, window: Option<&Window>, events: Vec<Event>) -> String {
    let snapshot = first_snapshot(batch(events), NOW);
    titles(&select(feed, window, &[(&stage(), &snapshot)], expansion()))
}

/// A cancelled event with something in every field, and the groups it is in.
fn cancelled_gala() -> Snapshot {
    let mut gala = event(
        "gala",
        timed("2026-12-01T19:00:00Z", "2026-12-01T22:00:00Z"),
    );
    gala.title = Line::new("Gala");
    gala.details = Text::new("Secret guests");
    gala.places = vec![place("hall", "Great Hall", "Harbour Road 1")];
    gala.groups = ["hall", "opera", "tag"].map(GroupId::new).to_vec();
    gala.status = Some(Status::Cancelled);
    let mut batch = batch([gala]);
    batch.groups = groups(&[
        ("hall", GroupKind::Place, "Great Hall"),
        ("opera", GroupKind::Project, "Opera"),
        ("tag", GroupKind::Tag, "Patrons"),
    ]);
    first_snapshot(batch, NOW)
}

#[test]
fn each_level_of_detail_shows_what_it_names_and_nothing_else() {
    let snapshot = cancelled_gala();
    let source = stage();
    for (detail, cancelled, want) in [
        (
            Detail::Full,
            Cancelled::Keep,
            "Gala|Secret guests|Great Hall|Opera,Patrons|false",
        ),
        (
            Detail::Full,
            Cancelled::Mark,
            "Cancelled: Gala|Secret guests|Great Hall|Opera,Patrons|false",
        ),
        (Detail::Title, Cancelled::Keep, "Gala||||false"),
        (Detail::Title, Cancelled::Mark, "Cancelled: Gala||||false"),
        (Detail::Busy, Cancelled::Keep, "Busy||||true"),
        (Detail::Busy, Cancelled::Mark, "Cancelled: Busy||||true"),
    ] {
        let feed = Feed {
            detail,
            cancelled,
            ..feed()
        };
        let found = select(&feed, None, &[(&source, &snapshot)], expansion());
        let [shown] = found[..] else {
            panic!("{detail:?} {cancelled:?}: one event is shown")
        };
        let places: Vec<&str> = shown.places().iter().map(|p| p.name.as_str()).collect();
        let categories: Vec<&str> = shown.categories().collect();
        let seen = format!(
            "{}|{}|{}|{}|{}",
            shown.title(),
            shown.details(),
            places.join(","),
            categories.join(","),
            shown.is_busy_only()
        );
        assert_eq!(seen, want, "{detail:?} {cancelled:?}");
        assert_eq!(shown.status(), Some(Status::Cancelled));
    }
    for detail in [Detail::Full, Detail::Title, Detail::Busy] {
        let feed = Feed {
            detail,
            cancelled: Cancelled::Omit,
            ..feed()
        };
        assert_eq!(
            select(&feed, None, &[(&source, &snapshot)], expansion()).len(),
            0,
            "{detail:?} omit"
        );
    }
}

#[test]
fn only_cancelled_events_are_marked_or_omitted() {
    for (status, mark, omit) in [
        (None, "Gala", "Gala"),
        (Some(Status::Tentative), "Gala", "Gala"),
        (Some(Status::Confirmed), "Gala", "Gala"),
        (Some(Status::Cancelled), "Cancelled: Gala", ""),
    ] {
        for (cancelled, want) in [
            (Cancelled::Keep, "Gala"),
            (Cancelled::Mark, mark),
            (Cancelled::Omit, omit),
        ] {
            let mut gala = event("Gala", days("2026-12-01", "2026-12-01"));
            gala.status = status;
            let feed = Feed {
                cancelled,
                ..feed()
            };
            assert_eq!(
                left(&feed, None, vec![gala]),
                want,
                "{status:?} {cancelled:?}"
            );
        }
    }
}

#[test]
fn a_marked_title_is_no_longer_than_any_other() {
    for (row, title) in [
        ("short", "Gala".to_owned()),
        ("189 characters", "x".repeat(189)),
        ("190 characters", "x".repeat(190)),
        ("the longest", "ö".repeat(200)),
    ] {
        let mut gala = event("gala", days("2026-12-01", "2026-12-01"));
        gala.status = Some(Status::Cancelled);
        gala.title = Line::new(&title);
        let feed = Feed {
            cancelled: Cancelled::Mark,
            ..feed()
        };
        let shown = left(&feed, None, vec![gala]);
        assert!(
            shown.starts_with(&format!("Cancelled: {}", &title[..4])),
            "{row}: {shown}"
        );
        let length = (title.chars().count() + 11).min(200);
        assert_eq!(shown.chars().count(), length, "{row}: {shown}");
    }
}

#[test]
fn a_group_is_meant_by_id_or_by_name_whatever_the_case() {
    let mut gala = event("Gala", days("2026-12-01", "2026-12-01"));
    gala.groups = vec![GroupId::new("ID-1"), GroupId::new("nameless")];
    let mut batch = batch([gala, event("Other", days("2026-12-01", "2026-12-01"))]);
    batch.groups = groups(&[
        ("id-1", GroupKind::Group, "Ópera Juniors"),
        ("id-2", GroupKind::Group, "Ballet"),
        ("nameless", GroupKind::Tag, ""),
    ]);
    let snapshot = first_snapshot(batch, NOW);
    for (names, want) in [
        (&["id-1"][..], "Gala"),
        (&[" Id-1 "], "Gala"),
        (&["ópera juniors"], "Gala"),
        (&["ÓPERA JUNIORS"], "Gala"),
        (&["Ópera \u{a0}Juniors"], "Gala"),
        (&["ballet", "nameless"], "Gala"),
        (&["Ballet"], ""),
        (&["opera"], ""),
        // No name is not a name.
        (&[""], ""),
        (&[], ""),
    ] {
        let feed = Feed {
            groups: Some(names.iter().map(|&name| name.to_owned()).collect()),
            ..feed()
        };
        let source = stage();
        let shown = select(&feed, None, &[(&source, &snapshot)], expansion());
        assert_eq!(titles(&shown), want, "{names:?}");
    }
    let all = select(&feed(), None, &[(&stage(), &snapshot)], expansion()).len();
    assert_eq!(all, 2, "a feed without groups shows everything");
}

#[test]
fn a_name_is_stray_if_it_means_a_group_of_no_source() {
    let opera = Arc::new(groups(&[("g-1", GroupKind::Group, "Opera, late")]));
    let nameless = Arc::new(groups(&[("g-2", GroupKind::Tag, "")]));
    for (names, known, want) in [
        (
            &["OPERA,  late", "G-2"][..],
            &[&opera, &nameless][..],
            &[][..],
        ),
        (&["g-2", "g-1"], &[&opera], &["g-2"]),
        (
            &["Ballet", "g-1", ""],
            &[&opera, &nameless],
            &["Ballet", ""],
        ),
        (&["Opera"], &[], &["Opera"]),
    ] {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let known: Vec<_> = known.iter().map(|groups| Arc::clone(groups)).collect();
        let found: Vec<&str> = strays(&names, &known).collect();
        assert_eq!(found, want, "{names:?}");
    }
}

#[test]
fn an_event_is_shown_when_it_overlaps_the_window() {
    let window = window("2026-12-01", "2026-12-07");
    for (row, when, shown) in [
        (
            "inside",
            timed("2026-12-03T10:00:00Z", "2026-12-03T11:00:00Z"),
            true,
        ),
        (
            "runs into it",
            timed("2026-11-30T23:00:00Z", "2026-12-01T00:00:01Z"),
            true,
        ),
        (
            "ends where it begins",
            timed("2026-11-30T23:00:00Z", "2026-12-01T00:00:00Z"),
            false,
        ),
        (
            "runs out of it",
            timed("2026-12-07T23:59:59Z", "2026-12-09T00:00:00Z"),
            true,
        ),
        (
            "begins where it ends",
            timed("2026-12-08T00:00:00Z", "2026-12-09T00:00:00Z"),
            false,
        ),
        (
            "spans it",
            timed("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            true,
        ),
        (
            "point at its beginning",
            timed("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            true,
        ),
        (
            "point at its end",
            timed("2026-12-08T00:00:00Z", "2026-12-08T00:00:00Z"),
            false,
        ),
        ("first day", days("2026-11-29", "2026-12-01"), true),
        ("day before", days("2026-11-29", "2026-11-30"), false),
        ("last day", days("2026-12-07", "2026-12-12"), true),
        ("day after", days("2026-12-08", "2026-12-08"), false),
    ] {
        let want = if shown { "e" } else { "" };
        assert_eq!(
            left(&feed(), Some(&window), vec![event("e", when)]),
            want,
            "{row}"
        );
    }
}

#[test]
fn of_an_event_in_several_snapshots_only_the_first_copy_counts_even_where_it_is_not_shown() {
    let wide = window("2026-12-01", "2026-12-07");
    let older = |id: &str| {
        let mut event = event(id, days("2026-12-01", "2026-12-01"));
        event.groups = vec![GroupId::new("opera")];
        event
    };
    for (row, newer, want) in [
        (
            "edited",
            Event {
                title: Line::new("new"),
                ..older("e")
            },
            "new",
        ),
        (
            "cancelled",
            Event {
                status: Some(Status::Cancelled),
                ..older("e")
            },
            "",
        ),
        (
            "moved out of the window",
            Event {
                when: days("2026-11-01", "2026-11-01"),
                ..older("e")
            },
            "",
        ),
        (
            "left the group",
            Event {
                groups: Vec::new(),
                ..older("e")
            },
            "",
        ),
    ] {
        let known = || groups(&[("opera", GroupKind::Group, "Opera")]);
        let snapshot = |event| {
            first_snapshot(
                Batch {
                    groups: known(),
                    ..batch([event])
                },
                NOW,
            )
        };
        let (first, second) = (snapshot(newer), snapshot(older("e")));
        let feed = Feed {
            cancelled: Cancelled::Omit,
            groups: Some(vec!["opera".to_owned()]),
            ..feed()
        };
        let source = stage();
        let shown = select(
            &feed,
            Some(&wide),
            &[(&source, &first), (&source, &second)],
            expansion(),
        );
        assert_eq!(titles(&shown), want, "{row}");
    }
}

#[test]
fn at_most_ten_categories_are_shown_and_neither_place_nor_person_among_them() {
    let mut many = event("e", days("2026-12-01", "2026-12-01"));
    let ids: Vec<String> = (10..30).map(|n| format!("g{n}")).collect();
    many.groups = ids.iter().map(|id| GroupId::new(id)).collect();
    let mut batch = batch([many]);
    let kind = |id: &str| match id {
        "g11" => GroupKind::Place,
        "g12" => GroupKind::Person,
        _ => GroupKind::Tag,
    };
    let list: Vec<_> = ids
        .iter()
        .map(|id| (id.as_str(), kind(id), id.as_str()))
        .collect();
    batch.groups = groups(&list);
    let snapshot = first_snapshot(batch, NOW);
    let source = stage();
    let shown = select(&feed(), None, &[(&source, &snapshot)], expansion());
    let categories: Vec<&str> = shown[0].categories().collect();
    assert_eq!(
        categories,
        [
            "g10", "g13", "g14", "g15", "g16", "g17", "g18", "g19", "g20", "g21"
        ]
    );
}

/// Ids with a day of December each, `true` for a timed event.
fn program() -> impl Strategy<Value = Vec<(u8, u32, bool)>> {
    prop::collection::vec((0_u8..12, 1_u32..28, any::<bool>()), 0..12)
}

fn events(program: &[(u8, u32, bool)]) -> Vec<Event> {
    let when = |day: u32, is_timed| {
        let date = format!("2026-12-{day:02}");
        if is_timed {
            timed(&format!("{date}T10:00:00Z"), &format!("{date}T12:00:00Z"))
        } else {
            days(&date, &date)
        }
    };
    let made = program
        .iter()
        .map(|(id, day, is_timed)| event(&id.to_string(), when(*day, *is_timed)));
    made.collect()
}

proptest! {
    #[test]
    fn every_uid_is_shown_once_in_order_of_start_and_uid(one in program(), other in program()) {
        let source = stage();
        let (a, b) = (first_snapshot(batch(events(&one)), NOW), first_snapshot(batch(events(&other)), NOW));
        let everything = feed();
        let shown = select(&everything, None, &[(&source, &a), (&source, &b)], expansion());

        let key = |shown: &Shown<'_>| {
            let start = match shown.when() {
                When::Days(days) => at(&format!("{}T00:00:00Z", days.first())),
                When::Timed(span) => span.start(),
            };
            (start, shown.uid())
        };
        let keys: Vec<_> = shown.iter().map(key).collect();
        prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "strictly: no uid twice");

        let mut want: Vec<_> = one.iter().chain(&other).map(|(id, ..)| uid(&id.to_string())).collect();
        want.sort();
        want.dedup();
        let mut uids: Vec<_> = shown.iter().map(Shown::uid).collect();
        uids.sort();
        prop_assert_eq!(&uids, &want);

        let reversed = select(&everything, None, &[(&source, &b), (&source, &a)], expansion());
        let mut uids: Vec<_> = reversed.iter().map(Shown::uid).collect();
        uids.sort();
        prop_assert_eq!(uids, want, "the order of sources does not change which events there are");
    }

    #[test]
    fn an_event_is_shown_exactly_if_some_copy_of_it_passes_every_rule(
        one in program(), other in program(), in_group in any::<[bool; 12]>(), off in any::<[bool; 12]>()
    ) {
        let marked = |program: &[(u8, u32, bool)]| {
            let mut made = events(program);
            for (event, (id, ..)) in made.iter_mut().zip(program) {
                if in_group[usize::from(*id)] {
                    event.groups = vec![GroupId::new("opera")];
                }
                if off[usize::from(*id)] {
                    event.status = Some(Status::Cancelled);
                }
            }
            let groups = groups(&[("opera", GroupKind::Project, "Opera")]);
            first_snapshot(Batch { groups, ..batch(made) }, NOW)
        };
        let (source, a, b) = (stage(), marked(&one), marked(&other));
        let feed = Feed {
            groups: Some(vec!["opera".to_owned()]),
            cancelled: Cancelled::Omit,
            ..feed()
        };
        let window = window("2026-12-05", "2026-12-20");
        let snapshots = [(&source, &a), (&source, &b)];
        let shown = select(&feed, Some(&window), &snapshots, expansion());
        let mut shown: Vec<_> = shown.iter().map(Shown::uid).collect();
        shown.sort();

        let passing = |index: usize| {
            let rules = Rules::of(&feed, Some(&window), &snapshots, index).unwrap();
            let entries = snapshots[index].1.entries().iter();
            let passes = move |event: &&Event| Rule::ALL.into_iter().all(|rule| rules.pass(rule, event));
            entries.map(|entry| &entry.event).filter(passes).map(|event| event.uid)
        };
        let mut passing: Vec<_> = passing(0).chain(passing(1)).collect();
        passing.sort();
        prop_assert_eq!(shown, passing);
    }
}
