//! Any answers of Prosper.
#![no_main]

use calbridge_fuzz::{
    mutate::{Form, mutate},
    wire,
};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|input: &[u8]| wire::prosper(input));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(Form::Json, data, size, max_size, seed)
});
