//! The components of a file, taken apart and not yet understood. Only what is read of them has a field.

use super::{
    line::{Lines, Property},
    timezone::{Observance, Rules},
};

/// The most events of one file; what follows is left out.
pub(super) const EVENTS_MAX: usize = 50_000;

/// A file: usually one calendar, sometimes several in a row.
#[derive(Debug, Default)]
pub(super) struct Records<'a> {
    pub(super) calendars: Vec<Calendar<'a>>,
    /// How many lines are no properties.
    pub(super) bad_lines: usize,
    /// Whether events beyond [`EVENTS_MAX`] were left out.
    pub(super) is_cut: bool,
}

/// One `VCALENDAR`.
#[derive(Debug, Default)]
pub(super) struct Calendar<'a> {
    pub(super) method: Option<&'a str>,
    pub(super) zone: Option<&'a str>,
    pub(super) refresh: Option<&'a str>,
    pub(super) ttl: Option<&'a str>,
    pub(super) zones: Vec<Rules<'a>>,
    pub(super) events: Vec<Record<'a>>,
}

/// One `VEVENT`. Of a property that stands twice where one may stand, the first counts.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// Which calendar of the file it stands in, from 0.
    pub(super) calendar: usize,
    pub(super) uid: Option<&'a str>,
    pub(super) original: Option<Property<'a>>,
    pub(super) start: Option<Property<'a>>,
    pub(super) end: Option<Property<'a>>,
    pub(super) duration: Option<&'a str>,
    pub(super) rules: Vec<&'a str>,
    pub(super) extra: Vec<Property<'a>>,
    pub(super) except: Vec<Property<'a>>,
    pub(super) summary: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    pub(super) html: Option<&'a str>,
    pub(super) location: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) status: Option<&'a str>,
    pub(super) class: Option<&'a str>,
    pub(super) categories: Vec<&'a str>,
    pub(super) sequence: Option<&'a str>,
    pub(super) stamp: Option<&'a str>,
    pub(super) created: Option<&'a str>,
    pub(super) modified: Option<&'a str>,
    pub(super) all_day: Option<&'a str>,
}

/// What the lines at hand belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Calendar,
    Zone,
    Observance,
    Event,
}

impl<'a> Records<'a> {
    /// Takes `lines` apart. A component that is not closed ends where one begins that cannot be inside it.
    pub(super) fn of(lines: &'a Lines) -> Self {
        let mut records = Self::default();
        let mut inside = Inside::Nothing;
        // How deep we are in a component that is nothing to us, such as an alarm.
        let mut depth = 0_usize;
        let mut events = 0;
        for line in lines.iter() {
            let Some(property) = Property::parse(line) else {
                // What stands around the calendar is not part of it.
                records.bad_lines += usize::from(inside != Inside::Nothing);
                continue;
            };
            let component = property.value.trim();
            if property.is("BEGIN") {
                let Some(begun) = records.begin(component, inside) else {
                    depth += 1;
                    continue;
                };
                events += usize::from(begun == Inside::Event);
                if events > EVENTS_MAX {
                    records.is_cut = true;
                    break;
                }
                records.open(begun);
                (inside, depth) = (begun, 0);
            } else if property.is("END") {
                if is_known(component) {
                    (inside, depth) = (ended(component, inside), 0);
                } else {
                    depth = depth.saturating_sub(1);
                }
            } else if depth == 0 {
                records.take(inside, property);
            }
        }
        records.call_off();
        records
    }

    /// The events of a calendar that calls off what it lists (RFC 5546 §3.2.5) say so themselves.
    fn call_off(&mut self) {
        for calendar in &mut self.calendars {
            let method = calendar.method.unwrap_or_default().trim();
            if method.eq_ignore_ascii_case("CANCEL") {
                for event in &mut calendar.events {
                    event.status = Some("CANCELLED");
                }
            }
        }
    }

    /// Where we are once `component` has begun; `None` if it is nothing to us.
    fn begin(&self, component: &str, inside: Inside) -> Option<Inside> {
        let is = |name: &str| component.eq_ignore_ascii_case(name);
        if is("VCALENDAR") {
            return Some(Inside::Calendar);
        }
        let somewhere = inside != Inside::Nothing && !self.calendars.is_empty();
        match () {
            () if !somewhere => None,
            () if is("VEVENT") => Some(Inside::Event),
            () if is("VTIMEZONE") => Some(Inside::Zone),
            () if is("STANDARD") || is("DAYLIGHT") => {
                matches!(inside, Inside::Zone | Inside::Observance).then_some(Inside::Observance)
            }
            () => None,
        }
    }

    fn open(&mut self, begun: Inside) {
        if begun == Inside::Calendar {
            self.calendars.push(Calendar::default());
        }
        let number = self.calendars.len().saturating_sub(1);
        let Some(calendar) = self.calendars.last_mut() else {
            return;
        };
        match begun {
            Inside::Event => calendar.events.push(Record {
                calendar: number,
                ..Record::default()
            }),
            Inside::Zone => calendar.zones.push(Rules::default()),
            Inside::Observance => {
                if let Some(zone) = calendar.zones.last_mut() {
                    zone.observances.push(Observance::default());
                }
            }
            Inside::Calendar | Inside::Nothing => {}
        }
    }

    fn take(&mut self, inside: Inside, property: Property<'a>) {
        let Some(calendar) = self.calendars.last_mut() else {
            return;
        };
        match inside {
            Inside::Nothing => {}
            Inside::Calendar => calendar.take(property),
            Inside::Event => {
                if let Some(event) = calendar.events.last_mut() {
                    event.take(property);
                }
            }
            Inside::Zone | Inside::Observance => {
                let Some(zone) = calendar.zones.last_mut() else {
                    return;
                };
                match zone.observances.last_mut() {
                    Some(observance) if inside == Inside::Observance => observance.take(property),
                    _ if property.is("TZID") => zone.id = property.value,
                    _ if property.is("X-LIC-LOCATION") => zone.location = Some(property.value),
                    _ => {}
                }
            }
        }
    }
}

/// Components that are read.
fn is_known(component: &str) -> bool {
    const KNOWN: [&str; 5] = ["VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"];
    KNOWN
        .iter()
        .any(|known| known.eq_ignore_ascii_case(component))
}

/// Where we are once `component` has ended.
fn ended(component: &str, inside: Inside) -> Inside {
    let is = |name: &str| component.eq_ignore_ascii_case(name);
    match inside {
        _ if is("VCALENDAR") => Inside::Nothing,
        Inside::Observance if is("STANDARD") || is("DAYLIGHT") => Inside::Zone,
        Inside::Zone | Inside::Observance if is("VTIMEZONE") => Inside::Calendar,
        Inside::Event if is("VEVENT") => Inside::Calendar,
        stays => stays,
    }
}

impl<'a> Calendar<'a> {
    fn take(&mut self, property: Property<'a>) {
        let field = match &*property.upper_name() {
            "METHOD" => &mut self.method,
            "X-WR-TIMEZONE" => &mut self.zone,
            "REFRESH-INTERVAL" => &mut self.refresh,
            "X-PUBLISHED-TTL" => &mut self.ttl,
            _ => return,
        };
        field.get_or_insert(property.value);
    }
}

impl<'a> Observance<'a> {
    fn take(&mut self, property: Property<'a>) {
        let field = match &*property.upper_name() {
            "DTSTART" => &mut self.start,
            "TZOFFSETFROM" => &mut self.from,
            "TZOFFSETTO" => &mut self.to,
            "RRULE" => return self.rules.push(property.value),
            "RDATE" => return self.dates.push(property.value),
            _ => return,
        };
        field.get_or_insert(property.value);
    }
}

impl<'a> Record<'a> {
    fn take(&mut self, property: Property<'a>) {
        let field = match &*property.upper_name() {
            "UID" => &mut self.uid,
            "DURATION" => &mut self.duration,
            "SUMMARY" => &mut self.summary,
            "DESCRIPTION" => &mut self.description,
            "X-ALT-DESC" => &mut self.html,
            "LOCATION" => &mut self.location,
            "URL" => &mut self.url,
            "STATUS" => &mut self.status,
            "CLASS" => &mut self.class,
            "SEQUENCE" => &mut self.sequence,
            "DTSTAMP" => &mut self.stamp,
            "CREATED" => &mut self.created,
            "LAST-MODIFIED" => &mut self.modified,
            "X-MICROSOFT-CDO-ALLDAYEVENT" => &mut self.all_day,
            "CATEGORIES" => return self.categories.push(property.value),
            "RRULE" => return self.rules.push(property.value),
            "RDATE" => return self.extra.push(property),
            "EXDATE" => return self.except.push(property),
            name => {
                let field = match name {
                    "DTSTART" => &mut self.start,
                    "DTEND" => &mut self.end,
                    "RECURRENCE-ID" => &mut self.original,
                    _ => return,
                };
                field.get_or_insert(property);
                return;
            }
        };
        field.get_or_insert(property.value);
    }
}

#[cfg(test)]
mod tests;
