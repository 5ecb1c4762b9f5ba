//! Polls: what one leaves behind, and what follows one that fails.

use super::*;
use crate::{
    domain::{
        event::GroupKind,
        history::Snapshot,
        testing::{days, event, groups},
        text::Line,
    },
    testing::Log,
};

fn november() -> Batch {
    batch([event("nov", days("2026-11-25", "2026-11-25"))])
}

/// The last good copy of the only source.
fn copy(world: &World) -> Arc<Snapshot> {
    let (_, units) = world.feeds.sources().next().unwrap();
    units.standing().snapshot.unwrap()
}

/// Keeps the sources of `world` warm in the background until the token is cancelled.
fn refreshed(world: &World) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let stop = CancellationToken::new();
    let (feeds, stopped) = (Arc::clone(&world.feeds), stop.clone());
    let refresh = tokio::spawn(async move { feeds.refresh(&stopped).await });
    (stop, refresh)
}

#[tokio::test]
async fn an_answer_that_changes_nothing_leaves_the_very_same_copy_in_place() {
    let upstream = Upstream::with([]);
    upstream.has(november());
    let world = simple(&upstream);
    world.poll().await;
    let first = copy(&world);
    for later in [TimeDelta::minutes(10), TimeDelta::hours(30)] {
        world.hand.advance(later);
        world.poll().await;
        assert!(Arc::ptr_eq(&first, &copy(&world)), "{later}");
    }
    let mut changed = november();
    changed.events[0].title = Line::new("moved");
    upstream.has(changed);
    world.poll().await;
    assert_eq!(copy(&world).entries()[0].event.title.as_str(), "moved");
}

#[tokio::test]
async fn a_reader_who_asked_while_a_poll_was_failing_does_not_cause_another() {
    let upstream = Upstream::with([]);
    upstream.fails();
    let setting = Setting {
        interval: Duration::from_hours(1),
        ..Setting::default()
    };
    let world = Arc::new(world([("stage", &upstream, setting)], horizon_feed()));
    let (stop, refresh) = refreshed(&world);
    assert!(world.get(Part::Default).await.is_err(), "the first attempt");
    world.hand.advance(TimeDelta::seconds(30));
    upstream.close();
    let mut readers = tokio::task::JoinSet::new();
    let mut reader = || {
        let world = Arc::clone(&world);
        readers.spawn(async move { world.get(Part::Default).await.is_err() });
    };
    reader();
    until(|| async { upstream.asked().len() }, |asked| *asked == 2).await;
    reader();
    settle().await;
    upstream.open();
    assert_eq!(readers.join_all().await, [true, true]);
    settle().await;
    assert_eq!(upstream.asked().len(), 2);
    stop.cancel();
    refresh.await.unwrap();
}

/// Lets every other task come as far as it can: there is one thread.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// Returns when `upstream` has been asked so many times more.
async fn asked_again(upstream: &Upstream, times: usize) {
    let enough = upstream.asked().len() + times;
    until(
        || async { upstream.asked().len() },
        |asked| *asked >= enough,
    )
    .await;
}

#[tokio::test]
async fn a_bug_in_a_connector_ends_neither_its_own_polls_nor_those_of_the_others() {
    let (stage, pit) = (Upstream::with([]), Upstream::with([]));
    stage.has_trouble(Trouble::Bug);
    let hasty = || Setting {
        interval: Duration::from_millis(1),
        ..Setting::default()
    };
    let world = world(
        [("pit", &pit, hasty()), ("stage", &stage, hasty())],
        horizon_feed(),
    );
    let (stop, refresh) = refreshed(&world);
    asked_again(&stage, 3).await;
    asked_again(&pit, 3).await;
    assert!(!refresh.is_finished());
    stage.has(november());
    world.hand.advance(TimeDelta::seconds(30));
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "nov");
    stop.cancel();
    refresh.await.unwrap();
}

#[tokio::test]
async fn a_poll_that_ends_by_a_bug_is_a_failure_like_any_other() {
    let log = Log::default();
    let _captured = log.capture();
    let upstream = Upstream::with([]);
    upstream.has_trouble(Trouble::Bug);
    let world = simple(&upstream);
    for polls in 1..=2 {
        world.poll().await;
        let (_, units) = world.feeds.sources().next().unwrap();
        let failure = units.standing().failure.unwrap();
        assert!(matches!(*failure.error, FetchError::Bug), "{failure:?}");
        assert_eq!(failure.count, polls, "the next poll backs off by this");
        match world.get(Part::Default).await {
            Err(FeedError::Missing {
                why: Missing::Failed(why),
                ..
            }) => assert!(matches!(*why, FetchError::Bug), "{why:?}"),
            other => panic!("{other:?}"),
        }
    }
    let errors = log.text().matches("ERROR").count();
    assert_eq!(errors, 2, "each as an error: {}", log.text());

    upstream.has(november());
    world.poll().await;
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "nov");
    upstream.has_trouble(Trouble::Bug);
    world.poll().await;
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "nov");
}

#[tokio::test]
async fn a_poll_that_ends_by_a_bug_is_not_repeated_at_once() {
    let upstream = Upstream::with([]);
    upstream.has_trouble(Trouble::Bug);
    let setting = Setting {
        interval: Duration::from_hours(1),
        ..Setting::default()
    };
    let world = world([("stage", &upstream, setting)], horizon_feed());
    let (stop, refresh) = refreshed(&world);
    for reader in 1..=3 {
        assert!(world.get(Part::Default).await.is_err(), "reader {reader}");
    }
    assert_eq!(upstream.asked().len(), 1);
    stop.cancel();
    refresh.await.unwrap();
}

#[tokio::test]
async fn a_group_name_that_no_source_of_a_feed_knows_is_logged_once_when_all_have_delivered() {
    let log = Log::default();
    let _captured = log.capture();
    let (stage, pit) = (Upstream::with([]), Upstream::with([]));
    stage.has(Batch {
        groups: groups(&[("g-1", GroupKind::Group, "Opera")]),
        ..november()
    });
    pit.fails();
    let season = Feed {
        sources: vec!["stage".parse().unwrap(), "pit".parse().unwrap()],
        groups: Some(["opera", "Balet", "G-2"].map(str::to_owned).to_vec()),
        ..horizon_feed()
    };
    let hasty = || Setting {
        interval: Duration::from_millis(1),
        ..Setting::default()
    };
    let world = world([("pit", &pit, hasty()), ("stage", &stage, hasty())], season);
    let (stop, refresh) = refreshed(&world);
    asked_again(&stage, 2).await;
    let told = || log.text().matches("no source of this feed knows").count();
    assert_eq!(told(), 0, "a source that has said nothing may know it");
    pit.has(Batch {
        groups: groups(&[("g-2", GroupKind::Tag, "")]),
        ..batch([])
    });
    asked_again(&pit, 3).await;
    asked_again(&stage, 3).await;
    settle().await;
    stop.cancel();
    refresh.await.unwrap();
    let logged = log.text();
    assert_eq!(told(), 1, "{logged}");
    assert!(logged.contains(r#"feed=season group="Balet""#), "{logged}");
}

#[tokio::test]
async fn an_end_before_every_source_has_delivered_is_an_end() {
    let upstream = Upstream::with([]);
    upstream.close();
    let season = Feed {
        groups: Some(vec!["Opera".to_owned()]),
        ..horizon_feed()
    };
    let world = world([("stage", &upstream, Setting::default())], season);
    let (stop, refresh) = refreshed(&world);
    settle().await;
    stop.cancel();
    refresh.await.unwrap();
}

#[tokio::test]
async fn a_poll_of_a_source_that_is_taken_over_brings_nothing_and_is_the_last() {
    let upstream = Upstream::with(november().events);
    let world = simple(&upstream);
    let (_, units) = world.feeds.sources().next().unwrap();
    upstream.close();
    let stop = CancellationToken::new();
    let mut polls = Polls::default();
    polls.follow(&world.feeds, &stop);
    let asked = || async { upstream.asked() };
    until(asked, |asked| asked.len() == 1).await;
    let season = FeedName::Configured("season".parse().unwrap());
    let feeds = Arc::clone(&world.feeds);
    let reader = tokio::spawn(async move {
        let patience = Duration::from_hours(1);
        feeds.get_within(season, Part::Default, patience).await
    });
    units.end().await;
    let waited = reader.await.unwrap();
    assert!(matches!(waited, Err(FeedError::Missing { .. })), "at once");
    upstream.open();
    // It ends by itself, without a word from the process.
    polls.ended().await;
    assert_eq!(upstream.asked(), ["horizon"]);
    assert!(units.standing().snapshot.is_none());
    assert!(units.standing().failure.is_none(), "it is no failure");
    assert!(units.poll().await.is_none());
    assert_eq!(upstream.asked(), ["horizon"]);
}

#[tokio::test]
async fn a_rest_that_is_asked_for_in_the_place_of_a_part_is_left_to_the_whole_source() {
    let rest = Duration::from_hours(2);
    let busy = ApiError::Unavailable {
        at: Site {
            source: stage(),
            host: "nowhere".to_owned(),
            route: "/events".into(),
            trace: None,
        },
        retry_after: Some(rest),
        cause: Setback::Spent,
    };
    let upstream = Upstream::with([]);
    upstream.has(Batch {
        missed: [(GroupId::new("choir"), Arc::new(busy) as _)].into(),
        ..november()
    });
    let world = simple(&upstream);
    let (_, units) = world.feeds.sources().next().unwrap();
    let good_for = Duration::ZERO;
    let want = refresh::End::Answered { good_for, rest };
    assert_eq!(units.poll().await, Some(want));
}
