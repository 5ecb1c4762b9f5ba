//! The commands.

mod check;
mod demo;
mod export;
pub mod sandbox;
mod serve;
pub mod token;
pub mod zones;

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
};

use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

use crate::{
    StartError,
    clock::Clock,
    config::{Config, ConfigError},
    domain::{id::FeedId, window::WindowSpec},
    feed::FeedError,
};

/// Publishes the events of booking and scheduling systems as calendars one can subscribe to.
#[derive(Debug, Parser)]
#[command(
    name = "calbridge",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    ///
    /// Prints one line, `listening on http://…`, on standard output; the log goes to standard error. Ends on Ctrl-C or SIGTERM.
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
    #[command(after_help = "Example: calbridge sandbox --data concerts.json")]
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
    #[command(after_help = "Example: calbridge export season --window 2026-12 -o december.ics")]
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
    /// Check the configuration, the tz database, and that every upstream lets us in
    #[command(after_help = "Example: calbridge check --config calbridge.toml")]
    Check(ConfigFile),
    /// Make secret links to closed feeds
    #[command(subcommand)]
    Token(token::Command),
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
struct ConfigFile {
    /// The configuration
    #[arg(long, default_value = "calbridge.toml", value_name = "FILE")]
    config: PathBuf,
}

/// What the commands need from the world.
#[derive(Debug, Clone)]
pub struct World {
    /// The time.
    pub clock: Clock,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
    /// Ends what is running.
    pub stop: CancellationToken,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// There is no usable configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Somebody else listens there, or it is no address of this machine.
    #[error("cannot listen on `{address}`; end what listens there, or choose another address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The feed could not be had.
    #[error("feed `{feed}` cannot be exported")]
    Export {
        /// The feed.
        feed: FeedId,
        /// Why.
        source: FeedError,
    },
    /// A signal came before it was done.
    #[error("ended before anything was written; run it again")]
    Interrupted,
    /// The output could not be written.
    #[error("cannot write `{to}`")]
    Write {
        /// A path, or standard output.
        to: String,
        /// What the system says.
        source: io::Error,
    },
    /// The sandbox did not run.
    #[error(transparent)]
    Sandbox(#[from] sandbox::SandboxError),
    /// No secret link was made.
    #[error(transparent)]
    Token(#[from] token::TokenError),
    /// The zones could not be shown.
    #[error(transparent)]
    Zones(#[from] zones::ZonesError),
    /// Something that was checked is not as it should be; what, is on standard output.
    #[error("{failed} of {of} checks failed")]
    Checks {
        /// How many failed.
        failed: usize,
        /// How many there were.
        of: usize,
    },
}

impl CliError {
    /// The exit code: 2 for what the operator must change in the configuration first, otherwise 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Token(token::TokenError::NotClosed { .. })
            | Self::Start(StartError::Zones(_) | StartError::NoSuchZone(_))
            | Self::Zones(zones::ZonesError::Data(_)) => 2,
            _ => 1,
        }
    }
}

/// Runs one command to its end; what it prints goes to `out`.
///
/// # Errors
/// [`CliError`], to be shown with all its causes.
pub async fn run(
    arguments: Arguments,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    match arguments.command {
        Command::Serve(file) => serve::serve(file.load(world)?, world, out).await,
        Command::Demo { listen } => demo::demo(listen, world, out).await,
        Command::Sandbox { data, kind, listen } => {
            let stop = world.stop.cancelled();
            let clock = world.clock.clone();
            Ok(sandbox::sandbox(data.as_deref(), kind, listen, clock, out, stop).await?)
        }
        Command::Export {
            feed,
            window,
            output,
            config,
        } => {
            export::export(
                config.load(world)?,
                &feed,
                window,
                output.as_deref(),
                world,
                out,
            )
            .await
        }
        Command::Check(file) => check::check(file.load(world)?, world, out).await,
        Command::Token(command) => token::token(&command, world, out),
        Command::Zones { names, data } => Ok(zones::zones(
            data.as_deref(),
            &names,
            world.clock.now(),
            out,
        )?),
    }
}

impl ConfigFile {
    fn load(&self, world: &World) -> Result<Config, ConfigError> {
        Config::load(&self.config, world.environment)
    }
}

/// A failure to write to standard output.
fn stdout(source: io::Error) -> CliError {
    CliError::Write {
        to: "standard output".to_owned(),
        source,
    }
}
