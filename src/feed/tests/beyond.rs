//! Windows outside the horizon, which is 12 November to 11 December here, and the memory of failures.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Days;

use super::*;
use crate::domain::{
    batch::Withheld,
    history,
    testing::{days, event, uid},
};

fn day(id: &str, date: &str) -> Event {
    event(id, days(date, date))
}

#[tokio::test]
async fn a_window_is_made_of_the_horizon_and_of_the_months_it_does_not_cover() {
    let upstream = Upstream::with([
        day("nov", "2026-11-20"),
        day("both", "2026-12-05"),
        event("edge", days("2026-12-10", "2026-12-14")),
        day("dec", "2026-12-24"),
        day("feb", "2027-02-03"),
    ]);
    for (window, asked, shown) in [
        ("2026-11-12..2026-12-11", &["horizon"][..], "nov both edge"),
        ("2026-12", &["horizon", "2026-12"], "both edge dec"),
        ("2026-11-01..2026-11-20", &["horizon", "2026-11"], "nov"),
        (
            "2026-12-12..2026-12-31",
            &["horizon", "2026-12"],
            "edge dec",
        ),
        ("2027-02", &["horizon", "2027-02"], "feb"),
        (
            "2026-11-20..2027-02-10",
            &["horizon", "2026-12", "2027-01", "2027-02"],
            "nov both edge dec feb",
        ),
        ("all", &["horizon"], "nov both edge"),
    ] {
        let world = simple(&upstream);
        upstream.asked.lock().unwrap().clear();
        world.poll().await;
        let document = world.window(window).await.unwrap();
        assert_eq!(titles(&document), shown, "{window}: each event once");
        let mut found = upstream.asked();
        found[1..].sort();
        assert_eq!(found, asked, "{window}");
        world.window(window).await.unwrap();
        assert_eq!(upstream.asked().len(), asked.len(), "{window}: kept");
    }
}

#[tokio::test]
async fn a_source_that_is_read_whole_is_read_once_for_every_window() {
    let upstream = Upstream::whole([day("nov", "2026-11-20"), day("feb", "2027-02-03")]);
    let world = simple(&upstream);
    world.poll().await;
    for (window, shown) in [("2026-11", "nov"), ("2027-02", "feb"), ("2030", "")] {
        let document = world.window(window).await.unwrap();
        assert_eq!(titles(&document), shown, "{window}");
    }
    assert_eq!(upstream.asked(), ["whole"]);
}

#[tokio::test]
async fn months_that_the_horizon_does_not_touch_do_not_wait_for_it() {
    let upstream = Upstream::with([day("feb", "2027-02-03")]);
    let world = simple(&upstream);
    assert_eq!(titles(&world.window("2027-02").await.unwrap()), "feb");
    assert_eq!(upstream.asked(), ["2027-02"]);
}

#[tokio::test]
async fn an_event_that_was_cancelled_in_the_horizon_does_not_come_back_from_an_older_month() {
    let upstream = Upstream::with([day("gala", "2026-12-05")]);
    let season = Feed {
        cancelled: crate::domain::feed::Cancelled::Omit,
        ..horizon_feed()
    };
    let world = world([("stage", &upstream, Setting::default())], season);
    world.poll().await;
    assert_eq!(titles(&world.window("2026-12").await.unwrap()), "gala");
    let mut cancelled = day("gala", "2026-12-05");
    cancelled.status = Some(crate::domain::event::Status::Cancelled);
    upstream.has(batch([cancelled]));
    world.poll().await;
    assert_eq!(titles(&world.window("2026-12").await.unwrap()), "");
    assert_eq!(upstream.asked(), ["horizon", "2026-12", "horizon"]);
}

#[tokio::test]
async fn an_event_that_the_horizon_finds_hidden_does_not_live_on_in_an_older_month() {
    let upstream = Upstream::with([day("gala", "2026-12-05"), day("dec", "2026-12-24")]);
    let world = simple(&upstream);
    world.poll().await;
    let december = || world.window("2026-12");
    assert_eq!(titles(&december().await.unwrap()), "gala dec");
    upstream.has(Batch {
        withheld: Withheld {
            events: [(uid("gala"), "it is a draft")].into(),
            ..Withheld::default()
        },
        ..batch([day("dec", "2026-12-24")])
    });
    world.poll().await;
    // Nobody reads that month anew for this answer.
    upstream.close();
    assert_eq!(titles(&december().await.unwrap()), "dec");
}

#[tokio::test]
async fn a_month_that_was_asked_for_before_the_horizon_found_an_event_hidden_does_not_bring_it_back()
 {
    let upstream = Upstream::with([day("gala", "2026-12-05"), day("dec", "2026-12-24")]);
    let world = Arc::new(simple(&upstream));
    world.poll().await;
    upstream.close();
    let reader = Arc::clone(&world);
    let reader = tokio::spawn(async move { reader.window("2026-12").await });
    until(|| async { upstream.asked() }, |asked| asked.len() == 2).await;
    let (_, units) = world.feeds.sources().next().unwrap();
    let hidden = Batch {
        withheld: Withheld {
            events: [(uid("dec"), "it is a draft")].into(),
            ..Withheld::default()
        },
        ..Batch::default()
    };
    units.beyond.word.lock().await.replace(0, &hidden);
    upstream.open();
    assert_eq!(titles(&reader.await.unwrap().unwrap()), "gala");
    assert_eq!(titles(&world.window("2026-12").await.unwrap()), "gala");
}

/// What is left of December once the gala is hidden.
fn without_gala() -> Batch {
    Batch {
        withheld: Withheld {
            events: [(uid("gala"), "it is a draft")].into(),
            ..Withheld::default()
        },
        ..batch([day("dec", "2026-12-24")])
    }
}

#[tokio::test]
async fn an_event_that_only_a_month_finds_hidden_goes_from_the_horizon_and_other_months_at_once() {
    let long = event("gala", days("2026-12-05", "2027-01-03"));
    let upstream = Upstream::with([long, day("dec", "2026-12-24")]);
    let world = simple(&upstream);
    world.poll().await;
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "gala");
    assert_eq!(titles(&world.window("2027-01").await.unwrap()), "gala");
    upstream.has(without_gala());
    assert_eq!(titles(&world.window("2026-12").await.unwrap()), "dec");
    // Nothing more has to be read for these answers.
    upstream.close();
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "");
    assert_eq!(titles(&world.window("2027-01").await.unwrap()), "");
    assert_eq!(upstream.asked()[..3], ["horizon", "2027-01", "2026-12"]);
}

#[tokio::test]
async fn a_poll_that_was_on_its_way_when_a_month_found_an_event_hidden_does_not_bring_it_back() {
    let upstream = Upstream::with([day("gala", "2026-12-05"), day("dec", "2026-12-24")]);
    let world = Arc::new(simple(&upstream));
    world.poll().await;
    upstream.close();
    let poller = Arc::clone(&world);
    let poll = tokio::spawn(async move { poller.poll().await });
    until(|| async { upstream.asked() }, |asked| asked.len() == 2).await;
    let (_, units) = world.feeds.sources().next().unwrap();
    units.beyond.word.lock().await.add(0, &without_gala());
    upstream.open();
    poll.await.unwrap();
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "");
    // The next one knows more than the month did.
    world.poll().await;
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "gala");
}

#[tokio::test]
async fn an_event_that_a_poll_of_other_days_finds_hidden_is_not_shown_by_who_waits_for_a_month() {
    let upstream = Upstream::with([day("gala", "2026-12-05"), day("dec", "2026-12-24")]);
    let world = Arc::new(simple(&upstream));
    world.poll().await;
    upstream.close();
    let reader = Arc::clone(&world);
    let reader = tokio::spawn(async move { reader.window("2026-12").await });
    until(|| async { upstream.asked() }, |asked| asked.len() == 2).await;
    world.hand.advance(TimeDelta::days(1));
    let (_, units) = world.feeds.sources().next().unwrap();
    let (before, now) = (units.standing().snapshot.unwrap(), units.clock.now());
    let rest = history::without(&before, &without_gala().withheld, now).unwrap();
    let tomorrow = units.horizon_days().unwrap();
    units.horizon.succeeded(Arc::new(rest), tomorrow, now);
    units.beyond.word.lock().await.replace(0, &without_gala());
    upstream.open();
    assert_eq!(titles(&reader.await.unwrap().unwrap()), "dec");
}

#[tokio::test]
async fn a_source_that_is_taken_over_asks_for_no_month_and_keeps_none() {
    let upstream = Upstream::with([day("feb", "2027-02-03"), day("mar", "2027-03-03")]);
    let world = Arc::new(simple(&upstream));
    let (_, units) = world.feeds.sources().next().unwrap();
    upstream.close();
    let reader = Arc::clone(&world);
    let reader = tokio::spawn(async move { reader.window("2027-02").await.map(|_| ()) });
    let asked = || async { upstream.asked() };
    until(asked, |asked| asked.len() == 1).await;
    units.end().await;
    upstream.open();
    assert!(matches!(
        reader.await.unwrap(),
        Err(FeedError::Missing { .. })
    ));
    assert!(matches!(
        world.window("2027-03").await,
        Err(FeedError::Missing { .. })
    ));
    assert_eq!(upstream.asked(), ["2027-02"], "nothing more is asked");
    let whole = DateSpan::through("2026-11-22".parse().unwrap(), "2026-11-22".parse().unwrap());
    assert!(
        units
            .beyond
            .at_hand_outside(whole.unwrap())
            .next()
            .is_none()
    );
}

#[tokio::test]
async fn a_month_is_fetched_once_however_many_ask_for_it_at_once() {
    let upstream = Upstream::with([day("feb", "2027-02-03")]);
    let world = Arc::new(simple(&upstream));
    upstream.close();
    let begun = Arc::new(AtomicUsize::new(0));
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        let (world, begun) = (Arc::clone(&world), Arc::clone(&begun));
        readers.spawn(async move {
            begun.fetch_add(1, Ordering::Relaxed);
            world
                .window("2027-02")
                .await
                .map(|document| titles(&document))
        });
    }
    until(
        || async { begun.load(Ordering::Relaxed) },
        |begun| *begun == 1_000,
    )
    .await;
    // All of them stand at the gate by now: there is one thread, and it had nothing else to do.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    upstream.open();
    for shown in readers.join_all().await {
        assert_eq!(shown.unwrap(), "feb");
    }
    assert_eq!(upstream.asked(), ["2027-02"]);
}

#[tokio::test]
async fn a_reader_who_hangs_up_does_not_end_the_load_for_the_others() {
    let upstream = Upstream::with([day("feb", "2027-02-03")]);
    let world = Arc::new(simple(&upstream));
    upstream.close();
    let first = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.window("2027-02").await.is_ok() }
    });
    until(|| async { upstream.asked().len() }, |asked| *asked == 1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let second = tokio::spawn({
        let world = Arc::clone(&world);
        async move { titles(&world.window("2027-02").await.unwrap()) }
    });
    tokio::task::yield_now().await;
    upstream.open();
    assert_eq!(second.await.unwrap(), "feb");
    assert_eq!(upstream.asked(), ["2027-02"]);
}

#[tokio::test]
async fn an_old_copy_of_a_month_is_served_while_a_newer_one_is_on_its_way() {
    let upstream = Upstream::with([day("old", "2027-02-03")]);
    let setting = Setting {
        interval: Duration::from_millis(1),
        ..Setting::default()
    };
    let world = world([("stage", &upstream, setting)], horizon_feed());
    assert_eq!(titles(&world.window("2027-02").await.unwrap()), "old");
    upstream.close();
    upstream.has(batch([day("old", "2027-02-03"), day("new", "2027-02-04")]));
    let read = || async { titles(&world.window("2027-02").await.unwrap()) };
    // The first reader after its time sets off the second load; none of them waits for it.
    let shown = until(read, |_| upstream.asked().len() == 2).await;
    assert_eq!(shown, "old");
    assert_eq!(read().await, "old");
    upstream.open();
    until(read, |shown| shown == "old new").await;
}

#[tokio::test]
async fn a_month_that_fails_is_asked_for_again_after_thirty_seconds_and_then_ever_more_rarely() {
    for trouble in [Trouble::Nonsense, Trouble::Bug] {
        let upstream = Upstream::with([day("feb", "2027-02-03")]);
        upstream.has_trouble(trouble);
        let world = simple(&upstream);
        for (seconds, asked) in [(0, 1), (29, 1), (1, 2), (59, 2), (1, 3), (119, 3)] {
            world.hand.advance(TimeDelta::seconds(seconds));
            let failed = world.window("2027-02").await.unwrap_err();
            assert!(
                matches!(&failed, FeedError::Missing { source_id, why: Missing::Failed(_) } if source_id.as_str() == "stage"),
                "{trouble:?}: {failed}"
            );
            let row = format!("{trouble:?}, {seconds} s later");
            assert_eq!(upstream.asked().len(), asked, "{row}");
        }
        upstream.has(batch([day("feb", "2027-02-03")]));
        world.hand.advance(TimeDelta::seconds(1));
        let after = world.window("2027-02").await.unwrap();
        assert_eq!(titles(&after), "feb", "{trouble:?}");
    }
}

#[tokio::test]
async fn a_source_that_never_delivered_is_asked_again_by_a_reader_after_thirty_seconds() {
    let upstream = Upstream::with([day("nov", "2026-11-25")]);
    upstream.fails();
    let setting = Setting {
        interval: Duration::from_hours(1),
        ..Setting::default()
    };
    let world = world([("stage", &upstream, setting)], horizon_feed());
    let stop = CancellationToken::new();
    let refresh = tokio::spawn({
        let (feeds, stop) = (Arc::clone(&world.feeds), stop.clone());
        async move { feeds.refresh(&stop).await }
    });
    assert!(world.get(Part::Default).await.is_err(), "the first attempt");
    world.hand.advance(TimeDelta::seconds(29));
    assert!(world.get(Part::Default).await.is_err());
    assert_eq!(upstream.asked().len(), 1, "remembered");
    world.hand.advance(TimeDelta::seconds(1));
    assert!(
        world.get(Part::Default).await.is_err(),
        "the second attempt failed as well"
    );
    assert_eq!(upstream.asked().len(), 2);
    upstream.has(batch([day("nov", "2026-11-25")]));
    world.hand.advance(TimeDelta::seconds(59));
    assert!(world.get(Part::Default).await.is_err(), "remembered longer");
    assert_eq!(upstream.asked().len(), 2);
    world.hand.advance(TimeDelta::seconds(1));
    assert_eq!(titles(&world.get(Part::Default).await.unwrap()), "nov");
    assert_eq!(upstream.asked().len(), 3);
    stop.cancel();
    refresh.await.unwrap();
}

#[tokio::test]
async fn readers_of_many_months_try_refused_credentials_no_more_often_than_polls_do() {
    let upstream = Upstream::with([]);
    upstream.has_trouble(Trouble::Refusal);
    let world = Arc::new(simple(&upstream));
    for (minutes, asked) in [(0, 1), (9, 1), (1, 2), (39, 2), (1, 3), (59, 3), (1, 4)] {
        world.hand.advance(TimeDelta::minutes(minutes));
        for window in ["2028", "2029-03", "2030-01-01..2031-12-31"] {
            let failed = world.window(window).await.unwrap_err();
            assert!(
                matches!(
                    &failed,
                    FeedError::Missing {
                        why: Missing::Failed(_),
                        ..
                    }
                ),
                "{window}: {failed}"
            );
        }
        assert_eq!(upstream.asked().len(), asked, "{minutes} min later");
    }
    upstream.has(batch([day("a", "2026-11-25")]));
    world.poll().await;
    let another = world.window("2033-05").await;
    assert!(
        another.is_ok(),
        "a poll that is let in lets months in: {another:?}"
    );
}

#[tokio::test]
async fn no_month_is_asked_for_while_polls_are_refused_or_told_to_rest() {
    for (trouble, rest) in [
        (Trouble::Refusal, TimeDelta::minutes(10)),
        (
            Trouble::Overload(Duration::from_secs(50)),
            TimeDelta::seconds(50),
        ),
    ] {
        let upstream = Upstream::with([]);
        upstream.has_trouble(trouble);
        let world = simple(&upstream);
        world.poll().await;
        upstream.has(batch([day("feb", "2027-02-03")]));
        world.hand.advance(rest - TimeDelta::seconds(1));
        assert!(world.window("2027-02").await.is_err(), "{trouble:?}");
        assert_eq!(upstream.asked(), ["horizon"], "{trouble:?}");
        world.hand.advance(TimeDelta::seconds(1));
        let after = world.window("2027-02").await.unwrap();
        assert_eq!(titles(&after), "feb", "{trouble:?}");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_prolong_a_failure() {
    let upstream = Upstream::with([]);
    upstream.fails();
    let world = simple(&upstream);
    assert!(world.window("2027-02").await.is_err());
    upstream.has(batch([day("feb", "2027-02-03")]));
    world.hand.advance(TimeDelta::hours(-5));
    assert_eq!(titles(&world.window("2027-02").await.unwrap()), "feb");
}

#[tokio::test]
async fn a_month_whose_upstream_asked_for_a_longer_rest_gets_it() {
    let upstream = Upstream::with([]);
    upstream.has_trouble(Trouble::Overload(Duration::from_secs(50)));
    let world = simple(&upstream);
    for (seconds, asked) in [(0, 1), (30, 1), (19, 1), (1, 2), (59, 2)] {
        world.hand.advance(TimeDelta::seconds(seconds));
        assert!(world.window("2027-02").await.is_err());
        assert_eq!(upstream.asked().len(), asked, "{seconds} s later");
    }
    upstream.has_trouble(Trouble::Overload(Duration::from_secs(5)));
    world.hand.advance(TimeDelta::seconds(1));
    for (seconds, asked) in [(0, 3), (119, 3), (1, 4)] {
        world.hand.advance(TimeDelta::seconds(seconds));
        assert!(world.window("2027-02").await.is_err());
        assert_eq!(upstream.asked().len(), asked, "short: {seconds} s later");
    }
}

#[tokio::test]
async fn a_feed_hours_away_from_its_source_needs_no_month_beyond_the_horizon() {
    let (window, year) = ("past-60d..next-400d", 400);
    for (here, there) in [
        (Tz::America__New_York, Tz::Asia__Tokyo),
        (Tz::Asia__Tokyo, Tz::America__New_York),
    ] {
        for hour in 0..24 {
            let today = at(NOON) + TimeDelta::hours(hour);
            let today = zones().current().zone_or_utc(there).local(today).date();
            let last = When::Days(
                DateSpan::through(today + Days::new(year - 1), today + Days::new(year - 1))
                    .unwrap(),
            );
            let upstream = Upstream::with([event("last", last)]);
            let setting = Setting {
                zone: here,
                horizon: window,
                ..Setting::default()
            };
            let season = Feed {
                window: window.parse().unwrap(),
                zone: there,
                ..feed()
            };
            let world = world([("stage", &upstream, setting)], season);
            world.hand.advance(TimeDelta::hours(hour));
            world.poll().await;
            let row = format!("{there} from {here}, {hour} h after noon");
            assert_eq!(
                titles(&world.get(Part::Default).await.unwrap()),
                "last",
                "{row}"
            );
            assert_eq!(upstream.asked(), ["horizon"], "{row}");
        }
    }
}

#[tokio::test]
async fn a_window_at_the_far_edge_keeps_its_events_while_the_upstream_is_down_for_days() {
    let upstream = Upstream::with([day("near", "2026-12-05"), day("far", "2026-12-18")]);
    let world = simple(&upstream);
    world.poll().await;
    let read = async || titles(&world.window("2026-12-01..2026-12-20").await.unwrap());
    assert_eq!(read().await, "near far");
    upstream.fails();
    // After ten days the window lies in the horizon of the day, which nobody could fetch.
    for later in 1..=12 {
        world.hand.advance(TimeDelta::days(1));
        world.poll().await;
        assert_eq!(read().await, "near far", "{later} days later");
    }
}

#[tokio::test]
async fn an_event_in_several_months_reads_the_same_in_whatever_order_they_came() {
    let upstream = Upstream::with([event("tour", days("2027-01-31", "2027-06-01"))]);
    let world = simple(&upstream);
    world.poll().await;
    // Without a stamp from upstream, each month knows the event since its own first fetch.
    for month in ["06", "05", "04", "03", "02"] {
        world.window(&format!("2027-{month}")).await.unwrap();
        world.hand.advance(TimeDelta::hours(1));
    }
    let stamps = |document: &Document| -> Vec<String> {
        let stamped =
            |line: &&str| line.starts_with("DTSTAMP") || line.starts_with("LAST-MODIFIED");
        let lines = body(document).lines().filter(stamped);
        lines.map(str::to_owned).collect()
    };
    // Windows of their own, since a document that was written once remembers its stamps.
    let first = world.window("2027-01-15..2027-06-15").await.unwrap();
    for window in ["2027-01-16..2027-06-16", "2027-01-17..2027-06-17"] {
        world.hand.advance(TimeDelta::minutes(1));
        let again = world.window(window).await.unwrap();
        assert_eq!(stamps(&again), stamps(&first), "{window}");
    }
    let alone = Part::Event(crate::domain::testing::uid("tour"));
    let alone = world.get(alone).await.unwrap();
    assert_eq!(stamps(&alone), stamps(&first), "alone as in the feed");
}
