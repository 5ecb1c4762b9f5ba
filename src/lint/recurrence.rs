//! Series (interop R3 to R11).

use chrono::Datelike;

use crate::{
    outline::{Component, Line},
    source::ics::value::{self, Written},
};

use super::{
    Findings, Law, quoted,
    time::{Clocks, Form, Stamp},
};

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
/// The parts of a rule that every program understands (interop R8).
const SUBSET: [&str; 8] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "WKST",
];

static UTC: Law = Law::warning(
    "R3",
    "write a series in local time with a TZID",
    "it moves by an hour when clocks change",
);
static FIRST: Law = Law::warning(
    "R4",
    "begin a series with one of its instances",
    "whether the first one counts depends on the program",
);
static BOUND: Law = Law::error(
    "R5",
    "write UNTIL in UTC for times, as a day for days",
    "strict readers refuse the rule, others lose the last instance",
);
static TWO_BOUNDS: Law = Law::error(
    "R5",
    "have COUNT or UNTIL, not both",
    "strict readers refuse the calendar",
);
static FORM: Law = Law::error(
    "R6",
    "write EXDATE, RDATE and RECURRENCE-ID as DTSTART is written: the same kind, the same zone",
    "Apple drops the whole series, Android ignores the exception",
);
static EXTRA: Law = Law::warning(
    "R7",
    "publish extra dates as events of their own",
    "Google and Android show the first date only",
);
static ONLY_EXTRA: Law = Law::error(
    "R7",
    "publish dates without a rule as events of their own",
    "Outlook ignores the whole event",
);
static SUBSET_LAW: Law = Law::warning(
    "R8",
    "keep to FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and WKST, or list the dates",
    "Outlook and others repeat it on other days",
);
static FREQUENCY: Law = Law::error(
    "R8",
    "repeat DAILY, WEEKLY, MONTHLY or YEARLY",
    "the rule is not understood",
);
static SEVERAL: Law = Law::error(
    "R8",
    "have one RRULE",
    "which of them counts depends on the program",
);
static ENDLESS: Law = Law::hint(
    "R10",
    "end it with UNTIL, a year beyond what is shown",
    "programs list instances as far as they care to",
);
static ZONE: Law = Law::warning(
    "R11",
    "have a VTIMEZONE that is right in all years of the series, or list the dates",
    "some instances are an hour off",
);

/// Looks at what repeats `event`, which begins at `start`.
pub(super) fn look<'a>(
    event: &'a Component<'a>,
    start: Stamp<'a>,
    clocks: &mut Clocks<'a>,
    findings: &mut Findings,
) {
    let mut rules = event.all("RRULE");
    let rule = rules.next();
    if let Some(second) = rules.next() {
        findings.at(second.number, &SEVERAL, "a second RRULE");
    }
    if let Some(line) = rule {
        look_at_rule(line, start, findings);
        match start.form {
            Form::Utc => findings.at(line.number, &UTC, format!("a rule from {start} on")),
            Form::Zoned(zone) if clocks.agrees(zone) == Some(false) => {
                findings.at(
                    line.number,
                    &ZONE,
                    format!("a VTIMEZONE {} that is wrong in some years", quoted(zone)),
                );
            }
            _ => {}
        }
    }
    for line in event.all("RDATE") {
        let law = if rule.is_some() { &EXTRA } else { &ONLY_EXTRA };
        findings.at(line.number, law, quoted(line.property.value));
    }
    for name in ["RDATE", "EXDATE"] {
        for line in event.all(name) {
            look_at_form(line, start, findings);
        }
    }
}

/// Whether the values on `line` are written as `start` is.
pub(super) fn look_at_form(line: Line<'_>, start: Stamp<'_>, findings: &mut Findings) {
    let zone = line.property.param("TZID");
    let alike = |value: &str| {
        let value = value.split('/').next().unwrap_or_default();
        match Written::parse(value) {
            Some(Written::Date(_)) => start.form == Form::Day,
            Some(Written::Utc(_)) => start.form == Form::Utc,
            Some(Written::Wall(_)) => match zone {
                Some(zone) => start.form == Form::Zoned(zone),
                None => start.form == Form::Floating,
            },
            None => false,
        }
    };
    if let Some(other) = value::list(line.property.value).find(|value| !alike(value)) {
        let name = line.property.name;
        findings.at(
            line.number,
            &FORM,
            format!("{name} {}, and {start} in DTSTART", quoted(other)),
        );
    }
}

fn look_at_rule(line: Line<'_>, start: Stamp<'_>, findings: &mut Findings) {
    let number = line.number;
    let rule = line.property.value.to_ascii_uppercase();
    let parts: Vec<(&str, &str)> = rule
        .split(';')
        .filter_map(|part| part.split_once('='))
        .collect();
    let get = |wanted: &str| {
        parts
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| *value)
    };
    let frequency = get("FREQ").unwrap_or_default();
    if !matches!(frequency, "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY") {
        findings.at(number, &FREQUENCY, quoted(line.property.value));
    }
    if let Some((name, _)) = parts.iter().find(|(name, _)| !SUBSET.contains(name)) {
        findings.at(number, &SUBSET_LAW, quoted(name));
    }
    match (get("COUNT"), get("UNTIL")) {
        (Some(_), Some(_)) => findings.at(number, &TWO_BOUNDS, quoted(line.property.value)),
        (None, None) => findings.at(number, &ENDLESS, quoted(line.property.value)),
        (Some(_), None) => {}
        (None, Some(until)) => {
            let fits = match Written::parse(until) {
                Some(Written::Date(_)) => start.form == Form::Day,
                Some(Written::Utc(_)) => matches!(start.form, Form::Utc | Form::Zoned(_)),
                Some(Written::Wall(_)) => start.form == Form::Floating,
                None => false,
            };
            if !fits {
                findings.at(
                    number,
                    &BOUND,
                    format!("UNTIL={until}, and {start} in DTSTART"),
                );
            }
        }
    }
    // Enough to say no; ordinals of weekdays, intervals and days from a month's end are left alone.
    let weekday = WEEKDAYS[start.wall.weekday().num_days_from_monday() as usize];
    let among = |part: &str, own: String| {
        get(part).is_none_or(|list| list.contains('-') || list.split(',').any(|one| one == own))
    };
    let on_weekday =
        get("BYDAY").is_none_or(|list| list.split(',').any(|one| one.ends_with(weekday)));
    let fits = on_weekday
        && among("BYMONTH", start.wall.month().to_string())
        && among("BYMONTHDAY", start.wall.day().to_string());
    if !fits {
        findings.at(
            number,
            &FIRST,
            format!("{start} is none by {}", quoted(line.property.value)),
        );
    }
}
