//! Which websites may show a page in a frame (interop B2).

use std::{fmt, str::FromStr};

use url::Url;

/// Who may show a page in a frame.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Frames {
    /// Nobody, not even we ourselves: pages that are no embeds.
    #[default]
    Nobody,
    /// Every website: the embeds of a public feed, unless the operator says otherwise.
    Anybody,
    /// We ourselves and these websites.
    Only(Vec<Origin>),
}

/// The origin of a website, as browsers write it: scheme, host, and the port if it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// An address that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no origin of a website; write scheme and host alone, such as `https://www.example.org`"
)]
pub struct BadOrigin(String);

impl Origin {
    /// The origin as it stands in a header; visible ASCII without white space, commas or semicolons.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let bad = || BadOrigin(text.chars().take(60).collect());
        let url = Url::parse(text).or(Err(bad()))?;
        let origin = url.origin().ascii_serialization();
        let bare = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.as_str().trim_end_matches('/') == origin;
        // A host may hold what would end a source expression of the header (CSP 3 §2.3.1).
        let plain = |c: char| c.is_ascii_alphanumeric() || ":/.-_[]".contains(c);
        (bare && origin.chars().all(plain))
            .then_some(Self(origin))
            .ok_or_else(bad)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port_as_browsers_write_them() {
        for (text, want) in [
            ("https://www.example.org", Some("https://www.example.org")),
            ("https://www.example.org/", Some("https://www.example.org")),
            (
                "HTTPS://WWW.Example.org:443",
                Some("https://www.example.org"),
            ),
            ("http://127.0.0.1:8081", Some("http://127.0.0.1:8081")),
            ("http://[::1]:8081", Some("http://[::1]:8081")),
            (
                "https://bühne.example",
                Some("https://xn--bhne-0ra.example"),
            ),
            ("www.example.org", None),
            ("*", None),
            ("https://*.example.org", None),
            ("https://www.example.org/page", None),
            ("https://www.example.org?x", None),
            ("https://user@www.example.org", None),
            ("https://a.example;script-src", None),
            ("https://a.example,b", None),
            ("javascript:alert(1)", None),
            ("file:///etc", None),
            ("", None),
        ] {
            let origin = text.parse::<Origin>();
            assert_eq!(origin.as_ref().ok().map(Origin::as_str), want, "{text:?}");
            if let Err(error) = origin {
                assert!(
                    error.to_string().contains("https://www.example.org"),
                    "{error}"
                );
            }
        }
    }
}
