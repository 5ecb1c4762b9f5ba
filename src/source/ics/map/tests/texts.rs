//! What is said of events, and which of them are said at all.

use super::*;

const WHEN: &str = "DTSTART:20261121T190000Z";

fn with(lines: &str) -> Event {
    only(&format!("{WHEN}\n{lines}"))
}

#[test]
fn texts_are_plain_whatever_they_came_as() {
    for (lines, want) in [
        (
            r"DESCRIPTION:Doors\, bar\; foyer\n7 pm",
            "Doors, bar; foyer\n7 pm",
        ),
        (
            "DESCRIPTION:<p>Doors</p><p>7 &amp; 8 pm</p>",
            "Doors\n\n7 & 8 pm",
        ),
        (
            r"DESCRIPTION:Doors <b>7 pm</b>\nBar 6 pm",
            "Doors 7 pm\nBar 6 pm",
        ),
        (
            r"DESCRIPTION:Bread &amp\; butter\nTea",
            "Bread & butter\nTea",
        ),
        (
            "DESCRIPTION:Join <https://a.example/x> if a < b & c > d",
            "Join <https://a.example/x> if a < b & c > d",
        ),
        (
            "X-ALT-DESC;FMTTYPE=text/html:<html><body>Doors<br>7 pm</body></html>",
            "Doors\n7 pm",
        ),
        (
            "DESCRIPTION:Plain\nX-ALT-DESC;FMTTYPE=text/html:<b>HTML</b>",
            "Plain",
        ),
        (
            "DESCRIPTION:Doors\nURL:https://a.example/x?y=1",
            "Doors\n\nhttps://a.example/x?y=1",
        ),
        ("URL;VALUE=URI:https://a.example/x", "https://a.example/x"),
        (
            "DESCRIPTION:See https://a.example/x\nURL:https://a.example/x",
            "See https://a.example/x",
        ),
        ("URL:javascript:alert(1)", ""),
        ("URL:mailto:somebody@a.example", ""),
        ("URL:https://user:s3cret@a.example/x", ""),
        ("URL:no address", ""),
        (
            "ORGANIZER;CN=canary:mailto:canary@a.example\nATTENDEE;CN=canary:mailto:canary@a.example\nCONTACT:canary\nCOMMENT:canary",
            "",
        ),
    ] {
        let event = with(lines);
        assert_eq!(event.details.as_str(), want, "{lines}");
        assert!(!format!("{event:?}").contains("canary"), "{lines}");
    }
}

#[test]
fn an_address_is_the_last_line_of_a_long_text_too() {
    let event = with(&format!(
        "DESCRIPTION:{}\nURL:https://a.example/x",
        "ä ".repeat(4_000)
    ));
    assert!(event.details.as_str().ends_with("\n\nhttps://a.example/x"));
}

#[test]
fn titles_places_and_states_are_read() {
    let words = |event: &Event| {
        let places = event.places.iter();
        let places: Vec<String> = places
            .map(|place| format!("{}|{}", place.name, place.address))
            .collect();
        format!("{} {places:?} {:?}", event.title, event.status)
    };
    for (lines, want) in [
        (
            "STATUS:CONFIRMED\nTRANSP:TRANSPARENT",
            "Tosca [] Some(Confirmed)",
        ),
        ("STATUS:tentative", "Tosca [] Some(Tentative)"),
        ("STATUS:CANCELLED", "Tosca [] Some(Cancelled)"),
        ("STATUS:CANCELED", "Tosca [] Some(Cancelled)"),
        ("STATUS:BUSY", "Tosca [] None"),
        (
            r"LOCATION:Hall 2\, Opera",
            r#"Tosca ["Hall 2, Opera|"] None"#,
        ),
        (
            r"LOCATION:Opera\nHarbour Road 1\nSpringdale",
            r#"Tosca ["Opera|Harbour Road 1 Springdale"] None"#,
        ),
        ("LOCATION: ", "Tosca [] None"),
        ("GEO:1.5;2.5", "Tosca [] None"),
    ] {
        assert_eq!(words(&with(lines)), want, "{lines}");
    }
    for (summary, want) in [
        ("SUMMARY:", "Untitled"),
        ("", "Untitled"),
        ("SUMMARY;LANGUAGE=de:Die Zauberflöte", "Die Zauberflöte"),
        (r"SUMMARY:One\, two\nthree", "One, two three"),
        ("SUMMARY:Bread &amp\\; butter", "Bread & butter"),
    ] {
        let body = event(WHEN).replace("SUMMARY:Tosca", summary);
        let batch = mapped(&calendar(&body));
        assert_eq!(batch.events[0].title.as_str(), want, "{summary}");
    }
}

#[test]
fn categories_are_groups() {
    let batch = mapped(&calendar(&event(&format!(
        "{WHEN}\nCATEGORIES:Opera,Ballet\\, modern,, opera\nCATEGORIES;LANGUAGE=en:Family"
    ))));
    let ids: Vec<&str> = batch.events[0].groups.iter().map(GroupId::as_str).collect();
    assert_eq!(ids, ["ballet, modern", "family", "opera"]);
    let groups: Vec<String> = batch
        .groups
        .values()
        .map(|group| format!("{} {:?}", group.name, group.kind))
        .collect();
    assert_eq!(groups, ["Ballet, modern Tag", "Family Tag", "Opera Tag"]);
}

#[test]
fn only_what_is_public_is_shown() {
    for (class, shown) in [
        ("", true),
        ("CLASS:PUBLIC", true),
        ("CLASS:public", true),
        ("CLASS:", true),
        ("CLASS:PRIVATE", false),
        ("CLASS:CONFIDENTIAL", false),
        ("CLASS:Private", false),
        ("CLASS:X-TEAM", false),
    ] {
        let batch = mapped(&calendar(&event(&format!(
            "{WHEN}\n{class}\nCATEGORIES:Opera"
        ))));
        assert_eq!(batch.events.len(), usize::from(shown), "{class}");
        let withheld = batch.withheld.events.contains_key(&uid("one@a.example"));
        assert_eq!(withheld, !shown, "{class}");
        assert_eq!(batch.groups.len(), usize::from(shown), "{class}");
        assert_eq!(said(&batch), "", "{class}");
    }
}

#[test]
fn stamps_are_those_of_the_file() {
    let event =
        with("CREATED:20260101T100000Z\nLAST-MODIFIED:20260201T100000\nDTSTAMP:20260301T100000Z");
    let stamps = (event.created, event.updated).map_all();
    assert_eq!(
        stamps,
        ["2026-01-01T10:00:00+00:00", "2026-02-01T10:00:00+00:00"]
    );
    let event = with("CREATED:00010101T000000Z\nLAST-MODIFIED:never");
    assert_eq!((event.created, event.updated), (None, None));
}

/// Two stamps in words.
trait InWords {
    fn map_all(self) -> [String; 2];
}

impl InWords for (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    fn map_all(self) -> [String; 2] {
        let (one, two) = self;
        [one, two].map(|stamp| stamp.map_or_else(String::new, |stamp| stamp.to_rfc3339()))
    }
}

#[test]
fn a_calendar_that_cancels_cancels_all_of_it() {
    let off = calendar(&format!("METHOD:CANCEL\n{}", event(WHEN)));
    let on = calendar(&event(WHEN).replace("one@", "two@"));
    let batch = mapped(&format!("{off}{on}"));
    let states: Vec<_> = batch.events.iter().map(|event| event.status).collect();
    assert_eq!(states, [Some(Status::Cancelled), None]);
}

#[test]
fn of_one_uid_the_newest_counts_and_equally_new_ones_are_told_apart() {
    let one = |lines: &str, title: &str| event(lines).replace("Tosca", title);
    let (a, b) = ("DTSTART:20261121T190000Z", "DTSTART:20261122T190000Z");
    for (row, first, second, want) in [
        (
            "sequence",
            format!("{a}\nSEQUENCE:10"),
            format!("{b}\nSEQUENCE:9"),
            "A",
        ),
        (
            "sequence before stamp",
            format!("{a}\nSEQUENCE:1"),
            format!("{b}\nDTSTAMP:20260101T000000Z"),
            "A",
        ),
        (
            "stamp",
            format!("{a}\nDTSTAMP:20260101T000000Z"),
            format!("{b}\nLAST-MODIFIED:20260102T000000Z"),
            "B",
        ),
        ("both there", a.to_owned(), b.to_owned(), "A B"),
        ("the very same", a.to_owned(), a.to_owned(), "A"),
        (
            "another zone",
            "DTSTART;TZID=Asia/Tokyo:20261121T190000".to_owned(),
            "DTSTART;TZID=Asia/Seoul:20261121T190000".to_owned(),
            "B A",
        ),
    ] {
        let body = calendar(&format!("{}{}", one(&first, "A"), one(&second, "B")));
        let batch = mapped(&body);
        let titles: Vec<&str> = batch
            .events
            .iter()
            .map(|event| event.title.as_str())
            .collect();
        assert_eq!(titles.join(" "), want, "{row}");
        let uids: std::collections::BTreeSet<_> =
            batch.events.iter().map(|event| event.uid).collect();
        assert_eq!(uids.len(), titles.len(), "{row}");
    }
}

#[test]
fn identity_is_the_uid_or_without_one_start_and_title() {
    let uid = |body: &str| mapped(&calendar(body)).events[0].uid;
    let nameless = |lines: &str| event(lines).replace("UID:one@a.example\n", "");
    let known = uid(&event(WHEN));
    assert_eq!(known, EventUid::new(&stage(), "one@a.example"));
    assert_eq!(
        known,
        uid(&event("DTSTART:20270101T190000Z").replace("Tosca", "Aida"))
    );
    let guessed = uid(&nameless(WHEN));
    assert_eq!(
        guessed,
        uid(&nameless(&format!("{WHEN}\nDESCRIPTION:More")))
    );
    assert_ne!(guessed, uid(&nameless(WHEN).replace("Tosca", "Aida")));
    assert_ne!(guessed, uid(&nameless("DTSTART:20261121T200000Z")));
    let two = format!("{}{}", nameless(WHEN), nameless("DTSTART:20261121T200000Z"));
    assert_eq!(mapped(&calendar(&two)).events.len(), 2);
}

#[test]
fn a_file_says_how_long_it_wants_to_be_left_alone() {
    for (head, want) in [
        ("", None),
        ("REFRESH-INTERVAL;VALUE=DURATION:PT1H\n", Some(3_600)),
        ("X-PUBLISHED-TTL:PT30M\n", Some(1_800)),
        (
            "X-PUBLISHED-TTL:PT30M\nREFRESH-INTERVAL;VALUE=DURATION:PT2H\n",
            Some(7_200),
        ),
        (
            "REFRESH-INTERVAL;VALUE=DURATION:P1H\nX-PUBLISHED-TTL:PT30M\n",
            Some(1_800),
        ),
        ("REFRESH-INTERVAL;VALUE=DURATION:P1H\n", None),
        ("REFRESH-INTERVAL;VALUE=DURATION:P1W\n", Some(86_400)),
    ] {
        let rest = mapped(&calendar(head)).poll_after;
        assert_eq!(rest, want.map(Duration::from_secs), "{head}");
    }
}

#[test]
fn lines_that_mean_nothing_are_counted() {
    let batch = mapped(&calendar(&event(&format!(
        "{WHEN}\nwhat is this\nand this"
    ))));
    assert_eq!(batch.events.len(), 1);
    assert_eq!(
        said(&batch),
        "`2` lines cannot be read; they were passed over"
    );
}
