//! What calbridge talks about, without I/O, clock or async: ids, texts, times, events, windows, selection, history.

pub mod batch;
pub mod event;
pub mod family;
pub mod feed;
pub mod frames;
pub mod history;
pub mod hook;
pub mod id;
pub mod lapse;
pub mod retired;
pub mod select;
pub mod series;
mod shared;
pub mod stretch;
pub mod text;
pub mod token;
pub mod when;
pub mod window;

#[cfg(test)]
pub(crate) mod testing;
