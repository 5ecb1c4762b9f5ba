//! The checker that the other tests hold every calendar against finds each breach, and names its rule.
//!
//! A checker that passes everything would make all of them worthless.

#[path = "support/octets.rs"]
mod octets;
#[path = "support/vcalendar.rs"]
#[expect(dead_code, reason = "the checker is called here without its panic")]
mod vcalendar;

use octets::Breach;
use vcalendar::{Purpose, checked};

/// A feed without a fault, its line ends as `\n`.
const GOOD: &str = "\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//maker//product//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Evenings\\, all
X-WR-CALNAME:Evenings\\, all
DESCRIPTION:About\\nthem
X-WR-CALDESC:About\\nthem
X-WR-TIMEZONE:Europe/Berlin
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTIMEZONE
TZID:Asia/Tokyo
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
TZNAME:JST
END:STANDARD
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1-a
DTSTART;TZID=Asia/Tokyo:20261121T190000
DTEND;TZID=Asia/Tokyo:20261121T210000
SUMMARY:One\\; first
STATUS:CONFIRMED
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:FREE
DESCRIPTION:A line of more than seventy-five octets has to be folded somew
 here👩‍👩‍👧‍👦
CATEGORIES:Opera,Song\\, dance
CREATED:20260101T000000Z
DTSTAMP:20260202T000000Z
LAST-MODIFIED:20260202T000000Z
SEQUENCE:1
END:VEVENT
BEGIN:VEVENT
UID:2-b
DTSTART;TZID=Europe/Berlin:20261122T190000
SUMMARY:Two
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:FREE
CREATED:20260101T000000Z
DTSTAMP:20260101T000000Z
LAST-MODIFIED:20260101T000000Z
SEQUENCE:0
END:VEVENT
BEGIN:VEVENT
UID:3-c
DTSTART;VALUE=DATE:20261123
DTEND;VALUE=DATE:20261124
SUMMARY:Three
TRANSP:OPAQUE
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
CREATED:20260101T000000Z
DTSTAMP:20260101T000000Z
LAST-MODIFIED:20260101T000000Z
SEQUENCE:0
END:VEVENT
END:VCALENDAR
";

/// The rule that is broken once the first text is replaced by the second.
const BREACHES: &[(&str, &str, &str)] = &[
    ("S1", "SUMMARY:Two\n", "SUMMARY:Two\rmore\n"),
    (
        "S2",
        "BEGIN:VCALENDAR\nVERSION",
        "\u{feff}BEGIN:VCALENDAR\nVERSION",
    ),
    ("S3", "somew\n here", "somew\n\there"),
    ("S4", "👩‍👩‍👧‍👦", "👩‍👩\n \u{200d}👧‍👦"),
    ("S5", "somew\n here", "somew\n  here"),
    ("S5", "folded somew\n here", "folded \n here"),
    ("S6", "One\\; first", "One; first"),
    ("S6", "Evenings\\, all", "Evenings, all"),
    ("S7", "SUMMARY:Two", "SUMMARY:T\\wo"),
    ("S8", "Opera,Song", "Opera;Song"),
    ("S9", "TZID=Europe/Berlin:", "TZID=\"Europe/\"Berlin:"),
    ("S10", "SUMMARY:Two", "SUMMARY:T\u{b}wo"),
    ("S10", "SUMMARY:Two", "SUMMARY:T\u{fffe}wo"),
    ("S11", "SUMMARY:Two", "SUMMARY:T\u{202e}wo"),
    ("S12", "SUMMARY:Two", "Summary:Two"),
    ("S12", "SUMMARY:Two", "SUMMARY: Two"),
    (
        "S13",
        "VERSION:2.0\nPRODID:-//maker//product//EN",
        "PRODID:-//maker//product//EN\nVERSION:2.0",
    ),
    ("S13", "Asia/Tokyo", "Pacific/Auckland"),
    ("S14", "END:VEVENT\nEND:VCALENDAR", "END:VCALENDAR"),
    (
        "S14",
        "END:VEVENT\nEND:VCALENDAR",
        "END:VEVENT\nEND:VCALENDAR\nEND:VCALENDAR",
    ),
    ("S15", "SUMMARY:Two", "LOCATION:\nSUMMARY:Two"),
    ("C1", "VERSION:2.0", "VERSION:1.0"),
    ("C1", "-//maker//product//EN", "-//maker//product 1.2//EN"),
    ("C2", "CALSCALE:GREGORIAN\n", ""),
    ("C3", "METHOD:PUBLISH", "METHOD:REQUEST"),
    ("C4", "X-WR-CALNAME:Evenings", "X-WR-CALNAME:Mornings"),
    (
        "C6",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "REFRESH-INTERVAL;VALUE=DURATION:P1H",
    ),
    ("C6", "X-PUBLISHED-TTL:PT1H", "X-PUBLISHED-TTL:PT2H"),
    ("C7", "X-WR-CALDESC:About", "X-WR-CALDESC:Other"),
    ("C8", "X-WR-TIMEZONE:Europe/Berlin", "X-WR-TIMEZONE:Home"),
    (
        "C12",
        "X-PUBLISHED-TTL:PT1H",
        "X-PUBLISHED-TTL:PT1H\nX-OWNER:me",
    ),
    ("E1", "UID:2-b", "UID:2@b"),
    ("E2", "UID:2-b", "UID:1-a"),
    ("E3", "DTSTAMP:20260202", "DTSTAMP:20260203"),
    ("E5", "CREATED:20260101T000000Z", "CREATED:20260101T000000"),
    ("E5", "CREATED:20260101T000000Z", "CREATED:20270101T000000Z"),
    ("E6", "SEQUENCE:1", "SEQUENCE:-1"),
    ("E9", "STATUS:CONFIRMED", "STATUS:CANCELED"),
    ("T2", ";TZID=Europe/Berlin:20261122", ":20261122"),
    (
        "T3",
        "TZID=Europe/Berlin:20261122T190000",
        "TZID=Europe/Berlin:20261122T190000Z",
    ),
    ("T4", "DTEND;VALUE=DATE:20261124\n", ""),
    (
        "T4",
        "DTEND;VALUE=DATE:20261124",
        "DTEND;VALUE=DATE:20261123",
    ),
    ("T7", "20261121T210000", "20261121T190000"),
    (
        "T8",
        "DTEND;TZID=Asia/Tokyo:20261121T210000",
        "DTEND:20261121T120000Z",
    ),
    ("T10", "Berlin:20261122T", "Berlin:21001122T"),
    (
        "Z1",
        "DTSTART;TZID=Europe/Berlin:20261122T190000",
        "DTSTART:20261122T180000Z",
    ),
    ("Z1", "TZID=Europe/Berlin:", "TZID=Europe/Paris:"),
    ("Z2", "Asia/Tokyo", "Etc/GMT-9"),
    ("Z3", "BYDAY=-1SU", "BYDAY=SU;BYMONTHDAY=1"),
    ("Z3", "TZNAME:CEST", "TZNAME:CEST\nRDATE:20260101T000000"),
    ("Z3", "TZOFFSETFROM:+0200", "TZOFFSETFROM:+0300"),
    ("Z4", "19700101T000000", "19010101T000000"),
    ("Z5", "TZOFFSETTO:+0900", "TZOFFSETTO:+091800"),
    ("P1", "SUMMARY:Two", "SUMMARY:T\\nwo"),
    (
        "P6",
        "SEQUENCE:1\n",
        "SEQUENCE:1\nBEGIN:VALARM\nEND:VALARM\n",
    ),
    (
        "P7",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ),
    ("P7", "STATUS:CONFIRMED", "STATUS:TENTATIVE"),
    (
        "P12",
        "SUMMARY:Two",
        "SUMMARY:Two\nORGANIZER:mailto:a@b.example",
    ),
    ("P14", "SUMMARY:Two", "SUMMARY:Two\nSUMMARY:Too"),
    ("P14", "SUMMARY:Two\n", ""),
    ("P15", "SUMMARY:Two", "SUMMARY;LANGUAGE=en:Two"),
    (
        "W9",
        "BEGIN:VEVENT\nUID:2-b",
        "BEGIN:VTODO\nUID:9\nEND:VTODO\nBEGIN:VEVENT\nUID:2-b",
    ),
];

#[test]
fn a_calendar_without_a_fault_passes() {
    assert_eq!(rule(GOOD), None);
}

#[test]
fn each_breach_is_found_and_named_by_its_rule() {
    for (want, from, to) in BREACHES {
        finds(want, from, to);
    }
    let long = "x".repeat(300);
    let far = format!("SUMMARY:Two\nDESCRIPTION:{}", folded(&"x".repeat(4_001)));
    let many = format!("CATEGORIES:{}", "a,".repeat(10) + "a");
    for (want, from, to) in [
        ("S3", "UID:2-b", &format!("UID:{}", "b".repeat(72))),
        ("C4", "Evenings\\, all", &folded(&long)),
        ("P1", "SUMMARY:Two", &format!("SUMMARY:{}", folded(&long))),
        ("P2", "SUMMARY:Two", &far),
        ("P9", "CATEGORIES:Opera,Song\\, dance", &many),
    ] {
        finds(want, from, to);
    }
}

#[test]
fn a_fold_in_a_character_and_the_sizes_are_looked_at() {
    let cut = GOOD.replace('\n', "\r\n").into_bytes();
    let at = cut.windows(4).position(|four| four == "👩".as_bytes());
    let at = at.unwrap_or_default() + 2;
    let cut = [&cut[..at], b"\r\n ", &cut[at..]].concat();
    assert_eq!(broken(&cut, Purpose::Feed).as_deref(), Some("S4"));

    let two = &GOOD[GOOD.find("BEGIN:VEVENT\nUID:2-b").unwrap_or_default()..];
    let two = &two[..two.find("END:VEVENT\n").unwrap_or_default() + "END:VEVENT\n".len()];
    for (count, details, want) in [
        (997, 1, None),
        (998, 1, Some("W1")),
        (290, 3_500, Some("W1")),
    ] {
        let more: String = (0..count)
            .map(|n| {
                let details = folded(&"x".repeat(details));
                let event = two.replace("UID:2-b", &format!("UID:4-{n}"));
                event.replace(
                    "SUMMARY:Two",
                    &format!("SUMMARY:Two\nDESCRIPTION:{details}"),
                )
            })
            .collect();
        let large = GOOD.replace("END:VCALENDAR\n", &format!("{more}END:VCALENDAR\n"));
        assert_eq!(rule(&large).as_deref(), want, "{count} more of {details}");
    }
}

#[test]
fn a_download_says_nothing_of_calendars_and_an_empty_feed_describes_one_zone() {
    assert_eq!(
        broken(&crlf(GOOD), Purpose::Download).as_deref(),
        Some("C5")
    );
    let events = GOOD.find("BEGIN:VEVENT").unwrap_or_default();
    let two_zones = format!("{}END:VCALENDAR\n", &GOOD[..events]);
    assert_eq!(rule(&two_zones).as_deref(), Some("W6"));
    let tokyo = two_zones.find("BEGIN:VTIMEZONE").unwrap_or_default();
    let berlin = two_zones.rfind("BEGIN:VTIMEZONE").unwrap_or_default();
    let one_zone = format!("{}{}", &two_zones[..tokyo], &two_zones[berlin..]);
    assert_eq!(rule(&one_zone), None);
    let none = format!("{}END:VCALENDAR\n", &two_zones[..tokyo]);
    assert_eq!(rule(&none).as_deref(), Some("W6"));
}

/// The checker names the rule `want` once `from` is replaced by `to`.
#[track_caller]
fn finds(want: &str, from: &str, to: &str) {
    let bad = GOOD.replace(from, to);
    assert_ne!(bad, GOOD, "{want}: {from:?} is not there");
    assert_eq!(rule(&bad).as_deref(), Some(want), "{from:?} -> {to:?}");
}

/// The rule a feed breaks; `\n` stands for its line ends.
fn rule(feed: &str) -> Option<String> {
    broken(&crlf(feed), Purpose::Feed)
}

fn broken(body: &[u8], purpose: Purpose) -> Option<String> {
    let breach = checked(body, purpose).err();
    breach.map(|Breach { rule, .. }| rule.to_owned())
}

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// ASCII letters folded so that they may follow any name.
fn folded(letters: &str) -> String {
    let lines: Vec<_> = letters
        .as_bytes()
        .chunks(40)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join("\n ")
}
