//! `calbridge check`

use std::io::Write;

use super::{CliError, World, stdout};
use crate::{
    api::Chain,
    config::{Config, Store},
    store::sqlite,
};

/// Checks what the configuration refers to; the configuration itself has no problems any more.
pub(super) async fn check(
    config: Config,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let store = config.store.clone();
    let (feeds, zones) = crate::assemble(config, &world.clock, None)?;
    writeln!(out, "configuration    ok").map_err(stdout)?;
    let data = zones.current();
    writeln!(
        out,
        "tz database      ok  {} {}",
        data.version(),
        data.origin()
    )
    .map_err(stdout)?;
    for problem in data.problems() {
        writeln!(out, "                 {problem}").map_err(stdout)?;
    }
    let mut failed = usize::from(!is_store_well(&store, out).await?);
    for (id, units) in feeds.sources() {
        match units.check().await {
            Ok(account) => writeln!(out, "source {id:<9} ok  as {account}"),
            Err(error) => {
                failed += 1;
                writeln!(out, "source {id:<9} FAILED  {}", Chain(&error))
            }
        }
        .map_err(stdout)?;
    }
    match failed {
        0 => Ok(()),
        failed => Err(CliError::Checks {
            failed,
            of: feeds.sources().count() + usize::from(store != Store::Memory),
        }),
    }
}

/// Says how the store is, without a change to it.
async fn is_store_well(store: &Store, out: &mut impl Write) -> Result<bool, CliError> {
    let Store::File(path) = store else {
        writeln!(out, "store            none").map_err(stdout)?;
        return Ok(true);
    };
    let looked = sqlite::inspect(path).await;
    match &looked {
        Ok(None) => writeln!(out, "store            ok  {}, to be made", path.display()),
        Ok(Some(found)) => writeln!(
            out,
            "store            ok  {}, {} events",
            path.display(),
            found.events
        ),
        Err(error) => writeln!(out, "store            FAILED  {}", Chain(error)),
    }
    .map_err(stdout)?;
    Ok(looked.is_ok())
}
