//! When a source is polled next, and why then; pure.

use std::{collections::BTreeMap, fmt, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::lapse::Lapse;

/// How soon after a first failure it is tried again.
const FIRST_RETRY: Duration = Duration::from_secs(30);
/// How long a dead upstream is left alone at most.
const LONGEST_RETRY: Duration = Duration::from_hours(1);
/// How long calls of a webhook are gathered: what is read after the last of many is read once.
const GATHERED: Duration = Duration::from_secs(5);
/// How long a failure is remembered at least before a reader may cause another attempt (design §4).
const REMEMBERED: Duration = Duration::from_secs(30);

/// When the next poll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The time.
    pub at: DateTime<Utc>,
    /// What it follows from.
    pub why: Why,
}

/// Why a poll is when it is; prints in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// All is well, and this is how often it is polled.
    Interval(Duration),
    /// By its own word the answer is good for longer than the interval.
    Good(Duration),
    /// The upstream asked for that long a rest.
    Rest(Duration),
    /// So many polls in a row have failed.
    Failures(u32),
    /// So many polls in a row were refused for their credentials.
    Refusals(u32),
    /// Somebody wished for it.
    Wish(Wish),
}

/// What may ask for an earlier poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// The upstream, by a call of its webhook.
    Hook,
    /// The rules of zones, which have changed since wall times were resolved.
    Rules,
    /// The operator, who has let through what was held back.
    Operator,
    /// A reader of a source that has never delivered.
    Reader,
}

/// Who wishes for a poll, each since when.
pub type Wishes = BTreeMap<Wish, DateTime<Utc>>;

/// How a failure is likely to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// By itself.
    Passing,
    /// When the operator renews the credentials: until then every attempt is one more refused login.
    Refusal,
}

/// How a poll ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With an answer.
    Answered {
        /// How long the answer stays good by its own word.
        good_for: Duration,
        /// How long the upstream asked to be left alone, instead of an answer for a part of it.
        rest: Duration,
    },
    /// Without one.
    Failed {
        /// How many times in a row, from 1.
        count: u32,
        /// What kind of failure the last one was.
        trouble: Trouble,
        /// How long the upstream asked to be left alone.
        rest: Duration,
    },
}

/// Where a source has come to with its last poll: all that the time of the next one follows from, but for wishes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// Time between two polls while all is well.
    pub interval: Duration,
    /// Which part of a tenth of a wait is added to it, 0 to 1: spreads sources that started together.
    pub jitter: f64,
    /// When the last poll ended.
    pub ended: DateTime<Utc>,
    /// How it ended.
    pub end: End,
}

impl Course {
    /// The next poll: when it would be by itself, or earlier if somebody wishes so and the upstream is not pressed by that.
    #[must_use]
    pub fn next(&self, wishes: &Wishes) -> Next {
        let sooner = wishes.iter().map(|(wish, since)| Next {
            at: self.granted(*wish, *since),
            why: Why::Wish(*wish),
        });
        sooner.fold(self.unasked(), |next, sooner| {
            if sooner.at < next.at { sooner } else { next }
        })
    }

    /// The next poll if nobody wishes for one.
    fn unasked(&self) -> Next {
        let (wait, why) = match self.end {
            End::Answered { good_for, rest } if rest > good_for.max(self.interval) => {
                (rest, Why::Rest(rest))
            }
            End::Answered { good_for, .. } if good_for > self.interval => {
                (good_for, Why::Good(good_for))
            }
            End::Answered { .. } => (self.interval, Why::Interval(self.interval)),
            End::Failed {
                count,
                trouble,
                rest,
            } => match (back_off(self.interval, trouble, count), trouble) {
                (wait, _) if rest > wait => (rest, Why::Rest(rest)),
                (wait, Trouble::Passing) => (wait, Why::Failures(count)),
                (wait, Trouble::Refusal) => (wait, Why::Refusals(count)),
            },
        };
        let spread = wait.mul_f64(self.jitter.clamp(0.0, 1.0) / 10.0);
        Next {
            at: after(self.ended, wait + spread),
            why,
        }
    }

    /// When a wish is granted.
    ///
    /// A webhook shows that an upstream that failed lives again, so its call need not wait as long as the back-off; but
    /// neither it nor anything else makes up for refused credentials, or shortens the rest that was asked for.
    fn granted(&self, wish: Wish, since: DateTime<Utc>) -> DateTime<Utc> {
        let gathered = match wish {
            Wish::Hook => GATHERED.min(self.interval),
            Wish::Rules | Wish::Operator | Wish::Reader => Duration::ZERO,
        };
        let spared = match self.end {
            End::Answered { rest, .. } => gathered.max(rest),
            End::Failed {
                count,
                trouble,
                rest,
            } => {
                let wait = match (wish, trouble) {
                    (Wish::Hook, Trouble::Passing) => back_off(self.interval, trouble, 1),
                    (Wish::Reader, _) => memory(self.interval, trouble, count),
                    _ => back_off(self.interval, trouble, count),
                };
                wait.max(rest).max(gathered)
            }
        };
        after(since, gathered).max(after(self.ended, spared))
    }
}

/// How long after `count` failures in a row a source is left alone that is polled every `interval`.
fn back_off(interval: Duration, trouble: Trouble, count: u32) -> Duration {
    let (first, factor) = match trouble {
        Trouble::Passing => (FIRST_RETRY.min(interval), 2_u32),
        Trouble::Refusal => (interval, 4),
    };
    first
        .saturating_mul(factor.saturating_pow(count.saturating_sub(1)))
        .min(LONGEST_RETRY.max(interval))
}

/// How long readers are told of the last of `count` failures in a row instead of causing another attempt.
#[must_use]
pub fn memory(interval: Duration, trouble: Trouble, count: u32) -> Duration {
    back_off(interval, trouble, count).max(REMEMBERED)
}

fn after(instant: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
    instant.checked_add_signed(wait).unwrap_or(instant)
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interval(interval) => write!(f, "it is polled every {}", Lapse(*interval)),
            Self::Good(good) => write!(f, "the answer is good for {}", Lapse(*good)),
            Self::Rest(rest) => write!(f, "the upstream asked for {} of rest", Lapse(*rest)),
            Self::Failures(1) => f.write_str("it failed the last time"),
            Self::Failures(count) => write!(f, "it has failed {count} times in a row"),
            Self::Refusals(_) => f.write_str(
                "the credentials were refused; they are tried rarely until they are renewed",
            ),
            Self::Wish(Wish::Hook) => f.write_str("the webhook was called"),
            Self::Wish(Wish::Rules) => f.write_str("the rules of time zones have changed"),
            Self::Wish(Wish::Operator) => {
                f.write_str("the operator let through what was held back")
            }
            Self::Wish(Wish::Reader) => f.write_str("a reader waits for the first answer"),
        }
    }
}

#[cfg(test)]
mod tests;
