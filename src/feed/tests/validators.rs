//! `ETag` and `Last-Modified` move exactly when bytes do (interop H5, H8, W3).

use proptest::prelude::*;

use super::*;
use crate::domain::{
    testing::{days, event, timed},
    text::Line,
};

/// What happens before the next readers come.
#[derive(Debug, Clone)]
enum Step {
    /// The upstream has these: ids with a day of November and a version.
    Has(Vec<(u8, u32, u8)>),
    Fails,
    /// The clock moves by so many minutes.
    Minutes(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let events = prop::collection::vec((0_u8..5, 18_u32..28, 0_u8..2), 0..5);
    let step = prop_oneof![
        3 => events.prop_map(Step::Has),
        1 => Just(Step::Fails),
        2 => (0_i64..2_000).prop_map(Step::Minutes),
        1 => (-600_i64..0).prop_map(Step::Minutes),
    ];
    prop::collection::vec(step, 1..14)
}

fn program(list: &[(u8, u32, u8)]) -> Batch {
    batch(list.iter().map(|(id, day, version)| {
        let date = format!("2026-11-{day}");
        let when = if id % 2 == 0 {
            days(&date, &date)
        } else {
            timed(&format!("{date}T22:30:00Z"), &format!("{date}T23:30:00Z"))
        };
        let mut event = event(&id.to_string(), when);
        event.title = Line::new(&format!("{id} version {version}"));
        event
    }))
}

proptest! {
    // Documents are compressed, which is slow without optimisation.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn validators_move_exactly_when_bytes_do(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let moved: Result<(), TestCaseError> = runtime.block_on(async {
            let upstream = Upstream::with([]);
            let world = simple(&upstream);
            world.poll().await;
            let parts = ["today", "past-2d..next-2d", "2026-11-22..2026-11-24", "all"];
            let mut before: BTreeMap<&str, Arc<Document>> = BTreeMap::new();
            for step in &steps {
                match step {
                    Step::Has(list) => upstream.has(program(list)),
                    Step::Fails => upstream.fails(),
                    Step::Minutes(minutes) => world.hand.advance(TimeDelta::minutes(*minutes)),
                }
                world.poll().await;
                for part in parts {
                    let is = world.window(part).await.unwrap();
                    prop_assert!(Arc::ptr_eq(&is, &world.window(part).await.unwrap()), "rendered once");
                    if let Some(was) = before.insert(part, Arc::clone(&is)) {
                        let same = was.identity().body() == is.identity().body();
                        let tags = |document: &Document| document.forms().map(|form| form.etag().clone()).collect::<Vec<_>>();
                        prop_assert_eq!(tags(&was) == tags(&is), same, "{}", part);
                        if same {
                            prop_assert_eq!(was.last_modified(), is.last_modified(), "{}", part);
                        } else {
                            prop_assert!(was.last_modified() < is.last_modified(), "{part}");
                        }
                    }
                }
            }
            Ok(())
        });
        moved?;
    }
}

#[tokio::test]
async fn a_rolling_window_moves_at_the_local_midnight_of_the_feed_and_at_no_other_time() {
    for (zone, midnight) in [
        (Tz::America__New_York, "2026-11-23T05:00:00Z"),
        (Tz::Asia__Tokyo, "2026-11-22T15:00:00Z"),
        (Tz::Pacific__Kiritimati, "2026-11-23T10:00:00Z"),
        (Tz::Asia__Kathmandu, "2026-11-22T18:15:00Z"),
    ] {
        let upstream = Upstream::with((20..27).map(|day| {
            let date = format!("2026-11-{day}");
            event(&day.to_string(), days(&date, &date))
        }));
        // The source keeps its own days; the feed's are what counts.
        let world = world(
            [("stage", &upstream, Setting::default())],
            Feed {
                zone,
                ..horizon_feed()
            },
        );
        world.poll().await;
        let today = world.window("today").await.unwrap();
        let midnight = at(midnight);
        world
            .hand
            .advance(midnight - at(NOON) - TimeDelta::seconds(1));
        world.poll().await;
        assert!(
            Arc::ptr_eq(&today, &world.window("today").await.unwrap()),
            "{zone}: a second before"
        );
        world.hand.advance(TimeDelta::seconds(1));
        let tomorrow = world.window("today").await.unwrap();
        let days: Vec<i32> = [&today, &tomorrow]
            .map(|document| titles(document).parse().unwrap())
            .into();
        assert_eq!(days[1], days[0] + 1, "{zone}");
        assert_eq!(
            tomorrow.last_modified(),
            midnight,
            "{zone}: when it changed, not when it was read"
        );
        world.hand.advance(TimeDelta::hours(23));
        assert!(
            Arc::ptr_eq(&tomorrow, &world.window("today").await.unwrap()),
            "{zone}: an hour before the next"
        );
    }
}

#[tokio::test]
async fn last_modified_is_when_the_content_changed_however_late_it_is_read() {
    let upstream = Upstream::with([event("a", days("2026-11-23", "2026-11-23"))]);
    let world = simple(&upstream);
    world.poll().await;
    let first = world.window("2026-11").await.unwrap();
    assert_eq!(first.last_modified(), at(NOON));
    world.hand.advance(TimeDelta::minutes(10));
    upstream.has(batch([
        event("b", days("2026-11-23", "2026-11-23")),
        event("a", days("2026-11-23", "2026-11-23")),
    ]));
    world.poll().await;
    world.hand.advance(TimeDelta::hours(3));
    world.poll().await;
    let second = world.window("2026-11").await.unwrap();
    assert_eq!(second.last_modified(), at("2026-11-22T12:10:00Z"));
}

#[tokio::test]
async fn an_upstream_that_fails_or_loses_everything_changes_no_byte() {
    let upstream = Upstream::with([event("a", days("2026-11-23", "2026-11-23"))]);
    let world = simple(&upstream);
    world.poll().await;
    let before = world.get(Part::Default).await.unwrap();
    upstream.fails();
    world.poll().await;
    assert!(
        Arc::ptr_eq(&before, &world.get(Part::Default).await.unwrap()),
        "down"
    );
    upstream.has(batch([]));
    for hours in [0, 1, 22] {
        world.hand.advance(TimeDelta::hours(hours));
        world.poll().await;
        assert_eq!(
            titles(&world.window("2026-11").await.unwrap()),
            "a",
            "empty for {hours} hours more"
        );
    }
    world.hand.advance(TimeDelta::hours(1));
    world.poll().await;
    assert_eq!(
        titles(&world.window("2026-11").await.unwrap()),
        "",
        "empty for a day"
    );
}
