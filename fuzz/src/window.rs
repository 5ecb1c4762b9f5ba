//! A window has one spelling, and means the same days however it is looked at: never none, never more than ten years, and
//! only as far from today as its words say (design §7).

use std::str;

use calbridge::domain::{
    when::{DateSpan, TimeSpan, When},
    window::{Window, WindowSpec},
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

/// Days on which it is looked: a leap day, the ends of what calbridge speaks of, and one between two weeks and two years.
const TODAYS: [(i32, u32, u32); 5] = [
    (1970, 1, 1),
    (2024, 2, 29),
    (2026, 11, 22),
    (2027, 1, 3),
    (2099, 12, 31),
];
/// Ten years, three of them leap years.
const DAYS_MAX: i64 = 10 * 365 + 3;

/// Holds the grammar of windows, and what they mean, to that promise.
///
/// # Panics
/// If it is broken.
pub fn hold(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    let Ok(spec) = text.parse::<WindowSpec>() else {
        return;
    };
    assert_eq!(spec.to_string(), text, "one window, one spelling");
    let todays = TODAYS.map(|(year, month, day)| {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
    });
    let meant = todays.map(|today| spec.days(today));
    if !spec.rolls() {
        assert!(meant.iter().all(|days| *days == meant[0]), "{meant:?}");
        assert!(
            meant[0].is_ok(),
            "what does not move was looked at when it was read"
        );
    }
    for (today, days) in todays.into_iter().zip(meant) {
        if let Ok(Some(days)) = days {
            bounded(days, today);
        }
    }
}

fn bounded(days: DateSpan, today: NaiveDate) {
    let count = (days.end() - days.first()).num_days();
    assert!((1..=DAYS_MAX).contains(&count), "{count} days");

    let window = Window::new(days, midnight);
    let one = |day: NaiveDate| DateSpan::through(day, day).map(When::Days);
    let at = |day: NaiveDate| TimeSpan::new(midnight(day), midnight(day)).map(When::Timed);
    let before = days.first() - Days::new(1);
    for (day, shows) in [
        (before, false),
        (days.first(), true),
        (days.end() - Days::new(1), true),
        (days.end(), false),
    ] {
        // A day outside the years that calbridge speaks of is no event's.
        for when in [one(day), at(day)].into_iter().flatten() {
            assert_eq!(window.shows(when), shows, "{day} in {days:?}");
        }
    }

    match window.halved(today) {
        None => assert_eq!(count, 1, "only a day has no half"),
        Some(half) => {
            assert!(days.covers(half.days()), "{half:?} of {days:?}");
            let left = (half.days().end() - half.days().first()).num_days();
            assert_eq!(left, count / 2, "{half:?} of {days:?}");
        }
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
