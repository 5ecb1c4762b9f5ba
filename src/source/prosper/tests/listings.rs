//! When listings close (§8).

use super::*;

#[test]
fn listings_become_their_ends() {
    let batch = mapped(Record::Listings, &fixture("listings"));
    insta::assert_snapshot!(in_words(&batch), @r"
    2026-11-03T08:10:31Z..2026-11-03T08:10:31Z Listing 6000103 completed Some(Confirmed)
      | Rating A
      | 36 months
      of listings rating:a status:completed term:36
      created Some(2026-11-17T15:31:02Z), updated 2026-11-19T08:12:44Z
    2026-11-15T18:00:00Z..2026-11-15T18:00:00Z Listing 6000104 expired Some(Confirmed)
      | Rating A
      | 36 months
      of listings rating:a status:expired term:36
      created Some(2026-11-17T15:31:02Z), updated 2026-11-19T08:12:44Z
    2026-11-27T21:59:00Z..2026-11-27T21:59:00Z Listing 6000102 closes Some(Confirmed)
      | Rating C
      | 60 months
      of listings rating:c status:active term:60
      created Some(2026-11-17T15:31:02Z), updated 2026-11-19T08:12:44Z
    2026-12-02T17:00:13Z..2026-12-02T17:00:13Z Listing 6000101 closes at the latest Some(Tentative)
      | Rating A
      | 36 months
      of listings rating:a status:active term:36
      created Some(2026-11-17T15:31:02Z), updated 2026-11-19T08:12:44Z
    listings=Listings Group
    rating:a=Rating A Tag
    rating:c=Rating C Tag
    status:active=Active Tag
    status:completed=Completed Tag
    status:expired=Expired Tag
    term:36=36 months Tag
    term:60=60 months Tag
    ! `listing_status` has the value `33`, which is not known; it counts as absent
    ");
}

#[test]
fn an_end_is_the_one_told_or_for_an_open_listing_the_last_possible_one() {
    let end = "2026-11-27 21:59:00 +0000";
    let told =
        |title: &str| format!("2026-11-27T21:59:00Z..2026-11-27T21:59:00Z Listing 6000101 {title}");
    let latest = "2026-12-02T17:00:13Z..2026-12-02T17:00:13Z Listing 6000101 closes at the latest";
    for (fields, want) in [
        (json!({}), latest.to_owned()),
        (json!({"listing_end_date": null}), latest.to_owned()),
        (json!({"listing_end_date": ""}), latest.to_owned()),
        (
            json!({"listing_end_date": "2026-11-01 00:00:00 +0000"}),
            latest.to_owned(),
        ),
        (json!({"listing_end_date": end}), told("closes")),
        (
            json!({"listing_end_date": end, "listing_start_date": "-"}),
            told("closes"),
        ),
        (
            json!({"listing_end_date": end, "listing_status": 4}),
            told("withdrawn"),
        ),
        (
            json!({"listing_end_date": end, "listing_status": "5"}),
            told("expired"),
        ),
        (
            json!({"listing_end_date": end, "listing_status": 6.0}),
            told("completed"),
        ),
        (
            json!({"listing_end_date": end, "listing_status": 7}),
            told("cancelled"),
        ),
        (
            json!({"listing_end_date": end, "listing_status": 8}),
            told("closed, in review"),
        ),
        (
            json!({"listing_end_date": end, "listing_status_reason": "Completed"}),
            told("completed"),
        ),
        (
            json!({"listing_end_date": end, "listing_status_reason": CANARY}),
            told("closes"),
        ),
        (
            json!({"listing_end_date": end, "listing_status": 33}),
            told("ends"),
        ),
        (
            json!({"listing_end_date": end, "listing_status": "-"}),
            told("ends"),
        ),
        (json!({"listing_status": 6}), String::new()),
        (json!({"listing_status": 33}), String::new()),
        (json!({"listing_start_date": null}), String::new()),
        (json!({"invested": false}), String::new()),
    ] {
        let batch = mapped(Record::Listings, &[listing(fields.clone())]);
        assert_eq!(brief(&batch).join("\n"), want, "{fields}");
        let remark = if fields["listing_status"] == json!(33) {
            "`listing_status` has the value `33`, which is not known; it counts as absent"
        } else {
            ""
        };
        assert_eq!(said(&batch.remarks), remark, "{fields}");
    }
}

#[test]
fn a_listing_that_cannot_be_read_is_left_out_alone() {
    for (fields, why) in [
        (
            json!({"listing_start_date": "soon"}),
            "its start is no time",
        ),
        (json!({"listing_end_date": "soon"}), "its end is no time"),
        (
            json!({"listing_end_date": 42}),
            "a field of it has another type",
        ),
        (
            json!({"listing_end_date": "2101-01-01"}),
            "it lies outside the years 1970 to 2099",
        ),
    ] {
        let odd = changed(listing(json!({"listing_number": 7})), fields.clone());
        let batch = mapped(Record::Listings, &[odd, listing(json!({}))]);
        let remark = format!("event `7` was left out: {why}");
        assert_eq!(
            (batch.events.len(), said(&batch.remarks)),
            (1, remark),
            "{fields}"
        );
        assert_eq!(
            batch.unreadable,
            [(uid("listing-7"), why)].into(),
            "{fields}"
        );
    }
    let fine = listing(json!({"last_updated_date": "soon", "listing_creation_date": "0001-01-01"}));
    let batch = mapped(Record::Listings, &[fine]);
    let event = &batch.events[0];
    assert_eq!(
        (event.created, event.updated),
        (None, None),
        "stamps are not needed"
    );
}
