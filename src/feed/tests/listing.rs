//! What pages are given of a feed.

use std::sync::atomic::Ordering;

use super::{merged::day, *};
use crate::{
    domain::{
        event::GroupKind,
        feed::Detail,
        id::GroupId,
        testing::{event, groups, place, timed, uid},
    },
    feed::listing::Listing,
};

fn season() -> FeedName {
    FeedName::Configured("season".parse().unwrap())
}

async fn listing(world: &World, part: Part) -> Arc<Listing> {
    world.feeds.list(&season(), part).await.unwrap()
}

fn shown(listing: &Listing) -> String {
    let titles: Vec<&str> = listing.events.iter().map(|event| &*event.title).collect();
    titles.join(" ")
}

/// An upstream with one event that has everything a feed could show.
fn gala() -> Arc<Upstream> {
    let when = timed("2026-11-25T18:00:00Z", "2026-11-25T20:00:00Z");
    let mut gala = event("gala", when);
    gala.details = crate::domain::text::Text::new("Bring a mask");
    gala.places = vec![place("hall", "Great Hall", "Quay 1")];
    gala.groups = ["cast", "hall", "opera"].map(GroupId::new).to_vec();
    let mut said = batch([gala]);
    said.groups = groups(&[
        ("cast", GroupKind::Person, "A Soprano"),
        ("hall", GroupKind::Place, "Great Hall"),
        ("opera", GroupKind::Group, "Opera"),
        ("unused", GroupKind::Group, "Nothing in it"),
    ]);
    let upstream = Upstream::with([]);
    upstream.has(said);
    upstream
}

#[tokio::test]
async fn a_listing_has_the_events_of_the_calendar_in_its_order() {
    let upstream = Upstream::with([day("b", "2026-11-26"), day("a", "2026-11-25")]);
    let world = simple(&upstream);
    world.poll().await;
    for part in [
        Part::Default,
        Part::Window("2026-11".parse().unwrap()),
        Part::Window("2026-11-26".parse().unwrap()),
        Part::Event(uid("b")),
    ] {
        let document = world.get(part).await.unwrap();
        let listing = listing(&world, part).await;
        assert_eq!(shown(&listing), titles(&document), "{part:?}");
        assert_eq!(listing.state, State::Fresh, "{part:?}");
    }
}

#[tokio::test]
async fn people_are_no_group_that_a_page_may_name() {
    let world = simple(&gala());
    world.poll().await;
    let listing = listing(&world, Part::Default).await;
    let names: Vec<&str> = listing
        .groups
        .values()
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(names, ["Great Hall", "Opera"]);
    let [event] = &listing.events[..] else {
        panic!("one event: {listing:?}");
    };
    assert_eq!(event.groups, ["hall", "opera"].map(GroupId::new));
    assert_eq!(event.categories, ["Opera"]);
}

#[tokio::test]
async fn what_a_feed_hides_is_in_no_listing() {
    for (detail, title) in [(Detail::Title, "gala"), (Detail::Busy, "Busy")] {
        let season = Feed {
            detail,
            ..horizon_feed()
        };
        let world = world([("stage", &gala(), Setting::default())], season);
        world.poll().await;
        let listing = listing(&world, Part::Default).await;
        let [event] = &listing.events[..] else {
            panic!("one event: {listing:?}");
        };
        assert_eq!(event.title, title, "{detail:?}");
        let hidden = [
            event.details.is_empty(),
            event.places.is_empty(),
            event.categories.is_empty(),
            event.groups.is_empty(),
            listing.groups.is_empty(),
        ];
        assert_eq!(hidden, [true; 5], "{detail:?}");
    }
}

#[tokio::test]
async fn an_event_that_is_not_shown_is_unknown() {
    let world = simple(&gala());
    world.poll().await;
    let error = world.feeds.list(&season(), Part::Event(uid("other"))).await;
    assert!(matches!(error, Err(FeedError::Unknown)), "{error:?}");
}

#[tokio::test]
async fn a_crowd_at_one_page_has_its_listing_made_once_and_again_only_when_something_changed() {
    let upstream = Upstream::with([day("a", "2026-11-25")]);
    let world = Arc::new(simple(&upstream));
    world.poll().await;
    let made = |world: &World| world.feeds.listings.made.load(Ordering::Relaxed);
    let crowd = async || {
        let mut readers = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let world = Arc::clone(&world);
            readers.spawn(async move { listing(&world, Part::Default).await });
        }
        readers.join_all().await
    };
    let first = crowd().await;
    assert!(first.iter().all(|listing| Arc::ptr_eq(listing, &first[0])));
    assert_eq!(made(&world), 1);
    world.hand.advance(TimeDelta::minutes(10));
    world.poll().await;
    assert!(
        Arc::ptr_eq(&listing(&world, Part::Default).await, &first[0]),
        "nothing new"
    );

    upstream.has(batch([day("a", "2026-11-25"), day("b", "2026-11-26")]));
    world.poll().await;
    let both = listing(&world, Part::Default).await;
    assert_eq!(shown(&both), "a b");
    crowd().await;
    assert_eq!(made(&world), 2);
    // How it stands is told too, and which day it is.
    upstream.fails();
    world.poll().await;
    assert_eq!(listing(&world, Part::Default).await.state, State::Malformed);
    world.hand.advance(TimeDelta::days(1));
    let tomorrow = listing(&world, Part::Default).await;
    assert_eq!(tomorrow.today, first[0].today + TimeDelta::days(1));
    assert_eq!(made(&world), 4);
}
