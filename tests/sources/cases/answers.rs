//! Upstreams that answer as they should.

use std::time::Duration;

use calbridge::{clock::Clock, domain::when::TimeSpan};
use chrono::{NaiveTime, TimeDelta};
use tokio::time::Instant;

use crate::{
    row::{Rate, Row},
    world::{FEW, World, assert_whole, at, days, held, now},
};

/// How long the largest answers may take.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn everything_is_delivered_once_and_nothing_else_is_asked<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    for poll in 1..=2 {
        let batch = world.fetch().await.unwrap();
        assert_whole::<R>(&batch, &spans, "a poll");
        let mut calls = R::poll(FEW as u64);
        // One login is enough for both polls.
        calls.retain(|(route, _)| R::LOGIN.is_none_or(|login| login.first != *route));
        for (_, calls) in &mut calls {
            *calls *= poll;
        }
        world.assert_calls_after_login(calls, "polls");
    }
}

pub(crate) async fn what_touches_the_first_or_the_last_day_is_delivered<R: Row>() {
    let spans = [
        ("the day before the first", "2026-11-30T00:00:00Z", 1),
        ("the first day", "2026-12-01T00:00:00Z", 1),
        ("into the first day", "2026-11-27T12:00:00Z", 4 * 24),
        ("all the days and more", "2026-11-20T12:00:00Z", 60 * 24),
        ("the last day", "2026-12-31T23:00:00Z", 1),
        ("out of the last day", "2026-12-31T12:00:00Z", 5 * 24),
        ("the day after the last", "2027-01-01T22:59:00Z", 1),
        ("long before", "2026-08-01T12:00:00Z", 1),
        ("long after", "2027-06-01T12:00:00Z", 1),
    ]
    .map(|(row, start, hours)| {
        let start = at(start);
        (
            row,
            TimeSpan::new(start, start + TimeDelta::hours(hours)).unwrap(),
        )
    });
    let all: Vec<TimeSpan> = spans.iter().map(|(_, span)| *span).collect();
    let world = World::<R>::new(&all, |_| {}).await;
    let batch = world.fetch().await.unwrap();
    let held = held(&batch);
    let unit = world.unit();
    let midnight = |day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let day = TimeDelta::days(1);
    let (first, end) = (
        midnight(unit.days.first()) - day,
        midnight(unit.days.end()) + day,
    );
    for (row, span) in spans {
        let span = R::shown(span);
        let times = held.iter().filter(|one| **one == span).count();
        if span.start() < end && first <= span.end() {
            assert_eq!(times, 1, "{row}");
        } else {
            assert!(times <= 1, "{row}");
        }
    }
    assert!(held.len() <= all.len(), "{held:?}");
    assert!(batch.missed.is_empty() && batch.remarks.is_empty());
    world.assert_calls(&R::poll(all.len() as u64), "a month");
}

pub(crate) async fn an_empty_upstream_is_empty_and_no_error<R: Row>() {
    let world = World::<R>::new(&[], |_| {}).await;
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &[], "empty");
    world.assert_calls(&R::poll(0), "empty");
}

pub(crate) async fn a_list_in_two_pieces_is_read_to_its_end<R: Row>() {
    R::two_pieces().await;
}

pub(crate) async fn ten_thousand_events_are_delivered_whole<R: Row>() {
    let first = at("2026-12-01T00:00:00Z");
    let spans: Vec<TimeSpan> = (0..i64::try_from(R::MANY).unwrap())
        .map(|number| {
            let start = first + TimeDelta::minutes(50 * number);
            TimeSpan::new(start, start + TimeDelta::minutes(45)).unwrap()
        })
        .collect();
    let begun = Instant::now();
    let mut world = World::<R>::within(PATIENCE, &spans, |pace| {
        pace.clock = Clock::new(move || now() + begun.elapsed());
        pace.rate = Rate::Documented;
    })
    .await;
    world.days = days("2026-12-01", "2027-11-30");
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, "many");
    world.assert_calls(&R::long_poll(), "many");
}
