//! How far our clock is from that of an upstream, by the `Date` of its answers (RFC 9110 §6.6.1).

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap};

/// What the last answer said of the time.
#[derive(Debug, Default)]
pub(super) struct Skew(Mutex<Option<TimeDelta>>);

impl Skew {
    /// Takes note of an answer that came at `now`. One from a cache on the way is as old as its `Age` says and tells nothing.
    pub(super) fn note(&self, headers: &HeaderMap, now: DateTime<Utc>) {
        let told = headers.get(DATE).and_then(|date| date.to_str().ok());
        let told = told.and_then(|date| httpdate::parse_http_date(date).ok());
        if let (Some(told), false) = (told, headers.contains_key("age")) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(now - DateTime::<Utc>::from(told));
        }
    }

    /// How far our clock is ahead, to the second; `None` if no answer has told the time.
    pub(super) fn ahead(&self) -> Option<TimeDelta> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::domain::testing::at;

    #[test]
    fn the_clock_is_compared_with_the_date_of_an_answer_that_comes_from_its_server() {
        for (date, age, want) in [
            ("Sun, 22 Nov 2026 12:00:00 GMT", None, Some(90)),
            ("Sun, 22 Nov 2026 12:02:30 GMT", None, Some(-60)),
            ("Sun, 22 Nov 2026 12:00:00 GMT", Some("30"), None),
            ("soon", None, None),
        ] {
            let skew = Skew::default();
            let mut headers = HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))]);
            if let Some(age) = age {
                headers.insert("age", HeaderValue::from_static(age));
            }
            skew.note(&headers, at("2026-11-22T12:01:30Z"));
            let ahead = skew.ahead().map(|ahead| ahead.num_seconds());
            assert_eq!(ahead, want, "{date} {age:?}");
        }
    }
}
