//! What readers get while the upstream is in trouble, and how often it is asked then: counted, not estimated.
//!
//! A poll calls `/events`, then `/events/archive`. Every test begins in the middle of the second poll, whose archive
//! call hangs, and lets it go on only as far as the next call that hangs, so the counts cannot race.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::time::Duration;

use calbridge::sandbox::prospero::{Fault, Lasting, RetryAfter, Route, Running};
use reqwest::StatusCode;
use secrecy::SecretString;
use tokio::time::Instant;

use support::{
    bridge::{Bridge, folder},
    reader::{Answer, Reader},
    until,
    upstream::{FEED, Wiring, assert_calls, called, evenings, event, hold_after, start},
};

/// The header that tells how a feed stands.
const STATE: &str = "x-calbridge-state";

/// The word of the state, which an age in seconds follows where the copy is an earlier one.
fn word(answer: &Answer) -> &str {
    let told = answer.header(STATE);
    let Some((word, age)) = told.split_once("; age=") else {
        assert!(matches!(told, "fresh" | "empty"), "without an age: {told}");
        return told;
    };
    assert!(age.parse::<u64>().is_ok_and(|age| age < 600), "{told}");
    word
}

/// A server in the middle of its second poll.
struct Outage {
    upstream: Running,
    bridge: Bridge,
    reader: Reader,
    /// What readers got before anything went wrong.
    good: Answer,
    /// The number of the poll that hangs.
    poll: u64,
}

impl Outage {
    async fn begin(source: &str) -> Self {
        let upstream = start(evenings()).await;
        hold_after(&upstream, Route::Archive, 1);
        let wiring = Wiring {
            source: source.to_owned(),
            ..Wiring::eager()
        };
        let dir = folder(&wiring.text(&upstream));
        let debug = [("CALBRIDGE_LOG", "calbridge=debug")];
        let bridge = Bridge::start(&dir, &["serve"], &debug).await;
        called(&upstream, Route::Archive, 2).await;
        let reader = bridge.reader();
        let good = reader.get(FEED).await;
        assert_eq!(good.status, StatusCode::OK);
        assert_eq!(good.titles().len(), 5);
        assert_eq!(good.header(STATE), "fresh");
        assert_calls(&upstream, [1, 0, 2, 2], "two polls");
        Self {
            upstream,
            bridge,
            reader,
            good,
            poll: 2,
        }
    }

    /// Lets the poll that hangs come to its end, and the next one begin.
    ///
    /// Its archive call hangs then; what `/events` answered it was not touched by faults.
    async fn next_poll(&mut self) {
        self.poll += 1;
        let Self { upstream, poll, .. } = self;
        upstream.fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
        upstream.clear(Route::Archive);
        called(upstream, Route::Events, *poll).await;
        upstream.fault(Route::Archive, Fault::Hang, Lasting::UntilCleared);
        upstream.clear(Route::Events);
        called(upstream, Route::Archive, *poll).await;
    }

    /// Lets the second poll end well, and the third meet `faults`; returns when the call after them hangs.
    async fn meet(&self, faults: &[Fault]) {
        for fault in faults {
            self.upstream
                .fault(Route::Events, fault.clone(), Lasting::Next(1));
        }
        self.upstream
            .fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
        self.upstream.clear(Route::Archive);
        called(
            &self.upstream,
            Route::Events,
            3 + u64::try_from(faults.len()).unwrap(),
        )
        .await;
    }

    /// Fails unless readers get what they got before: the same bytes under the same validators, or 304. Only the state
    /// beside them is that of the moment.
    async fn assert_last_good_copy(&self, state: &str, row: &str) {
        let mut again = self.reader.get(FEED).await;
        assert_eq!(word(&again), state, "{row}");
        again
            .headers
            .insert(STATE, self.good.headers[STATE].clone());
        assert_eq!(again, self.good, "{row}");
        let tag = self.good.header("etag");
        let held = self.reader.get_with(FEED, &[("if-none-match", tag)]).await;
        assert_eq!(held.status, StatusCode::NOT_MODIFIED, "{row}");
        assert_eq!(held.header("etag"), tag, "{row}");
        assert_eq!(word(&held), state, "{row}");
    }

    /// Fails unless the upstream, once well again, is read and believed.
    async fn assert_recovers(&self, row: &str) {
        let news = event(9, "After the storm", "2030-11-12T20:00:00Z");
        self.upstream.edit(|season| season.events.push(news));
        self.upstream.clear(Route::Events);
        self.upstream.clear(Route::Archive);
        let has_news = |answer: &Answer| answer.titles().iter().any(|t| t == "After the storm");
        let after = self.reader.get_until(FEED, "has news", has_news).await;
        assert_eq!(after.titles().len(), 6, "{row}");
        assert_ne!(after.header("etag"), self.good.header("etag"), "{row}");
        assert_eq!(self.upstream.violations(), [], "{row}");
    }
}

#[tokio::test]
async fn an_expired_access_token_costs_one_refresh_and_one_repeated_call() {
    let outage = Outage::begin("").await;
    // The archive call that hangs is admitted when it goes on, so it is the one that meets a 401.
    outage.upstream.expire_access();
    outage
        .upstream
        .fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    outage.upstream.clear(Route::Archive);
    called(&outage.upstream, Route::Events, 3).await;
    assert_calls(&outage.upstream, [1, 1, 3, 3], "one refresh");
    outage.assert_last_good_copy("fresh", "during").await;
    assert!(!outage.bridge.log().contains("poll failed"));
    outage.assert_recovers("after").await;
    assert_eq!(outage.upstream.calls(Route::Login), 1);
    assert_eq!(outage.upstream.calls(Route::Refresh), 1);
}

#[tokio::test]
async fn an_expired_refresh_token_costs_one_login_more() {
    let outage = Outage::begin("").await;
    outage.upstream.expire_access();
    outage.upstream.expire_refresh();
    outage
        .upstream
        .fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    outage.upstream.clear(Route::Archive);
    called(&outage.upstream, Route::Events, 3).await;
    assert_calls(&outage.upstream, [2, 1, 3, 3], "one refresh, one login");
    outage.assert_last_good_copy("fresh", "during").await;
    assert!(!outage.bridge.log().contains("poll failed"));
    outage.assert_recovers("after").await;
}

#[tokio::test]
async fn a_changed_password_is_tried_once_and_never_again() {
    let outage = Outage::begin("").await;
    outage
        .upstream
        .change_password(SecretString::from("another one"));
    outage.upstream.expire_access();
    outage.upstream.expire_refresh();
    outage.upstream.clear(Route::Archive);
    // Three polls have failed; only the first of them asked anything.
    outage.bridge.logged("poll failed", 3).await;
    assert_calls(&outage.upstream, [2, 1, 2, 2], "one login refused");
    outage.assert_last_good_copy("blocked", "locked out").await;
    let log = outage.bridge.log();
    assert!(log.contains("the server refused our credentials"), "{log}");
    assert!(log.contains("[sources.stage]"), "{log}");
}

#[tokio::test]
async fn a_wrong_password_from_the_start_is_tried_once_however_many_readers_ask() {
    let upstream = start(evenings()).await;
    upstream.change_password(SecretString::from("another one"));
    let bridge = Bridge::serve(&Wiring::eager().text(&upstream)).await;
    let reader = bridge.reader();
    for path in [FEED, "/feeds/2031-01/season.ics", FEED] {
        let answer = reader.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{path}");
        assert_eq!(answer.header("retry-after"), "30", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("www-authenticate"), "", "{path}");
        assert!(!answer.text().contains("BEGIN:VCALENDAR"), "{path}");
    }
    bridge.logged("poll failed", 3).await;
    assert_eq!(reader.get(FEED).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(
        reader.get("/readyz").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_calls(&upstream, [1, 0, 0, 0], "one login");
}

#[tokio::test]
async fn an_upstream_that_keeps_saying_not_now_is_asked_three_times_a_poll() {
    for fault in [Fault::TooMany(None), Fault::Broken] {
        let row = format!("{fault:?}");
        let outage = Outage::begin("").await;
        outage.meet(&[fault.clone(), fault.clone(), fault]).await;
        assert_calls(&outage.upstream, [1, 0, 6, 2], &row);
        // That the third attempt was the last one, and not the first of the next poll, only the log can tell.
        let steps = ["trying again", "poll failed"];
        let steps = until("three steps are logged", async || {
            let log = outage.bridge.log();
            let of_line = |line: &str| steps.into_iter().find(|step| line.contains(step));
            let found: Vec<_> = log.lines().filter_map(of_line).collect();
            (found.len() >= 3).then_some(found)
        })
        .await;
        assert_eq!(
            steps,
            ["trying again", "trying again", "poll failed"],
            "{row}"
        );
        outage.assert_last_good_copy("stale", &row).await;
        outage.assert_recovers(&row).await;
    }
}

#[tokio::test]
async fn an_upstream_that_says_not_now_once_is_forgiven_within_the_poll() {
    for fault in [Fault::TooMany(None), Fault::Broken] {
        let row = format!("{fault:?}");
        let outage = Outage::begin("").await;
        outage
            .upstream
            .fault(Route::Events, fault, Lasting::Next(1));
        outage
            .upstream
            .fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
        outage.upstream.clear(Route::Archive);
        called(&outage.upstream, Route::Events, 4).await;
        outage
            .upstream
            .fault(Route::Archive, Fault::Hang, Lasting::UntilCleared);
        outage.upstream.clear(Route::Events);
        called(&outage.upstream, Route::Archive, 3).await;
        assert_calls(&outage.upstream, [1, 0, 4, 3], &row);
        assert!(!outage.bridge.log().contains("poll failed"), "{row}");
        outage.assert_last_good_copy("fresh", &row).await;
    }
}

#[tokio::test]
async fn retry_after_in_seconds_is_waited_for_within_the_poll() {
    let outage = Outage::begin("").await;
    let begun = Instant::now();
    let wait = Fault::TooMany(Some(RetryAfter::Seconds(3)));
    outage.meet(&[wait]).await;
    // A second until the third poll, three that were asked for; without them it would be three at most.
    assert!(begun.elapsed() >= Duration::from_secs(4), "too early");
    assert_calls(&outage.upstream, [1, 0, 4, 2], "waited");
    assert!(!outage.bridge.log().contains("poll failed"));
    outage.assert_last_good_copy("fresh", "waiting").await;
}

#[tokio::test]
async fn retry_after_as_a_date_is_waited_for_within_the_poll() {
    let outage = Outage::begin("").await;
    #[expect(
        clippy::disallowed_methods,
        reason = "the date is meant for a process that reads the real clock"
    )]
    let now = chrono::Utc::now;
    let date = now() + chrono::TimeDelta::seconds(6);
    outage
        .meet(&[Fault::TooMany(Some(RetryAfter::At(date)))])
        .await;
    // An HTTP date has whole seconds.
    assert!(now() >= date - chrono::TimeDelta::seconds(1), "too early");
    assert_calls(&outage.upstream, [1, 0, 4, 2], "waited");
    assert!(!outage.bridge.log().contains("poll failed"));
    outage.assert_last_good_copy("fresh", "waiting").await;
}

#[tokio::test]
async fn a_retry_after_beyond_the_time_limit_puts_off_the_next_poll() {
    let outage = Outage::begin("timeout = \"4s\"").await;
    let begun = Instant::now();
    outage
        .meet(&[Fault::TooMany(Some(RetryAfter::Seconds(4)))])
        .await;
    // A second until the third poll, four until the next one, which would have come after one.
    assert!(begun.elapsed() >= Duration::from_secs(5), "too early");
    assert_calls(&outage.upstream, [1, 0, 4, 2], "put off");
    outage.bridge.logged("poll failed", 1).await;
    outage.assert_last_good_copy("stale", "put off").await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_fails_the_poll_at_once() {
    for fault in [Fault::Truncated, Fault::Html] {
        let row = format!("{fault:?}");
        let outage = Outage::begin("").await;
        outage.meet(&[fault]).await;
        assert_calls(&outage.upstream, [1, 0, 4, 2], &row);
        outage.bridge.logged("poll failed", 1).await;
        outage.assert_last_good_copy("malformed", &row).await;
        let log = outage.bridge.log();
        assert!(log.contains("the answer cannot be read"), "{row}: {log}");
        outage.assert_recovers(&row).await;
    }
}

#[tokio::test]
async fn an_upstream_that_hangs_is_left_after_the_time_limit_and_asked_once_a_poll() {
    let outage = Outage::begin("timeout = \"1s\"").await;
    let begun = Instant::now();
    outage
        .upstream
        .fault(Route::Events, Fault::Hang, Lasting::UntilCleared);
    outage.upstream.clear(Route::Archive);
    outage.bridge.logged("poll failed", 2).await;
    // The third and the fourth poll have failed; the fifth comes two seconds after, the limit and the waits before.
    assert!(begun.elapsed() >= Duration::from_secs(4), "too early");
    assert_calls(&outage.upstream, [1, 0, 4, 2], "one call a poll");
    outage.assert_last_good_copy("stale", "hanging").await;
    outage.assert_recovers("after").await;
}

#[tokio::test]
async fn a_list_that_shrinks_to_nothing_is_held_back_and_comes_back_unchanged() {
    let mut outage = Outage::begin("").await;
    let events = outage
        .upstream
        .edit(|season| std::mem::take(&mut season.events));
    outage.next_poll().await;
    outage.next_poll().await;
    outage.next_poll().await;
    // The third and the fourth poll brought nothing; the fifth is under way.
    assert_calls(&outage.upstream, [1, 0, 5, 5], "nothing, twice");
    outage.assert_last_good_copy("stale", "empty").await;
    let log = outage.bridge.log();
    assert_eq!(log.matches("lost most of its events").count(), 1, "{log}");
    assert!(log.contains("missing=5 of=5"), "{log}");

    outage.upstream.edit(|season| season.events = events);
    outage.next_poll().await;
    outage.next_poll().await;
    outage.assert_last_good_copy("fresh", "back").await;
    outage.assert_recovers("a new event after it").await;
}

#[tokio::test]
async fn a_list_that_loses_more_than_half_once_is_held_back() {
    let mut outage = Outage::begin("").await;
    let events = outage.upstream.edit(|season| season.events.split_off(2));
    outage.next_poll().await;
    // The third poll has its answer from `/events`; what it lacks comes back before the fourth.
    outage.upstream.edit(|season| season.events.extend(events));
    outage.next_poll().await;
    outage.assert_last_good_copy("stale", "held").await;
    let log = outage.bridge.log();
    assert!(log.contains("missing=3 of=5"), "{log}");
    outage.next_poll().await;
    outage.assert_last_good_copy("fresh", "back").await;
    assert_calls(&outage.upstream, [1, 0, 5, 5], "polls");
}

#[tokio::test]
async fn a_list_that_loses_more_than_half_is_believed_when_the_next_poll_says_so_too() {
    let mut outage = Outage::begin("").await;
    outage.upstream.edit(|season| season.events.truncate(2));
    outage.next_poll().await;
    outage.next_poll().await;
    outage
        .assert_last_good_copy("stale", "the third poll alone")
        .await;
    outage.next_poll().await;
    let after = outage.reader.get(FEED).await;
    assert_eq!(
        after.titles().len(),
        5,
        "what vanished is told as cancelled"
    );
    let statuses = after.values("STATUS");
    let cancelled = statuses.iter().filter(|status| *status == "CANCELLED");
    assert_eq!(cancelled.count(), 3, "{statuses:?}");
    assert_ne!(after.header("etag"), outage.good.header("etag"));
    assert_calls(&outage.upstream, [1, 0, 5, 5], "polls");
}

#[tokio::test]
async fn an_upstream_that_is_gone_altogether_changes_nothing_for_readers() {
    let outage = Outage::begin("").await;
    let Outage {
        upstream,
        bridge,
        reader,
        good,
        ..
    } = outage;
    upstream.stop().await;
    for failures in [1, 2] {
        bridge.logged("poll failed", failures).await;
        let mut again = reader.get(FEED).await;
        assert_eq!(word(&again), "stale", "{failures} failures");
        again.headers.insert(STATE, good.headers[STATE].clone());
        assert_eq!(again, good, "{failures} failures");
    }
    assert_eq!(reader.get("/readyz").await.status, StatusCode::OK);
}
