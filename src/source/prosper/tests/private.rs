//! Nothing of a borrower gets out (design §2, promise 6).

use super::*;

#[test]
fn nothing_of_a_borrower_is_in_a_batch() {
    for (record, name) in [(Record::Notes, "notes"), (Record::Listings, "listings")] {
        let rows = fixture(name);
        assert!(json!(rows).to_string().contains(CANARY), "{name}");
        let batch = mapped(record, &rows);
        assert!(!batch.events.is_empty(), "{name}");
        assert!(!format!("{batch:?}").contains(CANARY), "{name}");
    }
}

/// A note and a listing with a canary wherever a text may stand, but in what is read.
#[test]
fn no_field_but_those_read_can_matter() {
    const NOTE: [&str; 13] = [
        "loan_note_id",
        "note_status",
        "note_status_description",
        "next_payment_due_date",
        "next_payment_due_amount_pro_rata_share",
        "days_past_due",
        "origination_date",
        "term",
        "loan_extension_term",
        "ownership_end_date",
        "prosper_rating",
        "is_sold",
        "is_sold_folio",
    ];
    const LISTING: [&str; 10] = [
        "listing_number",
        "listing_status",
        "listing_status_reason",
        "listing_creation_date",
        "listing_start_date",
        "listing_end_date",
        "last_updated_date",
        "prosper_rating",
        "listing_term",
        "invested",
    ];
    for (record, name, read) in [
        (Record::Notes, "notes", &NOTE[..]),
        (Record::Listings, "listings", &LISTING),
    ] {
        let rows = fixture(name);
        let mut spoiled = rows.clone();
        for row in &mut spoiled {
            for (field, value) in row.as_object_mut().unwrap() {
                if !read.contains(&&**field) {
                    *value = json!({ "text": CANARY });
                }
            }
        }
        assert_eq!(
            in_words(&mapped(record, &spoiled)),
            in_words(&mapped(record, &rows)),
            "{name}"
        );
    }
}
