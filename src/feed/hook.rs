//! The webhook of a source: its calls bring the next poll forward, and polls find out whether they come.

use std::sync::{Mutex, PoisonError};

use crate::domain::hook::{Calls, HookSecret, Turn};

use super::{Feeds, refresh::Wish, units::Units};

/// A webhook, and the calls of it.
#[derive(Debug)]
pub(super) struct Hook {
    secret: HookSecret,
    calls: Mutex<Calls>,
}

impl Hook {
    pub(super) fn new(secret: HookSecret) -> Self {
        Self {
            secret,
            calls: Mutex::default(),
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Calls) -> T) -> T {
        act(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Feeds {
    /// Takes the call of the webhook of `source`, whatever it says: that it came is all that counts.
    ///
    /// Returns whether it did: the same `false` for a source that is not there, has none, or has another secret.
    #[must_use]
    pub fn hooked(&self, source: &str, secret: &str) -> bool {
        let units = source.parse().ok().and_then(|id| self.sources.get(&id));
        units.is_some_and(|units| units.hooked(secret))
    }
}

impl Units {
    fn hooked(&self, secret: &str) -> bool {
        let Some(hook) = self.hook.as_ref().filter(|hook| hook.secret.is(secret)) else {
            return false;
        };
        let now = self.clock.now();
        if hook.with(|calls| calls.called(now)) == Turn::Recovered {
            tracing::info!(source = %self.id(), "the webhook is called again");
        }
        self.horizon.wish(Wish::Hook, now);
        true
    }

    /// What is known of the calls of its webhook; `None` if it has none.
    #[must_use]
    pub fn hook_calls(&self) -> Option<Calls> {
        self.hook.as_ref().map(|hook| hook.with(|calls| *calls))
    }

    /// Notes what a poll has found, and says once that the webhook tells of nothing any more.
    pub(super) fn compare_hook(&self, found: Found) {
        let Some(hook) = &self.hook else {
            return;
        };
        let turn = hook.with(|calls| match found {
            Found::Change => calls.found_change(),
            Found::Nothing => {
                calls.found_nothing();
                Turn::None
            }
        });
        if turn == Turn::WentQuiet {
            tracing::warn!(
                source = %self.id(),
                "polls find changes that the webhook did not tell of; see whether the upstream has switched it off"
            );
        }
    }
}

/// What a poll has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The upstream has changed.
    Change,
    /// All is as it was, or differs only because other days were asked for.
    Nothing,
}
