//! `calbridge demo`

use std::{io::Write, net::SocketAddr, path::Path};

use secrecy::ExposeSecret;
use url::Url;

use super::{
    CliError, World,
    sandbox::{SandboxError, config_text},
    serve::listen,
    stdout,
};
use crate::{
    config::{Config, ConfigError, Store},
    sandbox::{
        prospero::{Prospero, Settings},
        season::Season,
    },
};

/// Starts the sandbox and the server over it, and prints what to open.
pub(super) async fn demo(
    address: SocketAddr,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let today = world.clock.now().date_naive();
    let season = Season::touring(today);
    let settings = Settings::new(world.clock.clone());
    let sandbox = Prospero::start(season.clone(), settings.clone())
        .await
        .map_err(|source| SandboxError::Listen {
            address: settings.listen,
            source,
        })?;
    let text = config_text(&sandbox.url(), &season, &settings, today);
    let password = |_: &str| Some(settings.password.expose_secret().to_owned());
    let mut config =
        Config::parse(&text, "the demo", Path::new("."), &password).map_err(ConfigError::from)?;
    let folder = tempfile::tempdir().map_err(|source| CliError::Write {
        to: "a temporary folder".to_owned(),
        source,
    })?;
    config.store = Store::File(folder.path().join("calbridge.db"));
    let (listener, address) = listen(address).await?;
    config.server.public_url = Url::parse(&format!("http://{address}")).ok();
    let feeds: Vec<String> = config.feeds.keys().map(ToString::to_string).collect();
    writeln!(out, "listening on http://{address}").map_err(stdout)?;
    writeln!(out, "\nAll calendars:  http://{address}/").map_err(stdout)?;
    for feed in feeds {
        writeln!(out, "Subscribe to:   http://{address}/feeds/{feed}.ics").map_err(stdout)?;
        writeln!(
            out,
            "Another window: http://{address}/feeds/next-90d/{feed}.ics"
        )
        .map_err(stdout)?;
    }
    writeln!(
        out,
        "The upstream:   {} (a sandbox with a fictional season)\n\nCtrl-C ends it.",
        sandbox.url()
    )
    .map_err(stdout)?;
    out.flush().map_err(stdout)?;
    crate::run(config, listener, world.clock.clone(), world.stop.clone()).await?;
    sandbox.stop().await;
    Ok(())
}
