//! `VTIMEZONE`: the rules of a zone in the one shape that every client understands (interop Z1 to Z10, T9).
//!
//! Outlook reduces whatever it is given to one yearly change each way, so nothing else is ever written: two
//! observances where a yearly rule each way reproduces the zone data (Z3), one where nothing changes (Z4), and
//! otherwise none, and the events go out in UTC (Z6).

mod rules;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{
    domain::when::TimeSpan,
    zones::{Offset, Transition, Zone, ZoneData, is_publishable},
};

pub use rules::{Nth, Observance, Rules, YearlyRule};

/// The years in which clients get summer time right; three readers know none after 2037 (interop T9, Z5).
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2037;

/// For how many years in a row a rule must have held to count as one. In fewer, the third and the last Sunday of
/// a month can coincide, and the moon can look like a rule.
const EVIDENCE: i32 = 8;

/// A change each way, the same in every year of the evidence.
struct Pair {
    standard: (YearlyRule, Transition),
    daylight: (YearlyRule, Transition),
}

/// The rules of `tz` on one day; `None` as of [`timezone`], and for a zone that `data` lacks.
pub(super) fn on_day(tz: Tz, data: &ZoneData, day: NaiveDate) -> Option<Rules> {
    let start = day.and_time(NaiveTime::MIN).and_utc();
    let day = TimeSpan::new(start, start + TimeDelta::days(1)).ok()?;
    timezone(tz, data.zone(tz)?, day)
}

/// The rules of `zone` that hold at every instant of `span`; `None` if no `VTIMEZONE` that every client understands
/// can say them, or if the zone has no name or the span a year that all of them know. Its events are then written
/// in UTC.
///
/// `span` covers the events that are to be written with this zone, those that [`writes_locally`] agrees to.
#[must_use]
pub fn timezone(tz: Tz, zone: &Zone, span: TimeSpan) -> Option<Rules> {
    let (first, last) = (
        zone.local(span.start()).year(),
        zone.local(span.end()).year(),
    );
    let fits = is_publishable(tz) && YEARS.contains(&first) && YEARS.contains(&last);
    if !fits {
        return None;
    }
    // The rules begin in the course of 1970, so what comes before their first change would have no offset.
    let changing = (first > *YEARS.start())
        .then(|| yearly(zone, first, last))
        .flatten()
        .and_then(|pair| two_observances(tz, zone, &pair));
    changing.or_else(|| one_observance(tz, zone, span))
}

/// Whether an event can be written in local time so that every client reads the same instants (interop T9): neither
/// end at a time that occurs twice, no change of offset from one to the other, all of it within 1970 to 2037.
#[must_use]
pub fn writes_locally(zone: &Zone, span: TimeSpan) -> bool {
    let plain = |at: DateTime<Utc>| {
        let local = zone.local(at);
        YEARS.contains(&local.year()) && !zone.is_repeated(local)
    };
    plain(span.start())
        && plain(span.end())
        && zone.offset_at(span.start()) == zone.offset_at(span.end())
}

fn two_observances(tz: Tz, zone: &Zone, pair: &Pair) -> Option<Rules> {
    let observance = |(rule, change): &(YearlyRule, Transition)| {
        Some(Observance {
            start: rule.day_in(1970)?.and_time(change.wall().time()),
            from: whole_minutes(change.before)?,
            to: whole_minutes(change.after)?,
            name: zone.abbreviation_at(change.at),
            rule: Some(*rule),
        })
    };
    Some(Rules {
        tz,
        standard: observance(&pair.standard)?,
        daylight: Some(observance(&pair.daylight)?),
    })
}

fn one_observance(tz: Tz, zone: &Zone, span: TimeSpan) -> Option<Rules> {
    // A change at the very start is over when the first event begins; one at the very end is written into `DTEND`.
    let second = TimeDelta::seconds(1);
    if zone
        .transitions(span.start() + second, span.end() + second)
        .next()
        .is_some()
    {
        return None;
    }
    let offset = whole_minutes(zone.offset_at(span.start()))?;
    let standard = Observance {
        start: NaiveDate::from_ymd_opt(1970, 1, 1)?.and_time(NaiveTime::MIN),
        from: offset,
        to: offset,
        name: zone.abbreviation_at(span.start()),
        rule: None,
    };
    Some(Rules {
        tz,
        standard,
        daylight: None,
    })
}

/// Clients take no seconds in offsets (interop Z5).
fn whole_minutes(offset: Offset) -> Option<Offset> {
    (offset.seconds() % 60 == 0).then_some(offset)
}

/// The changes that came back every year of some run of years which holds `first` to `last` and is long enough to be
/// evidence; the changes are those of `first`.
fn yearly(zone: &Zone, first: i32, last: i32) -> Option<Pair> {
    let run = EVIDENCE.max(last - first + 1);
    let earliest = last + 1 - run;
    let years = changes_by_year(zone, earliest, first + run - 1);
    years
        .windows(usize::try_from(run).ok()?)
        .zip(earliest..)
        .find_map(|(run, start)| {
            let shown = usize::try_from(first - start).ok()?;
            let (ups, downs): (Vec<_>, Vec<_>) = run.iter().copied().flatten().unzip();
            let complete = ups.len() == run.len();
            complete.then_some(())?;
            Some(Pair {
                standard: (constant(&downs)?, downs[shown]),
                daylight: (constant(&ups)?, ups[shown]),
            })
        })
}

/// Of each year, by the clocks that are changed: the change to the greater offset and the one back, if there is
/// exactly one of each.
fn changes_by_year(zone: &Zone, first: i32, last: i32) -> Vec<Option<(Transition, Transition)>> {
    let (from, to) = crate::zones::differences::bounds(first..=last);
    let day = TimeDelta::days(1); // local years begin and end up to 14 hours off
    let changes: Vec<_> = zone.transitions(from - day, to + day).collect();
    let of_year = |year| {
        let mut changes = changes.iter().filter(|change| change.wall().year() == year);
        match (changes.next(), changes.next(), changes.next()) {
            (Some(one), Some(other), None)
                if one.after > one.before && other.after < other.before =>
            {
                Some((*one, *other))
            }
            (Some(one), Some(other), None)
                if one.after < one.before && other.after > other.before =>
            {
                Some((*other, *one))
            }
            _ => None,
        }
    };
    (first..=last).map(of_year).collect()
}

/// The rule that all `changes` follow, if there is one and their wall time and offsets are the same too.
fn constant(changes: &[Transition]) -> Option<YearlyRule> {
    let first = changes.first()?;
    let alike = |change: &Transition| {
        (change.wall().time(), change.before, change.after)
            == (first.wall().time(), first.before, first.after)
    };
    let day = first.wall().date();
    let number = u8::try_from(day.day0() / 7 + 1).ok()?;
    let rule = |nth| YearlyRule {
        month: day.month(),
        weekday: day.weekday(),
        nth,
    };
    // "Last" first: where both hold, as in a February, it is what lawmakers mean.
    let mut rules = [Nth::Last, Nth::Number(number)].into_iter().map(rule);
    rules.find(|rule| {
        let follows = |change: &Transition| {
            let day = change.wall().date();
            alike(change) && rule.day_in(day.year()) == Some(day)
        };
        changes.iter().all(follows)
    })
}

#[cfg(test)]
mod tests;
