//! Any text as the value of a content line.
#![no_main]

use calbridge_fuzz::line;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| line::hold(input));
