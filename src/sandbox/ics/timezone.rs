//! Zones as calendars name and define them.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    settings::Zones,
    text::{offset, wall},
};
use crate::sandbox::local::Zone;

/// Names of Windows and the zone each stands for first of all. Zones that share a name with one of these are left out: under
/// it, nobody could tell them apart.
const WINDOWS: [(&str, &str); 18] = [
    ("America/New_York", "Eastern Standard Time"),
    ("America/Chicago", "Central Standard Time"),
    ("America/Denver", "Mountain Standard Time"),
    ("America/Los_Angeles", "Pacific Standard Time"),
    ("America/Phoenix", "US Mountain Standard Time"),
    ("America/Sao_Paulo", "E. South America Standard Time"),
    ("America/Caracas", "Venezuela Standard Time"),
    ("Europe/London", "GMT Standard Time"),
    ("Europe/Berlin", "W. Europe Standard Time"),
    ("Europe/Paris", "Romance Standard Time"),
    ("Europe/Moscow", "Russian Standard Time"),
    ("Africa/Casablanca", "Morocco Standard Time"),
    ("Asia/Kathmandu", "Nepal Standard Time"),
    ("Asia/Tokyo", "Tokyo Standard Time"),
    ("Asia/Seoul", "Korea Standard Time"),
    ("Asia/Shanghai", "China Standard Time"),
    ("Australia/Sydney", "AUS Eastern Standard Time"),
    ("Australia/Lord_Howe", "Lord Howe Standard Time"),
];

/// What a calendar of that manner calls a zone.
pub(super) fn name(zone: &str, zones: Zones) -> String {
    match zones {
        Zones::Windows => WINDOWS
            .iter()
            .find(|(iana, _)| *iana == zone)
            .map_or(zone, |(_, windows)| windows)
            .to_owned(),
        Zones::Path => format!("/freeassociation.sourceforge.net/{zone}"),
        Zones::Iana | Zones::Floating | Zones::Utc => zone.to_owned(),
    }
}

/// The definition of a zone, with every change of its clocks from a year before `first` to a year after `last`.
pub(super) fn definition(
    name: &str,
    zone: &Zone,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
) -> Vec<String> {
    let year = TimeDelta::days(366);
    let mut at = first - year;
    let (mut before, abbreviation, mut next) = zone.rule(at);
    let epoch = DateTime::UNIX_EPOCH.naive_utc();
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{name}")];
    lines.extend(observance(
        zone,
        at,
        [before, before],
        &abbreviation,
        &wall(epoch),
    ));
    while let Some(change) = next.filter(|change| *change <= last + year) {
        at = change;
        let (after, abbreviation, following) = zone.rule(at);
        let clock = at.naive_utc() + TimeDelta::seconds(before.into());
        lines.extend(observance(
            zone,
            at,
            [before, after],
            &abbreviation,
            &wall(clock),
        ));
        (before, next) = (after, following);
    }
    lines.push("END:VTIMEZONE".to_owned());
    lines
}

fn observance(
    zone: &Zone,
    at: DateTime<Utc>,
    [before, after]: [i32; 2],
    abbreviation: &str,
    start: &str,
) -> [String; 6] {
    let kind = if zone.is_summer(at) {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    [
        format!("BEGIN:{kind}"),
        format!("DTSTART:{start}"),
        format!("TZOFFSETFROM:{}", offset(before)),
        format!("TZOFFSETTO:{}", offset(after)),
        format!("TZNAME:{abbreviation}"),
        format!("END:{kind}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_names_every_change_of_the_clocks() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (first, last) = (at("2026-06-01T00:00:00Z"), at("2026-07-01T00:00:00Z"));
        let lines = definition("Berlin", &zone, first, last);
        let starts: Vec<_> = lines
            .iter()
            .filter(|line| line.starts_with("DTSTART"))
            .collect();
        assert_eq!(
            starts,
            [
                "DTSTART:19700101T000000",
                "DTSTART:20251026T030000",
                "DTSTART:20260329T020000",
                "DTSTART:20261025T030000",
                "DTSTART:20270328T020000",
            ]
        );
        assert_eq!(lines[2], "BEGIN:DAYLIGHT");
    }

    #[test]
    fn names_follow_the_manner() {
        for (zone, zones, want) in [
            ("Europe/Berlin", Zones::Windows, "W. Europe Standard Time"),
            ("America/Vancouver", Zones::Windows, "America/Vancouver"),
            (
                "Europe/Berlin",
                Zones::Path,
                "/freeassociation.sourceforge.net/Europe/Berlin",
            ),
            ("Europe/Berlin", Zones::Utc, "Europe/Berlin"),
        ] {
            assert_eq!(name(zone, zones), want, "{zone} {zones:?}");
        }
    }
}
