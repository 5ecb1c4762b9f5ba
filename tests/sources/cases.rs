//! The cases, by what an upstream does.

pub(crate) mod answers;
pub(crate) mod day;
pub(crate) mod records;
pub(crate) mod refusals;
pub(crate) mod trouble;
