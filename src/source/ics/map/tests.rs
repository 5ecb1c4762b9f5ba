//! What stands in files, and what becomes of it.

mod series;
mod texts;
mod times;

use super::*;
use crate::{domain::testing::stage, zones::data::tests::built_in};

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
