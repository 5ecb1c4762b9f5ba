//! Which feeds, groups and events there are for a reader.

use super::*;
use crate::domain::{
    event::{GroupKind, Status},
    feed::{Cancelled, Detail},
    testing::{days, event, groups, place, timed, uid},
};

fn in_group(id: &str, group: &str) -> Event {
    let mut event = event(id, days("2026-11-25", "2026-11-25"));
    event.groups = vec![GroupId::new(group)];
    event
}

fn opera() -> Batch {
    Batch {
        groups: groups(&[
            ("g-1", GroupKind::Group, "Opera, late"),
            ("g-2", GroupKind::Tag, ""),
            ("g-3", GroupKind::Place, "Empty hall"),
        ]),
        ..batch([in_group("tosca", "g-1"), in_group("gala", "g-2")])
    }
}

async fn group(world: &World, group: &str) -> Result<Arc<Document>, FeedError> {
    let name = FeedName::Group(stage(), GroupId::new(group));
    world.of(name, Part::Default).await
}

#[tokio::test]
async fn every_group_of_an_open_source_has_a_feed_under_its_name() {
    let upstream = Upstream::with([]);
    upstream.has(opera());
    let world = simple(&upstream);
    let polled = async { world.poll().await };
    // The very first reader comes before the source has delivered anything.
    let (document, ()) = tokio::join!(group(&world, "G-1"), polled);
    let document = document.unwrap();
    assert_eq!(titles(&document), "tosca");
    assert!(
        body(&document).contains("\r\nX-WR-CALNAME:Opera\\, late\r\n"),
        "{}",
        body(&document)
    );

    let nameless = group(&world, "g-2").await.unwrap();
    assert_eq!(titles(&nameless), "gala");
    assert!(body(&nameless).contains("\r\nX-WR-CALNAME:g-2\r\n"));
    assert_eq!(
        titles(&group(&world, "g-3").await.unwrap()),
        "",
        "a group without events is empty"
    );
    for unknown in ["g-4", "", "tosca"] {
        assert!(
            matches!(group(&world, unknown).await, Err(FeedError::Unknown)),
            "{unknown}"
        );
    }
}

#[tokio::test]
async fn a_renamed_group_renames_its_feed_and_keeps_its_events() {
    let upstream = Upstream::with([]);
    upstream.has(opera());
    let world = simple(&upstream);
    world.poll().await;
    let before = group(&world, "g-1").await.unwrap();
    let mut renamed = opera();
    renamed
        .groups
        .extend(groups(&[("g-1", GroupKind::Group, "Musical")]));
    upstream.has(renamed);
    world.hand.advance(TimeDelta::minutes(10));
    world.poll().await;
    let after = group(&world, "g-1").await.unwrap();
    assert!(body(&after).contains("\r\nX-WR-CALNAME:Musical\r\n"));
    assert_eq!(titles(&after), titles(&before));
    assert!(after.last_modified() > before.last_modified());
}

#[tokio::test]
async fn a_group_keeps_its_name_when_a_later_answer_tells_only_its_id() {
    let upstream = Upstream::with([]);
    upstream.has(opera());
    let world = simple(&upstream);
    world.poll().await;
    let mut february = in_group("norma", "g-1");
    february.when = days("2027-02-03", "2027-02-03");
    upstream.has(Batch {
        groups: groups(&[("g-1", GroupKind::Group, ""), ("g-5", GroupKind::Tag, "")]),
        ..batch([february])
    });
    let name = FeedName::Group(stage(), GroupId::new("g-1"));
    let window = Part::Window("2027-02".parse().unwrap());
    for read in ["the first", "the second"] {
        let document = world.of(name.clone(), window).await.unwrap();
        assert_eq!(titles(&document), "norma", "{read}");
        assert!(
            body(&document).contains("\r\nX-WR-CALNAME:Opera\\, late\r\n"),
            "{read}: {}",
            body(&document)
        );
        world.hand.advance(TimeDelta::seconds(2));
    }
    let (_, known) = world.feeds.public_groups().next().unwrap();
    assert!(
        known.contains_key(&GroupId::new("g-5")),
        "nameless but there"
    );
}

#[tokio::test]
async fn a_source_without_group_feeds_says_of_no_group_that_it_is_there_and_asks_nobody() {
    let upstream = Upstream::with([]);
    upstream.has(opera());
    let setting = Setting {
        group_feeds: GroupFeeds::Off,
        ..Setting::default()
    };
    let world = world([("stage", &upstream, setting)], horizon_feed());
    for name in ["g-1", "g-4"] {
        assert!(
            matches!(group(&world, name).await, Err(FeedError::Unknown)),
            "{name}"
        );
    }
    assert_eq!(upstream.asked().len(), 0);
    assert_eq!(world.feeds.public_groups().count(), 0);
}

#[tokio::test]
async fn a_feed_or_source_that_is_not_configured_is_unknown() {
    let world = simple(&Upstream::with([]));
    let nobody = FeedName::Configured("nobody".parse().unwrap());
    let elsewhere = FeedName::Group("elsewhere".parse().unwrap(), GroupId::new("g-1"));
    for name in [nobody, elsewhere] {
        let got = world.of(name.clone(), Part::Default).await;
        assert!(matches!(got, Err(FeedError::Unknown)), "{name}");
    }
}

#[tokio::test]
async fn one_event_is_found_under_its_uid_if_the_feed_shows_it() {
    let mut cancelled = event("off", days("2026-11-26", "2026-11-26"));
    cancelled.status = Some(Status::Cancelled);
    let upstream = Upstream::with([]);
    let mut all = opera();
    all.events.push(cancelled);
    all.events
        .push(event("feb", days("2027-02-03", "2027-02-03")));
    upstream.has(all);
    let season = Feed {
        groups: None,
        cancelled: Cancelled::Omit,
        ..horizon_feed()
    };
    let world = world([("stage", &upstream, Setting::default())], season);
    world.poll().await;
    let found = world.get(Part::Event(uid("tosca"))).await.unwrap();
    assert_eq!(titles(&found), "tosca");
    assert!(
        !body(&found).contains("X-WR-CALNAME") && !body(&found).contains("REFRESH"),
        "interop C5"
    );
    for (row, id) in [
        ("not shown by this feed", "off"),
        ("unheard of", "nobody"),
        ("in no month at hand", "feb"),
    ] {
        let got = world.get(Part::Event(uid(id))).await;
        assert!(matches!(got, Err(FeedError::Unknown)), "{row}");
    }
    world.window("2027-02").await.unwrap();
    let found = world.get(Part::Event(uid("feb"))).await.unwrap();
    assert_eq!(
        titles(&found),
        "feb",
        "once somebody has looked at its month"
    );
}

#[tokio::test]
async fn events_nobody_has_take_no_room() {
    let upstream = Upstream::with([
        event("nov", days("2026-11-25", "2026-11-25")),
        event("feb", days("2027-02-03", "2027-02-03")),
    ]);
    let world = simple(&upstream);
    world.poll().await;
    for number in 0..100 {
        let got = world.get(Part::Event(uid(&number.to_string()))).await;
        assert!(matches!(got, Err(FeedError::Unknown)), "{number}");
    }
    assert_eq!(world.feeds.documents.slots(), 0);
    world.window("2027-02").await.unwrap();
    for (id, slots) in [("nov", 2), ("feb", 3)] {
        let found = world.get(Part::Event(uid(id))).await.unwrap();
        assert_eq!(titles(&found), id);
        assert_eq!(world.feeds.documents.slots(), slots, "{id}");
    }
}

#[tokio::test]
async fn a_busy_feed_hides_in_the_download_what_it_hides_in_the_feed() {
    let mut secret = event("secret", days("2026-11-25", "2026-11-25"));
    secret.details = crate::domain::text::Text::new("secret");
    secret.places = vec![place("secret", "secret", "secret")];
    secret.groups = vec![GroupId::new("secret")];
    let upstream = Upstream::with([]);
    upstream.has(Batch {
        groups: groups(&[("secret", GroupKind::Tag, "secret")]),
        ..batch([secret])
    });
    let season = Feed {
        detail: Detail::Busy,
        ..horizon_feed()
    };
    let world = world([("stage", &upstream, Setting::default())], season);
    world.poll().await;
    for part in [Part::Default, Part::Event(uid("secret"))] {
        let document = world.get(part).await.unwrap();
        assert_eq!(titles(&document), "Busy", "{part:?}");
        assert!(!body(&document).contains("secret"), "{part:?}");
    }
}

#[tokio::test]
async fn times_are_those_of_the_zone_book_unless_the_feed_pins_one_zone() {
    let mut tokyo = event(
        "tokyo",
        timed("2026-11-25T10:00:00Z", "2026-11-25T11:00:00Z"),
    );
    tokyo.places = vec![place("hall", "Hall", "")];
    let berlin = event(
        "berlin",
        timed("2026-11-25T10:00:00Z", "2026-11-25T11:00:00Z"),
    );
    for (pinned, want) in [
        (
            None,
            [
                "DTSTART;TZID=Asia/Tokyo:20261125T190000",
                "DTSTART;TZID=Europe/Berlin:20261125T110000",
            ],
        ),
        (
            Some(Tz::America__New_York),
            [
                "DTSTART;TZID=America/New_York:20261125T050000",
                "DTSTART;TZID=America/New_York:20261125T050000",
            ],
        ),
        (
            Some(Tz::UTC),
            ["DTSTART:20261125T100000Z", "DTSTART:20261125T100000Z"],
        ),
    ] {
        let upstream = Upstream::with([tokyo.clone(), berlin.clone()]);
        let setting = Setting {
            book: Book::new(
                [("Hall".to_owned(), Tz::Asia__Tokyo)],
                [],
                Some(Tz::Europe__Berlin),
            ),
            ..Setting::default()
        };
        let world = world(
            [("stage", &upstream, setting)],
            Feed {
                pinned,
                ..horizon_feed()
            },
        );
        world.poll().await;
        let document = world.get(Part::Default).await.unwrap();
        let mut starts: Vec<&str> = body(&document)
            .lines()
            .filter(|line| line.starts_with("DTSTART") && line.contains("2026"))
            .collect();
        starts.sort_unstable();
        assert_eq!(starts, want, "{pinned:?}");
    }
}

#[tokio::test]
async fn a_window_beyond_the_years_that_calendars_know_is_refused() {
    let upstream = Upstream::with([]);
    let world = simple(&upstream);
    world.hand.advance(TimeDelta::days(365 * 70));
    let refused = world.window("next-10y").await;
    assert!(matches!(refused, Err(FeedError::Window(_))), "{refused:?}");
    assert_eq!(upstream.asked().len(), 0);
}
