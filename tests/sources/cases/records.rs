//! Upstreams whose records are not what they should be.

use calbridge::sandbox::double::{Fault, Lasting};

use crate::{
    row::Row,
    world::{FEW, World, assert_whole, held, shown},
};

pub(crate) async fn a_record_of_wrong_types_is_left_out_alone_and_named<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    world.upstream.fault(R::RECORDS, Fault::WrongType, R::ONE);
    let batch = world.fetch().await.unwrap();
    assert!(batch.missed.is_empty(), "{:?}", batch.missed);
    assert_eq!(batch.remarks.len(), 1, "{:?}", batch.remarks);
    let (held, shown) = (held(&batch), shown::<R>(&spans));
    assert_eq!(held.len(), shown.len() - 1, "{held:?}");
    assert!(held.iter().all(|one| shown.contains(one)), "{held:?}");
    world.assert_calls(&R::poll(FEW as u64), "as ever");
}

pub(crate) async fn a_value_nobody_has_heard_of_spoils_nothing<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    world
        .upstream
        .fault(R::RECORDS, Fault::UnknownValue, R::ONE);
    let batch = world.fetch().await.unwrap();
    assert!(batch.missed.is_empty(), "{:?}", batch.missed);
    assert!(batch.remarks.len() <= 1, "{:?}", batch.remarks);
    assert_eq!(held(&batch), shown::<R>(&spans));
    world.assert_calls(&R::poll(FEW as u64), "as ever");
}

pub(crate) async fn fields_nobody_has_heard_of_are_passed_over<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    for route in R::LISTS.iter().chain([&R::RECORDS]) {
        world
            .upstream
            .fault(*route, Fault::UnknownFields, Lasting::UntilCleared);
    }
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, "new fields");
    world.assert_calls(&R::poll(FEW as u64), "as ever");
}

pub(crate) async fn what_stands_twice_is_delivered_once<R: Row>() {
    let (world, spans) = World::<R>::small().await;
    for route in R::TWICE {
        world
            .upstream
            .fault(*route, Fault::Duplicates, Lasting::UntilCleared);
    }
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, "twice");
    world.assert_calls(&R::poll(FEW as u64), "as ever");
}
