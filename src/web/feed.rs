//! Feeds, groups and single events as calendars.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, header},
    response::Response,
    routing::{MethodRouter, get},
};

use serde::Deserialize;

use crate::feed::{FeedName, Part, Served, coding::Coding};

use super::{
    App,
    cache_policy::CachePolicy,
    door::Door,
    error::WebError,
    respond::{Disposition, Terms, respond},
};

/// What every calendar's address ends with (interop H2).
const EXTENSION: &str = ".ics";

/// What the address of a feed says.
#[derive(Debug, Deserialize)]
struct OfFeed {
    window: Option<String>,
    file: String,
}

/// What the address of a group says. The name before the extension is for people.
#[derive(Debug, Deserialize)]
pub(super) struct OfGroup {
    source: String,
    group: String,
    window: Option<String>,
    file: String,
}

/// What the address of one event of a feed says.
#[derive(Debug, Deserialize)]
pub(super) struct OfEvent {
    feed: String,
    file: String,
}

/// `/feeds/{feed}.ics`, `/feeds/{window}/{feed}.ics`, and the same below `/download`
pub(super) fn feed(disposition: Disposition) -> MethodRouter<App> {
    get(
        async move |State(app): State<App>,
                    door: Door,
                    Path(asked): Path<OfFeed>,
                    request: Request| {
            let name = door.feed(&app.feeds, stem(&asked.file)?)?;
            let part = part(asked.window.as_deref())?;
            app.calendar(name, part, disposition, request.headers())
                .await
        },
    )
}

/// `/groups/{source}/{group}/{name}.ics`, `/groups/{source}/{group}/{window}/{name}.ics`
pub(super) async fn group(
    State(app): State<App>,
    door: Door,
    Path(asked): Path<OfGroup>,
    request: Request,
) -> Result<Response, WebError> {
    stem(&asked.file)?;
    let name = door.group(&app.feeds, &asked.source, &asked.group)?;
    let part = part(asked.window.as_deref())?;
    app.calendar(name, part, Disposition::Inline, request.headers())
        .await
}

/// `/events/{feed}/{uid}.ics`
pub(super) async fn event(
    State(app): State<App>,
    door: Door,
    Path(OfEvent { feed, file }): Path<OfEvent>,
    request: Request,
) -> Result<Response, WebError> {
    let name = door.feed(&app.feeds, &feed)?;
    let part = Part::Event(stem(&file)?.parse().or(Err(WebError::Unknown))?);
    app.calendar(name, part, Disposition::Attachment, request.headers())
        .await
}

fn part(window: Option<&str>) -> Result<Part, WebError> {
    Ok(match window {
        Some(window) => Part::Window(window.parse()?),
        None => Part::Default,
    })
}

fn stem(file: &str) -> Result<&str, WebError> {
    file.strip_suffix(EXTENSION)
        .filter(|stem| !stem.is_empty())
        .ok_or(WebError::Unknown)
}

impl App {
    async fn calendar(
        &self,
        name: FeedName,
        part: Part,
        disposition: Disposition,
        request: &HeaderMap,
    ) -> Result<Response, WebError> {
        let policy = CachePolicy::of(&name);
        let Served { document, state } = self.feeds.get(name, part).await?;
        let terms = Terms {
            policy,
            disposition,
            codings: self.codings(request),
            state,
        };
        Ok(respond(&document, request, &terms, self.clock.now()))
    }

    /// Nothing compressed for readers that the operator has seen fail at it (interop H9).
    pub(super) fn codings(&self, request: &HeaderMap) -> &'static [Coding] {
        if self.uncompressed_agents.is_empty() {
            return &Coding::ALL;
        }
        let agent = request
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default();
        let fails = self
            .uncompressed_agents
            .iter()
            .any(|part| agent.contains(part.as_str()));
        if fails { &[] } else { &Coding::ALL }
    }
}
