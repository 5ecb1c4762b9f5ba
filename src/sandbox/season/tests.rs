use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The first of each month of four years, a leap year among them.
fn todays() -> impl Iterator<Item = NaiveDate> {
    (0..48).map(|months| day("2026-01-01") + Months::new(months))
}

#[test]
fn a_season_is_a_few_hundred_events_whenever_it_is_made() {
    for today in todays() {
        let season = Season::touring(today);
        let count = season.events.len();
        assert!((250..=400).contains(&count), "{today}: {count}");
        let soon = today + Days::new(7);
        assert!(
            season
                .events
                .iter()
                .any(|event| (today..soon).contains(&event.span.start().date_naive())),
            "{today}: nothing in the coming week"
        );
    }
}

#[test]
fn seasons_agree_where_they_overlap() {
    let plain = |mut event: Event| {
        event.archived = false;
        (event.id.clone(), event)
    };
    let spring: HashMap<_, _> = Season::touring(day("2026-04-17"))
        .events
        .into_iter()
        .map(plain)
        .collect();
    let autumn: HashMap<_, _> = Season::touring(day("2026-11-22"))
        .events
        .into_iter()
        .map(plain)
        .collect();
    let shared: Vec<_> = spring
        .keys()
        .filter(|id| autumn.contains_key(*id))
        .collect();
    assert!(shared.len() > 200, "{}", shared.len());
    for id in shared {
        assert_eq!(spring[id], autumn[id]);
    }
}

#[test]
fn every_id_is_a_version_1_uuid_and_stands_once() {
    for today in todays() {
        let season = Season::touring(today);
        let named = season
            .projects
            .iter()
            .chain(&season.tags)
            .chain(&season.people)
            .map(|named| &named.id);
        let ids = season
            .events
            .iter()
            .map(|event| &event.id)
            .chain(season.groups.iter().map(|group| &group.id));
        let mut seen = HashSet::new();
        for id in ids
            .chain(season.places.iter().map(|place| &place.id))
            .chain(named)
        {
            assert_eq!(Uuid::parse_str(id).unwrap().get_version_num(), 1, "{id}");
            assert!(seen.insert(id), "{today}: {id} stands twice");
        }
    }
}

#[test]
fn links_lead_somewhere_but_for_one_place_nobody_can_look_up() {
    let season = Season::touring(day("2026-11-22"));
    let places: HashSet<_> = season.places.iter().map(|place| &place.id).collect();
    let groups: HashSet<_> = season.groups.iter().map(|group| &group.id).collect();
    let named = season
        .projects
        .iter()
        .chain(&season.tags)
        .chain(&season.people);
    let others: HashSet<_> = named.map(|named| &named.id).collect();
    for event in &season.events {
        assert!(
            event.groups.iter().all(|id| groups.contains(id)),
            "{event:?}"
        );
        let links = event
            .projects
            .iter()
            .chain(&event.tags)
            .chain(&event.people);
        assert!(links.into_iter().all(|id| others.contains(id)), "{event:?}");
        let lost = event
            .places
            .iter()
            .filter(|id| !places.contains(id))
            .count();
        let meant = event.title.as_deref() == Some("At a place nobody can look up");
        assert_eq!(lost, usize::from(meant), "{event:?}");
    }
    assert!(
        season
            .places
            .iter()
            .all(|place| place.inside.as_ref().is_none_or(|id| places.contains(id)))
    );
}

#[test]
fn the_canary_stands_in_every_private_text_and_in_no_other() {
    let season = Season::touring(day("2026-11-22"));
    let sings = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains(CANARY));
    for event in &season.events {
        assert!(
            event.admin_notes.is_none() || sings(&event.admin_notes),
            "{event:?}"
        );
        assert_eq!(sings(&event.title), event.draft, "{event:?}");
        assert_eq!(sings(&event.details), event.draft, "{event:?}");
    }
    assert!(
        season
            .people
            .iter()
            .all(|person| person.name.contains(CANARY))
    );
}

#[test]
fn every_season_holds_what_calendars_trip_over() {
    type Sort = fn(&Event) -> bool;
    let sorts: [(&str, Sort); 20] = [
        ("draft", |e| e.draft),
        ("archived", |e| e.archived),
        ("tentative", |e| e.status == Some(Status::Tentative)),
        ("cancelled", |e| e.status == Some(Status::Canceled)),
        ("unknown status", |e| e.status == Some(Status::Unheard)),
        ("no status", |e| e.status.is_none()),
        ("no title", |e| e.title.is_none()),
        ("no stamps", |e| e.updated.is_none()),
        ("one whole day", |e| whole_days(e) == Some(1)),
        ("three whole days", |e| whole_days(e) == Some(3)),
        ("a month of days", |e| whole_days(e) == Some(31)),
        (
            "zero length",
            |e| matches!(e.span, Span::Timed { start, end: Some(end) } if start == end),
        ),
        ("no end", |e| {
            matches!(e.span, Span::Timed { end: None, .. })
        }),
        ("ends before its start", |e| e.span.end() < e.span.start()),
        ("longer than a month", |e| {
            whole_days(e).is_none() && e.span.end() - e.span.start() > TimeDelta::days(31)
        }),
        ("two projects", |e| e.projects.len() == 2),
        ("venue and space", |e| e.places.len() == 2),
        ("group without people", |e| {
            !e.groups.is_empty() && e.people.is_empty()
        }),
        ("people without group", |e| {
            e.groups.is_empty() && !e.people.is_empty()
        }),
        ("line break in title", |e| {
            e.title
                .as_ref()
                .is_some_and(|title| title.contains("\r\nBEGIN:VEVENT"))
        }),
    ];
    for today in todays() {
        let season = Season::touring(today);
        for (sort, is) in sorts {
            assert!(season.events.iter().any(is), "{today}: none is {sort}");
        }
    }
}

/// Found by hand in the published rules of New York, Berlin and Lord Howe Island for 2026.
#[test]
fn events_stand_in_the_hours_that_clocks_repeat_or_skip() {
    let season = Season::touring(day("2026-11-22"));
    for (title, start) in [
        ("The long night, first 02:15", "2026-10-25T00:15:00Z"),
        ("The long night, second 02:15", "2026-10-25T01:15:00Z"),
        ("Until the second half past one", "2026-11-01T04:30:00Z"),
        ("In the hour that is not there", "2027-03-14T07:30:00Z"),
        ("Half an hour twice", "2027-04-03T15:15:00Z"),
        ("Overnight, an hour short", "2027-03-27T22:00:00Z"),
    ] {
        let start: DateTime<Utc> = start.parse().unwrap();
        let held =
            |event: &Event| event.title.as_deref() == Some(title) && event.span.start() == start;
        assert!(season.events.iter().any(held), "{title}");
    }
}

fn whole_days(event: &Event) -> Option<i64> {
    match event.span {
        Span::Days { first, last } => Some((last - first).num_days() + 1),
        Span::Timed { .. } => None,
    }
}
