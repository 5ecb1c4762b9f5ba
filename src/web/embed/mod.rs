//! Calendars for other websites to show, in a frame or as a part of their own pages (design §7, interop B).

mod problem;
mod template;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    response::Response,
    routing::{MethodRouter, get},
};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    domain::id::GROUPS,
    view::{self, View, options::Read},
};

use super::{
    App,
    cache_policy::CachePolicy,
    door::{Door, Reached},
    page::Page,
    respond::keep_from_search,
    speech::Speech,
};
use problem::Problem;
use template::{Embed, Fragment};

/// The keys of the query whose values are not known, which count as not given.
const X_CALBRIDGE_IGNORED: HeaderName = HeaderName::from_static("x-calbridge-ignored");

/// What an address says of a view, not yet looked at.
#[derive(Debug)]
struct Asked {
    view: Option<String>,
    day: Option<String>,
}

/// What is around a calendar.
#[derive(Debug, Clone, Copy)]
enum Around {
    /// A page of its own, for a frame or the component.
    Page,
    /// A page that another website makes, of which it is a part.
    Website,
}

/// What the address of a view of a feed says.
#[derive(Debug, Deserialize)]
struct OfFeed {
    feed: String,
    view: Option<String>,
    date: Option<String>,
}

/// What the address of a view of a group says.
#[derive(Debug, Deserialize)]
struct OfGroup {
    source: String,
    group: String,
    view: Option<String>,
    date: Option<String>,
}

/// The routes of the embeds and of the fragments.
pub(super) fn routes() -> Router<App> {
    let views = |root: &str, feed: &MethodRouter<App>, group: &MethodRouter<App>| {
        let rests = ["", "/{view}", "/{view}/{date}"];
        rests.iter().fold(Router::new(), |routes, rest| {
            let (of_feed, of_group) = (
                format!("{root}/{{feed}}{rest}"),
                format!("{root}/{GROUPS}/{{source}}/{{group}}{rest}"),
            );
            routes
                .route(&of_feed, feed.clone())
                .route(&of_group, group.clone())
        })
    };
    views("/embed", &get(feed), &get(group)).merge(views(
        "/fragment",
        &get(feed_fragment),
        &get(group_fragment),
    ))
}

/// `/embed/{feed}`, `/embed/{feed}/{view}`, `/embed/{feed}/{view}/{date}`
async fn feed(
    State(app): State<App>,
    door: Door,
    Path(asked): Path<OfFeed>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.of_feed(Around::Page, door, asked, query, &request)
        .await
}

/// `/fragment/{feed}`, `/fragment/{feed}/{view}`, `/fragment/{feed}/{view}/{date}`
async fn feed_fragment(
    State(app): State<App>,
    door: Door,
    Path(asked): Path<OfFeed>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.of_feed(Around::Website, door, asked, query, &request)
        .await
}

/// `/embed/groups/{source}/{group}`, and `…/{view}` and `…/{view}/{date}` below it
async fn group(
    State(app): State<App>,
    door: Door,
    Path(asked): Path<OfGroup>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.of_group(Around::Page, door, asked, query, &request)
        .await
}

/// `/fragment/groups/{source}/{group}`, and `…/{view}` and `…/{view}/{date}` below it
async fn group_fragment(
    State(app): State<App>,
    door: Door,
    Path(asked): Path<OfGroup>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.of_group(Around::Website, door, asked, query, &request)
        .await
}

impl Asked {
    /// The view, and the day in the path. A month is what most websites want; on narrow screens it is a list of days
    /// (interop B9).
    fn read(&self) -> Result<(View, Option<NaiveDate>), Problem> {
        let view = self.view.as_deref().map_or(Ok(View::Month), str::parse)?;
        let day = self.day.as_deref().map(view::day_of).transpose()?;
        Ok((view, day))
    }
}

impl App {
    async fn of_feed(
        &self,
        around: Around,
        door: Door,
        OfFeed { feed, view, date }: OfFeed,
        query: RawQuery,
        request: &HeaderMap,
    ) -> Response {
        let reached = door.feed(&self.feeds, &feed).ok();
        let asked = Asked { view, day: date };
        self.embed(around, reached, asked, query, request).await
    }

    async fn of_group(
        &self,
        around: Around,
        door: Door,
        asked: OfGroup,
        query: RawQuery,
        request: &HeaderMap,
    ) -> Response {
        let reached = door.group(&self.feeds, &asked.source, &asked.group).ok();
        let asked = Asked {
            view: asked.view,
            day: asked.date,
        };
        self.embed(around, reached, asked, query, request).await
    }

    async fn embed(
        &self,
        around: Around,
        reached: Option<Reached>,
        asked: Asked,
        RawQuery(query): RawQuery,
        request: &HeaderMap,
    ) -> Response {
        let read = Read::of(query.as_deref().unwrap_or_default());
        let speech = Speech::of(read.options.lang, request);
        let shown = self.try_embed(around, reached, &asked, &read, speech, request);
        let mut response = match shown.await {
            Ok(response) => response,
            Err(problem) => problem.respond(speech, request),
        };
        let headers = response.headers_mut();
        keep_from_search(headers);
        if !read.ignored.is_empty()
            && let Ok(keys) = HeaderValue::from_str(&read.ignored.join(", "))
        {
            headers.insert(X_CALBRIDGE_IGNORED, keys);
        }
        response
    }

    async fn try_embed(
        &self,
        around: Around,
        reached: Option<Reached>,
        asked: &Asked,
        read: &Read,
        speech: Speech,
        request: &HeaderMap,
    ) -> Result<Response, Problem> {
        let reached = reached.ok_or(Problem::Unknown)?;
        let (view, day) = asked.read()?;
        let day = day.or(read.date);
        let part = view::part(view, day, &read.options);
        let listing = self.feeds.list(reached.name(), part).await?;
        let policy = CachePolicy::of(reached.name());
        let frames = reached.frames(&listing.feed).clone();
        let address = reached.screens(match around {
            Around::Page => "",
            Around::Website => self.public_url.as_str().trim_end_matches('/'),
        });
        let (options, now) = (read.options.clone(), self.clock.now());
        let (public_url, request) = (Arc::clone(&self.public_url), request.clone());
        let codings = self.codings(&request);
        let made = self.tolls.made(move || {
            let locale = speech.locale();
            let screen = view::screen(&listing, &address, view, day, &options, locale, now);
            let page = match around {
                Around::Page => Page::of(&Embed::of(screen), speech, &frames),
                Around::Website => Page::of(&Fragment::of(screen, &public_url), speech, &frames),
            };
            let page = page.or(Err(Problem::Bug))?.kept(policy);
            Ok(page.respond(&request, codings))
        });
        made.await
    }
}

#[cfg(test)]
mod tests;
