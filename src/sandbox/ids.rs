//! Ids of the fictional season: version 1 UUIDs (RFC 9562 §5.1) that are the same in every run.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

/// The station every id names; its multicast bit marks it as no real network card (RFC 9562 §6.10).
const NODE: [u8; 6] = [0x0b, 0x5e, 0xa5, 0x0f, 0x5a, 0x1d];
/// Where the ticks of a version 1 UUID begin: the first day of the Gregorian calendar.
const GREGORIAN: NaiveDate =
    NaiveDate::from_ymd_opt(1582, 10, 15).expect("the calendar's own first day");
/// The day on which the company entered everything that has no date of its own.
const FOUNDED: NaiveDate = NaiveDate::from_ymd_opt(2019, 3, 4).expect("a day of March");

/// The sorts of things that are numbered apart.
#[derive(Debug, Clone, Copy)]
#[repr(u16)]
pub(super) enum Kind {
    Org = 0x100,
    User,
    Place,
    Group,
    Project,
    Tag,
    Person,
    Booking,
}

/// The id of the `number`th thing of its kind.
pub(super) fn fixed(kind: Kind, number: u16) -> String {
    uuid1(FOUNDED, number, kind as u16)
}

/// The id of the event that `series` holds on `day`; it does not depend on when it is asked for.
pub(super) fn of_day(series: u16, day: NaiveDate) -> String {
    uuid1(day - TimeDelta::days(400), series, series)
}

/// A version 1 UUID whose clock stood `tick` steps of 100 ns after the midnight of `day`.
fn uuid1(day: NaiveDate, tick: u16, sequence: u16) -> String {
    const TICKS_PER_DAY: u64 = 24 * 60 * 60 * 10_000_000;
    let days = u64::try_from((day - GREGORIAN).num_days()).expect("the season is after 1582");
    let time = (days * TICKS_PER_DAY + u64::from(tick)).to_be_bytes();
    let [high, low] = (sequence & 0x3fff).to_be_bytes();
    Uuid::from_fields(
        u32::from_be_bytes([time[4], time[5], time[6], time[7]]),
        u16::from_be_bytes([time[2], time[3]]),
        u16::from_be_bytes([time[0], time[1]]) & 0x0fff | 0x1000,
        &[
            high | 0x80,
            low,
            NODE[0],
            NODE[1],
            NODE[2],
            NODE[3],
            NODE[4],
            NODE[5],
        ],
    )
    .to_string()
}

#[cfg(test)]
mod tests {
    use uuid::Variant;

    use super::*;

    #[test]
    fn ids_are_version_1_uuids_that_name_their_day() {
        let day = NaiveDate::from_ymd_opt(2027, 3, 14).unwrap();
        let id = Uuid::parse_str(&of_day(7, day)).unwrap();
        assert_eq!(
            (id.get_version_num(), id.get_variant()),
            (1, Variant::RFC4122)
        );
        let (seconds, _) = id.get_timestamp().unwrap().to_unix();
        let noted = chrono::DateTime::from_timestamp(seconds.try_into().unwrap(), 0).unwrap();
        assert_eq!(noted.date_naive(), day - TimeDelta::days(400));
    }

    #[test]
    fn ids_never_change_and_differ_by_kind_number_series_and_day() {
        let day = NaiveDate::from_ymd_opt(2027, 3, 14).unwrap();
        let ids = [
            fixed(Kind::Place, 1),
            fixed(Kind::Place, 2),
            fixed(Kind::Group, 1),
            of_day(1, day),
            of_day(2, day),
            of_day(1, day.succ_opt().unwrap()),
        ];
        for (n, id) in ids.iter().enumerate() {
            assert!(!ids[..n].contains(id), "{id}");
        }
        assert_eq!(ids[0], "741d8001-3e10-11e9-8102-0b5ea50f5a1d");
    }
}
