//! `calbridge serve`

use std::{io::Write, net::SocketAddr};

use tokio::net::TcpListener;

use super::{CliError, World, stdout};
use crate::{Server, config::Config};

pub(super) async fn serve(
    config: Config,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
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
    server.run(world.stop.clone()).await;
    Ok(())
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
