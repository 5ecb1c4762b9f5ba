//! Which recurring events go out as rules (interop section 7).

use std::collections::{BTreeMap, HashSet};

use chrono_tz::Tz;

use crate::{
    domain::{
        event::Event,
        feed::{Feed, Recurring, Times},
        series::{Keepsake, Keepsakes, Kept, horizon},
        when::{TimeSpan, When},
        window::Window,
    },
    zones::{Zone, ZoneData},
};

use super::timezone;

/// The series among `events` that a calendar of `feed` over `within` writes as rules; all others are to be expanded.
///
/// One that is written in a zone stays one only if every instance of it can be (interop R11, T9), and if one `VTIMEZONE`
/// can say the rules for all series of that zone together (Z1, Z6).
#[must_use]
pub fn keepsakes<'a>(
    feed: &Feed,
    events: impl Iterator<Item = &'a Event>,
    within: &Window,
    data: &ZoneData,
) -> Keepsakes {
    if feed.recurring == Recurring::Expand {
        return Keepsakes::new();
    }
    let last_day = horizon(within.days().end());
    let mut kept = Keepsakes::new();
    let mut spans: BTreeMap<&'static str, (Tz, TimeSpan)> = BTreeMap::new();
    let mut seen = HashSet::new();
    for event in events {
        let Some(series) = event.series.as_ref() else {
            continue;
        };
        // Of several copies the first counts, whether or not it can be kept.
        if !seen.insert(event.uid) {
            continue;
        }
        let Some(Kept {
            keepsake,
            instances,
        }) = series.kept(last_day, data)
        else {
            continue;
        };
        if let Some(tz) = keepsake.zone() {
            let fits = feed.times == Times::Zoned && feed.pinned.is_none_or(|pinned| pinned == tz);
            let Some(zone) = data.zone(tz).filter(|_| fits) else {
                continue;
            };
            let Some(span) = written_locally(&keepsake, &instances, zone) else {
                continue;
            };
            spans
                .entry(tz.name())
                .and_modify(|(_, all)| *all = joined(*all, span))
                .or_insert((tz, span));
        }
        kept.insert(event.uid, keepsake);
    }
    let described = |tz: Tz| {
        let span = spans.get(tz.name()).map(|(_, span)| *span);
        let zone = span.zip(data.zone(tz));
        zone.is_some_and(|(span, zone)| timezone::timezone(tz, zone, span).is_some())
    };
    kept.retain(|_, keepsake| keepsake.zone().is_none_or(described));
    kept
}

/// From the first instance to the end of the last, if all of them can be written in local time.
fn written_locally(keepsake: &Keepsake, instances: &[When], zone: &Zone) -> Option<TimeSpan> {
    let local = |when: &When| match when {
        When::Timed(span) => timezone::writes_locally(zone, *span),
        When::Days(_) => false,
    };
    let span = span(keepsake)?;
    (instances.iter().all(local) && timezone::writes_locally(zone, span.1)).then_some(span.0)
}

/// From the first instance to the end of the last, and the last alone.
fn span(keepsake: &Keepsake) -> Option<(TimeSpan, TimeSpan)> {
    let (When::Timed(first), When::Timed(last)) = (keepsake.when(), keepsake.last()) else {
        return None;
    };
    let all = TimeSpan::new(first.start(), last.end()).ok()?;
    Some((all, last))
}

/// All the time for which the `VTIMEZONE` of a kept series must be right; `None` for whole days.
pub(super) fn reach(keepsake: &Keepsake) -> Option<TimeSpan> {
    Some(span(keepsake)?.0)
}

/// The shortest span that holds both.
pub(super) fn joined(a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan::new(a.start().min(b.start()), a.end().max(b.end())).unwrap_or(a)
}
