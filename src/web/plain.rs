//! Answers that are one plain sentence, and the redirect to https.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};

/// `text` as an answer, with a line break at its end.
///
/// It may quote what was asked: nothing in it is markup or moves a terminal's cursor. No cache keeps it, a 404 included: it
/// costs nothing to make, and one that was kept would outlive the configuration change that makes the address good.
#[must_use]
pub fn plain(status: StatusCode, text: &str) -> Response {
    let mut shown: String = text.trim_end().chars().map(harmless).collect();
    shown.push('\n');
    let mut response = Response::new(Body::from(shown));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to a method other than GET and HEAD where only those exist.
#[must_use]
pub fn method_not_allowed() -> Response {
    let text = "calendars are only read here; ask with GET or HEAD";
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, text);
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// The answer to plain http where https is spoken: the same path and query below `origin`, such as
/// `https://calendars.example.org`, for good (interop H10, H11).
#[must_use]
pub fn moved_to_https(origin: &str, asked: &Uri) -> Response {
    let path = asked.path_and_query().map_or("/", |path| path.as_str());
    let Ok(location) = HeaderValue::try_from(format!("{origin}{path}")) else {
        return plain(
            StatusCode::BAD_REQUEST,
            "this address cannot be written in a header",
        );
    };
    let mut response = plain(
        StatusCode::PERMANENT_REDIRECT,
        "this calendar is served over https",
    );
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// `c`, or what stands for it where it could be taken for a tag or a control sequence.
fn harmless(c: char) -> char {
    match c {
        '<' => '‹',
        '>' => '›',
        '\n' => c,
        _ if c.is_control() => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn text(response: Response) -> String {
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_plain_answer_is_text_kept_by_nobody() {
        let response = plain(StatusCode::NOT_FOUND, "no such calendar");
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/plain; charset=utf-8"
        );
        assert_eq!(
            response.headers()[header::X_CONTENT_TYPE_OPTIONS],
            "nosniff"
        );
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert!(!response.headers().contains_key(header::WWW_AUTHENTICATE));
        assert_eq!(text(response).await, "no such calendar\n");
    }

    #[tokio::test]
    async fn what_was_asked_is_quoted_without_markup_or_control_sequences() {
        for (given, shown) in [
            ("`<script>x</script>`", "`‹script›x‹/script›`\n"),
            (
                "red \u{1b}[31m bell \u{7}",
                "red \u{fffd}[31m bell \u{fffd}\n",
            ),
            ("a\r\nb\n\n", "a\u{fffd}\nb\n"),
            ("", "\n"),
        ] {
            assert_eq!(
                text(plain(StatusCode::BAD_REQUEST, given)).await,
                shown,
                "{given:?}"
            );
        }
    }

    #[test]
    fn a_refused_method_says_which_are_allowed() {
        let response = method_not_allowed();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[header::ALLOW], "GET, HEAD");
    }

    #[test]
    fn https_has_the_same_path_and_query_at_our_own_host() {
        for (asked, location) in [
            ("/feeds/season.ics", "https://c.example/feeds/season.ics"),
            (
                "/feeds/season.ics?x=1&y",
                "https://c.example/feeds/season.ics?x=1&y",
            ),
            (
                "http://other.example/a%20b.ics",
                "https://c.example/a%20b.ics",
            ),
            (
                "//other.example/a.ics",
                "https://c.example//other.example/a.ics",
            ),
        ] {
            let response = moved_to_https("https://c.example", &asked.parse().unwrap());
            assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT, "{asked}");
            assert_eq!(response.headers()[header::LOCATION], location, "{asked}");
        }
    }
}
