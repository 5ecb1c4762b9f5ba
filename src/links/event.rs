//! Links that add one event to somebody's calendar, once (interop L10 to L13).

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;

use crate::domain::when::{DateSpan, When};

use super::encoded;

/// How much of an event's text goes into a link, in characters: encoded it may take nine times as many bytes, and browsers
/// and servers give up at some thousands.
const DETAILS_MAX: usize = 500;

/// What a link says of an event.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// One line.
    pub title: &'a str,
    /// Plain text; cut where it would make the link too long.
    pub details: &'a str,
    /// Where it is; may be empty.
    pub place: &'a str,
    /// When it is.
    pub when: When,
    /// The zone its times are told in.
    pub zone: Tz,
}

/// The addresses by which people add one event to their calendar. Everything else takes the file (L13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Add {
    /// Google (L10).
    pub google: String,
    /// Outlook.com (L11).
    pub outlook_com: String,
    /// Outlook of an organisation's Microsoft 365 (L11).
    pub microsoft_365: String,
    /// Yahoo (L12). Of several whole days it takes the first alone.
    pub yahoo: String,
}

impl Add {
    /// The addresses for the event of these facts.
    #[must_use]
    pub fn of(facts: &Facts<'_>) -> Self {
        Self {
            google: google(facts),
            outlook_com: outlook("outlook.live.com", facts),
            microsoft_365: outlook("outlook.office.com", facts),
            yahoo: yahoo(facts),
        }
    }
}

fn google(facts: &Facts<'_>) -> String {
    let (dates, zone) = match facts.when {
        When::Days(days) => (
            format!(
                "{}/{}",
                days.first().format("%Y%m%d"),
                days.end().format("%Y%m%d")
            ),
            None,
        ),
        When::Timed(span) => (
            format!("{}/{}", basic(span.start()), basic(span.end())),
            Some(facts.zone.name()),
        ),
    };
    let mut query = vec![
        ("action", "TEMPLATE"),
        ("text", facts.title),
        ("dates", &dates),
    ];
    query.extend(zone.map(|zone| ("ctz", zone)));
    let details = shortened(facts.details);
    query.extend([("details", details.as_str()), ("location", facts.place)]);
    address("https://calendar.google.com/calendar/render", &query)
}

fn outlook(host: &str, facts: &Facts<'_>) -> String {
    let (start, end, all_day) = match facts.when {
        When::Days(days) => (days.first().to_string(), days.end().to_string(), "true"),
        When::Timed(span) => (extended(span.start()), extended(span.end()), "false"),
    };
    let details = shortened(facts.details);
    let query = [
        ("path", "/calendar/action/compose"),
        ("rru", "addevent"),
        ("startdt", &start),
        ("enddt", &end),
        ("allday", all_day),
        ("subject", facts.title),
        ("body", &details),
        ("location", facts.place),
    ];
    address(&format!("https://{host}/calendar/deeplink/compose"), &query)
}

fn yahoo(facts: &Facts<'_>) -> String {
    let day = |days: DateSpan| days.first().format("%Y%m%d").to_string();
    let (start, end, duration) = match facts.when {
        When::Days(days) => (day(days), last(days), Some(("dur", "allday"))),
        When::Timed(span) => (basic(span.start()), basic(span.end()), None),
    };
    let details = shortened(facts.details);
    let mut query = vec![
        ("v", "60"),
        ("title", facts.title),
        ("st", &start),
        ("et", &end),
    ];
    query.extend(duration);
    query.extend([("desc", details.as_str()), ("in_loc", facts.place)]);
    address("https://calendar.yahoo.com/", &query)
}

fn last(days: DateSpan) -> String {
    (days.end() - Days::new(1)).format("%Y%m%d").to_string()
}

/// `20261121T190000Z`
fn basic(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// `2026-11-21T19:00:00Z`
fn extended(at: DateTime<Utc>) -> String {
    at.format("%FT%TZ").to_string()
}

/// What is empty is left out.
fn address(base: &str, query: &[(&str, &str)]) -> String {
    let said = query.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = said
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    format!("{base}?{}", pairs.join("&"))
}

fn shortened(details: &str) -> String {
    match details.char_indices().nth(DETAILS_MAX) {
        Some((end, _)) => format!("{}…", details[..end].trim_end()),
        None => details.to_owned(),
    }
}
