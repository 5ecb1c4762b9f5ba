//! Changes to inputs that have a form. A fuzzer that changes bytes spends its life in front of the parser; these changes
//! leave the form whole and reach what is behind it. Every other change is one of bytes all the same.

mod calendar;
mod json;

use std::str;

use fastrand::Rng;
use libfuzzer_sys::fuzzer_mutate;

/// A form that inputs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON value.
    Json,
    /// Lines of a calendar, whatever ends them.
    Calendar,
}

/// Changes the input in the first `size` bytes of `data` and says how long it is then, at most `longest`. The same `seed`
/// makes the same change.
pub fn mutate(form: Form, data: &mut [u8], size: usize, longest: usize, seed: u32) -> usize {
    let mut dice = Rng::with_seed(seed.into());
    let input = data
        .get(..size)
        .and_then(|input| str::from_utf8(input).ok());
    let changed = input
        .filter(|_| dice.bool())
        .and_then(|text| form.changed(text, &mut dice));
    match changed {
        Some(text) if !text.is_empty() && text.len() <= longest.min(data.len()) => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        _ => fuzzer_mutate(data, size, longest),
    }
}

impl Form {
    /// `text` with one change that leaves the form as whole as it was; `None` if it does not have that form.
    pub fn changed(self, text: &str, dice: &mut Rng) -> Option<String> {
        match self {
            Self::Json => json::changed(text, dice),
            Self::Calendar => Some(calendar::changed(text, dice)),
        }
    }
}
