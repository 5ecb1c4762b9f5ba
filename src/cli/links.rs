//! `calbridge links`

use std::io::{self, Write};

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
    copy: String,
    webcal: String,
    google: String,
    outlook_com: String,
    microsoft_365: String,
    download: String,
    page: String,
}

impl<'a> Told<'a> {
    fn of(base: &Url, id: &FeedId, feed: &'a Feed) -> Self {
        let at = |folder: &str, extension: &str| {
            let mut url = base.clone();
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty()
                    .extend([folder, &format!("{id}{extension}")]);
            }
            url
        };
        let title = feed.title.as_str();
        let links = Subscribe::to(&at("feeds", ".ics"), title);
        Self {
            feed: id.to_string(),
            title,
            copy: links.copy,
            webcal: links.webcal,
            google: links.google,
            outlook_com: links.outlook_com,
            microsoft_365: links.microsoft_365,
            download: at("download", ".ics").to_string(),
            page: at("feeds", "").to_string(),
        }
    }
}

/// The address readers know, or that of the listener.
fn base(config: &Config) -> Url {
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
    writeln!(out, "{} ({})", told.title, told.feed)?;
    for (who, address) in [
        ("any calendar", &told.copy),
        ("Apple", &told.webcal),
        ("Google", &told.google),
        ("Outlook.com", &told.outlook_com),
        ("Microsoft 365", &told.microsoft_365),
        ("to save", &told.download),
        ("page", &told.page),
    ] {
        writeln!(out, "    {who:<13}  {address}")?;
    }
    Ok(())
}
