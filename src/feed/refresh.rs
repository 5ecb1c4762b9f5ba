//! When a unit is fetched next; pure.

use std::time::Duration;

/// How soon after a first failure it is tried again.
const FIRST_RETRY: Duration = Duration::from_secs(30);
/// How long a dead upstream is left alone at most.
const LONGEST_RETRY: Duration = Duration::from_hours(1);

/// The time until the next poll of a unit that is polled every `interval` and has failed `failures` times in a row.
///
/// An upstream's own `retry_after`, also one that comes with an answer, is never undercut. `jitter`, 0 to 1, spreads sources that started together over a
/// tenth of the interval.
#[must_use]
pub fn next_poll(
    interval: Duration,
    failures: u32,
    retry_after: Option<Duration>,
    jitter: f64,
) -> Duration {
    let wait = match failures.checked_sub(1) {
        None => interval,
        Some(earlier) => {
            let first = FIRST_RETRY.min(interval);
            let longest = LONGEST_RETRY.max(interval);
            first
                .saturating_mul(2u32.saturating_pow(earlier))
                .min(longest)
        }
    };
    let wait = wait.max(retry_after.unwrap_or_default());
    wait + wait.mul_f64(jitter.clamp(0.0, 1.0) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polls_back_off_after_failures_and_recover() {
        let secs = Duration::from_secs;
        for (failures, retry_after, jitter, want) in [
            (0, None, 0.0, 600.0),
            (0, None, 1.0, 660.0),
            (1, None, 0.0, 30.0),
            (2, None, 0.0, 60.0),
            (3, None, 0.5, 126.0),
            (8, None, 0.0, 3_600.0),
            (u32::MAX, None, 0.0, 3_600.0),
            (0, Some(86_400), 0.0, 86_400.0),
            (0, Some(60), 0.0, 600.0),
            (1, Some(120), 0.0, 120.0),
            (5, Some(120), 0.0, 480.0),
        ] {
            let got = next_poll(secs(600), failures, retry_after.map(secs), jitter);
            assert!(
                (got.as_secs_f64() - want).abs() < 0.001,
                "{failures} {retry_after:?} {jitter}: {got:?}"
            );
        }
    }

    #[test]
    fn a_short_interval_is_not_stretched_by_the_first_failure() {
        assert_eq!(
            next_poll(Duration::from_secs(5), 1, None, 0.0),
            Duration::from_secs(5)
        );
    }
}
