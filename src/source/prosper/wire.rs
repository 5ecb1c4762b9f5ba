//! What Prosper sends, as far as calbridge reads it (`upstreams/prosper.md` §7, §8).
//!
//! Of the borrower nothing is read: not the title of a listing, which borrowers may write, nor its purpose; not state,
//! city, occupation, employment, income, debts, `member_key`, scores, credit bureau values, `borrower_rate`,
//! `borrower_apr`, `co_borrower_application`, `is_in_bankruptcy`, reasons of default or settlement. What is not declared
//! here cannot reach a feed.
//!
//! A field of a type that cannot be meant makes its record fail; one that is absent, `null` or `""` is absent.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use crate::source::loose::Flag;

use super::scalar::{Code, Dollars};

/// One page of a list. Records are decoded one by one, so that a bad one is left out alone.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Envelope")]
pub(super) struct List {
    pub(super) rows: Vec<Box<RawValue>>,
    /// How many there are on all pages, as of this one.
    pub(super) total: Option<usize>,
}

/// A list, or an error under a good status.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope {
    result: Option<Vec<Box<RawValue>>>,
    total_count: Code,
    code: Code,
    error: Code,
    /// Only an object can be flattened: an array would otherwise be taken for one without field names.
    #[serde(flatten)]
    _rest: IgnoredAny,
}

/// It is no list.
#[derive(Debug, thiserror::Error)]
#[error("there is no list of results")]
struct NoList;

impl TryFrom<Envelope> for List {
    type Error = NoList;

    /// Without `result` it may be an empty list (§3.3), unless it has a code or counts records.
    fn try_from(envelope: Envelope) -> Result<Self, NoList> {
        let total = envelope.total_count.number();
        let total = total.map(|total| usize::try_from(total).unwrap_or_default());
        let empty = envelope.code.is_absent()
            && envelope.error.is_absent()
            && total.is_none_or(|total| total == 0);
        match envelope.result {
            Some(rows) => Ok(Self { rows, total }),
            None if empty => Ok(Self {
                rows: Vec::new(),
                total,
            }),
            None => Err(NoList),
        }
    }
}

/// A share of a loan.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_field_names,
    reason = "they are named as the upstream names them"
)]
pub(super) struct Note {
    pub(super) loan_note_id: Code,
    pub(super) note_status: Code,
    note_status_description: Option<String>,
    next_payment_due_date: Option<String>,
    pub(super) next_payment_due_amount_pro_rata_share: Dollars,
    pub(super) days_past_due: Code,
    origination_date: Option<String>,
    pub(super) term: Code,
    pub(super) loan_extension_term: Code,
    ownership_end_date: Option<String>,
    prosper_rating: Option<String>,
    is_sold: Flag,
    is_sold_folio: Flag,
}

/// A loan asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_field_names,
    reason = "they are named as the upstream names them"
)]
pub(super) struct Listing {
    pub(super) listing_number: Code,
    pub(super) listing_status: Code,
    listing_status_reason: Option<String>,
    listing_creation_date: Option<String>,
    listing_start_date: Option<String>,
    listing_end_date: Option<String>,
    last_updated_date: Option<String>,
    prosper_rating: Option<String>,
    pub(super) listing_term: Code,
    invested: Flag,
}

/// A kind of record that has an id.
pub(super) trait Identified {
    fn id(&self) -> &Code;
}

fn text(field: Option<&String>) -> Option<&str> {
    let text = field.map(|text| text.trim());
    text.filter(|text| !text.is_empty())
}

impl Note {
    pub(super) fn status_in_words(&self) -> Option<&str> {
        text(self.note_status_description.as_ref())
    }

    pub(super) fn due(&self) -> Option<&str> {
        text(self.next_payment_due_date.as_ref())
    }

    pub(super) fn origin(&self) -> Option<&str> {
        text(self.origination_date.as_ref())
    }

    pub(super) fn rating(&self) -> Option<&str> {
        text(self.prosper_rating.as_ref())
    }

    /// Whether the account has it no more; a mark that cannot be read counts.
    pub(super) fn is_gone(&self) -> bool {
        let sold = [self.is_sold, self.is_sold_folio]
            .iter()
            .any(|flag| matches!(flag, Flag::Yes | Flag::Unclear));
        sold || text(self.ownership_end_date.as_ref()).is_some()
    }
}

impl Identified for Note {
    fn id(&self) -> &Code {
        &self.loan_note_id
    }
}

impl Listing {
    pub(super) fn reason(&self) -> Option<&str> {
        text(self.listing_status_reason.as_ref())
    }

    pub(super) fn created(&self) -> Option<&str> {
        text(self.listing_creation_date.as_ref())
    }

    pub(super) fn start(&self) -> Option<&str> {
        text(self.listing_start_date.as_ref())
    }

    pub(super) fn end(&self) -> Option<&str> {
        text(self.listing_end_date.as_ref())
    }

    pub(super) fn updated(&self) -> Option<&str> {
        text(self.last_updated_date.as_ref())
    }

    pub(super) fn rating(&self) -> Option<&str> {
        text(self.prosper_rating.as_ref())
    }

    /// Whether it says that the account has not bid on it, although only such were asked for.
    pub(super) fn is_of_others(&self) -> bool {
        self.invested == Flag::No
    }
}

impl Identified for Listing {
    fn id(&self) -> &Code {
        &self.listing_number
    }
}
