//! The sandbox's double, which was written from the fact sheet without a look at this connector.

use chrono::NaiveDate;

use super::{
    account::{account_at, in_words},
    elsewhere::{ok, town},
    *,
};
use crate::{
    clock::Clock,
    domain::{
        testing::at,
        when::{DateSpan, TimeSpan, When},
    },
    sandbox::{
        add_to_calendar_pro::{
            AddToCalendarPro as Double, EmptyList, Nulls, Oddities, Running, Settings as Stage,
            Shape, prokey,
        },
        season::{Season, Span},
    },
};

fn today() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

/// A double on a free port.
async fn start(season: Season, change: impl FnOnce(&mut Stage)) -> Running {
    let (clock, _) = Clock::movable(at("2026-11-22T10:00:00Z"));
    let mut settings = Stage::new(clock);
    change(&mut settings);
    Double::start(season, settings).await.unwrap()
}

/// The account that the double is of.
fn account(double: &Running) -> (AddToCalendarPro, Api) {
    let key = Stage::new(Clock::movable(at("2026-11-22T10:00:00Z")).0).key;
    account_at(&double.base_url(), &key)
}

async fn read(double: &Running) -> Batch {
    let (source, api) = account(double);
    source.fetch(&api, &Unit::whole()).await.unwrap()
}

#[tokio::test]
async fn a_season_comes_through_to_the_instant_whatever_shape_it_is_sent_in() {
    let season = Season::touring(today());
    let wanted = season.events.iter().filter(|event| !event.draft);
    let wanted: HashMap<_, _> = wanted
        .map(|event| {
            let when = match event.span {
                Span::Timed { start, end } => {
                    When::Timed(TimeSpan::new(start, end.unwrap_or(start).max(start)).unwrap())
                }
                Span::Days { first, last } => When::Days(DateSpan::through(first, last).unwrap()),
            };
            (uid(&format!("{}-0", prokey(&event.id))), (when, event))
        })
        .collect();
    for (row, shape, nulls, empty) in [
        ("today's", Shape::Current, Nulls::Sent, EmptyList::NotFound),
        ("sparse", Shape::Current, Nulls::LeftOut, EmptyList::Array),
        ("old", Shape::Legacy, Nulls::Sent, EmptyList::NotFound),
        (
            "old and sparse",
            Shape::Legacy,
            Nulls::LeftOut,
            EmptyList::Array,
        ),
    ] {
        let double = start(season.clone(), |stage| {
            (stage.shape, stage.nulls, stage.empty) = (shape, nulls, empty);
        })
        .await;
        let batch = read(&double).await;
        assert!(batch.missed.is_empty(), "{row}");
        let (series, single): (Vec<_>, Vec<_>) = batch
            .events
            .iter()
            .partition(|event| event.series.is_some());
        assert_eq!(series.len(), season.courses.len(), "{row}");
        assert_eq!(single.len(), wanted.len(), "{row}");
        for event in single {
            let (when, told) = wanted[&event.uid];
            assert_eq!(event.when, when, "{row}: {told:?}");
            assert_eq!(
                event.updated,
                told.updated.or(event.updated),
                "{row}: {told:?}"
            );
        }
        assert!(
            !format!("{batch:?}").contains(crate::sandbox::season::CANARY),
            "{row}"
        );
        assert_eq!(double.violations(), [], "{row}");
    }
}

#[tokio::test]
async fn what_becomes_a_draft_is_withheld_under_the_uid_it_had() {
    let double = start(Season::touring(today()), |_| {}).await;
    let before = read(&double).await;
    let id = double.edit(|season| {
        let mut events = season.events.iter_mut();
        let event = events.find(|event| !event.draft).unwrap();
        event.draft = true;
        prokey(&event.id)
    });
    let after = read(&double).await;
    let uid = uid(&format!("{id}-0"));
    let lists = |batch: &Batch| batch.events.iter().any(|event| event.uid == uid);
    assert!(lists(&before) && !before.withheld.events.contains_key(&uid));
    assert!(!lists(&after) && after.withheld.events.contains_key(&uid));
    let (source, _) = account(&double);
    for record in [id.to_uppercase(), format!("{id}-0")] {
        assert!(source.uids(&record).contains(&uid), "{record}");
    }
    let withheld = &before.withheld.events;
    assert!(!withheld.is_empty(), "the season has drafts");
    assert!(
        !before
            .events
            .iter()
            .any(|event| withheld.contains_key(&event.uid))
    );
}

#[tokio::test]
async fn classes_meet_when_the_season_says() {
    let mut season = Season::touring(today());
    season.events.clear();
    let double = start(season.clone(), |_| {}).await;
    let batch = read(&double).await;
    let days = DateSpan::through("2026-01-01".parse().unwrap(), "2028-12-31".parse().unwrap());
    let days = days.unwrap();
    let window = crate::domain::window::Window::new(days, |day| {
        day.and_time(chrono::NaiveTime::MIN).and_utc()
    });
    for course in &season.courses {
        let id = uid(&format!("{}-0", prokey(&course.id)));
        let event = batch.events.iter().find(|event| event.uid == id).unwrap();
        let place = season.place(&course.place).unwrap();
        let zone = built_in().zone(place.zone.parse().unwrap()).unwrap();
        let want = course.starts().map(|start| {
            let start = zone.instant(start);
            // The time from start to end is what recurs, also in the night clocks are changed (RFC 5545 §3.8.5.3).
            let span = TimeSpan::new(start, start + chrono::TimeDelta::minutes(course.minutes));
            When::Timed(span.unwrap())
        });
        let series = event.series.as_ref().unwrap();
        let got = series.occurrences(&window, built_in());
        assert!(got.map(|one| one.when).eq(want), "{}", course.title);
    }
}

#[tokio::test]
async fn what_the_fact_sheet_warns_of_is_understood_or_left_out() {
    let season = Season {
        events: Vec::new(),
        courses: Vec::new(),
        ..Season::touring(today())
    };
    let town = town(&[("one", ok("talk"))]).await;
    let double = start(season, |stage| {
        stage.oddities = Oddities::Shown;
        stage.external = format!("{}/{CANARY}/one.ics", town.uri());
    })
    .await;
    let mut batch = read(&double).await;
    batch.groups.retain(|id, _| {
        batch.missed.contains_key(id) || batch.events.iter().any(|event| event.groups.contains(id))
    });
    insta::assert_snapshot!(in_words(&batch));
    assert_eq!(double.violations(), []);
}

#[test]
fn the_rate_stays_below_what_is_allowed_even_after_a_rest() {
    let limits = Settings::limits();
    let in_one_second = limits.burst.get() + limits.per_second.get();
    assert!((in_one_second as usize) < Stage::RATE.get());
}
