use std::net::{Ipv4Addr, SocketAddr};

use proptest::prelude::*;

use super::{super::Kind, *};
use crate::clock::Clock;
use crate::sandbox::season::{Event, Span};

proptest! {
    #[test]
    fn any_text_comes_back_from_an_entry(key in any::<String>(), value in any::<String>()) {
        let line = entry(&key, &value);
        prop_assert!(line.ends_with('\n'));
        let read: Table = line.parse().unwrap();
        prop_assert_eq!(read, Table::from_iter([(key, Value::from(value))]));
    }
}

#[tokio::test]
async fn every_kind_has_a_source_and_a_feed_of_its_own() {
    let season = Season::touring(day("2026-11-22"));
    let (clock, _) = Clock::movable("2026-11-22T10:00:00Z".parse().unwrap());
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let doubles = Doubles::start(&Kind::ALL, &season, free, &clock)
        .await
        .unwrap();
    let page = Page::new(&season, day("2026-11-22"));
    let parts: Vec<_> = doubles
        .all()
        .iter()
        .map(|double| page.part(double))
        .collect();
    let config: Table = whole("", &[], &parts).parse().unwrap();
    for (source, kind, keys) in [
        (
            "stage",
            "prospero",
            &["base_url", "email", "password", "status"][..],
        ),
        ("announced", "add-to-calendar-pro", &["base_url", "key"]),
        ("linked", "ics", &["url"]),
        (
            "desk",
            "prospectconnect",
            &["base_url", "token", "version", "resources"],
        ),
        (
            "endowment",
            "prosper",
            &[
                "base_url",
                "listings_base_url",
                "client_id",
                "client_secret",
                "username",
                "password",
                "records",
            ],
        ),
    ] {
        let table = config["sources"][source].as_table().unwrap();
        assert_eq!(table["kind"].as_str(), Some(kind), "{source}");
        for key in keys.iter().chain(&["zone", "horizon", "group_feeds"]) {
            assert!(table.contains_key(*key), "{source}: {key}");
        }
        let mut feeds = config["feeds"].as_table().unwrap().values();
        assert!(
            feeds.any(|feed| feed["sources"][0].as_str() == Some(source)),
            "{source}"
        );
    }
    doubles.stop().await;
}

#[test]
fn windows_roll_over_a_live_season_and_stand_over_a_past_one() {
    for (first, last, want) in [
        ("2026-11-01", "2026-11-30", "past-60d..next-400d"),
        ("2004-09-15", "2027-12-26", "past-60d..next-400d"),
        ("2004-09-15", "2011-06-30", "2004-09-14..2011-07-01"),
        ("1911-01-01", "2011-06-30", "2001-08-01..2011-07-01"),
        ("2030-02-01", "2030-02-28", "2030-01-31..2030-03-01"),
    ] {
        let events = [first, last].map(|text| {
            let (first, last) = (day(text), day(text));
            Event::bare(text, Span::Days { first, last })
        });
        let season = Season {
            events: events.into(),
            ..Season::touring(day("2026-11-22"))
        };
        assert_eq!(
            window(&season, day("2026-11-22")),
            want,
            "{first} to {last}"
        );
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
