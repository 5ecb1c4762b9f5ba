//! Where an event is and which groups it belongs to (§6.2, §7.2).

use super::{
    super::places::{Known, Memory},
    *,
};
use crate::domain::id::GroupId;

fn known(name: &str, venue: Option<&str>, address: &str) -> Known {
    Known {
        name: Line::new(name),
        venue: venue.map(str::to_owned),
        address: Line::new(address),
    }
}

/// A building with two rooms, one of which has an entrance of its own, and a building that may not be read.
fn memory() -> Memory {
    Memory::of([
        ("house", known("Opera House", None, "Harbour Road 1")),
        ("studio", known("Studio 2", Some("house"), "")),
        ("cellar", known("Cellar", Some("house"), "Back Lane 3")),
        ("closed", Known::default()),
        ("attic", known("Attic", Some("gone"), "")),
    ])
}

fn upstream() -> Upstream {
    Upstream {
        places: memory(),
        names: HashMap::from([
            ("closed".to_owned(), Line::new("The Shed")),
            ("house".to_owned(), Line::new("never shown")),
            ("g1".to_owned(), Line::new("Chorus")),
        ]),
        ..Upstream::default()
    }
}

#[test]
fn a_place_is_named_by_the_upstream_else_by_the_operator_and_a_room_has_its_buildings_address() {
    for (row, fields, want) in [
        ("none", json!({}), &[][..]),
        (
            "a building",
            json!({"locationIds": ["house"]}),
            &["house|Opera House|Harbour Road 1"],
        ),
        (
            "a room",
            json!({"locationIds": ["studio"]}),
            &["studio|Studio 2, Opera House|Harbour Road 1"],
        ),
        (
            "a room with its own door",
            json!({"locationIds": ["cellar"]}),
            &["cellar|Cellar, Opera House|Back Lane 3"],
        ),
        (
            "a room in an unknown building",
            json!({"locationIds": ["attic"]}),
            &["attic|Attic|"],
        ),
        (
            "one that may not be read",
            json!({"locationIds": ["closed"]}),
            &["closed|The Shed|"],
        ),
        (
            "one nobody knows",
            json!({"locationIds": ["who"]}),
            &["who||"],
        ),
        (
            "one id, not in a list",
            json!({"locationId": "house"}),
            &["house|Opera House|Harbour Road 1"],
        ),
        (
            "in capitals",
            json!({"locationIds": ["HOUSE"]}),
            &["house|Opera House|Harbour Road 1"],
        ),
        (
            "objects, whose name counts if nothing better is known",
            json!({"locations": [{"id": "who", "name": "Tent"}, {"id": "house", "name": "worse"}]}),
            &["who|Tent|", "house|Opera House|Harbour Road 1"],
        ),
        (
            "the same one three times",
            json!({"locations": [{"id": "STUDIO"}], "locationIds": ["studio", "house"], "locationId": "Studio"}),
            &[
                "studio|Studio 2, Opera House|Harbour Road 1",
                "house|Opera House|Harbour Road 1",
            ],
        ),
        (
            "null, and what is no id",
            json!({"locationIds": null, "locations": [7, {}, null, ""]}),
            &[],
        ),
    ] {
        let (event, _) = upstream().event(&record(fields));
        let places: Vec<String> = event
            .places
            .iter()
            .map(|place| format!("{}|{}|{}", place.id, place.name, place.address))
            .collect();
        assert_eq!(places, want, "{row}");
    }
}

#[test]
fn an_event_belongs_to_every_group_under_every_spelling_once() {
    for (row, fields, ids, groups) in [
        ("none", json!({}), &[][..], &[][..]),
        (
            "groups",
            json!({"groupIds": ["g1"]}),
            &["g1"],
            &["g1=Chorus Group"],
        ),
        (
            "groups and collections, in four spellings that stand together",
            json!({"groupIds": ["a"], "groups": [{"id": "B", "name": "Bees"}], "collectionIds": ["c"],
                "collections": [{"id": "d"}, "A"]}),
            &["a", "b", "c", "d"],
            &["a= Group", "b=Bees Group", "c= Group", "d= Group"],
        ),
        (
            "two projects",
            json!({"projectIds": ["p2", "p1"], "projects": [{"id": "P1", "name": "Tosca"}], "projectId": "p3"}),
            &["p1", "p2", "p3"],
            &["p1=Tosca Project", "p2= Project", "p3= Project"],
        ),
        (
            "tags, by id",
            json!({"tags": {"t1": {"name": "Family"}}, "tagIds": []}),
            &["t1"],
            &["t1=Family Tag"],
        ),
        (
            "a room, and with it its building",
            json!({"locationIds": ["studio"]}),
            &["house", "studio"],
            &["house=Opera House Place", "studio=Studio 2 Place"],
        ),
    ] {
        let batch = upstream().batch(&[record(fields)]);
        let found: Vec<&str> = batch.events[0].groups.iter().map(GroupId::as_str).collect();
        assert_eq!(found, ids, "{row}");
        assert_eq!(names(&batch.groups), groups, "{row}");
    }
}

#[test]
fn a_name_that_only_one_record_tells_serves_all() {
    let bare = record(json!({"id": "1", "groups": ["g"]}));
    let named = record(json!({"id": "2", "groups": [{"id": "G", "name": "Strings"}]}));
    for records in [[bare.clone(), named.clone()], [named, bare]] {
        let batch = Upstream::default().batch(&records);
        assert_eq!(names(&batch.groups), ["g=Strings Group"]);
    }
}
