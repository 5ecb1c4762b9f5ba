//! What does not fit: Google drops what exceeds its limits without a word, so here it is left out and said (interop W1).

use std::ops::Range;

use chrono::NaiveDate;

use crate::domain::{select::Shown, when::When};

use super::calendar::Request;

/// The largest body, in octets.
pub(super) const BODY_MAX: usize = 1_000_000;
/// The most events.
pub(super) const EVENTS_MAX: usize = 1_000;

/// The days a calendar was cut to because it would have been too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The day of the first event that is in.
    pub first: NaiveDate,
    /// The day of the last event that is in.
    pub last: NaiveDate,
    /// How many events were left out.
    pub left_out: usize,
}

impl Request<'_> {
    /// The same request for some of its events.
    pub(super) fn narrowed(&self, events: Range<usize>) -> Self {
        Self {
            events: &self.events[events.clone()],
            zones: &self.zones[events],
            ..*self
        }
    }

    /// The events that fit into `limit`: the far future goes first, until it is no more than half; then the past as well
    /// (interop W1).
    pub(super) fn fitting(&self, weight: impl Fn(usize) -> usize, limit: usize) -> Range<usize> {
        let events = self.events;
        let past = events.partition_point(|shown| self.day(shown) < self.today);
        let mut kept = 0..events.len();
        let mut size: usize = kept.clone().map(&weight).sum();
        while size > limit {
            let ahead = kept.end.saturating_sub(past.max(kept.start));
            if ahead * 2 > kept.len() {
                kept.end -= 1;
                size -= weight(kept.end);
            } else {
                size -= weight(kept.start);
                kept.start += 1;
            }
        }
        kept
    }

    /// The day on which an event begins, by the clocks of the feed's zone (design §9).
    fn day(&self, shown: &Shown<'_>) -> NaiveDate {
        match shown.when() {
            When::Days(days) => days.first(),
            When::Timed(span) => self
                .data
                .zone_or_utc(self.feed.zone)
                .local(span.start())
                .date(),
        }
    }

    /// What this request, a part of `whole`, left out.
    pub(super) fn cut(&self, whole: &Self) -> Cut {
        let days = self.events.first().zip(self.events.last());
        let (first, last) = days.map_or((self.today, self.today), |(first, last)| {
            (self.day(first), self.day(last))
        });
        Cut {
            first,
            last,
            left_out: whole.events.len() - self.events.len(),
        }
    }
}
