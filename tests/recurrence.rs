//! Recurring events as Python's `recurring-ical-events` expands them: rule by rule, and in feeds as they go out.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "support/occurrences.rs"]
mod occurrences;
#[path = "support/readers.rs"]
mod readers;

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc, time::Duration};

use calbridge::{
    domain::{
        batch::Batch,
        event::Event,
        feed::{Cancelled, Detail, Feed, Recurring, Times},
        frames::Frames,
        history::{self, Policy, Snapshot, Vanished},
        id::{EventUid, SourceId},
        select::{self, Expansion, Shown},
        series::{Length, Series, Wall},
        text::{Line, Text},
        when::{DateSpan, When},
        window::{Window, WindowSpec},
    },
    format::ics::{self, Ledger, Purpose},
    zones::ZoneData,
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use occurrences::Instance;

/// Of a wider span than is looked at, since the two may differ at its edges.
const WIDE: (&str, &str) = ("2026-01-01", "2031-01-01");
/// What is looked at.
const LOOKED_AT: std::ops::Range<&str> = "2026-02-01".."2030-12-01";

/// First time, rule, further times, excepted times; `20260105` for whole days.
type Row = (&'static str, &'static str, &'static str, &'static str);

const RULES: &[Row] = &[
    ("20260105T093000", "FREQ=DAILY", "", ""),
    ("20260105T093000", "FREQ=DAILY;INTERVAL=3;COUNT=90", "", ""),
    ("20190105T093000", "FREQ=DAILY;INTERVAL=7", "", ""),
    ("20190105T093000", "FREQ=DAILY;COUNT=2900", "", ""),
    ("20260105T093000", "FREQ=DAILY;BYMONTH=3,10", "", ""),
    ("20260105T093000", "FREQ=DAILY;BYMONTHDAY=1,-1", "", ""),
    (
        "20260105T093000",
        "FREQ=DAILY;INTERVAL=10;BYDAY=MO,WE",
        "",
        "",
    ),
    ("20260105T093000", "FREQ=DAILY;BYHOUR=9,20;COUNT=9", "", ""),
    ("20260105T023000", "FREQ=DAILY", "", ""),
    ("20100105T193000", "FREQ=WEEKLY", "", ""),
    (
        "20100105T193000",
        "FREQ=WEEKLY;INTERVAL=5;BYDAY=TU,SU;WKST=MO",
        "",
        "",
    ),
    (
        "20100105T193000",
        "FREQ=WEEKLY;INTERVAL=5;BYDAY=TU,SU;WKST=SU",
        "",
        "",
    ),
    (
        "20260104T193000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
        "",
        "",
    ),
    (
        "20260104T193000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "",
        "",
    ),
    (
        "20251231T193000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,TH,WE;WKST=WE",
        "",
        "",
    ),
    ("20260107T193000", "FREQ=WEEKLY;BYDAY=1WE", "", ""),
    (
        "20260105T193000",
        "FREQ=WEEKLY;BYMONTH=2,11;BYDAY=MO",
        "",
        "",
    ),
    (
        "20260105T193000",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
        "",
        "",
    ),
    (
        "20260105T193000",
        "FREQ=WEEKLY;UNTIL=20270104T183000Z",
        "",
        "",
    ),
    (
        "20260105T193000",
        "FREQ=WEEKLY;UNTIL=20270104T182959Z",
        "",
        "",
    ),
    (
        "20260106T193000",
        "FREQ=WEEKLY;COUNT=20",
        "",
        "20260113T193000,20260127T193000",
    ),
    (
        "20260106T193000",
        "FREQ=WEEKLY;COUNT=20",
        "20260214T100000,20260215T110000",
        "",
    ),
    ("20260131T193000", "FREQ=MONTHLY", "", ""),
    ("20260131T193000", "FREQ=MONTHLY;INTERVAL=13", "", ""),
    ("20180131T193000", "FREQ=MONTHLY;INTERVAL=5", "", ""),
    ("20260131T193000", "FREQ=MONTHLY;BYMONTHDAY=-1", "", ""),
    ("20260131T193000", "FREQ=MONTHLY;BYMONTHDAY=-31,-30", "", ""),
    (
        "20260131T193000",
        "FREQ=MONTHLY;BYMONTHDAY=29,30,31;BYSETPOS=-1",
        "",
        "",
    ),
    (
        "20260130T193000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "",
        "",
    ),
    (
        "20260102T193000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2,-2",
        "",
        "",
    ),
    ("20260104T193000", "FREQ=MONTHLY;BYDAY=1SU,-1SU", "", ""),
    ("20260330T193000", "FREQ=MONTHLY;BYDAY=5MO", "", ""),
    ("20260102T193000", "FREQ=MONTHLY;BYDAY=-5FR", "", ""),
    (
        "20260213T193000",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "",
        "",
    ),
    (
        "20260110T193000",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "",
        "",
    ),
    (
        "20260610T193000",
        "FREQ=MONTHLY;BYMONTH=6;BYDAY=2WE",
        "",
        "",
    ),
    ("20240229T193000", "FREQ=YEARLY", "", ""),
    ("20240229T193000", "FREQ=YEARLY;INTERVAL=4;COUNT=3", "", ""),
    (
        "20230228T193000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
        "",
        "",
    ),
    ("20230301T193000", "FREQ=YEARLY;BYYEARDAY=60,-1,366", "", ""),
    (
        "20260511T193000",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "",
        "",
    ),
    ("20251229T193000", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "", ""),
    (
        "20261228T193000",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,SU",
        "",
        "",
    ),
    (
        "20230301T193000",
        "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO",
        "",
        "",
    ),
    ("20260518T193000", "FREQ=YEARLY;BYDAY=20MO", "", ""),
    (
        "20201126T193000",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        "",
        "",
    ),
    (
        "20200329T193000",
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
        "",
        "",
    ),
    (
        "20241105T193000",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "",
        "",
    ),
    (
        "20230313T193000",
        "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        "",
        "",
    ),
    (
        "20260105T193000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "",
        "",
    ),
    ("20260105T000000", "FREQ=HOURLY;INTERVAL=36", "", ""),
    (
        "20260105T080000",
        "FREQ=HOURLY;INTERVAL=8;COUNT=100",
        "",
        "",
    ),
    // The first time is no instance of the rule.
    ("20260204T193000", "FREQ=WEEKLY;BYDAY=FR", "", ""),
    (
        "20260204T193000",
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20260401T000000Z",
        "",
        "",
    ),
    (
        "20260105",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "20260211",
        "20260212,20260226",
    ),
    ("20260105", "FREQ=MONTHLY;UNTIL=20261105", "", ""),
    ("20240229", "FREQ=YEARLY", "", ""),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap_or_else(|_| {
        let day = NaiveDate::parse_from_str(text, "%Y%m%d").unwrap();
        day.and_time(NaiveTime::MIN)
    })
}

fn walls(list: &str) -> Vec<NaiveDateTime> {
    list.split(',')
        .filter(|text| !text.is_empty())
        .map(wall)
        .collect()
}

fn window((first, end): (&str, &str)) -> Window {
    let days = DateSpan::until(day(first), day(end)).unwrap();
    Window::new(days, |day| day.and_time(NaiveTime::MIN).and_utc())
}

fn series(zone: Tz, (start, rule, extra, except): Row) -> Series {
    let (zone, length) = if start.contains('T') {
        (Wall::Zone(zone), Length::Exact(TimeDelta::minutes(90)))
    } else {
        (Wall::Days, Length::Days(2))
    };
    let rules = [rule.to_owned()];
    Series::new(
        zone,
        wall(start),
        length,
        &rules,
        walls(extra),
        walls(except),
    )
    .unwrap()
}

fn instance(when: When) -> Instance {
    let (start, end) = match when {
        When::Days(days) => (days.first().to_string(), days.end().to_string()),
        When::Timed(span) => {
            let text = |at: chrono::DateTime<chrono::Utc>| at.format("%FT%TZ").to_string();
            (text(span.start()), text(span.end()))
        }
    };
    Instance { start, end }
}

/// The part of `instances` that is looked at, in order.
fn looked_at(instances: impl IntoIterator<Item = Instance>) -> Vec<Instance> {
    let mut found: Vec<_> = instances
        .into_iter()
        .filter(|instance| LOOKED_AT.contains(&instance.start.as_str()))
        .collect();
    found.sort();
    found
}

#[test]
fn every_rule_yields_what_python_says() {
    let mut file = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//test//EN\r\n");
    for (index, (start, rule, extra, except)) in RULES.iter().enumerate() {
        let (form, end) = if start.contains('T') {
            (";TZID=Europe/Berlin", "DURATION:PT90M")
        } else {
            (";VALUE=DATE", "DURATION:P2D")
        };
        write!(
            file,
            "BEGIN:VEVENT\r\nUID:{index}\r\nDTSTAMP:20260101T000000Z\r\n"
        )
        .unwrap();
        write!(file, "DTSTART{form}:{start}\r\n{end}\r\nRRULE:{rule}\r\n").unwrap();
        for (name, times) in [("RDATE", extra), ("EXDATE", except)] {
            if !times.is_empty() {
                write!(file, "{name}{form}:{times}\r\n").unwrap();
            }
        }
        file.push_str("END:VEVENT\r\n");
    }
    file.push_str("END:VCALENDAR\r\n");
    let python = occurrences::of(file.as_bytes(), WIDE);
    let data = ZoneData::built_in();
    for (index, row) in RULES.iter().enumerate() {
        let ours = series(Tz::Europe__Berlin, *row);
        let ours = ours.occurrences(&window(WIDE), &data);
        let ours = looked_at(ours.map(|occurrence| instance(occurrence.when)));
        let theirs = looked_at(python.get(&index.to_string()).cloned().unwrap_or_default());
        assert_eq!(ours.len(), theirs.len(), "{row:?}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours.start, theirs.start, "{row:?}");
            // Where clocks change in between, Python keeps the hour of the end and not the length.
            let is_plain = !row.0.ends_with("T023000");
            assert!(
                !is_plain || ours.end == theirs.end,
                "{row:?} {ours:?} {theirs:?}"
            );
        }
    }
    assert!(RULES.len() >= 40);
}

/// Zones that one yearly change each way describes, or no change at all (interop Z7), with others that nothing describes.
const ZONES: [(Tz, bool); 14] = [
    (Tz::Europe__Berlin, true),
    (Tz::America__New_York, true),
    (Tz::Australia__Sydney, true),
    (Tz::Pacific__Auckland, true),
    (Tz::Europe__Dublin, true),
    (Tz::Europe__Chisinau, true),
    (Tz::Australia__Lord_Howe, true),
    (Tz::Pacific__Chatham, true),
    (Tz::Antarctica__Troll, true),
    (Tz::Asia__Kolkata, true),
    (Tz::Asia__Jerusalem, false),
    (Tz::America__Nuuk, false),
    (Tz::Asia__Gaza, false),
    (Tz::UTC, false),
];

fn stage() -> SourceId {
    "stage".parse().unwrap()
}

fn published() -> Snapshot {
    let events = ZONES.map(|(zone, _)| {
        let row = (
            "20270105T193000",
            "FREQ=WEEKLY;BYDAY=TU,FR",
            "",
            "20270406T193000",
        );
        let series = series(zone, row);
        let first = series
            .occurrences(&window(WIDE), &ZoneData::built_in())
            .next();
        Event {
            uid: EventUid::new(&stage(), zone.name()),
            when: first.unwrap().when,
            title: Line::new(zone.name()),
            details: Text::default(),
            places: Vec::new(),
            groups: Vec::new(),
            status: None,
            zone: Some(zone),
            series: Some(Arc::new(series)),
            created: None,
            updated: None,
        }
    });
    let batch = Batch {
        events: events.into(),
        ..Batch::default()
    };
    let policy = Policy {
        confirm_after: Duration::ZERO,
        empty_after: Duration::ZERO,
        vanished: Vanished::Go,
        accepted: None,
    };
    history::advance(None, batch, "2026-11-22T12:00:00Z".parse().unwrap(), policy)
}

/// The calendar of [`published`] from January to April 2028, and what became of each series.
fn written(recurring: Recurring) -> (Vec<u8>, BTreeMap<String, usize>) {
    let feed = Feed {
        title: Line::new("Classes"),
        sources: vec![stage()],
        groups: None,
        window: WindowSpec::All,
        zone: Tz::Europe__Berlin,
        pinned: None,
        detail: Detail::Full,
        cancelled: Cancelled::Keep,
        times: Times::Zoned,
        recurring,
        frames: Frames::Anybody,
    };
    let (snapshot, data, source) = (published(), ZoneData::built_in(), stage());
    let within = window(SPRING);
    let events = snapshot.entries().iter().map(|entry| &entry.event);
    let kept = ics::keepsakes(&feed, events, &within, &data);
    let expansion = Expansion {
        within,
        data: &data,
        kept: &kept,
    };
    let shown = select::select(&feed, Some(&within), &[(&source, &snapshot)], expansion);
    let zone = |shown: &Shown<'_>| shown.for_zone_book().0.zone.unwrap();
    let mut counts = BTreeMap::new();
    for shown in &shown {
        *counts.entry(shown.title().into_owned()).or_default() += 1;
    }
    let rendered = ics::write(&ics::Request {
        feed: &feed,
        purpose: Purpose::Feed,
        events: &shown,
        zones: &shown.iter().map(zone).collect::<Vec<_>>(),
        data: &data,
        today: day("2028-02-01"),
        before: &Ledger::default(),
        changed: snapshot.changed(),
    });
    (rendered.body, counts)
}

const SPRING: (&str, &str) = ("2028-01-15", "2028-05-01");

#[test]
fn a_series_means_the_same_to_python_whether_it_is_kept_or_expanded() {
    let (kept, series) = written(Recurring::Keep);
    let (expanded, _) = written(Recurring::Expand);
    for (zone, is_kept) in ZONES {
        assert_eq!(series[zone.name()] == 1, is_kept, "{zone}: {series:?}");
    }
    let text = String::from_utf8(kept.clone()).unwrap();
    assert_eq!(text.matches("\r\nRRULE:FREQ=WEEKLY").count(), 10, "{text}");
    readers::agreed(&kept, "kept");
    readers::agreed(&expanded, "expanded");
    let of = |body: &[u8]| {
        let found = occurrences::of(body, ("2028-01-01", "2028-06-01")).into_values();
        // Of what is kept Python shows more than the window.
        let mut found: Vec<_> = found
            .flatten()
            .filter(|at| ("2028-01-17".."2028-04-29").contains(&at.start.as_str()))
            .collect();
        found.sort();
        found
    };
    let (kept, expanded) = (of(&kept), of(&expanded));
    assert_eq!(kept, expanded);
    assert_eq!(kept.len(), ZONES.len() * 30);
}
