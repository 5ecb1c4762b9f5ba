//! `/oembed`: how another program shows a calendar whose address it was given (interop B14, oembed.com).

use askama::Template as _;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use url::{Url, form_urlencoded};

use crate::{
    domain::{frames::Frames, id::GroupId, text::Line},
    feed::FeedName,
    links::encoded,
    locale::Lang,
};

use super::{
    App,
    address::{Addresses, Form},
    cache_policy::CachePolicy,
    door::Reached,
    error::WebError,
    json::open_to_all,
    made::Made,
    plain::plain,
    snippet::{Snippet, Width},
};

/// The size of a frame if nobody asks for less, in CSS pixels.
const SIZE: (u32, u32) = (800, 600);

/// For how long an answer is good, in seconds: a day.
const CACHE_AGE: u32 = 86_400;

/// A view of a calendar, as in `/embed/{feed}/{view}`, where the address asked for names none.
const VIEW: &str = "month";

/// An answer of type `rich`.
#[derive(Debug, Serialize)]
struct Rich<'a> {
    version: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    provider_name: &'static str,
    provider_url: &'a str,
    cache_age: u32,
    width: u32,
    height: u32,
    html: String,
}

/// What of a request's query counts.
#[derive(Debug, Default)]
struct Asked {
    url: Option<Url>,
    format: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
}

impl Asked {
    fn read(uri: &Uri) -> Self {
        let mut asked = Self::default();
        let query = uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "url" => asked.url = Url::parse(&value).ok(),
                "format" => asked.format = Some(value.into_owned()),
                "maxwidth" => asked.width = value.parse().ok(),
                "maxheight" => asked.height = value.parse().ok(),
                _ => {}
            }
        }
        asked
    }
}

/// `/oembed?url=…&format=json&maxwidth=…&maxheight=…`
pub(super) async fn oembed(State(app): State<App>, uri: Uri, request: HeaderMap) -> Response {
    let asked = Asked::read(&uri);
    if asked
        .format
        .as_deref()
        .is_some_and(|format| format != "json")
    {
        return plain(
            StatusCode::NOT_IMPLEMENTED,
            "only JSON is written here; ask with format=json",
        );
    }
    let answer = app.rich(&asked).map(|bytes| {
        let made = Made {
            bytes,
            media_type: "application/json; charset=utf-8",
            policy: CachePolicy::Public,
            varies_by: &[],
        };
        let mut response = made.respond(&request, app.codings(&request));
        open_to_all(&mut response);
        response
    });
    answer.unwrap_or_else(WebError::into_response)
}

impl App {
    fn rich(&self, asked: &Asked) -> Result<Bytes, WebError> {
        let url = asked.url.as_ref().ok_or(WebError::Unknown)?;
        if url.origin() != self.public_url.origin() {
            return Err(WebError::Unknown);
        }
        let (reached, view) = named(url).ok_or(WebError::Unknown)?;
        let title = self.title(reached.name()).ok_or(WebError::Unknown)?;
        if self.is_in_no_frame(reached.name()) {
            return Err(WebError::Unknown);
        }
        let addresses = Addresses::of(&self.public_url, &reached, &title);
        let within = |most: Option<u32>, usual: u32| most.unwrap_or(usual).clamp(1, usual);
        let (width, height) = (within(asked.width, SIZE.0), within(asked.height, SIZE.1));
        let snippet = Snippet {
            src: &addresses.absolute(&addresses.embed(&view)),
            page: &addresses.absolute(&addresses.path(Form::Page, None)),
            title: title.as_str(),
            name: &(Lang::En.pages().events_of)(title.as_str()),
            width: Width::Pixels(width),
            height,
        };
        let rich = Rich {
            version: "1.0",
            kind: "rich",
            title: title.as_str(),
            provider_name: "calbridge",
            provider_url: self.public_url.as_str(),
            cache_age: CACHE_AGE,
            width,
            height,
            html: snippet.render().or(Err(WebError::Page))?,
        };
        let bytes = serde_json::to_vec(&rich).or(Err(WebError::Page))?;
        Ok(Bytes::from(bytes))
    }

    /// Whether the operator lets no website show it: the code for a frame would be code that cannot work.
    fn is_in_no_frame(&self, name: &FeedName) -> bool {
        let mut feeds = self.feeds.configured();
        feeds.any(|(id, feed)| {
            matches!(name, FeedName::Configured(asked) if asked == id)
                && feed.frames == Frames::Nobody
        })
    }

    /// What people call the feed `name`, if it is public.
    pub(super) fn title(&self, name: &FeedName) -> Option<Line> {
        match name {
            FeedName::Configured(id) => {
                let mut feeds = self.feeds.configured();
                feeds
                    .find(|(other, _)| *other == id)
                    .map(|(_, feed)| feed.title.clone())
            }
            FeedName::Group(source, group) => {
                let mut sources = self.feeds.public_groups();
                let (_, groups) = sources.find(|(other, _)| *other == source)?;
                let name = &groups.get(group)?.name;
                Some(if name.is_empty() {
                    Line::new(group.as_str())
                } else {
                    name.clone()
                })
            }
            FeedName::Closed(_) | FeedName::ClosedGroup(..) => None,
        }
    }
}

/// The feed that a page or an embedded view of ours is of, and the view.
fn named(url: &Url) -> Option<(Reached, String)> {
    let decoded =
        |segment: &str| Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned());
    let segments: Option<Vec<String>> = url.path_segments()?.map(decoded).collect();
    let segments = segments?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let usual = VIEW.to_owned();
    let configured = |id: &str| Some(Reached::configured(id.parse().ok()?));
    let group =
        |source: &str, group: &str| Some(Reached::group(source.parse().ok()?, GroupId::new(group)));
    Some(match segments[..] {
        ["embed", "groups", source, id] | ["groups", source, id, ..] => (group(source, id)?, usual),
        ["embed", "groups", source, id, view, ..] => (group(source, id)?, view.to_owned()),
        ["embed", feed] => (configured(feed)?, usual),
        ["embed", feed, view, ..] => (configured(feed)?, view.to_owned()),
        ["feeds", file] | ["feeds", _, file] => (configured(Form::of(file).1)?, usual),
        _ => return None,
    })
}

/// Where to ask how to show `page`.
pub(super) fn discovery(page: &Url) -> String {
    format!("/oembed?url={}&format=json", encoded(page.as_str()))
}
