//! What was changed of a series for all that follows.

use super::*;

#[test]
fn a_series_that_was_changed_for_all_that_follows_goes_on_as_changed() {
    for (row, original, lines, want) in [
        (
            "all that follow, later",
            ";RANGE=THISANDFUTURE:20260703T080000Z",
            "DTSTART;TZID=Europe/Berlin:20260703T120000",
            "07-01T08:00 Tosca,07-02T08:00 Tosca,07-03T10:00 New,07-04T10:00 New",
        ),
        (
            "all that follow, a day later",
            ";RANGE=THISANDFUTURE:20260703T080000Z",
            "DTSTART;TZID=Europe/Berlin:20260704T100000",
            "07-01T08:00 Tosca,07-02T08:00 Tosca,07-04T08:00 New,07-05T08:00 New",
        ),
        (
            "all that follow, by another rule",
            ";RANGE=THISANDFUTURE:20260703T080000Z",
            "DTSTART;TZID=Europe/Berlin:20260703T100000\nRRULE:FREQ=WEEKLY;COUNT=2",
            "07-01T08:00 Tosca,07-02T08:00 Tosca,07-03T08:00 New,07-10T08:00 New",
        ),
        (
            "all that follow, private",
            ";RANGE=THISANDFUTURE:20260703T080000Z",
            "DTSTART;TZID=Europe/Berlin:20260703T100000\nCLASS:PRIVATE",
            "07-01T08:00 Tosca,07-02T08:00 Tosca",
        ),
        (
            "all that follow, private and at no time",
            ";RANGE=THISANDFUTURE:20260703T080000Z",
            "DTSTART:soon\nCLASS:PRIVATE",
            "07-01T08:00 Tosca,07-02T08:00 Tosca",
        ),
    ] {
        let new = changed("New", &format!("RECURRENCE-ID{original}\n{lines}"));
        for body in [
            format!("{}{new}", event(DAILY)),
            format!("{new}{}", event(DAILY)),
        ] {
            let batch = mapped(&calendar(&body));
            assert_eq!(starts(&batch).join(","), want, "{row}: {}", said(&batch));
            let private = usize::from(lines.contains("PRIVATE"));
            assert_eq!(batch.withheld.events.len(), private, "{row}");
        }
    }
}

#[test]
fn a_change_for_all_that_follows_that_cannot_be_understood_ends_the_series_there_and_is_told() {
    let new = |start: &str| {
        let original = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260703T080000Z";
        let new = changed("New", &format!("{original}\nDTSTART:{start}"));
        mapped(&calendar(&(event(DAILY) + &new)))
    };
    let understood = new("20260703T100000Z");
    let is_new = |event: &&Event| event.title.as_str() == "New";
    let tail = understood.events.iter().find(is_new).unwrap().uid;
    let batch = new("soon");
    let head = "07-01T08:00 Tosca,07-02T08:00 Tosca";
    assert_eq!(starts(&batch).join(","), head, "{}", said(&batch));
    let why = "its start is no time";
    assert_eq!(batch.unreadable, [(tail, why)].into(), "it is there");
    assert_eq!(said(&batch), format!("event `one` was left out: {why}"));
}

#[test]
fn a_series_that_was_changed_twice_for_all_that_follows_has_three_parts() {
    let split = |title: &str, original: &str, start: &str| {
        let original = format!("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:{original}");
        changed(
            title,
            &format!("{original}\nDTSTART;TZID=Europe/Berlin:{start}"),
        )
    };
    let first = split("New", "20260702T100000", "20260703T100000");
    let second = split("Last", "20260704T100000", "20260705T150000");
    for body in [
        event(DAILY) + &first + &second,
        second.clone() + &event(DAILY) + &first,
    ] {
        let batch = mapped(&calendar(&body));
        assert_eq!(
            starts(&batch).join(","),
            "07-01T08:00 Tosca,07-03T08:00 New,07-04T08:00 New,07-05T13:00 Last",
            "{}",
            said(&batch)
        );
    }
}

#[test]
fn a_series_that_was_changed_too_often_ends_there_and_what_is_private_of_that_is_withheld() {
    let split = |day: u32, class: &str| {
        let at = format!("TZID=Europe/Berlin:202607{day:02}T100000");
        let lines = format!("RECURRENCE-ID;RANGE=THISANDFUTURE;{at}\nDTSTART;{at}\n{class}");
        changed(&format!("Change {day}"), &lines)
    };
    let followed: String = (2..=21).map(|day| split(day, "CLASS:PUBLIC")).collect();
    let daily = event(&DAILY.replace("COUNT=4", "COUNT=30"));
    let head = "07-01T08:00 Tosca".to_owned();
    let want = (2..=21).map(|day| format!("07-{day:02}T08:00 Change {day}"));
    let want: Vec<String> = std::iter::once(head).chain(want).collect();
    let too_many = |day: u32| {
        let start = format!("2026-07-{day}T10:00:00").parse().unwrap();
        EventUid::instance(uid("one@a.example"), start)
    };
    for (row, first, second) in [
        ("the first is private", "CLASS:PRIVATE", "CLASS:PUBLIC"),
        ("the second is private", "CLASS:PUBLIC", "CLASS:PRIVATE"),
    ] {
        let body = format!("{daily}{followed}{}{}", split(22, first), split(23, second));
        let batch = mapped(&calendar(&body));
        assert_eq!(starts(&batch), want, "{row}");
        let (private, public) = match first {
            "CLASS:PRIVATE" => (22, 23),
            _ => (23, 22),
        };
        let withheld: Vec<_> = batch.withheld.events.keys().copied().collect();
        assert_eq!(withheld, [too_many(private)], "{row}");
        let why = "the series was changed for all that follows too often";
        assert_eq!(batch.unreadable, [(too_many(public), why)].into(), "{row}");
        assert_eq!(
            said(&batch),
            format!("event `one` was left out: {why}"),
            "{row}"
        );
    }
}

#[test]
fn a_change_for_all_that_follows_by_a_rule_that_is_none_leaves_what_was_before_it_whole() {
    let original = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260703T080000Z";
    let start = "DTSTART;TZID=Europe/Berlin:20260703T120000\nRRULE:FREQ=SOMETIMES";
    let new = changed("New", &format!("{original}\n{start}"));
    let batch = mapped(&calendar(&(event(DAILY) + &new)));
    let head = "07-01T08:00 Tosca,07-02T08:00 Tosca";
    assert_eq!(starts(&batch).join(","), head, "{}", said(&batch));
    let tail = EventUid::instance(uid("one@a.example"), "2026-07-03T10:00:00".parse().unwrap());
    let unreadable: Vec<_> = batch.unreadable.keys().copied().collect();
    assert_eq!(unreadable, [tail], "the head is published");
    assert_eq!(batch.remarks.len(), 1, "{}", said(&batch));
}

#[test]
fn a_series_that_was_split_ends_as_it_was_to_end() {
    let split = |rule: &str, lines: &str| {
        let lines = format!(
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260703T100000\n{lines}"
        );
        let body = event(&DAILY.replace("FREQ=DAILY;COUNT=4", rule)) + &changed("New", &lines);
        starts(&mapped(&calendar(&body))).join(",")
    };
    let later = "DTSTART;TZID=Europe/Berlin:20260703T190000";
    let both = "07-01T08:00 Tosca,07-02T08:00 Tosca,07-03T17:00 New,07-04T17:00 New";
    for rule in [
        "FREQ=DAILY;UNTIL=20260704T080000Z",
        "FREQ=DAILY;UNTIL=20260704T100000",
        "FREQ=DAILY;UNTIL=20260704",
        "FREQ=DAILY;COUNT=4",
    ] {
        assert_eq!(split(rule, later), both, "{rule}");
    }
    let endless = split("FREQ=DAILY", later);
    assert_eq!(endless.split(',').count(), 2 + 547, "to the end of 2027");
}
