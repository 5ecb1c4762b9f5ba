//! `calbridge history`

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{CliError, stdout};
use crate::{
    StartError,
    config::{Config, Store},
    domain::{
        family::Family,
        id::{EventUid, FeedId},
        when::stamp,
    },
    store::sqlite::{self, Line},
};

/// How the changes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A line each, for people.
    Lines,
    /// One array of objects.
    Json,
}

/// What became of the events of `feed`, or of one of them, newest first.
pub(super) async fn history(
    config: Config,
    feed: &FeedId,
    event: Option<EventUid>,
    shape: Shape,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let Some((_, configured)) = config.every_feed().find(|(id, _)| *id == feed) else {
        let known = config.every_feed().map(|(id, _)| id);
        return Err(CliError::unknown("feed", feed, known));
    };
    let Store::File(path) = &config.store else {
        return Err(CliError::Storeless {
            remedy: "name a file in `store.url`: what changes from then on is kept",
        });
    };
    let log = sqlite::log(path, feed, configured, event).await;
    let log = log.map_err(StartError::Store)?;
    let told = log.lines.iter().map(|line| Told::of(line, &log.last_reads));
    match shape {
        Shape::Json => {
            let told: Vec<Told<'_>> = told.collect();
            serde_json::to_writer_pretty(&mut *out, &told).map_err(|error| stdout(error.into()))?;
            writeln!(out).map_err(stdout)
        }
        Shape::Lines if log.lines.is_empty() => writeln!(
            out,
            "nothing has changed in `{feed}` for as long as changes are kept (90 days)"
        )
        .map_err(stdout),
        Shape::Lines => {
            let mut told = told;
            told.try_for_each(|told| tell(&told, out)).map_err(stdout)
        }
    }
}

/// A change as it is told.
#[derive(Debug, Serialize)]
struct Told<'a> {
    seen: String,
    published: Option<String>,
    event: String,
    title: Option<&'a str>,
    change: &'static str,
    fields: Vec<&'static str>,
    sequence: Option<u32>,
    source: &'a str,
    unit: &'a str,
    read_since: BTreeMap<&'static str, String>,
}

impl<'a> Told<'a> {
    /// `line` with those families whose last read of the feed came after it was seen: whatever they read before, that
    /// one had it.
    fn of(line: &'a Line, last_reads: &BTreeMap<Family, DateTime<Utc>>) -> Self {
        let since = last_reads.iter().filter(|(_, last)| **last > line.seen);
        Self {
            seen: stamp(line.seen),
            published: line.published.map(stamp),
            event: line.uid.to_string(),
            title: line.title.as_deref(),
            change: line.kind.word(),
            fields: line.fields.iter().map(|field| field.word()).collect(),
            sequence: line.sequence,
            source: line.source.as_str(),
            unit: &line.unit,
            read_since: since
                .map(|(family, last)| (family.word(), stamp(*last)))
                .collect(),
        }
    }
}

/// `2026-11-22T10:00:05Z  moved      <uid>  SEQUENCE 3, LAST-MODIFIED 2026-11-22T10:00:05Z  Recital (time, title)  read
/// since by apple, google`
fn tell(told: &Told<'_>, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{}  {:<9}  {}", told.seen, told.change, told.event)?;
    if let (Some(sequence), Some(published)) = (told.sequence, &told.published) {
        write!(out, "  SEQUENCE {sequence}, LAST-MODIFIED {published}")?;
    }
    if let Some(title) = told.title {
        write!(out, "  {title}")?;
    }
    if !told.fields.is_empty() {
        write!(out, " ({})", told.fields.join(", "))?;
    }
    if told.read_since.is_empty() {
        return writeln!(out, "  not read since");
    }
    let families: Vec<&str> = told.read_since.keys().copied().collect();
    writeln!(out, "  read since by {}", families.join(", "))
}
