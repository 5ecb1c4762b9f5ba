//! Whole sweeps, against recorded answers in both readings of the documentation: `tests/fixtures/prospero/`.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path, path_regex},
};

use super::*;
use crate::{
    api::{Addresses, Auth, Clients, Limits},
    clock::Hand,
    domain::{testing::at, when::DateSpan},
};

/// An upstream on loopback that gives recorded answers; its archive is empty.
struct Recorded {
    server: MockServer,
    source: Prospero,
    api: Api,
    hand: Hand,
}

impl Recorded {
    async fn of(dialect: &str) -> Self {
        let file = format!(
            "{}/tests/fixtures/prospero/{dialect}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let answers: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let server = MockServer::start().await;
        let json = |body: &Value| ResponseTemplate::new(200).set_body_json(body.clone());
        let get = |route: &str| Mock::given(method("GET")).and(path(format!("/api/{route}")));
        get("events")
            .respond_with(json(&answers["events"]))
            .mount(&server)
            .await;
        get("events/archive")
            .respond_with(json(&answers["archive"]))
            .mount(&server)
            .await;
        for (id, location) in answers["locations"].as_object().unwrap() {
            get(&format!("locations/{id}"))
                .respond_with(json(location))
                .mount(&server)
                .await;
        }
        let refused = Mock::given(method("GET")).and(path_regex("^/api/locations/"));
        refused
            .respond_with(ResponseTemplate::new(403))
            .with_priority(9)
            .mount(&server)
            .await;

        let (clock, hand) = Clock::movable(at("2026-11-22T12:00:00Z"));
        let settings = Settings {
            base_url: format!("{}/api/", server.uri()).parse().unwrap(),
            email: "bridge@example.org".to_owned(),
            password: "unused".into(),
            status: Upstream::default().status,
            all_day_end: AllDayEnd::Inclusive,
        };
        // What the upstream lets nobody read, and what one of the dialects has no names for.
        let names = [
            ("f1a3c4d0-7b1e-11f0-9c2a-0242ac120003", "Rehearsal barn"),
            ("0b5f6a30-7b1f-11f0-9c2a-0242ac120002", "Chorus"),
            ("0b5f6a31-7b1f-11f0-9c2a-0242ac120002", "Costumes"),
            ("1c9d2e40-7b1f-11f0-9c2a-0242ac120002", "The Tide"),
            ("1c9d2e41-7b1f-11f0-9c2a-0242ac120002", "Winter tour"),
            ("2d0e3f50-7b1f-11f0-9c2a-0242ac120002", "Family"),
        ];
        let names = names.map(|(id, name)| (id.to_owned(), Line::new(name)));
        let source = Prospero::new(stage(), &settings, names.into(), clock.clone());
        let plenty = NonZeroU32::new(100_000).unwrap();
        let limits = Limits {
            per_second: plenty,
            burst: plenty,
            ..Limits::default()
        };
        let client = Clients::new().unwrap().reaching(Addresses::Any);
        let api = Api::new(stage(), client, Auth::None, limits, clock);
        Self {
            server,
            source,
            api,
            hand,
        }
    }

    async fn fetch(&self) -> Batch {
        let days = DateSpan::through("2026-11-15".parse().unwrap(), "2027-01-31".parse().unwrap());
        let unit = Unit {
            name: "horizon".to_owned(),
            days: days.unwrap(),
        };
        self.source.fetch(&self.api, &unit).await.unwrap()
    }

    /// The calls after the first `seen` ones, without the address.
    async fn calls(&self, seen: usize) -> Vec<String> {
        let calls = self.server.received_requests().await.unwrap();
        calls.iter().skip(seen).map(shown).collect()
    }
}

fn shown(request: &Request) -> String {
    let path = request.url.path().trim_start_matches("/api/");
    let query: Vec<String> = request
        .url
        .query_pairs()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

/// A batch in words, a line each.
fn in_words(batch: &Batch) -> String {
    let mut lines = Vec::new();
    for event in &batch.events {
        lines.push(format!("{} {} {:?}", event.when, event.title, event.status));
        lines.push(format!(
            "  created {:?}, updated {:?}",
            event.created, event.updated
        ));
        lines.extend(
            event
                .details
                .as_str()
                .lines()
                .map(|line| format!("  | {line}").trim_end().to_owned()),
        );
        lines.extend(
            event
                .places
                .iter()
                .map(|place| format!("  in {} ({})", place.name, place.address)),
        );
        let groups = event
            .groups
            .iter()
            .map(|id| batch.groups[id].name.to_string());
        lines.push(format!("  of {}", groups.collect::<Vec<_>>().join(", ")));
    }
    lines.extend(names(&batch.groups));
    lines.join("\n")
}

#[tokio::test]
async fn both_readings_of_the_documentation_mean_the_same_events() {
    let primary = Recorded::of("primary").await.fetch().await;
    let aliases = Recorded::of("aliases").await.fetch().await;
    for (dialect, batch) in [("primary", &primary), ("aliases", &aliases)] {
        assert_eq!(said(&batch.remarks), "", "{dialect}");
        assert!(!format!("{batch:?}").contains(CANARY), "{dialect}");
    }
    insta::assert_snapshot!(in_words(&primary), @r"
    2026-11-28T18:30:00Z..2026-11-28T21:15:00Z The Tide: premiere Some(Confirmed)
      created Some(2026-05-01T09:00:00Z), updated Some(2026-09-01T09:00:00Z)
      | An evening in two parts.
      |
      | • Prologue & storm
      | • Epilogue
      in Studio 2, Opera House (Harbour Road 1, Springdale)
      of Chorus, Costumes, The Tide, Winter tour, Family, Opera House, Studio 2
    2026-12-01..2026-12-02 Get-in Some(Confirmed)
      created Some(2026-05-02T09:00:00Z), updated Some(2026-05-02T09:00:00Z)
      in Opera House (Harbour Road 1, Springdale)
      of Winter tour, Opera House
    2026-12-06T14:00:00Z..2026-12-06T16:45:00Z The Tide: matinee Some(Cancelled)
      created Some(2026-05-03T09:00:00Z), updated Some(2026-10-03T09:00:00Z)
      in Opera House (Harbour Road 1, Springdale)
      of The Tide, Opera House
    2027-01-12T10:00:00Z..2027-01-12T10:00:00Z Band call Some(Tentative)
      created Some(2026-05-05T09:00:00Z), updated Some(2026-05-05T09:00:00Z)
      in Rehearsal barn ()
      of Chorus, Rehearsal barn
    2026-11-16T09:00:00Z..2026-11-16T12:00:00Z Sitzprobe Some(Confirmed)
      created Some(2026-05-06T09:00:00Z), updated Some(2026-11-17T09:00:00Z)
      in Studio 2, Opera House (Harbour Road 1, Springdale)
      of The Tide, Opera House, Studio 2
    0b5f6a30-7b1f-11f0-9c2a-0242ac120002=Chorus Group
    0b5f6a31-7b1f-11f0-9c2a-0242ac120002=Costumes Group
    1c9d2e40-7b1f-11f0-9c2a-0242ac120002=The Tide Project
    1c9d2e41-7b1f-11f0-9c2a-0242ac120002=Winter tour Project
    2d0e3f50-7b1f-11f0-9c2a-0242ac120002=Family Tag
    f1a3c4d0-7b1e-11f0-9c2a-0242ac120001=Opera House Place
    f1a3c4d0-7b1e-11f0-9c2a-0242ac120002=Studio 2 Place
    f1a3c4d0-7b1e-11f0-9c2a-0242ac120003=Rehearsal barn Place
    ");
    assert_eq!(in_words(&aliases), in_words(&primary));
    assert_eq!(aliases.events, primary.events, "to the last field");
    assert_eq!(aliases.groups, primary.groups);
}

#[tokio::test]
async fn a_sweep_asks_month_by_month_on_both_routes_with_two_days_to_spare() {
    let recorded = Recorded::of("primary").await;
    recorded.fetch().await;
    let asked: Vec<String> = recorded
        .calls(0)
        .await
        .into_iter()
        .filter(|call| call.starts_with("events"))
        .collect();
    let months = [
        ("2026-11-13T00:00:00Z", "2026-12-01T00:00:00Z"),
        ("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2027-01-01T00:00:00Z", "2027-02-03T00:00:00Z"),
    ];
    let want = months.map(|(from, to)| {
        ["events", "events/archive"]
            .map(|route| format!("{route}?window_start={from}&window_end={to}"))
    });
    assert_eq!(asked, want.concat());
}

#[tokio::test]
async fn places_are_asked_for_once_in_six_hours_and_refused_ones_once_a_day() {
    const HOUSE: &str = "locations/f1a3c4d0-7b1e-11f0-9c2a-0242ac120001";
    const STUDIO: &str = "locations/f1a3c4d0-7b1e-11f0-9c2a-0242ac120002";
    const BARN: &str = "locations/f1a3c4d0-7b1e-11f0-9c2a-0242ac120003";
    let recorded = Recorded::of("aliases").await;
    let mut seen = 0;
    for (row, hours, want) in [
        ("the first time", 0, &[HOUSE, STUDIO, BARN][..]),
        ("just before six hours", 5, &[]),
        ("after six hours", 1, &[HOUSE, STUDIO]),
        ("after a day", 18, &[HOUSE, STUDIO, BARN]),
    ] {
        recorded.hand.advance(TimeDelta::hours(hours));
        let batch = recorded.fetch().await;
        let calls = recorded.calls(seen).await;
        seen += calls.len();
        let mut places: Vec<&str> = calls
            .iter()
            .map(String::as_str)
            .filter(|call| call.starts_with("loc"))
            .collect();
        places.sort_unstable();
        assert_eq!(places, want, "{row}");
        let names: BTreeSet<&str> = batch
            .events
            .iter()
            .flat_map(|event| &event.places)
            .map(|place| place.name.as_str())
            .collect();
        let known = ["Opera House", "Rehearsal barn", "Studio 2, Opera House"];
        assert_eq!(names, BTreeSet::from(known), "{row}");
    }
}
