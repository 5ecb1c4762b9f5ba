//! What stands in files, and what becomes of it.

mod series;
mod split;
mod texts;
mod times;
mod zones;

use chrono::NaiveDate;

use super::*;
use crate::{
    domain::{
        testing::{stage, uid},
        when::{DateSpan, When},
        window::Window,
    },
    zones::data::tests::built_in,
};

/// Maps a file of a source in New York.
fn mapped(body: &str) -> Batch {
    let mapping = Mapping {
        source: &stage(),
        zone: Tz::America__New_York,
        data: built_in(),
    };
    mapping.batch(body.replace('\n', "\r\n").as_bytes())
}

/// A calendar of what `inner` says.
fn calendar(inner: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{inner}END:VCALENDAR\n")
}

/// An event that has what every event needs, and `lines`.
fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:one@a.example\nSUMMARY:Tosca\n{lines}\nEND:VEVENT\n")
}

/// What there is to say about a batch.
fn said(batch: &Batch) -> String {
    let remarks: Vec<String> = batch.remarks.iter().map(ToString::to_string).collect();
    remarks.join("; ")
}

/// The only event of a file with an event of `lines`.
#[track_caller]
fn only(lines: &str) -> Event {
    let mut batch = mapped(&calendar(&event(lines)));
    assert_eq!(batch.events.len(), 1, "{lines}: {}", said(&batch));
    batch.events.remove(0)
}

/// A series of four days.
const DAILY: &str = "DTSTART;TZID=Europe/Berlin:20260701T100000\nDTEND;TZID=Europe/Berlin:20260701T110000\nRRULE:FREQ=DAILY;COUNT=4";

/// When the events of a batch begin in UTC, those of series one by one: day, hour, title.
fn starts(batch: &Batch) -> Vec<String> {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let days = DateSpan::until(day("2026-01-01"), day("2028-01-01")).unwrap();
    let window = Window::new(days, |day| day.and_time(chrono::NaiveTime::MIN).and_utc());
    let mut found = Vec::new();
    for event in &batch.events {
        let whens: Vec<When> = match &event.series {
            None => vec![event.when],
            Some(series) => {
                let occurrences = series.occurrences(&window, built_in());
                occurrences.map(|occurrence| occurrence.when).collect()
            }
        };
        found.extend(whens.into_iter().map(|when| match when {
            When::Days(days) => format!("{} {}", days.first().format("%m-%d"), event.title),
            When::Timed(span) => {
                let at = span.start().format("%m-%dT%H:%M");
                format!("{at} {}", event.title)
            }
        }));
    }
    found.sort();
    found
}

/// A changed instance of the event of [`event`].
fn changed(title: &str, lines: &str) -> String {
    event(lines).replace("Tosca", title)
}
