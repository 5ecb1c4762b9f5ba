//! `calbridge accept`

use std::io::Write;

use super::{CliError, stdout};
use crate::{
    StartError,
    config::{Config, Store},
    domain::{id::SourceId, when::stamp},
    store::sqlite,
};

/// Lets through what `source` holds back; a server hears of it through the store alone.
pub(super) async fn accept(
    config: Config,
    source: &SourceId,
    out: &mut impl Write,
) -> Result<(), CliError> {
    if !config.sources.contains_key(source) {
        return Err(CliError::unknown("source", source, config.sources.keys()));
    }
    let Store::File(path) = &config.store else {
        return Err(CliError::Storeless {
            remedy: "restart the server: it then believes what the upstream lists",
        });
    };
    let holds = sqlite::accept(path, source).await;
    let holds = holds.map_err(StartError::Store)?;
    if holds.is_empty() {
        return Err(CliError::NothingHeld(source.clone()));
    }
    for (key, held) in holds {
        writeln!(
            out,
            "{source} {unit}: {missing} of {of} events have been missing since {since}; the next poll lets that through",
            unit = key.unit,
            missing = held.missing,
            of = held.of,
            since = stamp(held.since),
        )
        .map_err(stdout)?;
    }
    Ok(())
}
