//! The commands.

mod accept;
mod arguments;
mod check;
mod demo;
mod diff;
mod error;
mod explain;
mod export;
mod history;
mod links;
mod lint;
mod manual;
pub mod place;
pub mod sandbox;
mod serve;
pub mod status;
pub mod token;
pub mod zones;

use std::{io::Write, sync::Arc};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use arguments::Arguments;
use arguments::{Command, ConfigFile};
use check::Reach;
pub use error::CliError;
use error::stdout;
use explain::{Question, Witness};

use crate::clock::Clock;

/// What the commands need from the world.
#[derive(Debug, Clone)]
pub struct World {
    /// The time.
    pub clock: Clock,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
    /// Ends what is running.
    pub stop: CancellationToken,
    /// Begins to listen for the word to read the configuration anew. Who does not call it is ended by that word.
    pub reread: fn() -> Arc<Notify>,
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
        Command::Serve(file) => serve::serve(&file, world, out).await,
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
        Command::Explain {
            feed,
            event,
            window,
            fetch,
            output,
            config,
        } => {
            let question = Question {
                calendar: feed,
                window,
                about: event,
                witness: if fetch {
                    Witness::Upstreams
                } else {
                    Witness::Store
                },
            };
            explain::explain(&config, question, output.shape(), world, out).await
        }
        Command::Status { output, config } => {
            status::status(&config.config, output.shape(), out).await
        }
        Command::History {
            feed,
            event,
            output,
            config,
        } => history::history(config.load(world)?, &feed, event, output.shape(), out).await,
        Command::Accept { source, config } => {
            accept::accept(config.load(world)?, &source, out).await
        }
        Command::Check {
            offline,
            output,
            config,
        } => {
            let reach = if offline {
                Reach::Offline
            } else {
                Reach::Upstreams
            };
            check::check(config.load(world)?, reach, output.shape(), world, out).await
        }
        Command::Token(command) => token::token(&command, world, out),
        Command::Lint { calendar, output } => {
            lint::lint(&calendar, output.shape(), world, out).await
        }
        Command::Diff {
            before,
            after,
            output,
        } => diff::diff(&before, &after, output.shape(), out).await,
        Command::Links {
            feed,
            output,
            config,
            ..
        } => links::links(&config.load(world)?, feed.as_ref(), output.shape(), out),
        Command::Completions { shell } => manual::completions(shell, out),
        Command::Man => manual::man(out),
        Command::Zones { names, data } => Ok(zones::zones(
            data.as_deref(),
            &names,
            world.clock.now(),
            out,
        )?),
    }
}
