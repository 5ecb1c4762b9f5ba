//! The calendar as a whole (interop S12, S13, S14, C1 to C12, W1, W6, W9).

mod laws;

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::{
    outline::{Component, Line, Oddity, Outline},
    source::ics::value::{Duration, text},
    zones::{ZoneData, name},
};

use super::{Findings, event, quoted, zone};

/// The largest body that Google takes whole, in octets (interop W1).
const SIZE_MAX: usize = 1_000_000;
/// The most events (interop W1).
const EVENTS_MAX: usize = 1_000;
/// The longest name, in characters (interop C4).
const NAME_MAX: usize = 255;
/// The shortest interval between two looks (interop C6).
const REFRESH_MIN: TimeDelta = TimeDelta::minutes(15);
/// What only a calendar to subscribe to has (interop C5).
const OF_FEEDS: [&str; 4] = [
    "X-WR-CALNAME",
    "NAME",
    "REFRESH-INTERVAL",
    "X-PUBLISHED-TTL",
];

/// Looks at the calendars of a file of `size` octets.
pub(super) fn look(size: usize, outline: &Outline<'_>, data: &ZoneData, findings: &mut Findings) {
    for (line, oddity, text) in &outline.oddities {
        let text = quoted(text);
        match oddity {
            Oddity::Line => findings.at(*line, &laws::NO_LINE, text),
            Oddity::Outside => {
                findings.at(*line, &laws::NESTING, format!("{text} outside a calendar"));
            }
            Oddity::Unbegun => findings.at(
                *line,
                &laws::NESTING,
                format!("{text} ends and has not begun"),
            ),
            Oddity::Unended => findings.at(
                *line,
                &laws::NESTING,
                format!("{text} begins and never ends"),
            ),
            Oddity::Deep => findings.at(
                *line,
                &laws::NESTING,
                format!("{text} inside too much else"),
            ),
        }
    }
    match &outline.calendars[..] {
        [_] => {}
        [] => findings.whole(&laws::ONE, "no calendar"),
        calendars => findings.whole(&laws::ONE, format!("{} calendars", calendars.len())),
    }
    if size > SIZE_MAX {
        findings.whole(&laws::SIZE, format!("{size} octets"));
    }
    let events = |calendar: &Component<'_>| calendar.parts("VEVENT").count();
    let count: usize = outline.calendars.iter().map(events).sum();
    if count > EVENTS_MAX {
        findings.whole(&laws::COUNT, format!("{count} events"));
    }
    for calendar in &outline.calendars {
        look_at(calendar, findings);
        zone::look(calendar, findings);
        event::look(calendar, data, findings);
        if let Some(zone) = calendar.get("X-WR-TIMEZONE")
            && name::sure(zone.property.value).is_none()
        {
            findings.at(
                zone.number,
                &laws::DISPLAY_ZONE,
                quoted(zone.property.value),
            );
        }
    }
}

fn look_at(calendar: &Component<'_>, findings: &mut Findings) {
    frame(calendar, findings);
    if is_feed(calendar) {
        names(calendar, findings);
        refresh(calendar, findings);
    }
    for (name, law) in [
        ("X-PRIMARY-CALENDAR", &laws::CLUTTER),
        ("X-OWNER", &laws::CLUTTER),
        ("X-WR-RELCALID", &laws::CLUTTER),
        ("X-MS-OLK-FORCEINSPECTOROPEN", &laws::INSPECTOR),
    ] {
        if let Some(line) = calendar.get(name).filter(|_| is_feed(calendar)) {
            findings.at(line.number, law, name);
        }
    }
    if let Some(line) = calendar.get("X-APPLE-CALENDAR-COLOR") {
        let hex = line.property.value.strip_prefix('#');
        let fits =
            |hex: &str| matches!(hex.len(), 6 | 8) && hex.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex.is_some_and(fits) {
            findings.at(line.number, &laws::COLOUR, quoted(line.property.value));
        }
    }
    if calendar.parts.is_empty() {
        findings.at(
            calendar.number,
            &laws::HOLLOW,
            "neither an event nor a time zone",
        );
    }
    let mut others: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for part in &calendar.parts {
        if !part.is("VEVENT") && !part.is("VTIMEZONE") {
            others.entry(part.name).or_insert((part.number, 0)).1 += 1;
        }
    }
    for (name, (line, count)) in others {
        findings.at(
            line,
            &laws::COMPONENT,
            format!("{count} of {}", quoted(name)),
        );
    }
}

/// Whether it is to be subscribed to; a download of one event has none of what such calendars have (interop C5).
fn is_feed(calendar: &Component<'_>) -> bool {
    calendar.parts("VEVENT").count() != 1
        || OF_FEEDS.iter().any(|name| calendar.get(name).is_some())
}

fn frame(calendar: &Component<'_>, findings: &mut Findings) {
    let start = calendar.number;
    let versions: Vec<Line<'_>> = calendar.all("VERSION").collect();
    match versions[..] {
        [version] if version.property.value.trim() == "2.0" => {}
        [version] => findings.at(
            version.number,
            &laws::VERSION,
            quoted(version.property.value),
        ),
        [] => findings.at(start, &laws::VERSION, "no VERSION"),
        [_, second, ..] => findings.at(second.number, &laws::VERSION, "a second VERSION"),
    }
    let products: Vec<Line<'_>> = calendar.all("PRODID").collect();
    match products[..] {
        [product] if product.property.value.contains("//") => {}
        [product] => findings.at(
            product.number,
            &laws::PRODUCT,
            quoted(product.property.value),
        ),
        [] => findings.at(start, &laws::PRODID, "no PRODID"),
        [_, second, ..] => findings.at(second.number, &laws::PRODID, "a second PRODID"),
    }
    let first = calendar.lines.iter().take(2);
    let is_first = |line: &Line<'_>| line.property.is("VERSION") || line.property.is("PRODID");
    if !first.clone().all(is_first) && versions.len() == 1 && products.len() == 1 {
        findings.at(start, &laws::ORDER, "other properties before them");
    }
    match calendar.get("CALSCALE") {
        None => findings.at(start, &laws::SCALELESS, "no CALSCALE"),
        Some(scale) if scale.property.value.eq_ignore_ascii_case("GREGORIAN") => {}
        Some(scale) => findings.at(scale.number, &laws::SCALE, quoted(scale.property.value)),
    }
    let methods: Vec<Line<'_>> = calendar.all("METHOD").collect();
    match methods[..] {
        [] => findings.at(start, &laws::METHODLESS, "no METHOD"),
        [method] if method.property.value.eq_ignore_ascii_case("PUBLISH") => {}
        [method] => findings.at(method.number, &laws::METHOD, quoted(method.property.value)),
        [_, second, ..] => findings.at(second.number, &laws::METHOD, "a second METHOD"),
    }
}

fn names(calendar: &Component<'_>, findings: &mut Findings) {
    match (calendar.get("X-WR-CALNAME"), calendar.get("NAME")) {
        (None, _) => findings.at(calendar.number, &laws::NAMELESS, "no X-WR-CALNAME"),
        (Some(_), None) => findings.at(calendar.number, &laws::NAME, "no NAME"),
        (Some(one), Some(other)) if one.property.value != other.property.value => {
            let (one, name) = (quoted(one.property.value), quoted(other.property.value));
            findings.at(
                other.number,
                &laws::NAMES,
                format!("{name}, and {one} in X-WR-CALNAME"),
            );
        }
        _ => {}
    }
    if let Some(line) = calendar.get("X-WR-CALNAME") {
        let name = text(line.property.value);
        if name.contains('\n') || name.chars().count() > NAME_MAX {
            findings.at(line.number, &laws::LONG_NAME, quoted(&name));
        }
    }
}

fn refresh(calendar: &Component<'_>, findings: &mut Findings) {
    let both = ["REFRESH-INTERVAL", "X-PUBLISHED-TTL"].map(|name| calendar.get(name));
    if let [None, None] = both {
        findings.at(calendar.number, &laws::REFRESHLESS, "neither of the two");
    }
    let lengths = both.map(|line| {
        let line = line?;
        let length = Duration::parse(line.property.value).map(Duration::nominal);
        match length {
            None => findings.at(line.number, &laws::REFRESH, quoted(line.property.value)),
            Some(length) if length < REFRESH_MIN => {
                findings.at(line.number, &laws::SHORT, quoted(line.property.value));
            }
            Some(_) => {}
        }
        length
    });
    if let [Some(line), _] = both
        && line.property.param("VALUE").is_none()
    {
        findings.at(line.number, &laws::TYPELESS, "no VALUE=DURATION");
    }
    if let ([Some(one), Some(other)], [_, Some(line)]) = (lengths, both)
        && one != other
    {
        findings.at(
            line.number,
            &laws::INTERVALS,
            "X-PUBLISHED-TTL and REFRESH-INTERVAL differ",
        );
    }
}
