//! Zone data and who lives in which zone; nothing else in calbridge may ask an offset of anything (design §6, §9).
//!
//! [`chrono_tz::Tz`] names a zone, its rules are never used: they are as old as the crate. Rules come from a
//! [`ZoneData`], held apart from the events and replaceable under a running server by [`Zones`].

pub mod alias;
pub mod book;
pub mod current;
pub mod data;
pub mod databases;
pub mod differences;
pub mod name;
mod offsets;
pub mod table;
pub mod version;
pub mod windows;
pub mod zone;

pub use self::{
    alias::is_publishable,
    book::Book,
    current::Zones,
    data::{Origin, ZoneData},
    databases::Databases,
    table::OffsetTable,
    version::Version,
    zone::{Offset, Transition, Zone},
};
