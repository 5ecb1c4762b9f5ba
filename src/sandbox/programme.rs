//! What the fictional company does, week in, week out: shows on tour, classes at home, travel, meetings.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::{
    company::{self, Label, Team, Work},
    ids::{self, Kind},
    local::Fold,
    season::{CANARY, Event, Span, Status},
    venues::House,
};

/// The tour: one house a week, in this order, again and again.
const TOUR: [House; 9] = [
    House::NewYork,
    House::London,
    House::Berlin,
    House::Casablanca,
    House::Kathmandu,
    House::Tokyo,
    House::Sydney,
    House::Vancouver,
    House::SaoPaulo,
];

/// Details as an editor in a browser leaves them: entities, a list, a link, a break, markup in the middle of words.
const SHOW: &str = "<p>A play in <b>two</b> acts, 110&nbsp;minutes &amp; one interval.</p>\
    <ul><li>Talk with the cast afterwards</li><li>Surtitles &lt;on request&gt;</li></ul>\
    <p>More at <a href=\"https://quillfeather.example/plays?id=7&amp;lang=en\">our site</a>.<br/>Caf\u{e9} opens at 18:00.</p>";

/// What happens on `day` by the weekly and monthly plan.
pub(super) fn on(day: NaiveDate) -> Vec<Event> {
    let week = week(day);
    let nth = (day.day0()) / 7 + 1;
    match day.weekday() {
        Weekday::Mon if !matches!(day.month(), 7 | 8) => vec![class(day)],
        Weekday::Tue if week % 4 == 0 => vec![travel(day)],
        Weekday::Wed if nth == 1 => vec![meeting(day)],
        Weekday::Thu => vec![show(1, day, (19, 30))],
        Weekday::Fri if nth == 3 => vec![festival(day)],
        Weekday::Sat if week % 6 == 0 => vec![matinee(day), show(2, day, (20, 0))],
        Weekday::Sat => vec![show(2, day, (20, 0))],
        _ => Vec::new(),
    }
}

/// What the office enters about every event: its stamps, and a note for admins.
pub(super) fn entered(series: u16, day: NaiveDate, span: Span) -> Event {
    let created = (day - Days::new(430)).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(9);
    Event {
        status: Some(Status::Confirmed),
        admin_notes: Some(format!("<p>Fee agreed, {CANARY}</p>")),
        created: Some(created),
        updated: Some(created + TimeDelta::minutes(i64::from(series) * 97)),
        ..Event::bare(ids::of_day(series, day), span)
    }
}

/// A span of `minutes` from `start`.
pub(super) fn lasting(start: DateTime<Utc>, minutes: i64) -> Span {
    Span::Timed {
        start,
        end: Some(start + TimeDelta::minutes(minutes)),
    }
}

fn show(series: u16, day: NaiveDate, time: (i8, i8)) -> Event {
    let week = week(day);
    let house = stop(week);
    let (work, title) = if week / 9 % 2 == 0 {
        (Work::Orchard, "The Glass Orchard")
    } else {
        (Work::Kites, "Nine Hundred Kites")
    };
    let status = match week % 13 {
        3 => Status::Tentative,
        6 if day.weekday() == Weekday::Sat => Status::Canceled,
        9 => Status::Unheard,
        _ => Status::Confirmed,
    };
    Event {
        title: Some(title.to_owned()),
        status: Some(status),
        details: Some(SHOW.to_owned()),
        places: vec![house.id()],
        projects: vec![work.id()],
        groups: vec![Team::Ensemble.id(), Team::Crew.id(), Team::Lanterns.id()],
        people: (0..3).map(|n| company::person(series + n)).collect(),
        tags: vec![Label::Performance.id()],
        ..entered(series, day, lasting(house.at(day, time, Fold::First), 135))
    }
}

fn matinee(day: NaiveDate) -> Event {
    let house = stop(week(day));
    Event {
        title: Some("Kites for Children: ages 5, 6 & 7; bring a parent".to_owned()),
        details: Some("Please arrive early.<br>Prams stay outside.".to_owned()),
        places: vec![house.id()],
        projects: vec![Work::Kites.id()],
        groups: vec![Team::Ensemble.id()],
        tags: vec![Label::Performance.id(), Label::Family.id()],
        ..entered(3, day, lasting(house.at(day, (14, 0), Fold::First), 60))
    }
}

/// A weekly class. Prospero has no recurrence, so each is an event of its own (fact sheet §6).
fn class(day: NaiveDate) -> Event {
    Event {
        title: Some("Open Studio: Puppetry I".to_owned()),
        details: Some("Beginners. Wear shoes you can <i>run</i> in.".to_owned()),
        places: vec![House::NewYork.space(1)],
        projects: vec![Work::Studio.id()],
        groups: vec![Team::Students.id()],
        tags: vec![Label::Class.id()],
        booking: Some(ids::fixed(Kind::Booking, 1)),
        ..entered(
            4,
            day,
            lasting(House::NewYork.at(day, (18, 30), Fold::First), 90),
        )
    }
}

/// A whole day on the road; its last day is its first.
fn travel(day: NaiveDate) -> Event {
    Event {
        title: Some("Travel day".to_owned()),
        groups: vec![Team::Ensemble.id(), Team::Crew.id()],
        tags: vec![Label::Travel.id()],
        ..entered(
            5,
            day,
            Span::Days {
                first: day,
                last: day,
            },
        )
    }
}

/// Three whole days.
fn festival(day: NaiveDate) -> Event {
    let last = day + Days::new(2);
    Event {
        title: Some("Lantern weekend".to_owned()),
        details: Some("<p>Three days, no tickets.</p>".to_owned()),
        places: vec![stop(week(day)).id()],
        groups: vec![Team::Chorus.id()],
        tags: vec![Label::Family.id()],
        ..entered(6, day, Span::Days { first: day, last })
    }
}

/// A draft: in the upstream's answers, and never to be published.
fn meeting(day: NaiveDate) -> Event {
    Event {
        title: Some(format!("Casting, confidential {CANARY}")),
        draft: true,
        flag: true,
        details: Some(format!("<p>{CANARY}</p>")),
        places: vec![House::NewYork.space(2)],
        groups: vec![Team::Ensemble.id()],
        ..entered(
            7,
            day,
            lasting(House::NewYork.at(day, (10, 0), Fold::First), 60),
        )
    }
}

/// Where the company is in that week.
fn stop(week: i64) -> House {
    let turn = usize::try_from(week).unwrap_or_default();
    TOUR[turn % TOUR.len()]
}

/// Weeks, from Monday, since the one that 1970 began in.
fn week(day: NaiveDate) -> i64 {
    let monday = NaiveDate::from_ymd_opt(1969, 12, 29).expect("a day of December");
    (day - monday).num_days().div_euclid(7)
}
