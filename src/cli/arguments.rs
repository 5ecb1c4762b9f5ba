//! The arguments of the commands, and what `--help` says of them.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand};

use super::{World, explain::Calendar, history::Shape, manual, place::Place, sandbox, token};
use crate::{
    config::{Config, ConfigError},
    domain::{
        id::{EventUid, FeedId, SourceId},
        window::WindowSpec,
    },
    feed::explain::About,
};

/// Publishes the events of booking and scheduling systems as calendars one can subscribe to.
#[derive(Debug, Parser)]
#[command(
    name = "calbridge",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Example: calbridge demo"
)]
pub struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the server
    ///
    /// Prints one line, `listening on http://…`, on standard output; the log goes to standard error. Ends on Ctrl-C or
    /// SIGTERM; SIGHUP has it read its configuration anew.
    #[command(after_help = "Example: calbridge serve --config calbridge.toml")]
    Serve(ConfigFile),
    /// Run sandbox upstreams with a fictional season, and the server over them
    #[command(after_help = "Example: calbridge demo")]
    Demo {
        /// Where the server listens; port 0 is any free one
        #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
        listen: SocketAddr,
    },
    /// Run the sandbox upstreams alone, and print a configuration for them
    #[command(after_help = "Example: calbridge sandbox --kind prospero")]
    Sandbox {
        /// A neutral event list (JSON) to serve instead of the fictional season
        #[arg(long, value_name = "FILE")]
        data: Option<PathBuf>,
        /// The only kind of upstream to run; all of them if left out
        #[arg(long, value_enum)]
        kind: Option<sandbox::Kind>,
        /// Where the first one listens; port 0 is any free one, which the others take anyway
        #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
        listen: SocketAddr,
    },
    /// Fetch once and write a feed to a file
    #[command(after_help = "Example: calbridge export season --window next-90d -o soon.ics")]
    Export {
        /// The feed, as named in the configuration
        feed: FeedId,
        /// Another window than the feed's own, such as `2026-12` or `next-90d`
        #[arg(long)]
        window: Option<WindowSpec>,
        /// Where to write; standard output if left out
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Explain why an event is, or is not, in a feed: rule by rule
    ///
    /// The answer is that of the code that makes the calendar, over what the store of the running server has; where that knows
    /// nothing of the event, over what the upstreams say now, which also tells what they hide and by which rule. Exit code 0:
    /// something fits and is explained; 1: nothing fits.
    #[command(after_help = "Example: calbridge explain season rehearsal")]
    Explain {
        /// The feed, as named in the configuration, or `groups/SOURCE/GROUP`: one group, by its upstream id or its name
        feed: Calendar,
        /// An upstream id, a `UID`, or a piece of a title; of an event that the upstream hides, one of the first two
        event: About,
        /// Another window than the feed's own, such as `2026-12` or `next-90d`
        #[arg(long)]
        window: Option<WindowSpec>,
        /// Ask the upstreams, whatever the store has
        #[arg(long)]
        fetch: bool,
        #[command(flatten)]
        output: Output,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Check the configuration, the tz database, the store, the clock, and that every upstream lets us in
    ///
    /// One line for each: what it is, `ok`, `WARNING` or `FAILED`, and what was found. Upstreams are asked for as little as tells
    /// whether they let us in; the groups that feeds name are looked for in the store, or read where it does not know them yet.
    /// Exit code 0: nothing failed; 1: something did; 2: the configuration has problems.
    #[command(after_help = "Example: calbridge check --config calbridge.toml")]
    Check {
        /// Ask nothing of any upstream
        #[arg(long)]
        offline: bool,
        #[command(flatten)]
        output: Output,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Show how the sources and feeds of the running server stand
    #[command(after_help = "Example: calbridge status --config calbridge.toml")]
    Status {
        #[command(flatten)]
        output: Output,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Show what became of the events of a feed: what changed, when that was seen, and what subscribers are told of it
    ///
    /// Reads the store, newest change first; changes are kept for 90 days. `seen` is when a poll brought the change,
    /// LAST-MODIFIED when the calendar says that it happened. Behind it stand the families of calendar clients that have read
    /// the feed since then; counts reach the store within a minute.
    #[command(after_help = "Example: calbridge history season --json")]
    History {
        /// The feed, as named in the configuration
        feed: FeedId,
        /// Only this event, by the `UID` it has in the calendar
        event: Option<EventUid>,
        #[command(flatten)]
        output: Output,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Believe at once that a source has lost most of its events
    ///
    /// A list that loses more than half of the coming events is held back until the next poll agrees; one that loses all of
    /// them, for 24 hours. This lets through what is held back now, and nothing else. It is told through the store, where a
    /// running server finds it within seconds, and one that does not run when it starts.
    #[command(after_help = "Example: calbridge accept stage")]
    Accept {
        /// The source, as named in the configuration
        source: SourceId,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Make secret links to closed feeds
    #[command(
        subcommand,
        after_help = "Example: calbridge token new cast --label soloists --until 2099-12-31"
    )]
    Token(token::Command),
    /// Check a calendar, ours or another's, against what calendar programs are known to need
    ///
    /// Each finding names the rule, the line, what is there, what would be right, and who suffers. An error is what a standard
    /// forbids or what loses or shifts events somewhere; a warning costs some readers something; a hint is how it is done best.
    /// Of an address, it is also looked at how it is served, by nine requests. Exit code 0: no errors; 1: errors; 2: it could not
    /// be read.
    #[command(after_help = "Example: calbridge export season | calbridge lint -")]
    Lint {
        /// An address (`https` or `webcal`), a file, or `-` for standard input
        #[arg(value_name = "URL|FILE")]
        calendar: Place,
        #[command(flatten)]
        output: Output,
    },
    /// Tell what became of one calendar in another: what came, went, moved, was renamed or cancelled
    ///
    /// Events are matched by UID. Exit code 0: both say the same; 1: they differ; 2: one could not be read.
    #[command(
        after_help = "Example: calbridge export season -o before.ics && calbridge export season | calbridge diff before.ics -"
    )]
    Diff {
        /// The older calendar: an address (`https` or `webcal`), a file, or `-` for standard input
        #[arg(value_name = "URL|FILE")]
        before: Place,
        /// The newer one
        #[arg(value_name = "URL|FILE")]
        after: Place,
        #[command(flatten)]
        output: Output,
    },
    /// Show the addresses by which people subscribe to a feed, for each calendar program
    #[command(after_help = "Example: calbridge links --all")]
    Links {
        /// The feed, as named in the configuration
        #[arg(required_unless_present = "all")]
        feed: Option<FeedId>,
        /// Every feed there is
        #[arg(long, conflicts_with = "feed")]
        all: bool,
        #[command(flatten)]
        output: Output,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Print completions of commands and options for a shell
    #[command(after_help = "Example: calbridge completions bash > calbridge.bash")]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: manual::Shell,
    },
    /// Print the man page
    #[command(after_help = "Example: calbridge man > calbridge.1")]
    Man,
    /// Show which tz database is used, and where those at hand differ
    #[command(after_help = "Example: calbridge zones America/Vancouver Europe/Berlin")]
    Zones {
        /// Zones to show the coming changes of
        names: Vec<String>,
        /// A directory to use instead of the newest database at hand
        #[arg(long, value_name = "DIRECTORY")]
        data: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct ConfigFile {
    /// The configuration
    #[arg(long, default_value = "calbridge.toml", value_name = "FILE")]
    pub(super) config: PathBuf,
}

#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Output {
    /// JSON instead of lines
    #[arg(long)]
    json: bool,
}

impl Output {
    /// The shape it asks for.
    pub(super) fn shape(self) -> Shape {
        if self.json { Shape::Json } else { Shape::Lines }
    }
}

impl ConfigFile {
    /// Reads it.
    ///
    /// # Errors
    /// [`ConfigError`]: all that is wrong with it.
    pub(super) fn load(&self, world: &World) -> Result<Config, ConfigError> {
        Config::load(&self.config, world.environment)
    }
}
