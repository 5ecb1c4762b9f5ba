//! What stands in an event (interop E1 to E9, P1 to P14, V1), and which events go together (E2, R6, R9).

mod laws;

use std::collections::{BTreeMap, HashMap};

use crate::{
    outline::{Component, Line},
    source::ics::value::{Written, list, text},
    zones::ZoneData,
};

use super::{
    Findings, Law, quoted, recurrence,
    time::{self, Clocks, Stamp},
};

const ONCE: [&str; 18] = [
    "CLASS",
    "CREATED",
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "DURATION",
    "GEO",
    "LAST-MODIFIED",
    "LOCATION",
    "PRIORITY",
    "RECURRENCE-ID",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "TRANSP",
    "UID",
    "URL",
];
/// What programs write into descriptions; much else stands between angle brackets.
const TAGS: [&str; 21] = [
    "a",
    "b",
    "blockquote",
    "body",
    "br",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "html",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "span",
    "strong",
    "table",
    "ul",
];
/// Of values that are read by almost nobody (interop P12).
const IDLE: [&str; 5] = [
    "PRIORITY",
    "RESOURCES",
    "COMMENT",
    "RELATED-TO",
    "REQUEST-STATUS",
];

/// Looks at the events of `calendar`.
pub(super) fn look<'a>(calendar: &'a Component<'a>, data: &'a ZoneData, findings: &mut Findings) {
    let mut clocks = Clocks::of(calendar, data);
    let mut series: HashMap<&str, Option<Stamp<'_>>> = HashMap::new();
    let mut seen: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    for event in calendar.parts("VEVENT") {
        let start = time::look(event, &mut clocks, findings);
        if let Some(start) = start {
            recurrence::look(event, start, &mut clocks, findings);
        }
        properties(event, findings);
        texts(event, findings);
        let Some(uid) = event.value("UID") else {
            continue;
        };
        let instance = event.value("RECURRENCE-ID");
        if let Some(first) = seen.insert((uid, instance), event.number) {
            findings.at(
                event.number,
                &laws::SAME,
                format!("{} as in line {first}", quoted(uid)),
            );
        }
        if instance.is_none() {
            series.insert(uid, start);
        }
    }
    for event in calendar.parts("VEVENT") {
        let (Some(uid), Some(line)) = (event.value("UID"), event.get("RECURRENCE-ID")) else {
            continue;
        };
        match series.get(uid) {
            None => findings.at(line.number, &laws::ORPHAN, quoted(uid)),
            Some(Some(start)) => recurrence::look_at_form(line, *start, findings),
            Some(None) => {}
        }
    }
}

fn properties(event: &Component<'_>, findings: &mut Findings) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in &event.lines {
        let name = line.property.name.to_ascii_uppercase();
        let count = counts.entry(name).or_default();
        *count += 1;
        if *count == 2 && ONCE.iter().any(|once| line.property.is(once)) {
            findings.at(
                line.number,
                &laws::TWICE,
                format!("a second {}", line.property.name),
            );
        }
        if IDLE.iter().any(|idle| line.property.is(idle)) {
            findings.at(line.number, &laws::IDLE_LAW, line.property.name);
        }
        if line.property.is("ATTENDEE") || line.property.is("ORGANIZER") {
            findings.at(line.number, &laws::PEOPLE, line.property.name);
        }
        if line
            .property
            .param("ENCODING")
            .is_some_and(|how| how.eq_ignore_ascii_case("BASE64"))
        {
            findings.at(
                line.number,
                &laws::INLINE,
                format!("{} inside the calendar", line.property.name),
            );
        }
    }
    for name in ["UID", "DTSTAMP"] {
        if !counts.contains_key(name) {
            findings.at(event.number, &laws::REQUIRED, format!("no {name}"));
        }
    }
    if let Some(line) = event.get("UID") {
        let uid = line.property.value;
        if uid.chars().count() >= 255 {
            findings.at(
                line.number,
                &laws::LONG_UID,
                format!("{} characters", uid.chars().count()),
            );
        } else if !uid
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            findings.at(line.number, &laws::UID, quoted(uid));
        }
    }
    if counts.get("CATEGORIES").is_some_and(|lines| *lines > 1)
        || event
            .value("CATEGORIES")
            .is_some_and(|value| list(value).count() > 10)
    {
        findings.at(event.number, &laws::CATEGORIES, "more of them");
    }
    for alarm in event.parts("VALARM") {
        findings.at(alarm.number, &laws::ALARM, "a VALARM");
    }
    versions(event, findings);
}

/// What tells a change (interop E3 to E6).
fn versions(event: &Component<'_>, findings: &mut Findings) {
    let mut stamp = |name: &str| {
        let line = event.get(name)?;
        let Some(Written::Utc(at)) = Written::parse(line.property.value) else {
            findings.at(
                line.number,
                &laws::STAMP,
                format!("{name} {}", quoted(line.property.value)),
            );
            return None;
        };
        Some((line.number, at))
    };
    stamp("DTSTAMP");
    let (created, modified) = (stamp("CREATED"), stamp("LAST-MODIFIED"));
    if let (Some((line, created)), Some((_, modified))) = (created, modified)
        && created > modified
    {
        findings.at(line, &laws::CREATED, "CREATED is later");
    }
    if event.get("LAST-MODIFIED").is_none() {
        findings.at(event.number, &laws::MODIFIED, "no LAST-MODIFIED");
    }
    match event.get("SEQUENCE") {
        None => findings.at(event.number, &laws::SEQUENCELESS, "no SEQUENCE"),
        Some(line) => {
            let number = line.property.value.trim().parse::<u32>().ok();
            if number.is_none_or(|number| number >= 1 << 31) {
                findings.at(line.number, &laws::SEQUENCE, quoted(line.property.value));
            }
        }
    }
}

fn texts(event: &Component<'_>, findings: &mut Findings) {
    let title = event
        .get("SUMMARY")
        .map(|line| (line, text(line.property.value)));
    match title {
        None => findings.at(event.number, &laws::TITLE, "no SUMMARY"),
        Some((line, title)) if title.contains('\n') || title.chars().count() > 200 => {
            findings.at(line.number, &laws::LONG_TITLE, quoted(&title));
        }
        Some(_) => {}
    }
    if let Some(line) = event.get("DESCRIPTION") {
        let told = text(line.property.value);
        if let Some(tag) = tag(&told) {
            findings.at(line.number, &laws::MARKUP, quoted(tag));
        }
        if told.chars().count() > 4_000 {
            findings.at(
                line.number,
                &laws::LONG_TEXT,
                format!("{} characters", told.chars().count()),
            );
        }
    }
    one_of(
        event.get("STATUS"),
        &["CONFIRMED", "TENTATIVE", "CANCELLED"],
        &laws::STATUS,
        findings,
    );
    one_of(event.get("CLASS"), &["PUBLIC"], &laws::PRIVATE, findings);
    if let Some(line) = event.get("GEO") {
        let value = line.property.value;
        let numbers: Option<Vec<f64>> = value
            .split(';')
            .map(|one| one.trim().parse().ok())
            .collect();
        match numbers.as_deref() {
            Some([lat, lon]) if lat.abs() + lon.abs() < f64::EPSILON => {
                findings.at(line.number, &laws::NOWHERE, quoted(value));
            }
            Some([lat, lon]) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => {}
            _ => findings.at(line.number, &laws::GEO, quoted(value)),
        }
    }
    let busy = event.value("X-MICROSOFT-CDO-BUSYSTATUS");
    let agrees = match (event.value("TRANSP"), busy) {
        (Some("TRANSPARENT"), Some(busy)) => busy == "FREE",
        (Some("OPAQUE"), Some(busy)) => busy != "FREE",
        _ => false,
    };
    if !agrees {
        let shown = |value: Option<&str>| value.map_or("nothing".to_owned(), quoted);
        let found = format!(
            "TRANSP {}, BUSYSTATUS {}",
            shown(event.value("TRANSP")),
            shown(busy)
        );
        findings.at(event.number, &laws::BUSY, found);
    }
}

fn one_of(line: Option<Line<'_>>, allowed: &[&str], law: &'static Law, findings: &mut Findings) {
    if let Some(line) = line
        && !allowed.contains(&line.property.value)
    {
        findings.at(line.number, law, quoted(line.property.value));
    }
}

/// The first tag of HTML in `text`.
fn tag(text: &str) -> Option<&str> {
    let mut starts = text.match_indices('<').map(|(at, _)| &text[at..]);
    starts.find_map(tag_at)
}

fn tag_at(text: &str) -> Option<&str> {
    let name = text[1..].trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (name, rest) = name.split_at(end);
    let is_known = TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name));
    let ends = rest.starts_with(['>', '/', ' ']);
    // Longer ones are told by the tag that ends them.
    let (close, _) = text.char_indices().take(200).find(|(_, c)| *c == '>')?;
    (is_known && ends).then_some(&text[..=close])
}
