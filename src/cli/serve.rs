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
    let server = Server::new(config, listener, world.clock.clone()).await?;
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
