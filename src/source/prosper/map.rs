//! From wire records to events; pure.

mod gather;
mod groups;
mod listing;
mod note;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveTime;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::domain::{
    batch::{Batch, Remark},
    event::Event,
    id::{EventUid, SourceId},
    text::Line,
    when::{BadSpan, DateSpan, When},
};

use super::{
    Record, Rows,
    moment::Moments,
    scalar::Code,
    wire::{Identified, Listing, Note},
};
use gather::Days;
pub(super) use gather::gathers;

/// All that the mapping needs to know beside the records.
pub(super) struct Mapping<'a> {
    pub(super) source: &'a SourceId,
    /// The operator's names of groups, by lower-cased id.
    pub(super) names: &'a HashMap<String, Line>,
    pub(super) moments: &'a Moments<'a>,
    /// The days of which events are wanted.
    pub(super) days: DateSpan,
}

/// Why a record is left out.
type Fault = &'static str;

impl Mapping<'_> {
    /// Maps every record; one that cannot be understood is left out with a remark.
    pub(super) fn batch(&self, read: &[Rows]) -> Batch {
        let mut batch = Batch::default();
        for Rows { record, rows } in read {
            // There, even while it has no event, so that its feed is there too.
            self.know(record.group(), &mut batch.groups);
            match record {
                Record::Notes => self.notes(rows, &mut batch),
                Record::Listings => self.listings(rows, &mut batch),
            }
        }
        batch.from_wall_times = self.moments.ruled();
        batch
    }

    fn notes(&self, rows: &[Box<RawValue>], batch: &mut Batch) {
        let (mut due, mut last) = (Days::due(), Days::last());
        for (id, note) in records::<Note>(rows, batch) {
            match note.and_then(|note| self.note(&id, &note, batch)) {
                Ok(None) => {}
                Ok(Some(held)) => {
                    let wanted = |day: &DateSpan| self.wants(*day);
                    if let Some(day) = held.due.filter(wanted) {
                        due.add(day, held.share.clone());
                    }
                    if let Some(day) = held.last.filter(wanted) {
                        last.add(day, held.share);
                    }
                }
                Err(why) => leave_out(id, why, batch),
            }
        }
        for days in [due, last] {
            batch.events.extend(days.events(self.source));
        }
    }

    fn listings(&self, rows: &[Box<RawValue>], batch: &mut Batch) {
        for (id, listing) in records::<Listing>(rows, batch) {
            let uid = EventUid::new(self.source, &listing_id(&id));
            match listing.and_then(|listing| self.listing(uid, &id, &listing, batch)) {
                Ok(event) => batch
                    .events
                    .extend(event.filter(|event| self.covers(event))),
                Err(why) => {
                    batch.unreadable.insert(uid, why);
                    leave_out(id, why, batch);
                }
            }
        }
    }

    fn wants(&self, day: DateSpan) -> bool {
        self.days.overlaps(day)
    }

    fn covers(&self, event: &Event) -> bool {
        match event.when {
            When::Days(days) => self.wants(days),
            When::Timed(span) => {
                let midnight = |date: chrono::NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
                midnight(self.days.first()) <= span.end()
                    && span.start() < midnight(self.days.end())
            }
        }
    }
}

/// Every UID of an event that is made of the note or of the listing `record` alone.
pub(super) fn uids(source: &SourceId, record: &str) -> Vec<EventUid> {
    let ids = gather::ids(record).chain([listing_id(record), record.to_owned()]);
    ids.map(|id| EventUid::new(source, &id)).collect()
}

fn listing_id(number: &str) -> String {
    format!("listing-{number}")
}

/// The records in `rows` by id, or why one cannot be read; each once, as it was read last: while pages are read, rows move
/// (§3.3).
fn records<T: DeserializeOwned + Identified>(
    rows: &[Box<RawValue>],
    batch: &mut Batch,
) -> BTreeMap<String, Result<T, Fault>> {
    let mut records = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let nameless = || format!("number {index} of an answer");
        // An array would be taken for an object without field names.
        let object = Some(row.get()).filter(|row| row.starts_with('{'));
        match object.and_then(|row| serde_json::from_str::<T>(row).ok()) {
            Some(record) if record.id().is_absent() => leave_out(nameless(), "it has no id", batch),
            Some(record) => {
                records.insert(record.id().to_string(), Ok(record));
            }
            None => {
                const STRANGE: Fault = "a field of it has another type";
                match object.and_then(named) {
                    Some(id) => _ = records.insert(id, Err(STRANGE)),
                    None => leave_out(nameless(), STRANGE, batch),
                }
            }
        }
    }
    records
}

/// What a record that cannot be read calls itself.
fn named(row: &str) -> Option<String> {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Named {
        loan_note_id: Code,
        listing_number: Code,
    }
    let named: Named = serde_json::from_str(row).ok()?;
    let mut ids = [named.loan_note_id, named.listing_number].into_iter();
    ids.find(|id| !id.is_absent()).map(|id| id.to_string())
}

fn leave_out(id: impl AsRef<str>, why: Fault, batch: &mut Batch) {
    batch.remarks.insert(Remark::LeftOut {
        id: Line::new(id.as_ref()).to_string(),
        why,
    });
}

fn outside(_: BadSpan) -> Fault {
    "it lies outside the years 1970 to 2099"
}

/// The beginning of a code, fit for a remark.
fn brief(code: &str) -> String {
    Line::new(code).as_str().chars().take(20).collect()
}
