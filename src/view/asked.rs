//! What was asked for, as the parts of a screen need it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::{
    feed::listing::Listing,
    locale::{Dates, texts::Texts},
};

use super::{address::Address, entry::Entry, options::EmbedOptions};

/// What was asked for, and what it is asked of.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) listing: &'a Listing,
    pub(super) address: &'a Address,
    pub(super) options: &'a EmbedOptions,
    pub(super) dates: &'a Dates,
    pub(super) texts: &'static Texts,
    pub(super) zone: Tz,
    pub(super) now: DateTime<Utc>,
    /// What a clock in the zone shows now.
    pub(super) now_there: NaiveDateTime,
    pub(super) today: NaiveDate,
    pub(super) week_start: Weekday,
}

impl Asked<'_> {
    /// The which of its days `day` is, where an event has several.
    pub(super) fn day_of(&self, entry: &Entry<'_>, day: NaiveDate) -> Option<String> {
        let days = |from: NaiveDate| u32::try_from((from - entry.first()).num_days() + 1).ok();
        let (this, all) = (days(day)?, days(entry.last())?);
        (all > 1).then(|| (self.texts.day_of)(&self.dates.number(this), &self.dates.number(all)))
    }
}
