use super::*;
use crate::feed::document::testing::season as document;

const FEED: Terms = Terms {
    policy: CachePolicy::Public,
    disposition: Disposition::Inline,
    codings: &Coding::ALL,
    state: State::Fresh,
    age: None,
};

fn now() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn request(lines: &[(HeaderName, &str)]) -> HeaderMap {
    let line = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
    lines.iter().map(line).collect()
}

/// Status and headers, one a line, in the order of their names; the tag shortened to its suffix.
fn shown(response: &Response) -> Vec<String> {
    let mut lines: Vec<_> = response
        .headers()
        .iter()
        .map(|(name, value)| match (name, value.to_str().unwrap()) {
            (&header::ETAG, value) => format!("{name}: \"…{}", &value[33..]),
            (_, value) => format!("{name}: {value}"),
        })
        .collect();
    lines.sort();
    lines.insert(0, response.status().to_string());
    lines
}

#[test]
fn a_feed_carries_every_header_that_clients_need() {
    let response = respond(&document(), &request(&[]), &FEED, now());
    assert_eq!(
        shown(&response),
        [
            "200 OK",
            "accept-ranges: none",
            "access-control-allow-origin: *",
            "cache-control: public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
            "content-disposition: inline; filename=\"season.ics\"",
            "content-length: 9500",
            "content-type: text/calendar; charset=utf-8",
            "etag: \"…\"",
            "last-modified: Fri, 20 Nov 2026 08:05:09 GMT",
            "vary: accept-encoding",
            "x-calbridge-state: fresh",
            "x-content-type-options: nosniff",
            "x-robots-tag: noindex",
        ]
    );
}

#[test]
fn a_download_below_a_token_is_saved_private_and_closed_to_other_websites() {
    let terms = Terms {
        policy: CachePolicy::Private,
        disposition: Disposition::Attachment,
        ..FEED
    };
    let request = request(&[(header::ACCEPT_ENCODING, "gzip")]);
    let response = respond(&document(), &request, &terms, now());
    let length = response.body().size_hint().exact().unwrap();
    assert!(length < 9500);
    assert_eq!(
        shown(&response),
        [
            "200 OK",
            "accept-ranges: none",
            "cache-control: private, max-age=300",
            "content-disposition: attachment; filename=\"season.ics\"; filename*=UTF-8''Season.ics",
            "content-encoding: gzip",
            &format!("content-length: {length}"),
            "content-type: text/calendar; charset=utf-8",
            "etag: \"…-gz\"",
            "last-modified: Fri, 20 Nov 2026 08:05:09 GMT",
            "referrer-policy: no-referrer",
            "vary: accept-encoding",
            "x-calbridge-state: fresh",
            "x-content-type-options: nosniff",
            "x-robots-tag: noindex",
        ]
    );
}

#[test]
fn a_304_repeats_the_validators_of_its_200_and_nothing_about_the_body() {
    let document = document();
    for coding in ["identity", "gzip", "br", "zstd"] {
        let accept = (header::ACCEPT_ENCODING, coding);
        let first = respond(
            &document,
            &request(std::slice::from_ref(&accept)),
            &FEED,
            now(),
        );
        let tag = first.headers()[header::ETAG].to_str().unwrap();
        let again = respond(
            &document,
            &request(&[accept, (header::IF_NONE_MATCH, tag)]),
            &FEED,
            now(),
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{coding}");
        assert!(again.body().is_end_stream(), "{coding}");

        let repeated = [
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            header::CACHE_CONTROL,
            header::ETAG,
            header::LAST_MODIFIED,
            header::VARY,
            X_CALBRIDGE_STATE,
        ];
        assert_eq!(again.headers().len(), repeated.len(), "{coding}");
        for name in repeated {
            assert_eq!(
                again.headers()[&name],
                first.headers()[&name],
                "{coding} {name}"
            );
        }
    }
}

#[test]
fn a_reader_that_stumbles_over_compression_gets_identity() {
    let terms = Terms {
        codings: &[],
        ..FEED
    };
    let request = request(&[(header::ACCEPT_ENCODING, "gzip, br")]);
    let response = respond(&document(), &request, &terms, now());
    assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
    assert_eq!(response.headers()[header::CONTENT_LENGTH], "9500");
}

#[test]
fn accept_range_and_cookies_change_nothing() {
    let document = document();
    let plain = shown(&respond(&document, &request(&[]), &FEED, now()));
    for line in [
        (header::ACCEPT, "application/json"),
        (header::ACCEPT, "text/html"),
        (header::RANGE, "bytes=0-9"),
        (header::COOKIE, "a=b"),
    ] {
        let response = respond(
            &document,
            &request(std::slice::from_ref(&line)),
            &FEED,
            now(),
        );
        assert_eq!(shown(&response), plain, "{line:?}");
    }
}

#[test]
fn a_document_that_is_not_as_the_upstream_has_it_tells_its_age_after_the_word() {
    for (state, age, told) in [
        (State::Stale, Some(5_400), "stale; age=5400"),
        (State::Blocked, Some(0), "blocked; age=0"),
        (State::Partial, None, "partial"),
        (State::Fresh, None, "fresh"),
    ] {
        let terms = Terms {
            state,
            age: age.map(Duration::from_secs),
            ..FEED
        };
        let response = respond(&document(), &request(&[]), &terms, now());
        assert_eq!(response.headers()[X_CALBRIDGE_STATE], told, "{state:?}");
    }
}
