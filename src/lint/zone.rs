//! `VTIMEZONE` (interop Z1 to Z10). Whether its offsets are right is asked where an event relies on them.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::{
    outline::{Component, Line},
    source::ics::{
        timezone::{Observance, Rules},
        value::{Written, seconds_east},
    },
    zones::{is_publishable, name},
};

use super::{Findings, Law, quoted};

static TWICE: Law = Law::error(
    "Z1",
    "have one VTIMEZONE of a name",
    "which of the two counts depends on the program",
);
static UNUSED: Law = Law::hint(
    "Z1",
    "leave out zones that no time names",
    "nobody we know of",
);
static NAMELESS: Law = Law::error(
    "Z1",
    "give every VTIMEZONE a TZID",
    "strict readers refuse the calendar",
);
static IANA: Law = Law::warning(
    "Z2",
    "name zones as the tz database does, such as `Europe/Berlin`",
    "readers without a table of such names shift events, others go by the VTIMEZONE alone",
);
static SHAPE: Law = Law::warning(
    "Z3",
    "have one STANDARD and one DAYLIGHT, each with one yearly RRULE",
    "Outlook reduces the zone to one change each way and shifts the rest by an hour",
);
static DATES: Law = Law::warning(
    "Z3",
    "have one yearly RRULE in place of RDATE, UNTIL and COUNT",
    "Outlook ignores the dates and shifts events by an hour",
);
static HOLLOW: Law = Law::error(
    "Z4",
    "have at least one STANDARD",
    "strict readers refuse the calendar",
);
static INCOMPLETE: Law = Law::error(
    "Z3",
    "give every observance DTSTART, TZOFFSETFROM and TZOFFSETTO",
    "strict readers refuse the calendar",
);
static JUMP: Law = Law::warning(
    "Z4",
    "give a zone without summer time the same offset before and after",
    "readers that begin with the first offset shift events",
);
static OFFSET: Law = Law::error(
    "Z5",
    "write offsets as `+0100`, without seconds",
    "Outlook on the web refuses the calendar",
);
static OLD: Law = Law::hint(
    "Z5",
    "begin observances in 1970",
    "some readers take long for centuries of rules",
);
static NEGATIVE: Law = Law::warning(
    "Z7",
    "write the greater offset as DAYLIGHT",
    "ical4j, and so DAVx5, puts events on the day before",
);
static EXTRAS: Law = Law::hint("Z10", "leave it out", "only the bytes change");

/// Looks at the zones of `calendar`.
pub(super) fn look(calendar: &Component<'_>, findings: &mut Findings) {
    let used: BTreeSet<&str> = calendar
        .parts("VEVENT")
        .flat_map(|event| &event.lines)
        .filter_map(|line| line.property.param("TZID"))
        .collect();
    // A calendar without events has one so as not to be empty (interop W6).
    let is_empty = calendar.parts("VEVENT").next().is_none();
    let mut seen = BTreeSet::new();
    for zone in calendar.parts("VTIMEZONE") {
        match zone.get("TZID") {
            None => findings.at(zone.number, &NAMELESS, "no TZID"),
            Some(id) => {
                let name = id.property.value;
                if !seen.insert(name) {
                    findings.at(id.number, &TWICE, quoted(name));
                }
                if !used.contains(name) && !is_empty {
                    findings.at(id.number, &UNUSED, quoted(name));
                }
                if !name::sure(name).is_some_and(|tz| is_publishable(tz) && tz.name() == name) {
                    findings.at(id.number, &IANA, quoted(name));
                }
            }
        }
        look_at(zone, findings);
    }
}

/// The rules of `zone`, to be reckoned with.
pub(super) fn rules<'a>(zone: &Component<'a>) -> Rules<'a> {
    let observances = zone.parts.iter().map(|part| Observance {
        start: part.value("DTSTART"),
        from: part.value("TZOFFSETFROM"),
        to: part.value("TZOFFSETTO"),
        rules: part.all("RRULE").map(|line| line.property.value).collect(),
        dates: part.all("RDATE").map(|line| line.property.value).collect(),
    });
    Rules {
        id: zone.value("TZID").unwrap_or_default(),
        location: None,
        observances: observances.collect(),
    }
}

fn look_at(zone: &Component<'_>, findings: &mut Findings) {
    let (standard, daylight) = (
        zone.parts("STANDARD").count(),
        zone.parts("DAYLIGHT").count(),
    );
    if standard == 0 {
        findings.at(zone.number, &HOLLOW, "no STANDARD");
    }
    if standard > 1 || daylight > 1 {
        findings.at(
            zone.number,
            &SHAPE,
            format!("{standard} of STANDARD and {daylight} of DAYLIGHT"),
        );
    }
    for name in ["LAST-MODIFIED", "TZURL"] {
        if let Some(line) = zone.get(name) {
            findings.at(line.number, &EXTRAS, name);
        }
    }
    for observance in &zone.parts {
        look_at_observance(observance, findings);
    }
    let to = |name| {
        let part = zone.parts(name).next()?;
        seconds_east(part.value("TZOFFSETTO")?)
    };
    if let (Some(winter), Some(summer)) = (to("STANDARD"), to("DAYLIGHT"))
        && summer <= winter
        && standard == 1
        && daylight == 1
    {
        findings.at(
            zone.number,
            &NEGATIVE,
            "a DAYLIGHT that is not ahead of STANDARD",
        );
    }
    if let ([only], 0) = (&zone.parts[..], daylight)
        && only.value("TZOFFSETFROM") != only.value("TZOFFSETTO")
    {
        findings.at(only.number, &JUMP, "two offsets and no change back");
    }
}

fn look_at_observance(observance: &Component<'_>, findings: &mut Findings) {
    for name in ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"] {
        if observance.get(name).is_none() {
            findings.at(observance.number, &INCOMPLETE, format!("no {name}"));
        }
    }
    for name in ["TZOFFSETFROM", "TZOFFSETTO"] {
        if let Some(line) = observance.get(name)
            && !is_offset(line.property.value)
        {
            findings.at(line.number, &OFFSET, quoted(line.property.value));
        }
    }
    let bounded = |line: &Line<'_>| {
        let rule = line.property.value.to_ascii_uppercase();
        rule.contains("UNTIL=") || rule.contains("COUNT=")
    };
    let rules = observance.all("RRULE").filter(bounded);
    for line in observance.all("RDATE").chain(rules) {
        findings.at(line.number, &DATES, quoted(line.property.value));
    }
    if let Some(line) = observance.get("DTSTART")
        && let Some(start) = Written::parse(line.property.value)
        && start.date().year() < 1970
    {
        findings.at(line.number, &OLD, quoted(line.property.value));
    }
}

/// `+0100`: a sign and four digits (interop Z5).
fn is_offset(text: &str) -> bool {
    matches!(text.as_bytes(), [b'+' | b'-', digits @ ..]
        if digits.len() == 4 && digits.iter().all(u8::is_ascii_digit))
}
