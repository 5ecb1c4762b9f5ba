//! Feeds, groups and single events, in every form that stands at their addresses.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{family::Family, id::GroupId},
    feed::{FeedName, Part, Served, coding::Coding},
};

use super::{
    App,
    address::Form,
    cache_policy::CachePolicy,
    error::WebError,
    respond::{Disposition, Terms, respond},
};

/// `/feeds/{feed}`, `/feeds/{feed}.ics`, `/feeds/{feed}.json`
pub(super) async fn feed(
    State(app): State<App>,
    Path(file): Path<String>,
    request: Request,
) -> Response {
    let (form, stem) = Form::of(&file);
    app.give(form, configured(stem), Ok(Part::Default), request)
        .await
}

/// `/feeds/{window}/{feed}` and the same with `.ics` and `.json`
pub(super) async fn feed_in_window(
    State(app): State<App>,
    Path((window, file)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (form, stem) = Form::of(&file);
    app.give(form, configured(stem), part(&window), request)
        .await
}

/// `/groups/{source}/{group}`
pub(super) async fn group_page(
    State(app): State<App>,
    Path((source, group)): Path<(String, String)>,
    request: Request,
) -> Response {
    let name = of_group(&source, &group);
    app.give(Form::Page, name, Ok(Part::Default), request).await
}

/// `/groups/{source}/{group}/{name}.ics` and `.json`, where the name is for people and says nothing; and
/// `/groups/{source}/{group}/{window}`
pub(super) async fn group(
    State(app): State<App>,
    Path((source, group, file)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let (form, stem) = Form::of(&file);
    let part = match form {
        Form::Page => part(stem),
        Form::Calendar | Form::Json => Ok(Part::Default),
    };
    app.give(form, of_group(&source, &group), part, request)
        .await
}

/// `/groups/{source}/{group}/{window}/{name}.ics` and `.json`
pub(super) async fn group_in_window(
    State(app): State<App>,
    Path((source, group, window, file)): Path<(String, String, String, String)>,
    request: Request,
) -> Response {
    let name = match Form::of(&file) {
        (Form::Page, _) | (_, "") => Err(WebError::Unknown),
        _ => of_group(&source, &group),
    };
    app.give(Form::of(&file).0, name, part(&window), request)
        .await
}

/// `/events/{feed}/{uid}`, `/events/{feed}/{uid}.ics`
pub(super) async fn event(
    State(app): State<App>,
    Path((feed, file)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (form, stem) = Form::of(&file);
    let (Parts { headers, .. }, _) = request.into_parts();
    let answer = async {
        let name = configured(&feed)?;
        let uid = stem.parse().or(Err(WebError::Unknown))?;
        match form {
            Form::Calendar => {
                app.calendar(name, Part::Event(uid), Disposition::Attachment, &headers)
                    .await
            }
            Form::Page => app.event_page(&name, uid, &headers).await,
            Form::Json => Err(WebError::Unknown),
        }
    };
    answered(form, answer.await, &headers)
}

/// `/download/{feed}.ics`
pub(super) async fn download(
    State(app): State<App>,
    Path(file): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    app.save(&file, Part::Default, request).await
}

/// `/download/{window}/{feed}.ics`
pub(super) async fn download_in_window(
    State(app): State<App>,
    Path((window, file)): Path<(String, String)>,
    request: Request,
) -> Result<Response, WebError> {
    app.save(&file, part(&window)?, request).await
}

fn configured(id: &str) -> Result<FeedName, WebError> {
    let id = id.parse().or(Err(WebError::Unknown))?;
    Ok(FeedName::Configured(id))
}

fn of_group(source: &str, group: &str) -> Result<FeedName, WebError> {
    let source = source.parse().or(Err(WebError::Unknown))?;
    Ok(FeedName::Group(source, GroupId::new(group)))
}

fn part(window: &str) -> Result<Part, WebError> {
    Ok(Part::Window(window.parse()?))
}

/// Trouble is told as a page where a page was asked for, otherwise as a sentence.
fn answered(form: Form, answer: Result<Response, WebError>, request: &HeaderMap) -> Response {
    answer.unwrap_or_else(|error| match form {
        Form::Page => error.into_page(request),
        Form::Calendar | Form::Json => error.into_response(),
    })
}

/// The `User-Agent` line, empty if there is none that can be read.
fn agent(request: &HeaderMap) -> &str {
    let agent = request.get(header::USER_AGENT);
    agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default()
}

impl App {
    /// A part of a feed in the form that is asked for.
    async fn give(
        &self,
        form: Form,
        name: Result<FeedName, WebError>,
        part: Result<Part, WebError>,
        request: Request,
    ) -> Response {
        let (Parts { uri, headers, .. }, _) = request.into_parts();
        let headers = &headers;
        let answer = async {
            let (name, part) = (name?, part?);
            match form {
                Form::Calendar => {
                    self.calendar(name, part, Disposition::Inline, headers)
                        .await
                }
                Form::Json => self.json(&name, part, &uri, headers).await,
                Form::Page => self.feed_page(&name, part, &uri, headers).await,
            }
        };
        answered(form, answer.await, headers)
    }

    /// A calendar to save.
    async fn save(&self, file: &str, part: Part, request: Request) -> Result<Response, WebError> {
        let (Parts { headers, .. }, _) = request.into_parts();
        match Form::of(file) {
            (Form::Calendar, id) => {
                self.calendar(configured(id)?, part, Disposition::Attachment, &headers)
                    .await
            }
            _ => Err(WebError::Unknown),
        }
    }

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
        } = self.feeds.get(name.clone(), part).await?;
        let now = self.clock.now();
        self.feeds
            .count_read(&name, Family::of(agent(request)), now);
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
        let agent = agent(request);
        let fails = self
            .uncompressed_agents
            .iter()
            .any(|part| agent.contains(part.as_str()));
        if fails { &[] } else { &Coding::ALL }
    }
}
