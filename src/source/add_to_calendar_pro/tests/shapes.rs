//! The shapes that answers have had since 2023 (§10).

use super::*;
use crate::source::add_to_calendar_pro::wire::{Event, Key, List, Listed, One};

#[test]
fn a_key_comes_in_every_shape_it_has_had() {
    for (json, want) in [
        (r#""a-1""#, Some("a-1")),
        (r#"["a-1"]"#, Some("a-1")),
        (r#"{"prokey":"a-1"}"#, Some("a-1")),
        (r#"{"prokey":["a-1"],"x":[{"prokey":"b"}]}"#, Some("a-1")),
        (r#"{"id":501,"prokey":"a-1","label":"x"}"#, Some("a-1")),
        (r#"{"id":"a-1"}"#, Some("a-1")),
        (r#"{"id":"b-2","prokey":"a-1"}"#, Some("a-1")),
        (r#"{"id":"501"}"#, None),
        (r#"{"id":501}"#, None),
        ("501", None),
        ("-1.5", None),
        ("true", None),
        ("null", None),
        (r#""""#, None),
        ("[]", None),
        ("{}", None),
        (r#""../group/all""#, None),
        (r#""a b""#, None),
    ] {
        let key: Key = serde_json::from_str(json).unwrap();
        assert_eq!(key.0.as_deref(), want, "{json}");
    }
    let long = format!("\"{}\"", "a".repeat(65));
    assert_eq!(serde_json::from_str::<Key>(&long).unwrap().0, None);
}

#[test]
fn records_come_as_a_list_alone_or_not_at_all() {
    for (json, one, listed, list) in [
        ("[]", Some(0), Some(0), Some(0)),
        ("null", Some(0), Some(0), Some(0)),
        (r#""""#, Some(0), Some(0), Some(0)),
        (r#"[{"prokey":"a"}]"#, Some(1), Some(1), Some(1)),
        (r#"{"prokey":"a"}"#, Some(1), Some(1), Some(1)),
        ("[1,2]", Some(1), Some(2), Some(2)),
        // Such as `{"status":"error"}`: nothing of a list.
        (r#"{"status":"error"}"#, Some(1), Some(1), None),
        // Half of an emoji, which leaves JSON that no text can be read from.
        (r#"{"status":"\ud83d"}"#, Some(1), Some(1), None),
        ("7", None, None, None),
        (r#""text""#, None, None, None),
        ("true", None, None, None),
    ] {
        let of = |json: &str| One::<Event>::from_json(json).ok();
        assert_eq!(
            of(json).map(|one| usize::from(one.0.is_some())),
            one,
            "{json}"
        );
        let of = |json| serde_json::from_str::<Listed<Key>>(json).unwrap().0;
        assert_eq!(of(json).map(|listed| listed.len()), listed, "{json}");
        let of = |json| serde_json::from_str::<List>(json).ok();
        assert_eq!(of(json).map(|list| list.0.len()), list, "{json}");
    }
}

#[test]
fn a_record_of_another_shape_is_left_out_alone() {
    for (row, bad, id, why) in [
        ("a number", json!(7), "KEY", "it is no event object"),
        ("a text", json!("event"), "KEY", "it is no event object"),
        (
            "dates of another type",
            record(&[], json!({ "dates": 7 })),
            "KEY",
            "its dates are no list",
        ),
        (
            "an entry of another type",
            record(&[json!(7)], json!({})),
            "KEY-0",
            "it is no date entry",
        ),
    ] {
        let good = record(&[entry(json!({}))], json!({}));
        let batch = batch(&[(KEY, bad), ("other", good)], &mut Memory::default());
        assert_eq!(batch.events.len(), 1, "{row}");
        assert_eq!(batch.events[0].uid, uid("other-0"), "{row}");
        let left_out = format!("event `{id}` was left out: {why}");
        assert_eq!(said(&batch.remarks), left_out, "{row}");
        let unreadable = batch.unreadable.get(&uid(&format!("{KEY}-0")));
        assert_eq!(unreadable, Some(&why), "{row}: it is there");
    }
}

#[test]
fn what_is_absent_null_or_not_known_changes_nothing() {
    let (sparse, _) = event_of(&record(&[entry(json!({}))], json!({})));
    let nulls = entry(json!({
        "description": null, "endDate": null, "location": "", "status": null, "availability": "busy",
        "organizer_name": "", "useUserTZ": true,
    }));
    let (full, _) = event_of(&record(
        &[nulls],
        json!({
            "prokey": [KEY], "event_group": { "prokey": "g" }, "title_event_series": null, "layout": "12",
            "simplified_recurrence": true, "recurrence_interval": 1, "distribution": null, "unheard": { "of": [1] },
        }),
    ));
    assert_eq!(sparse, full);
}

#[test]
fn a_draft_is_withheld_whatever_its_dates_are() {
    for dates in [json!(7), json!("soon"), json!([7]), json!([])] {
        let batch = batch_of(record(&[], json!({ "status": "draft", "dates": dates })));
        assert!(batch.events.is_empty(), "{dates}");
        assert_eq!(said(&batch.remarks), "", "{dates}");
        let withheld = batch
            .withheld
            .events
            .contains_key(&uid(&format!("{KEY}-0")));
        assert!(withheld, "{dates}: it may have been published before");
    }
}

#[test]
fn numbers_outlive_dates_that_cannot_be_read() {
    let mut memory = Memory::default();
    let one = entry(json!({ "name": "One" }));
    let two = entry(json!({ "name": "Two" }));
    let both = record(&[one.clone(), two.clone()], json!({}));
    let uids = |batch: Batch| batch.events.into_iter().map(|event| event.uid).collect();
    let before: Vec<_> = uids(batch(&[(KEY, both.clone())], &mut memory));
    batch(&[(KEY, record(&[], json!({ "dates": 7 })))], &mut memory);
    let after: Vec<_> = uids(batch(&[(KEY, both)], &mut memory));
    assert_eq!(before, after);
}

#[test]
fn an_event_without_dates_is_none() {
    for dates in [
        json!([]),
        json!(null),
        json!(""),
        json!("-"),
        json!([{}, { "name": null }]),
    ] {
        let batch = batch_of(record(&[], json!({ "dates": dates })));
        assert!(batch.events.is_empty(), "{dates}");
        assert_eq!(said(&batch.remarks), "", "{dates}");
    }
}
