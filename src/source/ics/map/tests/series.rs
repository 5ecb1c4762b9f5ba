//! What repeats.
