//! What calbridge promises of any input, each promise as a function that panics where it is broken. The programs in
//! `targets/` have libFuzzer look for such an input; `README.md` says how they are run.

mod ground;
pub mod ics;
pub mod line;
pub mod mutate;
mod published;
pub mod request;
mod shelf;
pub mod window;
pub mod wire;
mod written;
