//! Webhooks: the secret that the address of one ends with, and whether its calls still come. Pure.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// The least length of a secret: 16 random letters take longer to guess than anybody has.
const SECRET_MIN: usize = 16;
/// The longest secret, in bytes, that an upstream will surely keep in an address.
const SECRET_MAX: usize = 200;
/// After how many changes that only polls found a webhook counts as quiet. A call may be late, or lost once.
const QUIET_AFTER: u32 = 3;

/// The secret of one webhook, as a digest: it neither prints nor can be read back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HookSecret([u8; 32]);

/// A text that is no secret to rely on. Says nothing of what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// It could be guessed.
    #[error(
        "its secret is shorter than {SECRET_MIN} characters, so that it could be guessed; make one with `openssl rand -hex 20`"
    )]
    Short,
    /// It would not come through an address whole.
    #[error(
        "its secret cannot stand in an address: only letters, digits and `-._~` do, up to {SECRET_MAX}; make one with `openssl rand -hex 20`"
    )]
    Unfit,
}

impl FromStr for HookSecret {
    type Err = BadSecret;

    fn from_str(text: &str) -> Result<Self, BadSecret> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if text.len() > SECRET_MAX || !text.bytes().all(fits) {
            Err(BadSecret::Unfit)
        } else if text.len() < SECRET_MIN {
            Err(BadSecret::Short)
        } else {
            Ok(Self::of(text))
        }
    }
}

impl HookSecret {
    /// Whether `told` is this secret. The time it takes says nothing of how much of it is right.
    #[must_use]
    pub fn is(&self, told: &str) -> bool {
        let pairs = self.0.iter().zip(Self::of(told).0);
        pairs.fold(0, |differing, (ours, theirs)| differing | (ours ^ theirs)) == 0
    }

    fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }
}

impl fmt::Debug for HookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HookSecret")
    }
}

/// What is known of the calls of one webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// How many came since the start.
    pub count: u64,
    /// When the last one came.
    pub last: Option<DateTime<Utc>>,
    /// Whether one came since the last poll.
    announced: bool,
    /// How many polls in a row have found a change that no call had told of.
    pub untold: u32,
}

/// Whether a webhook works, as far as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// No call has come since the start, and nothing speaks against that.
    Waiting,
    /// Calls come.
    Working,
    /// Polls find changes that no call tells of.
    Quiet,
}

/// What has just come to light of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing new.
    None,
    /// It has gone quiet.
    WentQuiet,
    /// It is called again.
    Recovered,
}

impl Calls {
    /// Whether it works.
    #[must_use]
    pub fn hearing(&self) -> Hearing {
        match self.last {
            _ if self.untold >= QUIET_AFTER => Hearing::Quiet,
            Some(_) => Hearing::Working,
            None => Hearing::Waiting,
        }
    }

    /// A call came.
    #[must_use]
    pub fn called(&mut self, now: DateTime<Utc>) -> Turn {
        let before = self.hearing();
        self.count = self.count.saturating_add(1);
        self.last = Some(now);
        self.announced = true;
        self.untold = 0;
        match before {
            Hearing::Quiet => Turn::Recovered,
            Hearing::Waiting | Hearing::Working => Turn::None,
        }
    }

    /// A poll has found a change.
    #[must_use]
    pub fn found_change(&mut self) -> Turn {
        if !self.announced {
            self.untold = self.untold.saturating_add(1);
        }
        self.announced = false;
        if self.untold == QUIET_AFTER {
            Turn::WentQuiet
        } else {
            Turn::None
        }
    }

    /// A poll has found everything as it was.
    pub fn found_nothing(&mut self) {
        self.announced = false;
    }
}

#[cfg(test)]
mod tests;
