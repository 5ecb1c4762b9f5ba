//! Notes, listings and payments as Prosper's JSON.

use serde_json::{Value, json};

use super::{settings::Settings, wire::Record};
use crate::sandbox::{
    portfolio::{Listing, Note, Payment},
    season::CANARY,
};

/// The words of the statuses of a note (fact sheet §7).
const NOTE_STATES: [&str; 7] = [
    "ORIGINATION_DELAYED",
    "CURRENT",
    "CHARGEOFF",
    "DEFAULTED",
    "COMPLETED",
    "FINAL_PAYMENT_IN_PROGRESS",
    "CANCELLED",
];

/// A note.
pub(super) fn note(settings: &Settings, note: &Note) -> Value {
    let state = NOTE_STATES
        .get(usize::from(note.status))
        .unwrap_or(&"MISLAID");
    let defaulted = matches!(note.status, 2 | 3);
    Record::new(settings.numbers, settings.blanks)
        .put("loan_note_id", Some(note.id.clone()))
        .put_count("loan_number", Some(note.loan))
        .put_count("listing_number", Some(note.listing))
        .put_count("note_status", Some(note.status.into()))
        .put("note_status_description", Some(*state))
        .put_count("note_default_reason", defaulted.then_some(1))
        .put(
            "note_default_reason_description",
            defaulted.then_some("Delinquency"),
        )
        .put_day("next_payment_due_date", note.due)
        .put_amount("next_payment_due_amount_pro_rata_share", note.due_amount)
        .put_count("days_past_due", Some(note.days_late))
        .put_day("origination_date", Some(note.originated))
        .put_count("term", Some(note.term))
        .put_count("age_in_months", Some(7))
        .put_day("ownership_start_date", Some(note.originated))
        .put_day("ownership_end_date", note.owned_until)
        .put_amount("note_ownership_amount", note.invested)
        .put_amount("amount_borrowed", 1_200_000)
        .put("borrower_rate", Some(0.1295))
        .put("lender_yield", Some(0.1195))
        .put("prosper_rating", Some(note.rating.clone()))
        .put_amount("principal_balance_pro_rata_share", 1_733)
        .put_amount("service_fees_paid_pro_rata_share", -12)
        .put(
            "is_sold",
            Some(note.owned_until.is_some() && note.status == 1),
        )
        .put("is_sold_folio", Some(false))
        .put("is_in_bankruptcy", Some(false))
        .put("loan_settlement_status", Some("Unspecified"))
        .put("loan_extension_status", Some("Unspecified"))
        .put_count("loan_extension_term", Some(note.extension))
        .done()
}

/// A listing, with what it tells of the borrower: personal, and of no use to a calendar.
pub(super) fn listing(settings: &Settings, listing: &Listing) -> Value {
    Record::new(settings.numbers, settings.blanks)
        .put_count("listing_number", Some(listing.number))
        .put("listing_title", Some(listing.title.clone()))
        .put_instant("listing_creation_date", Some(listing.started))
        .put_instant("listing_start_date", Some(listing.started))
        .put_instant("listing_end_date", listing.ended)
        .put_instant("last_updated_date", Some(listing.updated))
        .put_disguised("loan_origination_date", listing.originated)
        .put_count("listing_status", Some(listing.status.into()))
        .put("listing_status_reason", Some(listing.reason.clone()))
        .put("verification_stage", Some("2"))
        .put_amount("listing_amount", listing.amount)
        .put_amount("amount_funded", listing.amount / 2)
        .put("percent_funded", Some(0.5))
        .put("prosper_rating", Some(listing.rating.clone()))
        .put_count("prosper_score", Some(8))
        .put_count("listing_term", Some(listing.term))
        .put_count("listing_category_id", Some(77))
        .put("investment_type_description", Some("Fractional"))
        .put("invested", Some(listing.invested))
        .put("biddable", Some(listing.status == 2))
        .put("channel_code", Some("40000"))
        .put("borrower_state", Some(CANARY))
        .put("occupation", Some(format!("Puppeteer {CANARY}")))
        .put("member_key", Some(format!("{CANARY}-member")))
        .put(
            "credit_bureau_values",
            Some(json!({ "first_recorded_credit_line": "05042001" })),
        )
        .done()
}

/// A payment.
pub(super) fn payment(settings: &Settings, payment: &Payment) -> Value {
    Record::new(settings.numbers, settings.blanks)
        .put_count("loan_number", Some(payment.loan))
        .put_count("transaction_id", Some(payment.transaction))
        .put_payment_day("transaction_effective_date", Some(payment.effective))
        .put_payment_day("account_effective_date", Some(payment.effective))
        .put_payment_day("investor_disbursement_date", payment.disbursed)
        .put("payment_transaction_code", Some(payment.code.clone()))
        .put("payment_status", Some(payment.status.clone()))
        .put("loan_payment_cashflow_type", Some(payment.kind.clone()))
        .put("prior_match_back_id", None::<String>)
        .put_amount("payment_amount", payment.amount)
        .put_amount("principal_amount", payment.amount - 15)
        .put_amount("interest_amount", 16)
        .put_amount("service_fee_amount", -1)
        .put_count("pre_days_past_due", Some(0))
        .put_count("post_days_past_due", None)
        .done()
}
