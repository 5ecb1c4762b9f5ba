//! The first bytes of an error answer, for those who know what to look for in them.

use std::fmt;

use serde::de::DeserializeOwned;

/// What an upstream said with an error status: at most its first 4 KiB. Never printed, for it may quote the call.
#[derive(Clone, Default)]
pub struct Said(Vec<u8>);

/// As much of an error answer as is read.
pub(super) const SAID_MAX: usize = 4096;

impl Said {
    pub(super) fn new(body: Vec<u8>) -> Self {
        Self(body)
    }

    /// Whether `text` stands in it, byte for byte.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        let wanted = text.as_bytes();
        !wanted.is_empty() && self.0.windows(wanted.len()).any(|here| here == wanted)
    }

    /// Reads it as JSON; `None` if it is none or was too long.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.0).ok()
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Said({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_looked_at_but_never_printed() {
        let said = Said::new(br#"{"message":"No entry found"}"#.to_vec());
        for (text, want) in [
            ("No entry found", true),
            ("entry", true),
            ("no entry", false),
            ("", false),
        ] {
            assert_eq!(said.contains(text), want, "{text:?}");
        }
        assert_eq!(
            said.json::<serde_json::Value>().unwrap()["message"],
            "No entry found"
        );
        assert_eq!(format!("{said:?}"), "Said(28 bytes)");
    }
}
