//! Feeds that are called like something else in addresses.

use std::{collections::BTreeSet, path::Path};

use calbridge::{config::Config, domain::id::FeedId};
use reqwest::StatusCode;

use crate::support::{
    server::Served,
    upstream::{FEED, PASSWORD, Wiring, evenings, start},
};

/// The fixed words in the addresses that the README lists.
fn words_of_addresses() -> BTreeSet<&'static str> {
    let routes = include_str!("../../README.md").lines();
    let routes = routes.filter_map(|line| line.strip_prefix("| `/")?.split_once(" |"));
    let segments = routes.flat_map(|(addresses, _)| addresses.split(['/', '`', '?', ' ', ',']));
    let is_word = |segment: &&str| {
        let mut letters = segment.bytes();
        !segment.is_empty() && letters.all(|letter| letter.is_ascii_lowercase())
    };
    segments.filter(is_word).collect()
}

#[tokio::test]
async fn a_feed_called_like_a_word_in_addresses_is_found_at_all_of_its_own_or_refused() {
    let words = words_of_addresses();
    for known in ["feeds", "groups", "embed", "hooks", "s", "events"] {
        assert!(words.contains(known), "{known}: {words:?}");
    }
    let table =
        |word: &str| format!("[feeds.{word}]\nsources = [\"stage\"]\ntitle = \"Of {word}\"\n");
    let upstream = start(evenings()).await;
    let (taken, free): (Vec<&str>, Vec<&str>) = words
        .into_iter()
        .partition(|word| FeedId::TAKEN.contains(word));
    assert_eq!(taken, FeedId::TAKEN);
    for word in taken {
        let more = table(word);
        let text = Wiring {
            more,
            ..Wiring::default()
        }
        .text(&upstream);
        let password = |_: &str| Some(PASSWORD.to_owned());
        let refused = Config::parse(&text, "test", Path::new("."), &password).unwrap_err();
        let why = format!("feeds.{word}: no feed can be called `{word}`");
        assert!(refused.to_string().contains(&why), "{refused}");
    }
    let wiring = Wiring {
        more: free.iter().map(|word| table(word)).collect(),
        ..Wiring::default()
    };
    let served = Served::wired(upstream, &wiring).await;
    let uid = served.reader.get(FEED).await.values("UID")[0].clone();
    for word in free {
        for path in [
            format!("/feeds/{word}"),
            format!("/feeds/{word}.ics"),
            format!("/feeds/{word}.json"),
            format!("/feeds/2030-11/{word}"),
            format!("/feeds/2030-11/{word}.ics"),
            format!("/events/{word}/{uid}"),
            format!("/events/{word}/{uid}.ics"),
            format!("/download/{word}.ics"),
            format!("/download/2030-11/{word}.ics"),
            format!("/embed/{word}"),
            format!("/embed/{word}/month"),
            format!("/embed/{word}/month/2030-11"),
            format!("/fragment/{word}/list/2030-11"),
        ] {
            let found = served.reader.get(&path).await;
            assert_eq!(found.status, StatusCode::OK, "{path}");
        }
        let calendar = served.reader.get(&format!("/feeds/{word}.ics")).await;
        let name = format!("X-WR-CALNAME:Of {word}\r\n");
        assert!(calendar.text().contains(&name), "{word}");
    }
}
