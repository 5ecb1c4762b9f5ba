//! What readers may have made for them: nothing that is at hand costs anything, and of the rest everybody has a share.

use std::{
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::Extensions,
    middleware::Next,
    response::Response,
};
use tokio::sync::Semaphore;

use crate::{
    aside::aside,
    feed::{FeedName, TooMuch},
};

use super::{
    App,
    error::WebError,
    origin::Origin,
    ration::{Pace, Rations},
    speech::Speech,
};

/// What may be made for one reader: more windows of a feed than anybody subscribes to.
const OF_ONE: Pace = Pace {
    at_once: 500,
    every: Duration::from_millis(200),
};
/// What may be made of one feed, for all readers together.
const OF_FEED: Pace = Pace {
    at_once: 1_000,
    every: Duration::from_millis(100),
};

/// What may be large and is made at once.
const AT_ONCE: usize = 4;

/// Who asks, as far as that is known: the server puts it beside every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asker(pub(super) Option<Origin>);

impl Asker {
    /// Who asks in a request with these `extensions`.
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self(None))
    }
}

/// What was made for whom of late.
#[derive(Debug)]
pub struct Tolls {
    by_origin: Mutex<Rations<Origin>>,
    by_feed: Mutex<Rations<FeedName>>,
    turns: Semaphore,
}

impl Default for Tolls {
    fn default() -> Self {
        Self {
            by_origin: Mutex::new(Rations::new(OF_ONE)),
            by_feed: Mutex::new(Rations::new(OF_FEED)),
            turns: Semaphore::new(AT_ONCE),
        }
    }
}

impl Tolls {
    /// Lets a page be made for `asker`.
    ///
    /// # Errors
    /// [`TooMuch`] if that would be more than one may have; never for readers who cannot be told apart.
    pub(super) fn page(&self, asker: Asker) -> Result<(), TooMuch> {
        asker
            .0
            .map_or(Ok(()), |origin| take(&self.by_origin, origin))
    }

    /// Lets a calendar of `feed` be made for `asker`.
    ///
    /// # Errors
    /// As for [`Tolls::page`], and if more has been made of the feed than all together may have.
    pub(super) fn calendar(&self, asker: Asker, feed: &FeedName) -> Result<(), TooMuch> {
        self.page(asker)?;
        take(&self.by_feed, feed.clone())
    }

    /// Makes what may be large, a few at once and on threads that give way to those who read calendars.
    pub(super) async fn made<T: Send + 'static>(
        &self,
        make: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        let _turn = self.turns.acquire().await;
        aside(make).await
    }
}

/// Has a page made if the reader may have one more.
pub(super) async fn admit_to_page(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let Err(too_much) = app.tolls.page(Asker::of(request.extensions())) else {
        return next.run(request).await;
    };
    let speech = Speech::read(request.uri().query(), request.headers());
    WebError::from(too_much).into_page(speech, request.headers())
}

fn take<K: Eq + Hash>(rations: &Mutex<Rations<K>>, whom: K) -> Result<(), TooMuch> {
    let mut rations = rations.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = rations.take(whom, Instant::now());
    taken.map_err(|wait| TooMuch { wait: wait.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(address: &str) -> Asker {
        Asker(Origin::of(address.parse().unwrap()))
    }

    fn feed(name: &str) -> FeedName {
        FeedName::Configured(name.parse().unwrap())
    }

    #[test]
    fn of_one_feed_only_so_much_is_made_for_all_readers_together() {
        let tolls = Tolls::default();
        let most = OF_FEED.at_once + OF_FEED.at_once / 10;
        let made = (0..2 * most).filter(|number| {
            let asker = asker(&format!("203.0.{}.{}", number / 200, number % 200));
            tolls.calendar(asker, &feed("season")).is_ok()
        });
        assert!((OF_FEED.at_once as usize..most as usize).contains(&made.count()));
        assert_eq!(
            tolls.calendar(asker("198.51.100.1"), &feed("choir")),
            Ok(())
        );
        assert_eq!(
            tolls.page(asker("198.51.100.1")),
            Ok(()),
            "pages of any feed"
        );
    }

    #[test]
    fn one_reader_has_a_share_of_all_feeds_and_those_behind_a_silent_proxy_have_no_end() {
        let tolls = Tolls::default();
        let (greedy, silent) = (asker("203.0.113.7"), asker("10.0.0.1"));
        let made = |asker| {
            let feeds = (0..OF_ONE.at_once * 2).map(|number| feed(&format!("f-{}", number % 9)));
            feeds
                .filter(|feed| tolls.calendar(asker, feed).is_ok())
                .count()
        };
        assert!((OF_ONE.at_once as usize..600).contains(&made(greedy)));
        assert_eq!(made(silent), 2 * OF_ONE.at_once as usize);
    }
}
