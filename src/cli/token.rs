//! `calbridge token`

use std::{
    fmt::{self, Write as _},
    io::Write,
    str::FromStr,
};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use toml::Value;

use super::{
    CliError, ConfigFile, World,
    links::{self, Addresses},
    stdout,
};
use crate::{
    config::Config,
    domain::{
        feed::GroupFeeds,
        id::{BadName, FeedId, GROUPS, SourceId},
        text::Line,
        token::{BadTerm, FreshToken, RANDOM_BYTES, Term, Token},
    },
};

/// What stands for a group in an address.
const GROUP: &str = "ID-OF-GROUP";
/// What stands for the name of its calendar, which is for people alone.
const CALENDAR: &str = "ANY-NAME.ics";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a secret link to a closed feed, or to the closed groups of a source: prints it, once, and the lines that let it in
    ///
    /// Nothing is written or kept. The link works as soon as the lines stand in the configuration and the server was started
    /// again, and stops when they are gone: to replace a link, add the new one, hand it out, then remove the old one.
    #[command(after_help = "Example: calbridge token new cast --label orchestra")]
    New(New),
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// A feed that has `access = "token"` in the configuration, or `groups/` and a source that has `group_feeds = "token"`
    #[arg(value_name = "FEED")]
    closed: Behind,
    /// Who gets the link: it tells links apart in the configuration, and may be seen in logs
    #[arg(long, value_name = "NAME")]
    label: String,
    /// The first day it works, such as `2026-11-21`; at once if left out
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// The last day it works; without end if left out
    #[arg(long, value_name = "DAY")]
    until: Option<NaiveDate>,
    #[command(flatten)]
    config: ConfigFile,
}

/// What a link leads to: a feed, or all groups of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behind {
    /// A feed, such as `cast`.
    Feed(FeedId),
    /// The groups of a source, written `groups/stage`.
    Groups(SourceId),
}

impl FromStr for Behind {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let groups = text.strip_prefix(GROUPS);
        match groups.and_then(|below| below.strip_prefix('/')) {
            Some(source) => source.parse().map(Self::Groups),
            None => text.parse().map(Self::Feed),
        }
    }
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feed(id) => id.fmt(f),
            Self::Groups(source) => write!(f, "{GROUPS}/{source}"),
        }
    }
}

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// There is nothing closed of that name.
    #[error("nothing closed is called `{asked}`; links can be made for {closed}")]
    Unknown {
        /// What was asked for.
        asked: Behind,
        /// What is closed.
        closed: String,
    },
    /// Everybody may read it.
    #[error(
        "`{asked}` is open to everybody or to nobody, so a link is of no use; write `{key} = \"token\"` first"
    )]
    NotClosed {
        /// What was asked for.
        asked: Behind,
        /// The key that would close it.
        key: String,
    },
    /// The label would not tell it from another link.
    #[error("`{0}` is taken by another link to the same; choose another --label")]
    Taken(Line),
    /// The label says nothing.
    #[error("the label is empty; write who gets the link, such as --label orchestra")]
    Nameless,
    /// The link would never work.
    #[error("--until {0}")]
    Never(BadTerm),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes ({0}); try again")]
    NoRandomness(getrandom::Error),
}

/// Runs one of the commands.
pub(super) fn token(
    command: &Command,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    match command {
        Command::New(new) => {
            let config = new.config.load(world)?;
            let text = made(new, &config)?;
            out.write_all(text.as_bytes()).map_err(stdout)
        }
    }
}

/// The link and the lines.
fn made(new: &New, config: &Config) -> Result<String, TokenError> {
    let label = free_label(&new.label, new.closed.tokens(config)?)?;
    Term::new(new.from, new.until).map_err(TokenError::Never)?;
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random).map_err(TokenError::NoRandomness)?;
    let token = FreshToken::new(random);
    let addresses = new.closed.addresses(config, &token);
    let mut text = format!(
        "{link}\n\n\
         This link is the key: hand it to `{label}` alone. The same key opens a page that helps to subscribe, and the calendar in\n\
         every program:\n\n\
         {addresses}\n\
         It is shown only now, and works once these lines stand in the configuration and the server has read that anew, by SIGHUP\n\
         or `systemctl reload calbridge`:\n\n\
         [[{table}.tokens]]\n\
         label  = {quoted}\n\
         sha256 = \"{digest}\"\n",
        link = addresses.copy(),
        table = new.closed.table(),
        quoted = Value::from(label.as_str()),
        digest = token.digest(),
    );
    for (key, day) in [("from  ", new.from), ("until ", new.until)] {
        if let Some(day) = day {
            let _ = writeln!(text, "{key} = {day}");
        }
    }
    Ok(text)
}

impl Behind {
    /// The tokens that open it already.
    fn tokens<'a>(&self, config: &'a Config) -> Result<&'a [Token], TokenError> {
        let (there, tokens, key) = match self {
            Self::Feed(id) => {
                let closed = config.closed.get(id);
                let tokens = closed.map(|closed| closed.tokens.as_slice());
                (config.feeds.contains_key(id), tokens, "access")
            }
            Self::Groups(id) => {
                let source = config.sources.get(id);
                let tokens = source.and_then(|source| match &source.group_feeds {
                    GroupFeeds::Closed(tokens) => Some(tokens.as_slice()),
                    GroupFeeds::Public | GroupFeeds::Off => None,
                });
                (source.is_some(), tokens, "group_feeds")
            }
        };
        tokens.ok_or_else(|| {
            let asked = self.clone();
            if there {
                let key = format!("{}.{key}", self.table());
                TokenError::NotClosed { asked, key }
            } else {
                let closed = all_closed(config);
                TokenError::Unknown { asked, closed }
            }
        })
    }

    /// Its table in the configuration.
    fn table(&self) -> String {
        match self {
            Self::Feed(id) => format!("feeds.{id}"),
            Self::Groups(source) => format!("sources.{source}"),
        }
    }

    /// Its addresses below `token`; those of a group are for the operator to complete.
    fn addresses(&self, config: &Config, token: &FreshToken) -> Addresses {
        let base = links::base(config);
        let opened = links::below(&base, &["s", token.reveal()]);
        match self {
            Self::Feed(id) => {
                let closed = config.closed.get(id);
                let title = closed.map_or(id.as_str(), |closed| closed.feed.title.as_str());
                Addresses::of_feed(&opened, id, title)
            }
            Self::Groups(source) => {
                let page = links::below(&opened, &[GROUPS, source.as_str(), GROUP]);
                let calendar = links::below(&page, &[CALENDAR]);
                Addresses::of(&calendar, &calendar, &page, source.as_str())
            }
        }
    }
}

fn all_closed(config: &Config) -> String {
    let closes = |feeds: &GroupFeeds| matches!(feeds, GroupFeeds::Closed(_));
    let sources = config.sources.iter();
    let groups = sources
        .filter(|(_, source)| closes(&source.group_feeds))
        .map(|(id, _)| Behind::Groups(id.clone()));
    let feeds = config.closed.keys().cloned().map(Behind::Feed);
    let names: Vec<String> = feeds
        .chain(groups)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.is_empty() {
        "what has `access = \"token\"` or `group_feeds = \"token\"`, which nothing has yet"
            .to_owned()
    } else {
        names.join(", ")
    }
}

fn free_label(text: &str, tokens: &[Token]) -> Result<Line, TokenError> {
    let label = Line::new(text);
    if label.is_empty() {
        return Err(TokenError::Nameless);
    }
    if tokens.iter().any(|token| token.label == label) {
        return Err(TokenError::Taken(label));
    }
    Ok(label)
}
