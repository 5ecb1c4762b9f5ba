//! Any request.
#![no_main]

use calbridge_fuzz::request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| request::hold(input));
