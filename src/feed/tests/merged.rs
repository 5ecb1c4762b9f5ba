//! Feeds over several sources.

use super::*;
use crate::domain::{
    batch::Withheld,
    event::GroupKind,
    testing::{days, event, groups, uid},
};

pub(super) fn day(id: &str, date: &str) -> Event {
    event(id, days(date, date))
}

pub(super) fn of_both() -> Feed {
    Feed {
        sources: vec!["stage".parse().unwrap(), "pit".parse().unwrap()],
        ..horizon_feed()
    }
}

/// A feed over two sources.
pub(super) fn merged(stage: &Arc<Upstream>, pit: &Arc<Upstream>, season: Feed) -> World {
    world(
        [
            ("stage", stage, Setting::default()),
            ("pit", pit, Setting::default()),
        ],
        season,
    )
}

/// The titles shown and the state told.
pub(super) async fn told(world: &World) -> (String, State) {
    let Served {
        document, state, ..
    } = world.served(Part::Default).await.unwrap();
    (titles(&document), state)
}

pub(super) fn as_told(titles: &str, state: State) -> (String, State) {
    (titles.to_owned(), state)
}

#[tokio::test]
async fn a_source_that_never_delivered_leaves_the_others_whole_and_comes_in_by_itself() {
    for missing in ["stage", "pit"] {
        let (stage, pit) = (
            Upstream::with([day("a", "2026-11-25"), day("c", "2026-11-27")]),
            Upstream::with([day("b", "2026-11-26")]),
        );
        let (gone, shown) = match missing {
            "stage" => (&stage, "b"),
            _ => (&pit, "a c"),
        };
        let batch = gone.events.lock().unwrap().clone().unwrap();
        gone.fails();
        let world = merged(&stage, &pit, of_both());
        world.poll().await;
        assert_eq!(
            told(&world).await,
            as_told(shown, State::Partial),
            "{missing}"
        );
        gone.has(batch);
        world.poll().await;
        assert_eq!(
            told(&world).await,
            as_told("a b c", State::Fresh),
            "{missing}"
        );
        gone.fails();
        world.poll().await;
        assert_eq!(
            told(&world).await,
            as_told("a b c", State::Malformed),
            "{missing}"
        );
    }
}

#[tokio::test]
async fn there_is_no_feed_only_if_no_source_has_anything() {
    let (stage, pit) = (Upstream::with([]), Upstream::with([]));
    stage.fails();
    pit.close();
    let world = merged(&stage, &pit, of_both());
    let (_, units) = world.feeds.sources().last().unwrap();
    units.poll().await;
    let season = FeedName::Configured("season".parse().unwrap());
    let first = world
        .feeds
        .get_within(season, Part::Default, Duration::from_millis(1));
    match first.await {
        Err(FeedError::Missing {
            source_id,
            why: Missing::Pending,
        }) => assert_eq!(source_id.as_str(), "pit", "the one that may still come"),
        other => panic!("{other:?}"),
    }
    pit.open();
    pit.fails();
    world.poll().await;
    match world.get(Part::Default).await {
        Err(FeedError::Missing {
            source_id,
            why: Missing::Failed(_),
        }) => assert_eq!(source_id.as_str(), "stage"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_very_first_reader_waits_for_every_source_and_later_ones_for_none() {
    let stage = Upstream::with([day("a", "2026-11-25")]);
    let pit = Upstream::with([day("b", "2026-11-26")]);
    let world = merged(&stage, &pit, of_both());
    let (first, ()) = tokio::join!(world.served(Part::Default), world.poll());
    let first = first.unwrap();
    assert_eq!(titles(&first.document), "a b");
    assert_eq!(first.state, State::Fresh);

    let world = merged(&stage, &pit, of_both());
    pit.close();
    let (_, units) = world.feeds.sources().last().unwrap();
    units.poll().await;
    let season = || FeedName::Configured("season".parse().unwrap());
    let soon = Duration::from_millis(1);
    let impatient = world.feeds.get_within(season(), Part::Default, soon);
    assert_eq!(titles(&impatient.await.unwrap().document), "a");
    // Nobody waits the twenty seconds that the first reader would have waited.
    world.hand.advance(TimeDelta::seconds(2));
    let began = Instant::now();
    assert_eq!(told(&world).await, as_told("a", State::Partial));
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn an_event_that_a_missing_source_may_have_is_not_called_unknown() {
    let (stage, pit) = (Upstream::with([day("a", "2026-11-25")]), Upstream::with([]));
    pit.fails();
    let world = merged(&stage, &pit, of_both());
    world.poll().await;
    let found = world.served(Part::Event(uid("a"))).await.unwrap();
    assert_eq!(found.state, State::Fresh, "its own source is there");
    match world.get(Part::Event(uid("b"))).await {
        Err(FeedError::Missing { source_id, .. }) => assert_eq!(source_id.as_str(), "pit"),
        other => panic!("{other:?}"),
    }
    pit.has(batch([day("b", "2026-11-26")]));
    world.poll().await;
    assert_eq!(
        titles(&world.get(Part::Event(uid("b"))).await.unwrap()),
        "b"
    );
    let unknown = world.get(Part::Event(uid("c"))).await;
    assert!(matches!(unknown, Err(FeedError::Unknown)), "{unknown:?}");
}

#[tokio::test]
async fn an_event_that_two_sources_or_two_groups_have_is_shown_once() {
    let in_groups = |id: &str, names: &[&str]| {
        let mut event = day(id, "2026-11-25");
        event.groups = names.iter().map(|name| GroupId::new(name)).collect();
        event
    };
    let known = || {
        groups(&[
            ("g-1", GroupKind::Group, "Opera"),
            ("g-2", GroupKind::Group, "Patrons"),
        ])
    };
    let (stage, pit) = (Upstream::with([]), Upstream::with([]));
    stage.has(Batch {
        groups: known(),
        ..batch([in_groups("a", &["g-1", "g-2"]), in_groups("b", &["g-1"])])
    });
    let mut copy = in_groups("b", &["g-2"]);
    copy.title = crate::domain::text::Line::new("copy");
    pit.has(Batch {
        groups: known(),
        ..batch([copy, in_groups("c", &["g-2"])])
    });
    let of = |sources: &[&str]| Feed {
        sources: sources.iter().map(|name| name.parse().unwrap()).collect(),
        groups: Some(vec!["Opera".to_owned(), "g-2".to_owned()]),
        ..horizon_feed()
    };
    for (sources, want) in [
        (&["stage", "pit"][..], ["a", "b", "c"]),
        (&["pit", "stage"], ["a", "c", "copy"]),
    ] {
        let world = merged(&stage, &pit, of(sources));
        world.poll().await;
        let document = world.get(Part::Default).await.unwrap();
        let shown = titles(&document);
        let mut shown: Vec<&str> = shown.split(' ').collect();
        shown.sort_unstable();
        assert_eq!(shown, want, "{sources:?}: the first source's copy counts");
        let calendar = body(&document);
        assert_eq!(calendar.matches("\r\nUID:").count(), 3, "{sources:?}");
        assert!(
            calendar.contains("\r\nCATEGORIES:Opera,Patrons\r\n"),
            "{sources:?}: {calendar}"
        );
    }
}

#[tokio::test]
async fn a_month_that_nobody_could_read_yet_holds_back_nothing_else() {
    let later = [
        ("soon", "2026-12-24"),
        ("later", "2027-01-10"),
        ("new", "2027-02-03"),
    ];
    let events = || later.map(|(id, date)| day(id, date));
    for (row, sources, without, with) in [
        ("alone", &["stage"][..], "soon later", "soon later new"),
        (
            "beside another",
            &["stage", "pit"],
            "soon other later far",
            "soon other later far new",
        ),
    ] {
        let stage = Upstream::with(events());
        let pit = Upstream::with([day("other", "2026-12-25"), day("far", "2027-02-02")]);
        let season = Feed {
            sources: sources.iter().map(|name| name.parse().unwrap()).collect(),
            window: "next-60d".parse().unwrap(),
            ..feed()
        };
        let world = merged(&stage, &pit, season);
        world.poll().await;
        let (first, standing) = told(&world).await;
        assert!(
            first.starts_with("soon") && first.ends_with("later"),
            "{row}: {first}"
        );
        assert_eq!(standing, State::Fresh, "{row}");
        stage.fails();
        // Sixty days from then reach into a month that nobody has read.
        world.hand.advance(TimeDelta::days(15));
        until(
            || told(&world),
            |told| *told == as_told(without, State::Partial),
        )
        .await;
        stage.has(batch(events()));
        world.poll().await;
        world.hand.advance(TimeDelta::seconds(30));
        until(|| told(&world), |told| *told == as_told(with, State::Fresh)).await;
    }
}

#[tokio::test]
async fn what_subscribers_have_of_a_month_is_not_taken_away_because_it_cannot_be_read_again() {
    let stage = Upstream::with([day("past", "2026-11-16"), day("next", "2026-12-01")]);
    let pit = Upstream::with([]);
    let season = Feed {
        window: "2026-11-15..2026-12-05".parse().unwrap(),
        ..of_both()
    };
    let world = merged(&stage, &pit, season);
    world.poll().await;
    assert_eq!(told(&world).await, as_told("past next", State::Fresh));
    // The first of these days are kept warm no longer, and were never read as a part of their month.
    world.hand.advance(TimeDelta::days(10));
    world.poll().await;
    stage.fails();
    for read in ["while it is tried", "after it has failed"] {
        assert_eq!(
            told(&world).await,
            as_told("past next", State::Stale),
            "{read}"
        );
        let served = world.served(Part::Default).await.unwrap();
        assert_eq!(served.as_of, Some(at(NOON)), "{read}: when it was right");
        let asked = || async { stage.asked().last().unwrap().clone() };
        until(asked, |unit| unit == "2026-11").await;
    }
}

#[tokio::test]
async fn what_was_hidden_meanwhile_is_not_shown_for_the_sake_of_a_month_that_cannot_be_read_again()
{
    for (row, hidden, want) in [
        (
            "a draft that nobody has seen",
            "draft",
            as_told("past next other", State::Stale),
        ),
        (
            "what was published",
            "next",
            as_told("other", State::Partial),
        ),
    ] {
        let past = day("past", "2026-11-16");
        let (next, other) = (day("next", "2026-12-01"), day("other", "2026-12-02"));
        let stage = Upstream::with([past, next.clone(), other.clone()]);
        let pit = Upstream::with([]);
        let season = Feed {
            window: "2026-11-15..2026-12-05".parse().unwrap(),
            ..of_both()
        };
        let world = merged(&stage, &pit, season);
        world.poll().await;
        let whole = as_told("past next other", State::Fresh);
        assert_eq!(told(&world).await, whole, "{row}");
        world.hand.advance(TimeDelta::days(10));
        let shown = [next, other]
            .into_iter()
            .filter(|event| event.uid != uid(hidden));
        stage.has(Batch {
            withheld: Withheld {
                events: [(uid(hidden), "it is a draft")].into(),
                ..Withheld::default()
            },
            ..batch(shown)
        });
        world.poll().await;
        stage.fails();
        until(|| told(&world), |told| *told == want).await;
    }
}
