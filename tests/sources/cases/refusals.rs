//! Upstreams that do not let us in.

use calbridge::{
    api::ApiError,
    sandbox::double::{Fault, Lasting},
};
use chrono::TimeDelta;

use crate::{
    row::{Failure, Row},
    world::{FEW, World, assert_whole},
};

pub(crate) async fn credentials_that_were_refused_once_are_tried_again<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    let first = R::LISTS[0];
    world
        .upstream
        .fault(first, Fault::Unauthorized, Lasting::Next(1));
    let mut calls = R::poll(FEW as u64);
    calls.push((first, 1));
    if let Some(login) = R::LOGIN {
        calls.push((login.renewal, 1));
    } else {
        // Credentials that cannot be renewed are no better a moment later, but perhaps at the next poll.
        let error = world.fetch().await.unwrap_err();
        assert!(matches!(error, ApiError::Blocked { .. }), "{error:?}");
        world.assert_calls(&[(first, 1)], "the first poll");
    }
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, "let in again");
    world.assert_calls(&calls, "let in again");
}

pub(crate) async fn credentials_that_are_refused_for_good_block_without_hammering<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    world.fault_lists(&Fault::Unauthorized, Lasting::UntilCleared);
    let first = R::LISTS[0];
    for poll in 1..=3 {
        let error = world.fetch().await.unwrap_err();
        assert!(matches!(error, ApiError::Blocked { .. }), "{error:?}");
        let calls = match R::LOGIN {
            // What was refused although it was new is not asked for again for minutes.
            Some(login) => vec![(login.renewal, 1), (first, 2)],
            None => vec![(first, poll)],
        };
        world.assert_calls_after_login(calls, "blocked");
    }
    world.clear_lists();
    world.hand.advance(TimeDelta::minutes(6));
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, "let in at last");
    let mut calls = R::poll(FEW as u64);
    match R::LOGIN {
        Some(login) => calls.extend([(login.first, 1), (login.renewal, 1), (first, 2)]),
        None => calls.push((first, 3)),
    }
    world.assert_calls(&calls, "let in at last");
}

pub(crate) async fn what_is_forbidden_is_asked_for_once<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    world.fault_lists(&Fault::Forbidden, Lasting::UntilCleared);
    let error = world.fetch().await.unwrap_err();
    // Some take it for a word on the resource, some for one on the credentials.
    let refused = matches!(
        error,
        ApiError::NotOffered { .. } | ApiError::Blocked { .. }
    );
    assert!(refused, "{error:?}");
    let asked = &R::LISTS[..R::asked(Failure::Refused)];
    let calls: Vec<_> = asked.iter().map(|route| (*route, 1)).collect();
    world.assert_calls_after_login(calls.clone(), "forbidden");
    world.clear_lists();
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, "granted");
    world.assert_calls(&[R::poll(FEW as u64), calls].concat(), "granted");
}
