//! HTML answers: what browsers may do with them, and what websites may (interop B2, B3, B16, B17).

use std::fmt::Write as _;

use askama::Template;
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use crate::{domain::frames::Frames, feed::coding::Coding};

use super::{
    cache_policy::CachePolicy, error::WebError, made::Made, respond::keep_from_search,
    speech::Speech,
};

const MEDIA_TYPE: &str = "text/html; charset=utf-8";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Nothing but our own files, and nothing written into the page itself: what strangers wrote there cannot run.
const CONTENT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
     frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ";

/// Everything a page could ask a visitor's browser for, as far as Chromium knows it: it complains of other names. Writing to the clipboard, which a copy button does on a click, is
/// left to the browser's own rule: the page itself may, a frame may not.
const NOTHING_ASKED: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), \
     clipboard-read=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), \
     hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
     payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
     storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()";

/// A page, rendered.
#[derive(Debug)]
pub(super) struct Page<'a> {
    html: Bytes,
    speech: Speech,
    frames: &'a Frames,
    policy: CachePolicy,
    varies_by: &'a [HeaderName],
}

impl<'a> Page<'a> {
    /// `template` as a page in the language of `speech` that `frames` may show and anybody may keep for five minutes.
    ///
    /// # Errors
    /// [`WebError::Page`] when the template cannot be rendered, which is a bug.
    pub(super) fn of(
        template: &impl Template,
        speech: Speech,
        frames: &'a Frames,
    ) -> Result<Self, WebError> {
        let html = template.render().map_err(|error| {
            tracing::error!(%error, "a page could not be rendered");
            WebError::Page
        })?;
        Ok(Self {
            html: Bytes::from(html),
            speech,
            frames,
            policy: CachePolicy::Public,
            varies_by: &[],
        })
    }

    /// The same, kept as `policy` says.
    pub(super) fn kept(self, policy: CachePolicy) -> Self {
        Self { policy, ..self }
    }

    /// The same, and caches know that these lines of the request decided what is in it, beside that of its language.
    pub(super) fn varying(self, varies_by: &'a [HeaderName]) -> Self {
        Self { varies_by, ..self }
    }

    /// Answers a GET or HEAD in one of `codings`: 200, or 304 to a reader who has this page.
    pub(super) fn respond(self, request: &HeaderMap, codings: &[Coding]) -> Response {
        let response = self.made().respond(request, codings);
        self.labelled(response, request)
    }

    /// Answers with `status`, which says why the reader gets this page and not another: nobody keeps it, and nobody is told
    /// that it has not changed, since an answer is still owed.
    pub(super) fn refuse(self, status: StatusCode) -> Response {
        let page = self.kept(CachePolicy::Never);
        let response = page.made().refuse(status);
        page.labelled(response, &HeaderMap::new())
    }

    fn made(&self) -> Made<'a> {
        Made {
            bytes: self.html.clone(),
            media_type: MEDIA_TYPE,
            policy: self.policy,
            varies_by: self.varies_by,
        }
    }

    /// `response` with what browsers and caches have to know of a page.
    fn labelled(&self, mut response: Response, request: &HeaderMap) -> Response {
        let headers = response.headers_mut();
        // In a 304 too: who may show a page can change while its bytes do not.
        headers.insert(header::CONTENT_SECURITY_POLICY, content_policy(self.frames));
        permit(self.frames, request, headers);
        headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static(NOTHING_ASKED));
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
        if self.policy == CachePolicy::Private {
            keep_from_search(headers);
        }
        if let Ok(language) = HeaderValue::try_from(self.speech.locale().to_string()) {
            headers.insert(header::CONTENT_LANGUAGE, language);
        }
        if let Speech::Accepted(_) = self.speech {
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        }
        response
    }
}

/// Lets the scripts of a website read what it may show in a frame: the component does, instead of a frame.
fn permit(frames: &Frames, request: &HeaderMap, headers: &mut HeaderMap) {
    let permitted = match frames {
        Frames::Nobody => return,
        Frames::Anybody => Some(HeaderValue::from_static("*")),
        Frames::Only(origins) => {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
            let asking = request.get(header::ORIGIN);
            let known = |asking: &&HeaderValue| origins.iter().any(|one| *asking == one.as_str());
            asking.filter(known).cloned()
        }
    };
    if let Some(permitted) = permitted {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, permitted);
    }
}

fn content_policy(frames: &Frames) -> HeaderValue {
    let mut policy = CONTENT.to_owned();
    match frames {
        Frames::Nobody => policy.push_str("'none'"),
        Frames::Anybody => policy.push('*'),
        Frames::Only(origins) => {
            policy.push_str("'self'");
            for origin in origins {
                let _ = write!(policy, " {origin}");
            }
        }
    }
    HeaderValue::try_from(policy).expect("an origin is visible ASCII")
}

/// Whether the reader is a browser that a person looks at: it asks for HTML by name. Programs ask for anything.
pub(super) fn wants_html(request: &HeaderMap) -> bool {
    let values = request.get_all(header::ACCEPT).iter();
    let mut ranges = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let html = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("text/html"));
        let refused = |part: &str| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        html && !parts.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Template)]
    #[template(source = "<p>{{ title }}</p>", ext = "html")]
    struct Small<'a> {
        title: &'a str,
    }

    fn english() -> Speech {
        Speech::of(None, &HeaderMap::new())
    }

    fn answer(frames: &Frames) -> Response {
        let page = Page::of(&Small { title: "<b>" }, english(), frames).unwrap();
        page.respond(&HeaderMap::new(), &Coding::ALL)
    }

    #[test]
    fn a_page_shows_in_the_frames_it_is_for_and_runs_nothing_but_our_own_files() {
        let only = |origins: &[&str]| {
            Frames::Only(origins.iter().map(|text| text.parse().unwrap()).collect())
        };
        for (frames, want) in [
            (Frames::Nobody, "'none'"),
            (Frames::Anybody, "*"),
            (only(&[]), "'self'"),
            (
                only(&["https://a.example", "http://b.example:8080"]),
                "'self' https://a.example http://b.example:8080",
            ),
        ] {
            let answer = answer(&frames);
            let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str();
            let (content, ancestors) = policy.unwrap().split_once("frame-ancestors ").unwrap();
            assert_eq!(ancestors, want);
            assert!(content.starts_with("default-src 'none'; "), "{content}");
            assert!(!content.contains("unsafe"), "{content}");
            assert!(!answer.headers().contains_key(header::X_FRAME_OPTIONS));
        }
    }

    #[test]
    fn scripts_of_a_website_may_read_what_it_may_show_and_nothing_else() {
        let only = Frames::Only(vec!["https://a.example".parse().unwrap()]);
        for (frames, origin, want) in [
            (&Frames::Nobody, "https://a.example", None),
            (&Frames::Anybody, "https://a.example", Some("*")),
            (&only, "https://a.example", Some("https://a.example")),
            (&only, "https://a.example.evil.example", None),
            (&only, "null", None),
        ] {
            let request = [(header::ORIGIN, origin.parse().unwrap())];
            let page = Page::of(&Small { title: "" }, english(), frames).unwrap();
            let answer = page.respond(&request.into_iter().collect(), &Coding::ALL);
            let permitted = answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            let permitted = permitted.map(|value| value.to_str().unwrap());
            assert_eq!(permitted, want, "{frames:?} {origin}");
            let varies = answer.headers().get_all(header::VARY).iter();
            let by_origin = varies.filter(|name| *name == "origin").count() == 1;
            assert_eq!(by_origin, matches!(frames, Frames::Only(_)), "{frames:?}");
        }
    }

    #[test]
    fn a_page_asks_for_nothing_and_tells_nobody_where_its_reader_was() {
        let answer = answer(&Frames::Nobody);
        let asked = answer.headers()[PERMISSIONS_POLICY].to_str().unwrap();
        assert!(asked.split(", ").all(|one| one.ends_with("=()")), "{asked}");
        for (name, want) in [
            (header::CONTENT_TYPE, MEDIA_TYPE),
            (header::CONTENT_LANGUAGE, "en"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ] {
            assert_eq!(answer.headers()[&name], want);
        }
    }

    #[test]
    fn only_who_asks_for_html_by_name_is_a_browser() {
        for (accept, html) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("Text/HTML; charset=utf-8", true),
            ("text/html;q=0.5, text/plain", true),
            ("text/html;q=0", false),
            ("*/*", false),
            ("text/*", false),
            ("text/calendar", false),
            ("", false),
        ] {
            let request = [(header::ACCEPT, accept.parse().unwrap())];
            let request = request.into_iter().collect();
            assert_eq!(wants_html(&request), html, "{accept:?}");
        }
        assert!(!wants_html(&HeaderMap::new()));
    }
}
