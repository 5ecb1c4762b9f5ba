//! Whole sweeps, against recorded answers: `tests/fixtures/prosper/`.

use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path},
};

use super::*;
use crate::{
    api::{Addresses, Auth, Clients},
    clock::Clock,
    source::Month,
};

const NOTES: &str = "/v1/notes/";
const LISTINGS: &str = "/listingsvc/v2/listings/";

/// Gives out `rows` in pages, but never more than `most` at once.
struct Paged {
    rows: Vec<Value>,
    most: usize,
    /// What to do with a `limit` above that.
    excess: Excess,
    total: Option<usize>,
}

#[derive(PartialEq)]
enum Excess {
    Refused,
    Cut,
}

impl Paged {
    fn of(rows: Vec<Value>) -> Self {
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
struct Upstream {
    server: MockServer,
    source: Prosper,
    api: Api,
}

impl Upstream {
    async fn of(records: &[Record]) -> Self {
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

    async fn recorded() -> Self {
        let upstream = Self::of(&[Record::Notes, Record::Listings]).await;
        upstream.gives(NOTES, Paged::of(fixture("notes"))).await;
        upstream
            .gives(LISTINGS, Paged::of(fixture("listings")))
            .await;
        upstream
    }

    async fn gives(&self, route: &str, answer: impl Respond + 'static) {
        let get = Mock::given(method("GET")).and(path(route));
        get.respond_with(answer).mount(&self.server).await;
    }

    async fn fetch(&self, ask: Ask) -> Result<Batch, ApiError> {
        let unit = self.source.unit(&ask);
        self.source.fetch(&self.api, &unit).await
    }

    async fn calls(&self) -> Vec<String> {
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

fn horizon() -> Ask {
    Ask::Horizon(span("2026-11-15", "2026-12-31"))
}

#[tokio::test]
async fn the_horizon_reads_all_notes_and_the_listings_that_may_end_in_it() {
    let upstream = Upstream::recorded().await;
    let batch = upstream.fetch(horizon()).await.unwrap();
    assert_eq!(
        upstream.calls().await,
        [
            "/v1/notes/?sort_by=loan_note_id%20asc&limit=100&offset=0",
            "/listingsvc/v2/listings/?sort_by=listing_number%20asc&invested=true\
             &listing_start_date_min=2026-10-30&limit=100&offset=0",
        ]
    );
    assert!(batch.missed.is_empty());
    assert!(batch.from_wall_times);
    insta::assert_snapshot!(brief(&batch).join("\n"), @r"
    2026-11-15T18:00:00Z..2026-11-15T18:00:00Z Listing 6000104 expired
    2026-11-21..2026-11-21 Payment due: note 1000001-3
    2026-11-27T21:59:00Z..2026-11-27T21:59:00Z Listing 6000102 closes
    2026-12-01..2026-12-01 Payment due: note 1000002-1
    2026-12-02T17:00:13Z..2026-12-02T17:00:13Z Listing 6000101 closes at the latest
    2026-12-15..2026-12-15 Payment due: note 1000004-2
    2027-02-28..2027-02-28 Scheduled final payment: note 1000003-8
    2027-02-28..2027-02-28 Scheduled final payment: note 1000005-5
    2028-11-15..2028-11-15 Scheduled final payment: note 1000004-2
    2029-04-21..2029-04-21 Scheduled final payment: note 1000001-3
    2031-07-31..2031-07-31 Scheduled final payment: note 1000002-1
    ");
}

#[tokio::test]
async fn a_month_asks_for_its_listings_alone() {
    let upstream = Upstream::recorded().await;
    let month = Month::of(span("2026-11-01", "2026-11-01")).next().unwrap();
    let batch = upstream.fetch(Ask::Month(month)).await.unwrap();
    let calls = upstream.calls().await;
    assert!(
        calls[1].contains("listing_start_date_min=2026-10-16&listing_start_date_max=2026-12-03&"),
        "{calls:?}"
    );
    insta::assert_snapshot!(brief(&batch).join("\n"), @r"
    2026-11-03T08:10:31Z..2026-11-03T08:10:31Z Listing 6000103 completed
    2026-11-10..2026-11-10 Payment due, late: note 1000003-8
    2026-11-15T18:00:00Z..2026-11-15T18:00:00Z Listing 6000104 expired
    2026-11-21..2026-11-21 Payment due: note 1000001-3
    2026-11-27T21:59:00Z..2026-11-27T21:59:00Z Listing 6000102 closes
    2026-12-01..2026-12-01 Payment due: note 1000002-1
    2026-12-02T17:00:13Z..2026-12-02T17:00:13Z Listing 6000101 closes at the latest
    ");
}

#[test]
fn all_that_lies_ahead_is_one_unit() {
    let settings = Settings {
        base_url: "https://prosper.example/v1".parse().unwrap(),
        listings_base_url: "https://prosper.example".parse().unwrap(),
        grant: PasswordGrant {
            client_id: String::new(),
            client_secret: "".into(),
            username: String::new(),
            password: "".into(),
        },
        records: [Record::Notes].into(),
    };
    let source = Prosper::new(stage(), &settings, HashMap::new(), zones());
    let unit = source.unit(&horizon());
    assert_eq!(
        (unit.name.as_str(), unit.days),
        ("horizon", span("2026-11-15", "2099-12-31"))
    );
    let month = Month::of(span("2026-03-01", "2026-03-01")).next().unwrap();
    let unit = source.unit(&Ask::Month(month));
    assert_eq!((unit.name.as_str(), unit.days), ("2026-03", month.days()));
}

#[tokio::test]
async fn pages_go_on_until_all_are_read_whatever_size_they_have() {
    let rows: Vec<Value> = (0..230)
        .map(|n| {
            let date = format!("2026-12-{:02}", n % 28 + 1);
            note(json!({"loan_note_id": format!("{}-1", 1_000_000 + n), "next_payment_due_date": date}))
        })
        .collect();
    for (row, paged, offsets) in [
        ("as asked", Paged::of(rows.clone()), "100:0 100:100 100:200"),
        (
            "no total",
            Paged {
                total: None,
                ..Paged::of(rows.clone())
            },
            "100:0 100:100 100:200 100:230",
        ),
        (
            "cut to what it likes",
            Paged {
                most: 90,
                excess: Excess::Cut,
                ..Paged::of(rows.clone())
            },
            "100:0 100:90 100:180",
        ),
        (
            "a total that has grown too large",
            Paged {
                total: Some(500),
                ..Paged::of(rows.clone())
            },
            "100:0 100:100 100:200 100:230",
        ),
        (
            "refused above 50",
            Paged {
                most: 50,
                ..Paged::of(rows.clone())
            },
            "100:0 25:0 25:25 25:50 25:75 25:100 25:125 25:150 25:175 25:200 25:225",
        ),
    ] {
        let upstream = Upstream::of(&[Record::Notes]).await;
        upstream.gives(NOTES, paged).await;
        let batch = upstream.fetch(horizon()).await.unwrap();
        assert_eq!(batch.events.len(), 230, "{row}");
        let calls = upstream.calls().await;
        let asked: Vec<String> = calls
            .iter()
            .map(|call| {
                let (_, tail) = call.split_once("&limit=").unwrap();
                tail.replace("&offset=", ":")
            })
            .collect();
        assert_eq!(asked.join(" "), offsets, "{row}");
    }
}

#[tokio::test]
async fn a_row_that_moves_to_the_next_page_counts_once() {
    let upstream = Upstream::of(&[Record::Notes]).await;
    let mut rows = fixture("notes");
    rows.insert(1, rows[0].clone());
    let paged = Paged {
        most: 1,
        excess: Excess::Cut,
        ..Paged::of(rows)
    };
    upstream.gives(NOTES, paged).await;
    let moved = upstream.fetch(horizon()).await.unwrap();
    let still = Upstream::recorded().await;
    let still = still.fetch(horizon()).await.unwrap();
    let mut wanted = brief(&still);
    wanted.retain(|line| !line.contains("Listing"));
    assert_eq!(brief(&moved), wanted);
}

#[tokio::test]
async fn one_route_that_fails_leaves_the_other_whole() {
    for (broken, well, missed) in [(NOTES, LISTINGS, "notes"), (LISTINGS, NOTES, "listings")] {
        for code in [403, 404, 500] {
            let upstream = Upstream::of(&[Record::Notes, Record::Listings]).await;
            let rows = if well == NOTES { "notes" } else { "listings" };
            upstream.gives(broken, ResponseTemplate::new(code)).await;
            upstream.gives(well, Paged::of(fixture(rows))).await;
            let batch = upstream.fetch(horizon()).await.unwrap();
            assert!(!batch.events.is_empty(), "{code} {broken}");
            let got: Vec<&str> = batch.missed.keys().map(GroupId::as_str).collect();
            assert_eq!(got, [missed], "{code} {broken}");
        }
    }
}

#[tokio::test]
async fn an_account_of_which_nothing_can_be_read_has_failed() {
    for (records, code, retry_after, calls) in [
        (&[Record::Notes, Record::Listings][..], 404, None, 2),
        (&[Record::Notes, Record::Listings], 500, None, 6),
        // The throttle is for the account: nothing else is asked.
        (&[Record::Notes, Record::Listings], 429, Some("120"), 1),
        (&[Record::Notes], 404, None, 1),
    ] {
        let upstream = Upstream::of(records).await;
        let mut answer = ResponseTemplate::new(code);
        if let Some(wait) = retry_after {
            answer = answer.insert_header("retry-after", wait);
        }
        for route in [NOTES, LISTINGS] {
            upstream.gives(route, answer.clone()).await;
        }
        let error = upstream.fetch(horizon()).await.unwrap_err();
        assert_eq!(
            error.retry_after().is_some(),
            retry_after.is_some(),
            "{code}"
        );
        assert_eq!(upstream.calls().await.len(), calls, "{code}");
    }
}

#[tokio::test]
async fn a_check_counts_what_there_is_to_read() {
    let upstream = Upstream::recorded().await;
    let who = upstream.source.check(&upstream.api).await.unwrap();
    assert_eq!(
        who,
        "an investor whom the upstream does not name, with 9 notes and 7 listings"
    );
    assert_eq!(
        upstream.calls().await,
        [
            "/v1/notes/?sort_by=loan_note_id%20asc&limit=1",
            "/listingsvc/v2/listings/?sort_by=listing_number%20asc&invested=true&limit=1",
        ]
    );
}

#[test]
fn no_second_has_more_than_twenty_calls() {
    let limits = limits();
    assert!(limits.burst.get() + limits.per_second.get() <= 16);
}
