//! How long refreshes take, in fixed steps.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::status;

/// The upper bounds of the steps, in milliseconds; what takes longer is in none of them.
const STEPS: [u64; 8] = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000];

/// What was measured since the start.
#[derive(Debug, Default)]
pub(super) struct Durations {
    /// How many ended within each step and not within the one before.
    steps: [AtomicU64; STEPS.len()],
    count: AtomicU64,
    sum_ms: AtomicU64,
}

impl Durations {
    /// Counts one.
    pub(super) fn note(&self, took: Duration) {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let step = STEPS.partition_point(|bound| *bound < ms);
        if let Some(step) = self.steps.get(step) {
            step.fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// What was measured, as the status tells it.
    pub(super) fn told(&self) -> status::Durations {
        let mut within = 0;
        let steps = STEPS.iter().zip(&self.steps).map(|(bound_ms, count)| {
            within += count.load(Ordering::Relaxed);
            status::Step {
                bound_ms: *bound_ms,
                count: within,
            }
        });
        let steps = steps.collect();
        status::Durations {
            steps,
            // One may have ended meanwhile.
            count: self.count.load(Ordering::Relaxed).max(within),
            sum_ms: self.sum_ms.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_counts_all_that_ended_within_it() {
        let durations = Durations::default();
        for ms in [1, 100, 101, 3_000, 400_000] {
            durations.note(Duration::from_millis(ms));
        }
        let told = durations.told();
        let counts: Vec<u64> = told.steps.iter().map(|step| step.count).collect();
        assert_eq!(counts, [2, 3, 3, 4, 4, 4, 4, 4]);
        assert_eq!((told.count, told.sum_ms), (5, 403_202));
    }
}
