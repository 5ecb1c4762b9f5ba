//! What can go wrong with a call, sorted by what the caller can do about it.

use std::{borrow::Cow, error::Error, fmt, iter, time::Duration};

use reqwest::StatusCode;
use url::Url;

use super::{guard::Refusal, said::Said, trace::Trace};
use crate::domain::id::SourceId;

/// Why a call brought nothing. Final: the policy's own attempts are used up, so nobody outside repeats the call at once.
///
/// Each level prints only itself; [`Chain`] prints them all. None of them holds a body, a cookie, a query or a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// The upstream refuses our credentials. Nothing helps until the operator renews them.
    #[error("{at}: the server refused our credentials; renew those of `[sources.{}]`", at.source)]
    Blocked {
        /// What was asked.
        at: Site,
        /// How the upstream said so.
        #[source]
        why: Denial,
    },
    /// This one resource is not for us (403, 404, 405): do without it and remember that.
    #[error("{at}: the server does not offer this, it answered `{}`; do without it", status.as_u16())]
    NotOffered {
        /// What was asked.
        at: Site,
        /// What it answered.
        status: StatusCode,
        /// What it said with that.
        said: Said,
    },
    /// The upstream cannot answer now: keep the last good copy and ask again later.
    #[error("{at}: the server cannot answer now; try again later")]
    Unavailable {
        /// What was asked.
        at: Site,
        /// How long the upstream asked us to wait, at most 60 seconds.
        retry_after: Option<Duration>,
        /// What happened to the last attempt.
        #[source]
        cause: Setback,
    },
    /// The answer came and cannot be read: keep the last good copy and tell the operator.
    #[error("{at}: the answer cannot be read; see whether the address is that of the API")]
    Malformed {
        /// What was asked.
        at: Site,
        /// What is wrong with the answer.
        #[source]
        flaw: Flaw,
    },
    /// The answer passed the cap; the rest of it was not read.
    #[error("{at}: the answer is larger than `{limit}` bytes; ask for less at a time")]
    TooLarge {
        /// What was asked.
        at: Site,
        /// The cap in bytes.
        limit: usize,
    },
    /// The call, or a redirect of it, leads where we do not go.
    #[error("{at}: the call was broken off")]
    Refused {
        /// What was asked.
        at: Site,
        /// Why we do not go there.
        #[source]
        why: Refusal,
    },
    /// The upstream has understood and says no; repeating the same call would change nothing.
    #[error("{at}: the server rejected the call with `{}`; see whether its API has changed", status.as_u16())]
    Rejected {
        /// What was asked.
        at: Site,
        /// What it answered.
        status: StatusCode,
        /// What it said with that.
        said: Said,
    },
}

impl ApiError {
    /// How long the upstream wants to be left alone, if it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// What was asked, in words that may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The source that asked.
    pub source: SourceId,
    /// The host that was asked, without port.
    pub host: String,
    /// The route template: no ids, no query.
    pub route: Cow<'static, str>,
    /// What to quote to the upstream's support, if the answer said so.
    pub trace: Option<Box<Trace>>,
}

impl Site {
    pub(super) fn new(source: &SourceId, url: &Url, route: Cow<'static, str>) -> Self {
        Self {
            source: source.clone(),
            host: url.host_str().unwrap_or_default().to_owned(),
            route,
            trace: None,
        }
    }

    /// The same source and host on another route.
    pub(super) fn on(&self, route: &'static str) -> Self {
        Self {
            route: Cow::Borrowed(route),
            ..self.clone()
        }
    }

    /// The same, with the number the upstream gave to the answer.
    pub(super) fn traced(&self, trace: Trace) -> Self {
        Self {
            trace: Some(Box::new(trace)),
            ..self.clone()
        }
    }

    pub(super) fn timed_out(&self, limit: Duration) -> ApiError {
        self.unavailable(None, Setback::TimedOut(limit))
    }

    pub(super) fn unavailable(&self, retry_after: Option<Duration>, cause: Setback) -> ApiError {
        ApiError::Unavailable {
            at: self.clone(),
            retry_after,
            cause,
        }
    }

    pub(super) fn blocked(&self, why: Denial) -> ApiError {
        ApiError::Blocked {
            at: self.clone(),
            why,
        }
    }

    pub(super) fn malformed(&self, flaw: Flaw) -> ApiError {
        ApiError::Malformed {
            at: self.clone(),
            flaw,
        }
    }

    pub(super) fn refused(&self, why: Refusal) -> ApiError {
        ApiError::Refused {
            at: self.clone(),
            why,
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            source,
            host,
            route,
            trace,
        } = self;
        write!(f, "{source}: `{route}` at `{host}`")?;
        trace
            .iter()
            .try_for_each(|trace| write!(f, ", traced as `{trace}`"))
    }
}

/// How an upstream refused our credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denial {
    /// By a status.
    #[error("it answered `{}`", .0.as_u16())]
    Status(StatusCode),
    /// By accepting a login without setting a cookie, as a wrong address does too.
    #[error("its login set no cookie")]
    NoCookie,
    /// By accepting a login without giving a token that a header can carry.
    #[error("its login gave no token")]
    NoToken,
}

/// What happened to the last attempt of a call that may succeed later.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Setback {
    /// The upstream, or a proxy before it, answered "not now".
    #[error("it answered `{}`", .0.as_u16())]
    Busy(StatusCode),
    /// It said with an earlier answer that it allows no further call before a time that is past the deadline.
    #[error("it allows no further call yet")]
    Spent,
    /// No connection: no such host, refused, or not within 5 seconds.
    #[error("no connection could be made")]
    NoConnection(#[source] reqwest::Error),
    /// The connection ended before the answer did.
    #[error("the connection broke before the answer was complete")]
    Broken(#[source] reqwest::Error),
    /// Silence, or an answer that took too long as a whole.
    #[error("no complete answer came within `{0:?}`")]
    TimedOut(Duration),
}

/// What is wrong with an answer that came completely.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// A page for people.
    #[error("it is an HTML page")]
    Html,
    /// No body at all.
    #[error("it is empty")]
    Empty,
    /// JSON that stops in the middle.
    #[error("it is JSON that stops after `{bytes}` bytes")]
    Truncated {
        /// How many bytes came.
        bytes: usize,
    },
    /// Something else than JSON.
    #[error("it is not JSON, from line `{line}` column `{column}`")]
    NotJson {
        /// Line of the first fault, from 1.
        line: usize,
        /// Byte in that line, from 1.
        column: usize,
    },
    /// JSON of another shape than the API's.
    #[error("it is JSON of another shape, from line `{line}` column `{column}`")]
    Shape {
        /// Line of the first fault, from 1.
        line: usize,
        /// Byte in that line, from 1.
        column: usize,
    },
    /// A list whose pages lead in a circle or never end.
    #[error("its pages do not end")]
    EndlessPages,
    /// Text that holds no calendar.
    #[error("it is no calendar")]
    NotCalendar,
    /// A calendar without its end.
    #[error("it is a calendar that stops after `{bytes}` bytes")]
    CutOff {
        /// How many bytes came.
        bytes: usize,
    },
    /// Text that is not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// A compressed body that cannot be decompressed.
    #[error("it cannot be decompressed")]
    Encoding(#[source] reqwest::Error),
}

/// Prints an error and all its causes, outermost first, for the one place where it is logged.
#[derive(Debug)]
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        causes(self.0).try_for_each(|cause| write!(f, ": {cause}"))
    }
}

/// The causes of `error`, nearest first, without itself.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(error.source(), |&cause| cause.source())
}

#[cfg(test)]
mod tests;
