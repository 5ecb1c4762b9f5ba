//! `calbridge links`

use std::{
    fmt,
    io::{self, Write},
};

use serde::Serialize;
use url::Url;

use super::{CliError, history::Shape, stdout};
use crate::{
    config::Config,
    domain::{feed::Feed, id::FeedId},
    links::Subscribe,
};

/// Prints the addresses by which people subscribe to `feed`, or to every feed there is.
pub(super) fn links(
    config: &Config,
    feed: Option<&FeedId>,
    shape: Shape,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let base = base(config);
    let chosen: Vec<(&FeedId, &Feed)> = match feed {
        None => config.feeds.iter().collect(),
        Some(id) => match config.feeds.get_key_value(id) {
            Some(found) => vec![found],
            None => return Err(CliError::unknown("feed", id, config.feeds.keys())),
        },
    };
    let told: Vec<Told<'_>> = chosen
        .into_iter()
        .map(|(id, feed)| Told::of(&base, id, feed))
        .collect();
    match shape {
        Shape::Json => serde_json::to_writer_pretty(&mut *out, &told)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
        Shape::Lines => told.iter().try_for_each(|feed| tell(feed, out)),
    }
    .map_err(stdout)
}

/// A feed and its addresses.
#[derive(Serialize)]
struct Told<'a> {
    feed: String,
    title: &'a str,
    #[serde(flatten)]
    addresses: Addresses,
}

impl<'a> Told<'a> {
    fn of(base: &Url, id: &FeedId, feed: &'a Feed) -> Self {
        let title = feed.title.as_str();
        Self {
            feed: id.to_string(),
            title,
            addresses: Addresses::of_feed(base, id, title),
        }
    }
}

/// By which people subscribe to a calendar, one after another; prints a line for each.
#[derive(Serialize)]
pub(super) struct Addresses {
    copy: String,
    webcal: String,
    google: String,
    outlook_com: String,
    microsoft_365: String,
    download: String,
    page: String,
}

impl Addresses {
    /// Those of the feed `id`, which people call `title`, below `base`.
    pub(super) fn of_feed(base: &Url, id: &FeedId, title: &str) -> Self {
        let calendar = format!("{id}.ics");
        Self::of(
            &below(base, &["feeds", &calendar]),
            &below(base, &["download", &calendar]),
            &below(base, &["feeds", id.as_str()]),
            title,
        )
    }

    /// Those of a calendar to subscribe to, to save, and to look at.
    pub(super) fn of(calendar: &Url, download: &Url, page: &Url, title: &str) -> Self {
        let links = Subscribe::to(calendar, title);
        Self {
            copy: links.copy,
            webcal: links.webcal,
            google: links.google,
            outlook_com: links.outlook_com,
            microsoft_365: links.microsoft_365,
            download: download.to_string(),
            page: page.to_string(),
        }
    }

    /// The one to copy.
    pub(super) fn copy(&self) -> &str {
        &self.copy
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (who, address) in [
            ("any calendar", &self.copy),
            ("Apple", &self.webcal),
            ("Google", &self.google),
            ("Outlook.com", &self.outlook_com),
            ("Microsoft 365", &self.microsoft_365),
            ("to save", &self.download),
            ("page", &self.page),
        ] {
            writeln!(f, "    {who:<13}  {address}")?;
        }
        Ok(())
    }
}

/// The address of `segments` below `base`.
pub(super) fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The address readers know, or that of the listener.
pub(super) fn base(config: &Config) -> Url {
    let listener = || {
        let mut url = Url::parse("http://localhost").ok()?;
        let listen = config.server.listen;
        url.set_ip_host(listen.ip()).ok()?;
        url.set_port(Some(listen.port())).ok()?;
        Some(url)
    };
    let known = config.server.public_url.clone().or_else(listener);
    known.expect("the address of a listener is an address")
}

fn tell(told: &Told<'_>, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{} ({})\n{}", told.title, told.feed, told.addresses)
}
