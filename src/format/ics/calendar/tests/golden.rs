//! Whole calendars as bytes (interop §15.1): `tests/golden/ics/`, where `␍` stands for the carriage return of each line.

use super::*;
use crate::domain::{
    event::{GroupKind, Status},
    feed::Cancelled,
    id::GroupId,
    testing::{at, days, event, groups, place, timed},
    text::Text,
};

pub(super) fn golden(name: &str, draft: &Draft) {
    let body = String::from_utf8(draft.write().body).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/ics"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, body.replace("\r\n", "␍\n")));
}

/// An event in New York with something in every field.
fn premiere() -> Event {
    let mut premiere = event(
        "premiere",
        timed("2026-12-05T00:30:00Z", "2026-12-05T03:00:00Z"),
    );
    premiere.title = Line::new("Premiere; with \"music\", and more: A\\B");
    premiere.details = Text::new("Doors at seven.\n\nTickets: https://tickets.example/1?a=b;c,d");
    premiere.places = vec![place(
        "hall",
        "Great Hall, Opera House",
        "Harbour Road 1, Springdale",
    )];
    premiere.groups = ["g1", "g2", "hall"].map(GroupId::new).to_vec();
    premiere.status = Some(Status::Confirmed);
    premiere.created = Some(at("2026-01-02T03:04:05Z"));
    premiere.updated = Some(at("2026-06-07T08:09:10Z"));
    premiere
}

fn known_groups() -> Groups {
    groups(&[
        ("g1", GroupKind::Project, "Opera, late"),
        ("g2", GroupKind::Tag, "Patrons"),
        ("hall", GroupKind::Place, "Great Hall"),
    ])
}

fn of_premiere(change: impl FnOnce(&mut Event)) -> Draft {
    let mut premiere = premiere();
    change(&mut premiere);
    Draft {
        groups: known_groups(),
        ..Draft::of([(premiere, Tz::America__New_York)])
    }
}

#[test]
fn an_empty_feed_describes_its_zone_so_that_it_is_a_calendar() {
    golden("empty", &Draft::of([]));
}

#[test]
fn an_empty_feed_of_a_zone_that_cannot_be_described_describes_utc() {
    for (name, zone, today) in [
        // Not an Area/Location name.
        ("empty-utc", Tz::UTC, (2026, 11, 22)),
        // No yearly rule that clients understand, and a change on that very day.
        ("empty-irregular", Tz::America__Nuuk, (2027, 3, 28)),
    ] {
        let mut draft = Draft::of([]);
        draft.feed.zone = zone;
        let (year, month, day) = today;
        draft.today = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        golden(name, &draft);
    }
}

#[test]
fn one_timed_event_with_everything_a_feed_says_of_it() {
    golden("timed", &of_premiere(|_| {}));
}

#[test]
fn whole_days_are_dates_with_an_exclusive_end() {
    golden(
        "day",
        &Draft::of([(
            event("day", days("2026-12-05", "2026-12-05")),
            Tz::Pacific__Kiritimati,
        )]),
    );
    golden(
        "days",
        &Draft::of([(
            event("days", days("2026-12-30", "2027-01-02")),
            Tz::Pacific__Pago_Pago,
        )]),
    );
}

#[test]
fn a_point_in_time_has_no_end() {
    let point = event(
        "point",
        timed("2026-12-05T18:00:00Z", "2026-12-05T18:00:00Z"),
    );
    golden("point", &Draft::of([(point, Tz::Europe__Berlin)]));
}

#[test]
fn a_cancelled_event_frees_the_day_and_says_so_in_its_title_where_asked() {
    golden(
        "cancelled",
        &of_premiere(|e| e.status = Some(Status::Cancelled)),
    );
    let mut marked = of_premiere(|e| e.status = Some(Status::Cancelled));
    marked.feed.cancelled = Cancelled::Mark;
    golden("cancelled-marked", &marked);
}

#[test]
fn a_tentative_event_may_block_the_day() {
    golden(
        "tentative",
        &of_premiere(|e| e.status = Some(Status::Tentative)),
    );
}

#[test]
fn a_busy_feed_blocks_the_day_and_says_nothing_else() {
    let mut draft = of_premiere(|_| {});
    draft.feed.detail = crate::domain::feed::Detail::Busy;
    golden("busy", &draft);
}

#[test]
fn lines_are_folded_at_75_octets_and_not_before() {
    let titled = |(length, hour): (usize, u32)| {
        let when = timed(
            &format!("2026-12-05T{hour:02}:00:00Z"),
            &format!("2026-12-05T{hour:02}:30:00Z"),
        );
        let mut event = event(&format!("edge {length}"), when);
        event.title = Line::new(&"0123456789".repeat(20)[..length]);
        (event, Tz::Europe__Berlin)
    };
    // "SUMMARY:" takes 8 octets of the first line, a blank one of the second.
    golden(
        "edges",
        &Draft::of([(66, 1), (67, 2), (68, 3), (141, 4), (142, 5)].map(titled)),
    );
}

#[test]
fn emoji_and_right_to_left_text_pass_unchanged() {
    let mut draft = of_premiere(|e| {
        e.title = Line::new(&format!(
            "{} مرحبا بكم في الحفلة 🇩🇪 e\u{301}tude",
            "👩‍👩‍👧‍👦".repeat(6)
        ));
        e.details = Text::new(&"שלום עולם ".repeat(20));
    });
    draft.feed.title = Line::new("Saison 🎭");
    golden("emoji", &draft);
}

#[test]
fn each_zone_is_described_once_and_what_clients_would_get_wrong_is_in_utc() {
    let one = |id: &str, start: &str, end: &str, tz| (event(id, timed(start, end)), tz);
    golden(
        "zones",
        &Draft::of([
            one(
                "Berlin in winter",
                "2026-12-05T18:00:00Z",
                "2026-12-05T20:00:00Z",
                Tz::Europe__Berlin,
            ),
            one(
                "Berlin in summer",
                "2027-06-05T18:00:00Z",
                "2027-06-05T20:00:00Z",
                Tz::Europe__Berlin,
            ),
            one(
                "Berlin, first repeated hour",
                "2027-10-31T00:15:00Z",
                "2027-10-31T00:45:00Z",
                Tz::Europe__Berlin,
            ),
            one(
                "Berlin, second repeated hour",
                "2027-10-31T01:15:00Z",
                "2027-10-31T01:45:00Z",
                Tz::Europe__Berlin,
            ),
            one(
                "Berlin, over the change",
                "2027-03-27T22:00:00Z",
                "2027-03-28T02:00:00Z",
                Tz::Europe__Berlin,
            ),
            one(
                "Berlin, after 2037",
                "2038-01-05T18:00:00Z",
                "2038-01-05T20:00:00Z",
                Tz::Europe__Berlin,
            ),
            one(
                "Jerusalem in winter",
                "2026-12-05T18:00:00Z",
                "2026-12-05T20:00:00Z",
                Tz::Asia__Jerusalem,
            ),
            one(
                "Jerusalem in summer",
                "2027-06-05T18:00:00Z",
                "2027-06-05T20:00:00Z",
                Tz::Asia__Jerusalem,
            ),
            one(
                "Dublin in winter",
                "2026-12-06T18:00:00Z",
                "2026-12-06T20:00:00Z",
                Tz::Europe__Dublin,
            ),
            one(
                "Kathmandu",
                "2026-12-06T18:00:00Z",
                "2026-12-06T20:00:00Z",
                Tz::Asia__Kathmandu,
            ),
            one(
                "Sydney over New Year",
                "2026-12-31T12:00:00Z",
                "2026-12-31T14:00:00Z",
                Tz::Australia__Sydney,
            ),
            one(
                "Nowhere",
                "2026-12-06T21:00:00Z",
                "2026-12-06T22:00:00Z",
                Tz::UTC,
            ),
        ]),
    );
}

#[test]
fn a_feed_in_utc_describes_no_zone() {
    let mut draft = of_premiere(|_| {});
    draft.feed.times = Times::Utc;
    golden("utc", &draft);
}

#[test]
fn a_single_event_to_download_makes_no_new_calendar_in_outlook() {
    let mut draft = of_premiere(|_| {});
    draft.purpose = Purpose::Download;
    golden("download", &draft);
}
