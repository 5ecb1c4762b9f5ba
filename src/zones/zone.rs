//! The rules of one zone: which offset holds when.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use jiff::{
    Timestamp,
    tz::{AmbiguousOffset, TimeZone},
};

use super::offsets::Offsets;

/// How far local time is ahead of UTC, in seconds; negative west of Greenwich.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(i32);

/// A change of offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The first instant with the new offset.
    pub at: DateTime<Utc>,
    /// The offset until then.
    pub before: Offset,
    /// The offset from then on, never equal to `before`.
    pub after: Offset,
}

/// The rules of one zone. Cheap to clone; every question is answered from memory.
#[derive(Debug, Clone)]
pub struct Zone {
    rules: TimeZone,
    /// Of the few zones that are in use.
    offsets: Arc<OnceLock<Offsets>>,
}

impl Offset {
    /// No offset.
    pub const UTC: Self = Self(0);

    /// An offset of so many seconds east of Greenwich.
    #[must_use]
    pub fn east(seconds: i32) -> Self {
        Self(seconds)
    }

    /// Seconds east of Greenwich.
    #[must_use]
    pub fn seconds(self) -> i32 {
        self.0
    }

    fn delta(self) -> TimeDelta {
        TimeDelta::seconds(self.0.into())
    }
}

impl fmt::Display for Offset {
    /// As ISO 8601 writes it: `-07:00`, and with seconds where there are any: `+05:53:28`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let seconds = self.0.unsigned_abs();
        let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        match rest {
            0 => f.pad(&format!("{sign}{hours:02}:{minutes:02}")),
            _ => f.pad(&format!("{sign}{hours:02}:{minutes:02}:{rest:02}")),
        }
    }
}

impl From<jiff::tz::Offset> for Offset {
    fn from(offset: jiff::tz::Offset) -> Self {
        Self(offset.seconds())
    }
}

impl Transition {
    /// What clocks showed when they were changed: the local time of the change by the old offset.
    #[must_use]
    pub fn wall(&self) -> NaiveDateTime {
        self.at.naive_utc() + self.before.delta()
    }
}

impl Zone {
    /// Coordinated Universal Time, which needs no data.
    #[must_use]
    pub fn utc() -> Self {
        TimeZone::UTC.into()
    }

    /// The zone `name` as compiled by `zic` (RFC 8536).
    ///
    /// # Errors
    /// When `bytes` are no `TZif` data.
    pub fn tzif(name: &str, bytes: &[u8]) -> Result<Self, jiff::Error> {
        TimeZone::tzif(name, bytes).map(Self::from)
    }

    /// The offset that holds at an instant.
    #[must_use]
    pub fn offset_at(&self, at: DateTime<Utc>) -> Offset {
        let at = at.timestamp();
        let known = self.offsets().at(at);
        known.unwrap_or_else(|| self.rules.to_offset(second(at)).into())
    }

    /// The abbreviation in use at an instant, such as `CEST` or `-03`.
    #[must_use]
    pub fn abbreviation_at(&self, at: DateTime<Utc>) -> String {
        let info = self.rules.to_offset_info(second(at.timestamp()));
        info.abbreviation().to_owned()
    }

    /// What a clock on the wall shows at an instant.
    #[must_use]
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + self.offset_at(at).delta()
    }

    /// The instant of a local time: of one that occurs twice the first occurrence; one that is skipped moves
    /// forward by the length of the gap, as RFC 5545 §3.3.5 reads both.
    #[must_use]
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let plain = self.offsets().plain(local.and_utc().timestamp());
        let offset = plain.unwrap_or_else(|| match self.ambiguity(local) {
            AmbiguousOffset::Unambiguous { offset: before }
            | AmbiguousOffset::Gap { before, .. }
            | AmbiguousOffset::Fold { before, .. } => before.into(),
        });
        let instant = local.checked_sub_signed(offset.delta());
        instant.unwrap_or(local).and_utc()
    }

    /// The first instant of a day: its midnight, or where midnight is skipped the end of the gap.
    #[must_use]
    pub fn first_instant(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let instant = self.instant(midnight);
        match self.ambiguity(midnight) {
            AmbiguousOffset::Gap { after, .. } => {
                let earliest = (midnight - Offset::from(after).delta()).and_utc();
                let gap = self
                    .transitions(earliest, instant + TimeDelta::seconds(1))
                    .next();
                gap.map_or(instant, |gap| gap.at)
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => instant,
        }
    }

    /// Whether a local time occurs twice.
    #[must_use]
    pub fn is_repeated(&self, local: NaiveDateTime) -> bool {
        let plain = self.offsets().plain(local.and_utc().timestamp());
        plain.is_none() && matches!(self.ambiguity(local), AmbiguousOffset::Fold { .. })
    }

    /// The changes of offset at `from` or later and before `to`, in order. Changes of name alone are none.
    pub fn transitions(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = Transition> + '_ {
        let eve = from - TimeDelta::seconds(1);
        // By the rules: whoever compares whole databases asks this once of each zone.
        let mut before = Offset::from(self.rules.to_offset(second(eve.timestamp())));
        self.rules
            .following(second(eve.timestamp()))
            .map_while(move |change| {
                let at = DateTime::from_timestamp_secs(change.timestamp().as_second())?;
                (at < to).then(|| (at, Offset::from(change.offset())))
            })
            .filter_map(move |(at, after)| {
                let before = std::mem::replace(&mut before, after);
                (before != after).then_some(Transition { at, before, after })
            })
    }

    fn offsets(&self) -> &Offsets {
        self.offsets.get_or_init(|| Offsets::of(&self.rules))
    }

    fn ambiguity(&self, local: NaiveDateTime) -> AmbiguousOffset {
        let civil = jiff::tz::Offset::UTC.to_datetime(second(local.and_utc().timestamp()));
        self.rules.to_ambiguous_timestamp(civil).offset()
    }
}

impl From<TimeZone> for Zone {
    fn from(rules: TimeZone) -> Self {
        Self {
            rules,
            offsets: Arc::default(),
        }
    }
}

/// The instant so many seconds after 1970; beyond the years -9999 to 9999 the nearest one within.
fn second(seconds: i64) -> Timestamp {
    let seconds = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
