//! Whatever a source makes of what it is sent, it can be published: every event is one that a calendar may hold, nothing
//! withheld is among them, the same again changes nothing, and what goes and comes back is as it was. The calendar passes the
//! check, says what is known in whole texts, and is read again as the same events.

use std::collections::BTreeSet;

use calbridge::{
    domain::{
        batch::Batch,
        event::{Event, Status},
        feed::{Cancelled, Detail, Feed, Recurring, Times},
        history::{self, Snapshot},
        id::EventUid,
        select::{self, Expansion, Shown},
        series::Keepsakes,
        text::{Line, Text},
        when::When,
        window::Window,
    },
    format::ics::{self, Checked, Ledger, Purpose, Rendered},
    source::ics::{Ics, Settings},
};
use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::{ground, written};

/// What may stand in an event.
const PROPERTIES: [&str; 18] = [
    "BEGIN",
    "UID",
    "DTSTART",
    "DTEND",
    "RRULE",
    "EXDATE",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "CATEGORIES",
    "STATUS",
    "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "CREATED",
    "DTSTAMP",
    "LAST-MODIFIED",
    "SEQUENCE",
    "END",
];

/// Holds what was made of an input to that promise.
pub(crate) fn hold(batch: &Batch) {
    for event in &batch.events {
        publishable(event);
    }
    let first = history::advance(None, batch.clone(), ground::now(), ground::policy());
    for uid in batch
        .withheld
        .events
        .keys()
        .chain(batch.unclear.events.keys())
    {
        assert!(!first.holds(*uid), "{uid} is not for everybody");
    }
    let again = after(&first, batch.clone(), 1);
    assert_eq!(again.entries(), first.entries(), "the same changes nothing");
    assert_eq!(again.groups(), first.groups(), "the same changes nothing");
    assert_eq!(again.revision(), first.revision());
    gone_and_back(batch, &first);

    let plain = ground::feed(Recurring::Expand);
    let short = Feed {
        times: Times::Utc,
        cancelled: Cancelled::Mark,
        detail: Detail::Title,
        ..plain.clone()
    };
    calendar(&plain, &first);
    calendar(&short, &first);
    if batch.events.iter().any(|event| event.series.is_some()) {
        calendar(&ground::feed(Recurring::Keep), &first);
    }
}

/// What follows `snapshot` when `batch` comes some hours later.
fn after(snapshot: &Snapshot, batch: Batch, hours: i64) -> Snapshot {
    let now = snapshot.changed().max(ground::now()) + TimeDelta::hours(hours);
    history::advance(Some(snapshot), batch, now, ground::policy())
}

/// Every other event goes for so long that it is believed, and comes back: what is published meanwhile is a calendar, and
/// afterwards the same as before, under the same names and with stamps that never went back (interop E4 to E6).
fn gone_and_back(batch: &Batch, first: &Snapshot) {
    let events = batch.events.iter().step_by(2).cloned();
    let fewer = Batch {
        events: events.collect(),
        ..batch.clone()
    };
    let missed = after(first, fewer.clone(), 2);
    let gone = after(&missed, fewer, 48);
    calendar(&ground::feed(Recurring::Expand), &gone);
    let back = after(&gone, batch.clone(), 72);
    assert_eq!(back.entries().len(), first.entries().len());
    for (was, is) in first.entries().iter().zip(back.entries()) {
        assert_eq!(was.event, is.event);
        // What had begun goes without a trace (ADR 11).
        if !gone.holds(was.event.uid) {
            continue;
        }
        assert_eq!(was.stamps.created, is.stamps.created, "interop E5");
        assert!(was.stamps.sequence <= is.stamps.sequence, "interop E6");
        assert!(was.stamps.modified <= is.stamps.modified, "interop E4");
    }
}

fn publishable(event: &Event) {
    assert!(!event.title.is_empty(), "interop P1: {event:?}");
    let lines = event
        .places
        .iter()
        .flat_map(|place| [&place.name, &place.address]);
    for line in lines.chain([&event.title]) {
        assert_eq!(&Line::new(line.as_str()), line, "cleaned once is clean");
    }
    assert_eq!(Text::new(event.details.as_str()), event.details);
    let in_order = event.groups.windows(2).all(|pair| pair[0] < pair[1]);
    assert!(in_order, "sorted, without repeats: {:?}", event.groups);
}

/// Publishes `snapshot` in `feed`, and reads it.
fn calendar(feed: &Feed, snapshot: &Snapshot) {
    let data = ground::data();
    let source = ground::source();
    let within = ground::within();
    let events = snapshot.entries().iter().map(|entry| &entry.event);
    let kept = ics::keepsakes(feed, events, &within, &data);
    let expansion = Expansion {
        within,
        data: &data,
        kept: &kept,
    };
    let snapshots = [(&source, snapshot)];
    let expansion = expansion.fitting(feed, &snapshots, ground::now().date_naive());
    let shown = select::select(feed, None, &snapshots, expansion);
    let uids: BTreeSet<EventUid> = shown.iter().map(Shown::uid).collect();
    assert_eq!(uids.len(), shown.len(), "interop E2: each UID once");

    if kept.is_empty() {
        let inside = select::select(feed, Some(&within), &snapshots, expansion);
        let inside: Vec<EventUid> = inside.iter().map(Shown::uid).collect();
        let overlapping = shown.iter().filter(|shown| within.shows(shown.when()));
        let overlapping: Vec<EventUid> = overlapping.map(Shown::uid).collect();
        assert_eq!(inside, overlapping, "interop W5: by overlap");
    }

    let book = ground::book();
    let zone = |shown: &Shown<'_>| {
        let (event, groups) = shown.for_zone_book();
        book.zone_of(event, groups, &data)
    };
    let zones: Vec<Tz> = shown.iter().map(zone).collect();
    let request = ics::Request {
        feed,
        purpose: Purpose::Feed,
        events: &shown,
        zones: &zones,
        data: &data,
        today: ground::now().date_naive(),
        before: &Ledger::default(),
        changed: ground::now(),
    };
    let rendered = ics::write(&request);
    let checked = Checked::without_broken(rendered.body.clone(), &rendered.events);
    let (_, broken) = checked.expect("interop W10: the calendar passes the check");
    assert_eq!(broken, [], "interop W11: so does each event");
    let again = ics::write(&ics::Request {
        before: &rendered.ledger,
        ..request
    });
    assert!(
        again.body == rendered.body,
        "interop E4: the same again, the same bytes"
    );

    says(&rendered, &shown);
    if rendered.cut.is_none() {
        let read = read(&rendered);
        assert_eq!(
            facts(&read, expansion.within),
            facts(snapshot, expansion.within),
            "{}",
            String::from_utf8_lossy(&rendered.body)
        );
    }
}

/// Each event that was written says what is shown of it, and no text has become anything but a text.
fn says(rendered: &Rendered, shown: &[Shown<'_>]) {
    // The whole of it is lines as they have to be.
    written::lines(&rendered.body);
    for (uid, place) in &rendered.events {
        let of_event = |shown: &&Shown<'_>| shown.uid() == *uid;
        let shown = shown
            .iter()
            .find(of_event)
            .expect("only what is shown is written");
        let lines = written::lines(&rendered.body[place.clone()]);
        for line in &lines {
            assert!(PROPERTIES.contains(&line.name.as_str()), "{line:?}");
        }
        let said = |name: &str| lines.iter().find(|line| line.name == name);
        let text = |name: &str| said(name).map(written::Line::text).unwrap_or_default();
        assert_eq!(text("SUMMARY"), shown.title());
        assert_eq!(text("DESCRIPTION"), shown.details());
        let location = text("LOCATION");
        for place in shown.places() {
            assert!(location.contains(place.name.as_str()), "{location:?}");
        }
        let categories = said("CATEGORIES").map(written::Line::texts);
        let names: Vec<&str> = shown.categories().collect();
        assert_eq!(categories.unwrap_or_default(), names);
        for name in ["DTSTART", "DTEND", "CREATED", "DTSTAMP", "LAST-MODIFIED"] {
            let times = said(name).map(|line| line.value.as_str());
            assert!(times.is_none_or(is_time), "{name}: {times:?}");
        }
        let number = said("SEQUENCE").map(|line| line.value.parse::<i32>());
        assert!(matches!(number, Some(Ok(0..))), "interop E6: {number:?}");
    }
}

/// Whether `value` is a date, or a time to the second, in the years that every client can read (interop T10).
fn is_time(value: &str) -> bool {
    let form: String = value
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let forms = ["00000000", "00000000T000000", "00000000T000000Z"];
    forms.contains(&form.as_str()) && ("1970".."2101").contains(&&value[..4])
}

/// What a calendar that subscribes to it would make of it, if it were calbridge.
fn read(rendered: &Rendered) -> Snapshot {
    let settings = Settings::at("https://calendar.example/season.ics").expect("an address");
    let reader = Ics::new(ground::source(), &settings, ground::HOME, ground::zones());
    let batch = reader.batch(&rendered.body);
    let remarks: Vec<String> = batch.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(remarks, [""; 0], "nothing in it is odd");
    history::advance(None, batch, ground::now(), ground::policy())
}

/// When the events of `snapshot` are, every instance of those that recur, and whether they take place.
fn facts(snapshot: &Snapshot, within: Window) -> Vec<(String, Option<Status>)> {
    static NONE: Keepsakes = Keepsakes::new();
    let data = ground::data();
    let source = ground::source();
    let expansion = Expansion {
        within,
        data: &data,
        kept: &NONE,
    };
    let feed = ground::feed(Recurring::Expand);
    let shown = select::select(&feed, None, &[(&source, snapshot)], expansion);
    let fact = |shown: &Shown<'_>| (When::to_string(&shown.when()), shown.status());
    let mut facts: Vec<_> = shown.iter().map(fact).collect();
    facts.sort_by_cached_key(|fact| format!("{fact:?}"));
    facts
}
