use chrono::NaiveDate;

use crate::domain::{
    history::Stamps,
    id::EventUid,
    when::{DateSpan, TimeSpan},
};

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn event(when: When) -> Listed {
    Listed {
        uid: EventUid::new(&"stage".parse().unwrap(), "1"),
        when,
        zone: chrono_tz::America::New_York,
        title: "Gala".to_owned(),
        details: String::new(),
        places: Vec::new(),
        categories: Vec::new(),
        groups: Vec::new(),
        status: None,
        stamps: Stamps {
            created: at("2026-01-01T00:00:00Z"),
            modified: at("2026-01-01T00:00:00Z"),
            sequence: 0,
        },
    }
}

fn evening() -> Listed {
    let span = TimeSpan::new(at("2026-11-22T00:30:00Z"), at("2026-11-22T03:00:00Z"));
    event(When::Timed(span.unwrap()))
}

fn facts(event: &Listed) -> Value {
    let zones = ZoneData::built_in();
    let text = Structured::of(
        [(event, "https://c.example/e".to_owned())],
        "Season",
        &zones,
    )
    .to_string();
    let mut graph: Value = serde_json::from_str(&text).unwrap();
    graph["@graph"][0].take()
}

#[test]
fn times_carry_their_offset_and_the_last_of_several_days_is_included() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let days = DateSpan::through(day("2026-11-21"), day("2026-11-23")).unwrap();
    for (event, start, end) in [
        (
            evening(),
            "2026-11-21T19:30:00-05:00",
            "2026-11-21T22:00:00-05:00",
        ),
        (event(When::Days(days)), "2026-11-21", "2026-11-23"),
    ] {
        let facts = facts(&event);
        assert_eq!(
            (&facts["startDate"], &facts["endDate"]),
            (&json!(start), &json!(end))
        );
    }
    let utc = with_offset(at("2026-11-22T00:30:00Z"), Tz::UTC, &ZoneData::built_in());
    assert_eq!(utc, "2026-11-22T00:30:00Z");
}

#[test]
fn a_cancelled_event_says_so_and_keeps_its_start() {
    let cancelled = Listed {
        status: Some(Status::Cancelled),
        ..evening()
    };
    let facts = facts(&cancelled);
    assert_eq!(facts["eventStatus"], "https://schema.org/EventCancelled");
    assert_eq!(facts["startDate"], "2026-11-21T19:30:00-05:00");
}

#[test]
fn no_text_can_end_the_script_element_and_every_text_comes_back_whole() {
    let hostile = "</script><script>alert(1)</script><!-- & \u{2028} \" \\";
    let event = Listed {
        title: hostile.to_owned(),
        details: hostile.to_owned(),
        places: vec![Where {
            name: hostile.to_owned(),
            address: String::new(),
        }],
        ..evening()
    };
    let zones = ZoneData::built_in();
    let text = Structured::of(
        [(&event, "https://c.example/e".to_owned())],
        hostile,
        &zones,
    )
    .to_string();
    assert!(!text.contains(['<', '>', '&']), "{text}");
    let facts = facts(&event);
    assert_eq!(facts["name"], hostile);
    assert_eq!(facts["description"], hostile);
    assert_eq!(facts["location"]["name"], hostile);
}
