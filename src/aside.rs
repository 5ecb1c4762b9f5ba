//! Work that takes longer than a reader should wait, off the threads that serve readers.

use std::panic;

/// Runs `work` on a thread of its own and hands back what it returns; a panic in it goes on in the caller.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => panic::resume_unwind(panic),
            // Only a runtime that is being shut down cancels; nobody will ask for the result.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}
