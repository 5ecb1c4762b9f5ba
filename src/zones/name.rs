//! Zone names as calendar files spell them (interop Z2): programs put anything into a `TZID`.

use std::{collections::HashMap, sync::LazyLock};

use chrono::{DateTime, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{alias::canonical, data::ZoneData, windows, zone::Offset};

/// What a name that is no sure sign of a zone most likely means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// The clocks of a zone.
    Zone(Tz),
    /// One offset for ever.
    Fixed(Offset),
}

/// Every zone by its lower-cased name.
static BY_NAME: LazyLock<HashMap<String, Tz>> = LazyLock::new(|| {
    let named = |tz: Tz| (tz.name().to_ascii_lowercase(), tz);
    TZ_VARIANTS.into_iter().map(named).collect()
});

/// Zones by the lower-cased last part of `Area/Location`, such as `new york`.
static BY_CITY: LazyLock<HashMap<String, Tz>> = LazyLock::new(|| {
    let places = TZ_VARIANTS
        .into_iter()
        .filter(|tz| super::is_publishable(*tz));
    let city = |tz: Tz| {
        let last = tz.name().rsplit('/').next().unwrap_or_default();
        (last.to_ascii_lowercase().replace('_', " "), tz)
    };
    places.map(city).collect()
});

/// Names without a place or an offset in them, lower-cased. What means two zones far apart, such as `CST`, is not here.
const NICKNAMES: [(&str, Tz); 32] = [
    ("aedt", Tz::Australia__Sydney),
    ("aest", Tz::Australia__Sydney),
    ("akst", Tz::America__Anchorage),
    ("alaska", Tz::America__Anchorage),
    ("arizona", Tz::America__Phoenix),
    ("atlantic time (canada)", Tz::America__Halifax),
    ("bst", Tz::Europe__London),
    ("cdt", Tz::America__Chicago),
    ("central time (us & canada)", Tz::America__Chicago),
    ("cest", Tz::Europe__Berlin),
    ("ct", Tz::America__Chicago),
    ("eastern time (us & canada)", Tz::America__New_York),
    ("edt", Tz::America__New_York),
    ("et", Tz::America__New_York),
    ("greenwich mean time", Tz::Europe__London),
    ("hawaii", Tz::Pacific__Honolulu),
    ("jst", Tz::Asia__Tokyo),
    ("mdt", Tz::America__Denver),
    ("mesz", Tz::Europe__Berlin),
    ("mez", Tz::Europe__Berlin),
    ("mitteleuropäische zeit", Tz::Europe__Berlin),
    ("mountain time (us & canada)", Tz::America__Denver),
    ("msk", Tz::Europe__Moscow),
    ("mt", Tz::America__Denver),
    ("newfoundland", Tz::America__St_Johns),
    ("nzdt", Tz::Pacific__Auckland),
    ("nzst", Tz::Pacific__Auckland),
    ("pacific time (us & canada)", Tz::America__Los_Angeles),
    ("pdt", Tz::America__Los_Angeles),
    ("pst", Tz::America__Los_Angeles),
    ("pt", Tz::America__Los_Angeles),
    ("westeuropäische normalzeit", Tz::Europe__Berlin),
];

/// The zone that `name` is sure to mean, whatever rules a file may give for it: an IANA name in any case, with blanks
/// or quotes, behind any prefix (`/freeassociation.sourceforge.net/Europe/Berlin`); a name of Windows; or UTC.
///
/// Names without a place, such as `EST`, are not sure: many files give them the rules of a zone with summer time.
#[must_use]
pub fn sure(name: &str) -> Option<Tz> {
    let name = plain(name);
    let lower = name.to_ascii_lowercase().replace(' ', "_");
    if is_utc(lower.rsplit('/').next().unwrap_or_default()) {
        return Some(Tz::UTC);
    }
    // From the longest to the shortest, so that `America/Indiana/Knox` is not cut to something else.
    let starts = std::iter::once(0).chain(lower.match_indices('/').map(|(at, _)| at + 1));
    let found = starts
        .map(|start| &lower[start..])
        .filter(|rest| rest.contains('/'))
        .find_map(|rest| BY_NAME.get(rest).copied());
    found.or_else(|| windows::zone(name)).map(canonical)
}

/// What `name` most likely means, if the file has no rules for it: an abbreviation, an offset (`GMT+0100`, east is
/// positive), a name that Outlook shows (`(UTC+01:00) Amsterdam, Berlin`), or a sure name that is slightly off.
#[must_use]
pub fn guess(name: &str, data: &ZoneData) -> Option<Guess> {
    let name = plain(name);
    let lower = name.to_lowercase();
    if let Some(offset) = offset(&lower) {
        return Some(Guess::Fixed(offset));
    }
    if let Some((said, places)) = lower
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
    {
        return shown(offset(said)?, places.trim(), data);
    }
    let nickname = NICKNAMES.iter().find(|(known, _)| *known == lower);
    let numbered = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let summer = lower.replace(" daylight time", " standard time");
    nickname
        .map(|(_, tz)| *tz)
        .or_else(|| BY_NAME.get(&lower).copied())
        .or_else(|| BY_NAME.get(&lower.replacen('-', "/", 1)).copied())
        .or_else(|| windows::zone(numbered))
        .or_else(|| windows::zone(&summer))
        .map(|tz| Guess::Zone(canonical(tz)))
}

/// The zone of one of `places`, as Outlook lists them, that has the offset said beside them in winter or in summer.
fn shown(offset: Offset, places: &str, data: &ZoneData) -> Option<Guess> {
    if places.is_empty() {
        return Some(Guess::Fixed(offset));
    }
    if places.starts_with("coordinated universal time") {
        return Some(Guess::Zone(Tz::UTC));
    }
    let nickname = NICKNAMES.iter().find(|(known, _)| *known == places);
    let cities = places.split([',', '/']).map(str::trim);
    let cities = cities.filter_map(|city| BY_CITY.get(city).copied());
    nickname
        .map(|(_, tz)| *tz)
        .into_iter()
        .chain(cities)
        .map(canonical)
        .find(|tz| {
            let zone = data.zone(*tz);
            zone.is_some_and(|zone| SEASONS.iter().any(|at| zone.offset_at(*at) == offset))
        })
        .map(Guess::Zone)
}

/// A winter and a summer day, 2026-01-15 and 2026-07-15: Outlook shows the offset of standard time.
const SEASONS: [DateTime<Utc>; 2] = [
    DateTime::from_timestamp_secs(1_768_435_200).expect("it is a time"),
    DateTime::from_timestamp_secs(1_784_073_600).expect("it is a time"),
];

/// `gmt+0100`, `utc-05:30`, `gmt+1`, `+01:00`: hours and minutes ahead of UTC.
fn offset(lower: &str) -> Option<Offset> {
    let rest = ["gmt", "utc"]
        .iter()
        .find_map(|prefix| lower.strip_prefix(prefix))
        .unwrap_or(lower)
        .trim_start();
    if rest.is_empty() && !lower.is_empty() {
        return Some(Offset::UTC);
    }
    let (sign, digits) = match rest.as_bytes().first()? {
        b'+' => (1, &rest[1..]),
        b'-' => (-1, &rest[1..]),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|c| !matches!(c, ':' | '.')).collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let split = if digits.len() > 2 {
        digits.len() - 2
    } else {
        digits.len()
    };
    let hours: i32 = digits[..split].parse().ok()?;
    let minutes: i32 = digits[split..].parse().unwrap_or_default();
    (hours <= 14 && minutes < 60).then(|| Offset::east(sign * (hours * 3_600 + minutes * 60)))
}

fn is_utc(lower: &str) -> bool {
    matches!(
        lower,
        "utc" | "z" | "zulu" | "uct" | "universal" | "coordinated_universal_time"
    )
}

/// Without what programs put around it.
fn plain(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'))
}

#[cfg(test)]
mod tests;
