//! Secret tokens: what opens a closed feed, for whom, and on which days (interop V2, V3).
//!
//! A token itself is known to its readers only. All that is kept of it is its SHA-256, which nobody can turn back into a link.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::text::Line;

/// Random bytes of a token: 160 bits, and interop V2 asks for 128.
pub const RANDOM_BYTES: usize = 20;

/// Bytes of a SHA-256.
const DIGEST_BYTES: usize = 32;

/// A token that was made just now: the only thing that ever holds the text. Prints nothing of it.
pub struct FreshToken(String);

impl FreshToken {
    /// The token made of these bytes, which must come from a generator nobody can foresee.
    ///
    /// Hexadecimal digits stay what they are in every address, mail and letter case, and a double click marks them all.
    #[must_use]
    pub fn new(random: [u8; RANDOM_BYTES]) -> Self {
        Self(hexadecimal(&random))
    }

    /// The text, to be shown once to whoever makes the link.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the configuration keeps of it.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(&self.0)
    }
}

impl fmt::Debug for FreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FreshToken")
    }
}

/// The SHA-256 of a token. Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenDigest([u8; DIGEST_BYTES]);

impl TokenDigest {
    /// The digest of the token that a reader told, whatever that is.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Whether `told` is this digest. The time it takes says nothing of how much of it is right.
    #[must_use]
    pub fn is(&self, told: &Self) -> bool {
        let pairs = self.0.iter().zip(told.0);
        pairs.fold(0, |differing, (ours, theirs)| differing | (ours ^ theirs)) == 0
    }
}

/// A text that is no SHA-256. It does not repeat the text, which may be a token in the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no SHA-256, which has 64 hexadecimal digits; let `calbridge token new` make the token and this line"
)]
pub struct BadDigest;

impl FromStr for TokenDigest {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        let digits = text.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !digits || text.len() != 2 * DIGEST_BYTES {
            return Err(BadDigest);
        }
        let mut bytes = [0; DIGEST_BYTES];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let pair = &text[2 * index..][..2];
            *byte = u8::from_str_radix(pair, 16).or(Err(BadDigest))?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest")
    }
}

/// The days on which a token opens anything, both ends included; without an end it is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Term {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

/// A term that would end before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{until}` is before `from`, so the token would never open anything; write `{from}` or later"
)]
pub struct BadTerm {
    from: NaiveDate,
    until: NaiveDate,
}

impl Term {
    /// The days `from` to `until`.
    ///
    /// # Errors
    /// [`BadTerm`] when there is no such day.
    pub fn new(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Result<Self, BadTerm> {
        match (from, until) {
            (Some(from), Some(until)) if until < from => Err(BadTerm { from, until }),
            _ => Ok(Self { from, until }),
        }
    }

    /// Whether `day` is one of them.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A token as the configuration knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Who has it, in the operator's words; never empty. Unlike the token it may be logged and counted.
    pub label: Line,
    /// What is kept of it.
    pub digest: TokenDigest,
    /// When it opens anything, in days of whatever it opens.
    pub term: Term,
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    let pair = |byte: &u8| [digit(byte >> 4), digit(byte & 0xf)];
    bytes.iter().flat_map(pair).collect()
}

#[cfg(test)]
mod tests;
