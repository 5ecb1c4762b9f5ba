//! Where a calendar is that a command looks at.

use std::{
    convert::Infallible,
    fmt,
    fs::File,
    io::{self, Read},
    path::PathBuf,
    str::FromStr,
};

use reqwest::{
    Method, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        LAST_MODIFIED, LOCATION,
    },
};
use url::Url;

use crate::{
    api::{BODY_MAX, NoClient, Probe, Seen, Unseen},
    lint::http::Visit,
    outline::{Outline, unfold},
    source::ics,
};

/// How many redirects are followed: as many as `ICSx5` does (interop H10).
const REDIRECTS_MAX: usize = 5;
/// How a subscription begins (interop L2).
const SCHEMES: [&str; 4] = ["http://", "https://", "webcal://", "webcals://"];

/// A web address, a file, or standard input (`-`).
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    Web(String),
    File(PathBuf),
    Input,
}

/// Why a calendar could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// Not a file that can be read.
    #[error("cannot read `{path}`")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// Too much for a calendar.
    #[error("`{path}` is larger than 8 MB, which no calendar program takes")]
    Large {
        /// The file.
        path: String,
    },
    /// It is no address.
    #[error("the address {0}")]
    Address(#[from] ics::BadAddress),
    /// Nothing can be asked for.
    #[error(transparent)]
    Client(#[from] NoClient),
    /// Nothing came.
    #[error("`{host}` sent no calendar")]
    Unseen {
        /// The server.
        host: String,
        /// Why.
        source: Unseen,
    },
    /// Something else came.
    #[error(
        "`{host}` answers {status}, not 200; calendar programs get the same (interop H13, H14)"
    )]
    Status {
        /// The server.
        host: String,
        /// What it answers.
        status: StatusCode,
    },
    /// There is something, and it is no calendar.
    #[error("`{0}` is no calendar: it has no `BEGIN:VCALENDAR`")]
    NoCalendar(String),
    /// It leads nowhere.
    #[error("`{host}` redirects in a way that no calendar program follows (interop H10)")]
    Redirect {
        /// The server.
        host: String,
    },
}

/// A calendar on the web, and the way there.
pub(super) struct Web {
    probe: Probe,
    url: Url,
    redirects: Vec<StatusCode>,
    plain: Seen,
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let begins = |scheme: &str| {
            text.get(..scheme.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        };
        Ok(match text {
            "-" => Self::Input,
            _ if SCHEMES.iter().any(|scheme| begins(scheme)) => Self::Web(text.to_owned()),
            path => Self::File(path.into()),
        })
    }
}

/// An address may hold a token.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Web(_) => f.write_str("Web"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Input => f.write_str("Input"),
        }
    }
}

impl Place {
    /// The bytes of the calendar.
    ///
    /// # Errors
    /// [`Unread`] when they cannot be had.
    pub(super) async fn read(&self) -> Result<Vec<u8>, Unread> {
        match self {
            Self::Web(address) => Ok(Web::open(address).await?.plain.body),
            Self::File(path) => {
                let name = path.display().to_string();
                let file = File::open(path).map_err(|source| Unread::File {
                    path: name.clone(),
                    source,
                })?;
                read(file, name)
            }
            Self::Input => read(io::stdin().lock(), "-".to_owned()),
        }
    }
}

impl Place {
    /// The bytes of the calendar, of which at least one is there.
    ///
    /// # Errors
    /// [`Unread`] when they cannot be had, or are no calendar.
    pub(super) async fn calendar(&self) -> Result<Vec<u8>, Unread> {
        let body = self.read().await?;
        let rows = unfold(&body);
        let found = !Outline::of(&rows).calendars.is_empty();
        found
            .then_some(body)
            .ok_or_else(|| Unread::NoCalendar(self.name()))
    }

    /// What an error calls it: of an address, which may hold a token, no more than the server.
    fn name(&self) -> String {
        match self {
            Self::Web(address) => {
                ics::Settings::at(address).map_or_else(|_| String::new(), |at| host(&at.url))
            }
            Self::File(path) => path.display().to_string(),
            Self::Input => "-".to_owned(),
        }
    }
}

impl Web {
    /// Asks for the calendar at `address`, through redirects.
    ///
    /// # Errors
    /// [`Unread`] when none is there.
    pub(super) async fn open(address: &str) -> Result<Self, Unread> {
        Self::open_with(Probe::new()?, address).await
    }

    async fn open_with(probe: Probe, address: &str) -> Result<Self, Unread> {
        let mut url = ics::Settings::at(address)?.url;
        let mut redirects = Vec::new();
        loop {
            let plain = probe.ask(Method::GET, &url, &[identity()]).await;
            let plain = plain.map_err(|source| Unread::Unseen {
                host: host(&url),
                source,
            })?;
            if plain.status == StatusCode::OK {
                return Ok(Self {
                    probe,
                    url,
                    redirects,
                    plain,
                });
            }
            if !plain.status.is_redirection() {
                return Err(Unread::Status {
                    host: host(&url),
                    status: plain.status,
                });
            }
            redirects.push(plain.status);
            let next = plain
                .headers
                .get(LOCATION)
                .and_then(|to| url.join(to.to_str().ok()?).ok());
            // Nobody is led from a safe connection to an open one.
            let follows = |next: &Url| next.scheme() == "https" || next.scheme() == url.scheme();
            url = next
                .filter(|next| follows(next) && redirects.len() <= REDIRECTS_MAX)
                .ok_or_else(|| Unread::Redirect { host: host(&url) })?;
        }
    }

    /// Asks what else there is to ask. What is not answered is left out: the calendar itself is there.
    pub(super) async fn visit(self) -> Visit {
        let Self {
            probe,
            url,
            redirects,
            plain,
        } = self;
        let get = async |extra: Option<(HeaderName, HeaderValue)>| {
            let headers: Vec<_> = [identity()].into_iter().chain(extra).collect();
            probe.ask(Method::GET, &url, &headers).await.ok()
        };
        let validator = async |name: HeaderName, from: HeaderName| {
            let value = plain.headers.get(from)?.clone();
            get(Some((name, value))).await
        };
        let fixed = HeaderValue::from_static;
        let mut junk = url.clone();
        junk.query_pairs_mut().append_pair("calbridge-lint", "1");
        Visit {
            again: get(None).await,
            by_tag: validator(IF_NONE_MATCH, ETAG).await,
            by_date: validator(IF_MODIFIED_SINCE, LAST_MODIFIED).await,
            by_old_date: get(Some((
                IF_MODIFIED_SINCE,
                fixed("Thu, 01 Jan 1970 00:00:01 GMT"),
            )))
            .await,
            head: probe.ask(Method::HEAD, &url, &[identity()]).await.ok(),
            gzip: probe
                .ask(Method::GET, &url, &[(ACCEPT_ENCODING, fixed("gzip"))])
                .await
                .ok(),
            query: probe.ask(Method::GET, &junk, &[identity()]).await.ok(),
            html: get(Some((ACCEPT, fixed("text/html")))).await,
            redirects,
            url,
            plain,
        }
    }
}

fn identity() -> (HeaderName, HeaderValue) {
    (ACCEPT_ENCODING, HeaderValue::from_static("identity"))
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn read(from: impl Read, path: String) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    let room = u64::try_from(BODY_MAX).unwrap_or(u64::MAX) + 1;
    match from.take(room).read_to_end(&mut body) {
        Err(source) => Err(Unread::File { path, source }),
        Ok(length) if length > BODY_MAX => Err(Unread::Large { path }),
        Ok(_) => Ok(body),
    }
}

#[cfg(test)]
mod tests;
