//! Any text as a window.
#![no_main]

use calbridge_fuzz::window;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| window::hold(input));
