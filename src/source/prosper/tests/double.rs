//! The connector as it is configured, against the double of the whole API.

use std::time::Duration;

use crate::{
    api::{Addresses, ApiError, Clients},
    clock::{Clock, Hand},
    domain::batch::Batch,
    sandbox::{
        portfolio::Note,
        prosper as sandbox,
        prosper::{Blanks, Drift, Expiry, Fault, Lasting, Numbers, Reuse, Route},
        season::{CANARY, Season},
    },
    source::{Kind, Setup},
};

use super::*;

/// The double, and a source of the kind that is configured for it.
struct World {
    running: sandbox::Running,
    source: Box<dyn Source>,
    api: Api,
    hand: Hand,
}

impl World {
    async fn of(season: Season, change: impl FnOnce(&mut sandbox::Settings)) -> Self {
        let (clock, hand) = Clock::movable(at("2026-11-22T10:00:00Z"));
        let mut double = sandbox::Settings::new(clock.clone());
        change(&mut double);
        let grant = PasswordGrant {
            client_id: double.client_id.clone(),
            client_secret: double.client_secret.clone(),
            username: double.username.clone(),
            password: double.password.clone(),
        };
        let running = sandbox::Prosper::start(season, double).await.unwrap();
        let settings = Settings {
            base_url: running.base_url().parse().unwrap(),
            listings_base_url: running.listings_base_url().parse().unwrap(),
            grant,
            records: [Record::Notes, Record::Listings].into(),
        };
        let (source, api) = Kind::Prosper(settings).connect(Setup {
            id: stage(),
            names: HashMap::new(),
            zone: chrono_tz::Tz::UTC,
            book: crate::zones::Book::new([], [], None),
            zones: zones(),
            clock,
            clients: Clients::new().unwrap(),
            addresses: Addresses::Any,
            timeout: Duration::from_secs(10),
        });
        Self {
            running,
            source,
            api,
            hand,
        }
    }

    async fn fetch(&self) -> Result<Batch, ApiError> {
        let unit = self
            .source
            .unit(&Ask::Horizon(span("2026-09-01", "2027-12-31")));
        self.source.fetch(&self.api, &unit).await
    }
}

fn touring() -> Season {
    Season::touring("2026-11-22".parse().unwrap())
}

#[tokio::test]
async fn tokens_are_renewed_however_their_end_is_told() {
    for expiry in [Expiry::Unauthorized, Expiry::Sec0002, Expiry::InvalidToken] {
        let world = World::of(touring(), |double| {
            double.expiry = expiry;
            double.reuse = Reuse::Refused;
        })
        .await;
        let first = world.fetch().await.unwrap();
        assert!(first.missed.is_empty() && first.events.len() > 20);
        for row in ["a refresh", "a login", "time"] {
            match row {
                "a refresh" => world.running.expire_access(),
                "a login" => {
                    world.running.expire_access();
                    world.running.expire_refresh();
                }
                _ => world.hand.advance(chrono::TimeDelta::hours(11)),
            }
            let again = world.fetch().await.unwrap();
            assert!(again.missed.is_empty(), "{expiry:?}, {row}");
            assert_eq!(again.events, first.events, "{expiry:?}, {row}");
        }
        assert_eq!(world.running.violations(), [], "{expiry:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_for_good_blocks_the_source() {
    let world = World::of(touring(), |double| double.expiry = Expiry::Sec0002).await;
    for route in [Route::Notes, Route::Listings] {
        world
            .running
            .fault(route, Fault::Unauthorized, Lasting::UntilCleared);
    }
    let error = world.fetch().await.unwrap_err();
    assert!(matches!(error, ApiError::Blocked { .. }), "{error:?}");
}

#[tokio::test]
async fn every_way_to_write_a_number_and_nothing_means_the_same() {
    let plain = World::of(touring(), |_| {}).await.fetch().await.unwrap();
    for blanks in [Blanks::Null, Blanks::Empty] {
        let odd = World::of(touring(), |double| {
            double.numbers = Numbers::Odd;
            double.blanks = blanks;
        })
        .await;
        let odd = odd.fetch().await.unwrap();
        assert_eq!(odd.events, plain.events, "{blanks:?}");
        assert_eq!(odd.groups, plain.groups, "{blanks:?}");
        assert_eq!(odd.remarks, plain.remarks, "{blanks:?}");
    }
    assert!(!format!("{plain:?}").contains(CANARY));
}

#[tokio::test]
async fn a_list_that_moves_while_it_is_read_brings_each_note_once() {
    let mut season = touring();
    let due = Some("2026-12-01".parse().unwrap());
    season.portfolio.notes = (0..24)
        .map(|number| Note {
            originated: "2026-01-01".parse().unwrap(),
            ..Note::bare(format!("1000001-{number:03}"), due)
        })
        .collect();
    season.portfolio.listings.clear();
    let world = World::of(season, |double| {
        double.page = 12;
        double.drift = Drift::Repeats;
    })
    .await;
    let batch = world.fetch().await.unwrap();
    let titles: Vec<&str> = batch
        .events
        .iter()
        .map(|event| event.title.as_str())
        .collect();
    assert_eq!(titles, ["24 notes due", "24 scheduled final payments"]);
    assert_eq!(world.running.violations(), []);
}

#[tokio::test]
async fn what_is_wrong_with_one_record_concerns_it_alone() {
    for (route, fault, remarks) in [
        (Route::Notes, Fault::WrongType, 1),
        (Route::Listings, Fault::WrongType, 1),
        (Route::Notes, Fault::UnknownValue, 0),
        (Route::Listings, Fault::UnknownValue, 0),
        (Route::Notes, Fault::UnknownFields, 0),
        (Route::Listings, Fault::UnknownFields, 0),
        (Route::Notes, Fault::Duplicates, 0),
        (Route::Listings, Fault::Duplicates, 0),
    ] {
        let world = World::of(touring(), |_| {}).await;
        let whole = world.fetch().await.unwrap();
        world.running.fault(route, fault.clone(), Lasting::Next(1));
        let spoiled = world.fetch().await.unwrap();
        let row = format!("{route:?} {fault:?}");
        assert!(spoiled.missed.is_empty(), "{row}");
        let added = spoiled.remarks.difference(&whole.remarks).count();
        assert_eq!(added, remarks, "{row}: {}", said(&spoiled.remarks));
        // A note has two events.
        let lost = whole.events.len() - spoiled.events.len();
        assert!(lost <= 2 * remarks, "{row}: {lost}");
    }
}
