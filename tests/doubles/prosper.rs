//! Prosper.

use std::num::NonZeroUsize;

use calbridge::sandbox::{
    portfolio::{Listing, Note, Payment},
    prosper::{
        Blanks, Drift, Expiry, Fault, Lasting, Numbers, Prosper, Reuse, Route, Running, Settings,
        Span,
    },
    season::{CANARY, Season},
};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, ask, at, clock, day, only, send, touring};

const CLIENT: &str =
    "client_id=0b5ea50f5a1d4c6e8f0a1b2c3d4e5f60&client_secret=60f5e4d3c2b1a0f8e6c4d1a5f05ea50b";
const PERSON: &str = "username=endowment%40quillfeather.example&password=orchards-of-glass";
const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

/// A double and whoever is logged in there.
struct Visit {
    running: Running,
    token: String,
    refresh: String,
}

impl Visit {
    async fn pay(season: Season, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::new(clock().0);
        change(&mut settings);
        let running = Prosper::start(season, settings).await.unwrap();
        let mut visit = Self {
            running,
            token: String::new(),
            refresh: String::new(),
        };
        let login = visit
            .grant(&format!("grant_type=password&{CLIENT}&{PERSON}"), FORM)
            .await;
        visit.take(&login);
        visit
    }

    fn take(&mut self, login: &Answer) {
        assert_eq!(login.status, 200, "{}", login.text);
        let tokens = login.json();
        assert_eq!(
            (&tokens["token_type"], &tokens["expires_in"]),
            (&json!("bearer"), &json!(3599))
        );
        self.token = format!("bearer {}", tokens["access_token"].as_str().unwrap());
        let refresh = tokens["refresh_token"].as_str().unwrap();
        refresh.clone_into(&mut self.refresh);
    }

    async fn grant(&self, body: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}/security/oauth/token", self.running.base_url());
        send(&url, body.to_owned(), headers).await
    }

    async fn renew(&self, refresh: &str) -> Answer {
        let body = format!("grant_type=refresh_token&{CLIENT}&refresh_token={refresh}");
        self.grant(&body, FORM).await
    }

    async fn get(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.running.url());
        ask(Method::GET, &url, &[("authorization", &self.token)]).await
    }

    async fn rows(&self, path: &str) -> Vec<Value> {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()["result"].as_array().unwrap().clone()
    }
}

/// A season with so many notes due on one day.
fn notes(count: u32) -> Season {
    let mut season = only(vec![]);
    let due = Some(day("2026-12-01"));
    season.portfolio.notes = (0..count)
        .map(|n| Note::bare(format!("1000001-{n:03}"), due))
        .collect();
    season
}

#[tokio::test]
async fn tokens_are_granted_for_passwords_and_for_the_newest_refresh_token() {
    for (reuse, again) in [(Reuse::Refused, 401), (Reuse::Allowed, 200)] {
        let (time, hand) = clock();
        let mut visit = Visit::pay(notes(1), |settings| {
            settings.reuse = reuse;
            settings.clock = time;
        })
        .await;
        let first = visit.refresh.clone();
        let renewed = visit.renew(&first).await;
        visit.take(&renewed);
        assert_ne!(visit.refresh, first, "{reuse:?}");
        assert_eq!(visit.renew(&first).await.status, again, "{reuse:?}");
        assert_eq!(visit.get("/v1/notes/").await.status, 200);
        hand.advance(TimeDelta::seconds(3_599));
        assert_eq!(visit.get("/v1/notes/").await.status, 401);
        let newest = visit.refresh.clone();
        hand.advance(TimeDelta::hours(10));
        assert_eq!(visit.renew(&newest).await.status, 401, "{reuse:?}");
        assert_eq!(visit.running.violations(), []);
    }
}

#[tokio::test]
async fn a_login_that_is_wrong_opens_nothing() {
    let visit = Visit::pay(notes(1), |_| {}).await;
    let json = [("content-type", "application/json")];
    for (body, headers, status, error) in [
        (
            format!("grant_type=password&{CLIENT}&username=a&password=b"),
            FORM,
            401,
            "invalid_grant",
        ),
        (
            format!("grant_type=password&{PERSON}"),
            FORM,
            401,
            "invalid_client",
        ),
        (
            format!("grant_type=client_credentials&{CLIENT}"),
            FORM,
            400,
            "unsupported_grant_type",
        ),
        (
            format!("grant_type=password&{CLIENT}&{PERSON}"),
            &json,
            400,
            "invalid_request",
        ),
        (
            format!("grant_type=refresh_token&{CLIENT}&refresh_token=x"),
            FORM,
            401,
            "invalid_grant",
        ),
    ] {
        let answer = visit.grant(&body, headers).await;
        assert_eq!(answer.status, status, "{body}");
        assert_eq!(answer.json()["error"], error, "{body}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_longer_good_is_refused_in_three_ways() {
    for (expiry, status, field, word) in [
        (Expiry::Unauthorized, 401, "message", "Unauthorized"),
        (Expiry::Sec0002, 403, "code", "SEC0002"),
        (Expiry::InvalidToken, 400, "error", "invalid_token"),
    ] {
        let visit = Visit::pay(notes(1), |settings| settings.expiry = expiry).await;
        visit
            .running
            .fault(Route::Notes, Fault::Unauthorized, Lasting::Next(1));
        let once = visit.get("/v1/notes/").await;
        assert_eq!(visit.get("/v1/notes/").await.status, 200, "{expiry:?}");
        visit.running.expire_access();
        for answer in [once, visit.get("/v1/notes/").await] {
            assert_eq!(answer.status, status, "{expiry:?}");
            assert_eq!(answer.json()[field], word, "{expiry:?}");
            assert!(expiry == Expiry::Unauthorized || answer.json()["errors"].is_null());
        }
        visit.running.expire_refresh();
        assert_eq!(visit.renew(&visit.refresh).await.status, 401, "{expiry:?}");
    }
}

#[tokio::test]
async fn lists_come_by_offset_and_limit() {
    let visit = Visit::pay(notes(60), |_| {}).await;
    for (query, count) in [
        ("", 25),
        ("?limit=100", 60),
        ("?limit=50&offset=50&sort_by=loan_note_id%20asc", 10),
        ("?offset=60", 0),
    ] {
        let answer = visit.get(&format!("/v1/notes/{query}")).await.json();
        assert_eq!(answer["result"].as_array().unwrap().len(), count, "{query}");
        assert_eq!(
            (&answer["result_count"], &answer["total_count"]),
            (&json!(count), &json!(60))
        );
    }
    assert_eq!(visit.running.violations(), []);
    for query in [
        "?limit=101",
        "?limit=0",
        "?offset=x",
        "?sort_by=mood",
        "?colour=red",
    ] {
        let answer = visit.get(&format!("/v1/notes/{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (400, &json!("AP1008")),
            "{query}"
        );
    }
    assert_eq!(visit.running.violations().len(), 5);

    let moving = Visit::pay(notes(60), |settings| {
        settings.page = 30;
        settings.drift = Drift::Repeats;
    })
    .await;
    let (one, two) = (
        moving.rows("/v1/notes/?limit=100").await,
        moving.rows("/v1/notes/?limit=100&offset=30").await,
    );
    assert_eq!((one.len(), two.len()), (30, 30));
    assert_eq!(one[29]["loan_note_id"], two[0]["loan_note_id"]);
}

#[tokio::test]
async fn a_path_without_its_slash_is_sent_on() {
    let visit = Visit::pay(notes(1), |_| {}).await;
    for (path, want) in [
        ("/v1/notes?limit=5", "/v1/notes/?limit=5"),
        ("/listingsvc/v2/listings", "/listingsvc/v2/listings/"),
    ] {
        let answer = visit.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (301, Some(want))
        );
    }
}

#[tokio::test]
async fn notes_tell_plain_dates_and_amounts_in_both_forms() {
    let mut season = notes(1);
    season.portfolio.notes.push(Note {
        due: None,
        due_amount: -1_205,
        ..Note::bare("1000002-1", None)
    });
    for (numbers, blanks, amount, status, missing) in [
        (
            Numbers::Plain,
            Blanks::LeftOut,
            json!(-12.05),
            json!(1),
            None,
        ),
        (
            Numbers::Odd,
            Blanks::Null,
            json!("-12.050000"),
            json!(1.0),
            Some(Value::Null),
        ),
        (
            Numbers::Odd,
            Blanks::Empty,
            json!("-12.050000"),
            json!(1.0),
            Some(json!("")),
        ),
    ] {
        let visit = Visit::pay(season.clone(), |settings| {
            settings.numbers = numbers;
            settings.blanks = blanks;
        })
        .await;
        let row = visit.get("/v1/notes/1000002-1").await.json();
        assert_eq!(
            row["next_payment_due_amount_pro_rata_share"], amount,
            "{numbers:?}"
        );
        assert_eq!(row["note_status"], status, "{numbers:?}");
        assert_eq!(
            row.get("next_payment_due_date"),
            missing.as_ref(),
            "{blanks:?}"
        );
        let rows = visit.rows("/v1/notes/").await;
        assert_eq!(rows[0]["next_payment_due_date"], "2026-12-01");
    }
    let visit = Visit::pay(season, |_| {}).await;
    assert_eq!(visit.get("/v1/notes/9-9").await.status, 404);
}

#[tokio::test]
async fn listings_tell_their_instants_and_dates_in_disguise() {
    let mut season = only(vec![]);
    let started = at("2026-08-28T22:00:47Z");
    season.portfolio.listings = vec![
        Listing {
            originated: Some(day("2026-11-02")),
            ..Listing::bare(1, started, Some(at("2026-09-11T22:00:47Z")))
        },
        Listing {
            invested: false,
            ..Listing::bare(2, at("2026-11-20T09:00:00Z"), None)
        },
    ];
    let visit = Visit::pay(season, |_| {}).await;
    let rows = visit.rows("/listingsvc/v2/listings/").await;
    for (name, want) in [
        ("listing_start_date", "2026-08-28 22:00:47 +0000"),
        ("listing_end_date", "2026-09-11 22:00:47 +0000"),
        ("loan_origination_date", "2026-11-02 08:00:00 +0000"),
    ] {
        assert_eq!(rows[0][name], want, "{name}");
    }
    assert_eq!(rows[1].get("listing_end_date"), None);
    assert!(
        rows[0].to_string().contains(CANARY),
        "borrowers are private"
    );
    for (query, want) in [
        ("invested=true", &[1][..]),
        ("biddable=true&listing_number=2,3", &[2]),
        ("listing_start_date_min=2026-11-01", &[2]),
        ("listing_start_date_max=2026-09-01", &[1]),
    ] {
        let rows = visit
            .rows(&format!("/listingsvc/v2/listings/?{query}"))
            .await;
        let found: Vec<_> = rows
            .iter()
            .map(|row| row["listing_number"].as_u64().unwrap())
            .collect();
        assert_eq!(found, want, "{query}");
    }
    assert_eq!(visit.running.violations(), []);
}

#[tokio::test]
async fn payments_are_asked_by_loans_and_ninety_days() {
    let mut season = only(vec![]);
    let payment = |transaction, effective: &str| Payment {
        transaction,
        loan: 7,
        effective: day(effective),
        disbursed: None,
        status: "Success".to_owned(),
        kind: "Payment".to_owned(),
        code: "OGRE".to_owned(),
        amount: 85,
    };
    season.portfolio.payments = vec![
        payment(1, "2026-02-03"),
        payment(2, "2026-05-03"),
        payment(3, "2026-05-04"),
        payment(4, "2026-11-22"),
    ];
    for (span, date, want) in [
        (Span::Ends, "2026-05-03", &[1, 2][..]),
        (Span::Ends, "2026-05-04", &[2, 3]),
        (Span::Begins, "2026-02-03", &[1, 2]),
        (Span::Begins, "2026-05-04", &[3]),
    ] {
        let visit = Visit::pay(season.clone(), |settings| settings.span = span).await;
        for base in ["/v1/loans/payments/", "/loans/payments/"] {
            let path = format!("{base}?loan_number=6,7&transaction_effective_date={date}");
            let rows = visit.rows(&path).await;
            let found: Vec<_> = rows
                .iter()
                .map(|row| row["transaction_id"].as_u64().unwrap())
                .collect();
            assert_eq!(found, want, "{span:?} {path}");
            let form = rows[0]["transaction_effective_date"].as_str().unwrap();
            assert!(form.ends_with(":00:00.000+0000"), "{form}");
        }
    }
    let visit = Visit::pay(season, |_| {}).await;
    assert_eq!(
        visit.rows("/v1/loans/payments/?loan_number=7").await.len(),
        1,
        "today is the end"
    );
    let many: Vec<String> = (0..26).map(|n| n.to_string()).collect();
    let path = format!("/v1/loans/payments/?loan_number={}", many.join(","));
    assert_eq!(visit.get(&path).await.status, 400);
}

#[tokio::test]
async fn orders_zones_and_too_many_calls_are_noted() {
    let visit = Visit::pay(touring(), |settings| settings.rate = NonZeroUsize::new(5)).await;
    let url = visit.running.base_url();
    let token = ("authorization", visit.token.as_str());
    let zone = ("timezone", "America/Denver");
    let order = ask(Method::POST, &format!("{url}/orders/"), &[token]).await;
    assert_eq!(order.status, 404);
    let write = ask(Method::POST, &format!("{url}/notes/"), &[token]).await;
    assert_eq!(write.status, 405);
    let zoned = ask(Method::GET, &format!("{url}/notes/"), &[token, zone]).await;
    assert_eq!(zoned.status, 400);
    assert_eq!(visit.running.violations().len(), 3);
    for want in [200, 200, 200, 429] {
        let answer = visit
            .get("/v1/accounts/prosper/?filters=AVAILABLE_CASH")
            .await;
        assert_eq!(answer.status, want);
    }
    assert_eq!(visit.running.violations().len(), 4);
}

#[tokio::test]
async fn the_fictional_portfolio_is_told_whole() {
    let visit = Visit::pay(touring(), |_| {}).await;
    let held = touring().portfolio;
    assert_eq!(
        visit.rows("/v1/notes/?limit=100").await.len(),
        held.notes.len()
    );
    let listings = visit.rows("/listingsvc/v2/listings/?limit=100").await;
    assert_eq!(listings.len(), held.listings.len());
    visit
        .running
        .fault(Route::Notes, Fault::Empty, Lasting::Next(1));
    assert!(visit.rows("/v1/notes/").await.is_empty());
    visit
        .running
        .fault(Route::Notes, Fault::WrongType, Lasting::Next(1));
    let rows = visit.rows("/v1/notes/").await;
    assert_eq!(rows[12]["next_payment_due_date"], 42);
    assert!(rows[12]["loan_note_id"].is_string());
}
