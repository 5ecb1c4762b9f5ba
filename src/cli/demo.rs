//! `calbridge demo`

use std::{io::Write, net::SocketAddr, path::Path};

use secrecy::ExposeSecret;
use url::Url;

use super::{
    CliError, World,
    sandbox::{Doubles, Kind, config_of, name},
    serve::listen,
    stdout,
};
use crate::{
    config::{Config, ConfigError, Store},
    sandbox::season::Season,
};

/// Where the sandbox listens: free ports of this machine.
const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// Starts the sandbox and the server over it, and prints what to open.
pub(super) async fn demo(
    address: SocketAddr,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let today = world.clock.now().date_naive();
    let season = Season::touring(today);
    let doubles = Doubles::start(&Kind::ALL, &season, FREE, &world.clock).await?;
    let text = config_of(&doubles, &season, today);
    let secret = |name: &str| {
        let secrets = doubles.secrets();
        let found = secrets.into_iter().find(|secret| secret.name == name)?;
        Some(found.secret.expose_secret().to_owned())
    };
    let mut config =
        Config::parse(&text, "the demo", Path::new("."), &secret).map_err(ConfigError::from)?;
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
    writeln!(out, "\nThe upstreams, sandboxes with one fictional season:").map_err(stdout)?;
    for double in doubles.all() {
        let kind = name(double.kind()) + ":";
        writeln!(out, "  {kind:<21} {}", double.url()).map_err(stdout)?;
    }
    writeln!(out, "\nCtrl-C ends it.").map_err(stdout)?;
    out.flush().map_err(stdout)?;
    crate::run(config, listener, world.clock.clone(), world.stop.clone()).await?;
    doubles.stop().await;
    Ok(())
}
