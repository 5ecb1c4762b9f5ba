//! What each of many may have at once, and then by and by.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

use axum::http::HeaderValue;

/// How many are remembered at most; some 100 bytes each.
const REMEMBERED: usize = 10_000;

/// How much one may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// So much at once after a rest.
    pub(super) at_once: u32,
    /// And one more each time this has passed.
    pub(super) every: Duration,
}

/// How long to wait until the next one can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wait(pub(super) Duration);

impl Wait {
    /// The value of `Retry-After`.
    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from(self.seconds())
    }

    /// Whole seconds, rounded up.
    fn seconds(self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0)
    }
}

/// What is left to each of many.
///
/// Of whoever has all that may be had nothing is remembered. When there are too many others, those are forgotten who had
/// least: forgetting is in the favour of whoever is forgotten.
#[derive(Debug)]
pub(super) struct Rations<K> {
    pace: Pace,
    /// When everything may be had at once again, by whom.
    rested: HashMap<K, Instant>,
}

impl<K: Eq + Hash> Rations<K> {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            rested: HashMap::new(),
        }
    }

    /// Gives one to `whom`.
    ///
    /// # Errors
    /// [`Wait`] if there is none left at `now`; asking in vain makes it no longer.
    pub(super) fn take(&mut self, whom: K, now: Instant) -> Result<(), Wait> {
        if self.rested.len() >= REMEMBERED && !self.rested.contains_key(&whom) {
            self.forget(now);
        }
        let Pace { at_once, every } = self.pace;
        let rested = self.rested.entry(whom).or_insert(now);
        let next = (*rested).max(now) + every;
        match next.checked_duration_since(now + every * at_once) {
            Some(wait) if !wait.is_zero() => Err(Wait(wait)),
            _ => {
                *rested = next;
                Ok(())
            }
        }
    }

    fn forget(&mut self, now: Instant) {
        self.rested.retain(|_, rested| *rested > now);
        if self.rested.len() >= REMEMBERED {
            let mut all: Vec<_> = self.rested.values().copied().collect();
            let (_, &mut median, _) = all.select_nth_unstable(REMEMBERED / 2);
            self.rested.retain(|_, rested| *rested > median);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    /// Three at once, then one each ten seconds.
    const PACE: Pace = Pace {
        at_once: 3,
        every: Duration::from_secs(10),
    };

    #[test]
    fn everybody_has_some_at_once_and_then_one_each_time_a_while_has_passed() {
        let start = Instant::now();
        let mut rations = Rations::new(PACE);
        for (row, (second, whom, wait)) in [
            (0, "a", None),
            (0, "a", None),
            (0, "a", None),
            (0, "a", Some(10)),
            // Asking in vain costs nothing.
            (0, "a", Some(10)),
            (4, "a", Some(6)),
            (4, "b", None),
            (10, "a", None),
            (10, "a", Some(10)),
            (19, "a", Some(1)),
            (40, "a", None),
            (40, "a", None),
            (40, "a", None),
            (40, "a", Some(10)),
            // However long a rest was, there is no more than that.
            (10_000, "a", None),
            (10_000, "a", None),
            (10_000, "a", None),
            (10_000, "a", Some(10)),
        ]
        .into_iter()
        .enumerate()
        {
            let taken = rations.take(whom, start + SECOND * second);
            let want = wait.map_or(Ok(()), |wait| Err(Wait(SECOND * wait)));
            assert_eq!(taken, want, "row {row}");
        }
    }

    #[test]
    fn however_many_come_only_so_many_are_remembered_and_the_greediest_longest() {
        let start = Instant::now();
        let mut rations = Rations::new(PACE);
        while rations.take(u128::MAX, start).is_ok() {}
        for whom in 0..3 * REMEMBERED as u128 {
            assert_eq!(rations.take(whom, start), Ok(()), "{whom}");
            assert!(rations.rested.len() <= REMEMBERED, "{whom}");
        }
        assert!(rations.take(u128::MAX, start).is_err(), "it is forgotten");

        // Once they have rested, they are forgotten with the next one who comes.
        for whom in 0..2 * REMEMBERED as u128 {
            _ = rations.take(whom, start + SECOND * 100);
        }
        assert!(rations.rested.len() <= REMEMBERED);
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_as_none() {
        for (millis, seconds) in [(1, 1), (999, 1), (1_000, 1), (1_001, 2), (10_000, 10)] {
            assert_eq!(Wait(Duration::from_millis(millis)).seconds(), seconds);
        }
    }
}
