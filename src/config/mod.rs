//! The one file an operator writes: read, checked whole, and turned into types that cannot be wrong.

mod duration;
mod feed;
mod fingerprint;
mod kind;
mod problems;
mod retired;
mod secret;
mod section;
mod source;
mod store;
mod token;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use chrono_tz::Tz;
use url::Url;

use crate::domain::{
    feed::{Closed, Feed, GroupFeeds},
    id::{FeedId, SourceId},
    retired::Retired,
    token::Token,
};

pub use fingerprint::Fingerprint;
pub use problems::Problems;
pub use secret::Environment;
pub use source::Source;
pub use store::Store;

use secret::Vault;
use section::Section;

/// A configuration without problems.
#[derive(Debug)]
pub struct Config {
    /// How the server listens and what it calls itself.
    pub server: Server,
    /// Where what is published outlives the process.
    pub store: Store,
    /// The tz database the operator wants used; `None` for the newest at hand.
    pub zone_directory: Option<PathBuf>,
    /// The upstream accounts.
    pub sources: BTreeMap<SourceId, Source>,
    /// The public feeds by name.
    pub feeds: BTreeMap<FeedId, Feed>,
    /// The feeds with `access = "token"` by name; none of them is in `feeds` too.
    pub closed: BTreeMap<FeedId, Closed>,
    /// What was a feed, by name; none of them is one any more.
    pub retired: BTreeMap<FeedId, Retired>,
}

/// `[server]`.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where readers connect.
    pub listen: SocketAddr,
    /// Where the operator sees how all stands; `None` if nowhere.
    pub admin_listen: Option<SocketAddr>,
    /// The address readers know, without a slash at its end.
    pub public_url: Option<Url>,
    /// Parts of `User-Agent` lines of readers that get nothing compressed (interop H9).
    pub uncompressed_agents: Vec<String>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("configuration `{}` cannot be read; name an existing file with --config", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file says something that cannot be done.
    #[error(transparent)]
    Problems(#[from] Problems),
}

impl Config {
    /// Reads `path`, and the secrets it refers to.
    ///
    /// # Errors
    /// When the file cannot be read, or all its problems at once.
    pub fn load(
        path: &Path,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let text = read(path)?;
        let base = path.parent().unwrap_or(Path::new("."));
        Ok(Self::parse(
            &text,
            &path.display().to_string(),
            base,
            &environment,
        )?)
    }

    /// Reads `[server]` of `path` alone: no secret is needed for that.
    ///
    /// # Errors
    /// When the file cannot be read, or all problems of that table at once.
    pub fn load_server(path: &Path) -> Result<Server, ConfigError> {
        let text = read(path)?;
        let problems = RefCell::new(Problems::new(path.display().to_string()));
        let server = table(&text, &problems).and_then(|table| {
            let mut root = Section::root(table, &problems);
            server(root.section("server"))
        });
        match (server, problems.into_inner()) {
            (Some(server), problems) if problems.is_empty() => Ok(server),
            (_, problems) => Err(problems.into()),
        }
    }

    /// Reads `text`, which is called `name` in messages and whose files are relative to `base`.
    ///
    /// # Errors
    /// All its problems at once.
    pub fn parse(
        text: &str,
        name: &str,
        base: &Path,
        environment: Environment<'_>,
    ) -> Result<Self, Problems> {
        let problems = RefCell::new(Problems::new(name));
        let Some(table) = table(text, &problems) else {
            return Err(problems.into_inner());
        };
        let mut root = Section::root(table, &problems);
        let server = server(root.section("server"));
        let store = store::store(root.section("store"), base);
        let mut zones = root.section("zones");
        let zone_directory = zones.take::<PathBuf>("data").map(|path| base.join(path));
        zones.finish();
        let sources = source::sources(root.section("sources"), Vault { base, environment });
        let feeds = feed::feeds(root.section("feeds"), &sources);
        let is_feed = |id: &FeedId| feeds.public.contains_key(id) || feeds.closed.contains_key(id);
        let retired = retired::retired(root.section("retired"), is_feed);
        root.finish();
        token::distinct(tokens(&sources, &feeds.closed), &problems);
        match (server, problems.into_inner()) {
            (Some(server), problems) if problems.is_empty() => Ok(Self {
                server,
                store,
                zone_directory,
                sources: sources
                    .into_iter()
                    .filter_map(|(id, source)| Some((id, source?)))
                    .collect(),
                feeds: feeds.public,
                closed: feeds.closed,
                retired,
            }),
            (_, problems) => Err(problems),
        }
    }

    /// Every feed by name, public or closed: for the operator, who may know of both.
    pub fn every_feed(&self) -> impl Iterator<Item = (&FeedId, &Feed)> {
        let closed = self.closed.iter();
        self.feeds
            .iter()
            .chain(closed.map(|(id, closed)| (id, &closed.feed)))
    }

    /// The zones that events and windows are certain to need.
    #[must_use]
    pub fn zones(&self) -> HashSet<Tz> {
        let feeds = self
            .every_feed()
            .map(|(_, feed)| feed)
            .flat_map(|feed| [Some(feed.zone), feed.pinned])
            .flatten();
        let sources = self.sources.values().flat_map(|source| source.book.zones());
        feeds.chain(sources).collect()
    }
}

/// Every token with where it stands.
fn tokens<'a>(
    sources: &'a BTreeMap<SourceId, Option<Source>>,
    closed: &'a BTreeMap<FeedId, Closed>,
) -> impl Iterator<Item = (String, &'a Token)> {
    let groups = sources.iter().filter_map(|(id, source)| match source {
        Some(Source {
            group_feeds: GroupFeeds::Closed(tokens),
            ..
        }) => Some((format!("sources.{id}.tokens"), tokens)),
        _ => None,
    });
    let feeds = closed
        .iter()
        .map(|(id, closed)| (format!("feeds.{id}.tokens"), &closed.tokens));
    let places = feeds.chain(groups);
    places.flat_map(|(place, tokens)| tokens.iter().map(move |token| (place.clone(), token)))
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// The whole file as a table; what is no TOML is a problem.
fn table(text: &str, problems: &RefCell<Problems>) -> Option<toml::Table> {
    let told = |error: toml::de::Error| {
        let line = error.span().map_or(1, |span| {
            text[..span.start.min(text.len())].matches('\n').count() + 1
        });
        let fact = format!("line {line}: {}", error.message());
        problems.borrow_mut().add("", fact);
    };
    text.parse().map_err(told).ok()
}

fn server(mut section: Section<'_>) -> Option<Server> {
    let listen: Option<SocketAddr> = section.read(
        "listen",
        "is no IP address with a port; write one such as `127.0.0.1:8080`",
    );
    let listen = section.require("listen", listen, "an address such as `127.0.0.1:8080`");
    let no_address = "is no web address; write one such as `https://calendars.example.org`";
    let public_url = section.read::<Url>("public_url", no_address).filter(|url| {
        let good = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !good {
            section.problem("public_url", no_address);
        }
        good
    });
    let uncompressed_agents = section.take("uncompressed_agents").unwrap_or_default();
    let admin_listen = section.read(
        "admin_listen",
        "is no IP address with a port; write one such as `127.0.0.1:9090`",
    );
    let taken = |address: &SocketAddr| address.port() != 0 && Some(*address) == listen;
    if admin_listen.as_ref().is_some_and(taken) {
        section.problem(
            "admin_listen",
            "is where readers connect; write another port, such as `127.0.0.1:9090`",
        );
    }
    section.finish();
    Some(Server {
        listen: listen?,
        admin_listen,
        public_url,
        uncompressed_agents,
    })
}

#[cfg(test)]
mod tests;
