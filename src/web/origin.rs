//! Where readers come from, as far as one can be told from another.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;

/// What a proxy adds to a request: the addresses it came through, the last one that of whom the proxy itself was asked by.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Somebody on the internet: an IPv4 address, or the /64 of an IPv6 address, of which everybody has as many as they like.
///
/// Loopback and private addresses are nobody's: the proxy that stands there brings readers of all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Origin(IpAddr);

impl Origin {
    /// Whose `address` is, if it is one person's.
    pub(crate) fn of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let shared = v4.is_loopback()
                    || v4.is_private()
                    || v4.is_link_local()
                    || v4.is_unspecified()
                    || is_carriers(v4);
                (!shared).then_some(Self(v4.into()))
            }
            IpAddr::V6(v6) => {
                let shared = v6.is_loopback()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
                    || v6.is_unspecified();
                let network = v6.to_bits() & !u128::from(u64::MAX);
                (!shared).then_some(Self(Ipv6Addr::from_bits(network).into()))
            }
        }
    }

    /// Who asks on a connection from `peer`. A proxy at a private address is believed as to whom it asks for; what a
    /// reader says of itself is not.
    pub(crate) fn behind(peer: Option<Self>, request: &HeaderMap) -> Option<Self> {
        peer.or_else(|| {
            let lines = request.get_all(FORWARDED_FOR).into_iter().rev();
            let texts = lines.map(|line| line.to_str().unwrap_or_default());
            let entries = texts.flat_map(|line| line.rsplit(',')).map(str::trim);
            // Further proxies of the same house come last. What stands before an entry that says nothing was written by
            // whoever asked, who may claim anything.
            for entry in entries.filter(|entry| !entry.is_empty()) {
                let origin = Self::of(address(entry)?);
                if origin.is_some() {
                    return origin;
                }
            }
            None
        })
    }
}

/// An address, to which some proxies add the port.
fn address(entry: &str) -> Option<IpAddr> {
    let with_port = |entry: &str| entry.parse().map(|socket: SocketAddr| socket.ip());
    entry.parse().or_else(|_| with_port(entry)).ok()
}

/// Whether `v4` is of those that networks between a house and the internet use (RFC 6598), as some hosts of proxies do.
const fn is_carriers(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    a == 100 && b & 0xc0 == 0x40
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(address: &str) -> Option<Origin> {
        Origin::of(address.parse().unwrap())
    }

    #[test]
    fn addresses_of_one_household_are_one_origin_and_those_of_proxies_none() {
        for (one, other) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7", "::ffff:203.0.113.7"),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ] {
            assert!(of(one).is_some(), "{one}");
            assert_eq!(of(one), of(other), "{one} {other}");
        }
        for (one, other) in [
            ("203.0.113.7", "203.0.113.8"),
            ("100.63.0.1", "100.128.0.1"),
            ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ] {
            assert_ne!(of(one), of(other), "{one} {other}");
        }
        for proxy in [
            "127.0.0.1",
            "10.1.2.3",
            "172.17.0.1",
            "192.168.0.1",
            "169.254.0.1",
            "100.64.0.1",
            "100.127.255.254",
            "::1",
            "::ffff:10.1.2.3",
            "fd00::1",
            "fe80::1",
        ] {
            assert_eq!(of(proxy), None, "{proxy}");
        }
    }

    #[test]
    fn only_a_proxy_is_believed_whom_it_asks_for() {
        for (peer, forwarded, origin) in [
            ("127.0.0.1", &["203.0.113.7"][..], Some("203.0.113.7")),
            (
                "10.0.0.1",
                &["198.51.100.1, 203.0.113.7"],
                Some("203.0.113.7"),
            ),
            ("10.0.0.1", &["203.0.113.7, 10.0.0.2"], Some("203.0.113.7")),
            (
                "10.0.0.1",
                &["198.51.100.1", "203.0.113.7"],
                Some("203.0.113.7"),
            ),
            ("10.0.0.1", &["203.0.113.7, "], Some("203.0.113.7")),
            ("10.0.0.1", &["203.0.113.7, unknown"], None),
            ("10.0.0.1", &["203.0.113.7", "é"], None),
            (
                "10.0.0.1",
                &["198.51.100.1, 203.0.113.7:4711"],
                Some("203.0.113.7"),
            ),
            (
                "10.0.0.1",
                &["[2001:db8:1:2::1]:443, 10.0.0.2:80"],
                Some("2001:db8:1:2::1"),
            ),
            ("100.64.1.1", &["203.0.113.7"], Some("203.0.113.7")),
            ("10.0.0.1", &["10.0.0.9"], None),
            ("10.0.0.1", &[], None),
            ("203.0.113.7", &["198.51.100.1"], Some("203.0.113.7")),
            ("203.0.113.7", &[], Some("203.0.113.7")),
        ] {
            let mut request = HeaderMap::new();
            for line in forwarded {
                request.append(
                    FORWARDED_FOR,
                    HeaderValue::from_bytes(line.as_bytes()).unwrap(),
                );
            }
            assert_eq!(
                Origin::behind(of(peer), &request),
                origin.and_then(of),
                "{peer} {forwarded:?}"
            );
        }
    }
}
