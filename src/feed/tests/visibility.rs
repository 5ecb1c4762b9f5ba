//! One filter decides for every output (design §2, promise 6; interop V8): of an event that has everything a feed could
//! show, each level of detail shows its words and no other, by whichever door and in whichever form a reader comes.

use super::*;
use crate::domain::{
    batch::Withheld,
    event::GroupKind,
    feed::{Closed, Detail},
    id::GroupId,
    testing::{event, groups, place, timed, uid},
    text::{Line, Text},
    token::{Term, Token, TokenDigest},
};
use crate::feed::listing::Listing;

/// The words of the event, each of which stands in one field.
const WORDS: [&str; 7] = [
    "word-title",
    "word-details",
    "word-place",
    "word-address",
    "word-group",
    "word-hall",
    "word-person",
];

/// The token of the closed feed and of the closed groups.
const TOKEN: &str = "any-token";

/// An upstream with one event that has every word.
fn wordy() -> Arc<Upstream> {
    let when = timed("2026-11-25T18:00:00Z", "2026-11-25T20:00:00Z");
    let mut wordy = event("wordy", when);
    wordy.title = Line::new("word-title");
    wordy.details = Text::new("word-details");
    wordy.places = vec![place("hall", "word-place", "word-address")];
    wordy.groups = ["group", "hall", "person"].map(GroupId::new).to_vec();
    let mut said = batch([wordy]);
    said.groups = groups(&[
        ("group", GroupKind::Group, "word-group"),
        ("hall", GroupKind::Place, "word-hall"),
        ("person", GroupKind::Person, "word-person"),
    ]);
    let upstream = Upstream::with([]);
    upstream.has(said);
    upstream
}

fn tokens() -> Vec<Token> {
    vec![Token {
        label: Line::new("anybody"),
        digest: TokenDigest::of(TOKEN),
        term: Term::default(),
    }]
}

/// Those of the words that stand in `text`.
fn words(text: &str) -> Vec<&'static str> {
    let unfolded = text.replace("\r\n ", "");
    WORDS
        .into_iter()
        .filter(|word| unfolded.contains(word))
        .collect()
}

/// What may be said of the event, and which of its groups a page may name. People are in neither.
fn expected(detail: Detail) -> (Vec<&'static str>, Vec<&'static str>) {
    let [title, details, place, address, group, hall, _] = WORDS;
    match detail {
        Detail::Full => (
            vec![title, details, place, address, group],
            vec![group, hall],
        ),
        Detail::Title => (vec![title], vec![]),
        Detail::Busy => (vec![], vec![]),
    }
}

#[tokio::test]
async fn every_output_of_every_part_shows_the_words_of_its_level_and_no_other() {
    for detail in [Detail::Full, Detail::Title, Detail::Busy] {
        let season = Feed {
            detail,
            ..horizon_feed()
        };
        let upstream = wordy();
        let mut world = world([("stage", &upstream, Setting::default())], season.clone());
        let closed = Closed {
            feed: season,
            tokens: tokens(),
        };
        let feeds = Arc::into_inner(world.feeds).unwrap();
        world.feeds = Arc::new(feeds.with_closed([("cast".parse().unwrap(), closed)].into()));
        world.poll().await;
        let cast = world
            .feeds
            .open_feed(&TokenDigest::of(TOKEN), "cast".parse().unwrap());
        for (name, detail) in [
            (FeedName::Configured("season".parse().unwrap()), detail),
            (cast.unwrap(), detail),
            (world.feeds.for_operator(&"cast".parse().unwrap()), detail),
            // Whoever opens the groups of a source opens all that is public of it.
            (
                FeedName::Group(stage(), GroupId::new("group")),
                Detail::Full,
            ),
        ] {
            let (said, named) = expected(detail);
            for part in [
                Part::Default,
                Part::Window("2026-11".parse().unwrap()),
                Part::Window("all".parse().unwrap()),
                Part::Event(uid("wordy")),
            ] {
                let row = format!("{name} {part:?} {detail:?}");
                let document = world.of(name.clone(), part).await.unwrap();
                assert_eq!(words(body(&document)), said, "calendar of {row}");
                let listing = world.feeds.list(&name, part).await.unwrap();
                let Listing { events, groups, .. } = &*listing;
                assert_eq!(events.len(), 1, "{row}");
                assert_eq!(words(&format!("{events:?}")), said, "events of {row}");
                assert_eq!(words(&format!("{groups:?}")), named, "groups of {row}");
            }
        }
    }
}

#[tokio::test]
async fn what_its_owner_hides_is_gone_from_every_output_at_every_level_with_the_next_poll() {
    for detail in [Detail::Full, Detail::Title, Detail::Busy] {
        let season = Feed {
            detail,
            ..horizon_feed()
        };
        let upstream = wordy();
        let world = world([("stage", &upstream, Setting::default())], season);
        world.poll().await;
        let season = FeedName::Configured("season".parse().unwrap());
        for part in [Part::Default, Part::Event(uid("wordy"))] {
            let listing = world.feeds.list(&season, part).await.unwrap();
            assert_eq!(listing.events.len(), 1, "{detail:?}");
        }
        upstream.has(Batch {
            withheld: Withheld {
                events: [(uid("wordy"), "it is a draft")].into(),
                ..Withheld::default()
            },
            ..Batch::default()
        });
        world.poll().await;
        for part in [Part::Default, Part::Window("2026-11".parse().unwrap())] {
            let document = world.get(part).await.unwrap();
            assert!(!body(&document).contains("BEGIN:VEVENT"), "{detail:?}");
            let listing = world.feeds.list(&season, part).await.unwrap();
            assert!(listing.events.is_empty(), "{detail:?}");
        }
        let alone = world.get(Part::Event(uid("wordy"))).await;
        assert!(matches!(alone, Err(FeedError::Unknown)), "{detail:?}");
    }
}
