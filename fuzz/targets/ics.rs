//! Any foreign calendar.
#![no_main]

use calbridge_fuzz::{
    ics,
    mutate::{Form, mutate},
};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|input: &[u8]| ics::hold(input));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(Form::Calendar, data, size, max_size, seed)
});
