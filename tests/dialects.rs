//! What the documentation of Prospero leaves open makes no difference to readers.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::sync::Arc;

use calbridge::{
    cli::sandbox::config_text,
    sandbox::{
        prospero::{Dialect, Prospero, Route, Settings},
        season::Season,
    },
};

use support::{
    bridge::{self, Bridge},
    reader::Answer,
    upstream::{at, settings},
};

/// Half a year of the fictional season, both DST changes of Europe and America in it, and every oddity there is.
const WINDOW: &str = "/feeds/2024-09-01..2025-04-30/season.ics";

async fn feed_in(dialect: Dialect) -> Answer {
    let mut season = Season::touring(at("2025-01-15T00:00:00Z").date_naive());
    // Of an event without stamps the time it was first seen is published, which differs between two runs.
    for event in &mut season.events {
        event.created.get_or_insert(at("2024-05-06T07:08:09Z"));
        event.updated.get_or_insert(at("2024-06-07T08:09:10Z"));
    }
    let settings = Settings {
        dialect,
        ..settings()
    };
    let today = at("2025-01-15T00:00:00Z").date_naive();
    let upstream = Prospero::start(season.clone(), settings.clone())
        .await
        .unwrap();
    let config = config_text(&upstream.url(), &season, &settings, today)
        .replace("127.0.0.1:8080\"\npublic", "127.0.0.1:0\"\npublic")
        .replace(
            "horizon = \"past-60d..next-400d\"",
            "horizon = \"2025-01-01..2025-01-31\"",
        );
    let bridge = Bridge::start(&Arc::clone(&bridge::folder(&config)), &["serve"], &[]).await;
    let answer = bridge
        .reader()
        .get_until(WINDOW, "is there", |answer| answer.status == 200)
        .await;
    assert_eq!(upstream.violations(), [], "{dialect:?}");
    assert!(upstream.calls(Route::Events) > 1, "{dialect:?}");
    answer
}

#[tokio::test]
async fn both_readings_of_the_documentation_make_the_same_bytes() {
    let (primary, aliases) = tokio::join!(feed_in(Dialect::Primary), feed_in(Dialect::Aliases));
    let events = primary.values("UID").len();
    assert!(events > 80, "{events}");
    let (left, right) = (primary.text(), aliases.text());
    let first = left.lines().zip(right.lines()).find(|(a, b)| a != b);
    assert_eq!(first, None, "the first line that differs");
    assert_eq!(left, right);
    assert_eq!(primary.header("etag"), aliases.header("etag"));
}
