//! Calls of webhooks, and what polls find out about them.

use super::{merged::day, *};
use crate::{
    domain::{
        hook::{Calls, Hearing},
        text::Line,
    },
    testing::Log,
};

/// An upstream that has had so many versions of its one event.
fn version(number: u32) -> Batch {
    let mut event = day("nov", "2026-11-25");
    event.title = Line::new(&format!("version {number}"));
    batch([event])
}

impl World {
    /// The upstream changes, and a poll finds out.
    async fn changes(&self, upstream: &Upstream, number: u32) {
        upstream.has(version(number));
        self.poll().await;
    }

    fn calls(&self) -> Calls {
        let (_, units) = self.feeds.sources().next().unwrap();
        units.hook_calls().unwrap()
    }
}

#[tokio::test]
async fn a_webhook_gone_quiet_is_told_once_and_so_is_its_recovery() {
    let log = Log::default();
    let _captured = log.capture();
    let upstream = Upstream::with([]);
    let world = simple(&upstream);
    world.changes(&upstream, 0).await;
    assert_eq!(world.calls().hearing(), Hearing::Waiting);
    assert!(world.feeds.hooked("stage", HOOK));
    world.changes(&upstream, 1).await;
    assert_eq!(world.calls().hearing(), Hearing::Working);
    for number in 2..9 {
        world.changes(&upstream, number).await;
    }
    assert_eq!(world.calls().hearing(), Hearing::Quiet);
    for _ in 0..3 {
        assert!(world.feeds.hooked("stage", HOOK));
    }
    assert_eq!(world.calls().hearing(), Hearing::Working);
    let log = log.text();
    assert_eq!(
        log.matches("the webhook did not tell of").count(),
        1,
        "{log}"
    );
    assert_eq!(
        log.matches("the webhook is called again").count(),
        1,
        "{log}"
    );
    assert!(!log.contains(HOOK), "{log}");
}

#[tokio::test]
async fn events_that_come_and_go_with_the_days_of_the_horizon_do_not_make_a_webhook_quiet() {
    let dates = [
        "2026-12-12",
        "2026-12-13",
        "2026-12-14",
        "2026-12-15",
        "2026-12-16",
    ];
    let upstream = Upstream::with(dates.map(|date| day(date, date)));
    let world = simple(&upstream);
    for _ in 0..5 {
        world.poll().await;
        world.hand.advance(TimeDelta::days(1));
    }
    assert_eq!(world.calls(), Calls::default());
}

#[tokio::test]
async fn only_the_secret_of_a_source_is_taken_for_a_call_of_its_webhook() {
    let upstream = Upstream::with([]);
    let world = simple(&upstream);
    for (source, secret) in [
        ("stage", "correct-horse-batterx"),
        ("stage", ""),
        ("pit", HOOK),
        ("no source at all", HOOK),
    ] {
        assert!(!world.feeds.hooked(source, secret), "{source} {secret}");
    }
    assert_eq!(world.calls().count, 0);
    assert!(world.feeds.hooked("stage", HOOK));
    assert_eq!(world.calls().count, 1);
}
