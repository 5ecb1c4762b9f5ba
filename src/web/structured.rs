//! What search engines read of an event: schema.org `Event` as JSON-LD (interop B13).

use std::fmt;

use chrono::{DateTime, Days, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::{
    domain::{event::Status, when::When},
    feed::listing::{Listed, Where},
    zones::ZoneData,
};

/// JSON-LD as it may stand inside a `script` element: no `<` is in it, so nothing in it can end the element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Structured(String);

/// By construction: see [`Structured`].
impl askama::filters::HtmlSafe for Structured {}

impl fmt::Display for Structured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Structured {
    /// The events with the address of the page of each. They were organised by `organizer`.
    pub(super) fn of<'e>(
        events: impl IntoIterator<Item = (&'e Listed, String)>,
        organizer: &str,
        zones: &ZoneData,
    ) -> Self {
        let events = events.into_iter();
        let events: Vec<Value> = events
            .map(|(event, url)| of_event(event, &url, organizer, zones))
            .collect();
        let graph = json!({ "@context": "https://schema.org", "@graph": events });
        // Only in strings can these stand, where the escape means the same character.
        let text = graph.to_string().replace('<', "\\u003c");
        Self(text.replace('>', "\\u003e").replace('&', "\\u0026"))
    }
}

fn of_event(event: &Listed, url: &str, organizer: &str, zones: &ZoneData) -> Value {
    let (start, end) = dates(event, zones);
    let status = match event.status {
        Some(Status::Cancelled) => "https://schema.org/EventCancelled",
        Some(Status::Confirmed | Status::Tentative) | None => "https://schema.org/EventScheduled",
    };
    let mut facts = json!({
        "@type": "Event",
        "name": event.title,
        "startDate": start,
        "endDate": end,
        "eventStatus": status,
        "url": url,
        "organizer": { "@type": "Organization", "name": organizer },
    });
    if let Some(place) = event.places.first() {
        facts["location"] = location(place);
        facts["eventAttendanceMode"] = json!("https://schema.org/OfflineEventAttendanceMode");
    }
    if !event.details.is_empty() {
        facts["description"] = json!(event.details);
    }
    facts
}

fn location(place: &Where) -> Value {
    let mut facts = json!({ "@type": "Place" });
    for (key, value) in [("name", &place.name), ("address", &place.address)] {
        if !value.is_empty() {
            facts[key] = json!(value);
        }
    }
    facts
}

/// The last day is included here, unlike in iCalendar.
fn dates(event: &Listed, zones: &ZoneData) -> (String, String) {
    match event.when {
        When::Days(days) => {
            let last = days.end() - Days::new(1);
            (days.first().to_string(), last.to_string())
        }
        When::Timed(span) => (
            with_offset(span.start(), event.zone, zones),
            with_offset(span.end(), event.zone, zones),
        ),
    }
}

/// `2026-11-21T19:30:00-05:00`
pub(super) fn with_offset(at: DateTime<Utc>, zone: Tz, zones: &ZoneData) -> String {
    let zone = zones.zone_or_utc(zone);
    let seconds = zone.offset_at(at).seconds();
    // Offsets of old have seconds, which ISO 8601 cannot write.
    if seconds == 0 || seconds % 60 != 0 {
        return at.to_rfc3339_opts(SecondsFormat::Secs, true);
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    let local = zone.local(at).format("%FT%T");
    format!("{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests;
