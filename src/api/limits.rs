//! How much calbridge asks of one upstream, and how long it waits.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

/// The limits of one source's calls.
///
/// The defaults suit an upstream that states none (Prospero): with one query in flight, the rate only bounds what fast
/// answers could invite, and the burst lets the first sweep of a year with its places pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls in flight at once; further ones queue.
    pub concurrency: NonZeroUsize,
    /// Requests per second, logins and redirects included, once the burst is used up.
    pub per_second: NonZeroU32,
    /// Requests that may go out at once after a rest.
    pub burst: NonZeroU32,
    /// The longest silence: until the head of an answer, and between two pieces of its body.
    pub read: Duration,
    /// The longest single attempt, with its login and redirects.
    pub attempt: Duration,
    /// The longest call, from its slot to its last byte, with all attempts and the waits between them.
    pub total: Duration,
    /// Attempts per call, the first one included.
    pub attempts: NonZeroU32,
    /// The largest body in bytes, counted after decompression.
    pub body: usize,
    /// The wait after the first failed attempt; it doubles with each further one.
    pub backoff: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const fn count(n: u32) -> NonZeroU32 {
            NonZeroU32::new(n).expect("the defaults are not zero")
        }
        Self {
            concurrency: NonZeroUsize::MIN,
            per_second: count(20),
            burst: count(100),
            read: Duration::from_secs(15),
            attempt: Duration::from_secs(30),
            total: Duration::new(60, 0),
            attempts: count(3),
            body: 8 * 1024 * 1024,
            backoff: Duration::from_secs(1),
        }
    }
}
