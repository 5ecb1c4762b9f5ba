//! Feeds, groups and single events as calendars.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, header},
    response::Response,
    routing::{MethodRouter, get},
};

use crate::{
    domain::id::GroupId,
    feed::{FeedName, Part, Served, coding::Coding},
};

use super::{
    App,
    cache_policy::CachePolicy,
    error::WebError,
    respond::{Disposition, Terms, respond},
};

/// What every calendar's address ends with (interop H2).
const EXTENSION: &str = ".ics";

/// `/feeds/{feed}.ics`, `/download/{feed}.ics`
pub(super) fn feed(disposition: Disposition) -> MethodRouter<App> {
    get(
        async move |State(app): State<App>, Path(file): Path<String>, request: Request| {
            app.calendar(
                configured(&file)?,
                Part::Default,
                disposition,
                request.headers(),
            )
            .await
        },
    )
}

/// `/feeds/{window}/{feed}.ics`, `/download/{window}/{feed}.ics`
pub(super) fn feed_in_window(disposition: Disposition) -> MethodRouter<App> {
    get(
        async move |State(app): State<App>,
                    Path((window, file)): Path<(String, String)>,
                    request: Request| {
            app.calendar(
                configured(&file)?,
                Part::Window(window.parse()?),
                disposition,
                request.headers(),
            )
            .await
        },
    )
}

/// `/groups/{source}/{group}/{name}.ics`
pub(super) async fn group(
    State(app): State<App>,
    Path((source, group, file)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, WebError> {
    app.calendar(
        of_group(&source, &group, &file)?,
        Part::Default,
        Disposition::Inline,
        request.headers(),
    )
    .await
}

/// `/groups/{source}/{group}/{window}/{name}.ics`
pub(super) async fn group_in_window(
    State(app): State<App>,
    Path((source, group, window, file)): Path<(String, String, String, String)>,
    request: Request,
) -> Result<Response, WebError> {
    let name = of_group(&source, &group, &file)?;
    app.calendar(
        name,
        Part::Window(window.parse()?),
        Disposition::Inline,
        request.headers(),
    )
    .await
}

/// `/events/{feed}/{uid}.ics`
pub(super) async fn event(
    State(app): State<App>,
    Path((feed, file)): Path<(String, String)>,
    request: Request,
) -> Result<Response, WebError> {
    let name = FeedName::Configured(feed.parse().or(Err(WebError::Unknown))?);
    let uid = stem(&file)?.parse().or(Err(WebError::Unknown))?;
    app.calendar(
        name,
        Part::Event(uid),
        Disposition::Attachment,
        request.headers(),
    )
    .await
}

fn configured(file: &str) -> Result<FeedName, WebError> {
    let id = stem(file)?.parse().or(Err(WebError::Unknown))?;
    Ok(FeedName::Configured(id))
}

/// The name before the extension is for people and says nothing.
fn of_group(source: &str, group: &str, file: &str) -> Result<FeedName, WebError> {
    stem(file)?;
    let source = source.parse().or(Err(WebError::Unknown))?;
    Ok(FeedName::Group(source, GroupId::new(group)))
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
        let Served {
            document,
            state,
            as_of,
        } = self.feeds.get(name, part).await?;
        let now = self.clock.now();
        let terms = Terms {
            policy: CachePolicy::Public,
            disposition,
            codings: self.codings(request),
            state,
            age: as_of.and_then(|as_of| (now - as_of).to_std().ok()),
        };
        Ok(respond(&document, request, &terms, now))
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
