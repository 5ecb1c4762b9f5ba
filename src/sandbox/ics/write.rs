//! A whole calendar.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    event::Pen,
    settings::{Definitions, Home, Settings},
    text::escaped,
    timezone::{self, definition},
};
use crate::sandbox::{
    course::Course,
    double::Calendar,
    season::{Event, Season},
};

/// Which part of a season a calendar shows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    /// All of it.
    Whole,
    /// What belongs to the group of that id.
    Group(&'a str),
    /// The classes.
    Courses,
}

impl Part<'_> {
    fn has_event(self, event: &Event) -> bool {
        match self {
            Self::Whole => true,
            Self::Group(id) => event.groups.iter().any(|group| group == id),
            Self::Courses => false,
        }
    }

    fn has_course(self, course: &Course) -> bool {
        match self {
            Self::Whole | Self::Courses => true,
            Self::Group(id) => course.group == id,
        }
    }
}

/// A part of the season in the manner of the settings.
pub(super) fn calendar(season: &Season, part: Part<'_>, settings: &Settings) -> Calendar {
    let mut pen = Pen::new(season, settings);
    let events: Vec<&Event> = season
        .events
        .iter()
        .filter(|event| !event.draft && part.has_event(event))
        .collect();
    let courses: Vec<&Course> = season
        .courses
        .iter()
        .filter(|course| part.has_course(course))
        .collect();
    let mut written: Vec<Vec<String>> = events.iter().map(|event| pen.event(event)).collect();
    written.extend(courses.iter().flat_map(|course| pen.course(course)));
    let mut head = head(season, part, settings);
    if settings.definitions == Definitions::Sent {
        let (named, mut clocks) = pen.named();
        let (first, last) = extent(&events, &courses, settings.clock.now());
        for zone in named {
            let name = timezone::name(&zone, settings.zones);
            let clock = clocks.of(&zone);
            head.extend(
                clock
                    .into_iter()
                    .flat_map(|clock| definition(&name, clock, first, last)),
            );
        }
    }
    Calendar {
        head,
        events: written,
        foot: vec!["END:VCALENDAR".to_owned()],
        ending: settings.ending,
        folds: settings.folds,
    }
}

fn head(season: &Season, part: Part<'_>, settings: &Settings) -> Vec<String> {
    let name = match part {
        Part::Whole => season.title.clone(),
        Part::Courses => format!("{}: classes", season.title),
        Part::Group(id) => {
            let group = season.groups.iter().find(|group| group.id == id);
            group.map_or_else(|| id.to_owned(), |group| group.name.clone())
        }
    };
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Quillfeather//Box Office 3//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        format!("X-WR-CALNAME:{}", escaped(&name)),
    ];
    if settings.home == Home::Told {
        lines.push(format!("X-WR-TIMEZONE:{}", season.zone));
    }
    if let Some(every) = settings.refresh {
        let minutes = every.num_minutes();
        lines.push(format!("REFRESH-INTERVAL;VALUE=DURATION:PT{minutes}M"));
        lines.push(format!("X-PUBLISHED-TTL:PT{minutes}M"));
    }
    lines
}

/// From the first instant that is written to the last, with a day to spare for wall times.
fn extent(
    events: &[&Event],
    courses: &[&Course],
    now: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let day = TimeDelta::days(1);
    let meetings = courses.iter().flat_map(|course| course.starts());
    let instants: Vec<DateTime<Utc>> = events
        .iter()
        .flat_map(|event| [event.span.start(), event.span.end()])
        .chain(meetings.map(|start| start.and_utc()))
        .collect();
    let first = instants.iter().min().copied().unwrap_or(now);
    let last = instants.iter().max().copied().unwrap_or(now);
    (first - day, last + day)
}
