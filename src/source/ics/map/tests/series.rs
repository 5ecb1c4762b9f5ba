//! What repeats, and what was changed of it.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::*;

#[test]
fn what_was_changed_of_a_series_is_an_event_of_its_own() {
    for (row, original, lines, want) in [
        (
            "moved",
            ";TZID=Europe/Berlin:20260702T100000",
            "DTSTART:20260705T120000Z",
            "07-01T08:00 Tosca,07-03T08:00 Tosca,07-04T08:00 Tosca,07-05T12:00 New",
        ),
        (
            "named in UTC",
            ":20260702T080000Z",
            "DTSTART:20260702T090000Z",
            "07-01T08:00 Tosca,07-02T09:00 New,07-03T08:00 Tosca,07-04T08:00 Tosca",
        ),
        (
            "named by its day",
            ";VALUE=DATE:20260702",
            "DTSTART:20260702T090000Z",
            "07-01T08:00 Tosca,07-02T09:00 New,07-03T08:00 Tosca,07-04T08:00 Tosca",
        ),
        (
            "named without zone",
            ":20260702T100000",
            "DTSTART:20260702T090000Z",
            "07-01T08:00 Tosca,07-02T09:00 New,07-03T08:00 Tosca,07-04T08:00 Tosca",
        ),
        (
            "the first",
            ":20260701T080000Z",
            "DTSTART:20260701T090000Z",
            "07-01T09:00 New,07-02T08:00 Tosca,07-03T08:00 Tosca,07-04T08:00 Tosca",
        ),
        (
            "private",
            ":20260702T080000Z",
            "DTSTART:20260702T090000Z\nCLASS:PRIVATE",
            "07-01T08:00 Tosca,07-03T08:00 Tosca,07-04T08:00 Tosca",
        ),
        (
            "no instance",
            ":20270702T080000Z",
            "DTSTART:20270702T090000Z",
            "07-01T08:00 Tosca,07-02T08:00 Tosca,07-02T09:00 New,07-03T08:00 Tosca,07-04T08:00 Tosca",
        ),
    ] {
        let new = changed("New", &format!("RECURRENCE-ID{original}\n{lines}"));
        for body in [
            calendar(&format!("{}{new}", event(DAILY))),
            calendar(&format!("{new}{}", event(DAILY))),
            // Some programs write a calendar for each.
            calendar(&event(DAILY)) + &calendar(&new),
            // A UID is the same in capitals.
            calendar(&(event(DAILY) + &new.replace("one@", "ONE@"))),
            calendar(&event(DAILY)) + &calendar(&new.replace("one@", "ONE@")),
        ] {
            let batch = mapped(&body);
            assert_eq!(starts(&batch).join(","), want, "{row}: {}", said(&batch));
        }
    }
}

#[test]
fn a_time_without_zone_is_that_of_the_calendar_it_stands_in() {
    // Five in the afternoon in Tokyo is ten in the morning in Berlin.
    for (zone, hour, want) in [
        ("Europe/Berlin", "10", "07-01T08:00 Tosca,07-02T09:00 New"),
        ("Asia/Tokyo", "17", "07-01T08:00 Tosca,07-02T09:00 New"),
    ] {
        let series = DAILY.replace("COUNT=4", "COUNT=2");
        let new = changed(
            "New",
            &format!("RECURRENCE-ID:20260702T{hour}0000\nDTSTART:20260702T090000Z"),
        );
        let new = calendar(&format!("X-WR-TIMEZONE:{zone}\n{new}"));
        let batch = mapped(&(calendar(&event(&series)) + &new));
        assert_eq!(starts(&batch).join(","), want, "{zone}");
    }
}

#[test]
fn what_another_calendar_has_under_the_same_uid_is_no_part_of_it() {
    let series = calendar(&event(DAILY));
    let alone = mapped(&series);
    let off = calendar(&format!("METHOD:CANCEL\n{}", event("SEQUENCE:9")));
    let other = calendar(&event("SEQUENCE:9\nDTSTART:20261121T190000Z"));
    for (row, file) in [("called off", off), ("another event", other)] {
        let batch = mapped(&(series.clone() + &file));
        let of_series = |event: &&Event| event.series.is_some();
        let kept = batch.events.iter().find(of_series);
        assert_eq!(kept, alone.events.first(), "{row}");
    }
}

#[test]
fn the_uid_of_a_changed_instance_stays_when_it_moves_or_loses_its_series() {
    let one = changed(
        "New",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260702T100000\nDTSTART:20260705T120000Z",
    );
    let moved = one.replace("20260705T120000Z", "20260709T120000Z");
    let uid = |body: &str| {
        let batch = mapped(&calendar(body));
        let new = batch
            .events
            .iter()
            .find(|event| event.title.as_str() == "New");
        new.unwrap().uid
    };
    let original: NaiveDateTime = "2026-07-02T10:00:00".parse().unwrap();
    let want = EventUid::instance(EventUid::new(&stage(), "one@a.example"), original);
    for body in [
        format!("{}{one}", event(DAILY)),
        format!("{}{moved}", event(DAILY)),
        one.clone(),
        moved.clone(),
    ] {
        assert_eq!(uid(&body), want, "{body}");
    }
}

#[test]
fn of_two_series_with_one_uid_each_has_its_own_changed_instances() {
    let daily = |start: &str| {
        event(&format!(
            "DTSTART;TZID=Europe/Berlin:{start}\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
        ))
    };
    let one = |title: &str, original: &str, start: &str| {
        changed(title, &format!("RECURRENCE-ID;{original}\nDTSTART:{start}"))
    };
    for (row, first, second) in [
        (
            "by time",
            "TZID=Europe/Berlin:20260702T100000",
            "TZID=Europe/Berlin:20260705T100000",
        ),
        ("by day", "VALUE=DATE:20260702", "VALUE=DATE:20260705"),
    ] {
        let parts = [
            daily("20260701T100000"),
            one("Late", first, "20260702T120000Z"),
            daily("20260705T100000"),
            one("Later", second, "20260705T130000Z"),
        ];
        for body in [parts.concat(), parts.iter().rev().cloned().collect()] {
            let batch = mapped(&calendar(&body));
            assert_eq!(
                starts(&batch),
                [
                    "07-01T08:00 Tosca",
                    "07-02T12:00 Late",
                    "07-05T13:00 Later",
                    "07-06T08:00 Tosca"
                ],
                "{row}: {}",
                said(&batch)
            );
        }
    }
}

#[test]
fn of_a_changed_instance_the_newest_counts() {
    let new = |title: &str, sequence: u8| {
        changed(
            title,
            &format!(
                "RECURRENCE-ID:20260702T080000Z\nDTSTART:20260702T090000Z\nSEQUENCE:{sequence}"
            ),
        )
    };
    let body = format!("{}{}{}", event(DAILY), new("Second", 2), new("First", 1));
    let found = starts(&mapped(&calendar(&body))).join(",");
    assert!(found.contains("07-02T09:00 Second"), "{found}");
    assert!(!found.contains("First"), "{found}");
}

#[test]
fn a_series_is_reckoned_by_the_clock_of_its_start() {
    let zone = |lines: &str| {
        let event = only(&format!("{lines}\nRRULE:FREQ=DAILY;COUNT=2"));
        (event.zone, event.series.is_some())
    };
    for (lines, want) in [
        (
            "DTSTART;TZID=W. Europe Standard Time:20260701T100000",
            Some(Tz::Europe__Berlin),
        ),
        ("DTSTART:20260701T100000Z", None),
        ("DTSTART:20260701T100000", Some(Tz::America__New_York)),
        ("DTSTART;TZID=GMT+0300:20260701T100000", None),
        ("DTSTART;VALUE=DATE:20260701", None),
    ] {
        assert_eq!(zone(lines), (want, true), "{lines}");
    }
}

#[test]
fn further_dates_may_last_otherwise_and_dates_may_be_taken_out() {
    const START: &str = "DTSTART:20260701T100000Z\nDTEND:20260701T110000Z";
    for (lines, want) in [
        (
            "RDATE:20260703T100000Z,20260702T120000Z",
            "07-01T10:00,07-02T12:00,07-03T10:00",
        ),
        ("RDATE;VALUE=DATE:20260703", "07-01T10:00,07-03T10:00"),
        (
            "RDATE;VALUE=PERIOD:20260703T100000Z/PT3H,20260704T100000Z/PT1H",
            "07-01T10:00,07-03T10:00,07-04T10:00",
        ),
        (
            "RDATE;VALUE=PERIOD:20260703T100000Z/PT3H\nEXDATE:20260703T100000Z",
            "07-01T10:00",
        ),
        (
            "RRULE:FREQ=DAILY;COUNT=3\nRDATE;VALUE=PERIOD:20260702T100000Z/PT3H",
            "07-01T10:00,07-02T10:00,07-03T10:00",
        ),
        (
            "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260702T100000Z",
            "07-01T10:00,07-03T10:00",
        ),
        (
            "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260702",
            "07-01T10:00,07-03T10:00",
        ),
        (
            "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260702T120000",
            "07-01T10:00,07-03T10:00",
        ),
        (
            "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260701T100000Z,soon",
            "07-02T10:00,07-03T10:00",
        ),
        (
            "RRULE:FREQ=DAILY;COUNT=2\nEXDATE:20260701T100000Z,20260702T100000Z",
            "",
        ),
        ("RDATE:soon", "07-01T10:00"),
    ] {
        let batch = mapped(&calendar(&event(&format!("{START}\n{lines}"))));
        let found = starts(&batch).join(",").replace(" Tosca", "");
        assert_eq!(found, want, "{lines}: {}", said(&batch));
    }
    let batch = mapped(&calendar(&event(&format!(
        "{START}\nRDATE;VALUE=PERIOD:20260703T100000Z/PT3H"
    ))));
    let odd = batch.events.iter().find(|event| event.series.is_none());
    assert_eq!(
        odd.unwrap().when.to_string(),
        "2026-07-03T10:00:00Z..2026-07-03T13:00:00Z"
    );
}

#[test]
fn the_time_of_a_series_is_that_of_its_first_instance() {
    let first = only(&format!("{DAILY}\nEXDATE:20260701T080000Z")).when;
    assert_eq!(
        first.to_string(),
        "2026-07-02T08:00:00Z..2026-07-02T09:00:00Z"
    );
}

#[test]
fn a_rule_that_repeats_too_often_is_left_out_alone_and_what_was_changed_of_it_stays() {
    let bomb = event("DTSTART:20260701T100000Z\nRRULE:FREQ=SECONDLY");
    let one = changed(
        "New",
        "RECURRENCE-ID:20260701T100001Z\nDTSTART:20260701T120000Z",
    );
    let batch = mapped(&calendar(&format!("{bomb}{one}")));
    assert_eq!(starts(&batch), ["07-01T12:00 New"]);
    assert_eq!(
        said(&batch),
        "event `one` was left out: its recurrence rule repeats by the minute or second"
    );
}

/// What `batch` withholds.
fn hidden(batch: &Batch) -> BTreeSet<EventUid> {
    batch.withheld.events.keys().copied().collect()
}

#[test]
fn what_is_private_takes_its_changed_instances_with_it() {
    let master = event(&format!("{DAILY}\nCLASS:PRIVATE"));
    let one = changed(
        "New",
        "RECURRENCE-ID:20260702T080000Z\nDTSTART:20260702T090000Z",
    );
    let public = mapped(&calendar(&format!("{}{one}", event(DAILY))));
    let uids: BTreeSet<EventUid> = public.events.iter().map(|event| event.uid).collect();
    assert_eq!(public.events.len(), 2);
    let together = calendar(&format!("{master}{one}"));
    let apart = calendar(&master) + &calendar(&one);
    for body in [together, apart] {
        let batch = mapped(&body);
        assert_eq!(starts(&batch).len(), 0);
        assert_eq!(hidden(&batch), uids, "under the UIDs they had");
    }
}

#[test]
fn a_changed_instance_that_is_private_is_withheld_alone() {
    let one = |class: &str| {
        let lines = "RECURRENCE-ID:20260702T080000Z\nDTSTART:20260702T090000Z";
        let body = event(DAILY) + &changed("New", &format!("{lines}{class}"));
        mapped(&calendar(&body))
    };
    let (public, private) = (one(""), one("\nCLASS:CONFIDENTIAL"));
    let is_new = |event: &&Event| event.title.as_str() == "New";
    let new = public.events.iter().find(is_new).unwrap();
    assert_eq!(hidden(&private), [new.uid].into());
    assert_eq!(private.events.len(), 1, "the series stays");
}

#[test]
fn what_is_private_and_cannot_be_understood_is_withheld_under_the_uid_it_had() {
    let one = |start: &str| {
        changed(
            "New",
            &format!("RECURRENCE-ID:20260702T080000Z\nDTSTART:{start}"),
        )
    };
    let public = mapped(&calendar(&(event(DAILY) + &one("20260702T090000Z"))));
    let private = event(&format!("{DAILY}\nCLASS:PRIVATE"));
    let private = mapped(&calendar(&(private + &one("soon"))));
    let uids = public.events.iter().map(|event| event.uid).collect();
    assert_eq!(public.events.len(), 2);
    assert_eq!(hidden(&private), uids);
    assert!(private.unreadable.is_empty());
}

#[test]
fn the_uid_of_two_events_is_withheld_with_theirs() {
    let at = |lines: &str| event(&format!("DTSTART:20260701T{lines}"));
    let alone = mapped(&calendar(&at("100000Z"))).events[0].uid;
    let both = mapped(&calendar(&(at("100000Z") + &at("120000Z"))));
    let private = mapped(&calendar(&(at("100000Z") + &at("120000Z\nCLASS:PRIVATE"))));
    assert_eq!((both.events.len(), private.events.len()), (2, 0));
    let uids = both.events.iter().map(|event| event.uid);
    assert_eq!(hidden(&private), uids.chain([alone]).collect());
}

#[test]
fn what_is_private_brings_no_category_and_its_unknown_zone_is_told() {
    let private =
        event("DTSTART;TZID=Middle-earth:20260701T100000\nCATEGORIES:Secret\nCLASS:PRIVATE");
    let batch = mapped(&calendar(&private));
    assert!(batch.groups.is_empty());
    assert!(said(&batch).contains("Middle-earth"), "{}", said(&batch));
}

#[test]
fn lists_of_times_without_end_are_refused_or_cut() {
    let many = vec!["20260703T100000Z"; 13_000].join(",");
    let periods = (0..13_000).map(|n| {
        format!(
            "2026{:02}{:02}T{:02}{:02}00Z/PT{n}S",
            n % 12 + 1,
            n % 28 + 1,
            n % 24,
            n % 60
        )
    });
    let periods = periods.collect::<Vec<_>>().join(",");
    for (line, want) in [
        (format!("EXDATE:{many}"), "Tosca"),
        (format!("RDATE:{many}"), ""),
        (format!("RDATE;VALUE=PERIOD:{periods}"), "Tosca"),
    ] {
        let lines = format!("DTSTART:20260701T100000Z\nRRULE:FREQ=DAILY;COUNT=1\n{line}");
        let batch = mapped(&calendar(&event(&lines)));
        let series = batch.events.iter().filter(|event| event.series.is_some());
        let titles: Vec<&str> = series.map(|event| event.title.as_str()).collect();
        assert_eq!(titles.join(" "), want, "{}", &line[..20]);
        assert!(batch.events.len() <= 12_002, "{}", batch.events.len());
    }
}
