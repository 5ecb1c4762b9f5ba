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
