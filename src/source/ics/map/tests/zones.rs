//! Which clock a time is by.

use super::*;

/// Rules under a name that no tz database has.
const CUSTOM: &str = "BEGIN:VTIMEZONE\nTZID:Custom\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

#[test]
fn a_wall_time_is_read_by_the_clock_that_its_file_means() {
    let odd = CUSTOM.replace("+0200", "+0145").replace("+0100", "+0015");
    let located = odd.replace("TZID:Custom", "TZID:Custom\nX-LIC-LOCATION:Asia/Tokyo");
    for (row, head, zone, want, kept) in [
        (
            "iana",
            "",
            ";TZID=Europe/Berlin",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "windows",
            "",
            ";TZID=W. Europe Standard Time",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "prefixed",
            "",
            ";TZID=/freeassociation.sourceforge.net/Europe/Berlin",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "quoted display name",
            "",
            ";TZID=\"(UTC+01:00) Amsterdam, Berlin\"",
            "18:00",
            Some(Tz::Europe__Amsterdam),
        ),
        ("an offset", "", ";TZID=GMT+0300", "16:00", None),
        ("utc by name", "", ";TZID=Etc/UTC", "19:00", None),
        ("floating", "", "", "00:00", Some(Tz::America__New_York)),
        (
            "floating, the file says",
            "X-WR-TIMEZONE:Asia/Tokyo\n",
            "",
            "10:00",
            Some(Tz::Asia__Tokyo),
        ),
        (
            "floating, the file says nonsense",
            "X-WR-TIMEZONE:Nowhere\n",
            "",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "an empty name",
            "",
            ";TZID=",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "unknown",
            "",
            ";TZID=Nowhere",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "unknown, the file says",
            "X-WR-TIMEZONE:Asia/Tokyo\n",
            ";TZID=Nowhere",
            "10:00",
            Some(Tz::Asia__Tokyo),
        ),
        ("its own rules", CUSTOM, ";TZID=Custom", "18:00", None),
        (
            "its own rules, which are the calendar's",
            &format!("X-WR-TIMEZONE:Europe/Berlin\n{CUSTOM}"),
            ";TZID=Custom",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        ("its own odd rules", &odd, ";TZID=Custom", "18:45", None),
        (
            "its own rules with a place",
            &located,
            ";TZID=Custom",
            "10:00",
            Some(Tz::Asia__Tokyo),
        ),
        (
            "rules under a known name do not count",
            &odd.replace("Custom", "Europe/Berlin"),
            ";TZID=Europe/Berlin",
            "18:00",
            Some(Tz::Europe__Berlin),
        ),
        (
            "rules under a nickname do",
            &odd.replace("Custom", "EST"),
            ";TZID=EST",
            "18:45",
            None,
        ),
        (
            "a nickname without rules",
            "",
            ";TZID=EST",
            "00:00",
            Some("EST".parse().unwrap()),
        ),
        (
            "rules that cannot be read",
            &odd.replace("TZOFFSETTO", "X"),
            ";TZID=Custom",
            "00:00",
            Some(Tz::America__New_York),
        ),
        (
            "rules behind the event",
            "",
            ";TZID=Nowhere",
            "00:00",
            Some(Tz::America__New_York),
        ),
    ] {
        let body = calendar(&format!(
            "{head}{}",
            event(&format!("DTSTART{zone}:20261121T190000"))
        ));
        let batch = mapped(&body);
        let event = &batch.events[0];
        let When::Timed(span) = event.when else {
            panic!("{row}: {}", event.when);
        };
        assert_eq!(span.start().format("%H:%M").to_string(), want, "{row}");
        assert_eq!(event.zone, kept, "{row}");
        assert_eq!(batch.from_wall_times, kept.is_some(), "{row}");
    }
}

#[test]
fn a_zone_that_nobody_knows_is_remarked_once() {
    let body = calendar(&format!(
        "{}{}",
        event("DTSTART;TZID=Nowhere:20261121T190000"),
        event("DTSTART;TZID=Nowhere:20261121T200000")
    ));
    let said = said(&mapped(&body));
    assert_eq!(
        said,
        "zone `Nowhere` is not known; the zone book decides instead"
    );
}

#[test]
fn each_calendar_of_a_file_has_the_clocks_that_it_declares() {
    let of = |number: usize, zone: &str| {
        let times = event("DTSTART:20261121T190000").replace("one@", &format!("{number}@"));
        calendar(&format!("X-WR-TIMEZONE:{zone}\n{times}"))
    };
    let batch = mapped(&(of(1, "Europe/Berlin") + &of(2, "Asia/Tokyo") + &of(3, "Nowhere")));
    let zones: Vec<_> = batch.events.iter().map(|event| event.zone).collect();
    let here = Tz::America__New_York;
    assert_eq!(
        zones,
        [Some(Tz::Europe__Berlin), Some(Tz::Asia__Tokyo), Some(here)]
    );
}

#[test]
fn zones_that_are_declared_alike_count_once_and_too_many_are_told() {
    // Each has a change on nearly every day of a month, for a hundred years.
    let days = (1..=28).map(|day| day.to_string()).collect::<Vec<_>>();
    let of = |number: usize, offset: usize| {
        let zone = format!(
            "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETFROM:+0000\n\
             TZOFFSETTO:+{offset:04}\nRRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY={}\nEND:STANDARD\nEND:VTIMEZONE\n",
            days.join(",")
        );
        let times = event("DTSTART;TZID=Ours:20261121T190000");
        let times = times.replace("one@", &format!("{number:03}@"));
        calendar(&format!("{zone}{times}"))
    };
    let unknown = "zone `Ours` is not known; the zone book decides instead";
    let own = |number: usize| number % 60 + number / 60 * 100;
    for (row, offsets, want) in [
        ("alike", [130; 200], ""),
        ("each its own", std::array::from_fn(own), unknown),
    ] {
        let files = offsets.iter().enumerate();
        let body: String = files.map(|(number, offset)| of(number, *offset)).collect();
        let batch = mapped(&body);
        assert_eq!(said(&batch), want, "{row}");
        assert_eq!(batch.events.len(), 200, "{row}");
    }
}

#[test]
fn a_sure_name_is_known_in_every_one_of_many_calendars() {
    let of = |number: usize| {
        let times = event("DTSTART;TZID=Asia/Tokyo:20261121T190000");
        calendar(&times.replace("one@", &format!("{number}@")))
    };
    let batch = mapped(&(0..10_001).map(of).collect::<String>());
    let here = |event: &&Event| event.zone == Some(Tz::Asia__Tokyo);
    assert_eq!(batch.events.iter().filter(here).count(), 10_001);
}
