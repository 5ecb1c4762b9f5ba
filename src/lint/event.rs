//! What stands in an event (interop E1 to E9, P1 to P14, V1), and which events go together (E2, R6, R9).

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
/// Of values that are read by almost nobody (interop P12).
const IDLE: [&str; 5] = [
    "PRIORITY",
    "RESOURCES",
    "COMMENT",
    "RELATED-TO",
    "REQUEST-STATUS",
];

static REQUIRED: Law = Law::error(
    "P14",
    "have UID and DTSTAMP in every event",
    "strict readers refuse the calendar; others see a new event each time",
);
static TWICE: Law = Law::error(
    "P14",
    "have it once",
    "which of the two counts depends on the program",
);
static LONG_UID: Law = Law::error(
    "E1",
    "keep UIDs below 255 characters",
    "Exchange refuses the event",
);
static UID: Law = Law::hint(
    "E1",
    "have a UUID: letters, digits and dashes",
    "UIDs with a host or a user in them tell who made them",
);
static SAME: Law = Law::error(
    "E2",
    "give every event a UID of its own",
    "Google shows the last one only, others the first",
);
static STAMP: Law = Law::error(
    "E5",
    "write stamps in UTC, such as `20261121T190000Z`",
    "changes are missed, or seen where there are none",
);
static MODIFIED: Law = Law::warning(
    "E4",
    "have LAST-MODIFIED, and move it with every change",
    "ICSx5 and Evolution never show a change",
);
static CREATED: Law = Law::hint(
    "E5",
    "have CREATED not later than LAST-MODIFIED",
    "nobody we know of",
);
static SEQUENCE: Law = Law::error(
    "E6",
    "write a whole number below 2147483648",
    "strict readers refuse the calendar",
);
static SEQUENCELESS: Law = Law::hint(
    "E6",
    "have SEQUENCE, and raise it when the event moves",
    "Google may keep the old date",
);
static STATUS: Law = Law::error(
    "E9",
    "write CONFIRMED, TENTATIVE or CANCELLED",
    "a cancelled event shows as if it took place",
);
static TITLE: Law = Law::warning(
    "P1",
    "have a SUMMARY",
    "programs show an event without a name",
);
static LONG_TITLE: Law = Law::hint(
    "P1",
    "keep SUMMARY to one line of 200 characters",
    "lists cut it",
);
static MARKUP: Law = Law::warning(
    "P2",
    "write plain text",
    "Apple, GNOME and Thunderbird show the tags",
);
static LONG_TEXT: Law = Law::hint(
    "P2",
    "keep DESCRIPTION below 4,000 characters and link to the rest",
    "the calendar grows beyond what Google takes",
);
static GEO: Law = Law::error("P5a", "write `GEO:51.3;6.5`", "Google refuses the calendar");
static NOWHERE: Law = Law::warning(
    "P5a",
    "leave GEO out where the place is not known",
    "the map shows the sea off Africa",
);
static ALARM: Law = Law::warning(
    "P6",
    "leave alarms out",
    "they go off in Thunderbird and ICSx5",
);
static BUSY: Law = Law::hint(
    "P7",
    "have TRANSP and X-MICROSOFT-CDO-BUSYSTATUS, which agree",
    "Outlook and the others show the time differently",
);
static PRIVATE: Law = Law::warning(
    "P8",
    "leave private events out",
    "CLASS hides nothing: the text is in the file",
);
static CATEGORIES: Law = Law::hint(
    "P9",
    "have one line of at most 10 categories",
    "some readers take the first line only",
);
static INLINE: Law = Law::warning(
    "P11",
    "link to it",
    "it makes the calendar larger than Google takes",
);
static IDLE_LAW: Law = Law::hint("P12", "leave it out", "read by almost nobody");
static PEOPLE: Law = Law::warning(
    "V1",
    "leave people out",
    "everybody who subscribes gets the addresses; Outlook shows an invitation",
);
static ORPHAN: Law = Law::warning(
    "R9",
    "have the series that it is an exception of",
    "whether it shows depends on the program",
);

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
                &SAME,
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
            None => findings.at(line.number, &ORPHAN, quoted(uid)),
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
                &TWICE,
                format!("a second {}", line.property.name),
            );
        }
        if IDLE.iter().any(|idle| line.property.is(idle)) {
            findings.at(line.number, &IDLE_LAW, line.property.name);
        }
        if line.property.is("ATTENDEE") || line.property.is("ORGANIZER") {
            findings.at(line.number, &PEOPLE, line.property.name);
        }
        if line
            .property
            .param("ENCODING")
            .is_some_and(|how| how.eq_ignore_ascii_case("BASE64"))
        {
            findings.at(
                line.number,
                &INLINE,
                format!("{} inside the calendar", line.property.name),
            );
        }
    }
    for name in ["UID", "DTSTAMP"] {
        if !counts.contains_key(name) {
            findings.at(event.number, &REQUIRED, format!("no {name}"));
        }
    }
    if let Some(line) = event.get("UID") {
        let uid = line.property.value;
        if uid.chars().count() >= 255 {
            findings.at(
                line.number,
                &LONG_UID,
                format!("{} characters", uid.chars().count()),
            );
        } else if !uid
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            findings.at(line.number, &UID, quoted(uid));
        }
    }
    if counts.get("CATEGORIES").is_some_and(|lines| *lines > 1)
        || event
            .value("CATEGORIES")
            .is_some_and(|value| list(value).count() > 10)
    {
        findings.at(event.number, &CATEGORIES, "more of them");
    }
    for alarm in event.parts("VALARM") {
        findings.at(alarm.number, &ALARM, "a VALARM");
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
                &STAMP,
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
        findings.at(line, &CREATED, "CREATED is later");
    }
    if event.get("LAST-MODIFIED").is_none() {
        findings.at(event.number, &MODIFIED, "no LAST-MODIFIED");
    }
    match event.get("SEQUENCE") {
        None => findings.at(event.number, &SEQUENCELESS, "no SEQUENCE"),
        Some(line) => {
            let number = line.property.value.trim().parse::<u32>().ok();
            if number.is_none_or(|number| number >= 1 << 31) {
                findings.at(line.number, &SEQUENCE, quoted(line.property.value));
            }
        }
    }
}

fn texts(event: &Component<'_>, findings: &mut Findings) {
    let title = event
        .get("SUMMARY")
        .map(|line| (line, text(line.property.value)));
    match title {
        None => findings.at(event.number, &TITLE, "no SUMMARY"),
        Some((line, title)) if title.contains('\n') || title.chars().count() > 200 => {
            findings.at(line.number, &LONG_TITLE, quoted(&title));
        }
        Some(_) => {}
    }
    if let Some(line) = event.get("DESCRIPTION") {
        let told = text(line.property.value);
        if let Some(tag) = tag(&told) {
            findings.at(line.number, &MARKUP, quoted(tag));
        }
        if told.chars().count() > 4_000 {
            findings.at(
                line.number,
                &LONG_TEXT,
                format!("{} characters", told.chars().count()),
            );
        }
    }
    one_of(
        event.get("STATUS"),
        &["CONFIRMED", "TENTATIVE", "CANCELLED"],
        &STATUS,
        findings,
    );
    one_of(event.get("CLASS"), &["PUBLIC"], &PRIVATE, findings);
    if let Some(line) = event.get("GEO") {
        let value = line.property.value;
        let numbers: Option<Vec<f64>> = value
            .split(';')
            .map(|one| one.trim().parse().ok())
            .collect();
        match numbers.as_deref() {
            Some([lat, lon]) if lat.abs() + lon.abs() < f64::EPSILON => {
                findings.at(line.number, &NOWHERE, quoted(value));
            }
            Some([lat, lon]) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => {}
            _ => findings.at(line.number, &GEO, quoted(value)),
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
        findings.at(event.number, &BUSY, found);
    }
}

fn one_of(line: Option<Line<'_>>, allowed: &[&str], law: &'static Law, findings: &mut Findings) {
    if let Some(line) = line
        && !allowed.contains(&line.property.value)
    {
        findings.at(line.number, law, quoted(line.property.value));
    }
}

/// The first thing in `text` that looks like a tag of HTML; an address between angle brackets is none.
fn tag(text: &str) -> Option<&str> {
    let mut starts = text.match_indices('<').map(|(at, _)| &text[at..]);
    starts.find_map(tag_at)
}

fn tag_at(text: &str) -> Option<&str> {
    let name = text[1..].trim_start_matches('/');
    // Longer ones are told by the tag that ends them.
    let (end, _) = text
        .char_indices()
        .take(200)
        .find(|(_, c)| matches!(c, '>' | '\n'))?;
    let tag = &text[..=end];
    let is_address = !tag.contains('=') && (tag.contains('@') || tag.contains("://"));
    let is_tag = tag.ends_with('>') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_tag && !is_address).then_some(tag)
}
