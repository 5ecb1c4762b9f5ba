//! What becomes of a calendar that was written wrongly. The writer cannot be made to do so, hence bytes by hand.

use std::ops::Range;

use super::*;
use crate::{
    domain::testing::{at, expansion, feed, uid},
    feed::documents::Documents,
    testing::Log,
    zones::ZoneData,
};

fn ingredients(changed: &str) -> Ingredients {
    Ingredients {
        feed: Arc::new(feed()),
        window: None,
        within: expansion().within,
        today: "2026-11-22".parse().unwrap(),
        shares: Vec::new(),
        lacking: Vec::new(),
        zones: Arc::new(ZoneData::built_in()),
        changed: at(changed),
        next_midnight: at("2026-11-22T23:00:00Z"),
    }
}

/// A written calendar of events with these titles; an empty title is no line at all, which no client can read.
fn written(titles: &[&str]) -> Rendered {
    let mut body = b"BEGIN:VCALENDAR\r\n".to_vec();
    let place = |(number, title): (usize, &&str)| -> (EventUid, Range<usize>) {
        let start = body.len();
        let summary = if title.is_empty() {
            "\r\n".to_owned()
        } else {
            format!("SUMMARY:{title}\r\n")
        };
        let event = format!(
            "UID:{number}\r\nDTSTAMP:20261122T120000Z\r\nDTSTART:20261205T190000Z\r\n{summary}"
        );
        body.extend(format!("BEGIN:VEVENT\r\n{event}END:VEVENT\r\n").bytes());
        (uid(&number.to_string()), start..body.len())
    };
    let events = titles.iter().enumerate().map(place).collect();
    body.extend(b"END:VCALENDAR\r\n");
    Rendered {
        body,
        events,
        ledger: Ledger::default(),
        cut: None,
    }
}

fn published(before: &Before, changed: &str, rendered: Rendered) -> Next {
    let name = FeedName::Configured("season".parse().unwrap());
    let of = ingredients(changed);
    publish(&name, of.recipe(), &of, before, rendered)
}

fn body(made: &Made) -> &str {
    std::str::from_utf8(made.document.identity().body()).unwrap()
}

const FIRST: &str = "2026-11-22T12:00:00Z";
const SECOND: &str = "2026-11-22T13:00:00Z";

#[test]
fn a_broken_event_is_left_out_and_named_and_the_others_are_published() {
    let (made, broken) =
        published(&Before::Nothing, FIRST, written(&["Gala", "", "Tosca"])).unwrap();
    assert_eq!(broken, [(uid("1"), Flaw::Line)]);
    assert!(body(&made).contains("SUMMARY:Gala\r\n") && body(&made).contains("SUMMARY:Tosca\r\n"));
    assert_eq!(body(&made).matches("BEGIN:VEVENT").count(), 2);
}

#[test]
fn a_calendar_with_a_broken_frame_is_not_published_and_the_last_one_stays() {
    let mut cut_short = written(&["Gala", "Tosca"]);
    cut_short
        .body
        .truncate(cut_short.body.len() - "END:VCALENDAR\r\n".len());
    for (row, rendered) in [
        ("the frame", cut_short),
        ("all it holds", written(&["", ""])),
    ] {
        let none = published(&Before::Nothing, FIRST, rendered.clone());
        assert!(matches!(none, Err(FeedError::Bug)), "{row}: {none:?}");

        let (good, _) = published(&Before::Nothing, FIRST, written(&["Gala"])).unwrap();
        let good_copy = Arc::clone(&good.document);
        let (kept, _) = published(&Before::Made(good.into()), SECOND, rendered).unwrap();
        assert!(Arc::ptr_eq(&kept.document, &good_copy), "{row}");
        assert_eq!(
            kept.of,
            ingredients(SECOND).recipe(),
            "{row}: not tried again"
        );

        let before = Before::Made(kept.into());
        let (mended, _) = published(&before, SECOND, written(&["Gala", "Tosca"])).unwrap();
        assert!(body(&mended).contains("Tosca"), "{row}");
        assert!(
            mended.document.last_modified() > good_copy.last_modified(),
            "{row}"
        );
    }
}

#[test]
fn each_event_that_is_left_out_is_logged_once_by_its_uid_alone() {
    let log = Log::default();
    let _captured = log.capture();
    let documents = Documents::default();
    let name = FeedName::Configured("season".parse().unwrap());
    for changed in [FIRST, SECOND] {
        let (_, broken) = published(&Before::Nothing, changed, written(&["Gala", "", ""])).unwrap();
        documents.tell(&name, &broken);
    }
    let logged = log.text();
    for id in ["1", "2"] {
        assert_eq!(
            logged.matches(&uid(id).to_string()).count(),
            1,
            "{id}: {logged}"
        );
    }
    assert_eq!(logged.matches("ERROR").count(), 2, "{logged}");
    assert!(!logged.contains("Gala"), "{logged}");
}
