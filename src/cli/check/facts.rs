//! What is said of zone data and the clock; pure.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::{Fact, Verdict};
use crate::{domain::id::SourceId, zones::ZoneData};

/// How far the clock may be from that of an upstream: what is compared are whole seconds that were under way for some more.
const SKEW_MAX: TimeDelta = TimeDelta::seconds(60);

/// Which rules of zones are in use, and whether they may be out of date.
pub(super) fn zone_data(data: &ZoneData, now: DateTime<Utc>) -> Fact {
    // Some government changes its rules several times a year; releases of one year still come at the beginning of the next.
    let is_old = |year: i32| year + 1 < now.year() || (year < now.year() && now.month() > 6);
    let age = match data.version().year() {
        Some(year) if is_old(i32::from(year)) => Some(format!(
            "it knows no rules decided after {year}: update the package `tzdata`, or leave `zones.data` out to have the newest at hand"
        )),
        Some(_) => None,
        None => Some("it does not say its version, so nobody can tell how old it is".to_owned()),
    };
    let problems = data.problems().iter().map(ToString::to_string);
    let trouble: Vec<String> = age.into_iter().chain(problems).collect();
    let verdict = if trouble.is_empty() {
        Verdict::Ok
    } else {
        Verdict::Warning
    };
    let which = format!("{} {}", data.version(), data.origin());
    let found: Vec<String> = [which].into_iter().chain(trouble).collect();
    Fact::new("tz database", verdict, found.join("; "))
}

/// Whether the clock is right: how far ahead of those of the upstreams it is, by their word. Nothing if none has told its time.
///
/// The upstream whose clock is nearest counts: that one of several is wrong does not make ours so.
pub(super) fn clock<'s>(ahead: impl Iterator<Item = (&'s SourceId, TimeDelta)>) -> Option<Fact> {
    let (source, ahead) = ahead.min_by_key(|(_, ahead)| ahead.abs())?;
    let seconds = ahead.num_seconds().abs();
    Some(if ahead.abs() <= SKEW_MAX {
        let found = format!("within {seconds} s of that of `{source}`");
        Fact::new("clock", Verdict::Ok, found)
    } else {
        let way = if ahead > TimeDelta::zero() {
            "ahead of"
        } else {
            "behind"
        };
        let found = format!(
            "{seconds} s {way} that of `{source}`; have the system keep time, such as with `systemd-timesyncd` or `chrony`"
        );
        Fact::new("clock", Verdict::Warning, found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::at;

    #[test]
    fn zone_data_is_old_once_a_release_must_have_followed_it() {
        // The built-in database is of 2026.
        let data = ZoneData::built_in();
        for (now, verdict) in [
            ("2026-11-22T12:00:00Z", Verdict::Ok),
            ("2027-06-30T12:00:00Z", Verdict::Ok),
            ("2027-07-01T12:00:00Z", Verdict::Warning),
            ("2028-01-01T12:00:00Z", Verdict::Warning),
        ] {
            assert_eq!(zone_data(&data, at(now)).verdict, verdict, "{now}");
        }
    }

    #[test]
    fn the_clock_is_judged_by_the_nearest_upstream() {
        let (stage, pit) = ("stage".parse().unwrap(), "pit".parse().unwrap());
        for (ahead, verdict, said) in [
            (&[][..], None, ""),
            (
                &[(&stage, 0)],
                Some(Verdict::Ok),
                "within 0 s of that of `stage`",
            ),
            (&[(&stage, 60)], Some(Verdict::Ok), "within 60 s"),
            (
                &[(&stage, -61)],
                Some(Verdict::Warning),
                "61 s behind that of `stage`",
            ),
            (
                &[(&stage, 3_600), (&pit, 90)],
                Some(Verdict::Warning),
                "90 s ahead of that of `pit`",
            ),
            (&[(&stage, 3_600), (&pit, 2)], Some(Verdict::Ok), "of `pit`"),
        ] {
            let told = ahead.iter().map(|(id, s)| (*id, TimeDelta::seconds(*s)));
            let fact = clock(told);
            assert_eq!(fact.as_ref().map(|fact| fact.verdict), verdict, "{ahead:?}");
            let found = fact.map(|fact| fact.found).unwrap_or_default();
            assert!(found.contains(said), "{ahead:?}: {found}");
        }
    }
}
