use std::{net::IpAddr, time::Duration};

use axum::{http::header, response::Response};
use futures_util::FutureExt as _;

use super::*;
use crate::web::serve::seat::Answering;

fn origin(address: &str) -> Option<Origin> {
    Origin::of(address.parse::<IpAddr>().unwrap())
}

fn room(places: usize, from_one_place: usize) -> Room {
    Room::new(&Limits {
        connections: places,
        from_one_place,
        grace: Duration::ZERO,
        ..Limits::default()
    })
}

/// Lets one in who never asks anything.
async fn idler(room: &mut Room, origin: Option<Origin>) -> Arc<Seat> {
    assert!(room.place_for(origin).await);
    let seat = room.seat();
    room.take(Arc::clone(&seat), origin, future::pending());
    seat.has_read();
    // So that no two have waited for the same time.
    let now = Instant::now();
    while Instant::now() == now {}
    seat
}

/// Lets one in who is being answered.
async fn busy(room: &mut Room, origin: Option<Origin>) -> (Arc<Seat>, Answering) {
    let seat = idler(room, origin).await;
    let answering = Seat::answering(&seat);
    (seat, answering)
}

/// Whether the connection on `seat` is still open.
fn is_open(room: &Room, seat: &Arc<Seat>) -> bool {
    room.guests
        .values()
        .any(|guest| Arc::ptr_eq(&guest.seat, seat))
}

#[tokio::test]
async fn whoever_has_waited_longest_gives_way_to_a_newcomer() {
    let mut room = room(3, 3);
    let first = idler(&mut room, None).await;
    let (answered, answering) = busy(&mut room, None).await;
    let third = idler(&mut room, None).await;
    let fourth = idler(&mut room, None).await;
    let open = |room: &Room| [&first, &answered, &third, &fourth].map(|seat| is_open(room, seat));
    assert_eq!(open(&room), [false, true, true, true]);
    // One who was on the list of those who wait, and has been answered since, has begun to wait anew.
    drop(Seat::answering(&third));
    third.has_sent();
    drop(answering);
    answered.has_sent();
    idler(&mut room, None).await;
    assert_eq!(open(&room), [false, true, true, false]);
    assert_eq!(room.taken(), 3);
}

#[tokio::test]
async fn ten_thousand_idlers_never_keep_anybody_out() {
    let mut room = room(100, 100);
    for _ in 0..10_000 {
        idler(&mut room, None).await;
        assert!(room.taken() <= 100);
    }
    while room.tasks.len() > 100 {
        room.left().await;
    }
    assert_eq!(room.taken(), 100, "only those dismissed have left");
}

#[tokio::test]
async fn nobody_who_is_being_answered_gives_way_and_the_first_to_rest_does() {
    let mut room = room(2, 2);
    let (first, answering) = busy(&mut room, None).await;
    let (second, _answering) = busy(&mut room, None).await;
    let waited = room.place_for(None).now_or_never();
    assert!(waited.is_none(), "there is no place");
    drop(answering);
    first.has_sent();
    assert!(room.place_for(None).await);
    assert!(!is_open(&room, &first) && is_open(&room, &second));
}

#[tokio::test]
async fn nobody_gives_way_whose_request_may_be_on_its_way() {
    let mut crowd = Room::new(&Limits {
        connections: 1,
        grace: Duration::from_hours(1),
        ..Limits::default()
    });
    idler(&mut crowd, None).await;
    let place = crowd.place_for(None).now_or_never();
    assert!(place.is_none(), "the wait has just begun");

    let mut crowd = room(1, 1);
    let seat = crowd.seat();
    crowd.take(seat, None, future::pending());
    let place = crowd.place_for(None).now_or_never();
    assert!(place.is_none(), "nobody has looked what has come");
}

#[tokio::test]
async fn while_somebody_waits_for_a_place_answers_are_the_last_on_their_connection() {
    let mut room = room(1, 1);
    let (seat, answering) = busy(&mut room, None).await;
    let close = |answering: Answering| {
        let answer = answering.end(Response::default());
        answer.headers().get(header::CONNECTION).cloned()
    };
    assert_eq!(close(answering), None);
    let answering = Seat::answering(&seat);
    assert!(room.place_for(None).now_or_never().is_none());
    assert_eq!(close(answering).unwrap(), "close");
    seat.has_sent();
    assert!(room.place_for(None).await);
    assert_eq!(close(Seat::answering(&room.seat())), None);
}

#[tokio::test]
async fn a_connection_that_ends_leaves_its_place() {
    let mut room = room(1, 1);
    assert!(room.place_for(None).await);
    let seat = room.seat();
    let answering = Seat::answering(&seat);
    room.take(seat, None, async move { drop(answering) });
    assert!(room.place_for(None).await);
    assert_eq!(room.taken(), 0);
}

#[tokio::test]
async fn one_place_has_its_share_and_costs_only_its_own() {
    let mut room = room(10, 2);
    let (greedy, other) = (origin("203.0.113.7"), origin("203.0.113.8"));
    let neighbour = idler(&mut room, other).await;
    let first = idler(&mut room, greedy).await;
    let (second, _answering) = busy(&mut room, greedy).await;
    let (third, _answering) = busy(&mut room, greedy).await;
    let open = [&neighbour, &first, &second, &third].map(|seat| is_open(&room, seat));
    assert_eq!(open, [true, false, true, true]);
    assert!(!room.place_for(greedy).await, "both are being answered");
    assert!(room.place_for(other).await);
    for _ in 0..7 {
        // A proxy brings readers of all kinds.
        idler(&mut room, None).await;
    }
    assert_eq!(room.taken(), 10);
}

#[tokio::test]
async fn a_sixteenth_of_those_who_wait_goes_when_the_system_has_no_more_to_give() {
    let mut room = room(40, 40);
    let (_seat, _answering) = busy(&mut room, None).await;
    for _ in 0..10 {
        idler(&mut room, None).await;
    }
    room.thin();
    assert_eq!(room.taken(), 8);
    for _ in 0..10 {
        room.thin();
    }
    assert_eq!(room.taken(), 1, "the one who is being answered stays");
}
