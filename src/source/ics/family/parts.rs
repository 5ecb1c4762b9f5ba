//! A series that was changed for all that follows, which is several then (RFC 5545 §3.2.13).

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    domain::{event::Event, id::EventUid, series::BadSeries},
    source::ics::{map, repeat::Repeat, span::Span},
};

use super::{ByOriginal, Context, Family, PRIVATE, is_public};

/// How often a series may be changed for all that follows; each time it is expanded.
const SPLITS_MAX: usize = 20;

/// Delivers a series of `family`, in several parts if something was changed for all that follows.
///
/// A part that cannot be understood is left out alone; what is before it ends there all the same, since it is not what takes
/// place from then on.
pub(super) fn deliver<'a>(
    family: &Family<'a>,
    event: Event,
    span: Span,
    repeat: Repeat,
    changed: &ByOriginal<'a>,
    context: &mut Context<'_, 'a>,
) -> Result<(), &'static str> {
    let data = context.mapping.data;
    let uid = event.uid;
    let mut parts = vec![(Some(event), span, repeat)];
    let splits = changed.iter().filter(|(_, one)| one.and_future);
    for (_, one) in splits.clone().skip(SPLITS_MAX) {
        let why = "the series was changed for all that follows too often";
        family.leave_out(one.number, why, context.batch);
    }
    // By how much the last part is later than it was to be: originals are those of the series as it began.
    let mut moved = TimeDelta::zero();
    for (original, one) in splits.take(SPLITS_MAX) {
        let later = Span::of(one.record, context.clocks, context.batch);
        let Some((_, span, before)) = parts.last_mut() else {
            continue;
        };
        let is_public = is_public(one.record);
        let (later, fault) = match later {
            Ok(later) => (later, None),
            // When it is does not matter: nothing that follows is shown.
            Err(why) => {
                let start = *original + moved;
                let span = span.clone();
                (Span { start, ..span }, Some(why))
            }
        };
        let rest = before.split_off(*original + moved, one.record, &later, data);
        moved = match one.record.rules[..] {
            [] => later.start - *original,
            _ => TimeDelta::zero(),
        };
        let uid = EventUid::instance(uid, *original);
        let event = match fault {
            _ if !is_public => {
                context.batch.withheld.events.insert(uid, PRIVATE);
                None
            }
            Some(why) => {
                context.batch.unreadable.insert(uid, why);
                family.leave_out(one.number, why, context.batch);
                None
            }
            None => Some(map::event(one.record, uid, &later, context.batch)),
        };
        parts.push((event, later, rest));
    }
    let mut done = Ok(());
    for (event, span, repeat) in parts {
        let Some(event) = event else {
            continue;
        };
        for (start, when) in repeat.odd_ones() {
            context.batch.events.push(Event {
                uid: EventUid::instance(event.uid, *start),
                when: *when,
                ..event.clone()
            });
        }
        match repeat.series(&span, data).map_err(BadSeries::why) {
            Ok(found) => {
                let found = found.map(|(when, series)| Event {
                    when,
                    series: Some(Arc::new(series)),
                    ..event
                });
                context.batch.events.extend(found);
            }
            Err(why) => {
                context.batch.unreadable.insert(event.uid, why);
                done = done.and(Err(why));
            }
        }
    }
    done
}
