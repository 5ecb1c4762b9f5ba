//! The page of one event, with links that add it to a calendar.

use askama::Template;
use axum::{http::HeaderMap, response::Response};

use crate::{
    domain::{frames::Frames, id::EventUid},
    feed::Part,
    links::event::{Add, Facts},
    view::Mark,
};

use super::{
    App,
    address::{Addresses, Form},
    cache_policy::CachePolicy,
    door::Reached,
    error::WebError,
    json::location,
    page::Page,
    speech::Speech,
    structured::Structured,
    words::{Told, Words},
};

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage<'a> {
    speech: Speech,
    title: &'a str,
    told: Told,
    place: String,
    details: &'a str,
    categories: &'a [String],
    mark: Option<Mark>,
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
        speech: Speech,
        request: &HeaderMap,
    ) -> Result<Response, WebError> {
        let listing = self.feeds.list(reached.name(), Part::Event(uid)).await?;
        let event = listing.events.first().ok_or(WebError::Unknown)?;
        let addresses = Addresses::of(&self.public_url, reached, &listing.feed.title);
        let place = location(&event.places);
        let links = Add::of(&Facts {
            title: &event.title,
            details: &event.details,
            place: &place,
            when: event.when,
            zone: event.zone,
        });
        let url = addresses.absolute(&addresses.event(uid, Form::Page));
        let feed = listing.feed.title.as_str();
        let template = EventPage {
            speech,
            title: &event.title,
            told: Words::of(speech).told(event.when, event.zone, &listing.zones),
            place,
            details: &event.details,
            categories: &event.categories,
            mark: Mark::of(event.status, speech.texts()),
            links,
            file: addresses.event(uid, Form::Calendar),
            feed,
            feed_page: speech.link(&addresses.path(Form::Page, None)),
            structured: reached
                .is_public()
                .then(|| Structured::of([(event, url.into())], feed, &listing.zones)),
        };
        let page = Page::of(&template, speech, &Frames::Nobody)?;
        let page = page.kept(CachePolicy::of(reached.name()));
        Ok(page.respond(request, self.codings(request)))
    }
}
