//! One calendar as a tree, once it has passed every rule of the contract that can be seen in it alone.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::octets::{self, Breach, Line, require};

/// Largest body in octets and largest number of events (W1).
const BODY_MAX: usize = 1_000_000;
const EVENTS_MAX: usize = 1_000;

/// What a body is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be subscribed to.
    Feed,
    /// One event, to be saved.
    Download,
}

/// A component with its own properties and the components in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) parts: Vec<Component>,
}

/// `body` as a tree.
///
/// # Errors
/// The first rule it breaks.
pub(crate) fn checked(body: &[u8], purpose: Purpose) -> Result<Component, Breach> {
    let mut lines = octets::lines(body)?.into_iter();
    lines.next();
    let calendar = component("VCALENDAR", &mut lines)?;
    require(lines.next().is_none(), "S14", "lines after END:VCALENDAR")?;
    require(body.len() <= BODY_MAX, "W1", body.len())?;
    properties(&calendar, purpose)?;
    parts(&calendar)?;
    Ok(calendar)
}

/// [`checked`], or a panic that names `what` was looked at.
#[track_caller]
pub(crate) fn fine(body: &[u8], purpose: Purpose, what: &str) -> Component {
    match checked(body, purpose) {
        Ok(calendar) => calendar,
        Err(Breach { rule, what: fact }) => panic!("{what} breaks {rule}: {fact}"),
    }
}

impl Component {
    /// The only property of that name.
    pub(crate) fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// Its value as written; empty if there is none.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.line(name).map_or("", |line| &line.value)
    }

    /// Its value with escapes taken out; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> String {
        let mut plain = String::new();
        let mut chars = self.value(name).chars();
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, false) => plain.push(c),
                (_, true) => plain.extend(chars.next().map(|c| if c == 'n' { '\n' } else { c })),
            }
        }
        plain
    }

    /// The parts of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.parts.iter().filter(move |part| part.name == name)
    }

    /// The `UID`s of its events, in order.
    pub(crate) fn uids(&self) -> Vec<&str> {
        self.all("VEVENT").map(|event| event.value("UID")).collect()
    }
}

/// What follows `BEGIN:name`, through its end (S14), with every property at most once (P14).
fn component(name: &str, lines: &mut dyn Iterator<Item = Line>) -> Result<Component, Breach> {
    let mut found = Component {
        name: name.to_owned(),
        lines: Vec::new(),
        parts: Vec::new(),
    };
    while let Some(line) = lines.next() {
        match line.name.as_str() {
            "BEGIN" => found.parts.push(component(&line.value, lines)?),
            "END" => {
                require(line.value == name, "S14", (name, &line))?;
                return Ok(found);
            }
            _ => {
                require(found.line(&line.name).is_none(), "P14", &line)?;
                require(found.parts.is_empty(), "S13", &line)?;
                found.lines.push(line);
            }
        }
    }
    require(false, "S14", format!("{name} does not end"))?;
    Ok(found)
}

/// The calendar's own properties (C1 to C8, C12).
fn properties(calendar: &Component, purpose: Purpose) -> Result<(), Breach> {
    let always = [
        ("VERSION", "2.0", "C1"),
        ("CALSCALE", "GREGORIAN", "C2"),
        ("METHOD", "PUBLISH", "C3"),
    ];
    for (name, value, rule) in always {
        require(calendar.value(name) == value, rule, calendar.value(name))?;
    }
    let product = calendar.value("PRODID");
    let parts: Vec<_> = product.split("//").collect();
    let form = parts.len() == 4 && parts[0] == "-" && parts[3] == "EN";
    require(
        form && !product.contains(|c: char| c.is_ascii_digit()),
        "C1",
        product,
    )?;
    let order: Vec<_> = calendar
        .lines
        .iter()
        .map(|line| line.name.as_str())
        .collect();
    require(order.starts_with(&["VERSION", "PRODID"]), "S13", &order)?;
    if purpose == Purpose::Download {
        return require(order.len() == 4, "C5", &order);
    }
    let rest = [
        "NAME",
        "X-WR-CALNAME",
        "DESCRIPTION",
        "X-WR-CALDESC",
        "X-WR-TIMEZONE",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
    ];
    let all: BTreeSet<_> = rest
        .into_iter()
        .chain(["PRODID"])
        .chain(always.map(|(name, ..)| name))
        .collect();
    let found: BTreeSet<_> = order.into_iter().collect();
    require(found == all, "C12", &found)?;
    for line in &calendar.lines {
        let duration = [("VALUE".to_owned(), "DURATION".to_owned())];
        let wanted: &[_] = if line.name == "REFRESH-INTERVAL" {
            &duration
        } else {
            &[]
        };
        require(line.parameters == wanted, "P15", line)?;
    }
    for name in &rest[..4] {
        is_text(calendar, name)?;
    }
    let name = calendar.text("NAME");
    let alike = name == calendar.text("X-WR-CALNAME");
    require(
        alike && name.chars().count() <= 255 && !name.contains('\n'),
        "C4",
        &name,
    )?;
    let about = calendar.text("DESCRIPTION");
    require(
        about == calendar.text("X-WR-CALDESC") && !about.contains('<'),
        "C7",
        &about,
    )?;
    let often = calendar.value("REFRESH-INTERVAL");
    let hours = often
        .strip_prefix("PT")
        .and_then(|text| text.strip_suffix('H'))
        .map(str::parse::<u8>);
    let pace = matches!(hours, Some(Ok(1..))) && often == calendar.value("X-PUBLISHED-TTL");
    require(pace, "C6", often)?;
    let zone = calendar.value("X-WR-TIMEZONE");
    require(zone.parse::<chrono_tz::Tz>().is_ok(), "C8", zone)
}

/// The components: zones before events, each used, each event whole (S13, E2, W1, W6, W9, Z1).
fn parts(calendar: &Component) -> Result<(), Breach> {
    let sorts: Vec<_> = calendar
        .parts
        .iter()
        .map(|part| part.name.as_str())
        .collect();
    let known = sorts
        .iter()
        .all(|sort| matches!(*sort, "VTIMEZONE" | "VEVENT"));
    require(known, "W9", &sorts)?;
    require(sorts.is_sorted_by(|a, b| a >= b), "S13", &sorts)?;
    let zones: Vec<_> = calendar
        .all("VTIMEZONE")
        .map(|zone| zone.value("TZID"))
        .collect();
    require(zones.is_sorted_by(|a, b| a < b), "S13", &zones)?;
    calendar.all("VTIMEZONE").try_for_each(zone)?;
    calendar.all("VEVENT").try_for_each(event)?;
    let uids = calendar.uids();
    require(uids.len() <= EVENTS_MAX, "W1", uids.len())?;
    let distinct: BTreeSet<_> = uids.iter().collect();
    require(distinct.len() == uids.len(), "E2", &uids)?;
    if uids.is_empty() {
        return require(zones.len() == 1, "W6", &zones);
    }
    let times = calendar.all("VEVENT").flat_map(|event| &event.lines);
    let used: BTreeSet<_> = times.filter_map(tzid).collect();
    require(used.into_iter().eq(zones.iter().copied()), "Z1", &zones)
}

fn tzid(line: &Line) -> Option<&str> {
    let tzid = line.parameters.iter().find(|(name, _)| name == "TZID");
    tzid.map(|(_, zone)| zone.as_str())
}

/// One zone in the only shapes that every client understands (Z2 to Z5, Z7, Z10).
fn zone(zone: &Component) -> Result<(), Breach> {
    let name = zone.value("TZID");
    let plain =
        name.contains('/') && !name.starts_with("Etc/") && name.parse::<chrono_tz::Tz>().is_ok();
    require(
        plain && zone.lines.len() == 1 && zone.lines[0].parameters.is_empty(),
        "Z2",
        zone,
    )?;
    let observances: Vec<_> = zone.parts.iter().map(|part| part.name.as_str()).collect();
    let mut offsets = HashMap::new();
    for observance in &zone.parts {
        let names: BTreeSet<_> = observance
            .lines
            .iter()
            .map(|line| line.name.as_str())
            .collect();
        let changing = zone.parts.len() == 2;
        let mut wanted = BTreeSet::from(["DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"]);
        wanted.extend(changing.then_some("RRULE"));
        require(names == wanted, "Z3", observance)?;
        let [from, to] = ["TZOFFSETFROM", "TZOFFSETTO"].map(|name| observance.value(name));
        require([from, to].into_iter().all(is_offset), "Z5", observance)?;
        offsets.insert(observance.name.as_str(), (minutes(from), minutes(to)));
        let start = observance.value("DTSTART");
        let rule = observance.value("RRULE");
        if changing {
            let rule = rule
                .strip_prefix("FREQ=YEARLY;BYMONTH=")
                .and_then(|rule| rule.split_once(";BYDAY="));
            let single = rule.is_some_and(|(month, day)| {
                matches!(month.parse(), Ok(1..=12u8)) && matches!(day.len(), 3 | 4)
            });
            require(single && start.starts_with("1970"), "Z3", observance)?;
        } else {
            require(from == to && start == "19700101T000000", "Z4", observance)?;
        }
    }
    match observances[..] {
        ["STANDARD"] => Ok(()),
        ["STANDARD", "DAYLIGHT"] => {
            let [standard, daylight] = ["STANDARD", "DAYLIGHT"].map(|name| offsets[name]);
            require((standard.1, standard.0) == daylight, "Z3", zone)?;
            require(daylight.1 > standard.1, "Z7", zone)
        }
        _ => require(false, "Z3", zone),
    }
}

fn is_offset(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or("");
    digits.len() == 4 && digits.chars().all(|c| c.is_ascii_digit())
}

fn minutes(offset: &str) -> i32 {
    let number: i32 = offset.parse().expect("four digits and a sign");
    number / 100 * 60 + number % 100
}

/// One event (sections E, T, P).
fn event(event: &Component) -> Result<(), Breach> {
    const MUST: [&str; 9] = [
        "UID",
        "DTSTAMP",
        "DTSTART",
        "SUMMARY",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "TRANSP",
        "X-MICROSOFT-CDO-BUSYSTATUS",
    ];
    const MAY: [&str; 5] = ["DTEND", "STATUS", "LOCATION", "DESCRIPTION", "CATEGORIES"];
    require(event.parts.is_empty(), "P6", event)?;
    for name in MUST {
        require(event.line(name).is_some(), "P14", (name, event))?;
    }
    for line in &event.lines {
        let name = line.name.as_str();
        require(MUST.contains(&name) || MAY.contains(&name), "P12", line)?;
        let is_time = matches!(name, "DTSTART" | "DTEND");
        require(is_time || line.parameters.is_empty(), "P15", line)?;
    }
    let uid = event.value("UID");
    let plain = uid.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    require(plain && uid.len() < 255, "E1", uid)?;
    for name in ["SUMMARY", "LOCATION", "DESCRIPTION"] {
        is_text(event, name)?;
    }
    is_list(event.value("CATEGORIES"))?;
    let title = event.text("SUMMARY");
    require(
        title.chars().count() <= 200 && !title.contains('\n'),
        "P1",
        &title,
    )?;
    require(
        event.text("DESCRIPTION").chars().count() <= 4_000,
        "P2",
        uid,
    )?;
    stamps(event)?;
    let status = event.value("STATUS");
    require(
        matches!(status, "" | "CONFIRMED" | "TENTATIVE" | "CANCELLED"),
        "E9",
        status,
    )?;
    let busy = (
        event.value("TRANSP"),
        event.value("X-MICROSOFT-CDO-BUSYSTATUS"),
    );
    let pair = match status {
        "TENTATIVE" => busy == ("OPAQUE", "TENTATIVE"),
        "CANCELLED" => busy == ("TRANSPARENT", "FREE"),
        _ => matches!(busy, ("TRANSPARENT", "FREE") | ("OPAQUE", "BUSY")),
    };
    require(pair, "P7", (status, busy))?;
    times(event)
}

/// Stamps are UTC, and nothing changes before it is made (E3, E5, E6).
fn stamps(event: &Component) -> Result<(), Breach> {
    let names = ["CREATED", "DTSTAMP", "LAST-MODIFIED"];
    let stamps = names.map(|name| event.value(name));
    require(
        stamps.iter().all(|stamp| utc(stamp).is_some()),
        "E5",
        stamps,
    )?;
    let [created, stamp, modified] = stamps;
    require(created <= modified, "E5", stamps)?;
    require(stamp == modified, "E3", stamps)?;
    let sequence = event.value("SEQUENCE");
    require(
        sequence.parse::<u32>().is_ok_and(|n| n < 1 << 31),
        "E6",
        sequence,
    )
}

/// `DTSTART` and `DTEND` of one form, which says its zone, with a length (T2 to T4, T7, T8, T10).
fn times(event: &Component) -> Result<(), Breach> {
    let (Some(start), end) = (event.line("DTSTART"), event.line("DTEND")) else {
        return require(false, "T11", event);
    };
    for line in std::iter::once(start).chain(end) {
        let read = match &line.parameters[..] {
            [] => utc(&line.value),
            [(name, _)] if name == "TZID" => local(&line.value),
            [(name, value)] if name == "VALUE" && value == "DATE" => day(&line.value),
            _ => None,
        };
        let year = read.map(|at| at.year());
        require(
            year.is_some(),
            if line.value.ends_with('Z') {
                "T3"
            } else {
                "T2"
            },
            line,
        )?;
        require(matches!(year, Some(1970..=2099)), "T10", line)?;
    }
    let whole_day = start.parameters.iter().any(|(name, _)| name == "VALUE");
    require(end.is_some() || !whole_day, "T4", event)?;
    end.map_or(Ok(()), |end| {
        require(start.parameters == end.parameters, "T8", event)?;
        require(
            end.value > start.value,
            if whole_day { "T4" } else { "T7" },
            event,
        )
    })
}

fn utc(text: &str) -> Option<NaiveDateTime> {
    local(text.strip_suffix('Z')?)
}

fn local(text: &str) -> Option<NaiveDateTime> {
    let read = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()?;
    (text.len() == 15).then_some(read)
}

fn day(text: &str) -> Option<NaiveDateTime> {
    let read = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
    (text.len() == 8).then(|| read.and_hms_opt(0, 0, 0))?
}

/// One TEXT value: everything escaped that must be, nothing else (S6, S7).
fn is_text(component: &Component, name: &str) -> Result<(), Breach> {
    let value = component.value(name);
    require(escapes(value, |c| matches!(c, ',' | ';')), "S6", value)?;
    require(only_known_escapes(value), "S7", value)
}

/// A list of TEXT values, at most ten, none empty (S8, P9).
fn is_list(value: &str) -> Result<(), Breach> {
    require(escapes(value, |c| c == ';'), "S8", value)?;
    require(only_known_escapes(value), "S7", value)?;
    let unescaped = value.replace("\\\\", "").replace("\\,", "");
    let values: Vec<_> = unescaped.split(',').collect();
    let fits = values.len() <= 10 && (value.is_empty() || !values.contains(&""));
    require(fits, "P9", value)
}

/// Whether a backslash stands before every character that `must` be escaped.
fn escapes(value: &str, must: impl Fn(char) -> bool) -> bool {
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if must(c) {
            return false;
        }
        if c == '\\' {
            chars.next();
        }
    }
    true
}

fn only_known_escapes(value: &str) -> bool {
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && !matches!(chars.next(), Some('\\' | ';' | ',' | 'n')) {
            return false;
        }
    }
    true
}
