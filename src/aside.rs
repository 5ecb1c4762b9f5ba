//! Work that takes longer than a reader should wait, off the threads that serve readers.

use std::panic;

#[cfg(target_os = "linux")]
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};

/// To have only the time that nobody else wants.
#[cfg(target_os = "linux")]
const IDLE: ThreadSchedulePolicy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);

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
/// whole slice of time, some milliseconds, again and again while a source is refreshed. Being nice does not help: Linux gives
/// a thread its slice to the end unless its policy is to be idle. Such a thread still gets a three-hundredth of a core that
/// others want all of, so that news arrive even then.
///
/// It cannot be undone, so what else runs on a thread of tokio's pool later on, such as looking up a host, gives way as
/// well; no reader waits for that.
#[cfg(target_os = "linux")]
fn give_way() {
    // Where it is refused, readers wait a little longer. Only on Linux is this about one thread.
    _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, IDLE);
}

/// Elsewhere threads are left alone.
#[cfg(not(target_os = "linux"))]
const fn give_way() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use thread_priority::thread_schedule_policy;

    use super::*;

    #[tokio::test]
    async fn work_aside_gives_way_to_the_threads_that_serve_readers() {
        let here = thread_schedule_policy().unwrap();
        let there = aside(|| thread_schedule_policy().unwrap()).await;
        assert_eq!(there, IDLE);
        assert_ne!(here, IDLE);
        assert_eq!(thread_schedule_policy().unwrap(), here, "the caller stays");
    }
}
