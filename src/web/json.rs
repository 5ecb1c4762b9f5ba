//! A feed's events for programs, in the shape that `FullCalendar`'s JSON event source reads.

mod bounds;

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use url::form_urlencoded;

use crate::{
    domain::{event::Status, when::When},
    feed::{
        Part,
        listing::{Listed, Listing, Where},
    },
};

use super::{
    App,
    address::{Addresses, Form},
    cache_policy::CachePolicy,
    door::Reached,
    error::WebError,
    made::Made,
    respond::keep_address,
    structured::with_offset,
};

use bounds::Bounds;

const MEDIA_TYPE: &str = "application/json; charset=utf-8";

/// An event as `FullCalendar` reads it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: String,
    title: &'a str,
    start: String,
    /// The day after the last, or the instant after the last; nothing for a point in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    all_day: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    extended_props: Extended<'a>,
}

/// What `FullCalendar` hands on to the website's own code.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Extended<'a> {
    description: &'a str,
    location: String,
    categories: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    time_zone: &'static str,
}

/// What of a request's query is understood; the rest falls back.
#[derive(Debug, Default)]
struct Asked {
    bounds: Option<Bounds>,
    zone: Option<Tz>,
}

impl Asked {
    fn read(uri: &Uri) -> Self {
        let (mut start, mut end, mut zone) = (None, None, None);
        let query = uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "start" => start = Some(value),
                "end" => end = Some(value),
                "timeZone" => zone = value.parse().ok(),
                _ => {}
            }
        }
        let bounds = start
            .zip(end)
            .and_then(|(start, end)| Bounds::read(&start, &end));
        Self { bounds, zone }
    }
}

impl App {
    /// The events of one part of a feed as JSON. Any website may read them unless the feed is closed.
    pub(super) async fn json(
        &self,
        reached: &Reached,
        part: Part,
        uri: &Uri,
        request: &HeaderMap,
    ) -> Result<Response, WebError> {
        let asked = Asked::read(uri);
        let part = match (part, asked.bounds) {
            (Part::Default, Some(bounds)) => Part::Window(bounds.window()),
            (part, _) => part,
        };
        let name = reached.name();
        let listing = self.feeds.list(name, part).await?;
        let policy = CachePolicy::of(name);
        let (reached, public_url) = (reached.clone(), Arc::clone(&self.public_url));
        let (request, codings) = (request.clone(), self.codings(request));
        let made = self.tolls.made(move || {
            // What is closed has links on pages only: JSON is handed on, and they would be keys in it.
            let addresses = reached
                .is_public()
                .then(|| Addresses::of(&public_url, &reached, &listing.feed.title));
            let items = items(&listing, &asked, addresses.as_ref());
            let made = Made {
                bytes: Bytes::from(serde_json::to_vec(&items)?),
                media_type: MEDIA_TYPE,
                policy,
                varies_by: &[],
            };
            Ok::<_, serde_json::Error>(made.respond(&request, codings))
        });
        let mut response = made.await.or(Err(WebError::Page))?;
        match policy {
            CachePolicy::Public => open_to_all(&mut response),
            _ => keep_address(response.headers_mut()),
        }
        Ok(response)
    }
}

/// Any website may read what is in `response`.
pub(super) fn open_to_all(response: &mut Response) {
    response.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
}

fn items<'l>(
    listing: &'l Listing,
    asked: &Asked,
    addresses: Option<&Addresses<'_>>,
) -> Vec<Item<'l>> {
    let zone = asked.zone.unwrap_or(listing.feed.zone);
    let window = asked
        .bounds
        .map(|bounds| bounds.within(listing.zones.zone_or_utc(zone)));
    let shown = listing.events.iter().filter(|event| {
        window
            .as_ref()
            .is_none_or(|window| window.shows(event.when))
    });
    shown
        .map(|event| item(event, listing, asked.zone, addresses))
        .collect()
}

fn item<'l>(
    event: &'l Listed,
    listing: &Listing,
    zone: Option<Tz>,
    addresses: Option<&Addresses<'_>>,
) -> Item<'l> {
    let at = |instant: DateTime<Utc>| match zone {
        Some(zone) => with_offset(instant, zone, &listing.zones),
        None => instant.to_rfc3339_opts(SecondsFormat::Secs, true),
    };
    let (start, end, all_day) = match event.when {
        When::Days(days) => (days.first().to_string(), Some(days.end().to_string()), true),
        When::Timed(span) => {
            let end = (!span.is_point()).then(|| at(span.end()));
            (at(span.start()), end, false)
        }
    };
    let page = addresses.map(|addresses| {
        let path = addresses.event(event.uid, Form::Page);
        addresses.absolute(&path).into()
    });
    Item {
        id: event.uid.to_string(),
        title: &event.title,
        start,
        end,
        all_day,
        url: page,
        extended_props: Extended {
            description: &event.details,
            location: location(&event.places),
            categories: &event.categories,
            status: event.status.map(|status| match status {
                Status::Tentative => "tentative",
                Status::Confirmed => "confirmed",
                Status::Cancelled => "cancelled",
            }),
            time_zone: event.zone.name(),
        },
    }
}

/// The places in one line.
pub(super) fn location(places: &[Where]) -> String {
    let lines = places.iter().map(|place| {
        let parts = [place.name.as_str(), &place.address];
        let said = parts.into_iter().filter(|part| !part.is_empty());
        said.collect::<Vec<_>>().join(", ")
    });
    lines.collect::<Vec<_>>().join("; ")
}
