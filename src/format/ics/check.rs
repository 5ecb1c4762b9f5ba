//! The last look at a calendar before it is published (interop W10, W11).
//!
//! The writer is meant to get all of this right. Should it not, one fault costs more than one event: Google ignores a whole
//! calendar for one bad line, and Evolution empties its copy when it cannot read the next.

use std::ops::Range;

use crate::domain::id::EventUid;

use super::line::LINE_MAX;

/// What may stand in an event once at most (interop P14); the first three must.
const ONCE: [&str; 20] = [
    "UID",
    "DTSTAMP",
    "DTSTART",
    "CLASS",
    "CREATED",
    "DESCRIPTION",
    "DTEND",
    "DURATION",
    "GEO",
    "LAST-MODIFIED",
    "LOCATION",
    "ORGANIZER",
    "PRIORITY",
    "RECURRENCE-ID",
    "RRULE",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "TRANSP",
    "URL",
];
/// How many of [`ONCE`] must be there.
const REQUIRED: usize = 3;

/// A whole calendar that passed: the only bytes that a document is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked(Vec<u8>);

/// Why a calendar, or one event, is not published. Names the rule, never what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Interop S4; also where a fold falls inside a character.
    #[error("it is not UTF-8")]
    Encoding,
    /// Interop S1.
    #[error("a line does not end with CR LF")]
    LineEnd,
    /// Interop S1, S10.
    #[error("a bare carriage return or another control character stands in a line")]
    Control,
    /// Interop S3.
    #[error("a line is longer than {LINE_MAX} octets")]
    LineLength,
    /// RFC 5545 §3.1.
    #[error("a line is neither a property nor the rest of one")]
    Line,
    /// Interop S2, S14.
    #[error("it is not one calendar from the first line to the last")]
    Frame,
    /// Interop S14, W9.
    #[error("components do not nest as they must")]
    Nesting,
    /// Interop W6.
    #[error("it has neither an event nor a time zone")]
    Empty,
    /// Interop P14.
    #[error("an event has no {0}")]
    Lacks(&'static str),
    /// Interop P14.
    #[error("an event has more than one {0}")]
    Repeats(&'static str),
    /// Interop W10.
    #[error("it holds {found} events and should hold {expected}")]
    Count {
        /// How many there are.
        found: usize,
        /// How many were written.
        expected: usize,
    },
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Before,
    Calendar,
    Event,
    Zone,
    Standard,
    Daylight,
    After,
}

/// What a scan came to.
struct Found {
    at: Position,
    events: usize,
    zones: usize,
}

impl Checked {
    /// Checks `body`, in which `events` events were written.
    ///
    /// # Errors
    /// The first flaw found.
    pub fn new(body: Vec<u8>, events: usize) -> Result<Self, Flaw> {
        calendar(&body, events).map(|()| Self(body))
    }

    /// Checks `body`, in which `events` stand, and leaves out those that do not pass, each with its flaw.
    ///
    /// # Errors
    /// A flaw that is in no event; or that of an event if none would be left, since a calendar without any clears those of
    /// its subscribers.
    pub fn without_broken(
        body: Vec<u8>,
        events: &[(EventUid, Range<usize>)],
    ) -> Result<(Self, Vec<(EventUid, Flaw)>), Flaw> {
        if calendar(&body, events.len()).is_ok() {
            return Ok((Self(body), Vec::new()));
        }
        let mut broken = Vec::new();
        let mut rest = Vec::with_capacity(body.len());
        let mut copied = 0;
        for (uid, place) in events {
            if let Err(flaw) = event(&body[place.clone()]) {
                broken.push((*uid, flaw));
                rest.extend_from_slice(&body[copied..place.start]);
                copied = place.end;
            }
        }
        rest.extend_from_slice(&body[copied..]);
        match broken[..] {
            [(_, flaw), ..] if broken.len() == events.len() => Err(flaw),
            _ => Ok((Self::new(rest, events.len() - broken.len())?, broken)),
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its bytes, to be kept.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

fn calendar(body: &[u8], expected: usize) -> Result<(), Flaw> {
    let found = scan(body, Position::Before)?;
    match (found.at, found.events, found.zones) {
        (Position::After, 0, 0) if expected == 0 => Err(Flaw::Empty),
        (Position::After, events, _) if events == expected => Ok(()),
        (Position::After, found, _) => Err(Flaw::Count { found, expected }),
        _ => Err(Flaw::Frame),
    }
}

/// Whether `bytes` are one event and nothing else.
fn event(bytes: &[u8]) -> Result<(), Flaw> {
    let found = scan(bytes, Position::Calendar)?;
    match (found.at, found.events, found.zones) {
        (Position::Calendar, 1, 0) => Ok(()),
        _ => Err(Flaw::Nesting),
    }
}

/// Reads lines that begin at `at`.
fn scan(bytes: &[u8], mut at: Position) -> Result<Found, Flaw> {
    // Every line ends with ASCII, so each is UTF-8 by itself if the whole is.
    let text = std::str::from_utf8(bytes).map_err(|_not_text| Flaw::Encoding)?;
    let (mut lines, mut events, mut zones) = (0, 0, 0);
    let mut seen = [false; ONCE.len()];
    let mut may_go_on = false;
    for line in text.split_inclusive('\n') {
        lines += 1;
        let line = line.strip_suffix("\r\n").ok_or(Flaw::LineEnd)?;
        if line.len() > LINE_MAX {
            return Err(Flaw::LineLength);
        }
        if line.starts_with(' ') {
            if !may_go_on {
                return Err(Flaw::Line);
            }
            continue;
        }
        let name = name(line).ok_or(Flaw::Line)?;
        may_go_on = false;
        match (name, at) {
            ("BEGIN" | "END", _) => {
                at = moved(at, line)?;
                match line {
                    "BEGIN:VEVENT" => seen = [false; ONCE.len()],
                    "END:VEVENT" => {
                        complete(&seen)?;
                        events += 1;
                    }
                    "END:VTIMEZONE" => zones += 1,
                    _ => {}
                }
            }
            (_, Position::Before | Position::After) => return Err(Flaw::Frame),
            (_, Position::Event) => {
                may_go_on = true;
                note(&mut seen, name)?;
            }
            _ => may_go_on = true,
        }
    }
    // Counted in one sweep, which takes a fraction of the time of looking at each line: two end each line, and there is no
    // other.
    let controls = bytes.iter().filter(|byte| is_control(**byte)).count();
    if controls != 2 * lines {
        return Err(Flaw::Control);
    }
    Ok(Found { at, events, zones })
}

/// CONTROL of RFC 5545 §3.1, with the two that end a line.
fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

/// The name of a property, as calbridge writes them: in upper case (interop S12).
fn name(line: &str) -> Option<&str> {
    let named = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    let end = line.bytes().position(|byte| !named(byte))?;
    let follows = line.as_bytes()[end];
    (end > 0 && matches!(follows, b':' | b';')).then(|| &line[..end])
}

/// Where one stands after a `BEGIN` or an `END`.
fn moved(at: Position, line: &str) -> Result<Position, Flaw> {
    match (at, line) {
        (Position::Before, "BEGIN:VCALENDAR") => Ok(Position::Calendar),
        (Position::Calendar, "BEGIN:VEVENT") => Ok(Position::Event),
        (Position::Calendar, "BEGIN:VTIMEZONE")
        | (Position::Standard, "END:STANDARD")
        | (Position::Daylight, "END:DAYLIGHT") => Ok(Position::Zone),
        (Position::Zone, "BEGIN:STANDARD") => Ok(Position::Standard),
        (Position::Zone, "BEGIN:DAYLIGHT") => Ok(Position::Daylight),
        (Position::Event, "END:VEVENT") | (Position::Zone, "END:VTIMEZONE") => {
            Ok(Position::Calendar)
        }
        (Position::Calendar, "END:VCALENDAR") => Ok(Position::After),
        (Position::Before | Position::After, _) => Err(Flaw::Frame),
        _ => Err(Flaw::Nesting),
    }
}

fn note(seen: &mut [bool; ONCE.len()], name: &str) -> Result<(), Flaw> {
    let Some(index) = ONCE.iter().position(|once| *once == name) else {
        return Ok(());
    };
    if seen[index] {
        return Err(Flaw::Repeats(ONCE[index]));
    }
    seen[index] = true;
    Ok(())
}

fn complete(seen: &[bool; ONCE.len()]) -> Result<(), Flaw> {
    let lacking = seen[..REQUIRED].iter().position(|seen| !seen);
    lacking.map_or(Ok(()), |index| Err(Flaw::Lacks(ONCE[index])))
}

#[cfg(test)]
mod tests;
