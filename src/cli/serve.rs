//! `calbridge serve`

use std::{io::Write, net::SocketAddr};

use tokio::{
    net::TcpListener,
    sync::{Notify, mpsc},
};

use super::{CliError, ConfigFile, World, stdout};
use crate::{Server, api::Chain, config::Config};

pub(super) async fn serve(
    file: &ConfigFile,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let told = (world.reread)();
    let config = file.load(world)?;
    let (listener, address) = listen(config.server.listen).await?;
    let admin = match config.server.admin_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let mut server = Server::new(config, listener, world.clock.clone()).await?;
    if let Some((listener, address)) = admin {
        tracing::info!(%address, "the admin listener tells how everything stands at /status");
        server = server.with_admin(listener);
    }
    writeln!(out, "listening on http://{address}")
        .and_then(|()| out.flush())
        .map_err(stdout)?;
    let (sender, configs) = mpsc::channel(1);
    tokio::select! {
        () = server.with_configs(configs).run(world.stop.clone()) => {}
        () = reread(&told, file, world, sender) => {}
    }
    Ok(())
}

/// Reads the configuration anew whenever it is `told` to, for ever. A bad one is told and goes nowhere.
async fn reread(told: &Notify, file: &ConfigFile, world: &World, configs: mpsc::Sender<Config>) {
    loop {
        told.notified().await;
        match file.load(world) {
            // Who takes it ends with the process only.
            Ok(config) => drop(configs.send(config).await),
            Err(error) => {
                tracing::error!(error = %Chain(&error), "the new configuration is not taken up; the one before stays in use");
            }
        }
    }
}

/// Listens on `address`; says which port it became.
pub(super) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), CliError> {
    let listen = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    listen
        .await
        .map_err(|source| CliError::Listen { address, source })
}
