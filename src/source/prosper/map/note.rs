//! What the owner of a note waits for: its next payment, and its last.

use chrono::{Months, NaiveDate};

use crate::{
    domain::{
        batch::{Batch, Remark},
        when::DateSpan,
    },
    source::prosper::{
        Record,
        map::{
            Fault, Mapping, brief,
            gather::Share,
            groups::{self, Traits},
            outside,
        },
        scalar::Code,
        wire::Note,
    },
};

/// The status of a note whose payments are still to come (§7).
const CURRENT: i64 = 1;
/// The statuses of the others: delayed, charged off, defaulted, completed, in its final payment, cancelled.
const OTHERS: [i64; 6] = [0, 2, 3, 4, 5, 6];
/// The longest loan and the longest extension that are believed, in months.
const MONTHS_MAX: i64 = 600;

/// The days of a note that matter, and what is shown of it on them.
pub(super) struct Held {
    /// The day of the next payment.
    pub(super) due: Option<DateSpan>,
    /// The day of the last one.
    pub(super) last: Option<DateSpan>,
    pub(super) share: Share,
}

impl Mapping<'_> {
    /// What there is to wait for; `None` for a note that has ended or was sold, whose dates are stale.
    pub(super) fn note(
        &self,
        id: &str,
        note: &Note,
        batch: &mut Batch,
    ) -> Result<Option<Held>, Fault> {
        if note.is_gone() || !is_current(note, batch) {
            return Ok(None);
        }
        let due = note.due().map(|text| self.moments.day(text));
        let due = due.map(|day| day.ok_or("its due date is no date"));
        let last = self.last_payment(note)?;
        let late = note.days_past_due.number().is_some_and(|days| days > 0);
        let traits = Traits {
            record: Record::Notes,
            rating: note.rating(),
            status: Some(if late {
                ("late", "Late")
            } else {
                ("current", "Current")
            }),
            term: note.term.number(),
        };
        let share = Share {
            id: id.to_owned(),
            expected: note.next_payment_due_amount_pro_rata_share.0,
            late,
            rating: note.rating().and_then(groups::rating),
            term: note.term.number(),
            groups: self.groups(traits, &mut batch.groups),
        };
        let on = |day| DateSpan::through(day, day).map_err(outside);
        let due = due.transpose()?.map(on).transpose()?;
        let last = last.map(on).transpose()?;
        Ok(Some(Held { due, last, share }))
    }

    /// The scheduled end: no answer has it, so it is counted from the origination, in a shorter month to its last day.
    fn last_payment(&self, note: &Note) -> Result<Option<NaiveDate>, Fault> {
        let months = |code: &Code| {
            code.number()
                .filter(|months| (0..=MONTHS_MAX).contains(months))
        };
        let (Some(origin), Some(term)) = (note.origin(), months(&note.term)) else {
            return Ok(None);
        };
        let origin = self
            .moments
            .day(origin)
            .ok_or("its origination is no date")?;
        let months = term + months(&note.loan_extension_term).unwrap_or_default();
        let months = u32::try_from(months).unwrap_or_default();
        Ok(origin
            .checked_add_months(Months::new(months))
            .filter(|_| term > 0))
    }
}

/// Whether payments are still to come; a status nobody has heard of is none of which we know that.
fn is_current(note: &Note, batch: &mut Batch) -> bool {
    match (&note.note_status, note.status_in_words()) {
        (Code::Number(CURRENT), _) | (Code::Absent, Some("CURRENT")) => true,
        (Code::Number(number), _) if OTHERS.contains(number) => false,
        (Code::Absent, None) => false,
        (status, words) => {
            let code = match status {
                Code::Absent => words.unwrap_or_default().to_owned(),
                known => known.to_string(),
            };
            batch.remarks.insert(Remark::UnknownWord {
                field: "note_status",
                word: brief(&code),
            });
            false
        }
    }
}
