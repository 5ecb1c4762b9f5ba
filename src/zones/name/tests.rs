use super::*;
use crate::zones::data::tests::built_in;

#[test]
fn a_zone_is_known_by_its_iana_name_in_any_dress_and_by_its_windows_name() {
    for (name, want) in [
        ("Europe/Berlin", Some("Europe/Berlin")),
        (" \"Europe/Berlin\" ", Some("Europe/Berlin")),
        ("'Europe/Berlin'", Some("Europe/Berlin")),
        ("europe/berlin", Some("Europe/Berlin")),
        ("EUROPE/BERLIN", Some("Europe/Berlin")),
        ("America/New York", Some("America/New_York")),
        (
            "America/Argentina/Buenos_Aires",
            Some("America/Argentina/Buenos_Aires"),
        ),
        (
            "America/Buenos_Aires",
            Some("America/Argentina/Buenos_Aires"),
        ),
        ("US/Eastern", Some("America/New_York")),
        ("Europe/Kiev", Some("Europe/Kyiv")),
        ("Asia/Calcutta", Some("Asia/Kolkata")),
        ("/Europe/Berlin", Some("Europe/Berlin")),
        (
            "/freeassociation.sourceforge.net/Europe/Berlin",
            Some("Europe/Berlin"),
        ),
        (
            "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin",
            Some("Europe/Berlin"),
        ),
        (
            "/freeassociation.sourceforge.net/Tzfile/America/Indiana/Knox",
            Some("America/Indiana/Knox"),
        ),
        (
            "/softwarestudio.org/Olson_20011030_5/America/New_York",
            Some("America/New_York"),
        ),
        (
            "/mozilla.org/20050126_1/Europe/Zurich",
            Some("Europe/Zurich"),
        ),
        (
            "/citadel.org/20190914_1/Europe/London",
            Some("Europe/London"),
        ),
        ("/calendarserver.org/Asia/Tokyo", Some("Asia/Tokyo")),
        ("tzone://Microsoft/Utc", Some("UTC")),
        ("tzone://Microsoft/Custom", None),
        ("W. Europe Standard Time", Some("Europe/Berlin")),
        ("w. europe standard time", Some("Europe/Berlin")),
        ("\"Eastern Standard Time\"", Some("America/New_York")),
        ("India Standard Time", Some("Asia/Kolkata")),
        ("UTC", Some("UTC")),
        ("Etc/UTC", Some("UTC")),
        ("GMT", None),
        ("Etc/GMT+5", Some("Etc/GMT+5")),
        ("Z", Some("UTC")),
        ("Coordinated Universal Time", Some("UTC")),
        ("EST", None),
        ("CET", None),
        ("EST5EDT", None),
        ("GMT+0100", None),
        ("Customized Time Zone", None),
        ("Berlin", None),
        ("Europe", None),
        ("Mars/Olympus", None),
        ("", None),
    ] {
        assert_eq!(sure(name).map(Tz::name), want, "{name}");
    }
}

#[test]
fn a_name_that_is_not_sure_is_guessed() {
    let in_words = |guess| match guess {
        Some(Guess::Zone(tz)) => tz.name().to_owned(),
        Some(Guess::Fixed(offset)) => offset.to_string(),
        None => "?".to_owned(),
    };
    for (name, want) in [
        ("GMT", "+00:00"),
        ("GMT+0100", "+01:00"),
        ("GMT+1", "+01:00"),
        ("GMT-05:30", "-05:30"),
        ("UTC+10", "+10:00"),
        ("UTC +2", "+02:00"),
        ("+0530", "+05:30"),
        ("-03:00", "-03:00"),
        ("gmt+100", "+01:00"),
        ("GMT+25", "?"),
        ("GMT+01000", "?"),
        ("GMT+x", "?"),
        (
            "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "Europe/Amsterdam",
        ),
        ("(GMT+01.00) Sarajevo/Warsaw/Zagreb", "Europe/Sarajevo"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        (
            "(GMT-08:00) Pacific Time (US & Canada)",
            "America/Los_Angeles",
        ),
        ("(UTC+09:00) Osaka, Sapporo, Tokyo", "Asia/Tokyo"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        (
            "(UTC+00:00) Dublin, Edinburgh, Lisbon, London",
            "Europe/Dublin",
        ),
        ("(UTC+05:00) Berlin", "?"),
        ("(UTC+03:00)", "+03:00"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("Mitteleuropäische Zeit", "Europe/Berlin"),
        ("PT", "America/Los_Angeles"),
        ("ET", "America/New_York"),
        ("CEST", "Europe/Berlin"),
        ("EST", "EST"),
        ("CET", "CET"),
        ("EST5EDT", "EST5EDT"),
        ("Japan", "Asia/Tokyo"),
        ("America-New_York", "America/New_York"),
        ("US-Eastern", "America/New_York"),
        ("W. Europe Standard Time 1", "Europe/Berlin"),
        ("W. Europe Daylight Time", "Europe/Berlin"),
        ("CST", "?"),
        ("IST", "?"),
        ("Customized Time Zone", "?"),
        ("Unknown", "?"),
        ("()", "?"),
        ("(", "?"),
        ("+", "?"),
        ("", "?"),
    ] {
        assert_eq!(in_words(guess(name, built_in())), want, "{name}");
    }
}

#[test]
fn nicknames_are_sorted_and_lower_cased() {
    assert!(NICKNAMES.is_sorted_by(|a, b| a.0 < b.0));
    assert!(
        NICKNAMES
            .iter()
            .all(|(name, _)| name.to_lowercase() == *name)
    );
}
