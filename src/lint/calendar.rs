//! The calendar as a whole (interop S12, S13, S14, C1 to C12, W1, W6, W9).

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::{
    outline::{Component, Line, Oddity, Outline},
    source::ics::value::{Duration, text},
    zones::{ZoneData, name},
};

use super::{Findings, Law, event, quoted, zone};

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

static NO_LINE: Law = Law::error(
    "S12",
    "write every line as `NAME:value`, and begin what goes on with a space",
    "Google may drop the whole calendar, strict readers do",
);
static NESTING: Law = Law::error(
    "S14",
    "end every component that begins, in the reverse order",
    "Nextcloud refuses a calendar that is cut, Evolution empties its copy",
);
static ONE: Law = Law::error(
    "S14",
    "publish one `VCALENDAR` with everything in it",
    "most programs read the first one only, or none",
);
static ORDER: Law = Law::hint(
    "S13",
    "put VERSION and PRODID first",
    "some readers look there only",
);
static VERSION: Law = Law::error(
    "C1",
    "have one `VERSION:2.0`",
    "strict readers refuse the calendar",
);
static PRODID: Law = Law::error(
    "C1",
    "have one PRODID",
    "strict readers refuse the calendar",
);
static PRODUCT: Law = Law::hint(
    "C1",
    "write PRODID as `-//Organisation//Product//EN`",
    "readers choose their quirks by it",
);
static SCALE: Law = Law::error(
    "C2",
    "have `CALSCALE:GREGORIAN` or no CALSCALE",
    "no program knows another",
);
static SCALELESS: Law = Law::hint("C2", "have `CALSCALE:GREGORIAN`", "nobody we know of");
static METHOD: Law = Law::error(
    "C3",
    "have `METHOD:PUBLISH`",
    "Outlook shows an invitation and takes only the first event",
);
static METHODLESS: Law = Law::hint(
    "C3",
    "have `METHOD:PUBLISH`",
    "Outlook may take only the first event of a file",
);
static NAMELESS: Law = Law::warning(
    "C4",
    "have X-WR-CALNAME",
    "Google shows the address in place of a name",
);
static NAME: Law = Law::hint(
    "C4",
    "have NAME beside X-WR-CALNAME, with the same text",
    "readers that know the standard only",
);
static NAMES: Law = Law::warning(
    "C4",
    "give X-WR-CALNAME and NAME the same text",
    "the name depends on the program",
);
static LONG_NAME: Law = Law::warning(
    "C4",
    "keep the name to one line of 255 characters",
    "Exchange cuts it",
);
static REFRESH: Law = Law::error(
    "C6",
    "write `REFRESH-INTERVAL;VALUE=DURATION:PT1H` and `X-PUBLISHED-TTL:PT1H`: hours need the `T`",
    "Nextcloud drops it and looks once a week",
);
static REFRESHLESS: Law = Law::hint(
    "C6",
    "have `REFRESH-INTERVAL;VALUE=DURATION:PT1H` and `X-PUBLISHED-TTL:PT1H`",
    "Nextcloud looks once a week",
);
static TYPELESS: Law = Law::warning(
    "C6",
    "write `;VALUE=DURATION`",
    "readers that go by the standard",
);
static SHORT: Law = Law::warning(
    "C6",
    "ask for no more than one look in 15 minutes",
    "the server that is asked",
);
static INTERVALS: Law = Law::warning(
    "C6",
    "give both the same length",
    "how often is looked depends on the program",
);
static DISPLAY_ZONE: Law = Law::warning(
    "C8",
    "name an IANA zone in X-WR-TIMEZONE",
    "Google shows GMT",
);
static COLOUR: Law = Law::hint("C9", "write `#RRGGBB`", "Apple ignores the colour");
static INSPECTOR: Law = Law::warning(
    "C11",
    "leave X-MS-OLK-FORCEINSPECTOROPEN out",
    "Outlook opens a window for one event",
);
static CLUTTER: Law = Law::hint(
    "C12",
    "leave it out",
    "Outlook gives it a meaning of its own",
);
static SIZE: Law = Law::error(
    "W1",
    "stay below 1,000,000 octets: publish fewer days, or several calendars",
    "Google loses events and does not say so",
);
static COUNT: Law = Law::warning(
    "W1",
    "stay below 1,000 events: publish fewer days, or several calendars",
    "Google may lose events and not say so",
);
static HOLLOW: Law = Law::error(
    "W6",
    "have a VTIMEZONE where there is no event",
    "strict readers refuse a calendar of nothing, Outlook warns",
);
static COMPONENT: Law = Law::warning("W9", "publish events only", "Nextcloud and Google drop it");

/// Looks at the calendars of a file of `size` octets.
pub(super) fn look(size: usize, outline: &Outline<'_>, data: &ZoneData, findings: &mut Findings) {
    for (line, oddity, text) in &outline.oddities {
        let text = quoted(text);
        match oddity {
            Oddity::Line => findings.at(*line, &NO_LINE, text),
            Oddity::Outside => findings.at(*line, &NESTING, format!("{text} outside a calendar")),
            Oddity::Unbegun => {
                findings.at(*line, &NESTING, format!("{text} ends and has not begun"))
            }
            Oddity::Unended => {
                findings.at(*line, &NESTING, format!("{text} begins and never ends"))
            }
            Oddity::Deep => findings.at(*line, &NESTING, format!("{text} inside too much else")),
        }
    }
    match &outline.calendars[..] {
        [_] => {}
        [] => findings.whole(&ONE, "no calendar"),
        calendars => findings.whole(&ONE, format!("{} calendars", calendars.len())),
    }
    if size > SIZE_MAX {
        findings.whole(&SIZE, format!("{size} octets"));
    }
    let events = |calendar: &Component<'_>| calendar.parts("VEVENT").count();
    let count: usize = outline.calendars.iter().map(events).sum();
    if count > EVENTS_MAX {
        findings.whole(&COUNT, format!("{count} events"));
    }
    for calendar in &outline.calendars {
        look_at(calendar, findings);
        zone::look(calendar, findings);
        event::look(calendar, data, findings);
        if let Some(zone) = calendar.get("X-WR-TIMEZONE")
            && name::sure(zone.property.value).is_none()
        {
            findings.at(zone.number, &DISPLAY_ZONE, quoted(zone.property.value));
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
        ("X-PRIMARY-CALENDAR", &CLUTTER),
        ("X-OWNER", &CLUTTER),
        ("X-WR-RELCALID", &CLUTTER),
        ("X-MS-OLK-FORCEINSPECTOROPEN", &INSPECTOR),
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
            findings.at(line.number, &COLOUR, quoted(line.property.value));
        }
    }
    if calendar.parts.is_empty() {
        findings.at(calendar.number, &HOLLOW, "neither an event nor a time zone");
    }
    let mut others: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for part in &calendar.parts {
        if !part.is("VEVENT") && !part.is("VTIMEZONE") {
            others.entry(part.name).or_insert((part.number, 0)).1 += 1;
        }
    }
    for (name, (line, count)) in others {
        findings.at(line, &COMPONENT, format!("{count} of {}", quoted(name)));
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
        [version] => findings.at(version.number, &VERSION, quoted(version.property.value)),
        [] => findings.at(start, &VERSION, "no VERSION"),
        [_, second, ..] => findings.at(second.number, &VERSION, "a second VERSION"),
    }
    let products: Vec<Line<'_>> = calendar.all("PRODID").collect();
    match products[..] {
        [product] if product.property.value.contains("//") => {}
        [product] => findings.at(product.number, &PRODUCT, quoted(product.property.value)),
        [] => findings.at(start, &PRODID, "no PRODID"),
        [_, second, ..] => findings.at(second.number, &PRODID, "a second PRODID"),
    }
    let first = calendar.lines.iter().take(2);
    let is_first = |line: &Line<'_>| line.property.is("VERSION") || line.property.is("PRODID");
    if !first.clone().all(is_first) && versions.len() == 1 && products.len() == 1 {
        findings.at(start, &ORDER, "other properties before them");
    }
    match calendar.get("CALSCALE") {
        None => findings.at(start, &SCALELESS, "no CALSCALE"),
        Some(scale) if scale.property.value.eq_ignore_ascii_case("GREGORIAN") => {}
        Some(scale) => findings.at(scale.number, &SCALE, quoted(scale.property.value)),
    }
    let methods: Vec<Line<'_>> = calendar.all("METHOD").collect();
    match methods[..] {
        [] => findings.at(start, &METHODLESS, "no METHOD"),
        [method] if method.property.value.eq_ignore_ascii_case("PUBLISH") => {}
        [method] => findings.at(method.number, &METHOD, quoted(method.property.value)),
        [_, second, ..] => findings.at(second.number, &METHOD, "a second METHOD"),
    }
}

fn names(calendar: &Component<'_>, findings: &mut Findings) {
    match (calendar.get("X-WR-CALNAME"), calendar.get("NAME")) {
        (None, _) => findings.at(calendar.number, &NAMELESS, "no X-WR-CALNAME"),
        (Some(_), None) => findings.at(calendar.number, &NAME, "no NAME"),
        (Some(one), Some(other)) if one.property.value != other.property.value => {
            let (one, name) = (quoted(one.property.value), quoted(other.property.value));
            findings.at(
                other.number,
                &NAMES,
                format!("{name}, and {one} in X-WR-CALNAME"),
            );
        }
        _ => {}
    }
    if let Some(line) = calendar.get("X-WR-CALNAME") {
        let name = text(line.property.value);
        if name.contains('\n') || name.chars().count() > NAME_MAX {
            findings.at(line.number, &LONG_NAME, quoted(&name));
        }
    }
}

fn refresh(calendar: &Component<'_>, findings: &mut Findings) {
    let both = ["REFRESH-INTERVAL", "X-PUBLISHED-TTL"].map(|name| calendar.get(name));
    if let [None, None] = both {
        findings.at(calendar.number, &REFRESHLESS, "neither of the two");
    }
    let lengths = both.map(|line| {
        let line = line?;
        let length = Duration::parse(line.property.value).map(Duration::nominal);
        match length {
            None => findings.at(line.number, &REFRESH, quoted(line.property.value)),
            Some(length) if length < REFRESH_MIN => {
                findings.at(line.number, &SHORT, quoted(line.property.value));
            }
            Some(_) => {}
        }
        length
    });
    if let [Some(line), _] = both
        && line.property.param("VALUE").is_none()
    {
        findings.at(line.number, &TYPELESS, "no VALUE=DURATION");
    }
    if let ([Some(one), Some(other)], [_, Some(line)]) = (lengths, both)
        && one != other
    {
        findings.at(
            line.number,
            &INTERVALS,
            "X-PUBLISHED-TTL and REFRESH-INTERVAL differ",
        );
    }
}
