//! How long a source is asked and what it brings is kept: until a newer configuration has another word on it (ADR 13).

use tokio::sync::{RwLock, RwLockReadGuard};
use tokio_util::sync::CancellationToken;

/// The time in which what was made of a source's configuration may act for it.
#[derive(Debug, Default)]
pub(super) struct Term {
    over: CancellationToken,
    /// Shared by all who keep what they have fetched; whoever ends it waits for them.
    keeping: RwLock<()>,
}

impl Term {
    /// What `call` brings; `None` if it is over before that, and `call` is then dropped, or not even begun.
    pub(super) async fn during<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        self.over.run_until_cancelled(call).await
    }

    /// Leave to keep what was fetched; `None` if it is over. It does not end while anybody holds one.
    pub(super) async fn leave(&self) -> Option<RwLockReadGuard<'_, ()>> {
        let leave = self.keeping.read().await;
        (!self.over.is_cancelled()).then_some(leave)
    }

    /// Resolves once it is over.
    pub(super) async fn ended(&self) {
        self.over.cancelled().await;
    }

    /// Ends it. Nothing is asked from now on; once this resolves, nothing is kept either.
    pub(super) async fn end(&self) {
        self.over.cancel();
        drop(self.keeping.write().await);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn it_ends_once_nobody_keeps_anything_and_then_nobody_begins_to() {
        let term = Term::default();
        assert_eq!(term.during(async { 1 }).await, Some(1));
        let (one, two) = (term.leave().await, term.leave().await);
        assert!(one.is_some() && two.is_some(), "several keep at once");
        let mut end = Box::pin(term.end());
        assert_eq!((&mut end).now_or_never(), None, "two keep something");
        drop(one);
        assert_eq!((&mut end).now_or_never(), None, "one keeps something");
        assert_eq!(term.during(async { 1 }).await, None, "nothing begins");
        drop(two);
        end.await;
        assert!(term.leave().await.is_none(), "nothing is kept");
        term.ended().await;
    }

    #[tokio::test]
    async fn a_call_that_is_under_way_is_dropped_when_it_ends() {
        let term = Term::default();
        let mut call = Box::pin(term.during(std::future::pending::<()>()));
        assert_eq!((&mut call).now_or_never(), None);
        term.end().await;
        assert_eq!(call.await, None);
    }
}
