//! Series through feeds: in windows near and far, alone, and as rules.

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use super::*;
use crate::domain::{
    feed::Recurring,
    series::{Length, Series, Wall},
    testing::{event, timed, uid},
};

/// Wednesdays at 18:00 in London from November 2026 on, for an hour.
fn class() -> Event {
    let series = Series::new(
        Wall::Zone(Tz::Europe__London),
        "2026-11-25T18:00:00".parse().unwrap(),
        Length::Exact(TimeDelta::hours(1)),
        &["FREQ=WEEKLY".to_owned()],
        Vec::new(),
        Vec::new(),
    );
    let first = timed("2026-11-25T18:00:00Z", "2026-11-25T19:00:00Z");
    let mut class = event("class", first);
    class.zone = Some(Tz::Europe__London);
    class.series = Some(Arc::new(series.unwrap()));
    class
}

pub(super) fn instance(start: &str) -> EventUid {
    let start: NaiveDateTime = start.parse().unwrap();
    EventUid::instance(uid("class"), start)
}

pub(super) fn world_of(recurring: Recurring) -> World {
    let upstream = Upstream::with([class()]);
    let season = Feed {
        recurring,
        ..horizon_feed()
    };
    world([("stage", &upstream, Setting::default())], season)
}

#[tokio::test]
async fn a_series_fills_each_window_of_its_feed_and_no_more() {
    let world = world_of(Recurring::Expand);
    world.poll().await;
    for (window, want) in [
        ("2026-11-25..2026-12-10", 3),
        ("2026-11-26..2026-12-01", 0),
        ("2026-12-30", 1),
    ] {
        let found = world.window(window).await.unwrap();
        assert_eq!(
            body(&found).matches("BEGIN:VEVENT").count(),
            want,
            "{window}"
        );
        assert!(!body(&found).contains("\r\nRRULE:FREQ=WEEKLY"), "{window}");
    }
    let all = world.window("all").await.unwrap();
    let count = body(&all).matches("BEGIN:VEVENT").count();
    assert!((1..60).contains(&count), "as long as the horizon: {count}");
}

#[tokio::test]
async fn one_instance_can_be_downloaded_and_only_if_there_is_one() {
    for recurring in [Recurring::Expand, Recurring::Keep] {
        let world = world_of(recurring);
        world.poll().await;
        let found = world
            .get(Part::Event(instance("2026-12-02T18:00:00")))
            .await;
        let found = found.unwrap();
        assert_eq!(titles(&found), "class", "{recurring:?}");
        assert!(body(&found).contains("T180000\r\n"), "{recurring:?}");
        assert!(!body(&found).contains("RRULE:FREQ=WEEKLY"), "{recurring:?}");
        for (row, uid) in [
            ("not on that day", instance("2026-12-03T18:00:00")),
            ("beyond the horizon", instance("2040-01-04T18:00:00")),
            ("unheard of", uid("nobody")),
        ] {
            let got = world.get(Part::Event(uid)).await;
            assert!(
                matches!(got, Err(FeedError::Unknown)),
                "{recurring:?} {row}"
            );
        }
        let whole = world.get(Part::Event(uid("class"))).await;
        assert_eq!(whole.is_ok(), recurring == Recurring::Keep, "{recurring:?}");
    }
}

#[tokio::test]
async fn a_feed_that_keeps_series_writes_one_rule() {
    let world = world_of(Recurring::Keep);
    world.poll().await;
    let found = world.window("2026-12-01..2026-12-31").await.unwrap();
    assert_eq!(titles(&found), "class");
    assert!(body(&found).contains("DTSTART;TZID=Europe/London:20261125T180000\r\n"));
    assert!(
        body(&found).contains("RRULE:FREQ=WEEKLY;UNTIL=20280126T180000Z\r\n"),
        "{}",
        body(&found)
    );
}
