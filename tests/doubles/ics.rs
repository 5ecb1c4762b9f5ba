//! iCalendar addresses.

use calbridge::sandbox::{
    ics::{
        Definitions, Ending, Fault, Folds, Home, Ics, Lasting, RetryAfter, Route, Running,
        Settings, Validators, Zones,
    },
    neutral,
    season::{CANARY, Season, Span},
};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::Value;

use super::{Answer, ask, clock, only, timed, touring};

async fn start(season: Season, change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::new(clock().0);
    change(&mut settings);
    Ics::start(season, settings).await.unwrap()
}

async fn get(running: &Running, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(Method::GET, &format!("{}{path}", running.url()), headers).await
}

/// The lines of a calendar, unfolded as bytes are, and the blocks between `BEGIN:VEVENT` and its end.
fn events(answer: &Answer) -> (Vec<String>, Vec<Vec<String>>) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let bytes: Vec<u8> = answer
        .body
        .iter()
        .copied()
        .filter(|byte| *byte != b'\r')
        .collect();
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        match (line.strip_prefix(b" "), lines.last_mut()) {
            (Some(rest), Some(last)) => last.extend(rest),
            _ => lines.push(line.to_vec()),
        }
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|line| String::from_utf8(line).unwrap())
        .collect();
    let blocks = lines.split(|line| line == "BEGIN:VEVENT").skip(1);
    let blocks = blocks.map(|block| {
        let end = block.iter().position(|line| line == "END:VEVENT").unwrap();
        block[..end].to_vec()
    });
    (lines.clone(), blocks.collect())
}

fn value<'a>(block: &'a [String], name: &str) -> Option<&'a str> {
    block.iter().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.starts_with([':', ';']).then_some(rest)
    })
}

#[tokio::test]
async fn the_season_is_there_but_for_its_drafts_and_notes() {
    let running = start(touring(), |_| {}).await;
    let answer = get(&running, "/season.ics", &[]).await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    let (lines, blocks) = events(&answer);
    let season = touring();
    let open = season.events.iter().filter(|event| !event.draft).count();
    let moved: usize = season.courses.iter().map(|course| course.moved.len()).sum();
    assert_eq!(blocks.len(), open + season.courses.len() + moved);
    assert!(lines.contains(&"X-WR-TIMEZONE:America/New_York".to_owned()));
    assert!(!answer.text.contains("Fee agreed") && !answer.text.contains("Casting"));
    let private = lines.iter().filter(|line| line.contains(CANARY));
    assert!(
        private
            .into_iter()
            .all(|line| line.starts_with("ATTENDEE;"))
    );
    assert_eq!(running.violations(), []);
}

#[tokio::test]
async fn times_are_written_in_every_manner() {
    for (zones, single, second) in [
        (
            Zones::Iana,
            ";TZID=Europe/Berlin:20261025T021500",
            ":20261025T011500Z",
        ),
        (
            Zones::Windows,
            ";TZID=\"W. Europe Standard Time\":20261025T021500",
            ":20261025T011500Z",
        ),
        (
            Zones::Path,
            ";TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261025T021500",
            ":20261025T011500Z",
        ),
        (Zones::Floating, ":20261024T201500", ":20261024T211500"),
        (Zones::Utc, ":20261025T001500Z", ":20261025T011500Z"),
    ] {
        let running = start(touring(), |settings| settings.zones = zones).await;
        let (lines, blocks) = events(&get(&running, "/season.ics", &[]).await);
        let start = |title: &str| {
            let mut found = blocks.iter().filter(|block| {
                value(block, "SUMMARY") == Some(title)
                    && value(block, "DTSTART").is_some_and(|start| start.contains("202610"))
            });
            value(found.next().unwrap(), "DTSTART").unwrap().to_owned()
        };
        assert_eq!(start(":The long night\\, first 02:15"), single, "{zones:?}");
        assert_eq!(
            start(":The long night\\, second 02:15"),
            second,
            "{zones:?}"
        );
        for line in &lines {
            if let Some(name) = line.split_once("TZID=").map(|(_, rest)| rest) {
                let name = name
                    .trim_start_matches('"')
                    .split(['"', ':'])
                    .next()
                    .unwrap();
                assert!(
                    lines.contains(&format!("TZID:{name}")),
                    "{zones:?}: {name} is not defined"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_class_has_a_rule_days_left_out_and_a_meeting_moved() {
    let running = start(touring(), |_| {}).await;
    let (_, blocks) = events(&get(&running, "/external.ics", &[]).await);
    let course = &touring().courses[0];
    let of = format!(":{}@quillfeather.example", course.id);
    let own: Vec<_> = blocks
        .iter()
        .filter(|block| value(block, "UID") == Some(&of))
        .collect();
    assert_eq!((blocks.len(), own.len()), (3, 2));
    for (name, want) in [
        ("DTSTART", ";TZID=Europe/Berlin:20260901T183000"),
        ("RRULE", ":FREQ=WEEKLY;INTERVAL=1;COUNT=36;BYDAY=TU"),
        ("EXDATE", ";TZID=Europe/Berlin:20261215T183000"),
    ] {
        assert_eq!(value(own[0], name), Some(want), "{name}");
    }
    assert_eq!(
        value(own[1], "RECURRENCE-ID"),
        Some(";TZID=Europe/Berlin:20261103T183000")
    );
    assert_eq!(
        value(own[1], "DTSTART"),
        Some(";TZID=Europe/Berlin:20261104T170000")
    );
    assert_eq!(value(own[1], "RRULE"), None);
}

#[tokio::test]
async fn a_group_has_an_address_of_its_own() {
    let running = start(touring(), |_| {}).await;
    for group in &touring().groups {
        let path = format!("/groups/{}.ics", group.id);
        let (lines, blocks) = events(&get(&running, &path, &[]).await);
        let name = format!("X-WR-CALNAME:{}", group.name.replace(',', "\\,"));
        assert!(lines.contains(&name), "{name}");
        assert!(!blocks.is_empty(), "{name}");
        let has = |block: &Vec<String>| {
            value(block, "CATEGORIES")
                .unwrap()
                .contains(&group.name.replace(',', "\\,"))
        };
        assert!(blocks.iter().all(has), "{name}");
    }
    assert_eq!(get(&running, "/groups/nobody.ics", &[]).await.status, 404);
    assert_eq!(running.violations(), []);
}

#[tokio::test]
async fn lines_end_and_fold_as_the_settings_say() {
    for (ending, folds) in [
        (Ending::CrLf, Folds::At75Octets),
        (Ending::Lf, Folds::At75Octets),
        (Ending::CrLf, Folds::Never),
        (Ending::Lf, Folds::Never),
    ] {
        let running = start(touring(), |settings| {
            settings.ending = ending;
            settings.folds = folds;
            settings.home = Home::Untold;
            settings.definitions = Definitions::LeftOut;
        })
        .await;
        let answer = get(&running, "/season.ics", &[]).await;
        let has_cr = answer.text.contains('\r');
        assert_eq!(has_cr, ending == Ending::CrLf, "{ending:?}");
        let long = answer
            .body
            .split(|byte| *byte == b'\n')
            .any(|line| line.len() > 76);
        assert_eq!(long, folds == Folds::Never, "{folds:?}");
        assert!(!answer.text.contains("VTIMEZONE") && !answer.text.contains("X-WR-TIMEZONE"));
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let evening = || timed("a", "2026-12-10T19:00:00Z", "2026-12-10T20:00:00Z");
    for (validators, tagged, dated) in [
        (Validators::Both, true, true),
        (Validators::Etag, true, false),
        (Validators::LastModified, false, true),
        (Validators::Neither, false, false),
    ] {
        let running = start(only(vec![evening()]), |settings| {
            settings.validators = validators;
            settings.cache_control = Some("max-age=300".to_owned());
        })
        .await;
        let first = get(&running, "/season.ics", &[]).await;
        assert_eq!(first.header("cache-control"), Some("max-age=300"));
        let tag = first.header("etag").unwrap_or("\"none\"").to_owned();
        let date = first.header("last-modified").unwrap_or("never").to_owned();
        let conditions = [
            ("if-none-match", tag.as_str()),
            ("if-modified-since", date.as_str()),
        ];
        for (condition, kept) in conditions.iter().zip([tagged, dated]) {
            let again = get(&running, "/season.ics", &[*condition]).await;
            let want = if kept { 304 } else { 200 };
            assert_eq!(again.status, want, "{validators:?} {condition:?}");
            assert_eq!(again.body.is_empty(), kept, "{validators:?} {condition:?}");
        }
        running.edit(|season| season.event_mut("a").unwrap().title = Some("Other".to_owned()));
        for condition in conditions {
            let changed = get(&running, "/season.ics", &[condition]).await;
            assert_eq!(changed.status, 200, "{validators:?} {condition:?}");
        }
    }
}

#[tokio::test]
async fn redirects_lead_home_inward_and_nowhere() {
    let running = start(touring(), |_| {}).await;
    for (path, status, location) in [
        ("/moved.ics", 301, "/season.ics"),
        ("/inward.ics", 302, "http://10.11.12.13/season.ics"),
        ("/loop.ics", 302, "/loop.ics"),
    ] {
        let answer = get(&running, path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (status, Some(location))
        );
    }
    assert_eq!(get(&running, "/elsewhere.ics", &[]).await.status, 404);
    let post = ask(Method::PUT, &format!("{}/season.ics", running.url()), &[]).await;
    assert_eq!(post.status, 405);
    assert_eq!(running.violations().len(), 2);
}

#[tokio::test]
async fn a_calendar_says_how_often_it_wants_to_be_fetched_and_when_it_is_away() {
    let running = start(only(vec![]), |settings| {
        settings.refresh = Some(TimeDelta::hours(2));
    })
    .await;
    let text = get(&running, "/season.ics", &[]).await.text;
    assert!(text.contains("REFRESH-INTERVAL;VALUE=DURATION:PT120M\r\nX-PUBLISHED-TTL:PT120M\r\n"));
    let away = Fault::Unavailable(Some(RetryAfter::Seconds(30)));
    running.fault(Route::Season, away, Lasting::Next(1));
    let answer = get(&running, "/season.ics", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (503, Some("30"))
    );
}

#[tokio::test]
async fn faults_spoil_the_text() {
    let season = only(
        ["a", "b", "c"]
            .map(|id| timed(id, "2026-12-10T19:00:00Z", "2026-12-10T20:00:00Z"))
            .into(),
    );
    let running = start(season, |_| {}).await;
    for (fault, text, times) in [
        (Fault::WrongType, "DTSTART:soon", 1),
        (Fault::UnknownValue, "STATUS:UNHEARD-OF", 1),
        (Fault::Duplicates, "BEGIN:VEVENT", 6),
        (Fault::Empty, "BEGIN:VEVENT", 0),
        (Fault::Truncated, "END:VCALENDAR", 0),
        (Fault::Html, "<!DOCTYPE html>", 1),
    ] {
        running.fault(Route::Season, fault.clone(), Lasting::Next(1));
        let answer = get(&running, "/season.ics", &[]).await;
        assert_eq!(answer.text.matches(text).count(), times, "{fault:?}");
        assert_eq!(answer.status, 200, "{fault:?}");
    }
}

#[tokio::test]
async fn the_neutral_list_is_told_in_the_local_time_of_each_event() {
    let text = std::fs::read_to_string("tests/fixtures/neutral/driftwood.json").unwrap();
    let oracle: Value = serde_json::from_str(&text).unwrap();
    let season = neutral::parse(&text).unwrap();
    let running = start(season.clone(), |_| {}).await;
    let (_, blocks) = events(&get(&running, "/season.ics", &[]).await);
    assert_eq!(blocks.len(), season.events.len());
    for (block, event) in blocks.iter().zip(&season.events) {
        let mut known = oracle["events"].as_array().unwrap().iter();
        let known = known
            .find(|known| known["id"] == event.id.as_str())
            .unwrap();
        let start = value(block, "DTSTART").unwrap();
        let plain = |text: &str| text.replace(['-', ':'], "");
        if let (Span::Timed { .. }, false) = (event.span, start.ends_with('Z')) {
            let want = format!(
                ";TZID={}:{}00",
                known["zone"].as_str().unwrap(),
                plain(known["local"].as_str().unwrap())
            );
            assert_eq!(start, want, "{}", event.id);
        } else {
            let stem = plain(known["start"].as_str().unwrap());
            assert!(start.ends_with(&stem), "{}: {start}", event.id);
        }
    }
}
