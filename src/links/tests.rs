use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;

use crate::domain::when::{DateSpan, TimeSpan, When};

use super::{
    event::{Add, Facts},
    *,
};

/// The name of issue and interop section 12, in an address and as a title.
const AWKWARD: &str = "Fêtes & \"Soirées\" #1 50%+";

fn feed(name: &str) -> Url {
    let mut url = Url::parse("https://calendars.example/groups/stage").unwrap();
    let file = format!("{name}.ics");
    url.path_segments_mut().unwrap().extend(["id", &file]);
    url
}

/// The parts of a query as whoever is linked to reads them.
fn query(link: &str) -> BTreeMap<String, String> {
    let url = Url::parse(link).unwrap_or_else(|error| panic!("{link}: {error}"));
    assert_eq!(url.fragment(), None, "{link}");
    url.query_pairs().into_owned().collect()
}

/// The last segment of an address, decoded.
fn name_in(address: &str) -> String {
    let coded = address.rsplit('/').next().unwrap();
    let name = percent_decode_str(coded).decode_utf8().unwrap();
    name.strip_suffix(".ics").unwrap().to_owned()
}

/// Every subscribe link of a feed, and the address of the feed that is in it.
fn addresses(name: &str) -> Vec<(&'static str, String)> {
    let links = Subscribe::to(&feed(name), name);
    let https = |webcal: &str| format!("https://{}", webcal.strip_prefix("webcal://").unwrap());
    vec![
        ("copy", links.copy.clone()),
        ("webcal", https(&links.webcal)),
        ("google", query(&links.google)["cid"].clone()),
        ("outlook.com", query(&links.outlook_com)["url"].clone()),
        ("microsoft 365", query(&links.microsoft_365)["url"].clone()),
    ]
}

#[test]
fn the_address_of_a_feed_comes_out_of_every_link_as_it_went_in() {
    for name in [AWKWARD, "season", "春の公演", "a/b?c=d&e;f", "100 %"] {
        for (client, address) in addresses(name) {
            assert_eq!(address, feed(name).as_str(), "{client} {name}");
            assert_eq!(name_in(&address), name, "{client}");
        }
        let links = Subscribe::to(&feed(name), name);
        for link in [&links.outlook_com, &links.microsoft_365] {
            assert_eq!(query(link)["name"], name, "{link}");
        }
    }
}

#[test]
fn links_have_the_forms_that_work_today() {
    let links = Subscribe::to(&feed("season"), "Season 2026/27");
    let address = "https%3A%2F%2Fcalendars.example%2Fgroups%2Fstage%2Fid%2Fseason.ics";
    let outlook = |host: &str| {
        let name = "Season%202026%2F27";
        format!("https://{host}/calendar/0/addfromweb/?url={address}&name={name}")
    };
    let want = Subscribe {
        copy: "https://calendars.example/groups/stage/id/season.ics".to_owned(),
        webcal: "webcal://calendars.example/groups/stage/id/season.ics".to_owned(),
        google: format!("https://calendar.google.com/calendar/u/0/r?cid={address}"),
        outlook_com: outlook("outlook.live.com"),
        microsoft_365: outlook("outlook.office.com"),
    };
    assert_eq!(links, want);
    // A port and plain http, as at home, stay what they are.
    let local = Url::parse("http://127.0.0.1:8080/feeds/season.ics").unwrap();
    let local = Subscribe::to(&local, "Season");
    assert_eq!(local.webcal, "webcal://127.0.0.1:8080/feeds/season.ics");
}

fn evening() -> Facts<'static> {
    let at = |text: &str| text.parse().unwrap();
    let span = TimeSpan::new(at("2026-11-22T00:30:00Z"), at("2026-11-22T03:00:00Z"));
    Facts {
        title: AWKWARD,
        details: "First line & more\n<b>50%</b> + \"x\"",
        place: "Großes Haus, 1 Quay Street",
        when: When::Timed(span.unwrap()),
        zone: chrono_tz::America::New_York,
    }
}

fn days() -> Facts<'static> {
    let day = |text: &str| text.parse().unwrap();
    let days = DateSpan::through(day("2026-11-21"), day("2026-11-23"));
    Facts {
        title: "Festival",
        details: "",
        place: "",
        when: When::Days(days.unwrap()),
        zone: chrono_tz::America::New_York,
    }
}

#[test]
fn an_event_comes_out_of_every_link_as_it_went_in() {
    let facts = evening();
    let links = Add::of(&facts);
    for (link, title, details, place) in [
        (&links.google, "text", "details", "location"),
        (&links.outlook_com, "subject", "body", "location"),
        (&links.microsoft_365, "subject", "body", "location"),
        (&links.yahoo, "title", "desc", "in_loc"),
    ] {
        let query = query(link);
        assert_eq!(query[title], facts.title, "{link}");
        assert_eq!(query[details], facts.details, "{link}");
        assert_eq!(query[place], facts.place, "{link}");
    }
}

#[test]
fn times_are_written_as_each_calendar_reads_them() {
    let (evening, days) = (Add::of(&evening()), Add::of(&days()));
    for (link, key, want) in [
        (
            &evening.google,
            "dates",
            "20261122T003000Z/20261122T030000Z",
        ),
        (&evening.google, "ctz", "America/New_York"),
        (&evening.outlook_com, "startdt", "2026-11-22T00:30:00Z"),
        (&evening.outlook_com, "enddt", "2026-11-22T03:00:00Z"),
        (&evening.outlook_com, "allday", "false"),
        (&evening.yahoo, "st", "20261122T003000Z"),
        (&evening.yahoo, "et", "20261122T030000Z"),
        // The day after the last.
        (&days.google, "dates", "20261121/20261124"),
        (&days.outlook_com, "startdt", "2026-11-21"),
        (&days.outlook_com, "enddt", "2026-11-24"),
        (&days.outlook_com, "allday", "true"),
        (&days.yahoo, "st", "20261121"),
        (&days.yahoo, "et", "20261123"),
        (&days.yahoo, "dur", "allday"),
    ] {
        assert_eq!(query(link)[key], want, "{link} {key}");
    }
    let only_the_host = evening.outlook_com.replace("live.com", "office.com");
    assert_eq!(evening.microsoft_365, only_the_host);
}

#[test]
fn a_long_text_is_cut_between_characters() {
    let details = "é".repeat(4_000);
    let facts = Facts {
        details: &details,
        ..evening()
    };
    let link = Add::of(&facts).google;
    assert!(link.len() < 8_000, "{}", link.len());
    assert!(query(&link)["details"].ends_with("é…"));
}

proptest! {
    #[test]
    fn no_title_can_change_what_a_link_says_beside_it(title in "\\PC{1,60}") {
        let facts = Facts { title: &title, ..days() };
        let links = Add::of(&facts);
        for (link, key, count) in [
            (&links.google, "text", 3),
            (&links.outlook_com, "subject", 6),
            (&links.yahoo, "title", 5),
        ] {
            prop_assert!(link.is_ascii(), "{}", link);
            let query = query(link);
            prop_assert_eq!(query.len(), count, "{}", link);
            prop_assert_eq!(&query[key], &title);
        }
    }
}
