//! Series are watched until their last instance, and change as a whole.

use std::{sync::Arc, time::Duration};

use chrono_tz::Tz;

use super::super::*;
use crate::domain::{
    series::{Length, Series, Wall},
    testing::{TRUSTING, at, batch, event, timed},
};

const NOW: &str = "2026-11-22T12:00:00Z";

/// An hour, first on 6 January 2026.
fn series(id: &str, rule: &str, except: &[&str]) -> Event {
    let series = Series::new(
        Wall::Zone(Tz::Europe__Berlin),
        "2026-01-06T19:30:00".parse().unwrap(),
        Length::Exact(TimeDelta::hours(1)),
        &[rule.to_owned()],
        Vec::new(),
        except.iter().map(|text| text.parse().unwrap()).collect(),
    );
    Event {
        series: Some(Arc::new(series.unwrap())),
        ..event(id, timed("2026-01-06T18:30:00Z", "2026-01-06T19:30:00Z"))
    }
}

#[test]
fn the_shrink_guard_watches_a_series_until_its_last_instance() {
    let ahead = || {
        event(
            "ahead",
            timed("2027-02-01T19:00:00Z", "2027-02-01T22:00:00Z"),
        )
    };
    let cautious = Policy {
        confirm_after: Duration::from_mins(10),
        ..TRUSTING
    };
    for (rule, is_watched) in [
        ("FREQ=WEEKLY", true),
        ("FREQ=WEEKLY;COUNT=60", true),
        ("FREQ=WEEKLY;UNTIL=20261201T000000Z", true),
        ("FREQ=WEEKLY;COUNT=20", false),
        ("FREQ=WEEKLY;UNTIL=20261101T000000Z", false),
    ] {
        let lost = ["s1", "s2", "s3"].map(|id| series(id, rule, &[]));
        let full = batch(lost.into_iter().chain([ahead()]));
        let before = advance(None, full, at(NOW), cautious);
        let after = advance(Some(&before), batch([ahead()]), at(NOW), cautious);
        let missing = after.held().map(|held| (held.missing, held.of));
        assert_eq!(missing, is_watched.then_some((3, 4)), "{rule}");
    }
}

#[test]
fn stamps_move_with_what_repeats_an_event_and_not_with_how_it_was_told() {
    let later = "2026-11-23T12:00:00Z";
    let plain = || series("class", "FREQ=WEEKLY;BYDAY=TU", &[]);
    let before = advance(None, batch([plain()]), at(NOW), TRUSTING);
    for (row, after, changed) in [
        ("the same again", plain(), false),
        (
            "in small letters",
            series("class", "freq=weekly;byday=TU;", &[]),
            false,
        ),
        (
            "another rule",
            series("class", "FREQ=WEEKLY;BYDAY=WE", &[]),
            true,
        ),
        (
            "an end",
            series("class", "FREQ=WEEKLY;BYDAY=TU;COUNT=5", &[]),
            true,
        ),
        (
            "an exception",
            series("class", "FREQ=WEEKLY;BYDAY=TU", &["2026-02-03T19:30:00"]),
            true,
        ),
        (
            "no series",
            Event {
                series: None,
                ..plain()
            },
            true,
        ),
    ] {
        let after = advance(Some(&before), batch([after]), at(later), TRUSTING);
        assert_eq!(after.revision(), u64::from(changed), "{row}");
        let stamps = after.entries()[0].stamps;
        assert_eq!(stamps.sequence, u32::from(changed), "{row}");
    }
}
