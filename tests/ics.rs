//! Calendar files as they are found in the wild, through the real connector, compared with what Python's `icalendar` and
//! `recurring-ical-events` read in them.
//!
//! Where Python is wrong or gives up, `NAME.expected` beside `NAME.ics` says when the events are, and why.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "support/readers.rs"]
#[expect(dead_code, reason = "only where the readers are is of use here")]
mod readers;

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use calbridge::{
    api::{Addresses, Api, Auth, Clients, Limits},
    clock::Clock,
    domain::{
        event::Event,
        when::{DateSpan, When},
        window::Window,
    },
    source::{
        Ask, Source,
        ics::{Ics, Settings},
    },
    zones::{Databases, ZoneData, Zones},
};
use chrono::{Days, NaiveDate, NaiveTime};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

/// The days that are looked at. What begins within two of an edge is not: whose midnight it is differs.
const FIRST: &str = "2026-01-01";
const END: &str = "2028-01-01";
/// Where times are that name no zone, if the file does not say.
const ZONE: &str = "America/New_York";

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_wild_mean_what_python_reads_in_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ics");
    let names = names(&folder);
    assert!(names.len() >= 60, "{}", names.len());
    let python = python(&folder);
    let server = MockServer::start().await;
    let (clock, _) = Clock::movable("2026-11-22T12:00:00Z".parse().unwrap());
    let zones = Arc::new(Zones::open(Databases::new(None), clock.now()).unwrap());
    let mut wrong = Vec::new();
    for name in &names {
        let body = std::fs::read(folder.join(format!("{name}.ics"))).unwrap();
        let answer = ResponseTemplate::new(200).set_body_raw(body, "text/calendar");
        let route = format!("/{name}.ics");
        let mock = Mock::given(path(route.as_str())).respond_with(answer);
        mock.expect(1).mount(&server).await;
        let url = format!("{}{route}", server.uri());
        let ours = ours(&url, &zones, &clock).await;
        let theirs = &python[name];
        match expected(&folder, name) {
            Some(expected) if *theirs == expected => {
                wrong.push(format!(
                    "{name}: Python reads this, too; take {name}.expected away"
                ));
            }
            Some(expected) => wrong.extend(differences(name, "expected", &expected, &ours)),
            None => wrong.extend(differences(name, "Python", theirs, &ours)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fixtures, without their extension.
fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let calendars = paths.filter(|path| path.extension().is_some_and(|end| end == "ics"));
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut names: Vec<String> = calendars.map(stem).collect();
    names.sort();
    names
}

/// What Python reads in each of them; one line that says why if it gives up.
fn python(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut command = Command::new(readers::directory().join("python-feeds"));
    let output = command
        .arg(folder)
        .args([FIRST, END, ZONE])
        .output()
        .expect("`./scripts/install-readers` installs it");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let read: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let lines = |value: serde_json::Value| match value {
        serde_json::Value::Array(lines) => {
            let lines = lines.iter().map(|line| line.as_str().unwrap().to_owned());
            within(lines.collect())
        }
        other => vec![other.to_string()],
    };
    read.into_iter()
        .map(|(name, value)| (name, lines(value)))
        .collect()
}

/// What stands beside a fixture on which Python cannot be trusted, without the reasons.
fn expected(folder: &Path, name: &str) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(folder.join(format!("{name}.expected"))).ok()?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Some(lines.map(str::to_owned).collect())
}

/// When the events are that the connector brings.
async fn ours(url: &str, zones: &Arc<Zones>, clock: &Clock) -> Vec<String> {
    let id: calbridge::domain::id::SourceId = "wild".parse().unwrap();
    let plenty = NonZeroU32::new(100_000).unwrap();
    let limits = Limits {
        per_second: plenty,
        burst: plenty,
        ..Limits::default()
    };
    let client = Clients::new().unwrap().reaching(Addresses::Any);
    let api = Api::new(id.clone(), client, Auth::None, limits, clock.clone());
    let settings = Settings::at(url).unwrap();
    let source = Ics::new(id, &settings, ZONE.parse().unwrap(), Arc::clone(zones));
    let unit = source.unit(&Ask::Horizon(days()));
    let batch = source.fetch(&api, &unit).await.unwrap();
    let data = zones.current();
    let spans = batch.events.iter().flat_map(|event| spans(event, &data));
    let mut lines: Vec<String> = spans.map(|(when, title)| line(when, title)).collect();
    lines.sort();
    within(lines)
}

fn spans<'a>(event: &'a Event, data: &ZoneData) -> Vec<(When, &'a str)> {
    let window = Window::new(days(), |day| day.and_time(NaiveTime::MIN).and_utc());
    let title = event.title.as_str();
    match &event.series {
        None => vec![(event.when, title)],
        Some(series) => {
            let found = series.occurrences(&window, data);
            found.map(|one| (one.when, title)).collect()
        }
    }
}

fn line(when: When, title: &str) -> String {
    match when {
        When::Days(days) => format!("{} {} {title}", days.first(), days.end()),
        When::Timed(span) => {
            let utc = "%Y-%m-%dT%H:%M:%SZ";
            format!(
                "{} {} {title}",
                span.start().format(utc),
                span.end().format(utc)
            )
        }
    }
}

fn days() -> DateSpan {
    DateSpan::until(FIRST.parse().unwrap(), END.parse().unwrap()).unwrap()
}

/// Those that begin well within the days that are looked at.
fn within(lines: Vec<String>) -> Vec<String> {
    let edge = |day: NaiveDate| day.to_string();
    let from = edge(days().first() + Days::new(2));
    let to = edge(days().end() - Days::new(2));
    let fits = |line: &String| *line >= from && *line < to;
    lines.into_iter().filter(fits).collect()
}

/// What only one of the two has.
fn differences(name: &str, who: &str, wanted: &[String], got: &[String]) -> Vec<String> {
    let only = |these: &[String], those: &[String], who: &str| {
        let missing = these.iter().filter(|line| !those.contains(line));
        let lines = missing.map(|line| format!("{name}: only {who}: {line}"));
        lines.collect::<Vec<_>>()
    };
    let mut found = only(wanted, got, who);
    found.extend(only(got, wanted, "calbridge"));
    if found.is_empty() && wanted.len() != got.len() {
        found.push(format!(
            "{name}: {} of {who}, {} of calbridge",
            wanted.len(),
            got.len()
        ));
    }
    found
}
