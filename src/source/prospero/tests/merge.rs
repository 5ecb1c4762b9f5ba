//! Several answers, one list (§4.4).

use super::*;

/// Titles of what is left of several answers.
#[track_caller]
fn merged(answers: &[Value]) -> Vec<String> {
    let merge = answers.iter().fold(Merged::default(), |merge, answer| {
        merge.with(super::answer(answer))
    });
    merge
        .events
        .values()
        .map(|event| event.title.as_deref().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn of_two_copies_the_newer_counts_and_of_two_alike_the_unarchived_one() {
    for (row, first, second, want) in [
        (
            "alike",
            "2026-05-01T10:00:00Z",
            "2026-05-01T10:00:00Z",
            "first",
        ),
        (
            "the second is newer",
            "2026-05-01T10:00:00Z",
            "2026-05-02T10:00:00Z",
            "second",
        ),
        (
            "the first is newer",
            "2026-05-02T10:00:00Z",
            "2026-05-01T10:00:00Z",
            "first",
        ),
        (
            "newer by a fraction",
            "2026-05-01T10:00:00Z",
            "2026-05-01T10:00:00.5Z",
            "second",
        ),
        (
            "the same instant otherwise written",
            "2026-05-01T10:00:00Z",
            "2026-05-01T10:00:00+00:00",
            "first",
        ),
        (
            "later by the letters, earlier by the clock",
            "2026-05-01T10:00:00Z",
            "2026-05-01T11:00:00+02:00",
            "first",
        ),
        (
            "earlier by the letters, later by the clock",
            "2026-05-01T10:00:00Z",
            "2026-05-01T09:00:00-02:00",
            "second",
        ),
        ("a stamp against none", "2026-05-01T10:00:00Z", "", "first"),
        ("none against a stamp", "", "2026-05-01T10:00:00Z", "second"),
        ("none at all", "", "", "first"),
    ] {
        let copy = |title, updated| record(json!({"title": title, "lastUpdatedAt": updated}));
        let mut other = copy("second", second);
        other["id"] = json!(other["id"].as_str().unwrap().to_uppercase());
        let answers = [
            json!({"events": [copy("first", first)]}),
            json!({"events": [other]}),
        ];
        assert_eq!(merged(&answers), [want], "{row}");
    }
}

#[test]
fn a_bad_record_is_left_out_alone_and_named() {
    let list = json!({"events": [
        7, null, "x", ["e9", null], {}, {"id": null, "title": "a"}, {"id": ""}, record(json!({"id": 42})), record(json!({})),
    ]});
    let merge = Merged::default().with(answer(&list));
    assert_eq!(merge.events.len(), 2, "a number may be an id");
    let remarks = said(&merge.remarks);
    for number in 0..4 {
        let want =
            format!("event `number {number} of an answer` was left out: it is no event object");
        assert!(remarks.contains(&want), "{number}: {remarks}");
    }
    for number in 4..7 {
        let want = format!("event `number {number} of an answer` was left out: it has no id");
        assert!(remarks.contains(&want), "{number}: {remarks}");
    }
    assert_eq!(merge.remarks.len(), 7);
}

#[test]
fn an_answer_that_seems_to_have_more_pages_is_remarked_on() {
    for key in ["next", "cursor", "total", "nextPage", "hasMore"] {
        let list = json!({"events": [], key: 2, "took": 3});
        let merge = Merged::default().with(answer(&list));
        let want = BTreeSet::from([Remark::LooksPaged(key.to_owned())]);
        assert_eq!(merge.remarks, want, "{key}");
    }
}

#[test]
fn an_answer_without_a_list_is_no_answer() {
    for json in [
        "{}",
        "[]",
        r#"{"events": null}"#,
        r#"{"events": {}}"#,
        r#"{"event": []}"#,
    ] {
        assert!(EventList::from_json(json).is_err(), "{json}");
    }
}
