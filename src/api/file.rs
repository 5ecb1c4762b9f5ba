//! Files that may be as they were: conditional requests, and how long an answer stays true.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{
    Response,
    header::{
        AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue,
        IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    },
};
use url::Url;

use super::{call::Call, decode, error::ApiError, pipeline::Api, wire::header};

/// The longest time an answer is believed to stay true; beyond it the value is more likely a mistake than a plan.
const FRESH_MAX: Duration = Duration::from_hours(24);

/// By what an upstream tells whether a copy is still the newest (RFC 9110 §8.8). Empty if it does not say.
///
/// It means something at the address that gave it and nowhere else: an address that leads on to another file tomorrow would
/// call our copy unchanged because that file happens to be older.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Validator {
    given_by: Option<Url>,
    etag: Option<HeaderValue>,
    modified: Option<HeaderValue>,
}

/// What an answer says of itself, beside its body.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// What to ask with the next time.
    pub(super) validator: Validator,
    /// How long it stays true, at most a day.
    pub(super) fresh_for: Option<Duration>,
}

/// An answer to a call for a file that we may hold already.
#[derive(Debug)]
pub struct File {
    /// Its bytes, decompressed; `None` if it is what [`Call::unless`] named.
    pub body: Option<Vec<u8>>,
    /// What to ask with the next time.
    pub validator: Validator,
    /// How long the upstream wants the answer to be taken for true (RFC 9111 §4.2), at most a day.
    pub fresh_for: Option<Duration>,
}

/// Without the address, which may hold a token.
impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validator")
            .field("etag", &self.etag)
            .field("modified", &self.modified)
            .finish_non_exhaustive()
    }
}

impl Validator {
    fn of(response: &Response) -> Self {
        let value = |name: HeaderName| response.headers().get(name).cloned();
        Self {
            given_by: Some(response.url().clone()),
            etag: value(ETAG),
            modified: value(LAST_MODIFIED),
        }
    }

    /// The headers that ask `url` for anything newer; none if it gave nothing to ask with. Servers that know both take the
    /// first (RFC 9110 §13.2.2).
    pub(super) fn headers_for(&self, url: &Url) -> HeaderMap {
        let pairs = [
            (IF_NONE_MATCH, &self.etag),
            (IF_MODIFIED_SINCE, &self.modified),
        ];
        let pairs = pairs
            .into_iter()
            .filter(|_| self.given_by.as_ref() == Some(url));
        pairs
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect()
    }
}

impl Head {
    pub(super) fn of(response: &Response, now: DateTime<Utc>) -> Self {
        let text = |name: HeaderName| header(response, name.as_str());
        let fresh_for = fresh_for(
            text(CACHE_CONTROL),
            text(EXPIRES),
            text(DATE),
            text(AGE),
            now,
        );
        Self {
            validator: Validator::of(response),
            fresh_for,
        }
    }
}

impl Api {
    /// Reads an iCalendar file, unless it is what [`Call::unless`] named.
    ///
    /// # Errors
    ///
    /// Every [`ApiError`], when the attempts that the limits allow have brought no answer, or none that begins and ends
    /// as a calendar does.
    pub async fn calendar(&self, call: Call) -> Result<File, ApiError> {
        let (at, answer) = self.answer(&call, "text/calendar, */*;q=0.1").await?;
        let head = answer.head.clone();
        let body = if answer.unchanged {
            None
        } else {
            Some(decode::calendar(answer).map_err(|flaw| at.malformed(flaw))?)
        };
        Ok(File {
            body,
            validator: head.validator,
            fresh_for: head.fresh_for,
        })
    }
}

/// How much longer an answer stays true by its headers: `max-age`, else `Expires` (RFC 9111 §4.2.1), less its `Age`.
/// `None` if it says nothing, or that it stays true for no time at all.
fn fresh_for(
    cache_control: Option<&str>,
    expires: Option<&str>,
    date: Option<&str>,
    age: Option<&str>,
    now: DateTime<Utc>,
) -> Option<Duration> {
    let directives = cache_control.unwrap_or_default().to_ascii_lowercase();
    let mut directives = directives.split(',').map(str::trim);
    if directives
        .clone()
        .any(|one| matches!(one, "no-store" | "no-cache"))
    {
        return None;
    }
    let max_age = directives.find_map(|one| one.strip_prefix("max-age="));
    let lifetime = if let Some(seconds) = max_age {
        Duration::from_secs(seconds.trim_matches('"').parse().ok()?)
    } else {
        let time = |text: &str| {
            let at = httpdate::parse_http_date(text).ok();
            at.map(DateTime::<Utc>::from)
        };
        let since = date.and_then(time).unwrap_or(now);
        (time(expires?)? - since).to_std().ok()?
    };
    let age = age.and_then(|text| text.trim().parse().ok());
    let left = lifetime.saturating_sub(Duration::from_secs(age.unwrap_or_default()));
    (left > Duration::ZERO).then_some(left.min(FRESH_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stays_true_for_as_long_as_its_headers_say_and_a_day_at_most() {
        let now = "2026-05-01T12:00:00Z".parse().unwrap();
        let (noon, one, two) = (
            Some("Fri, 01 May 2026 12:00:00 GMT"),
            Some("Fri, 01 May 2026 13:00:00 GMT"),
            Some("Fri, 01 May 2026 14:00:00 GMT"),
        );
        for (control, expires, date, age, want) in [
            (None, None, None, None, None),
            (Some("max-age=300"), None, None, None, Some(300)),
            (
                Some("public, Max-Age=300, must-revalidate"),
                two,
                None,
                None,
                Some(300),
            ),
            (Some("max-age=\"300\""), None, None, None, Some(300)),
            (Some("max-age=300"), None, None, Some("100"), Some(200)),
            (Some("max-age=300"), None, None, Some("300"), None),
            (Some("max-age=0"), two, None, None, None),
            (Some("max-age=soon"), two, None, None, None),
            (Some("no-cache, max-age=300"), None, None, None, None),
            (Some("no-store"), two, None, None, None),
            (Some("s-maxage=300"), None, None, None, None),
            (Some("private"), two, one, None, Some(3_600)),
            (None, two, None, None, Some(7_200)),
            (None, noon, one, None, None),
            (None, Some("0"), None, None, None),
            (Some("max-age=31536000"), None, None, None, Some(86_400)),
        ] {
            let got = fresh_for(control, expires, date, age, now);
            let want = want.map(Duration::from_secs);
            assert_eq!(got, want, "{control:?} {expires:?} {date:?} {age:?}");
        }
    }
}
