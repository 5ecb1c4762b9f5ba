//! The page of a feed: what it is, how to subscribe to it, how to show it on a website.

mod embed_code;

use askama::Template;
use axum::{
    http::{HeaderMap, Uri},
    response::Response,
};
use url::Url;

use crate::{
    domain::{frames::Frames, when::When, window::WindowSpec},
    feed::{
        Part, State,
        listing::{Listed, Listing},
    },
    links::{GOOGLE_BY_ADDRESS, Subscribe},
    locale::Pages,
    view::Mark,
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
    speech::Speech,
    structured::Structured,
    words::{Told, Words},
};

use embed_code::EmbedCode;

/// How many of the next events are shown.
const NEXT: usize = 6;

#[derive(Template)]
#[template(path = "subscribe.html")]
struct SubscribePage<'a> {
    speech: Speech,
    title: &'a str,
    /// By whose clocks days begin.
    clock: String,
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
    page: String,
    mark: Option<Mark>,
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
        speech: Speech,
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
        let words = Words::of(speech);
        let path = addresses.path(Form::Page, window);
        let page = addresses.absolute(&path);
        let calendar = addresses.absolute(&addresses.path(Form::Calendar, window));
        let next = self.next(&listing);
        let machines = || machines(&next, &page, &listing, &addresses);
        let template = SubscribePage {
            speech,
            title,
            clock: words.clock(listing.feed.zone),
            freshness: freshness(listing.state, speech.pages()),
            state: listing.state.word(),
            changed: last_change(&listing, &words, speech),
            next: next
                .iter()
                .map(|event| row(event, &listing, &addresses, &words, speech))
                .collect(),
            links: Subscribe::to(&calendar, title),
            google: GOOGLE_BY_ADDRESS,
            qr: qr::picture(page.as_str()),
            json: addresses.path(Form::Json, window),
            download: addresses.download(window),
            windows: windows(&addresses, window, speech),
            embed: match reached.frames(&listing.feed) {
                Frames::Nobody => None,
                Frames::Anybody | Frames::Only(_) => {
                    Some(EmbedCode::read(uri, &addresses, title, speech)?)
                }
            },
            machines: reached.is_public().then(machines),
            path,
        };
        let page = Page::of(&template, speech, &Frames::Nobody)?;
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
        let path = addresses.event(event.uid, Form::Page);
        addresses.absolute(&path).into()
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

fn row<'l>(
    event: &'l Listed,
    listing: &Listing,
    addresses: &Addresses<'_>,
    words: &Words,
    speech: Speech,
) -> Row<'l> {
    let page = addresses.event(event.uid, Form::Page);
    Row {
        title: &event.title,
        told: words.told(event.when, event.zone, &listing.zones),
        place: location(&event.places),
        page: speech.link(&page),
        mark: Mark::of(event.status, speech.texts()),
    }
}

/// The feed's own window and some others.
fn windows(addresses: &Addresses<'_>, current: Option<WindowSpec>, speech: Speech) -> Vec<Choice> {
    let pages = speech.pages();
    let choice = |label, window| Choice {
        label,
        path: speech.link(&addresses.path(Form::Page, window)),
        current: current == window,
    };
    let others = [
        ("this-week", pages.this_week),
        ("this-month", pages.this_month),
        ("next-90d", pages.next_90_days),
        ("this-year", pages.this_year),
        ("all", pages.everything),
    ];
    let others = others.into_iter().filter_map(|(window, label)| {
        let window: WindowSpec = window.parse().ok()?;
        Some(choice(label, Some(window)))
    });
    let own = choice(pages.as_published, None);
    [own].into_iter().chain(others).collect()
}

/// When any of the events was last changed, by the clocks of the feed's zone.
fn last_change(listing: &Listing, words: &Words, speech: Speech) -> Option<String> {
    let stamps = listing.events.iter().map(|event| event.stamps.modified);
    let zone = listing.feed.zone;
    let at = words.moment(stamps.max()?, zone, &listing.zones);
    Some((speech.pages().last_change)(&at, &words.clock(zone)))
}

const fn freshness(state: State, pages: &Pages) -> &'static str {
    match state {
        State::Fresh => pages.fresh,
        State::Empty => pages.empty,
        State::Stale => pages.stale,
        State::Malformed => pages.malformed,
        State::Blocked => pages.blocked,
        State::Partial => pages.partial,
    }
}
