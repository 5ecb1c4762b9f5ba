//! `calbridge status`

use std::{io::Write, net::SocketAddr, path::Path, time::Duration};

use url::Url;

use super::{CliError, history::Shape, stdout};
use crate::{
    api::{Addresses, Clients, NoClient},
    config::Config,
    status::Status,
};

/// How long the server may take to tell; a status is made from memory.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no status to show.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// There is no address to ask.
    #[error(
        "`server.admin_listen` is not set in {config}; write one such as `admin_listen = \"127.0.0.1:9090\"` and start the server again"
    )]
    NotSet {
        /// The configuration.
        config: String,
    },
    /// Nobody tells it there.
    #[error(
        "no server tells its status on `{address}`; start it with `calbridge serve`, or look whether it runs with this configuration"
    )]
    NoAnswer {
        /// The address that was asked.
        address: SocketAddr,
        /// What happened.
        #[source]
        why: reqwest::Error,
    },
    /// Somebody answers there, and it is no status.
    #[error("what answers on `{address}` is no calbridge of this version; see what runs there")]
    NoStatus {
        /// The address that was asked.
        address: SocketAddr,
        /// What is wrong with the answer.
        #[source]
        why: serde_json::Error,
    },
    /// Nobody can be asked.
    #[error(transparent)]
    Client(#[from] NoClient),
}

/// Asks the server of the configuration at `path` how everything stands. No secret of it is needed for that.
pub(super) async fn status(
    path: &Path,
    shape: Shape,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let listen = Config::load_server(path)?.admin_listen;
    let listen = listen.ok_or_else(|| StatusError::NotSet {
        config: path.display().to_string(),
    })?;
    let address = reachable(listen);
    let json = ask(address).await?;
    let text = match shape {
        Shape::Json => json,
        Shape::Lines => {
            let status: Status = serde_json::from_str(&json)
                .map_err(|why| StatusError::NoStatus { address, why })?;
            status.to_string()
        }
    };
    writeln!(out, "{}", text.trim_end()).map_err(stdout)
}

async fn ask(address: SocketAddr) -> Result<String, StatusError> {
    let client = Clients::new()?.reaching(Addresses::Any);
    let url = Url::parse(&format!("http://{address}/status.json"));
    let url = url.expect("a socket address stands in an address as it is");
    let told = client.own(url, PATIENCE).await;
    told.map_err(|why| StatusError::NoAnswer { address, why })
}

/// Where a server that listens on `listen` is reached from its own machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let loopback = match listen {
        SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
    };
    if listen.ip().is_unspecified() {
        SocketAddr::new(loopback, listen.port())
    } else {
        listen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_loopback() {
        for (listen, want) in [
            ("0.0.0.0:9090", "127.0.0.1:9090"),
            ("[::]:9090", "[::1]:9090"),
            ("127.0.0.1:9090", "127.0.0.1:9090"),
            ("10.0.0.5:9090", "10.0.0.5:9090"),
        ] {
            assert_eq!(
                reachable(listen.parse().unwrap()),
                want.parse().unwrap(),
                "{listen}"
            );
        }
    }
}
