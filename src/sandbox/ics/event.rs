//! Events and classes as `VEVENT`s.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDateTime, Utc};

use super::{
    settings::{Settings, Zones},
    text::{day, escaped, instant, wall},
    timezone,
};
use crate::sandbox::{
    course::Course,
    local::Clocks,
    season::{CANARY, Event, Season, Span, Status},
};

/// Writes events of one season in one manner, and remembers which zones it named.
pub(super) struct Pen<'a> {
    season: &'a Season,
    settings: &'a Settings,
    clocks: Clocks,
    named: BTreeSet<String>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(season: &'a Season, settings: &'a Settings) -> Self {
        Self {
            season,
            settings,
            clocks: Clocks::default(),
            named: BTreeSet::new(),
        }
    }

    /// The zones named so far, by their IANA names, and all clocks.
    pub(super) fn named(self) -> (BTreeSet<String>, Clocks) {
        (self.named, self.clocks)
    }

    /// An event of the season.
    pub(super) fn event(&mut self, event: &Event) -> Vec<String> {
        let mut lines = self.opened(&event.id, event.created, event.updated);
        lines.extend(self.span(event));
        let title = event.title.as_deref().map(escaped);
        lines.extend(title.map(|title| format!("SUMMARY:{title}")));
        lines.extend(described(event.details.as_deref()));
        let place = self.season.whereabouts(event);
        lines.extend(place.map(|place| format!("LOCATION:{}", escaped(&place))));
        let status = event.status.map(|status| match status {
            Status::Tentative => "TENTATIVE",
            Status::Confirmed => "CONFIRMED",
            Status::Canceled => "CANCELLED",
            Status::Unheard => "PENCILLED-IN",
        });
        lines.extend(status.map(|status| format!("STATUS:{status}")));
        lines.extend(self.categories(&event.groups));
        for person in &event.people {
            lines.push(format!(
                "ATTENDEE;CN=\"{CANARY}\";PARTSTAT=ACCEPTED:mailto:{person}.{CANARY}@quillfeather.example"
            ));
        }
        lines.push("END:VEVENT".to_owned());
        lines
    }

    /// A class: the rule with what is left out of it, then each meeting that was moved.
    pub(super) fn course(&mut self, course: &Course) -> Vec<Vec<String>> {
        let zone = self.season.place(&course.place);
        let zone = zone.map_or(self.season.zone.as_str(), |place| &place.zone);
        self.named.insert(zone.to_owned());
        let tzid = self.tzid(zone);
        let at = |name: &str, at: NaiveDateTime| format!("{name}{tzid}:{}", wall(at));
        let by_rule = |on| course.starts().find(|start| start.date() == on);
        let meeting = |pen: &Self, start| {
            let mut lines = pen.opened(&course.id, None, None);
            lines.push(at("DTSTART", start));
            lines.push(at("DTEND", course.end(start)));
            lines.push(format!("SUMMARY:{}", escaped(&course.title)));
            lines.extend(described(course.details.as_deref()));
            lines.extend(pen.categories(std::slice::from_ref(&course.group)));
            lines
        };
        let mut first = meeting(self, course.first);
        first.push(format!("RRULE:{}", course.rule()));
        let skipped = course.skipped.iter().filter_map(|on| by_rule(*on));
        first.extend(skipped.map(|start| at("EXDATE", start)));
        let alarm = [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT15M",
            "DESCRIPTION:Soon",
            "END:VALARM",
        ];
        first.extend(alarm.map(str::to_owned));
        let mut all = vec![first];
        for (on, start) in &course.moved {
            let mut lines = meeting(self, *start);
            lines.extend(by_rule(*on).map(|old| at("RECURRENCE-ID", old)));
            all.push(lines);
        }
        for lines in &mut all {
            lines.push("END:VEVENT".to_owned());
        }
        all
    }

    fn opened(
        &self,
        id: &str,
        created: Option<DateTime<Utc>>,
        updated: Option<DateTime<Utc>>,
    ) -> Vec<String> {
        // What has no stamp of its own is stamped when it is asked for, as many producers do.
        let stamp = updated
            .or(created)
            .unwrap_or_else(|| self.settings.clock.now());
        let mut lines = vec![
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{id}@quillfeather.example"),
            format!("DTSTAMP:{}", instant(stamp)),
        ];
        lines.extend(created.map(|at| format!("CREATED:{}", instant(at))));
        lines.extend(updated.map(|at| format!("LAST-MODIFIED:{}", instant(at))));
        lines
    }

    fn span(&mut self, event: &Event) -> Vec<String> {
        let (start, end) = match event.span {
            Span::Days { first, last } => {
                return vec![
                    format!("DTSTART;VALUE=DATE:{}", day(first)),
                    format!("DTEND;VALUE=DATE:{}", day(last + Days::new(1))),
                ];
            }
            Span::Timed { start, end } => (start, end),
        };
        let season = self.season;
        let zone = match self.settings.zones {
            Zones::Utc => None,
            Zones::Floating => Some(season.zone.as_str()),
            Zones::Iana | Zones::Windows | Zones::Path => Some(season.zone_of(event)),
        };
        // What a clock cannot tell apart is told in UTC.
        let shown = zone.and_then(|zone| Some((zone, self.clocks.show(zone, start, end)?)));
        let Some((zone, (start, end))) = shown else {
            let mut lines = vec![format!("DTSTART:{}", instant(start))];
            lines.extend(end.map(|end| format!("DTEND:{}", instant(end))));
            return lines;
        };
        let tzid = if self.settings.zones == Zones::Floating {
            String::new()
        } else {
            self.named.insert(zone.to_owned());
            self.tzid(zone)
        };
        let mut lines = vec![format!("DTSTART{tzid}:{}", wall(start))];
        lines.extend(end.map(|end| format!("DTEND{tzid}:{}", wall(end))));
        lines
    }

    /// The parameter that names a zone; a name with a blank stands in quotes, as Outlook writes it.
    fn tzid(&self, zone: &str) -> String {
        let name = timezone::name(zone, self.settings.zones);
        if name.contains(' ') {
            format!(";TZID=\"{name}\"")
        } else {
            format!(";TZID={name}")
        }
    }

    fn categories(&self, groups: &[String]) -> Option<String> {
        let known = &self.season.groups;
        let name = |id: &String| known.iter().find(|group| group.id == *id);
        let names: Vec<String> = groups
            .iter()
            .filter_map(name)
            .map(|group| escaped(&group.name))
            .collect();
        (!names.is_empty()).then(|| format!("CATEGORIES:{}", names.join(",")))
    }
}

/// A description as it was typed in, markup and all, and once more where Outlook looks for markup.
fn described(details: Option<&str>) -> impl Iterator<Item = String> {
    let text = details.map(escaped).into_iter();
    text.flat_map(|text| {
        [
            format!("DESCRIPTION:{text}"),
            format!("X-ALT-DESC;FMTTYPE=text/html:{text}"),
        ]
    })
}
