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
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn only_addresses_of_the_public_internet_are_global() {
        for (ip, want) in [
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("1.1.1.1", true),
            ("9.255.255.255", true),
            ("10.0.0.1", false),
            ("11.0.0.0", true),
            ("100.63.255.255", true),
            ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("100.128.0.0", true),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("169.254.169.254", false),
            ("172.15.255.255", true),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("172.32.0.0", true),
            ("192.0.0.8", false),
            ("192.0.1.1", true),
            ("192.0.2.1", false),
            ("192.88.99.1", false),
            ("192.168.1.1", false),
            ("192.169.0.0", true),
            ("198.17.255.255", true),
            ("198.18.0.1", false),
            ("198.19.255.255", false),
            ("198.20.0.0", true),
            ("198.51.100.1", false),
            ("203.0.113.1", false),
            ("203.0.114.1", true),
            ("223.255.255.255", true),
            ("224.0.0.1", false),
            ("239.255.255.255", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::127.0.0.1", false),
            ("::1.1.1.1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:1.1.1.1", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b:1::1", false),
            ("100::1", false),
            ("1fff:ffff::1", false),
            ("2001::1", false),
            ("2001:2::1", false),
            ("2001:20::1", false),
            ("2001:1ff::1", false),
            ("2001:200::1", true),
            ("2001:db8::1", false),
            ("2001:db9::1", true),
            ("2002:7f00:1::", false),
            ("2003::1", true),
            ("2606:4700::1111", true),
            ("2a00:1450:4001::1", true),
            ("3ffe::1", true),
            ("3fff::1", false),
            ("3fff:fff::1", false),
            ("3fff:1000::1", true),
            ("4000::1", false),
            ("5f00::1", false),
            ("fc00::1", false),
            ("fd12:3456::1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_global(ip.parse().unwrap()), want, "{ip}");
        }
    }

    #[test]
    fn every_spelling_of_a_private_address_is_refused_before_sending() {
        for text in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://2130706433/",
            "http://127.0.0.1./",
            "http://127%2e0.0.1/",
            "http://１２７.０.０.１/",
            "http://0/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::10.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
            "https://user@192.168.0.1:8443/",
        ] {
            let refused = Addresses::Global.check(&url(text));
            assert!(
                matches!(refused, Err(Refusal::PrivateAddress(_))),
                "{text}: {refused:?}"
            );
            assert!(Addresses::Any.check(&url(text)).is_ok(), "{text}");
        }
        for text in ["https://prospero.example/", "http://1.1.1.1/"] {
            assert!(Addresses::Global.check(&url(text)).is_ok(), "{text}");
        }
    }

    #[test]
    fn only_http_and_https_are_called() {
        for text in [
            "ftp://a.example/",
            "file:///etc/passwd",
            "mailto:a@a.example",
        ] {
            let refused = Addresses::Any.check(&url(text));
            assert!(
                matches!(refused, Err(Refusal::Scheme(_))),
                "{text}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_redirect_stays_at_its_host_and_never_loses_its_encryption() {
        for (from, location, want) in [
            (
                "https://a.example/x/y",
                "z?q=1",
                "to https://a.example/x/z?q=1",
            ),
            ("https://a.example/x", "/y", "to https://a.example/y"),
            (
                "https://a.example/x",
                "https://A.example:443/y",
                "to https://a.example/y",
            ),
            (
                "http://a.example/x",
                "https://a.example/x",
                "to https://a.example/x",
            ),
            (
                "http://a.example:8080/x",
                "https://a.example:8443/x",
                "to https://a.example:8443/x",
            ),
            (
                "http://127.0.0.1:8080/x",
                "http://127.1:8080/y",
                "to http://127.0.0.1:8080/y",
            ),
            ("https://a.example/x", "http://a.example/x", "downgrade"),
            (
                "https://a.example/x",
                "https://b.example/x",
                "other b.example",
            ),
            (
                "https://a.example/x",
                "https://www.a.example/x",
                "other www.a.example",
            ),
            ("https://a.example/x", "//b.example/x", "other b.example"),
            (
                "https://a.example/x",
                "https://a.example@b.example/x",
                "other b.example",
            ),
            (
                "https://a.example/x",
                "https://a.example:22/x",
                "other a.example:22",
            ),
            (
                "https://a.example/x",
                "https://127.0.0.1/x",
                "other 127.0.0.1",
            ),
            ("http://a.example/x", "file:///etc/passwd", "scheme file"),
            ("http://a.example/x", "http://[", "bad"),
        ] {
            let got = match hop(&url(from), Some(location), Hosts::Same) {
                Ok(to) => format!("to {to}"),
                Err(Refusal::Downgrade) => "downgrade".to_owned(),
                Err(Refusal::OtherHost(host)) => format!("other {host}"),
                Err(Refusal::Scheme(scheme)) => format!("scheme {scheme}"),
                Err(Refusal::BadLocation) => "bad".to_owned(),
                Err(other) => format!("{other:?}"),
            };
            assert_eq!(got, want, "{from} -> {location}");
        }
        let bare = hop(&url("https://a.example/x"), None, Hosts::Any);
        assert!(matches!(bare, Err(Refusal::BadLocation)), "{bare:?}");
    }

    #[test]
    fn without_credentials_a_redirect_may_change_its_host_but_not_lose_its_encryption() {
        for (from, location, want) in [
            (
                "https://a.example/x",
                "https://b.example:8443/y",
                "to https://b.example:8443/y",
            ),
            (
                "https://user:s3cret@a.example/x",
                "https://b.example/y",
                "to https://b.example/y",
            ),
            (
                "http://a.example/x",
                "http://b.example/y",
                "to http://b.example/y",
            ),
            ("https://a.example/x", "http://b.example/y", "refused"),
            ("https://a.example/x", "file:///etc/passwd", "refused"),
        ] {
            let got = hop(&url(from), Some(location), Hosts::Any);
            let got = got.map_or_else(|_why| "refused".to_owned(), |to| format!("to {to}"));
            assert_eq!(got, want, "{from} -> {location}");
        }
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_loopback_only_has_no_address_left() {
        let resolve = |addresses| Resolver(addresses).resolve("localhost".parse().unwrap());
        let Err(refused) = resolve(Addresses::Global).await else {
            panic!("localhost was let through");
        };
        let why = refusal(&*refused);
        assert!(
            matches!(&why, Some(Refusal::PrivateAddress(host)) if host == "localhost"),
            "{why:?}"
        );
        let found: Vec<_> = resolve(Addresses::Any).await.unwrap().collect();
        assert!(
            !found.is_empty() && found.iter().all(|addr| addr.ip().is_loopback()),
            "{found:?}"
        );
    }
}
