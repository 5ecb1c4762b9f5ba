//! Next payments and last ones (§7).

use super::*;

fn titles(fields: Value) -> (Vec<String>, String) {
    let batch = mapped(Record::Notes, &[note(fields)]);
    (brief(&batch), said(&batch.remarks))
}

#[test]
fn notes_become_next_payments_and_last_ones() {
    let batch = mapped(Record::Notes, &fixture("notes"));
    insta::assert_snapshot!(in_words(&batch), @r"
    2026-11-10..2026-11-10 Payment due, late: note 1000003-8 Some(Confirmed)
      | 0.85 USD expected
      | Rating HR
      | 36 months
      of notes rating:hr status:late term:36
    2026-11-21..2026-11-21 Payment due: note 1000001-3 Some(Confirmed)
      | 0.85 USD expected
      | Rating B
      | 36 months
      of notes rating:b status:current term:36
    2026-12-01..2026-12-01 Payment due: note 1000002-1 Some(Confirmed)
      | 1.25 USD expected
      | Rating AA
      | 60 months
      of notes rating:aa status:current term:60
    2026-12-15..2026-12-15 Payment due: note 1000004-2 Some(Confirmed)
      | Rating NA
      | 24 months
      of notes rating:na status:current term:24
    2027-02-28..2027-02-28 Scheduled final payment: note 1000003-8 Some(Confirmed)
      | Rating HR
      | 36 months
      of notes rating:hr status:late term:36
    2027-02-28..2027-02-28 Scheduled final payment: note 1000005-5 Some(Confirmed)
      | 36 months
      of notes status:current term:36
    2028-11-15..2028-11-15 Scheduled final payment: note 1000004-2 Some(Confirmed)
      | Rating NA
      | 24 months
      of notes rating:na status:current term:24
    2029-04-21..2029-04-21 Scheduled final payment: note 1000001-3 Some(Confirmed)
      | Rating B
      | 36 months
      of notes rating:b status:current term:36
    2031-07-31..2031-07-31 Scheduled final payment: note 1000002-1 Some(Confirmed)
      | Rating AA
      | 60 months
      of notes rating:aa status:current term:60
    notes=Notes Group
    rating:aa=Rating AA Tag
    rating:b=Rating B Tag
    rating:hr=Rating HR Tag
    rating:na=Rating NA Tag
    status:current=Current Tag
    status:late=Late Tag
    term:24=24 months Tag
    term:36=36 months Tag
    term:60=60 months Tag
    ! `note_status` has the value `9`, which is not known; it counts as absent
    ");
}

#[test]
fn only_a_current_note_that_is_still_owned_has_payments_to_come() {
    let unknown = |word: &str| {
        format!("`note_status` has the value `{word}`, which is not known; it counts as absent")
    };
    for (fields, shown, remark) in [
        (json!({}), true, String::new()),
        (json!({"note_status": "1"}), true, String::new()),
        (json!({"note_status": 1.0}), true, String::new()),
        (
            json!({"note_status": "-", "note_status_description": "CURRENT"}),
            true,
            String::new(),
        ),
        (
            json!({"note_status": 1, "note_status_description": "odd"}),
            true,
            String::new(),
        ),
        (json!({"note_status": 0}), false, String::new()),
        (json!({"note_status": 2}), false, String::new()),
        (json!({"note_status": 3}), false, String::new()),
        (json!({"note_status": 4}), false, String::new()),
        (json!({"note_status": 5}), false, String::new()),
        (json!({"note_status": 6}), false, String::new()),
        (json!({"note_status": 9}), false, unknown("9")),
        (
            json!({"note_status": "unheard-of"}),
            false,
            unknown("unheard-of"),
        ),
        (
            json!({"note_status": null, "note_status_description": "PAUSED"}),
            false,
            unknown("PAUSED"),
        ),
        (json!({"note_status": "-"}), false, String::new()),
        (
            json!({"ownership_end_date": "2026-10-01"}),
            false,
            String::new(),
        ),
        (json!({"ownership_end_date": ""}), true, String::new()),
        (json!({"is_sold": true}), false, String::new()),
        (json!({"is_sold": "maybe"}), false, String::new()),
        (
            json!({"is_sold": false, "is_sold_folio": 1}),
            false,
            String::new(),
        ),
    ] {
        let (titles, remarks) = titles(fields.clone());
        assert_eq!((titles.len() == 1, remarks), (shown, remark), "{fields}");
    }
}

#[test]
fn the_last_payment_is_counted_in_months_and_stays_within_them() {
    let last = |fields: Value| {
        let (titles, remarks) = titles(fields);
        let last = titles.iter().find(|title| title.contains("final"));
        (last.map(|title| title[..10].to_owned()), remarks)
    };
    let broken = "event `1000001-3` was left out: its origination is no date";
    let outside = "event `1000001-3` was left out: it lies outside the years 1970 to 2099";
    for (origin, term, extension, want, remark) in [
        (
            json!("2008-08-19"),
            json!(36),
            json!(0),
            Some("2011-08-19"),
            "",
        ),
        (
            json!("2026-01-31"),
            json!(37),
            json!(null),
            Some("2029-02-28"),
            "",
        ),
        (
            json!("2024-02-29"),
            json!(48),
            json!(0),
            Some("2028-02-29"),
            "",
        ),
        (
            json!("2024-02-29"),
            json!(36),
            json!(0),
            Some("2027-02-28"),
            "",
        ),
        (
            json!("2026-08-28 07:00:00 +0000"),
            json!("24"),
            json!(2.0),
            Some("2028-10-28"),
            "",
        ),
        (
            json!("2026-01-31"),
            json!(36),
            json!(-1),
            Some("2029-01-31"),
            "",
        ),
        (json!("2026-01-31"), json!(0), json!(0), None, ""),
        (json!("2026-01-31"), json!(null), json!(0), None, ""),
        (json!("2026-01-31"), json!("many"), json!(0), None, ""),
        (json!("2026-01-31"), json!(1e9), json!(0), None, ""),
        (json!(null), json!(36), json!(0), None, ""),
        (json!("long ago"), json!(36), json!(0), None, broken),
        (json!("2098-01-31"), json!(36), json!(0), None, outside),
    ] {
        let row = format!("{origin} {term} {extension}");
        let got = last(
            json!({"origination_date": origin, "term": term, "loan_extension_term": extension}),
        );
        assert_eq!(got, (want.map(str::to_owned), remark.to_owned()), "{row}");
    }
}

#[test]
fn a_note_that_cannot_be_read_is_left_out_alone_and_one_that_comes_twice_counts_as_it_came_last() {
    let wrong_type = "a field of it has another type";
    for (row, fields, remark) in [
        (
            "a number for a date",
            json!({"next_payment_due_date": 42}),
            format!("event `1000002-1` was left out: {wrong_type}"),
        ),
        (
            "an object for a number",
            json!({"term": {}}),
            format!("event `1000002-1` was left out: {wrong_type}"),
        ),
        (
            "no date",
            json!({"next_payment_due_date": "soon"}),
            "event `1000002-1` was left out: its due date is no date".to_owned(),
        ),
        (
            "the year 1",
            json!({"next_payment_due_date": "0001-01-01"}),
            "event `1000002-1` was left out: it lies outside the years 1970 to 2099".to_owned(),
        ),
        (
            "no id",
            json!({"loan_note_id": "-"}),
            "event `number 1 of an answer` was left out: it has no id".to_owned(),
        ),
        (
            "an id of another type",
            json!({"loan_note_id": {}}),
            format!("event `number 1 of an answer` was left out: {wrong_type}"),
        ),
        (
            "nothing due",
            json!({"next_payment_due_date": null}),
            String::new(),
        ),
    ] {
        let mut second = note(json!({"loan_note_id": "1000002-1"}));
        second = changed(second, fields);
        let twice =
            note(json!({"loan_note_id": "1000003-1", "next_payment_due_date": "2026-11-23"}));
        let again = note(json!({"loan_note_id": "1000003-1"}));
        let batch = mapped(Record::Notes, &[note(json!({})), second, twice, again]);
        assert_eq!(
            brief(&batch),
            [
                "2026-11-21..2026-11-21 Payment due: note 1000001-3",
                "2026-11-21..2026-11-21 Payment due: note 1000003-1",
            ],
            "{row}"
        );
        assert_eq!(said(&batch.remarks), remark, "{row}");
    }
    for odd in [
        json!(null),
        json!(7),
        json!([]),
        json!(["1000002-1"]),
        json!("x"),
    ] {
        let batch = mapped(Record::Notes, &[note(json!({})), odd.clone()]);
        let remark = format!("event `number 1 of an answer` was left out: {wrong_type}");
        assert_eq!(
            (batch.events.len(), said(&batch.remarks)),
            (1, remark),
            "{odd}"
        );
    }
}

#[test]
fn a_name_the_operator_gives_a_group_is_its_name() {
    let facts = Facts {
        id: stage(),
        names: [("rating:b".to_owned(), Line::new("Medium risk"))].into(),
        zones: zones(),
    };
    let rows = vec![RawValue::from_string(note(json!({})).to_string()).unwrap()];
    let read = [Rows {
        record: Record::Notes,
        rows,
    }];
    let batch = facts.batch(&read, span("2026-11-01", "2026-11-30"));
    assert_eq!(
        batch.groups[&GroupId::new("rating:b")].name.as_str(),
        "Medium risk"
    );
}
