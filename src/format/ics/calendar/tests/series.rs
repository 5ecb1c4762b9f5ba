//! Series, as instances and as rules, in every zone that can be described (interop Z6, Z7, section 7).

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::{golden::golden, *};
use crate::domain::{
    feed::Recurring,
    series::{Length, Series, Wall},
    testing::{days, event, timed},
};

/// What one yearly change each way describes, with one zone that never changes.
const ZONES: [Tz; 10] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Australia__Sydney,
    Tz::Pacific__Auckland,
    Tz::Europe__Dublin,
    Tz::Europe__Chisinau,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Chatham,
    Tz::Antarctica__Troll,
    Tz::Asia__Kathmandu,
];

fn repeated(id: &str, wall: Wall, rule: &str, except: &[&str]) -> Event {
    let (length, first) = match wall {
        Wall::Days => (Length::Days(2), days("2027-01-05", "2027-01-06")),
        _ => (
            Length::Exact(TimeDelta::minutes(90)),
            timed("2027-01-05T18:30:00Z", "2027-01-05T20:00:00Z"),
        ),
    };
    let time = if wall == Wall::Days { "00:00" } else { "19:30" };
    let at = |day: &str| -> NaiveDateTime { format!("{day}T{time}:00").parse().unwrap() };
    let except = except.iter().map(|day| at(day)).collect();
    let rules = [rule.to_owned()];
    let series = Series::new(wall, at("2027-01-05"), length, &rules, Vec::new(), except);
    Event {
        series: Some(Arc::new(series.unwrap())),
        ..event(id, first)
    }
}

fn draft(recurring: Recurring, events: Vec<(Event, Tz)>) -> Draft {
    let mut draft = Draft::of(events);
    draft.feed.recurring = recurring;
    draft
}

fn in_every_zone(recurring: Recurring) -> Draft {
    let rule = "FREQ=MONTHLY;BYDAY=1TU;COUNT=12";
    let of = |tz: Tz| {
        let except = ["2027-02-02", "2027-08-03"];
        (repeated(tz.name(), Wall::Zone(tz), rule, &except), tz)
    };
    draft(recurring, ZONES.map(of).into())
}

#[test]
fn a_series_in_each_zone_as_its_instances() {
    golden("series-expanded", &in_every_zone(Recurring::Expand));
}

#[test]
fn a_series_in_each_zone_as_a_rule() {
    golden("series-kept", &in_every_zone(Recurring::Keep));
}

#[test]
fn whole_days_that_repeat_are_dates_throughout() {
    let days = || repeated("holiday", Wall::Days, "FREQ=YEARLY", &["2028-01-05"]);
    let of = |recurring| draft(recurring, vec![(days(), Tz::Europe__Berlin)]);
    golden("series-days-expanded", &of(Recurring::Expand));
    golden("series-days-kept", &of(Recurring::Keep));
}

#[test]
fn what_cannot_be_kept_is_expanded() {
    let class = |tz| {
        (
            repeated("class", Wall::Zone(tz), "FREQ=WEEKLY;COUNT=20", &[]),
            tz,
        )
    };
    for (row, tz, change, is_kept) in [
        ("usual", Tz::Europe__Berlin, None, true),
        (
            "pinned to its own zone",
            Tz::Europe__Berlin,
            Some(Tz::Europe__Berlin),
            true,
        ),
        (
            "pinned to another",
            Tz::Europe__Berlin,
            Some(Tz::Asia__Tokyo),
            false,
        ),
        ("no yearly rule", Tz::Asia__Jerusalem, None, false),
        ("no Area/Location", Tz::UTC, None, false),
    ] {
        let mut draft = draft(Recurring::Keep, vec![class(tz)]);
        draft.feed.pinned = change;
        let body = String::from_utf8(draft.write().body).unwrap();
        let events = body.matches("BEGIN:VEVENT").count();
        assert_eq!(events, if is_kept { 1 } else { 20 }, "{row}");
        assert_eq!(body.contains("RRULE:FREQ=WEEKLY"), is_kept, "{row}");
    }
    let mut utc = draft(Recurring::Keep, vec![class(Tz::Europe__Berlin)]);
    utc.feed.times = Times::Utc;
    let body = String::from_utf8(utc.write().body).unwrap();
    assert_eq!(body.matches("BEGIN:VEVENT").count(), 20, "in UTC");
    assert!(!body.contains("RRULE"), "in UTC");
}

#[test]
fn an_event_that_no_rule_covers_goes_out_in_utc_and_leaves_the_series_its_zone() {
    let zone = Tz::America__New_York;
    let class = repeated("class", Wall::Zone(zone), "FREQ=WEEKLY;COUNT=5", &[]);
    // New York had other rules until 2006.
    let old = event("old", timed("2005-03-30T18:00:00Z", "2005-03-30T19:00:00Z"));
    let new = event("new", timed("2027-01-10T18:00:00Z", "2027-01-10T19:00:00Z"));
    let events = vec![(class, zone), (old, zone), (new, zone)];
    let body = String::from_utf8(draft(Recurring::Keep, events).write().body).unwrap();
    for line in [
        "DTSTART;TZID=America/New_York:20270105T193000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270203T003000Z",
        "DTSTART:20050330T180000Z",
        "DTSTART;TZID=America/New_York:20270110T130000",
    ] {
        assert!(body.contains(&format!("\r\n{line}\r\n")), "{line} {body}");
    }
}

#[test]
fn of_several_copies_of_a_series_the_first_decides_whether_it_is_kept() {
    let tz = Tz::Europe__Berlin;
    let copy = |rule| repeated("class", Wall::Zone(tz), rule, &[]);
    let (kept, expanded) = (copy("FREQ=WEEKLY"), copy("FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1"));
    let mut feed = feed();
    feed.recurring = Recurring::Keep;
    let usual = expansion();
    for (row, copies, want) in [
        ("kept first", [&kept, &expanded], 1),
        ("expanded first", [&expanded, &kept], 0),
    ] {
        let copies = copies.into_iter();
        let found = crate::format::ics::keepsakes(&feed, copies, &usual.within, usual.data);
        assert_eq!(found.len(), want, "{row}");
    }
}
