//! The word that says how a feed stands.

use super::{
    merged::{as_told, day, merged, of_both, told},
    *,
};
use crate::domain::testing::uid;

#[tokio::test]
async fn the_state_follows_the_last_poll_and_the_calendar_does_not() {
    let upstream = Upstream::with([day("a", "2026-11-25")]);
    let whole = || batch([day("a", "2026-11-25")]);
    let missed = Batch {
        missed: [(GroupId::new("g"), Arc::from(std::fmt::Error) as _)].into(),
        ..whole()
    };
    let unreadable = Batch {
        unreadable: [(uid("a"), "it has no start")].into(),
        ..batch([])
    };
    let world = simple(&upstream);
    world.poll().await;
    let first = world.served(Part::Default).await.unwrap();
    assert_eq!(first.state, State::Fresh);
    let overload = Trouble::Overload(Duration::from_secs(5));
    for (row, now, want) in [
        (
            "cannot be understood",
            Err(Trouble::Nonsense),
            State::Malformed,
        ),
        ("does not answer", Err(overload), State::Stale),
        ("shuts us out", Err(Trouble::Refusal), State::Blocked),
        ("a bug of ours", Err(Trouble::Bug), State::Stale),
        ("well again", Ok(whole()), State::Fresh),
        ("read in part", Ok(missed), State::Partial),
        ("whole again", Ok(whole()), State::Fresh),
        ("not understood", Ok(unreadable), State::Partial),
        ("understood again", Ok(whole()), State::Fresh),
        ("suddenly empty, not believed", Ok(batch([])), State::Stale),
    ] {
        *upstream.events.lock().unwrap() = now;
        world.poll().await;
        // With the clock where it was: the answers that gather nothing tell it too.
        for later in [TimeDelta::zero(), TimeDelta::seconds(2)] {
            world.hand.advance(later);
            let served = world.served(Part::Default).await.unwrap();
            assert_eq!(served.state, want, "{row}, {later}");
            assert!(
                Arc::ptr_eq(&served.document, &first.document),
                "{row}, {later}"
            );
        }
    }
}

#[tokio::test]
async fn a_copy_that_is_not_believed_or_not_renewed_is_as_old_as_the_last_poll_that_bore_it_out() {
    let whole = || batch([day("a", "2026-11-25"), day("b", "2026-11-26")]);
    let upstream = Upstream::with([]);
    let world = simple(&upstream);
    let overload = Trouble::Overload(Duration::from_secs(5));
    for (row, now, want) in [
        ("well", Ok(whole()), None),
        ("down", Err(overload), Some(0)),
        ("still down", Err(Trouble::Refusal), Some(0)),
        ("well again", Ok(whole()), None),
        ("suddenly empty", Ok(batch([])), Some(3)),
        ("and down", Err(overload), Some(3)),
        ("well once more", Ok(whole()), None),
    ] {
        *upstream.events.lock().unwrap() = now;
        world.poll().await;
        let served = world.served(Part::Default).await.unwrap();
        let hours = served.as_of.map(|as_of| (as_of - at(NOON)).num_hours());
        assert_eq!(hours, want, "{row}");
        world.hand.advance(TimeDelta::hours(1));
    }
}

#[tokio::test]
async fn a_feed_is_as_old_as_the_oldest_of_its_sources() {
    let (stage, pit) = (Upstream::with([day("a", "2026-11-25")]), Upstream::with([]));
    let world = merged(&stage, &pit, of_both());
    world.poll().await;
    pit.fails();
    world.hand.advance(TimeDelta::hours(1));
    world.poll().await;
    stage.fails();
    world.poll().await;
    let served = world.served(Part::Default).await.unwrap();
    assert_eq!(served.as_of, Some(at(NOON)));
}

#[tokio::test]
async fn a_feed_is_empty_only_if_all_its_sources_are() {
    for (row, stage, pit, want) in [
        ("both", None, None, State::Empty),
        ("one", None, Some("2026-11-25"), State::Fresh),
    ] {
        let upstream = |date: Option<&str>| Upstream::with(date.map(|date| day("a", date)));
        let world = merged(&upstream(stage), &upstream(pit), of_both());
        world.poll().await;
        assert_eq!(told(&world).await.1, want, "{row}");
    }
}

#[tokio::test]
async fn a_source_that_was_read_in_part_makes_the_whole_feed_partial() {
    let (stage, pit) = (Upstream::with([day("a", "2026-11-25")]), Upstream::with([]));
    pit.has(Batch {
        missed: [(GroupId::new("g"), Arc::from(std::fmt::Error) as _)].into(),
        ..batch([day("b", "2026-11-26")])
    });
    let world = merged(&stage, &pit, of_both());
    world.poll().await;
    assert_eq!(told(&world).await, as_told("a b", State::Partial));
    stage.has_trouble(Trouble::Refusal);
    world.poll().await;
    assert_eq!(told(&world).await, as_told("a b", State::Partial));
}
