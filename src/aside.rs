//! Work that takes longer than a reader should wait, off the threads that serve readers.

use std::panic;

/// How far such work stands back, in steps of `nice`: beside threads that always have something to do it still gets a
/// tenth of a core, so that news arrive even then.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Runs `work` on a thread of its own, which gives way to those that serve readers, and hands back what it returns; a
/// panic in it goes on in the caller.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let work = || {
        give_way();
        work()
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => panic::resume_unwind(panic),
            // Only a runtime that is being shut down cancels; nobody will ask for the result.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}

/// Has the system prefer every other thread to this one: where there are fewer cores than work, a reader would wait for a
/// whole slice of time, some milliseconds, again and again while a source is refreshed.
///
/// It cannot be undone, so what else runs on a thread of tokio's pool later on, such as looking up a host, gives way as
/// well; no reader waits for that.
#[cfg(target_os = "linux")]
fn give_way() {
    // Refused to a process that gives way even more, which is just as well. Only on Linux is this about one thread.
    _ = rustix::process::setpriority_process(None, NICE);
}

/// Elsewhere threads are left alone.
#[cfg(not(target_os = "linux"))]
const fn give_way() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::getpriority_process;

    use super::*;

    #[tokio::test]
    async fn work_aside_gives_way_to_the_threads_that_serve_readers() {
        let here = getpriority_process(None).unwrap();
        let there = aside(|| getpriority_process(None).unwrap()).await;
        assert_eq!(there, here.max(NICE));
        assert_eq!(getpriority_process(None).unwrap(), here, "the caller stays");
    }
}
