//! A calendar too large for Google is cut at its ends and says so (interop W1).

use super::{reader::read, *};
use crate::{
    domain::{testing::event, text::Text, when::DateSpan},
    format::ics::Checked,
};

/// Events on so many days in a row before today and from today on, one a day.
fn program(past: u64, coming: u64, details: &str) -> Draft {
    let mut draft = Draft::of([]);
    let first = draft.today - chrono::Days::new(past);
    let one = |n: u64| {
        let day = first + chrono::Days::new(n);
        let when = When::Days(DateSpan::through(day, day).unwrap());
        let mut event = event(&n.to_string(), when);
        event.details = Text::new(details);
        (event, Tz::UTC)
    };
    draft.events = (0..past + coming).map(one).collect();
    draft
}

#[test]
fn the_far_future_goes_first_then_the_far_past() {
    for (row, past, coming, kept_past, kept_coming) in [
        ("it fits", 500, 500, 500, 500),
        ("one too many", 500, 501, 500, 500),
        ("all ahead", 0, 1_300, 0, 1_000),
        ("mostly ahead", 200, 1_100, 200, 800),
        ("half and half", 650, 650, 500, 500),
        ("mostly past", 1_100, 200, 800, 200),
        ("all past but one", 1_299, 1, 999, 1),
        ("all past", 1_300, 0, 1_000, 0),
    ] {
        let draft = program(past, coming, "");
        let written = draft.write();
        let calendar = read(&written.body);
        let starts = calendar
            .all("VEVENT")
            .map(|event| event.value("DTSTART").unwrap());
        let starts: Vec<NaiveDate> = starts.map(super::reader::date).collect();
        let counted = |before: bool| {
            let side = starts.iter().filter(|day| (**day < draft.today) == before);
            u64::try_from(side.count()).unwrap()
        };
        assert_eq!(
            (counted(true), counted(false)),
            (kept_past, kept_coming),
            "{row}"
        );
        assert!(
            starts
                .windows(2)
                .all(|pair| pair[0].succ_opt() == Some(pair[1])),
            "{row}: nothing is cut out of the middle"
        );

        let nearest = (
            draft.today - chrono::Days::new(kept_past),
            draft.today + chrono::Days::new(kept_coming),
        );
        let (first, last) = (starts[0], *starts.last().unwrap());
        assert_eq!(
            (first, last.succ_opt().unwrap()),
            nearest,
            "{row}: what is nearest to today is kept"
        );

        let (checked, _) = Checked::without_broken(written.body.clone(), &written.events).unwrap();
        assert_eq!(checked.as_bytes(), written.body, "{row}");
        let (uid, last_place) = written.events.last().unwrap();
        let last_event = std::str::from_utf8(&written.body[last_place.clone()]).unwrap();
        assert!(last_event.contains(&format!("\r\nUID:{uid}\r\n")), "{row}");

        let left_out = past + coming - kept_past - kept_coming;
        let cut = (left_out > 0).then(|| Cut {
            first,
            last,
            left_out: usize::try_from(left_out).unwrap(),
        });
        assert_eq!(written.cut, cut, "{row}");
        let says = calendar.text("DESCRIPTION").unwrap();
        assert_eq!(calendar.text("X-WR-CALDESC"), Some(says.clone()), "{row}");
        let want = match cut {
            None => "Season 2026/27. This calendar keeps itself up to date.".to_owned(),
            Some(Cut {
                first,
                last,
                left_out,
            }) => format!(
                "Season 2026/27. This calendar keeps itself up to date. It holds the events from {first} to {last}; \
                 {left_out} more did not fit. A shorter window, such as one month, shows them."
            ),
        };
        assert_eq!(says, want, "{row}");
    }
}

#[test]
fn a_calendar_never_grows_past_a_million_octets() {
    // Escaping doubles them and folding adds more.
    let draft = program(150, 150, &",;\\".repeat(1_300));
    let written = draft.write();
    assert!(written.body.len() <= 1_000_000, "{}", written.body.len());
    assert!(
        written.body.len() > 900_000,
        "not cut without need: {}",
        written.body.len()
    );
    let cut = written.cut.unwrap();
    let kept = read(&written.body).all("VEVENT").count();
    assert_eq!(kept + cut.left_out, 300);
    let (past, coming) = (draft.today - cut.first, cut.last - draft.today);
    assert!((past.num_days() - coming.num_days()).abs() <= 1, "{cut:?}");
}

#[test]
fn events_that_were_cut_do_not_leave_their_zones_behind() {
    let mut draft = program(0, 1_100, "");
    let far = crate::domain::testing::timed("2036-06-01T10:00:00Z", "2036-06-01T11:00:00Z");
    draft.events.push((event("far", far), Tz::Asia__Tokyo));
    let calendar = read(&draft.write().body);
    assert_eq!(calendar.all("VTIMEZONE").count(), 0);
}
