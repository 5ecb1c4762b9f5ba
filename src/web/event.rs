//! The page of one event, with links that add it to a calendar.

use askama::Template;
use axum::{http::HeaderMap, response::Response};

use crate::{
    domain::{frames::Frames, id::EventUid},
    feed::Part,
    links::event::{Add, Facts},
};

use super::{
    App,
    address::{Addresses, Form},
    cache_policy::CachePolicy,
    door::Reached,
    error::WebError,
    json::location,
    page::Page,
    structured::Structured,
    subscribe::doubt,
    words::{self, Told},
};

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage<'a> {
    title: &'a str,
    told: Told,
    place: String,
    details: &'a str,
    categories: &'a [String],
    status: Option<&'static str>,
    links: Add,
    file: String,
    feed: &'a str,
    feed_page: String,
    /// For search engines, where they may know of it.
    structured: Option<Structured>,
}

impl App {
    /// The page of the event `uid` of a feed.
    pub(super) async fn event_page(
        &self,
        reached: &Reached,
        uid: EventUid,
        request: &HeaderMap,
    ) -> Result<Response, WebError> {
        let listing = self.feeds.list(reached.name(), Part::Event(uid)).await?;
        let event = listing.events.first().ok_or(WebError::Unknown)?;
        let addresses = Addresses::of(&self.public_url, reached, &listing.feed.title);
        let path = |form| addresses.event(uid, form).ok_or(WebError::Unknown);
        let place = location(&event.places);
        let links = Add::of(&Facts {
            title: &event.title,
            details: &event.details,
            place: &place,
            when: event.when,
            zone: event.zone,
        });
        let url = addresses.absolute(&path(Form::Page)?);
        let feed = listing.feed.title.as_str();
        let template = EventPage {
            title: &event.title,
            told: words::told(event.when, event.zone, &listing.zones),
            place,
            details: &event.details,
            categories: &event.categories,
            status: doubt(event.status),
            links,
            file: path(Form::Calendar)?,
            feed,
            feed_page: addresses.path(Form::Page, None),
            structured: reached
                .is_public()
                .then(|| Structured::of([(event, Some(url.into()))], feed, &listing.zones)),
        };
        let page = Page::of(&template, "en", &Frames::Nobody)?;
        let page = page.kept(CachePolicy::of(reached.name()));
        Ok(page.respond(request, self.codings(request)))
    }
}
