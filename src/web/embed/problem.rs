//! What stands in a frame when there is no calendar to show: a small page in the visitor's language.

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    domain::frames::Frames,
    feed::FeedError,
    locale::Locale,
    view::{BadDate, BadView, View},
    web::{
        assets::Asset,
        error::WebError,
        page::{Page, wants_html},
        plain::plain,
        speech::Speech,
    },
};

/// After how many seconds a page that has nothing yet is asked for again.
const AGAIN: u32 = 30;

/// Why there is no calendar to show.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// Nothing of that name. What exactly is missing, or closed, is not said (design §13).
    #[error("no such calendar")]
    Unknown,
    #[error(transparent)]
    View(#[from] BadView),
    #[error(transparent)]
    Date(#[from] BadDate),
    #[error(transparent)]
    Feed(FeedError),
    /// A page could not be rendered.
    #[error("the page could not be rendered")]
    Bug,
}

impl From<FeedError> for Problem {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Unknown => Self::Unknown,
            other => Self::Feed(other),
        }
    }
}

#[derive(Template)]
#[template(path = "embed/problem.html")]
struct ProblemPage {
    locale: Locale,
    heading: &'static str,
    sentence: String,
    again: Option<u32>,
    sheet: &'static str,
}

impl Problem {
    /// The answer: a page to a browser, a plain sentence to a program.
    pub(super) fn respond(self, speech: Speech, request: &HeaderMap) -> Response {
        let status = self.status();
        let again = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(AGAIN);
        let mut response = if wants_html(request) {
            self.page(speech, again)
                .unwrap_or_else(|| WebError::Page.into_response())
        } else {
            self.sentence()
        };
        *response.status_mut() = status;
        if let Some(seconds) = again {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown | Self::Feed(FeedError::Unknown) => StatusCode::NOT_FOUND,
            Self::View(_) | Self::Date(_) | Self::Feed(FeedError::Window(_)) => {
                StatusCode::BAD_REQUEST
            }
            Self::Feed(FeedError::Gone { .. }) => StatusCode::GONE,
            Self::Feed(FeedError::Missing { .. } | FeedError::TooMuch(_)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Bug | Self::Feed(FeedError::Bug) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn page(&self, speech: Speech, again: Option<u32>) -> Option<Response> {
        let texts = speech.texts();
        let (heading, sentence) = match self {
            Self::Unknown | Self::Feed(FeedError::Unknown | FeedError::Gone { .. }) => {
                (texts.unknown, texts.unknown_why.to_owned())
            }
            Self::View(_) => {
                let words: Vec<&str> = View::ALL.iter().map(|view| view.word()).collect();
                (
                    texts.bad_address,
                    format!("{} {}", texts.bad_view, words.join(", ")),
                )
            }
            Self::Date(_) | Self::Feed(FeedError::Window(_)) => {
                (texts.bad_address, texts.bad_date.to_owned())
            }
            Self::Feed(_) | Self::Bug => (texts.not_yet, texts.not_yet_why.to_owned()),
        };
        let page = ProblemPage {
            locale: speech.locale(),
            heading,
            sentence,
            again,
            sheet: Asset::Embed.path(),
        };
        // In any frame: it holds nothing of a calendar, and a blank frame would not say what is wrong.
        let page = Page::of(&page, speech, &Frames::Anybody).ok()?;
        Some(page.refuse(self.status()))
    }

    fn sentence(self) -> Response {
        match self {
            Self::View(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
            Self::Date(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
            Self::Unknown => WebError::Unknown.into_response(),
            Self::Feed(error) => WebError::from(error).into_response(),
            Self::Bug => WebError::Page.into_response(),
        }
    }
}
