//! A reader of calendars that does nothing by itself: no compression, no redirect, no proxy.

use reqwest::{
    Client, Method, StatusCode,
    header::{HeaderMap, HeaderName},
    redirect::Policy,
};

use super::until;

/// Asks one server.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    http: Client,
    base: String,
}

/// What came back. `Date` is left out, so that two equal answers compare equal.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reader {
    /// A reader of what is below `base`, which has no final slash.
    #[expect(
        clippy::disallowed_methods,
        reason = "a reader of calendars is not the bridge's own client"
    )]
    pub(crate) fn of(base: &str) -> Self {
        let http = Client::builder()
            .no_proxy()
            .no_gzip()
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            base: base.to_owned(),
        }
    }

    /// Asks for `path`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    /// Asks for `path`; nothing if the server is gone before the answer is whole.
    pub(crate) async fn try_get(&self, path: &str) -> Option<Answer> {
        let request = self.http.get(format!("{}{path}", self.base));
        Answer::of(request.send().await.ok()?).await.ok()
    }

    /// Asks for `path` with `headers`.
    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(Method::GET, path, headers).await
    }

    /// Sends `body`.
    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base)).body(body);
        Answer::of(request.send().await.unwrap()).await.unwrap()
    }

    /// Asks with any method.
    pub(crate) async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let response = request.send().await.unwrap();
        Answer::of(response).await.unwrap()
    }

    /// Asks for `path` until the answer is as wanted; `what` says how that is.
    pub(crate) async fn get_until(
        &self,
        path: &str,
        what: &str,
        wanted: impl Fn(&Answer) -> bool,
    ) -> Answer {
        until(&format!("{path} {what}"), async || {
            let answer = self.get(path).await;
            wanted(&answer).then_some(answer)
        })
        .await
    }
}

impl Answer {
    async fn of(response: reqwest::Response) -> reqwest::Result<Self> {
        let status = response.status();
        let mut headers = response.headers().clone();
        headers.remove("date");
        let body = response.bytes().await?.to_vec();
        Ok(Self {
            status,
            headers,
            body,
        })
    }

    /// The value of a header; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let name: HeaderName = name.parse().unwrap();
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body as text.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    /// The values of an iCalendar property, unfolded, in order; `name` may hold parameters.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let unfolded = self.text().replace("\r\n ", "");
        let lines = unfolded.split("\r\n");
        lines
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::to_owned)
            .collect()
    }

    /// The titles of its events, in order.
    pub(crate) fn titles(&self) -> Vec<String> {
        self.values("SUMMARY")
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value:?}")?;
        }
        write!(f, "\n{}", String::from_utf8_lossy(&self.body))
    }
}
