//! Whatever stands in a foreign calendar, its reader makes a batch of it that can be published (`published.rs`).

use calbridge::source::ics::{Ics, Settings};

use crate::{ground, published};

/// Holds the reader of calendar files to that promise.
///
/// # Panics
/// If it is broken.
pub fn hold(input: &[u8]) {
    let settings = Settings::at("https://calendar.example/theirs.ics").expect("an address");
    let source = Ics::new(ground::source(), &settings, ground::HOME, ground::zones());
    published::hold(&source.batch(input));
}
