//! How long to wait before trying again.

use std::time::Duration;

/// Doublings after which the wait no longer grows.
const DOUBLINGS_MAX: u32 = 5;

/// The wait after `tries` failed attempts: what the upstream asked for, plus a back-off that doubles from `base`, of
/// which the later half is `jitter` (0.0 to 1.0), so that replicas that failed together do not return together.
pub(super) fn wait(tries: u32, base: Duration, hint: Option<Duration>, jitter: f64) -> Duration {
    let full = base.saturating_mul(1 << tries.saturating_sub(1).min(DOUBLINGS_MAX));
    hint.unwrap_or_default()
        .saturating_add(full / 2 + (full / 2).mul_f64(jitter.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_doubles_is_halfway_random_and_never_shorter_than_asked() {
        let ms = Duration::from_millis;
        for (tries, hint, jitter, want) in [
            (1, None, 0.0, ms(50)),
            (1, None, 1.0, ms(100)),
            (2, None, 0.0, ms(100)),
            (3, None, 1.0, ms(400)),
            (6, None, 1.0, ms(3_200)),
            (u32::MAX, None, 1.0, ms(3_200)),
            (1, Some(ms(7_000)), 0.0, ms(7_050)),
            (2, Some(ms(7_000)), 1.0, ms(7_200)),
        ] {
            let got = wait(tries, ms(100), hint, jitter);
            assert_eq!(got, want, "{tries} {hint:?} {jitter}");
        }
    }
}
