//! Upstreams that cannot answer now.

use std::time::Duration;

use calbridge::{
    api::{ApiError, Setback},
    domain::when::TimeSpan,
    sandbox::double::{Fault, Lasting, RetryAfter},
};
use chrono::TimeDelta;

use crate::{
    row::{Calls, Failure, Row},
    world::{ATTEMPTS, FEW, World, assert_whole, daily, now},
};

/// A time limit that two waits of the usual length, half a second and a second at least, would not fit into.
const SHORT: Duration = Duration::from_millis(1_400);

pub(crate) async fn a_wait_asked_for_in_seconds_or_by_a_date_is_kept_to<R: Row>() {
    let wait = 30;
    let date = now() + TimeDelta::seconds(wait.into());
    for after in [RetryAfter::Seconds(wait), RetryAfter::At(date)] {
        for fault in [Fault::TooMany(Some(after)), Fault::Unavailable(Some(after))] {
            let row = format!("{fault:?}");
            let (world, spans) = World::<R>::small().await;
            world.fault_lists(&fault, Lasting::UntilCleared);
            let error = world.fetch().await.unwrap_err();
            let told = Some(Duration::from_secs(wait.into()));
            assert_eq!(error.retry_after(), told, "{row}: {error:?}");
            let calls = vec![(R::LISTS[0], 1)];
            world.assert_calls_after_login(calls.clone(), &row);
            recovers(&world, &spans, calls, &row).await;
        }
    }
}

pub(crate) async fn a_wait_that_is_over_ends_in_the_whole_answer<R: Row>() {
    for after in [
        None,
        Some(RetryAfter::Seconds(0)),
        Some(RetryAfter::At(now())),
    ] {
        once::<R>(Fault::TooMany(after)).await;
    }
}

pub(crate) async fn a_server_that_breaks_once_is_asked_again<R: Row>() {
    once::<R>(Fault::Broken).await;
}

pub(crate) async fn a_server_that_breaks_is_asked_three_times<R: Row>() {
    let spans = daily("2026-12-07", FEW);
    let world = World::<R>::within(SHORT, &spans, |_| {}).await;
    world.fault_lists(&Fault::Broken, Lasting::UntilCleared);
    let error = world.fetch().await.unwrap_err();
    let busy = matches!(
        error,
        ApiError::Unavailable { cause: Setback::Busy(status), .. } if status.as_u16() == 500
    );
    assert!(busy, "{error:?}");
    let calls = asked::<R>(Failure::Broken, ATTEMPTS);
    world.assert_calls_after_login(calls.clone(), "broken");
    recovers(&world, &spans, calls, "mended").await;
}

pub(crate) async fn silence_ends_with_the_time_limit<R: Row>() {
    let spans = daily("2026-12-07", FEW);
    let world = World::<R>::within(Duration::from_secs(1), &spans, |_| {}).await;
    world.fault_lists(&Fault::Hang, Lasting::UntilCleared);
    let error = world.fetch().await.unwrap_err();
    let silent = matches!(
        error,
        ApiError::Unavailable {
            cause: Setback::TimedOut(_),
            ..
        }
    );
    assert!(silent, "{error:?}");
    let calls = asked::<R>(Failure::Silent, 1);
    world.assert_calls_after_login(calls.clone(), "silent");
    recovers(&world, &spans, calls, "answering again").await;
}

pub(crate) async fn an_answer_that_stops_or_is_a_page_for_people_is_no_answer<R: Row>() {
    for fault in [Fault::Truncated, Fault::Html] {
        let row = format!("{fault:?}");
        let (world, spans) = World::<R>::small().await;
        world.fault_lists(&fault, Lasting::UntilCleared);
        let error = world.fetch().await.unwrap_err();
        assert!(
            matches!(error, ApiError::Malformed { .. }),
            "{row}: {error:?}"
        );
        let calls = asked::<R>(Failure::Unreadable, 1);
        world.assert_calls_after_login(calls.clone(), &row);
        recovers(&world, &spans, calls, &row).await;
    }
}

/// One list fails once; the poll brings everything all the same, with one call more.
async fn once<R: Row>(fault: Fault) {
    let row = format!("{fault:?}");
    let (world, spans) = World::<R>::small().await;
    let first = R::LISTS[0];
    world.upstream.fault(first, fault, Lasting::Next(1));
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, &row);
    let mut calls = R::poll(FEW as u64);
    calls.push((first, 1));
    world.assert_calls(&calls, &row);
}

/// So many calls of each list that is asked for when they fail in this way.
fn asked<R: Row>(failure: Failure, times: u64) -> Calls<R> {
    let asked = R::LISTS[..R::asked(failure)].iter();
    asked.map(|route| (*route, times)).collect()
}

/// Once the lists behave again, the next poll brings everything.
async fn recovers<R: Row>(world: &World<R>, spans: &[TimeSpan], before: Calls<R>, row: &str) {
    world.clear_lists();
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, spans, row);
    world.assert_calls(&[R::poll(FEW as u64), before].concat(), row);
}
