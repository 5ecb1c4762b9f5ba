//! Every concert of a neutral event list, from the sandbox through the real server to three calendar readers: each is
//! served exactly once, at the time on its poster, in every window and group feed it belongs to and in no other.
//!
//! Our own small list always runs. The large one runs where `CALBRIDGE_CONCERTS` names it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "support/child.rs"]
#[expect(dead_code, reason = "the other test files use the rest")]
mod child;
#[path = "support/octets.rs"]
mod octets;
#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/process.rs"]
mod process;
#[path = "support/readers.rs"]
mod readers;
#[path = "support/stage.rs"]
mod stage;
#[path = "support/vcalendar.rs"]
mod vcalendar;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use chrono::{DateTime, Datelike, Days, Months, Utc};
use serde_json::json;
use tempfile::TempDir;

use oracle::{Concert, Concerts};
use readers::Read;
use stage::{HOME, Stage, Window, around_today, window};
use vcalendar::{Purpose, fine};

#[test]
fn every_concert_of_our_own_is_fetched_on_demand_and_served_once_at_the_time_on_its_poster() {
    fetched_on_demand(&Concerts::own());
}

#[test]
fn every_concert_of_our_own_is_kept_warm_and_served_once_at_the_time_on_its_poster() {
    kept_warm(&Concerts::own());
}

#[test]
fn every_concert_of_the_named_list_is_fetched_on_demand_and_served_once_at_the_time_on_its_poster()
{
    if let Some(concerts) = named() {
        fetched_on_demand(&concerts);
    }
}

#[test]
fn every_concert_of_the_named_list_is_kept_warm_and_served_once_at_the_time_on_its_poster() {
    if let Some(concerts) = named() {
        kept_warm(&concerts);
    }
}

#[test]
fn a_feed_of_more_concerts_than_calendars_take_says_which_days_it_holds_and_how_many_it_lacks() {
    for (number, letters, why) in [
        (1_003, 10, "too many concerts"),
        (330, 3_600, "too many bytes"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let concerts = many(&folder, number, letters);
        let stage = Stage::of(&concerts, str::to_owned);
        whole_span(&stage, why);
        assert!(stage.bridge.log().contains("a feed was cut"), "{why}");
    }
}

/// With a horizon around today, past windows are fetched when somebody asks.
fn fetched_on_demand(concerts: &Concerts) {
    let stage = Stage::of(concerts, around_today);
    let year = concerts.busiest_year();
    for text in ["03", "W10", "03-01..%-03-09", "03-09"] {
        let text = format!("{year}-{}", text.replace('%', &year.to_string()));
        stage.holds_exactly_what_overlaps(&window(&text));
    }
    years(&stage);
    for group in &concerts.groups {
        let march = window(&format!("{year}-03"));
        stage.group_holds_exactly_its_own(&group.id, &group.name, &march, |concert| {
            concert.group == group.id
        });
    }
}

/// As the sandbox prints it, the whole list is kept warm.
fn kept_warm(concerts: &Concerts) {
    let stage = Stage::of(concerts, str::to_owned);
    years(&stage);
    for window in windows(concerts) {
        stage.holds_exactly_what_overlaps(&window);
    }
    let year = concerts.busiest_year();
    for text in [format!("{year}-03"), year.to_string()] {
        for group in &concerts.groups {
            stage.group_holds_exactly_its_own(&group.id, &group.name, &window(&text), |concert| {
                concert.group == group.id
            });
        }
    }
    for place in &concerts.places {
        let window = window(&year.to_string());
        stage.group_holds_exactly_its_own(&place.id, &place.name, &window, |concert| {
            concert.place == place.id
        });
    }
    assert_eq!(
        stage.bridge.ask("/groups/stage/kind-0/x.ics").0,
        404,
        "no such group"
    );
    downloads(&stage);
    whole_span(&stage, "all that is kept");
}

/// Over all years together every concert is served, in the years it overlaps and in no other, and reads back.
fn years(stage: &Stage<'_>) {
    let (first, last) = stage.concerts.days();
    let mut served = BTreeSet::new();
    let mut in_utc = BTreeMap::<&str, usize>::new();
    let mut timed = 0;
    for year in first.year()..=last.year() {
        let window = window(&year.to_string());
        let body = stage.holds_exactly_what_overlaps(&window);
        for read in readers::agreed(&body, &window.text) {
            let concert = stage.concerts.of(&read.uid);
            let fell_back = reads_back(stage.concerts, concert, &read);
            served.insert(read.uid);
            timed += usize::from(!concert.all_day);
            *in_utc.entry(&concert.zone).or_default() += usize::from(fell_back);
            if let Some(utc) = concert.utc {
                assert_eq!(fell_back, utc && !concert.all_day, "in UTC: {concert:?}");
            }
        }
    }
    assert_eq!(
        served.len(),
        stage.concerts.events.len(),
        "concerts served in all years"
    );
    let fallen: usize = in_utc.values().sum();
    in_utc.retain(|_, count| *count > 0);
    say(&format!(
        "{}: {} concerts, {timed} with a time in all years, {fallen} of them in UTC {in_utc:?}",
        stage.concerts.file.display(),
        served.len(),
    ));
}

/// What readers make of a concert is what its poster says. Returns whether it was written in UTC.
#[track_caller]
fn reads_back(concerts: &Concerts, concert: &Concert, read: &Read) -> bool {
    let row = &concert.id;
    let seconds = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    // Lists of real places hold double blanks; no calendar shows them.
    let one_blank = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let place = concerts.place(concert);
    let place = [&place.name, &place.city]
        .map(|line| one_blank(line))
        .join("\n");
    assert_eq!(read.summary, Some(one_blank(&concert.title)), "{row}");
    assert_eq!(text(&read.location), place, "{row}");
    assert_eq!(read.categories, [concerts.kind(concert)], "{row}");
    let items = concert.details.matches("<li>").count();
    assert_eq!(
        text(&read.description).matches("• ").count(),
        items,
        "{row}"
    );
    assert_eq!(
        read.description.is_some(),
        !concert.details.is_empty(),
        "{row}"
    );
    assert_eq!(read.status.as_deref(), Some("CONFIRMED"), "{row}");
    assert_eq!(read.sequence, 0, "{row}");
    assert_eq!(read.all_day, concert.all_day, "{row}");
    if concert.all_day {
        let end = concert.last_day().succ_opt().unwrap().to_string();
        assert_eq!(
            (&read.start_local, &read.end_local),
            (&concert.local, &Some(end)),
            "{row}"
        );
        assert_eq!((&read.tzid, &read.start_utc), (&None, &None), "{row}");
        return false;
    }
    let (start, end) = (concert.starts(), concert.ends());
    assert_eq!(read.start_utc, Some(seconds(start)), "{row}");
    assert_eq!(read.end_utc, (start < end).then(|| seconds(end)), "{row}");
    match &read.tzid {
        Some(zone) => {
            assert_eq!(*zone, concert.zone, "{row}");
            assert_eq!(read.start_local, format!("{}:00", concert.local), "{row}");
        }
        None => assert_eq!(format!("{}Z", read.start_local), seconds(start), "{row}"),
    }
    read.tzid.is_none()
}

/// All that is kept fits, or is one stretch of it that says where it ends and how many are left out (W1).
fn whole_span(stage: &Stage<'_>, why: &str) {
    let all = stage.concerts.ranked(|_| true);
    for path in ["/feeds/season.ics", "/feeds/all/season.ics"] {
        let row = format!("{path}, {why}");
        let body = stage.bridge.get(path);
        let calendar = fine(&body, Purpose::Feed, &row);
        let uids = calendar.uids();
        let about = calendar.text("DESCRIPTION");
        if uids.len() == all.len() {
            assert!(!about.contains("did not fit"), "{row}: {about}");
            assert_eq!(uids, all, "{row}");
            continue;
        }
        assert!(
            uids.len() >= 100,
            "{row}: it still holds what fits, not {}",
            uids.len()
        );
        let from = all.iter().position(|uid| *uid == uids[0]).unwrap();
        assert_eq!(uids, all[from..from + uids.len()], "{row}: one stretch");
        let day = |uid: &str| stage.concerts.of(uid).first_day_in(HOME);
        let [first, last] = [uids[0], uids[uids.len() - 1]].map(day);
        let said = format!(
            "from {first} to {last}; {} more did not fit",
            all.len() - uids.len()
        );
        assert!(about.contains(&said), "{row}: {said:?} is not in {about:?}");
    }
}

/// One event alone, to be saved: the first at home, the first elsewhere, the first of whole days.
fn downloads(stage: &Stage<'_>) {
    let sorts: [fn(&Concert) -> bool; 3] = [
        |concert| !concert.all_day && concert.zone == HOME.name(),
        |concert| !concert.all_day && concert.zone != HOME.name(),
        |concert| concert.all_day,
    ];
    for is_wanted in sorts {
        let mut concerts = stage.concerts.events.iter();
        let concert = concerts.find(|concert| is_wanted(concert)).unwrap();
        let path = format!("/events/season/{}.ics", concert.uid);
        let body = stage.bridge.get(&path);
        fine(&body, Purpose::Download, &path);
        let [read] = &readers::agreed(&body, &path)[..] else {
            panic!("{path} holds more than one event");
        };
        reads_back(stage.concerts, concert, read);
    }
}

/// The years, the months from the first to the last, then of the busiest year its weeks, the days of March and some
/// stretches.
fn windows(concerts: &Concerts) -> Vec<Window> {
    let (first, last) = concerts.days();
    let year = concerts.busiest_year();
    let months = std::iter::successors(first.with_day(1), |day| {
        day.checked_add_months(Months::new(1))
    });
    let months = months
        .take_while(|day| *day <= last)
        .map(|day| day.format("%Y-%m").to_string());
    let days = (1..=31).map(|day| format!("{year}-03-{day:02}"));
    let next = year + 1;
    let stretches = [
        format!("{year}-03-01..{year}-03-09"),
        format!("{year}-03-10..{year}-03-10"),
        format!("{year}-11-02..{year}-11-03"),
        format!("{year}-12-31..{next}-01-01"),
        format!("{year}-07-15..{next}-02-03"),
    ];
    let weeks = (1..=52).map(|week| format!("{year}-W{week:02}"));
    let texts = months.chain(days).chain(stretches).chain(weeks);
    texts.map(|text| window(&text)).collect()
}

/// So many concerts in the evenings of a winter, at an hour that is the next day in UTC, with texts of so many letters.
fn many(folder: &TempDir, number: u32, letters: usize) -> Concerts {
    let evening: DateTime<Utc> = "2013-01-01T01:00:00Z".parse().unwrap();
    let concert = |n: u32| {
        let start = evening + Days::new((n % 60).into());
        json!({
            "id": format!("many-{n}"), "title": format!("Evening no. {n}"), "place": "hall", "group": "kind-1",
            "details": "words ".repeat(letters / 6), "zone": HOME.name(), "all_day": false,
            "local": format!("{}T20:00", (start - Days::new(1)).date_naive()),
            "start": start.format("%FT%TZ").to_string(),
            "end": (start + chrono::TimeDelta::hours(2)).format("%FT%TZ").to_string(),
        })
    };
    let list = json!({
        "about": "Many evenings",
        "places": [{ "id": "hall", "name": "Hall", "city": "Springdale", "zone": HOME.name() }],
        "groups": [{ "id": "kind-1", "name": "Subscription" }],
        "events": (0..number).map(concert).collect::<Vec<_>>(),
    });
    let file = folder.path().join("many.json");
    std::fs::write(&file, list.to_string()).unwrap();
    Concerts::read(file)
}

/// The list the environment names; says loudly if it names none.
fn named() -> Option<Concerts> {
    let concerts = Concerts::named();
    if concerts.is_none() {
        say("SKIPPED: CALBRIDGE_CONCERTS names no event list; only our own small one was tried");
    }
    concerts
}

/// Past the test harness, which shows what a test prints only if it fails.
#[expect(
    clippy::explicit_write,
    reason = "what `eprintln!` prints is kept back"
)]
fn say(text: &str) {
    writeln!(io::stderr(), "{text}").unwrap();
}
