//! What pages are given of a feed.

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

async fn listing(world: &World, part: Part) -> Listing {
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
