//! When an event is (interop T1 to T10, Z1, Z3).

mod laws;

use std::{
    collections::HashMap,
    fmt::{self, Display},
};

use chrono::{Datelike, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use crate::{
    outline::{Component, Line},
    source::ics::{
        timezone,
        value::{Duration, Written},
    },
    zones::{OffsetTable, Zone, ZoneData, name},
};

use super::{Findings, quoted, zone};

/// The zones of one calendar.
pub(super) struct Clocks<'a> {
    data: &'a ZoneData,
    /// Each `VTIMEZONE`; `None` if it cannot be reckoned with.
    declared: HashMap<&'a str, Option<OffsetTable>>,
    named: HashMap<&'a str, Option<Tz>>,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form<'a> {
    Day,
    Utc,
    Floating,
    Zoned(&'a str),
}

/// A time as it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp<'a> {
    pub(super) form: Form<'a>,
    /// What the clock shows.
    pub(super) wall: NaiveDateTime,
}

impl<'a> Clocks<'a> {
    /// The zones that `calendar` declares, and those of `data`.
    pub(super) fn of(calendar: &'a Component<'a>, data: &'a ZoneData) -> Self {
        let declared = calendar.parts("VTIMEZONE").filter_map(|zone| {
            let declared = timezone::table(&zone::rules(zone).observances);
            Some((zone.value("TZID")?, declared))
        });
        Self {
            data,
            declared: declared.collect(),
            named: HashMap::new(),
        }
    }

    /// The zone of the tz database that is called `name`.
    pub(super) fn zone(&mut self, name: &'a str) -> Option<&'a Zone> {
        let tz = self.named.entry(name).or_insert_with(|| name::sure(name));
        self.data.zone((*tz)?)
    }

    /// Whether the file and the tz database agree on the zone `name` in all years; `None` where either does not know it.
    pub(super) fn agrees(&mut self, name: &'a str) -> Option<bool> {
        let zone = self.zone(name)?;
        let declared = self.declared.get(name)?.as_ref()?;
        Some(timezone::agree(declared, zone))
    }

    /// Reads the time on `line` and looks at how it is written.
    pub(super) fn read(&mut self, line: Line<'a>, findings: &mut Findings) -> Option<Stamp<'a>> {
        let (number, value) = (line.number, line.property.value);
        let zone = line.property.param("TZID");
        let is_date = line
            .property
            .param("VALUE")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("DATE"));
        let Some(written) = Written::parse(value).filter(|_| is_basic(value)) else {
            findings.at(number, &laws::UNREADABLE, quoted(value));
            return None;
        };
        let (form, wall) = match written {
            Written::Date(day) => {
                if zone.is_some() {
                    findings.at(number, &laws::ZONED_DAY, quoted(value));
                } else if !is_date {
                    findings.at(number, &laws::BARE_DAY, quoted(value));
                }
                (Form::Day, day.and_time(chrono::NaiveTime::MIN))
            }
            Written::Utc(at) => {
                if zone.is_some() {
                    findings.at(number, &laws::BOTH, quoted(value));
                }
                (Form::Utc, at.naive_utc())
            }
            Written::Wall(wall) => {
                let form = zone.map_or(Form::Floating, Form::Zoned);
                if form == Form::Floating {
                    findings.at(number, &laws::FLOATING, quoted(value));
                }
                (form, wall)
            }
        };
        if !(1970..=2099).contains(&wall.year()) {
            findings.at(number, &laws::YEAR, quoted(value));
        }
        let stamp = Stamp { form, wall };
        self.look_at_zone(number, stamp, findings);
        Some(stamp)
    }

    fn look_at_zone(&mut self, number: usize, stamp: Stamp<'a>, findings: &mut Findings) {
        let Form::Zoned(name) = stamp.form else {
            return;
        };
        let known = self.zone(name);
        let Some(declared) = self.declared.get(name) else {
            let law = if known.is_some() {
                &laws::UNDECLARED
            } else {
                &laws::UNKNOWN
            };
            return findings.at(
                number,
                law,
                format!("{}, and no such VTIMEZONE", quoted(name)),
            );
        };
        let Some(zone) = known else {
            return;
        };
        if stamp.wall.year() > 2037 {
            findings.at(number, &laws::LATE, stamp.to_string());
        }
        let at = zone.instant(stamp.wall);
        if zone.local(at) != stamp.wall {
            findings.at(number, &laws::SKIPPED, stamp.to_string());
        } else if zone.is_repeated(stamp.wall) {
            findings.at(number, &laws::REPEATED, stamp.to_string());
        } else if let Some(declared) = declared
            && declared.instant(stamp.wall) != at
        {
            let theirs = declared.instant(stamp.wall);
            findings.at(
                number,
                &laws::WRONG,
                format!(
                    "{stamp} is {} by its VTIMEZONE and {} by the tz database",
                    theirs.format("%H:%M UTC"),
                    at.format("%H:%M UTC")
                ),
            );
        }
    }
}

/// Looks at when `event` is; what its start says, if that can be read.
pub(super) fn look<'a>(
    event: &'a Component<'a>,
    clocks: &mut Clocks<'a>,
    findings: &mut Findings,
) -> Option<Stamp<'a>> {
    let Some(line) = event.get("DTSTART") else {
        findings.at(event.number, &laws::MISSING, "no DTSTART");
        return None;
    };
    let start = clocks.read(line, findings);
    let end = event.get("DTEND");
    let length = event.get("DURATION");
    if let (Some(_), Some(length)) = (end, length) {
        findings.at(length.number, &laws::TWO_ENDS, "DURATION beside DTEND");
    }
    if let Some(length) = length
        && Duration::parse(length.property.value).is_none()
    {
        findings.at(length.number, &laws::LENGTH, quoted(length.property.value));
    }
    let flag = event.get("X-MICROSOFT-CDO-ALLDAYEVENT");
    let start = start?;
    if let Some(flag) = flag
        && flag.property.value.eq_ignore_ascii_case("TRUE")
        && start.form != Form::Day
    {
        findings.at(
            flag.number,
            &laws::FLAG,
            "X-MICROSOFT-CDO-ALLDAYEVENT of a timed event",
        );
    }
    if end.is_none() && length.is_none() && start.form == Form::Day {
        findings.at(event.number, &laws::ENDLESS_DAY, "no DTEND");
    }
    if let Some(line) = end
        && let Some(end) = clocks.read(line, findings)
    {
        look_at_end(line.number, start, end, clocks, findings);
    }
    Some(start)
}

fn look_at_end<'a>(
    number: usize,
    start: Stamp<'a>,
    end: Stamp<'a>,
    clocks: &mut Clocks<'a>,
    findings: &mut Findings,
) {
    let found = || format!("{end}, and {start} in DTSTART");
    match (start.form, end.form) {
        (Form::Day, Form::Day) if end.wall <= start.wall => {
            findings.at(number, &laws::LAST_DAY, found());
        }
        (Form::Day, Form::Day) => {}
        (Form::Day, _) | (_, Form::Day) => findings.at(number, &laws::KINDS, found()),
        (one, other) => {
            if one != other {
                findings.at(number, &laws::TWO_ZONES, found());
            }
            let mut instant = |stamp: Stamp<'a>| match stamp.form {
                Form::Zoned(name) => clocks.zone(name).map(|zone| zone.instant(stamp.wall)),
                _ => Some(stamp.wall.and_utc()),
            };
            let length = match (one == other, instant(start), instant(end)) {
                (_, Some(start), Some(end)) => end - start,
                (true, ..) => end.wall - start.wall,
                _ => return,
            };
            if length < TimeDelta::zero() {
                findings.at(number, &laws::BACKWARDS, found());
            } else if length.is_zero() {
                findings.at(number, &laws::INSTANT, found());
            }
        }
    }
}

/// `20261121T190000Z`: without dashes, colons or offsets (RFC 5545 §3.3.4, §3.3.5).
fn is_basic(value: &str) -> bool {
    matches!(value.len(), 8 | 15 | 16)
        && value.bytes().enumerate().all(|(at, byte)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        })
}

impl Display for Stamp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wall = self.wall;
        match self.form {
            Form::Day => write!(f, "{}", wall.format("%F")),
            Form::Utc => write!(f, "{}", wall.format("%F %H:%M UTC")),
            Form::Floating => write!(f, "{}", wall.format("%F %H:%M")),
            Form::Zoned(zone) => write!(f, "{} {}", wall.format("%F %H:%M"), quoted(zone)),
        }
    }
}
