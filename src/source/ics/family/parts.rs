//! A series that was changed for all that follows, which is several then (RFC 5545 §3.2.13).

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    domain::{event::Event, id::EventUid, series::BadSeries},
    source::ics::{map, repeat::Repeat, span::Span},
};

use super::{ByOriginal, Context, PRIVATE, is_public};

/// How often a series may be changed for all that follows; each time it is expanded.
const SPLITS_MAX: usize = 20;

/// Delivers a series, in several parts if something was changed for all that follows.
pub(super) fn deliver<'a>(
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
    // By how much the last part is later than it was to be: originals are those of the series as it began.
    let mut moved = TimeDelta::zero();
    for (original, one) in splits.take(SPLITS_MAX) {
        let later = Span::of(one.record, context.clocks, context.batch);
        let Some((_, span, before)) = parts.last_mut() else {
            continue;
        };
        let is_public = is_public(one.record);
        let later = match later {
            Ok(later) => later,
            Err(_) if is_public => continue,
            // When it is does not matter: nothing that follows is for everybody.
            Err(_) => Span {
                start: *original + moved,
                ..span.clone()
            },
        };
        let rest = before.split_off(*original + moved, one.record, &later, data);
        moved = match one.record.rules[..] {
            [] => later.start - *original,
            _ => TimeDelta::zero(),
        };
        let uid = EventUid::instance(uid, *original);
        let event = if is_public {
            Some(map::event(one.record, uid, &later, context.batch))
        } else {
            context.batch.withheld.events.insert(uid, PRIVATE);
            None
        };
        parts.push((event, later, rest));
    }
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
        let found = repeat.series(&span, data).map_err(BadSeries::why)?;
        context
            .batch
            .events
            .extend(found.map(|(when, series)| Event {
                when,
                series: Some(Arc::new(series)),
                ..event
            }));
    }
    Ok(())
}
