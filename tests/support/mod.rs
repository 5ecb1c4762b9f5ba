//! What tests of the whole server share: the real binary, a reader, and an upstream with a handful of events.
//!
//! A test file takes it in with `mod support;`, and says `#[expect(dead_code, …)]` there if it leaves parts of it unused.

pub(crate) mod bridge;
pub(crate) mod child;
pub(crate) mod reader;
pub(crate) mod server;
pub(crate) mod upstream;

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Ends a test that would hang; nothing waits for it when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Returns what `look` finds as soon as it finds something.
///
/// # Panics
/// When there is nothing after [`PATIENCE`]; the message says that `what` did not happen.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "did not happen: {what}");
        sleep(LOOK).await;
    }
}
