//! What is hard about calendars, at least once a year each: clock changes, odd lengths, gaps in the data, hostile text.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

use super::{
    company::{self, Label, Team, Work},
    ids::{self, Kind},
    local::Fold::{First, Second},
    programme::{entered, lasting},
    season::{Event, Span},
    venues::House,
};

/// What happens on `day` beside the plan.
pub(super) fn on(day: NaiveDate) -> Vec<Event> {
    let mut events = clock_changes(day);
    events.extend(odd_lengths(day));
    events.extend(match day.month() {
        1 | 7 => hostile(day),
        4 | 10 => odd_links(day),
        _ => None,
    });
    events
}

/// Events in and across the hours that clocks repeat or skip.
fn clock_changes(day: NaiveDate) -> Vec<Event> {
    let nth = day.day0() / 7 + 1;
    let last = (day + Days::new(7)).month() != day.month();
    match (day.month(), day.weekday(), nth) {
        (10, Weekday::Sun, _) if last => vec![
            at(
                House::Berlin,
                20,
                "The long night, first 02:15",
                day,
                lasting(House::Berlin.at(day, (2, 15), First), 30),
            ),
            at(
                House::Berlin,
                21,
                "The long night, second 02:15",
                day,
                lasting(House::Berlin.at(day, (2, 15), Second), 30),
            ),
        ],
        (11, Weekday::Sun, 1) => vec![at(
            House::NewYork,
            22,
            "Until the second half past one",
            day,
            between(
                House::NewYork.at(day, (0, 30), First),
                House::NewYork.at(day, (1, 30), Second),
            ),
        )],
        (3, Weekday::Sun, 2) => vec![at(
            House::NewYork,
            23,
            "In the hour that is not there",
            day,
            lasting(House::NewYork.at(day, (2, 30), First), 45),
        )],
        (3, Weekday::Sat, _) if last => vec![at(
            House::London,
            24,
            "Overnight, an hour short",
            day,
            between(
                House::London.at(day, (22, 0), First),
                House::London.at(day + Days::new(1), (7, 0), First),
            ),
        )],
        (4, Weekday::Sun, 1) => vec![at(
            House::LordHowe,
            25,
            "Half an hour twice",
            day,
            lasting(House::LordHowe.at(day, (1, 45), Second), 20),
        )],
        _ => Vec::new(),
    }
}

/// Events without length or end, over midnight, over weeks, and whole days of every sort.
fn odd_lengths(day: NaiveDate) -> Option<Event> {
    let days = |count: u64| Span::Days {
        first: day,
        last: day + Days::new(count - 1),
    };
    let (house, series, title, span) = match (day.month(), day.day()) {
        (2 | 8, 15) => (
            House::Vancouver,
            30,
            "Doors open",
            lasting(House::Vancouver.at(day, (18, 0), First), 0),
        ),
        (2 | 8, 16) => {
            let start = House::Phoenix.at(day, (19, 0), First);
            (
                House::Phoenix,
                31,
                "Open end",
                Span::Timed { start, end: None },
            )
        }
        (3 | 9, 3) => (
            House::Sydney,
            32,
            "Ends before it starts",
            lasting(House::Sydney.at(day, (12, 0), First), -60),
        ),
        (12, 31) => (
            House::Tokyo,
            33,
            "Over midnight, over New Year",
            lasting(House::Tokyo.at(day, (22, 30), First), 180),
        ),
        (5 | 11, 20) => {
            let midnight = day.and_time(NaiveTime::MIN).and_utc();
            (
                House::Casablanca,
                34,
                "Twenty-four hours, but no whole day",
                lasting(midnight, 24 * 60),
            )
        }
        (6, 1) | (1, 10) => {
            let end = House::Sydney.at(day + Days::new(44), (18, 0), First);
            (
                House::Sydney,
                35,
                "Residency",
                between(House::Sydney.at(day, (10, 0), First), end),
            )
        }
        (5, 1) | (12, 25) => (House::NewYork, 36, "Office closed", days(1)),
        (8, 1) => (House::NewYork, 37, "Summer break", days(31)),
        _ => return None,
    };
    Some(at(house, series, title, day, span))
}

/// Events that lack what others have, or have more of it.
fn odd_links(day: NaiveDate) -> Option<Event> {
    let evening = |house: House| lasting(house.at(day, (20, 0), First), 120);
    let event = match day.day() {
        12 => Event {
            projects: vec![Work::Gala.id(), Work::Orchard.id()],
            places: vec![House::NewYork.id(), House::NewYork.space(0)],
            groups: vec![Team::Chorus.id(), Team::Ensemble.id(), Team::Lanterns.id()],
            ..at(
                House::NewYork,
                40,
                "Gala with two projects, a venue and a space",
                day,
                evening(House::NewYork),
            )
        },
        17 => Event {
            groups: Vec::new(),
            people: vec![company::person(1), company::person(2)],
            ..at(
                House::London,
                41,
                "Two people without their group",
                day,
                evening(House::London),
            )
        },
        22 => Event {
            places: vec![ids::fixed(Kind::Place, u16::MAX)],
            ..at(
                House::Berlin,
                42,
                "At a place nobody can look up",
                day,
                evening(House::Berlin),
            )
        },
        26 => Event::bare(ids::of_day(43, day), evening(House::NewYork)),
        _ => return None,
    };
    Some(event)
}

/// Text that tries to become a line, a tag, or a direction of its own.
fn hostile(day: NaiveDate) -> Option<Event> {
    let (series, title, details) = match day.day() {
        5 => (
            50,
            "<script>alert('title')</script>Markup in a title",
            "<p>Before<script>alert('details')</script><img src=x onerror=alert(1)>after</p>\
             <a href=\"javascript:alert(2)\">a link</a>"
                .to_owned(),
        ),
        6 => (
            51,
            "Lines in a title\r\nBEGIN:VEVENT\r\nSUMMARY:Injected\r\nEND:VEVENT",
            "text\r\nEND:VCALENDAR\r\n&#13;&#10;BEGIN:VALARM\u{0}\u{b}\u{2028}done".to_owned(),
        ),
        7 => (
            52,
            "Bidi \u{202e}txet desrever",
            "\u{2066}open \u{202b}and never closed; \\n \\, \\;".to_owned(),
        ),
        8 => (
            53,
            "Very long details",
            "<p>Kites, kites &amp; more kites.</p>".repeat(2_000),
        ),
        _ => return None,
    };
    let span = lasting(House::NewYork.at(day, (15, 0), First), 60);
    Some(Event {
        details: Some(details),
        ..at(House::NewYork, series, title, day, span)
    })
}

fn at(house: House, series: u16, title: &str, day: NaiveDate, span: Span) -> Event {
    Event {
        title: Some(title.to_owned()),
        places: vec![house.id()],
        groups: vec![Team::Crew.id()],
        tags: vec![Label::Performance.id()],
        ..entered(series, day, span)
    }
}

fn between(start: DateTime<Utc>, end: DateTime<Utc>) -> Span {
    lasting(start, (end - start).num_minutes())
}
