//! Where calls may go: not into the network that calbridge itself runs in, and not where a redirect lures them.
//!
//! An address in the configuration, or a name behind it, may point at a metadata service, a router, a database. So
//! literal addresses are checked before a call, and names after their resolution, in the very addresses that the
//! connection then uses: a name cannot resolve to one address for the check and to another for the connection.

use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The most redirects of one call.
pub(super) const REDIRECTS_MAX: usize = 5;

/// Which addresses a source's calls may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Addresses {
    /// Only those of the public internet.
    Global,
    /// Loopback and private ranges too: `allow_private_addresses = true`.
    Any,
}

/// Which hosts the redirects of a call may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hosts {
    /// The same host and port, for calls that carry credentials.
    Same,
    /// Any whose addresses the guard permits, for calls that carry none.
    Any,
}

/// Why a call, or a redirect of one, was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Neither `http` nor `https`.
    #[error("`{0}:` is no scheme for calls; write an `https:` address")]
    Scheme(String),
    /// The host is, or resolves to, nothing but addresses outside the public internet.
    #[error(
        "`{0}` is not an address of the public internet; set `allow_private_addresses = true` if it is meant"
    )]
    PrivateAddress(String),
    /// A redirect to another host or port, which would be handed our credentials.
    #[error("it redirects to `{0}`; configure that address if it is meant")]
    OtherHost(String),
    /// A redirect from `https` to `http`.
    #[error("it redirects from `https` to `http`")]
    Downgrade,
    /// A redirect without a `Location` that can be read.
    #[error("it redirects to an address that cannot be read")]
    BadLocation,
    /// A chain of redirects without end.
    #[error("it redirects more than {REDIRECTS_MAX} times")]
    TooManyRedirects,
    /// The server's certificate, or its TLS as a whole, is not acceptable.
    #[error("no secure connection can be made; see to the server's certificate")]
    Tls(#[source] reqwest::Error),
}

impl Addresses {
    /// Checks all that can be known of `url` without resolving its host.
    pub(super) fn check(self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        // `Url` has already normalised every spelling of an address, such as `0x7f.1` or `2130706433`.
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) | None => None,
        };
        match literal {
            Some(ip) if !self.permits(ip) => Err(Refusal::PrivateAddress(ip.to_string())),
            _ => Ok(()),
        }
    }

    fn permits(self, ip: IpAddr) -> bool {
        self == Self::Any || is_global(ip)
    }
}

/// Where a redirect of `from` to `location` leads, if it stays within `hosts`; up from http to https is the same host.
/// The addresses of another host are checked when it is called.
pub(super) fn hop(from: &Url, location: Option<&str>, hosts: Hosts) -> Result<Url, Refusal> {
    let to = location
        .and_then(|text| from.join(text).ok())
        .ok_or(Refusal::BadLocation)?;
    let raised = from.scheme() == "http" && to.scheme() == "https";
    match to.scheme() {
        "https" => {}
        "http" if from.scheme() == "http" => {}
        "http" => return Err(Refusal::Downgrade),
        other => return Err(Refusal::Scheme(other.to_owned())),
    }
    let same_port = raised || from.port_or_known_default() == to.port_or_known_default();
    if hosts == Hosts::Any || (from.host() == to.host() && same_port) {
        Ok(to)
    } else {
        let port = to.port().map(|port| format!(":{port}"));
        let host = to.host_str().unwrap_or_default();
        Err(Refusal::OtherHost(format!(
            "{host}{}",
            port.unwrap_or_default()
        )))
    }
}

/// The resolver of every client: the system's, less the addresses that may not be reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver(pub(super) Addresses);

/// What the resolver answers when a name has no address left. It travels inside a `reqwest::Error`.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` has no address in the public internet")]
struct NotGlobal(String);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self(addresses) = *self;
        Box::pin(async move {
            // Port 0 stands for that of the URL.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<SocketAddr> =
                found.filter(|addr| addresses.permits(addr.ip())).collect();
            if permitted.is_empty() {
                return Err(NotGlobal(name.as_str().to_owned()).into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

/// The refusal that `cause` is, if the resolver made it.
pub(super) fn refusal(cause: &(dyn Error + 'static)) -> Option<Refusal> {
    let NotGlobal(host) = cause.downcast_ref()?;
    Some(Refusal::PrivateAddress(host.clone()))
}

/// Whether an address is one of the public internet (IANA special-purpose registries, RFC 6890).
fn is_global(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_global_v4(ip),
        IpAddr::V6(ip) => is_global_v6(ip),
    }
}

fn is_global_v4(ip: Ipv4Addr) -> bool {
    !matches!(
        ip.octets(),
        [0 | 10 | 127 | 224.., ..] // this network, private, loopback, multicast and reserved
            | [100, 64..=127, ..] // shared by carriers (CGNAT)
            | [169, 254, ..] // link-local, and where clouds keep their metadata
            | [172, 16..=31, ..] // private
            | [192, 168, ..] // private
            | [192, 0, 0 | 2, _] // protocol assignments, documentation
            | [192, 88, 99, _] // 6to4 relays
            | [198, 18 | 19, ..] // benchmarking
            | [198, 51, 100, _] // documentation
            | [203, 0, 113, _] // documentation
    )
}

/// Only `2000::/3` is handed out. That leaves out loopback, unique local, link-local, multicast, and the forms that wrap
/// an IPv4 address (mapped, compatible, NAT64), which could smuggle a private one past the check.
fn is_global_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let special = match first {
        // Protocol assignments (Teredo, benchmarking, ORCHID) and documentation.
        0x2001 => matches!(second, 0..=0x01ff | 0x0db8),
        // 6to4 wraps an IPv4 address.
        0x2002 => true,
        // Documentation.
        0x3fff => second <= 0x0fff,
        _ => false,
    };
    (0x2000..=0x3fff).contains(&first) && !special
}

#[cfg(test)]
mod tests;
