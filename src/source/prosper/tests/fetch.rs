//! Whole sweeps, against recorded answers: `tests/fixtures/prosper/`.

use wiremock::ResponseTemplate;

use super::{
    upstream::{LISTINGS, NOTES, Paged, Upstream, horizon},
    *,
};
use crate::source::Month;

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
