//! Ten thousand events through each kind of connector: from what its upstream sends to the bytes of a feed.
//!
//! Each answer holds the same rehearsals as [`super::answer`], as far as its upstream can tell of them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use calbridge::{
    api::{Addresses, Clients, Credential, PasswordGrant},
    clock::Clock,
    domain::{batch::Batch, id::GroupId},
    source::{
        Setup,
        add_to_calendar_pro::{self, AddToCalendarPro},
        ics::{self, Ics},
        prospectconnect::{self, DueTime, ProspectConnect, Resource},
        prosper::{self, Prosper, Record},
    },
    zones::{Book, Databases, ZoneData, Zones},
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use divan::{Bencher, counter::ItemsCount};
use serde_json::{Value, json};

use super::{now, published, source};

/// Events of one bench.
const MANY: usize = 10_000;
/// Records on a page of the lists that have pages.
const PAGE: usize = 100;
/// What every rehearsal says of itself.
const DETAILS: &str = "<p>Call at the stage door.</p><ul><li>Bring the parts</li><li>Quiet, please &amp; thank you</li></ul>";

/// A rehearsal of an hour.
struct Rehearsal {
    number: usize,
    title: String,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

fn rehearsals() -> impl Iterator<Item = Rehearsal> {
    let start: DateTime<Utc> = "2026-01-01T00:30:00Z".parse().expect("a literal");
    (0..MANY).map(move |number| {
        let from = start + TimeDelta::hours(3 * i64::try_from(number % 2_900).expect("small"));
        Rehearsal {
            number,
            title: format!("Rehearsal {number}, act two: strings & winds"),
            from,
            to: from + TimeDelta::hours(1),
        }
    })
}

fn zones() -> Arc<Zones> {
    Arc::new(Zones::open(Databases::new(None), now()).expect("there is a built-in database"))
}

fn setup() -> Setup {
    Setup {
        id: source(),
        names: HashMap::new(),
        zone: Tz::America__New_York,
        book: Book::default(),
        zones: zones(),
        clock: Clock::new(now),
        clients: Clients::new().expect("certificates"),
        addresses: Addresses::Any,
        timeout: Duration::from_mins(1),
    }
}

/// Pages of a list in an envelope.
fn pages(rows: &[Value], envelope: impl Fn(&[Value]) -> Value) -> Vec<String> {
    let pages = rows.chunks(PAGE).map(|rows| envelope(rows).to_string());
    pages.collect()
}

/// Measures `batch` and what is made of it, as for Prospero in [`super::json_to_ics_10k`].
fn measure(bencher: Bencher<'_, '_>, batch: impl Fn() -> Batch) {
    assert_eq!(batch().events.len(), MANY, "every record becomes an event");
    let data = ZoneData::built_in();
    bencher
        .counter(ItemsCount::new(MANY))
        .bench_local(|| published(batch(), &data));
}

/// One answer for each event; target: as for Prospero.
#[divan::bench(sample_count = 30)]
fn add_to_calendar_pro_10k(bencher: Bencher<'_, '_>) {
    let settings = add_to_calendar_pro::Settings {
        base_url: "http://127.0.0.1:1".parse().expect("an address"),
        key: Credential::raw(&"key".into()).expect("a key"),
    };
    let source = AddToCalendarPro::new(&settings, setup());
    let events: Vec<(String, String)> = rehearsals()
        .map(|one| {
            let key = format!("{:08x}-9dad-41d1-80b4-00c04fd430c8", one.number);
            let date = json!({
                "name": one.title, "description": DETAILS, "location": format!("Hall {}", one.number % 10),
                "startDate": one.from.format("%F").to_string(), "startTime": one.from.format("%H:%M").to_string(),
                "endDate": one.to.format("%F").to_string(), "endTime": one.to.format("%H:%M").to_string(),
                "timeZone": "America/New_York", "status": "CONFIRMED", "availability": null,
                "organizer_name": "", "organizer_email": "", "attendee_name": null, "attendee_email": null,
            });
            let event = json!({
                "prokey": key, "event_group": "evenings", "status": "published", "dates": [date],
                "title_event_series": null, "simplified_recurrence": true, "recurrence": null,
                "recurrence_simple_type": null, "layout": 12, "rsvp": false, "cta": false, "hideButton": false,
                "distribution": true, "sequence": "0", "date_created": "2026-01-01T00:00:00.000Z",
                "date_updated": "2026-02-01T00:00:00.000Z",
            });
            (key, event.to_string())
        })
        .collect();
    let group = GroupId::new("evenings");
    measure(bencher, || source.batch(&group, &events).expect("answers"));
}

/// One file; target: as for Prospero.
#[divan::bench(sample_count = 30)]
fn ics_10k(bencher: Bencher<'_, '_>) {
    let settings = ics::Settings::at("http://127.0.0.1:1/season.ics").expect("an address");
    let source = Ics::new(source(), &settings, Tz::America__New_York, zones());
    let mut file = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n");
    for one in rehearsals() {
        let local = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%S").to_string();
        let lines = [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{:08x}@stage.example", one.number),
            "DTSTAMP:20260201T000000Z".to_owned(),
            "CREATED:20260101T000000Z".to_owned(),
            "LAST-MODIFIED:20260201T000000Z".to_owned(),
            format!("DTSTART;TZID=America/New_York:{}", local(one.from)),
            format!("DTEND;TZID=America/New_York:{}", local(one.to)),
            format!("SUMMARY:{}", one.title.replace(',', "\\,")),
            "DESCRIPTION:Call at the stage door.\\n\\n• Bring the parts\\n• Quie".to_owned(),
            " t\\, please & thank you".to_owned(),
            format!("LOCATION:Hall {}", one.number % 10),
            format!("CATEGORIES:Group {}", one.number % 5),
            "STATUS:CONFIRMED".to_owned(),
            "END:VEVENT".to_owned(),
        ];
        file += &(lines.join("\r\n") + "\r\n");
    }
    file += "END:VCALENDAR\r\n";
    measure(bencher, || source.batch(file.as_bytes()));
}

/// A hundred pages of tasks; target: as for Prospero.
#[divan::bench(sample_count = 30)]
fn prospectconnect_10k(bencher: Bencher<'_, '_>) {
    let settings = prospectconnect::Settings {
        base_url: "http://127.0.0.1:1".parse().expect("an address"),
        token: Credential::bearer(&"token".into()).expect("a token"),
        version: "2026-06-01".parse().expect("a version"),
        due_time: DueTime::Zone,
        resources: Resource::ALL.into(),
    };
    let source = ProspectConnect::new(settings, setup());
    let rows: Vec<Value> = rehearsals()
        .map(|one| {
            json!({
                "id": format!("task_{:024x}", one.number), "name": one.title, "description": DETAILS,
                "due_date": one.to.format("%FT%TZ").to_string(), "completed": false, "status": "Open",
                "type": format!("kind {}", one.number % 5), "priority": "medium", "tags": [],
                "assigned_to": format!("usr_{}", one.number % 10), "contact_ids": [], "deal_ids": [],
                "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-02-01T00:00:00Z",
            })
        })
        .collect();
    let pages = pages(
        &rows,
        |rows| json!({ "data": rows, "meta": { "cursor": { "next": null, "has_more": false } } }),
    );
    measure(bencher, || {
        source.batch(Resource::Tasks, &pages).expect("pages")
    });
}

/// A hundred pages of listings; target: as for Prospero.
#[divan::bench(sample_count = 30)]
fn prosper_10k(bencher: Bencher<'_, '_>) {
    let settings = prosper::Settings {
        base_url: "http://127.0.0.1:1".parse().expect("an address"),
        listings_base_url: "http://127.0.0.1:1".parse().expect("an address"),
        grant: PasswordGrant {
            client_id: String::new(),
            client_secret: String::new().into(),
            username: String::new(),
            password: String::new().into(),
        },
        records: [Record::Listings].into(),
    };
    let source = Prosper::new(source(), &settings, HashMap::new(), zones());
    let rows: Vec<Value> = rehearsals()
        .map(|one| {
            let stamp = |at: DateTime<Utc>| at.format("%F %T +0000").to_string();
            json!({
                "member_key": "0123456789abcdef", "listing_number": 13_000_000 + one.number,
                "listing_start_date": stamp(one.from - TimeDelta::days(14)), "listing_end_date": stamp(one.to),
                "listing_creation_date": "2026-01-01 00:00:00 +0000", "listing_status": 2,
                "listing_status_reason": "Active", "listing_amount": 12_000.0, "amount_funded": 9_100.0,
                "prosper_rating": "A", "prosper_score": 8, "lender_yield": 0.1124, "listing_term": 36,
                "listing_title": one.title, "income_range": 4, "stated_monthly_income": 4_166.67,
                "credit_bureau_values_transunion_indexed": { "fico_score": "720-739" },
                "last_updated_date": "2026-02-01 00:00:00 +0000", "invested": true, "biddable": true,
            })
        })
        .collect();
    let pages = pages(
        &rows,
        |rows| json!({ "result": rows, "result_count": rows.len(), "total_count": MANY }),
    );
    measure(bencher, || {
        source.batch(Record::Listings, &pages).expect("pages")
    });
}
