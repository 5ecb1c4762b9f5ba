//! A tenant on loopback: lists in pages by offset, as the sheet suspects them to be.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use super::*;
use crate::{
    api::{Addresses, Clients},
    clock::Hand,
    domain::{testing::at, when::DateSpan},
    zones::{Book, Databases, Zones},
};

/// Where the sandboxed clock starts.
pub(super) const NOON: &str = "2026-11-22T12:00:00Z";

/// What the tenant holds and how it answers.
#[derive(Default)]
pub(super) struct State {
    /// The records of each list, oldest first.
    pub(super) lists: BTreeMap<String, Vec<Value>>,
    /// What `GET` of a path answers.
    pub(super) answers: BTreeMap<String, Value>,
    /// What a path answers instead of anything else.
    pub(super) instead: BTreeMap<String, ResponseTemplate>,
    /// Records per page.
    pub(super) page: usize,
    /// Whether an order may be asked for.
    pub(super) unordered: bool,
    /// How many cursors have gone stale when they come back.
    pub(super) stale: u32,
    /// The paths asked for, and what was searched for there.
    pub(super) calls: Vec<(String, Option<Value>)>,
    /// What happens to the lists after a call.
    pub(super) meanwhile: Option<Meanwhile>,
}

/// Changes lists after a call of a path.
pub(super) type Meanwhile = fn(&str, &mut BTreeMap<String, Vec<Value>>);

/// The server's side of a [`State`].
struct Answers(Arc<Mutex<State>>);

/// The way to a tenant, with its hand on the clock.
pub(super) struct Tenant {
    _server: MockServer,
    state: Arc<Mutex<State>>,
    pub(super) source: ProspectConnect,
    pub(super) api: Api,
    pub(super) hand: Hand,
}

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// A problem as the upstream tells it.
pub(super) fn problem(code: u16) -> ResponseTemplate {
    let body =
        json!({"type": "https://api.example/problems/x", "status": code, "trace_id": "trace-7"});
    ResponseTemplate::new(code).set_body_raw(body.to_string(), "application/problem+json")
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut state = self.0.lock().unwrap();
        let path = request.url.path().trim_start_matches("/v1/").to_owned();
        let header = |name: &str| {
            request
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap())
        };
        if header("authorization") != Some("Bearer token-1") {
            return problem(401);
        }
        if header("version") != Some("2026-06-01") {
            return problem(400);
        }
        let wanted: Option<Value> = serde_json::from_slice(&request.body).ok();
        state.calls.push((path.clone(), wanted.clone()));
        let answer = match (state.instead.get(&path), path.strip_suffix("/search")) {
            (Some(instead), _) => instead.clone(),
            (None, Some(list)) if request.method == "POST" => {
                state.search(list, &wanted.unwrap_or_default())
            }
            (None, None) if request.method == "GET" => {
                state.answers.get(&path).map_or_else(|| problem(404), ok)
            }
            _ => problem(405),
        };
        if let Some(meanwhile) = state.meanwhile {
            meanwhile(&path, &mut state.lists);
        }
        answer
    }
}

impl State {
    fn search(&mut self, list: &str, wanted: &Value) -> ResponseTemplate {
        let Some(records) = self.lists.get(list) else {
            return problem(404);
        };
        let limit = wanted["limit"].as_u64().unwrap_or(25);
        if self.unordered && wanted["order_by"] != Value::Null || !(1..=100).contains(&limit) {
            return problem(422);
        }
        let offset = match wanted["cursor"]
            .as_str()
            .map(|cursor| cursor.strip_prefix("at-"))
        {
            None => 0,
            Some(Some(_)) if self.stale > 0 => {
                self.stale -= 1;
                return problem(400);
            }
            Some(Some(offset)) => offset.parse().unwrap(),
            Some(None) => return problem(400),
        };
        let limit = usize::try_from(limit).unwrap().min(self.page);
        let mut records = records.clone();
        if wanted["sort_direction"] != "asc" {
            records.reverse();
        }
        let end = (offset + limit).min(records.len());
        let has_more = end < records.len();
        let next = has_more.then(|| format!("at-{end}"));
        ok(&json!({
            "data": records.get(offset..end).unwrap_or_default(),
            "meta": {"cursor": {"next": next, "has_more": has_more}, "total": records.len()},
        }))
    }
}

impl Tenant {
    /// A tenant with these lists; no names of anybody.
    pub(super) async fn with(lists: &[(&str, Vec<Value>)]) -> Self {
        let lists = lists.iter().cloned();
        Self::of(State {
            lists: lists.map(|(list, rows)| (list.to_owned(), rows)).collect(),
            page: 100,
            ..State::default()
        })
        .await
    }

    /// A recorded tenant, two records a page.
    pub(super) async fn recorded(dialect: &str) -> Self {
        let file = format!(
            "{}/tests/fixtures/prospectconnect/{dialect}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let mut file: BTreeMap<String, Value> =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let answers = serde_json::from_value(file.remove("answers").unwrap()).unwrap();
        let lists = file.into_iter();
        let lists = lists.map(|(list, rows)| (list, serde_json::from_value(rows).unwrap()));
        Self::of(State {
            lists: lists.collect(),
            answers,
            page: 2,
            ..State::default()
        })
        .await
    }

    async fn of(state: State) -> Self {
        let server = MockServer::start().await;
        let state = Arc::new(Mutex::new(state));
        let answers = Answers(Arc::clone(&state));
        Mock::given(any())
            .respond_with(answers)
            .mount(&server)
            .await;
        let (clock, hand) = Clock::movable(at(NOON));
        let settings = Settings {
            base_url: format!("{}/v1/", server.uri()).parse().unwrap(),
            token: Credential::bearer(&"token-1".into()).unwrap(),
            version: HeaderValue::from_static("2026-06-01"),
            due_time: DueTime::Zone,
            resources: Resource::ALL.into(),
        };
        let names = [("usr_1", "Ada"), ("usr_2", "Bo")];
        let names = names.map(|(id, name)| (id.to_owned(), Line::new(name)));
        let setup = Setup {
            id: stage(),
            names: names.into(),
            zone: Tz::America__New_York,
            book: Book::new([], [], None),
            zones: Arc::new(Zones::open(Databases::new(None), at(NOON)).unwrap()),
            clock,
            clients: Clients::new().unwrap(),
            addresses: Addresses::Any,
            timeout: Duration::from_secs(5),
        };
        let plenty = NonZeroU32::new(100_000).unwrap();
        let limits = Limits {
            per_second: plenty,
            burst: plenty,
            backoff: Duration::from_millis(1),
            ..Settings::limits()
        };
        let api = setup.api(settings.auth(), limits);
        let source = ProspectConnect::new(settings, setup);
        Self {
            _server: server,
            state,
            source,
            api,
            hand,
        }
    }

    /// Changes what the tenant holds.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    /// Has `path` answer this and nothing else.
    pub(super) fn instead(&self, path: &str, answer: ResponseTemplate) {
        self.change(|state| _ = state.instead.insert(path.to_owned(), answer));
    }

    pub(super) async fn fetch(&self) -> Result<Batch, ApiError> {
        let day = |text: &str| text.parse().unwrap();
        let days = DateSpan::through(day("2026-11-15"), day("2027-01-31")).unwrap();
        let unit = self.source.unit(&Ask::Horizon(days));
        self.source.fetch(&self.api, &unit).await
    }

    /// The paths asked for since the last time, in order.
    pub(super) fn calls(&self) -> Vec<String> {
        let calls = self.take_calls();
        calls.into_iter().map(|(path, _)| path).collect()
    }

    /// What the searches since the last time asked for.
    pub(super) fn bodies(&self) -> Vec<Value> {
        let calls = self.take_calls();
        calls.into_iter().filter_map(|(_, body)| body).collect()
    }

    fn take_calls(&self) -> Vec<(String, Option<Value>)> {
        std::mem::take(&mut self.state.lock().unwrap().calls)
    }
}

/// Tasks with these ids, each made later than the one before it.
pub(super) fn tasks(ids: &[&str]) -> Vec<Value> {
    let tasks = ids.iter();
    tasks
        .map(|id| task(json!({"id": id, "name": id})))
        .collect()
}

/// The titles of what a batch has, in order.
pub(super) fn shown(batch: &Batch) -> String {
    let mut titles: Vec<&str> = batch
        .events
        .iter()
        .map(|event| event.title.as_str())
        .collect();
    titles.sort_unstable();
    titles.join(" ")
}
