//! The page of a feed: what it is, how to subscribe to it, how to show it on a website.

mod embed_code;

use askama::Template;
use axum::{
    http::{HeaderMap, Uri},
    response::Response,
};
use url::Url;

use crate::{
    domain::{event::Status, frames::Frames, when::When, window::WindowSpec},
    feed::{
        Part, State,
        listing::{Listed, Listing},
    },
    links::{GOOGLE_BY_ADDRESS, Subscribe},
};

use super::{
    App,
    address::{Addresses, Form},
    cache_policy::CachePolicy,
    door::Reached,
    error::WebError,
    json::location,
    oembed::discovery,
    page::Page,
    qr,
    structured::Structured,
    words::{self, Told},
};

use embed_code::EmbedCode;

/// How many of the next events are shown.
const NEXT: usize = 6;

/// The windows that are offered beside the feed's own.
const WINDOWS: [(&str, &str); 5] = [
    ("this-week", "This week"),
    ("this-month", "This month"),
    ("next-90d", "Next 90 days"),
    ("this-year", "This year"),
    ("all", "Everything kept"),
];

#[derive(Template)]
#[template(path = "subscribe.html")]
struct SubscribePage<'a> {
    title: &'a str,
    zone: String,
    freshness: &'static str,
    state: &'static str,
    changed: Option<String>,
    next: Vec<Row<'a>>,
    links: Subscribe,
    google: &'static str,
    qr: Option<String>,
    path: String,
    json: String,
    download: String,
    windows: Vec<Choice>,
    /// How websites show it, where any may.
    embed: Option<EmbedCode>,
    machines: Option<Machines>,
}

/// What the page tells search engines and other programs; nothing where the feed is closed.
struct Machines {
    /// The page of the feed in its own window.
    canonical: String,
    /// Where oEmbed is asked.
    discovery: String,
    structured: Structured,
}

/// One of the next events.
struct Row<'a> {
    title: &'a str,
    told: Told,
    place: String,
    page: Option<String>,
    status: Option<&'static str>,
}

/// A window to choose.
struct Choice {
    label: &'static str,
    path: String,
    current: bool,
}

impl App {
    /// The page of one part of a feed.
    pub(super) async fn feed_page(
        &self,
        reached: &Reached,
        part: Part,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Response, WebError> {
        let listing = self.feeds.list(reached.name(), part).await?;
        let addresses = Addresses::of(&self.public_url, reached, &listing.feed.title);
        let window = match part {
            Part::Window(window) => Some(window),
            Part::Default | Part::Event(_) => None,
        };
        let title = listing.feed.title.as_str();
        let path = addresses.path(Form::Page, window);
        let page = addresses.absolute(&path);
        let calendar = addresses.absolute(&addresses.path(Form::Calendar, window));
        let next = self.next(&listing);
        let machines = || machines(&next, &page, &listing, &addresses);
        let template = SubscribePage {
            title,
            zone: words::place(listing.feed.zone),
            freshness: freshness(listing.state),
            state: listing.state.word(),
            changed: last_change(&listing),
            next: next
                .iter()
                .map(|event| row(event, &listing, &addresses))
                .collect(),
            links: Subscribe::to(&calendar, title),
            google: GOOGLE_BY_ADDRESS,
            qr: qr::picture(page.as_str()),
            json: addresses.path(Form::Json, window),
            download: addresses.download(window),
            windows: windows(&addresses, window),
            embed: match reached.frames(&listing.feed) {
                Frames::Nobody => None,
                Frames::Anybody | Frames::Only(_) => Some(EmbedCode::read(uri, &addresses, title)?),
            },
            machines: reached.is_public().then(machines),
            path,
        };
        let page = Page::of(&template, "en", &Frames::Nobody)?;
        let page = page.kept(CachePolicy::of(reached.name()));
        Ok(page.respond(headers, self.codings(headers)))
    }

    /// The next events: those that have not ended.
    fn next<'l>(&self, listing: &'l Listing) -> Vec<&'l Listed> {
        let now = self.clock.now();
        let coming = |event: &&Listed| match event.when {
            When::Days(days) => days.end() > listing.today,
            When::Timed(span) => span.end() >= now,
        };
        listing.events.iter().filter(coming).take(NEXT).collect()
    }
}

fn machines(
    next: &[&Listed],
    page: &Url,
    listing: &Listing,
    addresses: &Addresses<'_>,
) -> Machines {
    let absolute = |event: &Listed| {
        let path = addresses.event(event.uid, Form::Page)?;
        Some(addresses.absolute(&path).into())
    };
    Machines {
        canonical: addresses.absolute(&addresses.path(Form::Page, None)).into(),
        discovery: addresses.absolute(&discovery(page)).into(),
        structured: Structured::of(
            next.iter().map(|event| (*event, absolute(event))),
            listing.feed.title.as_str(),
            &listing.zones,
        ),
    }
}

fn row<'l>(event: &'l Listed, listing: &Listing, addresses: &Addresses<'_>) -> Row<'l> {
    Row {
        title: &event.title,
        told: words::told(event.when, event.zone, &listing.zones),
        place: location(&event.places),
        page: addresses.event(event.uid, Form::Page),
        status: doubt(event.status),
    }
}

/// What has to be said of whether an event takes place.
pub(super) fn doubt(status: Option<Status>) -> Option<&'static str> {
    match status {
        Some(Status::Cancelled) => Some("cancelled"),
        Some(Status::Tentative) => Some("tentative"),
        Some(Status::Confirmed) | None => None,
    }
}

fn windows(addresses: &Addresses<'_>, current: Option<WindowSpec>) -> Vec<Choice> {
    let own = Choice {
        label: "As published",
        path: addresses.path(Form::Page, None),
        current: current.is_none(),
    };
    let others = WINDOWS.iter().filter_map(|(text, label)| {
        let window = text.parse().ok()?;
        Some(Choice {
            label,
            path: addresses.path(Form::Page, Some(window)),
            current: current == Some(window),
        })
    });
    [own].into_iter().chain(others).collect()
}

/// When any of the events was last changed, in the feed's zone.
fn last_change(listing: &Listing) -> Option<String> {
    let stamps = listing.events.iter().map(|event| event.stamps.modified);
    let zone = listing.zones.zone_or_utc(listing.feed.zone);
    let at = zone.local(stamps.max()?);
    Some(format!(
        "{}, {}",
        words::date(at.date()),
        at.format("%H:%M")
    ))
}

const fn freshness(state: State) -> &'static str {
    match state {
        State::Fresh => "Up to date: the system it comes from was read without trouble.",
        State::Empty => "Up to date, and at the moment there is nothing in it.",
        State::Stale => {
            "An earlier copy: the system it comes from cannot be read at the moment. Changes come in by themselves once it can."
        }
        State::Malformed => {
            "An earlier copy: the system it comes from answers in a way that cannot be understood. The operator knows."
        }
        State::Blocked => {
            "An earlier copy: the system it comes from does not let us in at the moment. The operator knows."
        }
        State::Partial => {
            "Parts of it are missing or of an earlier copy. They come in by themselves."
        }
    }
}
