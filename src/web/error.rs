//! What a reader is told when there is no calendar to give.

use std::any::Any;

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    api::Chain,
    domain::{frames::Frames, window::BadWindow},
    feed::{FeedError, Missing},
};

use super::{
    cache_policy::CachePolicy,
    page::{Page, wants_html},
    plain::{method_not_allowed, plain},
};

/// When a reader may ask again for a source that does not answer.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("30");

const NOT_YET: &str =
    "the system this calendar comes from has not answered yet; ask again in half a minute";
const GONE: &str = "this calendar is no longer published";
const BUG: &str = "something went wrong here; the operator's log knows more";
const UNKNOWN: &str =
    "no such calendar; the start page lists those there are, and their addresses end in .ics";
const NO_PAGE: &str = "there is no such page; the start page lists the calendars there are";

/// Why a request gets no calendar, or no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebError {
    /// Nothing of that name. What exactly is missing, or closed, is not said (design §13).
    #[error("no such calendar")]
    Unknown,
    #[error(transparent)]
    Window(#[from] BadWindow),
    #[error(transparent)]
    Feed(FeedError),
    /// A page could not be rendered.
    #[error("the page could not be rendered")]
    Page,
}

impl From<FeedError> for WebError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Unknown => Self::Unknown,
            other => Self::Feed(other),
        }
    }
}

impl WebError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown | Self::Feed(FeedError::Unknown) => StatusCode::NOT_FOUND,
            Self::Window(_) | Self::Feed(FeedError::Window(_)) => StatusCode::BAD_REQUEST,
            Self::Page | Self::Feed(FeedError::Bug) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Feed(FeedError::Gone { .. }) => StatusCode::GONE,
            Self::Feed(FeedError::Missing { why, .. }) => match why {
                Missing::Failed(_) => StatusCode::BAD_GATEWAY,
                Missing::Pending | Missing::Busy => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }

    /// What the reader is told, in one sentence without its full stop.
    fn sentence(&self) -> String {
        match self {
            Self::Unknown | Self::Feed(FeedError::Unknown) => UNKNOWN.to_owned(),
            Self::Window(error) => error.to_string(),
            Self::Feed(FeedError::Window(error)) => error.to_string(),
            Self::Feed(FeedError::Gone { moved_to: None }) => GONE.to_owned(),
            Self::Feed(FeedError::Gone {
                moved_to: Some(link),
            }) => format!("{GONE}; its new address is {link}"),
            Self::Feed(FeedError::Missing { .. }) => NOT_YET.to_owned(),
            Self::Page | Self::Feed(FeedError::Bug) => BUG.to_owned(),
        }
    }

    fn log(&self) {
        if let Self::Feed(FeedError::Missing { source_id, why }) = self {
            tracing::debug!(source = %source_id, error = %Chain(why), "nothing to serve yet");
        }
    }

    /// The answer at the address of a page: a page to a browser, a plain sentence to a program.
    pub(super) fn into_page(self, request: &HeaderMap) -> Response {
        if !wants_html(request) {
            return self.into_response();
        }
        let sentence = match self {
            Self::Unknown => NO_PAGE.to_owned(),
            ref other => other.sentence(),
        };
        let Ok(page) = Page::of(
            &Trouble::new(self.status(), &sentence),
            "en",
            &Frames::Nobody,
        ) else {
            return self.into_response();
        };
        self.log();
        // Never a 304: a reader who has the page does not have an answer.
        let mut response = page
            .kept(CachePolicy::Never)
            .respond(&HeaderMap::new(), &[]);
        *response.status_mut() = self.status();
        self.with_retry(response)
    }

    /// The same response, which says when to ask again if that would help.
    fn with_retry(&self, mut response: Response) -> Response {
        if matches!(self, Self::Feed(FeedError::Missing { .. })) {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

/// The answer at the address of a calendar: one plain sentence, whoever asks.
impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        self.log();
        let response = plain(self.status(), &self.sentence());
        self.with_retry(response)
    }
}

/// The page that says why there is no page.
#[derive(Template)]
#[template(path = "trouble.html")]
struct Trouble {
    heading: &'static str,
    sentence: String,
}

impl Trouble {
    fn new(status: StatusCode, sentence: &str) -> Self {
        let heading = match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => "Not here",
            StatusCode::BAD_REQUEST => "This address says something else",
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => "Not yet",
            _ => "Something went wrong",
        };
        let mut letters = sentence.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        Self {
            heading,
            sentence: first.chain(letters.clone()).collect(),
        }
    }
}

/// Any path that is no route.
pub(super) async fn unknown_path(request: HeaderMap) -> Response {
    WebError::Unknown.into_page(&request)
}

/// Any method but GET and HEAD.
pub(super) async fn method() -> Response {
    method_not_allowed()
}

/// A bug. Neither the reader nor the log is told what it says: that may quote an event. The log knows its place.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    plain(StatusCode::INTERNAL_SERVER_ERROR, BUG)
}
