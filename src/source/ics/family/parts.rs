//! A series that was changed for all that follows, which is several then (RFC 5545 §3.2.13).

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    domain::{event::Event, id::EventUid, series::BadSeries},
    source::ics::{repeat::Repeat, span::Span},
};

use super::{Context, Family, changed::ByOriginal};

/// How often a series may be changed for all that follows; each time it is expanded.
const SPLITS_MAX: usize = 20;
/// Why it is not followed further.
const TOO_OFTEN: &str = "the series was changed for all that follows too often";

/// A series until it is changed for all that follows.
pub(super) struct Part {
    /// `None` if nothing of it is shown.
    pub(super) event: Option<Event>,
    pub(super) span: Span,
    pub(super) repeat: Repeat,
}

/// Delivers the series of `family` that `head` begins, in several parts if something was changed for all that follows.
///
/// A part that cannot be understood is left out alone; what is before it ends there all the same, since it is not what takes
/// place from then on. A series that was changed more than twenty times ends at the change that is one too many.
///
/// # Errors
/// Why `head` cannot be understood.
pub(super) fn deliver<'a>(
    family: &Family<'a>,
    mut head: Part,
    uid: EventUid,
    changed: &ByOriginal<'a>,
    context: &mut Context<'_, 'a>,
) -> Result<(), &'static str> {
    let mut splits = changed.iter().filter(|(_, one)| one.and_future);
    let mut rest: Vec<(usize, Part)> = Vec::new();
    // By how much the last part is later than it was to be: originals are those of the series as it began.
    let mut moved = TimeDelta::zero();
    for (original, one) in splits.by_ref().take(SPLITS_MAX + 1) {
        let span = match rest.len() {
            ..SPLITS_MAX => Span::of(one.record, context.clocks, context.batch),
            _ => Err(TOO_OFTEN),
        };
        let uid = EventUid::instance(uid, *original);
        let event = family.change(one, uid, &span, context.batch);
        let before = rest.last_mut().map_or(&mut head, |(_, part)| part);
        // Without a span it does not matter when it is: nothing that follows is shown.
        let span = span.unwrap_or_else(|_| Span {
            start: *original + moved,
            ..before.span.clone()
        });
        let data = context.mapping.data;
        let repeat = before
            .repeat
            .split_off(*original + moved, one.record, &span, data);
        moved = match one.record.rules[..] {
            [] => span.start - *original,
            _ => TimeDelta::zero(),
        };
        let part = Part {
            event,
            span,
            repeat,
        };
        rest.push((one.number, part));
    }
    // The series has ended before them.
    for (original, one) in splits {
        let uid = EventUid::instance(uid, *original);
        family.change(one, uid, &Err(TOO_OFTEN), context.batch);
    }
    let done = head.deliver(context);
    for (number, part) in rest {
        let uid = part.event.as_ref().map(|event| event.uid);
        if let (Some(uid), Err(why)) = (uid, part.deliver(context)) {
            family.misread(number, uid, why, context.batch);
        }
    }
    done
}

impl Part {
    /// Delivers what is shown of it.
    fn deliver(self, context: &mut Context<'_, '_>) -> Result<(), &'static str> {
        let Some(event) = self.event else {
            return Ok(());
        };
        for (start, when) in self.repeat.odd_ones() {
            context.batch.events.push(Event {
                uid: EventUid::instance(event.uid, *start),
                when: *when,
                ..event.clone()
            });
        }
        let found = self.repeat.series(&self.span, context.mapping.data);
        let found = found.map_err(BadSeries::why)?;
        context
            .batch
            .events
            .extend(found.map(|(when, series)| Event {
                when,
                series: Some(Arc::new(series)),
                ..event
            }));
        Ok(())
    }
}
