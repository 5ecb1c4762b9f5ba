//! What holds of every calendar, whatever the events.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::TZ_VARIANTS;
use proptest::prelude::*;

use super::{
    reader::{Component, Read, list, read},
    *,
};
use crate::domain::{
    event::{GroupKind, Place, Status},
    feed::{Cancelled, Detail},
    history::{self, Stamps},
    id::GroupId,
    testing::{TRUSTING, at, batch, event, groups, timed, uid},
    text::Text,
    when::DateSpan,
};
use crate::format::ics::Checked;

/// The zones a `TZID` may name.
fn zones() -> Vec<Tz> {
    let named = TZ_VARIANTS.into_iter().filter(|tz| is_publishable(*tz));
    named.filter(|tz| built_in().zone(*tz).is_some()).collect()
}

fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "bcd",
        " ",
        ",",
        ";",
        "\\",
        ":",
        "\"",
        "\n",
        "^",
        "ä",
        "日本",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "e\u{301}",
        "نص",
        "कि",
        "\u{202b}",
        "\u{202c}",
        "\u{feff}",
        "\u{7}",
        "\u{2028}",
        "BEGIN:VEVENT",
        "\r\nDTSTART:1",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60)
        .prop_map(|pieces| pieces.concat())
}

/// A span of up to five days: most in the years around now, some anywhere, some near a change of offset of the zone.
fn spans(tz: Tz) -> impl Strategy<Value = When> {
    let soon = at("2025-06-01T00:00:00Z").timestamp()..at("2029-06-01T00:00:00Z").timestamp();
    let any = at("1970-01-02T00:00:00Z").timestamp()..at("2099-12-01T00:00:00Z").timestamp();
    let start = prop_oneof![3 => soon.clone(), 1 => any];
    let near = (soon, -12_i64..12);
    let moved = move |(second, quarters): (i64, i64)| {
        let from = DateTime::from_timestamp_secs(second).unwrap();
        let zone = built_in().zone(tz).unwrap();
        let change = zone.transitions(from, from + TimeDelta::days(500)).next();
        change.map_or(second, |change| change.at.timestamp() + quarters * 900)
    };
    let length = prop_oneof![1 => Just(0), 6 => 1_i64..20_000, 1 => 1_i64..400_000];
    let timed =
        (prop_oneof![2 => start, 1 => near.prop_map(moved)], length).prop_map(|(start, length)| {
            let instant = |second| DateTime::from_timestamp_secs(second).unwrap();
            When::Timed(TimeSpan::new(instant(start), instant(start + length)).unwrap())
        });
    let days = (0_u64..40_000, 1_u64..20).prop_map(|(first, length)| {
        let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Days::new(first);
        When::Days(DateSpan::until(first, first + chrono::Days::new(length)).unwrap())
    });
    prop_oneof![8 => timed, 1 => days]
}

fn statuses() -> impl Strategy<Value = Option<Status>> {
    prop::option::of(prop::sample::select(vec![
        Status::Tentative,
        Status::Confirmed,
        Status::Cancelled,
    ]))
}

/// An event and its zone; its groups are some of `g0` to `g4`.
fn events() -> impl Strategy<Value = (Event, Tz)> {
    let zone = prop_oneof![
        2 => prop::sample::select(vec![Tz::Europe__Berlin, Tz::America__New_York, Tz::UTC]),
        3 => prop::sample::select(zones()),
    ];
    let timed = zone.prop_flat_map(|tz| {
        (
            Just(tz),
            spans(if tz == Tz::UTC {
                Tz::Europe__London
            } else {
                tz
            }),
        )
    });
    (
        any::<u32>(),
        timed,
        texts(),
        texts(),
        statuses(),
        prop::collection::btree_set(0_u8..5, 0..5),
    )
        .prop_map(|(id, (tz, when), title, details, status, in_groups)| {
            let mut event = event(&id.to_string(), when);
            let title = Line::new(&title);
            event.places = vec![Place {
                id: GroupId::new("place"),
                name: title.clone(),
                address: Line::new(&details),
            }];
            if !title.is_empty() {
                event.title = title;
            }
            event.details = Text::new(&details);
            event.status = status;
            event.groups = in_groups
                .into_iter()
                .map(|n| GroupId::new(&format!("g{n}")))
                .collect();
            (event, tz)
        })
}

fn drafts() -> impl Strategy<Value = Draft> {
    let feed = (
        prop::sample::select(vec![Detail::Full, Detail::Title, Detail::Busy]),
        prop::sample::select(vec![Cancelled::Keep, Cancelled::Mark, Cancelled::Omit]),
        prop_oneof![3 => Just(Times::Zoned), 1 => Just(Times::Utc)],
        texts(),
    );
    (
        feed,
        prop::collection::vec(events(), 0..12),
        prop::collection::vec(texts(), 5),
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |((detail, cancelled, times, title), events, names, download)| {
                let mut draft = Draft::of(events);
                let title = Line::new(&title);
                draft.feed = Feed {
                    detail,
                    cancelled,
                    times,
                    title: if title.is_empty() {
                        draft.feed.title
                    } else {
                        title
                    },
                    ..draft.feed
                };
                if download {
                    draft.purpose = Purpose::Download;
                }
                let ids: Vec<String> = (0..5).map(|n| format!("g{n}")).collect();
                let list: Vec<_> = ids
                    .iter()
                    .zip(&names)
                    .map(|(id, name)| (id.as_str(), GroupKind::Tag, name.as_str()))
                    .collect();
                draft.groups = groups(&list);
                draft
            },
        )
}

/// The rules of interop section 2 that raw bytes can break; the reader sees to nesting and escapes.
fn check_lines(body: &[u8]) -> Result<(), TestCaseError> {
    let text = std::str::from_utf8(body).unwrap();
    prop_assert!(text.starts_with("BEGIN:VCALENDAR\r\n"), "S2");
    prop_assert!(text.ends_with("\r\nEND:VCALENDAR\r\n"), "S1, S14");
    prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "S1");
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        prop_assert!(line.len() <= 75, "S3: {}", line.len());
        prop_assert!(std::str::from_utf8(line).is_ok(), "S4");
    }
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        let named = |c: char| c.is_ascii_uppercase() || c == '-';
        prop_assert!(
            line.trim_start_matches(named).starts_with([':', ';']),
            "S12: {line}"
        );
        let (_, value) = line.split_once(':').unwrap();
        prop_assert!(!value.is_empty(), "S15: {line}");
        prop_assert!(
            !line.starts_with("BEGIN: ") && !line.starts_with("END: "),
            "S12: {line}"
        );
        let hidden = |c: char| c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
        prop_assert!(!line.contains(hidden), "S10: {line:?}");
        let opened = line
            .matches(['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}'])
            .count();
        prop_assert_eq!(opened, line.matches('\u{202c}').count(), "S11");
    }
    Ok(())
}

/// Order, cardinalities and allowed names (interop S13, C1 to C12, E2, P6, P12, P14, V1, W6, W9, Z1, Z3, Z4).
fn check_structure(calendar: &Component, purpose: Purpose) -> Result<(), TestCaseError> {
    prop_assert_eq!(&calendar.name, "VCALENDAR");
    let names: Vec<&str> = calendar
        .lines
        .iter()
        .map(|line| line.name.as_str())
        .collect();
    let always = ["VERSION", "PRODID", "CALSCALE", "METHOD"];
    let in_feeds = [
        "NAME",
        "X-WR-CALNAME",
        "DESCRIPTION",
        "X-WR-CALDESC",
        "X-WR-TIMEZONE",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
    ];
    let want = match purpose {
        Purpose::Feed | Purpose::Notice => [&always[..], &in_feeds].concat(),
        Purpose::Download => always.to_vec(),
    };
    prop_assert_eq!(names, want);

    let kinds: Vec<&str> = calendar
        .inner
        .iter()
        .map(|inner| inner.name.as_str())
        .collect();
    prop_assert!(!kinds.is_empty(), "W6");
    prop_assert!(
        kinds.is_sorted_by_key(|kind| *kind != "VTIMEZONE"),
        "zones first: {kinds:?}"
    );
    prop_assert!(
        kinds
            .iter()
            .all(|kind| ["VTIMEZONE", "VEVENT"].contains(kind)),
        "W9: {kinds:?}"
    );
    let described: Vec<&str> = calendar
        .all("VTIMEZONE")
        .map(|zone| zone.value("TZID").unwrap())
        .collect();
    prop_assert!(
        described.windows(2).all(|pair| pair[0] < pair[1]),
        "by TZID, each once: {described:?}"
    );
    let mut used = BTreeSet::new();
    let mut uids = BTreeSet::new();
    let mut order = Vec::new();
    for event in calendar.all("VEVENT") {
        let names: Vec<&str> = event.lines.iter().map(|line| line.name.as_str()).collect();
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        prop_assert_eq!(unique.len(), names.len(), "P14: {:?}", names);
        let required = [
            "UID",
            "DTSTART",
            "SUMMARY",
            "TRANSP",
            "X-MICROSOFT-CDO-BUSYSTATUS",
            "CREATED",
            "DTSTAMP",
            "LAST-MODIFIED",
            "SEQUENCE",
        ];
        let optional = ["DTEND", "STATUS", "LOCATION", "DESCRIPTION", "CATEGORIES"];
        prop_assert!(
            required.iter().all(|name| unique.contains(name)),
            "{names:?}"
        );
        let allowed = |name: &&str| required.contains(name) || optional.contains(name);
        prop_assert!(names.iter().all(allowed), "{names:?}");
        used.extend(
            event
                .lines
                .iter()
                .flat_map(|line| &line.params)
                .filter(|(key, _)| key == "TZID")
                .map(|(_, id)| id.as_str()),
        );
        let uid = event.value("UID").unwrap();
        prop_assert!(uids.insert(uid), "E2");
        let start = match event.when(calendar) {
            Read::Days(first, _) => first.and_time(NaiveTime::MIN).and_utc(),
            Read::Timed(start, _) => start,
        };
        order.push((start, uid));
    }
    prop_assert!(order.is_sorted(), "by start, then UID: {order:?}");
    if !uids.is_empty() {
        prop_assert_eq!(described, used.into_iter().collect::<Vec<_>>(), "Z1");
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_calendar_is_well_formed(draft in drafts()) {
        let body = draft.write().body;
        check_lines(&body)?;
        check_structure(&read(&body), draft.purpose)?;
    }

    #[test]
    fn every_calendar_passes_the_check_and_knows_where_its_events_stand(draft in drafts()) {
        let Rendered { body, events, .. } = draft.write();
        for (uid, place) in &events {
            let event = std::str::from_utf8(&body[place.clone()]).unwrap();
            prop_assert!(event.starts_with(&format!("BEGIN:VEVENT\r\nUID:{uid}\r\n")), "{event}");
            prop_assert!(event.ends_with("\r\nEND:VEVENT\r\n"), "{event}");
            prop_assert!(!event.contains("\r\nBEGIN:"), "{event}");
        }
        let (checked, broken) = Checked::without_broken(body.clone(), &events).unwrap();
        prop_assert_eq!(broken, []);
        prop_assert_eq!(checked.as_bytes(), body);
    }

    #[test]
    fn what_is_read_back_is_what_was_known(draft in drafts()) {
        let calendar = read(&draft.write().body);
        if draft.purpose == Purpose::Feed {
            for name in ["NAME", "X-WR-CALNAME"] {
                prop_assert_eq!(calendar.text(name).unwrap(), draft.feed.title.as_str());
            }
        }
        let unique: BTreeMap<_, _> = draft.events.iter().rev().map(|(event, _)| (event.uid.to_string(), event)).collect();
        let shown = unique.values().filter(|event| {
            draft.feed.cancelled != Cancelled::Omit || event.status != Some(Status::Cancelled)
        });
        prop_assert_eq!(calendar.all("VEVENT").count(), shown.count());
        for read in calendar.all("VEVENT") {
            let event = unique[read.value("UID").unwrap()];
            let want = match event.when {
                When::Days(days) => Read::Days(days.first(), days.end()),
                When::Timed(span) => Read::Timed(span.start(), span.end()),
            };
            prop_assert_eq!(read.when(&calendar), want);
            let is_cancelled = event.status == Some(Status::Cancelled);
            prop_assert_eq!(
                (read.value("TRANSP").unwrap() == "TRANSPARENT", read.value("X-MICROSOFT-CDO-BUSYSTATUS").unwrap()),
                match (event.status, draft.feed.detail) {
                    (Some(Status::Tentative), _) => (false, "TENTATIVE"),
                    (_, Detail::Busy) if !is_cancelled => (false, "BUSY"),
                    _ => (true, "FREE"),
                }
            );
            let title = if draft.feed.detail == Detail::Busy { "Busy" } else { event.title.as_str() };
            let mark = if is_cancelled && draft.feed.cancelled == Cancelled::Mark { "Cancelled: " } else { "" };
            // The mark counts against the length of a line, too (interop P1).
            let marked = Line::new(&format!("{mark}{title}"));
            prop_assert_eq!(read.text("SUMMARY").unwrap(), marked.as_str());
            let full = draft.feed.detail == Detail::Full;
            let place = [event.places[0].name.as_str(), event.places[0].address.as_str()];
            let place: Vec<&str> = place.into_iter().filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(read.text("DESCRIPTION").unwrap_or_default(), if full { event.details.as_str() } else { "" });
            prop_assert_eq!(read.text("LOCATION").unwrap_or_default(), if full { place.join("\n") } else { String::new() });
            let names = event.groups.iter().map(|id| draft.groups[id].name.to_string()).filter(|name| !name.is_empty() && full);
            prop_assert_eq!(read.value("CATEGORIES").map(list).unwrap_or_default(), names.collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_order_in_which_events_come_changes_no_byte(draft in drafts(), turn in any::<prop::sample::Index>()) {
        let mut other = draft.clone();
        if !other.events.is_empty() {
            other.events.rotate_left(turn.index(draft.events.len()));
            other.events[1..].reverse();
        }
        prop_assert_eq!(draft.write().body, other.write().body);
    }
}

/// One publication: which version of each event, what the group is called, whether an event in another year makes the
/// zone too irregular to be described, and the seconds since the last one.
type Publication = (BTreeMap<u8, u8>, u8, bool, i64);

fn publications() -> impl Strategy<Value = Vec<Publication>> {
    let versions = prop::collection::btree_map(0_u8..4, 0_u8..3, 0..4);
    prop::collection::vec(
        (versions, 0_u8..2, any::<bool>(), -3_600_i64..100_000),
        2..16,
    )
}

fn publication((versions, name, disturbed, _): &Publication) -> Draft {
    let when = timed("2027-06-05T18:00:00Z", "2027-06-05T20:00:00Z");
    let version = |(id, version): (&u8, &u8)| {
        let mut event = event(&id.to_string(), when);
        match version {
            0 => {}
            1 => event.title = Line::new("edited"),
            // Not shown by a feed of titles, nor by one of everything.
            _ => event.groups.push(GroupId::new("unheard of")),
        }
        event.groups.push(GroupId::new("group"));
        event.groups.sort();
        (event, Tz::Africa__Casablanca)
    };
    let mut draft = Draft::of(versions.iter().map(version));
    if *disturbed {
        let ramadan = event(
            "ramadan",
            timed("2026-03-05T18:00:00Z", "2026-03-05T20:00:00Z"),
        );
        draft.events.push((ramadan, Tz::Africa__Casablanca));
    }
    draft.groups = groups(&[(
        "group",
        GroupKind::Tag,
        ["Opera", "Ballet"][usize::from(*name)],
    )]);
    draft
}

/// Of each event: its lines without stamps, and its stamps.
fn facts(calendar: &Component) -> BTreeMap<String, (String, Stamps)> {
    let fact = |event: &Component| {
        let stamp = |name| {
            super::reader::date_time(event.value(name).unwrap().strip_suffix('Z').unwrap())
                .and_utc()
        };
        assert_eq!(
            event.value("DTSTAMP"),
            event.value("LAST-MODIFIED"),
            "E3, E4"
        );
        let stamps = Stamps {
            created: stamp("CREATED"),
            modified: stamp("LAST-MODIFIED"),
            sequence: event.value("SEQUENCE").unwrap().parse().unwrap(),
        };
        let is_stamp =
            |name: &str| ["CREATED", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE"].contains(&name);
        let rest: Vec<_> = event
            .lines
            .iter()
            .filter(|line| !is_stamp(&line.name))
            .collect();
        (
            event.value("UID").unwrap().to_owned(),
            (format!("{rest:?}"), stamps),
        )
    };
    calendar.all("VEVENT").map(fact).collect()
}

proptest! {
    #[test]
    fn stamps_rise_exactly_when_the_bytes_of_an_event_change(
        publications in publications(), detail in prop::sample::select(vec![Detail::Full, Detail::Title])
    ) {
        let mut now = at("2026-11-22T12:00:00Z");
        let mut before: Option<(history::Snapshot, Rendered)> = None;
        for publication_ in &publications {
            now += TimeDelta::seconds(publication_.3);
            let mut draft = publication(publication_);
            draft.feed.detail = detail;
            let came = Batch {
                groups: draft.groups.clone(),
                ..batch(draft.events.iter().map(|(event, _)| event.clone()))
            };
            let snapshot = history::advance(before.as_ref().map(|(snapshot, _)| snapshot), came, now, TRUSTING);
            let nothing = Ledger::default();
            let written = draft.write_after(&snapshot, before.as_ref().map_or(&nothing, |(_, written)| &written.ledger));
            if let Some((_, old)) = &before {
                let (was, is) = (facts(&read(&old.body)), facts(&read(&written.body)));
                for (uid, (lines, stamps)) in &is {
                    let Some((old_lines, old_stamps)) = was.get(uid) else { continue };
                    prop_assert_eq!(stamps.created, old_stamps.created, "E5");
                    if lines == old_lines {
                        prop_assert_eq!(stamps, old_stamps, "E4: {}", uid);
                    } else {
                        prop_assert!(stamps.modified > old_stamps.modified, "E4: {uid} {stamps:?} {old_stamps:?}");
                        prop_assert!(stamps.sequence > old_stamps.sequence, "E6: {uid} {stamps:?} {old_stamps:?}");
                    }
                }
            }
            before = Some((snapshot, written));
        }
    }
}

#[test]
fn the_disturbing_event_does_change_how_the_others_are_written() {
    // Else the property above would not see bytes change without content.
    let versions = BTreeMap::from([(0, 0)]);
    let id = uid("0").to_string();
    let lines = |disturbed| {
        facts(&read(
            &publication(&(versions.clone(), 0, disturbed, 0))
                .write()
                .body,
        ))[&id]
            .0
            .clone()
    };
    assert_ne!(lines(false), lines(true));
}

#[test]
fn an_event_before_the_first_change_of_1970_has_an_offset_all_the_same() {
    let span = |month: &str| {
        timed(
            &format!("1970-{month}-10T12:00:00Z"),
            &format!("1970-{month}-10T13:00:00Z"),
        )
    };
    for months in [&["01"][..], &["01", "12"], &["12"]] {
        let draft = Draft::of(
            months
                .iter()
                .map(|month| (event(month, span(month)), Tz::America__New_York)),
        );
        let calendar = read(&draft.write().body);
        for (event, month) in calendar.all("VEVENT").zip(months) {
            let When::Timed(span) = span(month) else {
                unreachable!()
            };
            assert_eq!(
                event.when(&calendar),
                Read::Timed(span.start(), span.end()),
                "{month} of {months:?}"
            );
        }
    }
}
