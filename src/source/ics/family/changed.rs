//! What was changed of single instances, or of one and all that follow (RFC 5545 §3.8.4.4).

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use crate::{
    domain::{batch::Batch, event::Event, id::EventUid},
    source::ics::{
        clock::{Moment, Notation},
        map,
        record::Record,
        span::Span,
    },
};

use super::{Context, Family, PRIVATE, age, is_public};

/// A changed instance, and whether what is said of it is said of all that follow.
pub(super) struct Changed<'a> {
    pub(super) number: usize,
    pub(super) record: &'a Record<'a>,
    pub(super) and_future: bool,
}

/// Changed instances by when they were to begin.
pub(super) type ByOriginal<'a> = BTreeMap<NaiveDateTime, Changed<'a>>;

impl<'a> Family<'a> {
    /// The newest of each changed instance, by when `reckon` says it was to begin.
    pub(super) fn by_original(
        &self,
        context: &mut Context<'_, 'a>,
        reckon: impl Fn(&Moment) -> NaiveDateTime,
    ) -> ByOriginal<'a> {
        let mut found = ByOriginal::new();
        for (number, record) in &self.changed {
            let Some(original) = record.original else {
                continue;
            };
            let notation = Notation::of(record.calendar, &original);
            let moment = context
                .clocks
                .moment(notation, original.value, context.batch);
            let Some(mut moment) = moment else {
                self.leave_out(*number, "its RECURRENCE-ID is no time", context.batch);
                continue;
            };
            if context
                .clocks
                .differ(self.calendar, record.calendar, context.batch)
            {
                moment = moment.settled();
            }
            let range = original.param("RANGE").unwrap_or_default();
            let one = Changed {
                number: *number,
                record,
                and_future: range.eq_ignore_ascii_case("THISANDFUTURE"),
            };
            let original = reckon(&moment);
            let held = found.get(&original);
            if held.is_none_or(|held| age(record) > age(held.record)) {
                found.insert(original, one);
            }
        }
        found
    }

    /// Delivers changed instances as events of their own.
    pub(super) fn deliver(
        &self,
        changed: ByOriginal<'a>,
        uid: EventUid,
        context: &mut Context<'_, 'a>,
    ) {
        for (original, one) in changed {
            let uid = EventUid::instance(uid, original);
            let span = Span::of(one.record, context.clocks, context.batch);
            let event = self.change(&one, uid, &span, context.batch);
            context.batch.events.extend(event);
        }
    }

    /// What was changed, as an event at `span`; `None` if it is private or cannot be understood, which is said then.
    pub(super) fn change(
        &self,
        one: &Changed<'a>,
        uid: EventUid,
        span: &Result<Span, &'static str>,
        batch: &mut Batch,
    ) -> Option<Event> {
        match span {
            _ if !is_public(one.record) => {
                batch.withheld.events.insert(uid, PRIVATE);
                None
            }
            Ok(span) => Some(map::event(one.record, uid, span, batch)),
            Err(why) => {
                self.misread(one.number, uid, why, batch);
                None
            }
        }
    }
}
