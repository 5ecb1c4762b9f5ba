//! Calendars for other websites to show in a frame (design §7, interop B).

mod problem;
mod template;

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
    routing::get,
};
use chrono::NaiveDate;

use crate::{
    domain::id::GroupId,
    feed::FeedName,
    locale::{Locale, negotiate},
    view::{self, View, options::Read},
};

use super::{App, page::Page};
use problem::Problem;
use template::Embed;

/// The keys of the query whose values are not known, which count as not given.
const X_CALBRIDGE_IGNORED: HeaderName = HeaderName::from_static("x-calbridge-ignored");

/// What an address says of a view, not yet looked at.
#[derive(Debug, Default)]
struct Asked {
    view: Option<String>,
    day: Option<String>,
}

/// The routes of the embeds.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/embed/{feed}", get(feed))
        .route("/embed/{feed}/{view}", get(feed_view))
        .route("/embed/{feed}/{view}/{date}", get(feed_day))
        .route("/embed/groups/{source}/{group}", get(group))
        .route("/embed/groups/{source}/{group}/{view}", get(group_view))
        .route(
            "/embed/groups/{source}/{group}/{view}/{date}",
            get(group_day),
        )
}

/// `/embed/{feed}`
async fn feed(
    State(app): State<App>,
    Path(feed): Path<String>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.embed(configured(&feed), Asked::default(), query, &request)
        .await
}

/// `/embed/{feed}/{view}`
async fn feed_view(
    State(app): State<App>,
    Path((feed, view)): Path<(String, String)>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.embed(configured(&feed), Asked::view(view), query, &request)
        .await
}

/// `/embed/{feed}/{view}/{date}`
async fn feed_day(
    State(app): State<App>,
    Path((feed, view, day)): Path<(String, String, String)>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.embed(configured(&feed), Asked::day(view, day), query, &request)
        .await
}

/// `/embed/groups/{source}/{group}`
async fn group(
    State(app): State<App>,
    Path((source, group)): Path<(String, String)>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.embed(of_group(&source, &group), Asked::default(), query, &request)
        .await
}

/// `/embed/groups/{source}/{group}/{view}`
async fn group_view(
    State(app): State<App>,
    Path((source, group, view)): Path<(String, String, String)>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.embed(
        of_group(&source, &group),
        Asked::view(view),
        query,
        &request,
    )
    .await
}

/// `/embed/groups/{source}/{group}/{view}/{date}`
async fn group_day(
    State(app): State<App>,
    Path((source, group, view, day)): Path<(String, String, String, String)>,
    query: RawQuery,
    request: HeaderMap,
) -> Response {
    app.embed(
        of_group(&source, &group),
        Asked::day(view, day),
        query,
        &request,
    )
    .await
}

impl Asked {
    fn view(view: String) -> Self {
        Self {
            view: Some(view),
            day: None,
        }
    }

    fn day(view: String, day: String) -> Self {
        Self {
            view: Some(view),
            day: Some(day),
        }
    }

    /// The view, and the day in the path. A month is what most websites want; on narrow screens it is a list of days
    /// (interop B9).
    fn read(&self) -> Result<(View, Option<NaiveDate>), Problem> {
        let view = self.view.as_deref().map_or(Ok(View::Month), str::parse)?;
        let day = self.day.as_deref().map(view::day_of).transpose()?;
        Ok((view, day))
    }
}

fn configured(feed: &str) -> Option<FeedName> {
    feed.parse().ok().map(FeedName::Configured)
}

fn of_group(source: &str, group: &str) -> Option<FeedName> {
    Some(FeedName::Group(source.parse().ok()?, GroupId::new(group)))
}

/// The locale that the query names, or else the browser's.
fn locale(read: &Read, request: &HeaderMap) -> Locale {
    let accepted = request.get_all(header::ACCEPT_LANGUAGE).iter();
    let accepted: Vec<&str> = accepted.filter_map(|value| value.to_str().ok()).collect();
    read.options
        .lang
        .unwrap_or_else(|| negotiate(&accepted.join(",")))
}

impl App {
    async fn embed(
        &self,
        name: Option<FeedName>,
        asked: Asked,
        RawQuery(query): RawQuery,
        request: &HeaderMap,
    ) -> Response {
        let read = Read::of(query.as_deref().unwrap_or_default());
        let locale = locale(&read, request);
        let mut response = match self.try_embed(name, &asked, &read, locale, request).await {
            Ok(response) => response,
            Err(problem) => problem.respond(locale, request),
        };
        if !read.ignored.is_empty()
            && let Ok(keys) = HeaderValue::from_str(&read.ignored.join(", "))
        {
            response.headers_mut().insert(X_CALBRIDGE_IGNORED, keys);
        }
        response
    }

    async fn try_embed(
        &self,
        name: Option<FeedName>,
        asked: &Asked,
        read: &Read,
        locale: Locale,
        request: &HeaderMap,
    ) -> Result<Response, Problem> {
        let name = name.ok_or(Problem::Unknown)?;
        let (view, day) = asked.read()?;
        let day = day.or(read.date);
        let part = view::part(view, day, &read.options);
        let listing = self.feeds.list(&name, part).await?;
        let screen = view::screen(
            &listing,
            name,
            view,
            day,
            &read.options,
            locale,
            self.clock.now(),
        );
        let language = locale.to_string();
        let page =
            Page::of(&Embed::of(screen), &language, &listing.feed.frames).or(Err(Problem::Bug))?;
        let varies_by: &[HeaderName] = match read.options.lang {
            Some(_) => &[],
            None => &[header::ACCEPT_LANGUAGE],
        };
        Ok(page
            .varying(varies_by)
            .respond(request, self.codings(request)))
    }
}

#[cfg(test)]
mod tests;
