//! The connector as it is configured, against the double of the whole API.

use std::time::Duration;

use crate::{
    api::{Addresses, Clients},
    clock::Hand,
    domain::{testing::at, when::DateSpan},
    sandbox::{
        crm::{Crm, Due, Task},
        prospectconnect as sandbox,
        prospectconnect::{
            Dialect, Drift, Fault, Lasting, Pipelines, Resource as Sort, RetryAfter, Route, Single,
        },
        season::Season,
    },
    source::Kind as Connector,
    zones::{Book, Databases},
};

use super::*;

/// A way to set the double up.
type Change = fn(&mut sandbox::Settings);

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
        let settings = Settings {
            base_url: "http://127.0.0.1/".parse().unwrap(),
            token: Credential::bearer(&double.token).unwrap(),
            version: HeaderValue::from_str(&double.version).unwrap(),
            due_time: DueTime::Zone,
            resources: Resource::ALL.into(),
        };
        let running = sandbox::ProspectConnect::start(season, double)
            .await
            .unwrap();
        let settings = Settings {
            base_url: running.base_url().parse().unwrap(),
            ..settings
        };
        let (source, api) = Connector::ProspectConnect(settings).connect(Setup {
            id: stage(),
            names: HashMap::new(),
            zone: Tz::America__New_York,
            book: Book::new([], [], None),
            zones: Arc::new(Zones::open(Databases::new(None), clock.now()).unwrap()),
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
        let unit = self.source.unit(&Ask::Horizon(DateSpan::ALL));
        self.source.fetch(&self.api, &unit).await
    }
}

fn touring() -> Season {
    Season::touring("2026-11-22".parse().unwrap())
}

/// A season with nothing but so many tasks, each due on a day.
fn tasks(count: usize) -> Season {
    let day = "2026-12-01".parse().unwrap();
    let tasks = (0..count).map(|n| Task::bare(format!("task_{n:04}"), "Call", Due::Day(day)));
    Season {
        crm: Crm {
            tasks: tasks.collect(),
            ..Crm::default()
        },
        ..touring()
    }
}

#[tokio::test]
async fn every_dialect_envelope_and_way_to_pipelines_means_the_same() {
    let plain = World::of(touring(), |_| {}).await;
    let want = plain.fetch().await.unwrap();
    assert!(want.events.len() > 10, "{want:?}");
    assert!(
        want.missed.is_empty() && want.remarks.is_empty(),
        "{want:?}"
    );
    assert_eq!(plain.running.violations(), []);
    let changes: [(&str, Change); 4] = [
        ("aliases", |double| double.dialect = Dialect::Aliases),
        ("wrapped", |double| double.single = Single::Wrapped),
        ("listed", |double| double.pipelines = Pipelines::Listed),
        ("small pages", |double| double.page = 3),
    ];
    for (row, change) in changes {
        let world = World::of(touring(), change).await;
        let got = world.fetch().await.unwrap();
        assert_eq!(got.events, want.events, "{row}");
        assert_eq!(got.groups, want.groups, "{row}");
        assert_eq!(said(&got.remarks), "", "{row}");
        let printed = format!("{got:?}");
        assert!(!printed.contains(crate::sandbox::season::CANARY), "{row}");
        assert_eq!(world.running.violations(), [], "{row}");
    }
}

#[tokio::test]
async fn a_list_that_moves_while_it_is_read_brings_each_record_once() {
    for (drift, events) in [(Drift::Repeats, 60), (Drift::Skips, 59)] {
        let world = World::of(tasks(60), |double| {
            double.page = 25;
            double.drift = drift;
        })
        .await;
        let batch = world.fetch().await.unwrap();
        assert_eq!(batch.events.len(), events, "{drift:?}");
        assert_eq!(world.running.violations(), [], "{drift:?}");
    }
}

#[tokio::test]
async fn one_refused_resource_leaves_the_others() {
    let world = World::of(touring(), |_| {}).await;
    let whole = world.fetch().await.unwrap();
    let deals = Route::Search(Sort::Deals);
    world
        .running
        .fault(deals, Fault::Forbidden, Lasting::UntilCleared);
    let calls = world.running.calls(deals);
    let batch = world.fetch().await.unwrap();
    let group = GroupId::new("deals");
    assert!(batch.missed.contains_key(&group));
    let others = whole.events.iter();
    let others = others.filter(|event| !event.groups.contains(&group));
    assert_eq!(batch.events, others.cloned().collect::<Vec<_>>());
    world.fetch().await.unwrap();
    assert_eq!(world.running.calls(deals), calls + 1);
    world.running.clear(deals);
    world.hand.advance(chrono::TimeDelta::hours(1));
    assert_eq!(world.fetch().await.unwrap().events, whole.events);
}

#[tokio::test]
async fn what_is_wrong_with_one_record_concerns_it_alone() {
    for (fault, lost) in [
        (Fault::WrongType, 1),
        (Fault::UnknownValue, 0),
        (Fault::UnknownFields, 0),
        (Fault::Duplicates, 0),
    ] {
        let world = World::of(tasks(9), |_| {}).await;
        let search = Route::Search(Sort::Tasks);
        world.running.fault(search, fault.clone(), Lasting::Next(1));
        let batch = world.fetch().await.unwrap();
        assert_eq!(batch.events.len(), 9 - lost, "{fault:?}");
        assert_eq!(batch.remarks.len(), lost, "{fault:?}");
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_out() {
    let world = World::of(tasks(3), |_| {}).await;
    let limited = Fault::TooMany(Some(RetryAfter::Seconds(0)));
    let search = Route::Search(Sort::Tasks);
    world.running.fault(search, limited, Lasting::Next(1));
    assert_eq!(world.fetch().await.unwrap().events.len(), 3);
    assert_eq!(world.running.calls(search), 2);
}

#[tokio::test]
async fn a_check_says_what_the_token_may_read() {
    let world = World::of(touring(), |_| {}).await;
    assert_eq!(
        world.source.check(&world.api).await.unwrap(),
        "a token that may read tasks, deals, activities, contacts, companies"
    );
    assert_eq!(world.running.violations(), []);
}
