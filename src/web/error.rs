//! What a reader is told when there is no calendar to give.

use std::any::Any;

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{
    api::Chain,
    domain::{frames::Frames, window::BadWindow},
    feed::{FeedError, Missing, TooMuch},
};

use super::{
    page::{Page, wants_html},
    plain::{method_not_allowed, plain},
    ration::Wait,
    speech::Speech,
};

/// After how many seconds a reader may ask again for a source that does not answer.
const AGAIN: u32 = 30;

const NOT_YET: &str =
    "the system this calendar comes from has not answered yet; ask again in half a minute";
const TOO_MUCH: &str =
    "more is asked for than is made at once; ask again in a while, calendars do so by themselves";
const GONE: &str = "this calendar is no longer published";
const BUG: &str = "something went wrong here; the operator's log knows more";
const UNKNOWN: &str =
    "no such calendar; the start page lists those there are, and their addresses end in .ics";

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

impl From<TooMuch> for WebError {
    fn from(too_much: TooMuch) -> Self {
        Self::Feed(too_much.into())
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
            Self::Feed(FeedError::TooMuch(_)) => StatusCode::SERVICE_UNAVAILABLE,
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
            Self::Feed(FeedError::TooMuch(_)) => TOO_MUCH.to_owned(),
            Self::Page | Self::Feed(FeedError::Bug) => BUG.to_owned(),
        }
    }

    fn log(&self) {
        if let Self::Feed(FeedError::Missing { source_id, why }) = self {
            tracing::debug!(source = %source_id, error = %Chain(why), "nothing to serve yet");
        }
    }

    /// The answer at the address of a page: a page to a browser, a plain sentence to a program.
    pub(super) fn into_page(self, speech: Speech, request: &HeaderMap) -> Response {
        if !wants_html(request) {
            return self.into_response();
        }
        let Ok(page) = Page::of(&self.trouble(speech), speech, &Frames::Nobody) else {
            return self.into_response();
        };
        self.log();
        let response = page.refuse(self.status());
        self.with_retry(response)
    }

    fn trouble(&self, speech: Speech) -> Trouble {
        let (texts, pages) = (speech.texts(), speech.pages());
        let (heading, sentence) = match self {
            Self::Unknown | Self::Feed(FeedError::Unknown | FeedError::Gone { .. }) => {
                (pages.not_here, pages.not_here_why)
            }
            Self::Window(_) | Self::Feed(FeedError::Window(_)) => {
                (texts.bad_address, pages.bad_window)
            }
            Self::Feed(FeedError::Missing { .. }) => (texts.not_yet, texts.not_yet_why),
            Self::Feed(FeedError::TooMuch(_)) => (texts.not_yet, pages.too_much),
            Self::Page | Self::Feed(FeedError::Bug) => (pages.wrong, pages.wrong_why),
        };
        Trouble {
            speech,
            heading,
            sentence,
            again: matches!(self, Self::Feed(FeedError::Missing { .. })).then_some(AGAIN),
            moved_to: match self {
                Self::Feed(FeedError::Gone { moved_to }) => moved_to.clone(),
                _ => None,
            },
        }
    }

    /// The same response, which says when to ask again if that would help.
    fn with_retry(&self, mut response: Response) -> Response {
        let again = match self {
            Self::Feed(FeedError::Missing { .. }) => HeaderValue::from(AGAIN),
            Self::Feed(FeedError::TooMuch(TooMuch { wait })) => Wait(*wait).header(),
            _ => return response,
        };
        response.headers_mut().insert(header::RETRY_AFTER, again);
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
    speech: Speech,
    heading: &'static str,
    sentence: &'static str,
    /// After how many seconds the page is asked for again.
    again: Option<u32>,
    /// What took the place of what is gone.
    moved_to: Option<Url>,
}

/// Any path that is no route.
pub(super) async fn unknown_path(uri: Uri, request: HeaderMap) -> Response {
    WebError::Unknown.into_page(Speech::read(uri.query(), &request), &request)
}

/// Any method but GET and HEAD.
pub(super) async fn method() -> Response {
    method_not_allowed()
}

/// A bug. Neither the reader nor the log is told what it says: that may quote an event. The log knows its place.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    plain(StatusCode::INTERNAL_SERVER_ERROR, BUG)
}
