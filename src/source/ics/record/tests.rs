use super::*;

/// Calendars in words: what each event is called, and when it begins.
fn in_words(body: &str) -> String {
    let lines = Lines::unfold(body.as_bytes());
    let records = Records::of(&lines);
    let calendars = records.calendars.iter().map(|calendar| {
        let event = |event: &Record<'_>| {
            let start = event.start.map_or("-", |start| start.value);
            format!("{} {start}", event.summary.unwrap_or("-"))
        };
        let events: Vec<String> = calendar.events.iter().map(event).collect();
        let observances = calendar.zones.iter().map(|zone| zone.observances.len());
        format!(
            "{} zones {:?}",
            events.join(", "),
            observances.collect::<Vec<_>>()
        )
    });
    let calendars: Vec<String> = calendars.collect();
    format!("{}; bad {}", calendars.join(" | "), records.bad_lines)
}

#[test]
fn components_are_found_whatever_is_wrong_around_them() {
    let event = |name: &str| format!("BEGIN:VEVENT\nSUMMARY:{name}\nDTSTART:1\nEND:VEVENT\n");
    let calendar = |inner: &str| format!("BEGIN:VCALENDAR\n{inner}END:VCALENDAR\n");
    let (a, b) = (event("a"), event("b"));
    let open = a.replace("END:VEVENT\n", "");
    let zone = "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:2\nEND:STANDARD\nBEGIN:DAYLIGHT\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
    let alarm = "BEGIN:VALARM\nSUMMARY:no\nDTSTART:3\nEND:VALARM\n";
    for (row, body, want) in [
        (
            "plain",
            calendar(&format!("{zone}{a}{b}")),
            "a 1, b 1 zones [2]; bad 0",
        ),
        (
            "lower case",
            calendar(&a).to_lowercase(),
            "a 1 zones []; bad 0",
        ),
        (
            "alarm first",
            calendar(&a.replace("SUMMARY", &format!("{alarm}SUMMARY"))),
            "a 1 zones []; bad 0",
        ),
        (
            "alarm last",
            calendar(&a.replace("END:VEVENT", &format!("{alarm}END:VEVENT"))),
            "a 1 zones []; bad 0",
        ),
        (
            "an alarm not closed",
            calendar(&format!(
                "{}{b}",
                a.replace("END:VEVENT", "BEGIN:VALARM\nX:1\nEND:VEVENT")
            )),
            "a 1, b 1 zones []; bad 0",
        ),
        (
            "an event not closed",
            calendar(&format!("{open}{b}")),
            "a 1, b 1 zones []; bad 0",
        ),
        (
            "a zone not closed",
            calendar(&format!("{}{a}", zone.replace("END:VTIMEZONE\n", ""))),
            "a 1 zones [2]; bad 0",
        ),
        (
            "a zone inside an event",
            calendar(&format!("{open}{zone}{b}")),
            "a 1, b 1 zones [2]; bad 0",
        ),
        (
            "a task",
            calendar(&format!("{}{b}", a.replace("VEVENT", "VTODO"))),
            "b 1 zones []; bad 0",
        ),
        (
            "bad lines",
            calendar(&format!("what is this\n{a}:\n{b}")),
            "a 1, b 1 zones []; bad 2",
        ),
        (
            "text around",
            format!("Warning\n{}bye", calendar(&a)),
            "a 1 zones []; bad 0",
        ),
        (
            "two calendars",
            calendar(&a) + &calendar(&b),
            "a 1 zones [] | b 1 zones []; bad 0",
        ),
        (
            "an event outside",
            b.clone() + &calendar(&a),
            "a 1 zones []; bad 0",
        ),
        (
            "twice the same property",
            calendar(&a.replace("DTSTART:1", "DTSTART:1\nDTSTART:2")),
            "a 1 zones []; bad 0",
        ),
        ("nothing", calendar(""), " zones []; bad 0"),
        ("no calendar", String::new(), "; bad 0"),
    ] {
        assert_eq!(in_words(&body), want, "{row}");
    }
}

#[test]
fn a_file_of_beginnings_alone_neither_overflows_nor_takes_long() {
    let body = format!(
        "BEGIN:VCALENDAR\n{}END:VCALENDAR\n",
        "BEGIN:VEVENT\n".repeat(600_000)
    );
    let lines = Lines::unfold(body.as_bytes());
    let records = Records::of(&lines);
    assert_eq!(records.calendars[0].events.len(), EVENTS_MAX);
    assert!(records.is_cut);
}
