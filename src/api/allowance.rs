//! How many calls an upstream says it still allows, by its `X-RateLimit-…` headers.
//!
//! No standard has them, and upstreams mean different things by the same name, so every known reading is tried.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use tokio::time::Instant;

use super::judge::hint;

/// The longest wait for a reset that is believed: less than of a `Retry-After`, which means but one thing.
const RESET_MAX: Duration = Duration::new(60, 0);
/// Numbers above this are seconds since 1970, below it seconds from now.
const EPOCH_SECONDS: i64 = 1_000_000_000;
/// Numbers above this are milliseconds since 1970.
const EPOCH_MILLIS: i64 = 1_000_000_000_000;

/// What an upstream last said of the calls it still allows.
#[derive(Debug, Default)]
pub(super) struct Allowance {
    /// When it allows calls again, if none were left.
    renewed: Mutex<Option<Instant>>,
}

impl Allowance {
    /// Takes note of an answer: with nothing remaining, no call goes out until the reset it names.
    pub(super) fn note(&self, headers: &HeaderMap, now: DateTime<Utc>) {
        if text(headers, "x-ratelimit-remaining") == Some("0")
            && let Some(wait) = reset(headers, now)
        {
            *self.lock() = Some(Instant::now() + wait);
        }
    }

    /// How long to leave the upstream alone; zero if it may be asked now. At most 60 seconds.
    pub(super) fn rest(&self) -> Duration {
        let renewed = *self.lock();
        renewed.map_or(Duration::ZERO, |at| {
            at.saturating_duration_since(Instant::now())
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.renewed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long until `X-RateLimit-Reset`: seconds from now, seconds or milliseconds since 1970, an HTTP date or RFC 3339.
/// At most 60 seconds.
pub(super) fn reset(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let told = text(headers, "x-ratelimit-reset")?;
    let at = match told.parse::<i64>() {
        Ok(seconds) if seconds < EPOCH_SECONDS => None,
        Ok(seconds) if seconds < EPOCH_MILLIS => DateTime::from_timestamp_secs(seconds),
        Ok(millis) => DateTime::from_timestamp_millis(millis),
        Err(_) => DateTime::parse_from_rfc3339(told)
            .ok()
            .map(|at| at.to_utc()),
    };
    let wait = match at {
        Some(at) => Some((at - now).to_std().unwrap_or_default()),
        None => hint(told, now),
    };
    wait.map(|wait| wait.min(RESET_MAX))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-05-01T12:00:00Z".parse().unwrap()
    }

    fn headers(remaining: &str, reset: &str) -> HeaderMap {
        let given = [
            ("x-ratelimit-limit", "60"),
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-reset", reset),
        ];
        let given = given.iter().filter(|(_, value)| *value != "-");
        given
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_reset_may_be_told_in_five_ways_and_is_capped() {
        let secs = |seconds| Some(Duration::from_secs(seconds));
        for (told, want) in [
            ("30", secs(30)),
            (" 0 ", secs(0)),
            ("3600", secs(60)),
            ("1777636830", secs(30)),
            ("1777636830500", Some(Duration::from_millis(30_500))),
            ("1777636000", secs(0)),
            ("2026-05-01T12:00:45Z", secs(45)),
            ("2026-05-01T14:00:45+02:00", secs(45)),
            ("Fri, 01 May 2026 12:00:30 GMT", secs(30)),
            ("99999999999999999999", secs(60)),
            ("-5", None),
            ("soon", None),
            ("-", None),
        ] {
            assert_eq!(reset(&headers("0", told), noon()), want, "{told:?}");
        }
    }

    #[tokio::test]
    async fn only_an_upstream_that_allows_no_more_is_left_alone() {
        for (remaining, reset, rests) in [
            ("0", "30", true),
            ("0", "0", false),
            ("0", "-", false),
            ("0", "soon", false),
            ("1", "30", false),
            ("-", "30", false),
        ] {
            let allowance = Allowance::default();
            allowance.note(&headers(remaining, reset), noon());
            assert_eq!(!allowance.rest().is_zero(), rests, "{remaining} {reset}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_reset_makes_us_wait_longer_than_a_minute(told in "[!-~]{1,24}|[0-9]{1,24}") {
            let wait = reset(&headers("0", &told), noon());
            proptest::prop_assert!(wait.is_none_or(|wait| wait <= RESET_MAX), "{wait:?}");
        }
    }
}
