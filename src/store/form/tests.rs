use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::{
    domain::{
        series::{Length, Series, Wall},
        testing::{at, days, event as bare, place, timed, uid},
    },
    zones::{Offset, OffsetTable},
};

/// Any event that can be.
pub(in crate::store) fn any_event() -> impl Strategy<Value = Event> {
    let second = 0_i64..4_000_000_000;
    let when = prop_oneof![
        (0_i32..47_000, 1_i32..400)
            .prop_map(|(first, days)| { When::Days(super::days((first, first + days)).unwrap()) }),
        (second.clone(), 0_i64..10_000_000).prop_map(|(start, length)| {
            let at = |second| DateTime::from_timestamp_secs(second).unwrap();
            When::Timed(TimeSpan::new(at(start), at(start + length)).unwrap())
        }),
    ];
    let place = ("[a-z0-9-]{1,8}", "\\PC{0,20}", "\\PC{0,20}")
        .prop_map(|(id, name, address)| place(&id, &name, &address));
    let status = prop::sample::select(vec![
        None,
        Some(Status::Tentative),
        Some(Status::Confirmed),
        Some(Status::Cancelled),
    ]);
    let zone = prop::option::of(prop::sample::select(&chrono_tz::TZ_VARIANTS[..]));
    let stamp =
        prop::option::of((second, 0_u32..1_000_000_000).prop_map(|at| at_instant(at).unwrap()));
    let texts = ("\\PC{1,40}", "(\\PC|\n){0,80}");
    let lists = (
        prop::collection::vec(place, 0..3),
        prop::collection::vec("[a-z0-9-]{1,8}", 0..4),
    );
    let stamps = (stamp.clone(), stamp);
    (any::<[u8; 16]>(), when, texts, lists, status, zone, stamps).prop_map(
        |(uid, when, (title, details), (places, groups), status, zone, (created, updated))| Event {
            uid: EventUid::from_bytes(uid),
            when,
            title: Line::new(&title),
            details: Text::new(&details),
            places,
            groups: groups.iter().map(|id| GroupId::new(id)).collect(),
            status,
            zone,
            series: None,
            created,
            updated,
        },
    )
}

#[test]
fn a_series_comes_back_as_it_was() {
    let start = |text: &str| at(text).naive_utc();
    let table = OffsetTable::new(
        Offset::east(-18_000),
        vec![(at("2027-03-14T07:00:00Z"), Offset::east(-14_400))],
    );
    let exact = Length::Exact(TimeDelta::minutes(90));
    for (row, wall, length) in [
        ("days", Wall::Days, Length::Days(2)),
        ("a zone", Wall::Zone(chrono_tz::Tz::Asia__Tokyo), exact),
        (
            "nominal days",
            Wall::Zone(chrono_tz::Tz::Asia__Tokyo),
            Length::Days(1),
        ),
        ("offsets", Wall::Offsets(Arc::new(table)), exact),
    ] {
        let series = Series::new(
            wall,
            start("2027-02-01T00:00:00Z"),
            length,
            &["FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270630".to_owned()],
            vec![start("2027-05-01T00:00:00Z")],
            vec![start("2027-02-08T00:00:00Z")],
        );
        let mut event = bare("class", days("2027-02-01", "2027-02-01"));
        event.series = Some(Arc::new(series.unwrap()));
        let text = event_text(&event);
        assert_eq!(
            super::event(event.uid, FORM, &text).as_ref(),
            Some(&event),
            "{row}"
        );
        let refused = text.replace("WEEKLY", "SECONDLY");
        assert_ne!(refused, text);
        assert_eq!(super::event(event.uid, FORM, &refused), None, "{row}");
    }
}

proptest! {
    #[test]
    fn an_event_comes_back_as_it_was(event in any_event()) {
        let text = event_text(&event);
        prop_assert_eq!(super::event(event.uid, FORM, &text), Some(event));
    }
}

#[test]
fn the_form_of_an_event_never_changes_under_its_number() {
    let mut event = bare(
        "opening",
        timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z"),
    );
    event.details = Text::new("Doors at six");
    event.places = vec![place("hall", "Harbour Hall", "")];
    event.groups = vec![GroupId::new("choir"), GroupId::new("hall")];
    event.status = Some(Status::Confirmed);
    event.zone = Some(chrono_tz::Tz::Europe__Berlin);
    event.created = Some(at("2016-12-31T23:59:60.5Z"));
    assert_eq!(
        event_text(&event),
        r#"{"when":{"timed":[1801508400,1801519200]},"title":"opening","details":"Doors at six","places":[{"id":"hall","name":"Harbour Hall"}],"groups":["choir","hall"],"status":"confirmed","zone":"Europe/Berlin","created":[1483228799,1500000000]}"#
    );
    let whole = bare("tour", days("2027-02-01", "2027-02-03"));
    assert_eq!(
        event_text(&whole),
        r#"{"when":{"days":[20850,20853]},"title":"tour"}"#
    );
    for event in [event, whole] {
        let text = event_text(&event);
        assert_eq!(super::event(event.uid, FORM, &text), Some(event));
    }
}

#[test]
fn what_cannot_be_understood_is_no_event() {
    let good = event_text(&bare("1", days("2027-02-01", "2027-02-03")));
    let row = |form, text: &str| super::event(uid("1"), form, text).is_some();
    assert!(row(FORM, &good));
    for (name, form, text) in [
        ("a later form", FORM + 1, good.as_str()),
        ("no JSON", FORM, "{"),
        ("nothing", FORM, ""),
        ("no time", FORM, r#"{"title":"x"}"#),
        (
            "an end before the start",
            FORM,
            r#"{"title":"x","when":{"timed":[5,4]}}"#,
        ),
        (
            "a year nobody speaks of",
            FORM,
            r#"{"title":"x","when":{"timed":[0,99999999999]}}"#,
        ),
        (
            "an unknown zone",
            FORM,
            r#"{"title":"x","when":{"days":[1,2]},"zone":"Europe/Berlon"}"#,
        ),
        (
            "an unknown status",
            FORM,
            r#"{"title":"x","when":{"days":[1,2]},"status":"maybe"}"#,
        ),
        (
            "no instant",
            FORM,
            r#"{"title":"x","when":{"days":[1,2]},"created":[1,2000000000]}"#,
        ),
    ] {
        assert!(!row(form, text), "{name}");
    }
    assert!(
        row(FORM, r#"{"title":"x","when":{"days":[1,2]},"later":1}"#),
        "a key of a later version"
    );
}

#[test]
fn the_facts_of_a_unit_come_back_as_they_were() {
    let facts = UnitFacts {
        days: super::days((20_000, 20_460)).unwrap(),
        from_wall_times: true,
        bearings: Bearings {
            revision: u64::MAX,
            changed: at("2026-11-22T12:00:00Z"),
            held: Some(Held {
                since: at("2026-11-22T11:00:00.123456789Z"),
                missing: 4,
                of: 5,
            }),
            missed: [GroupId::new("choir")].into(),
            absent: BTreeMap::new(),
        },
    };
    let text = unit_text(&facts);
    assert_eq!(unit(FORM, &text), Some(facts));
    assert_eq!(unit(FORM + 1, &text), None);
}

#[test]
fn every_kind_of_group_has_a_word_of_its_own() {
    for kind in [
        GroupKind::Group,
        GroupKind::Project,
        GroupKind::Place,
        GroupKind::Tag,
        GroupKind::Kind,
        GroupKind::Person,
        GroupKind::Pipeline,
    ] {
        assert_eq!(super::kind(kind_word(kind)), Some(kind));
    }
    assert_eq!(super::kind("people"), None);
}
