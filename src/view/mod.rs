//! Calendars as visitors of websites see them: month, week, day, agenda, list and the next event (design §7, interop B).
//!
//! Pure: a listing, the time, the day asked for and the visitor's options go in, a screen of finished texts and addresses
//! comes out, which templates only print. All dates are those of the zone the screen is told in.

mod abreast;
mod address;
mod agenda;
mod asked;
mod card;
pub mod colour;
mod entry;
mod filter;
mod form;
mod grid;
mod month;
mod next;
pub mod options;
mod period;
mod screen;
pub mod words;

pub use self::{
    address::Address,
    agenda::{Agenda, Day},
    card::{Card, Mark},
    form::{Choice, Filters},
    grid::{Block, Column, Grid, Hour, Strip},
    month::{Cell, Month, More, Slot, Week, Weekday},
    next::Next,
    options::EmbedOptions,
    period::{BadDate, day_of, part},
    screen::{Body, Link, Screen, Step, screen},
    words::{BadView, View},
};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
