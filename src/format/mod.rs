//! What is published, as bytes. Formats use only the domain and the zones they are handed.

pub mod ics;
