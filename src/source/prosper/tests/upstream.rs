//! An upstream on loopback that gives out records in pages.

use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path},
};

use super::*;
use crate::{
    api::{Addresses, Auth, Clients},
    clock::Clock,
};

pub(super) const NOTES: &str = "/v1/notes/";
pub(super) const LISTINGS: &str = "/listingsvc/v2/listings/";

/// Gives out `rows` in pages, but never more than `most` at once.
pub(super) struct Paged {
    pub(super) rows: Vec<Value>,
    pub(super) most: usize,
    /// What to do with a `limit` above that.
    pub(super) excess: Excess,
    pub(super) total: Option<usize>,
}

#[derive(PartialEq)]
pub(super) enum Excess {
    Refused,
    Cut,
}

impl Paged {
    pub(super) fn of(rows: Vec<Value>) -> Self {
        Self {
            total: Some(rows.len()),
            rows,
            most: 100,
            excess: Excess::Refused,
        }
    }
}

impl Respond for Paged {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let query = |name: &str| {
            let mut pairs = request.url.query_pairs();
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.parse::<usize>().unwrap())
        };
        let (limit, offset) = (query("limit").unwrap(), query("offset").unwrap_or_default());
        if limit > self.most && self.excess == Excess::Refused {
            return ResponseTemplate::new(400).set_body_json(json!({"code": "AP1008"}));
        }
        let rows = self.rows.iter().skip(offset).take(limit.min(self.most));
        let rows: Vec<&Value> = rows.collect();
        let mut answer = json!({ "result_count": rows.len(), "result": rows });
        if let Some(total) = self.total {
            answer["total_count"] = json!(total);
        }
        ResponseTemplate::new(200).set_body_json(answer)
    }
}

/// An upstream on loopback, and the connector.
pub(super) struct Upstream {
    pub(super) server: MockServer,
    pub(super) source: Prosper,
    pub(super) api: Api,
}

impl Upstream {
    pub(super) async fn of(records: &[Record]) -> Self {
        let server = MockServer::start().await;
        let settings = Settings {
            base_url: format!("{}/v1", server.uri()).parse().unwrap(),
            listings_base_url: server.uri().parse().unwrap(),
            grant: PasswordGrant {
                client_id: "c".to_owned(),
                client_secret: "s".into(),
                username: "investor@example.org".to_owned(),
                password: "p".into(),
            },
            records: records.iter().copied().collect(),
        };
        let source = Prosper::new(stage(), &settings, HashMap::new(), zones());
        let limits = Limits {
            per_second: NonZeroU32::new(100_000).unwrap(),
            burst: NonZeroU32::new(100_000).unwrap(),
            backoff: std::time::Duration::from_millis(1),
            ..limits()
        };
        let (clock, _) = Clock::movable(at("2026-11-22T12:00:00Z"));
        let client = Clients::new().unwrap().reaching(Addresses::Any);
        let api = Api::new(stage(), client, Auth::None, limits, clock).judging(judge);
        Self {
            server,
            source,
            api,
        }
    }

    pub(super) async fn recorded() -> Self {
        let upstream = Self::of(&[Record::Notes, Record::Listings]).await;
        upstream.gives(NOTES, Paged::of(fixture("notes"))).await;
        upstream
            .gives(LISTINGS, Paged::of(fixture("listings")))
            .await;
        upstream
    }

    pub(super) async fn gives(&self, route: &str, answer: impl Respond + 'static) {
        let get = Mock::given(method("GET")).and(path(route));
        get.respond_with(answer).mount(&self.server).await;
    }

    pub(super) async fn fetch(&self, ask: Ask) -> Result<Batch, ApiError> {
        let unit = self.source.unit(&ask);
        self.source.fetch(&self.api, &unit).await
    }

    pub(super) async fn calls(&self) -> Vec<String> {
        let calls = self.server.received_requests().await.unwrap();
        let shown = |call: &Request| {
            format!(
                "{}?{}",
                call.url.path(),
                call.url.query().unwrap_or_default()
            )
        };
        calls.iter().map(shown).collect()
    }
}

/// Some weeks around the records of the fixtures.
pub(super) fn horizon() -> Ask {
    Ask::Horizon(span("2026-11-15", "2026-12-31"))
}
