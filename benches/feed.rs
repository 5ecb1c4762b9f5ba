//! From upstream JSON to the bytes of a feed: guards the writing targets of `docs/performance.md`.

#[path = "feed/kinds.rs"]
mod kinds;

use std::{collections::HashMap, fmt::Write as _, hint::black_box};

use calbridge::{
    api::FromJson,
    clock::Clock,
    domain::{
        batch::Batch,
        feed::{Cancelled, Detail, Feed, Recurring, Times},
        frames::Frames,
        history::{self, Policy, Snapshot, Vanished},
        id::SourceId,
        select::{self, Expansion, Shown},
        series::Keepsakes,
        text::Line,
        when::{DateSpan, When},
        window::{Window, WindowSpec},
    },
    format::ics::{self, Ledger, Purpose},
    source::prospero::{AllDayEnd, EventList, Merged, Prospero, Settings},
    zones::{Book, ZoneData},
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use divan::{Bencher, counter::ItemsCount};
use icalendar::{Component, EventLike};

/// Events in one calendar.
const CALENDAR: usize = 1_000;

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn now() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().expect("a literal")
}

/// An answer of the upstream with `count` events of an hour, every third hour, in ten places and five groups.
fn answer(count: usize) -> String {
    let start: DateTime<Utc> = "2026-01-01T00:30:00Z".parse().expect("a literal");
    let mut json = String::from(r#"{"events":["#);
    for number in 0..count {
        let from = start + TimeDelta::hours(3 * i64::try_from(number % 2_900).expect("small"));
        let (from, to) = (
            from.format("%FT%TZ"),
            (from + TimeDelta::hours(1)).format("%FT%TZ"),
        );
        let comma = if number == 0 { "" } else { "," };
        write!(
            json,
            r#"{comma}{{"id":"{number:08x}-9dad-11d1-80b4-00c04fd430c8","orgId":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","createdAt":"2026-01-01T00:00:00Z","lastUpdatedAt":"2026-02-01T00:00:00Z","title":"Rehearsal {number}, act two: strings & winds","start":"{from}","end":"{to}","allDay":false,"status":1,"draft":false,"flag":false,"details":"<p>Call at the stage door.</p><ul><li>Bring the parts</li><li>Quiet, please &amp; thank you</li></ul>","locationIds":["place-{}"],"groupIds":["group-{}"],"projectIds":["project-{}"],"personIds":[],"tagIds":[]}}"#,
            number % 10,
            number % 5,
            number % 3,
        )
        .expect("a string takes all");
    }
    json.push_str("]}");
    json
}

fn source() -> SourceId {
    "stage".parse().expect("a name")
}

fn prospero() -> Prospero {
    let settings = Settings {
        base_url: "http://127.0.0.1:1".parse().expect("an address"),
        email: String::new(),
        password: String::new().into(),
        status: [(1, calbridge::domain::event::Status::Confirmed)].into(),
        all_day_end: AllDayEnd::Inclusive,
    };
    let names = (0..5).map(|n| (format!("group-{n}"), Line::new(&format!("Group {n}"))));
    Prospero::new(
        source(),
        &settings,
        names.collect::<HashMap<_, _>>(),
        Clock::new(now),
    )
}

fn feed() -> Feed {
    Feed {
        title: Line::new("Season"),
        sources: vec![source()],
        groups: None,
        window: WindowSpec::All,
        zone: Tz::America__New_York,
        pinned: None,
        detail: Detail::Full,
        cancelled: Cancelled::Keep,
        times: Times::Zoned,
        recurring: Recurring::Expand,
        frames: Frames::Anybody,
    }
}

fn book() -> Book {
    let places = [
        ("place-1", Tz::Europe__Berlin),
        ("place-2", Tz::Asia__Tokyo),
        ("place-3", Tz::Australia__Sydney),
    ];
    Book::new(
        places.map(|(id, tz)| (id.to_owned(), tz)),
        [],
        Some(Tz::America__New_York),
    )
}

fn snapshot(json: &str) -> Snapshot {
    let list = EventList::from_json(json).expect("an answer");
    advanced(prospero().batch(Merged::default().with(list)))
}

fn advanced(batch: Batch) -> Snapshot {
    let policy = Policy {
        confirm_after: std::time::Duration::ZERO,
        empty_after: std::time::Duration::ZERO,
        vanished: Vanished::Go,
        accepted: None,
    };
    history::advance(None, batch, now(), policy)
}

/// Writes every event: calendars of a thousand each, which is the most that one may hold (interop W1).
fn write(feed: &Feed, events: &[Shown<'_>], zones: &[Tz], data: &ZoneData) -> usize {
    let calendars = events.chunks(CALENDAR).zip(zones.chunks(CALENDAR));
    let written = calendars.map(|(events, zones)| {
        let request = ics::Request {
            feed,
            purpose: Purpose::Feed,
            events,
            zones,
            data,
            today: now().date_naive(),
            before: &Ledger::default(),
            changed: now(),
        };
        black_box(ics::write(&request)).body.len()
    });
    written.sum()
}

fn zones(events: &[Shown<'_>], data: &ZoneData) -> Vec<Tz> {
    let book = book();
    let of = |shown: &Shown<'_>| {
        let (event, groups) = shown.for_zone_book();
        book.zone_of(event, groups, data)
    };
    events.iter().map(of).collect()
}

/// Everything that is shown; there are no series.
fn selected<'a>(
    feed: &Feed,
    id: &'a SourceId,
    snapshot: &'a Snapshot,
    data: &'a ZoneData,
) -> Vec<Shown<'a>> {
    static NONE: Keepsakes = Keepsakes::new();
    let today = DateSpan::through(now().date_naive(), now().date_naive()).expect("a day");
    let expansion = Expansion {
        within: Window::new(today, |_| now()),
        data,
        kept: &NONE,
    };
    select::select(feed, None, &[(id, snapshot)], expansion)
}

fn json_to_ics(json: &str, data: &ZoneData) -> usize {
    let list = EventList::from_json(json).expect("an answer");
    published(prospero().batch(Merged::default().with(list)), data)
}

/// Everything behind a connector, up to the bytes.
fn published(batch: Batch, data: &ZoneData) -> usize {
    let (id, feed) = (source(), feed());
    let snapshot = advanced(batch);
    let events = selected(&feed, &id, &snapshot, data);
    let calendars = events.chunks(CALENDAR);
    calendars
        .map(|events| write(&feed, events, &zones(events, data), data))
        .sum()
}

/// Target: at most 60 ms.
#[divan::bench(sample_count = 30)]
fn json_to_ics_10k(bencher: Bencher<'_, '_>) {
    let (json, data) = (answer(10_000), ZoneData::built_in());
    bencher
        .counter(ItemsCount::new(10_000usize))
        .bench_local(|| json_to_ics(&json, &data));
}

/// Target: at most eleven times [`json_to_ics_10k`].
#[divan::bench(sample_count = 10)]
fn json_to_ics_100k(bencher: Bencher<'_, '_>) {
    let (json, data) = (answer(100_000), ZoneData::built_in());
    bencher
        .counter(ItemsCount::new(100_000usize))
        .bench_local(|| json_to_ics(&json, &data));
}

/// Target: a third of [`icalendar_crate_10k`] or less, and a fiftieth of Python's `icalendar`.
#[divan::bench(sample_count = 30)]
fn write_10k(bencher: Bencher<'_, '_>) {
    let (id, feed, data) = (source(), feed(), ZoneData::built_in());
    let snapshot = snapshot(&answer(10_000));
    let events = selected(&feed, &id, &snapshot, &data);
    let zones = zones(&events, &data);
    bencher
        .counter(ItemsCount::new(10_000usize))
        .bench_local(|| write(&feed, &events, &zones, &data));
}

/// The same events with the `icalendar` crate's own components and writer, local times worked out beforehand.
#[divan::bench(sample_count = 30)]
fn icalendar_crate_10k(bencher: Bencher<'_, '_>) {
    let (id, feed, data) = (source(), feed(), ZoneData::built_in());
    let snapshot = snapshot(&answer(10_000));
    let events = selected(&feed, &id, &snapshot, &data);
    let zones = zones(&events, &data);
    let locals = events.iter().zip(&zones).map(|(shown, tz)| {
        let When::Timed(span) = shown.when() else {
            unreachable!("only timed events are made here")
        };
        let zone = data.zone_or_utc(*tz);
        let local = |at| zone.local(at).format("%Y%m%dT%H%M%S").to_string();
        (tz.name(), local(span.start()), local(span.end()))
    });
    let locals: Vec<_> = locals.collect();
    bencher
        .counter(ItemsCount::new(10_000usize))
        .bench_local(|| {
            let calendars = events.chunks(CALENDAR).zip(locals.chunks(CALENDAR));
            for (events, locals) in calendars {
                let mut calendar = icalendar::Calendar::new();
                for (shown, local) in events.iter().zip(locals) {
                    calendar.push(crate_event(shown, local));
                }
                black_box(calendar.to_string());
            }
        });
}

fn crate_event(shown: &Shown<'_>, (tzid, start, end): &(&str, String, String)) -> icalendar::Event {
    let time = |name: &str, local: &str| {
        let mut property = icalendar::Property::new(name, local);
        property.add_parameter("TZID", tzid);
        property
    };
    let mut event = icalendar::Event::new();
    event
        .uid(&shown.uid().to_string())
        .summary(&shown.title())
        .description(shown.details())
        .append_property(time("DTSTART", start))
        .append_property(time("DTEND", end))
        .timestamp(shown.stamps().modified)
        .last_modified(shown.stamps().modified)
        .created(shown.stamps().created)
        .sequence(shown.stamps().sequence)
        .add_property("TRANSP", "TRANSPARENT")
        .add_property("X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
    event.status(icalendar::EventStatus::Confirmed);
    event.categories(shown.categories());
    event
}
