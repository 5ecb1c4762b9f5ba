//! Whether a reader already holds the current copy (RFC 9110 §13, interop H6).

use std::time::UNIX_EPOCH;

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Utc};

use super::encoding::Accepted;
use crate::feed::document::{Document, Form};

/// The form that the reader holds and may go on using: answer 304 with its tag. Nothing if it has to be sent a copy.
///
/// `If-None-Match` decides alone if it is there, be it malformed; `If-Modified-Since` only without it.
#[must_use]
pub fn held<'d>(
    document: &'d Document,
    accepted: &Accepted,
    request: &HeaderMap,
    now: DateTime<Utc>,
) -> Option<&'d Form> {
    let best = accepted.best(document);
    if !request.contains_key(header::IF_NONE_MATCH) {
        return unchanged_since(document, request, now).then_some(best);
    }
    if lists(request, best.etag()) {
        return Some(best);
    }
    // A copy in another coding is as current, and among the codings that the reader takes the choice is ours (RFC 9110 §12.1).
    // Not beyond them: a shared cache asks with the tags that it has on behalf of a reader who may not take them
    // (RFC 9111 §4.3.1), and would hand that reader bytes it cannot decode.
    let mut others = document
        .forms()
        .filter(|form| accepted.takes(form.coding()));
    others.find(|form| lists(request, form.etag()))
}

/// Whether `If-None-Match` lists `tag`, compared weakly (RFC 9110 §8.8.3.2), or is `*`.
pub(super) fn lists(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let mut values = request.get_all(header::IF_NONE_MATCH).iter();
    values.any(|value| value == tag || value.as_bytes() == b"*" || quotes(value, tag))
}

/// Whether `tag` is one of the entity tags in `value`. Commas may be part of a tag, so quotes are what divides the list.
fn quotes(value: &HeaderValue, tag: &HeaderValue) -> bool {
    quoted(value).any(|listed| quoted(tag).eq([listed]))
}

/// What stands in double quotes in `value`; a `W/` before them makes no difference to a weak comparison.
fn quoted(value: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    value.as_bytes().split(|&b| b == b'"').skip(1).step_by(2)
}

/// Whether `If-Modified-Since` says that the copy is current.
///
/// A date later than `now` cannot come from us and shows a clock that is ahead. What such a reader fetched may be older than
/// our last change although its date is not, so it gets the copy: a needless 200 costs bytes, a wrong 304 freezes a calendar.
fn unchanged_since(document: &Document, request: &HeaderMap, now: DateTime<Utc>) -> bool {
    let mut values = request.get_all(header::IF_MODIFIED_SINCE).iter();
    // More than one line is no date (RFC 9110 §13.1.3).
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let Some(since) = seconds(value) else {
        return false;
    };
    (document.last_modified().timestamp()..=now.timestamp()).contains(&since)
}

/// An HTTP date in any of its three forms, in seconds since 1970.
fn seconds(date: &HeaderValue) -> Option<i64> {
    let date = httpdate::parse_http_date(date.to_str().ok()?).ok()?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;
    use crate::feed::{coding::Coding, document::testing::season as document};

    const CHANGED: &str = "Fri, 20 Nov 2026 08:05:09 GMT";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn tag(document: &Document, coding: Coding) -> String {
        let mut forms = document.forms();
        let form = forms.find(|form| form.coding() == coding).unwrap();
        form.etag().to_str().unwrap().to_owned()
    }

    /// The coding of the copy held by one who sends `lines`, an hour after the last change.
    fn coding_held(document: &Document, lines: &[(HeaderName, &str)]) -> Option<Coding> {
        let line = |(name, value): &(HeaderName, &str)| {
            (
                name.clone(),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            )
        };
        let request: HeaderMap = lines.iter().map(line).collect();
        let accepted = Accepted::read(&request, &Coding::ALL);
        held(document, &accepted, &request, at("2026-11-20T09:00:00Z")).map(Form::coding)
    }

    #[test]
    fn if_none_match_wins_over_if_modified_since() {
        let document = document();
        let tag = tag(&document, Coding::Identity);
        let bare = tag.trim_matches('"');
        let dates = [
            (None, false),
            (Some("Fri, 20 Nov 2026 08:05:08 GMT"), false),
            (Some(CHANGED), true),
            (Some("Fri, 20 Nov 2026 08:30:00 GMT"), true),
            (Some("Fri, 20 Nov 2026 09:00:01 GMT"), false),
            (Some("Thu, 01 Jan 2099 00:00:00 GMT"), false),
            (Some("yesterday"), false),
            (Some(""), false),
        ];
        let tags = [
            (None, None),
            (Some(tag.clone()), Some(true)),
            (Some(format!("W/{tag}")), Some(true)),
            (Some("*".to_owned()), Some(true)),
            (Some(format!(r#""a,b", "",W/"c" , {tag}"#)), Some(true)),
            (Some(format!(r#"{tag},"x""#)), Some(true)),
            (Some(r#""other""#.to_owned()), Some(false)),
            (Some(r#"W/"other", "more""#.to_owned()), Some(false)),
            (Some(String::new()), Some(false)),
            (Some(bare.to_owned()), Some(false)),
            (Some(format!(r#""{bare}x""#)), Some(false)),
            (Some(format!(r#""a, {bare}, b""#)), Some(false)),
            (Some(r#""*""#.to_owned()), Some(false)),
            (Some("gärbage\"".to_owned()), Some(false)),
        ];
        for (date, by_date) in dates {
            for (listed, by_tag) in &tags {
                let since = date.map(|date| (header::IF_MODIFIED_SINCE, date));
                let listed = listed.as_deref().map(|tag| (header::IF_NONE_MATCH, tag));
                let lines: Vec<_> = since.into_iter().chain(listed).collect();
                let want = by_tag.unwrap_or(by_date).then_some(Coding::Identity);
                assert_eq!(coding_held(&document, &lines), want, "{lines:?}");
            }
        }
    }

    #[test]
    fn a_date_may_be_written_in_each_of_the_three_forms() {
        for date in [
            CHANGED,
            "Friday, 20-Nov-26 08:05:09 GMT",
            "Fri Nov 20 08:05:09 2026",
        ] {
            let lines = [(header::IF_MODIFIED_SINCE, date)];
            assert_eq!(
                coding_held(&document(), &lines),
                Some(Coding::Identity),
                "{date}"
            );
        }
    }

    #[test]
    fn two_dates_are_no_date() {
        let line = (header::IF_MODIFIED_SINCE, CHANGED);
        assert_eq!(coding_held(&document(), &[line.clone(), line]), None);
    }

    #[test]
    fn tags_may_be_spread_over_several_lines() {
        let document = document();
        let tag = tag(&document, Coding::Identity);
        let lines = [
            (header::IF_NONE_MATCH, r#""other""#),
            (header::IF_NONE_MATCH, &tag),
        ];
        assert_eq!(coding_held(&document, &lines), Some(Coding::Identity));
    }

    #[test]
    fn a_copy_in_another_coding_counts_if_the_reader_takes_that_coding() {
        use Coding::{Brotli, Gzip, Identity, Zstd};
        let document = document();
        let best = document.forms().next().unwrap().coding();
        for (accept, copy, want) in [
            ("gzip", Gzip, Some(Gzip)),
            ("gzip, br, zstd", Gzip, Some(Gzip)),
            ("gzip, br, zstd", Brotli, Some(Brotli)),
            ("gzip, br, zstd", Zstd, Some(Zstd)),
            ("gzip, br, zstd", Identity, Some(Identity)),
            ("gzip", Brotli, None),
            ("br", Gzip, None),
            ("", Gzip, None),
            ("gzip, identity;q=0", Identity, None),
        ] {
            let lines = [
                (header::ACCEPT_ENCODING, accept),
                (header::IF_NONE_MATCH, &tag(&document, copy)),
            ];
            assert_eq!(coding_held(&document, &lines), want, "{accept:?} {copy:?}");
        }
        for everything in [
            "*",
            &Coding::ALL.map(|coding| tag(&document, coding)).join(", "),
        ] {
            let lines = [
                (header::ACCEPT_ENCODING, "gzip, br, zstd"),
                (header::IF_NONE_MATCH, everything),
            ];
            assert_eq!(coding_held(&document, &lines), Some(best), "{everything}");
        }
    }
}
