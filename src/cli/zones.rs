//! `calbridge zones [NAME…]`: which zone data is in use, and where the databases at hand disagree.

use std::{
    io::{self, Write},
    path::Path,
};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use crate::zones::{
    Databases, ZoneData,
    data::NoZoneData,
    differences::{Difference, bounds, differences},
};

/// The years that are compared: those in which today's events lie, and a little of what led there.
const YEARS: std::ops::RangeInclusive<i32> = 2025..=2030;

/// Why `calbridge zones` ends early.
#[derive(Debug, thiserror::Error)]
pub enum ZonesError {
    /// The configured zone data cannot be used.
    #[error(transparent)]
    Data(#[from] NoZoneData),
    /// A name on the command line is no zone.
    #[error("`{0}` is no IANA time zone; write one such as `Europe/Berlin`")]
    UnknownZone(String),
    /// The output is closed.
    #[error("the report cannot be written")]
    Output(#[from] io::Error),
}

/// Writes version and origin of the zone data in use and of the other databases at hand, then the zones in which
/// they differ from 2025 to 2030, or for each of `names` its offset at `now` and its changes in these years, per
/// database.
///
/// # Errors
/// When the configured directory cannot be used, a name is no zone, or `out` takes no more.
pub fn zones(
    configured: Option<&Path>,
    names: &[String],
    now: DateTime<Utc>,
    out: &mut impl Write,
) -> Result<(), ZonesError> {
    let wanted = names
        .iter()
        .map(|name| {
            let tz: Option<Tz> = name.parse().ok();
            tz.ok_or_else(|| ZonesError::UnknownZone(name.clone()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let databases = Databases::new(configured.map(Path::to_owned));
    let in_use = databases.choose()?;
    let others = databases.others(&in_use);
    write_databases(&in_use, &others, out)?;
    if wanted.is_empty() {
        others
            .iter()
            .try_for_each(|other| write_differences(&in_use, other, out))?;
    }
    for tz in wanted {
        write_zone(tz, &in_use, &others, now, out)?;
    }
    Ok(())
}

fn write_databases(in_use: &ZoneData, others: &[ZoneData], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "in use   {:<8}  {}", in_use.version(), in_use.origin())?;
    for other in others {
        writeln!(out, "at hand  {:<8}  {}", other.version(), other.origin())?;
    }
    for problem in in_use.problems() {
        writeln!(out, "problem  {problem}")?;
    }
    Ok(())
}

fn write_differences(in_use: &ZoneData, other: &ZoneData, out: &mut impl Write) -> io::Result<()> {
    let found = differences(in_use, other, YEARS);
    let years = format!("{} to {}", YEARS.start(), YEARS.end());
    let other = format!("{} ({})", other.version(), other.origin());
    if found.is_empty() {
        return writeln!(out, "\nno zone differs from {other} in {years}");
    }
    writeln!(out, "\ndifferent from {other} in {years}, first at")?;
    let width = found
        .iter()
        .map(|found| found.tz.name().len())
        .max()
        .unwrap_or_default();
    for Difference {
        tz,
        at,
        left,
        right,
    } in found
    {
        let at = at.format("%F %H:%MZ");
        writeln!(
            out,
            "  {:<width$}  {at}  in use {left}, there {right}",
            tz.name()
        )?;
    }
    Ok(())
}

fn write_zone(
    tz: Tz,
    in_use: &ZoneData,
    others: &[ZoneData],
    now: DateTime<Utc>,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "\n{tz}")?;
    for data in std::iter::once(in_use).chain(others) {
        let version = data.version();
        let Some(zone) = data.zone(tz) else {
            writeln!(out, "  {version:<8}  missing")?;
            continue;
        };
        let local = shown(zone.local(now));
        writeln!(
            out,
            "  {version:<8}  now {} {}, {local}",
            zone.offset_at(now),
            zone.abbreviation_at(now)
        )?;
        let (from, to) = bounds(YEARS);
        for change in zone.transitions(from.max(now), to) {
            let (name, after) = (zone.abbreviation_at(change.at), zone.local(change.at));
            let (wall, after) = (shown(change.wall()), after.format("%H:%M"));
            writeln!(
                out,
                "            {wall} becomes {after}, {} {name}",
                change.after
            )?;
        }
    }
    Ok(())
}

fn shown(local: NaiveDateTime) -> impl std::fmt::Display {
    local.format("%F %H:%M")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zoneinfo/2025b")
    }

    fn november() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    /// What is said of the fixture and of the built-in database; the machine's own may say anything.
    fn report(names: &[&str]) -> String {
        let databases = Databases::with_system(Some(fixture()), vec![]);
        let in_use = databases.choose().unwrap();
        let others = databases.others(&in_use);
        let mut out = Vec::new();
        write_databases(&in_use, &others, &mut out).unwrap();
        for other in others.iter().filter(|_| names.is_empty()) {
            write_differences(&in_use, other, &mut out).unwrap();
        }
        for name in names {
            write_zone(
                name.parse().unwrap(),
                &in_use,
                &others,
                november(),
                &mut out,
            )
            .unwrap();
        }
        let text = String::from_utf8(out).unwrap();
        text.replace(&fixture().display().to_string(), "2025b/")
    }

    #[test]
    fn the_report_names_the_data_in_use_and_the_zones_that_differ() {
        insta::assert_snapshot!(report(&[]), @r"
        in use   2025b     configured directory `2025b/`
        at hand  2026e     built in

        different from 2026e (built in) in 2025 to 2030, first at
          Africa/Casablanca  2026-09-20 01:00Z  in use +01:00, there +00:00
          America/Edmonton   2026-11-01 08:00Z  in use -07:00, there -06:00
          America/Vancouver  2026-11-01 09:00Z  in use -08:00, there -07:00
        ");
    }

    #[test]
    fn a_named_zone_is_shown_by_each_database_from_now_on() {
        insta::assert_snapshot!(report(&["America/Vancouver", "Asia/Seoul"]), @r"
        in use   2025b     configured directory `2025b/`
        at hand  2026e     built in

        America/Vancouver
          2025b     now -08:00 PST, 2026-11-22 04:00
                    2027-03-14 02:00 becomes 03:00, -07:00 PDT
                    2027-11-07 02:00 becomes 01:00, -08:00 PST
                    2028-03-12 02:00 becomes 03:00, -07:00 PDT
                    2028-11-05 02:00 becomes 01:00, -08:00 PST
                    2029-03-11 02:00 becomes 03:00, -07:00 PDT
                    2029-11-04 02:00 becomes 01:00, -08:00 PST
                    2030-03-10 02:00 becomes 03:00, -07:00 PDT
                    2030-11-03 02:00 becomes 01:00, -08:00 PST
          2026e     now -07:00 MST, 2026-11-22 05:00

        Asia/Seoul
          2025b     missing
          2026e     now +09:00 KST, 2026-11-22 21:00
        ");
    }

    #[test]
    fn the_machines_databases_are_part_of_the_report() {
        let mut out = Vec::new();
        zones(
            Some(&fixture()),
            &["Asia/Tokyo".to_owned()],
            november(),
            &mut out,
        )
        .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("in use   2025b     configured directory `"),
            "{text}"
        );
        assert!(text.contains("built in\n"), "{text}");
        assert!(
            text.contains("2025b     now +09:00 JST, 2026-11-22 21:00\n"),
            "{text}"
        );
    }

    #[test]
    fn a_wrong_name_or_directory_is_an_error_that_says_what_to_write() {
        let mut out = Vec::new();
        let error = zones(None, &["Europe/Berlon".to_owned()], november(), &mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Europe/Berlon` is no IANA time zone; write one such as `Europe/Berlin`"
        );
        let error = zones(Some(Path::new("/nowhere")), &[], november(), &mut out).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("zone data `/nowhere` cannot be read; "),
            "{error}"
        );
        assert!(out.is_empty());
    }
}
