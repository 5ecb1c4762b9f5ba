use super::*;

const GOOD: &str = include_str!("../../../tests/fixtures/neutral/quayside.json");

#[test]
fn a_list_becomes_a_season() {
    let season = parse(GOOD).unwrap();
    assert_eq!(season.title, "Concerts of the made-up Quayside Players");
    assert_eq!(season.zone, "America/New_York");
    let ids: Vec<_> = season
        .events
        .iter()
        .map(|event| event.id.as_str())
        .collect();
    assert_eq!(ids, ["q-0001#0", "q-0002#0", "q-0003#0", "q-0004#0"]);
    let first = &season.events[0];
    assert_eq!(
        (first.places[0].as_str(), first.groups[0].as_str()),
        ("place-1", "kind-1")
    );
    assert_eq!(first.span.start().to_rfc3339(), "2008-03-09T00:30:00+00:00");
    let june: NaiveDate = "2008-06-07".parse().unwrap();
    assert_eq!(
        season.events[3].span,
        Span::Days {
            first: june,
            last: june
        }
    );
    assert_eq!(season.events[3].details, None);
}

#[test]
fn a_bad_record_is_named_with_its_fact() {
    for (from, to, want) in [
        (
            r#""place": "place-2""#,
            r#""place": "place-9""#,
            "event `q-0003#0` is in place `place-9`, which `places` does not list; add it there",
        ),
        (
            r#""group": "kind-2""#,
            r#""group": "kind-9""#,
            "event `q-0003#0` is of group `kind-9`, which `groups` does not list; add it there",
        ),
        (
            "2008-03-09T23:30:00Z",
            "tonight",
            "event `q-0002#0` has `tonight` for a time; write one such as `2026-11-21T19:30:00Z`",
        ),
        (
            "2008-03-09T02:30:00Z",
            "2008-03-09T00:29:59Z",
            "event `q-0001#0` ends at `2008-03-09T00:29:59Z`, before it starts; write an end that is not before `2008-03-09T00:30:00Z`",
        ),
        (
            r#""start": "2008-06-07""#,
            r#""start": "2008-06-31""#,
            "event `q-0004#0` has `2008-06-31` for a day; write one such as `2026-11-21`",
        ),
        (
            r#""id": "q-0002#0", "#,
            "",
            "event number 2 cannot be read: missing field `id`",
        ),
        (
            r#""title": "On tour""#,
            r#""title": 7"#,
            "event `q-0003#0` cannot be read: invalid type: integer `7`, expected a string",
        ),
        (
            "q-0002#0",
            "Q-0001#0",
            "event `Q-0001#0` stands twice; give each its own id",
        ),
        (
            "place-3\", \"name",
            "place-2\", \"name",
            "place `place-2` stands twice; give each its own id",
        ),
        (
            "Europe/Berlin\" }",
            "Europe/Berlon\" }",
            "place `place-2` is in zone `Europe/Berlon`, which does not exist; write one such as `Europe/Berlin`",
        ),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        assert_eq!(
            parse(&text).unwrap_err().to_string(),
            want,
            "{from} -> {to}"
        );
    }
}

#[test]
fn what_is_no_list_says_what_one_is() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"places": [], "groups": [], "events": 7}"#,
    ] {
        assert!(matches!(parse(text), Err(BadData::Shape(_))), "{text}");
    }
}

#[test]
fn an_empty_list_is_an_empty_season() {
    let season = parse(r#"{"places": [], "groups": [], "events": []}"#).unwrap();
    assert_eq!(
        (
            season.title.as_str(),
            season.zone.as_str(),
            season.events.len()
        ),
        ("Events", "UTC", 0)
    );
}
