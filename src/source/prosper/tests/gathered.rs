//! Many notes of one day are one event (§10).

use super::*;
use crate::domain::id::EventUid;

/// So many notes that are due on 21 November and end on 21 November 2029.
fn portfolio(notes: usize) -> Vec<Value> {
    let one = |number: usize| {
        let rating = ["B", "AA", "N/A"][number % 3];
        note(json!({
            "loan_note_id": format!("{}-1", 1_000_000 + number),
            "prosper_rating": rating,
            "days_past_due": if number == 7 { 3 } else { 0 },
            "next_payment_due_amount_pro_rata_share": if number == 8 { json!(null) } else { json!("0.847312") },
            "origination_date": "2026-11-21",
        }))
    };
    (0..notes).map(one).collect()
}

#[test]
fn every_event_of_a_record_is_found_by_its_number() {
    let notes = |notes: usize| mapped(Record::Notes, &portfolio(notes));
    let listings = mapped(Record::Listings, &[listing(json!({"listing_number": 7}))]);
    for (row, batch, record, want) in [
        ("alone", notes(2), "1000001-1", 2),
        ("gathered", notes(21), "1000020-1", 2),
        ("another note", notes(21), "1000021-1", 0),
        ("a part of a number", notes(21), "1000020", 0),
        ("a listing", listings.clone(), "7", 1),
        ("another listing", listings, "70", 0),
    ] {
        let uids = map::uids(&stage(), record);
        let is_of =
            |event: &&Event| uids.contains(&event.uid) || map::gathers(&stage(), event, record);
        let found = batch.events.iter().filter(is_of).count();
        assert_eq!(found, want, "{row}");
    }
}

#[test]
fn more_than_twenty_notes_of_a_day_are_one_event() {
    for (notes, want) in [(20, 40), (21, 2)] {
        let batch = mapped(Record::Notes, &portfolio(notes));
        assert_eq!(batch.events.len(), want, "{notes}");
    }
    let mut rows = portfolio(23);
    rows.push(note(json!({"next_payment_due_date": "2026-11-22"})));
    let batch = mapped(Record::Notes, &rows);
    insta::assert_snapshot!(in_words(&batch), @r"
    2026-11-21..2026-11-21 23 notes due Some(Confirmed)
      | About 18.64 USD expected
      | 1 late
      | AA 8, B 8, NA 7
      | 
      | 1000000-1: 0.85 USD
      | 1000001-1: 0.85 USD
      | 1000002-1: 0.85 USD
      | 1000003-1: 0.85 USD
      | 1000004-1: 0.85 USD
      | 1000005-1: 0.85 USD
      | 1000006-1: 0.85 USD
      | 1000007-1: 0.85 USD
      | 1000008-1
      | 1000009-1: 0.85 USD
      | 1000010-1: 0.85 USD
      | 1000011-1: 0.85 USD
      | 1000012-1: 0.85 USD
      | 1000013-1: 0.85 USD
      | 1000014-1: 0.85 USD
      | 1000015-1: 0.85 USD
      | 1000016-1: 0.85 USD
      | 1000017-1: 0.85 USD
      | 1000018-1: 0.85 USD
      | 1000019-1: 0.85 USD
      | 1000020-1: 0.85 USD
      | 1000021-1: 0.85 USD
      | 1000022-1: 0.85 USD
      of notes rating:aa rating:b rating:na status:current status:late term:36
    2026-11-22..2026-11-22 Payment due: note 1000001-3 Some(Confirmed)
      | Rating B
      | 36 months
      of notes rating:b status:current term:36
    2029-11-21..2029-11-21 23 scheduled final payments Some(Confirmed)
      | AA 8, B 8, NA 7
      | 
      | 1000000-1
      | 1000001-1
      | 1000002-1
      | 1000003-1
      | 1000004-1
      | 1000005-1
      | 1000006-1
      | 1000007-1
      | 1000008-1
      | 1000009-1
      | 1000010-1
      | 1000011-1
      | 1000012-1
      | 1000013-1
      | 1000014-1
      | 1000015-1
      | 1000016-1
      | 1000017-1
      | 1000018-1
      | 1000019-1
      | 1000020-1
      | 1000021-1
      | 1000022-1
      of notes rating:aa rating:b rating:na status:current status:late term:36
    notes=Notes Group
    rating:aa=Rating AA Tag
    rating:b=Rating B Tag
    rating:na=Rating NA Tag
    status:current=Current Tag
    status:late=Late Tag
    term:36=36 months Tag
    ");
}

#[test]
fn what_is_gathered_on_a_day_is_the_same_event_while_notes_come_and_go() {
    let uids = |notes| -> BTreeSet<EventUid> {
        let batch = mapped(Record::Notes, &portfolio(notes));
        batch.events.iter().map(|event| event.uid).collect()
    };
    assert_eq!(uids(21), uids(150));
    assert_eq!(
        uids(21),
        ["due-day-2026-11-21", "end-day-2029-11-21"]
            .map(|id| EventUid::new(&stage(), id))
            .into()
    );
    assert_eq!(
        uids(1),
        ["due-1000000-1-2026-11-21", "end-1000000-1"]
            .map(|id| EventUid::new(&stage(), id))
            .into()
    );
}

#[test]
fn a_long_list_of_notes_is_cut_and_says_so() {
    let batch = mapped(Record::Notes, &portfolio(150));
    for event in &batch.events {
        let details = event.details.as_str();
        assert!(details.ends_with("\nand 50 more"), "{details}");
        assert_eq!(details.matches("-1").count(), 100);
    }
    let sum = "About 126.25 USD expected\n1 late\nAA 50, B 50, NA 50\n\n1000000-1: 0.85 USD\n";
    let first = batch.events[0].details.as_str();
    assert!(first.starts_with(sum), "{first}");
}
