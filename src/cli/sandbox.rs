//! `calbridge sandbox`: upstreams to try calbridge on, and the configuration that serves them.

mod config;
mod doubles;

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::Path,
};

use clap::ValueEnum;

use crate::{
    clock::Clock,
    sandbox::{
        neutral::{self, BadData},
        season::Season,
    },
};

pub(in crate::cli) use self::{
    config::config_of,
    doubles::{Double, Doubles},
};
pub use self::{config::config_text, doubles::Kind};

/// Why the sandbox did not run.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The data file is wrong.
    #[error(
        "the event list cannot be served; mend it, or leave `--data` out for the fictional season"
    )]
    Data(#[from] BadData),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`; choose another address, or port 0 for a free one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The address and the configuration could not be printed.
    #[error("cannot print where the sandbox listens; give standard output a place to go")]
    Print(#[source] io::Error),
}

/// Serves the neutral event list in `data`, or else the fictional season around the day `clock` shows, as an upstream of
/// every kind, or of the `only` one, until `stop`: the first on `listen`, the others on free ports. Prints their addresses,
/// then a configuration for those that this version has a connector for.
///
/// # Errors
///
/// When the data is wrong, the address cannot be listened on, or `out` cannot be written to.
pub async fn sandbox(
    data: Option<&Path>,
    only: Option<Kind>,
    listen: SocketAddr,
    clock: Clock,
    out: &mut impl Write,
    stop: impl Future<Output = ()>,
) -> Result<(), SandboxError> {
    let today = clock.now().date_naive();
    let season = match data {
        Some(path) => neutral::read(path)?,
        None => Season::touring(today),
    };
    let one = only.map(|kind| [kind]);
    let kinds = one.as_ref().map_or(&Kind::ALL[..], |one| &one[..]);
    let doubles = Doubles::start(kinds, &season, listen, &clock).await?;
    print(&doubles, &config_of(&doubles, &season, today), out).map_err(SandboxError::Print)?;
    stop.await;
    doubles.stop().await;
    Ok(())
}

fn print(doubles: &Doubles, config: &str, out: &mut impl Write) -> io::Result<()> {
    let first = doubles.all().first().map(Double::url);
    writeln!(out, "listening on {}", first.unwrap_or_default())?;
    for double in doubles.all() {
        writeln!(out, "{}: {}", name(double.kind()), double.url())?;
    }
    if !doubles.all().is_empty() {
        write!(out, "\n{config}")?;
    }
    out.flush()
}

/// What the configuration calls a kind.
pub(in crate::cli) fn name(kind: Kind) -> String {
    let value = kind.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}
