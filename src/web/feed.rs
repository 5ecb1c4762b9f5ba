//! Feeds, groups and single events, in every form that stands at their addresses.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Method, Request, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use crate::{
    domain::family::Family,
    feed::{FeedName, Part, Served, coding::Coding},
};

use super::{
    App,
    address::Form,
    cache_policy::CachePolicy,
    door::{Door, Reached},
    error::WebError,
    https,
    respond::{Disposition, Nothing, Terms, respond},
    speech::Speech,
    toll::Asker,
};

/// What the address of a feed says.
#[derive(Debug, Deserialize)]
pub(super) struct OfFeed {
    window: Option<String>,
    file: String,
}

/// What the address of a group says, each part where it is there.
#[derive(Debug, Deserialize)]
pub(super) struct OfGroup {
    source: String,
    group: String,
    window: Option<String>,
    file: Option<String>,
}

/// What the address of one event of a feed says.
#[derive(Debug, Deserialize)]
pub(super) struct OfEvent {
    feed: String,
    file: String,
}

/// What the address of one event of a group says.
#[derive(Debug, Deserialize)]
pub(super) struct OfGroupEvent {
    source: String,
    group: String,
    file: String,
}

/// `/feeds/{feed}`, `/feeds/{window}/{feed}`, and the same with `.ics` and `.json`
pub(super) async fn feed(
    State(app): State<App>,
    door: Door,
    Path(OfFeed { window, file }): Path<OfFeed>,
    request: Request<Body>,
) -> Response {
    let (form, stem) = Form::of(&file);
    let reached = door.feed(&app.feeds, stem);
    app.give(form, reached, part(window.as_deref()), request)
        .await
}

/// `/groups/{source}/{group}`, `/groups/{source}/{group}/{window}`, and `.ics` and `.json` below both, where the name is
/// for people and says nothing
pub(super) async fn group(
    State(app): State<App>,
    door: Door,
    Path(asked): Path<OfGroup>,
    request: Request<Body>,
) -> Response {
    let (form, stem) = Form::of(asked.file.as_deref().unwrap_or_default());
    let reached = door.group(&app.feeds, &asked.source, &asked.group);
    let (reached, window) = match (form, asked.window.as_deref()) {
        // What has no extension is a window, and nothing stands below the page of one.
        (Form::Page, None) => (reached, Some(stem).filter(|_| asked.file.is_some())),
        (Form::Page, Some(_)) => (Err(WebError::Unknown), None),
        (_, Some(_)) if stem.is_empty() => (Err(WebError::Unknown), None),
        (Form::Calendar | Form::Json, window) => (reached, window),
    };
    app.give(form, reached, part(window), request).await
}

/// `/groups/{source}/{group}/events/{uid}`, and `.ics` there
pub(super) async fn group_event(
    State(app): State<App>,
    door: Door,
    Path(OfGroupEvent {
        source,
        group,
        file,
    }): Path<OfGroupEvent>,
    request: Request<Body>,
) -> Response {
    let reached = door.group(&app.feeds, &source, &group);
    app.give_event(reached, &file, request).await
}

/// `/events/{feed}/{uid}`, `/events/{feed}/{uid}.ics`
pub(super) async fn event(
    State(app): State<App>,
    door: Door,
    Path(OfEvent { feed, file }): Path<OfEvent>,
    request: Request<Body>,
) -> Response {
    let reached = door.feed(&app.feeds, &feed);
    app.give_event(reached, &file, request).await
}

/// `/download/{feed}.ics`, `/download/{window}/{feed}.ics`
pub(super) async fn download(
    State(app): State<App>,
    door: Door,
    Path(OfFeed { window, file }): Path<OfFeed>,
    request: Request<Body>,
) -> Result<Response, WebError> {
    let (Form::Calendar, id) = Form::of(&file) else {
        return Err(WebError::Unknown);
    };
    let reached = door.feed(&app.feeds, id)?;
    let part = part(window.as_deref())?;
    let disposition = Disposition::Attachment;
    let (parts, _) = request.into_parts();
    app.calendar(&reached, part, disposition, &parts).await
}

fn part(window: Option<&str>) -> Result<Part, WebError> {
    Ok(match window {
        Some(window) => Part::Window(window.parse()?),
        None => Part::Default,
    })
}

/// Trouble is told as a page where a page was asked for, otherwise as a sentence.
fn answered(
    form: Form,
    answer: Result<Response, WebError>,
    speech: Speech,
    request: &HeaderMap,
) -> Response {
    answer.unwrap_or_else(|error| match form {
        Form::Page => error.into_page(speech, request),
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
        reached: Result<Reached, WebError>,
        part: Result<Part, WebError>,
        request: Request<Body>,
    ) -> Response {
        let (parts, _) = request.into_parts();
        let Parts { uri, headers, .. } = &parts;
        let speech = Speech::read(uri.query(), headers);
        let answer = async {
            let (reached, part) = (&reached?, part?);
            if form == Form::Calendar {
                let disposition = Disposition::Inline;
                return self.calendar(reached, part, disposition, &parts).await;
            }
            self.tolls.page(Asker::of(&parts.extensions))?;
            match form {
                Form::Json => self.json(reached, part, uri, headers).await,
                _ => self.feed_page(reached, part, speech, uri, headers).await,
            }
        };
        answered(form, answer.await, speech, headers)
    }

    /// One event in the form that is asked for.
    async fn give_event(
        &self,
        reached: Result<Reached, WebError>,
        file: &str,
        request: Request<Body>,
    ) -> Response {
        let (form, stem) = Form::of(file);
        let (parts, _) = request.into_parts();
        let Parts { uri, headers, .. } = &parts;
        let speech = Speech::read(uri.query(), headers);
        let answer = async {
            let reached = &reached?;
            let uid = stem.parse().or(Err(WebError::Unknown))?;
            match form {
                Form::Calendar => {
                    let part = Part::Event(uid);
                    self.calendar(reached, part, Disposition::Attachment, &parts)
                        .await
                }
                Form::Page => {
                    self.tolls.page(Asker::of(&parts.extensions))?;
                    self.event_page(reached, uid, speech, headers).await
                }
                Form::Json => Err(WebError::Unknown),
            }
        };
        answered(form, answer.await, speech, headers)
    }

    async fn calendar(
        &self,
        reached: &Reached,
        part: Part,
        disposition: Disposition,
        parts: &Parts,
    ) -> Result<Response, WebError> {
        let name = reached.name();
        let (tolls, asker) = (Arc::clone(&self.tolls), Asker::of(&parts.extensions));
        let admit = move |feed: &FeedName| tolls.calendar(asker, feed);
        let served = self.feeds.get_if(name.clone(), part, admit).await?;
        Ok(self.served(name, &served, disposition, &parts.headers))
    }

    /// The answer to a request for the calendar of a public feed, if it is known to be right as it lies in memory: what nearly
    /// every request is for, and too short a way to lead through the whole tree of addresses.
    pub(super) fn at_once<B>(&self, request: &Request<B>) -> Option<Response> {
        let path = request.uri().path().strip_prefix("/feeds/")?;
        let (Form::Calendar, stem) = Form::of(path) else {
            return None;
        };
        let is_read = [Method::GET, Method::HEAD].contains(request.method());
        if !is_read || https::came_plain(request.headers()) {
            return None;
        }
        // What is escaped or has more segments is no name, and the tree decides what it is instead.
        let (window, name) = stem
            .split_once('/')
            .map_or((None, stem), |(window, name)| (Some(window), name));
        let name = FeedName::Configured(name.parse().ok()?);
        let key = (name, part(window).ok()?);
        let served = self.feeds.glance(&key)?;
        let mut answer = self.served(&key.0, &served, Disposition::Inline, request.headers());
        if request.method() == Method::HEAD {
            *answer.body_mut() = Body::new(Nothing);
        }
        Some(answer)
    }

    /// The answer with a calendar, counted.
    fn served(
        &self,
        name: &FeedName,
        served: &Served,
        disposition: Disposition,
        request: &HeaderMap,
    ) -> Response {
        let now = self.clock.now();
        let terms = Terms {
            policy: CachePolicy::of(name),
            disposition,
            codings: self.codings(request),
            state: served.state,
            age: served.as_of.and_then(|as_of| (now - as_of).to_std().ok()),
        };
        let response = respond(&served.document, request, &terms, now);
        let (family, status) = (Family::of(agent(request)), response.status().as_u16());
        self.feeds.count_read(name, family, status, now);
        response
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
