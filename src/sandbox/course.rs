//! Classes that meet week after week. Upstreams that know recurrence keep one record for all meetings of one.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::{company::Team, ids, venues::House};

/// A class with the rule of its meetings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The upstream's id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// HTML for everyone.
    pub details: Option<String>,
    /// Where it meets.
    pub place: String,
    /// Whose class it is.
    pub group: String,
    /// When the clock on the wall starts the first meeting.
    pub first: NaiveDateTime,
    /// How long a meeting is, in minutes.
    pub minutes: i64,
    /// Weeks from one meeting to the next.
    pub weeks: u32,
    /// How often it meets, meetings left out included.
    pub count: u32,
    /// Days on which it does not meet after all.
    pub skipped: Vec<NaiveDate>,
    /// Meetings at another time: the day by the rule, and the new start.
    pub moved: Vec<(NaiveDate, NaiveDateTime)>,
}

impl Course {
    /// Its rule (RFC 5545 §3.3.10), without the name of the property.
    #[must_use]
    pub fn rule(&self) -> String {
        let day = weekday(self.first.weekday());
        let Self { weeks, count, .. } = self;
        format!("FREQ=WEEKLY;INTERVAL={weeks};COUNT={count};BYDAY={day}")
    }

    /// The starts by the rule, before anything is skipped or moved.
    pub fn starts(&self) -> impl Iterator<Item = NaiveDateTime> {
        let step = TimeDelta::weeks(self.weeks.into());
        let turns = 0..i32::try_from(self.count).unwrap_or(i32::MAX);
        turns.map(move |turn| self.first + step * turn)
    }

    /// When a meeting that starts then ends.
    #[must_use]
    pub fn end(&self, start: NaiveDateTime) -> NaiveDateTime {
        start + TimeDelta::minutes(self.minutes)
    }
}

/// A weekday as rules name it.
#[must_use]
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

/// The classes of the season that `today` is in, from September on, over both changes of the clocks.
pub(super) fn all(today: NaiveDate) -> Vec<Course> {
    let year = if today.month() < 7 {
        today.year() - 1
    } else {
        today.year()
    };
    let september = NaiveDate::from_ymd_opt(year, 9, 1).expect("every September has a first");
    let at = |day: NaiveDate, hour, minute| {
        day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).expect("an hour of the day"))
    };
    let tuesday = first(september, Weekday::Tue);
    let sunday = first(september, Weekday::Sun);
    vec![
        Course {
            id: ids::of_day(60, september),
            title: "Shadow Theatre II".to_owned(),
            details: Some("<p>Bring a <strong>torch</strong> &amp; paper.</p>".to_owned()),
            place: House::Berlin.space(1),
            group: Team::Students.id(),
            first: at(tuesday, 18, 30),
            minutes: 90,
            weeks: 1,
            count: 36,
            skipped: vec![tuesday + Days::new(7 * 15), tuesday + Days::new(7 * 16)],
            moved: vec![(
                tuesday + Days::new(7 * 9),
                at(tuesday + Days::new(7 * 9 + 1), 17, 0),
            )],
        },
        Course {
            id: ids::of_day(61, september),
            title: "Night Rehearsal".to_owned(),
            details: None,
            place: House::NewYork.space(0),
            group: Team::Ensemble.id(),
            first: at(sunday, 1, 30),
            minutes: 45,
            weeks: 2,
            count: 20,
            skipped: Vec::new(),
            moved: Vec::new(),
        },
    ]
}

/// The first such weekday from `day` on.
fn first(day: NaiveDate, weekday: Weekday) -> NaiveDate {
    let days = (7 + weekday.num_days_from_monday() - day.weekday().num_days_from_monday()) % 7;
    day + Days::new(days.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_meet_by_their_rule_over_both_changes_of_the_clocks() {
        for today in ["2026-11-22", "2027-06-30"] {
            let courses = all(today.parse().unwrap());
            assert_eq!(
                courses[0].rule(),
                "FREQ=WEEKLY;INTERVAL=1;COUNT=36;BYDAY=TU",
                "{today}"
            );
            let starts: Vec<String> = courses[0].starts().map(|at| at.to_string()).collect();
            assert_eq!(
                (starts.len(), starts[0].as_str(), starts[35].as_str()),
                (36, "2026-09-01 18:30:00", "2027-05-04 18:30:00"),
                "{today}"
            );
            let days: Vec<NaiveDate> = courses[0].starts().map(|at| at.date()).collect();
            assert!(courses[0].skipped.iter().all(|day| days.contains(day)));
            assert!(courses[0].moved.iter().all(|(day, _)| days.contains(day)));
        }
    }
}
