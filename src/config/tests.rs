//! A good file gives types that cannot be wrong; of a bad one the operator learns everything at once.

mod add_to_calendar_pro;
mod prospectconnect;
mod prosper;
mod token;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use secrecy::ExposeSecret;

use super::*;
use crate::{
    domain::{
        event::{Event, Status},
        feed::{Cancelled, Detail, GroupFeeds, Recurring, Times},
        testing::{days, event, place},
    },
    source::{
        Kind,
        prospero::{self, AllDayEnd},
    },
};

/// Stands for every secret; it may be printed nowhere.
const CANARY: &str = "correct-horse-battery";

fn environment(name: &str) -> Option<String> {
    match name {
        "PROSPERO_PASSWORD" | "PROSPERO_HOOK" | "CONNECT_TOKEN" => Some(CANARY.to_owned()),
        "EMPTY" => Some(String::new()),
        "GUESSABLE" => Some("0123456789abcde".to_owned()),
        "SLASHED" => Some("correct/horse/battery".to_owned()),
        "BROKEN" => Some(format!("{CANARY}\n{CANARY}")),
        _ => None,
    }
}

fn parse(text: &str) -> Result<Config, Problems> {
    Config::parse(text, "calbridge.toml", Path::new("/etc"), &environment)
}

/// What is wrong with `text`.
#[track_caller]
fn problems(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

/// The only source, without its feeds.
const SOURCE: &str = r#"
[server]
listen = "127.0.0.1:0"
[sources.stage]
kind = "prospero"
base_url = "https://prospero.example/api"
email = "bridge@example.org"
password = { env = "PROSPERO_PASSWORD" }
"#;

#[track_caller]
fn only_source(text: &str) -> Source {
    let sources = parse(text).unwrap().sources;
    let [source] = <[Source; 1]>::try_from(sources.into_values().collect::<Vec<_>>()).unwrap();
    source
}

fn settings(source: &Source) -> &prospero::Settings {
    let Kind::Prospero(settings) = &source.kind else {
        panic!("another kind: {:?}", source.kind)
    };
    settings
}

#[test]
fn the_sample_of_the_documentation_means_what_it_says() {
    let config = parse(
        r#"
[server]
listen       = "127.0.0.1:8080"
admin_listen = "127.0.0.1:9090"
public_url   = "https://calendars.example.org"

[store]
url = "sqlite://calbridge.db"

[zones]
data = "zoneinfo"

[sources.stage]
kind     = "prospero"
base_url = "https://prospero.example/api"
email    = "bridge@example.org"
password = { env = "PROSPERO_PASSWORD" }
zone     = "America/New_York"
horizon  = "past-60d..next-400d"
refresh  = "10m"
group_feeds = "public"
webhook  = { env = "PROSPERO_HOOK" }
status   = { "0" = "tentative", "1" = "confirmed", "2" = "Canceled", "3" = "hold" }
all_day_end = "exclusive"
[sources.stage.zones.places]
"Suntory Hall" = "Asia/Tokyo"
[sources.stage.names]
"6BA7B810-9dad-11d1-80b4-00c04fd430c8" = "Opera chorus"

[feeds.season]
title   = "Season 2026/27"
sources = ["stage"]
groups  = ["Opera", "Ballet"]
window  = "past-60d..next-400d"
zone    = "America/New_York"
access  = "public"
detail  = "title"
cancelled = "mark"
times   = "utc"
series  = "keep"
"#,
    )
    .unwrap();

    assert_eq!(config.server.listen, "127.0.0.1:8080".parse().unwrap());
    let url = config.server.public_url.map(|url| url.to_string());
    assert_eq!(url.as_deref(), Some("https://calendars.example.org/"));
    assert_eq!(
        config.zone_directory.as_deref(),
        Some(Path::new("/etc/zoneinfo")),
        "relative to the file"
    );
    let admin = config.server.admin_listen;
    assert_eq!(admin, Some("127.0.0.1:9090".parse().unwrap()));
    let stage = &config.sources[&"stage".parse().unwrap()];
    assert!(
        stage.webhook.unwrap().is(CANARY),
        "read from the environment"
    );
    assert_eq!(
        config.store,
        Store::File("/etc/calbridge.db".into()),
        "relative to the file"
    );

    let source = &config.sources[&"stage".parse().unwrap()];
    assert_eq!(source.refresh, std::time::Duration::from_mins(10));
    assert_eq!(source.horizon.to_string(), "past-60d..next-400d");
    assert_eq!(source.group_feeds, GroupFeeds::Public);
    assert_eq!(source.zone, Tz::America__New_York);
    assert!(!source.allow_private_addresses);
    let name = source.names.get("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    assert_eq!(name.unwrap().as_str(), "Opera chorus");
    let in_tokyo = Event {
        places: vec![place("p1", "suntory hall", "")],
        ..event("e", days("2026-12-01", "2026-12-01"))
    };
    let data = crate::zones::data::tests::built_in();
    let zone_of = |event| source.book.zone_of(event, &BTreeMap::new(), data);
    assert_eq!(zone_of(&in_tokyo), Tz::Asia__Tokyo);
    assert_eq!(
        zone_of(&event("e", days("2026-12-01", "2026-12-01"))),
        Tz::America__New_York
    );

    let settings = settings(source);
    assert_eq!(settings.base_url.as_str(), "https://prospero.example/api");
    assert_eq!(settings.password.expose_secret(), CANARY);
    assert_eq!(settings.all_day_end, AllDayEnd::Exclusive);
    assert_eq!(
        settings.status,
        BTreeMap::from([
            (0, Status::Tentative),
            (1, Status::Confirmed),
            (2, Status::Cancelled),
            (3, Status::Tentative)
        ])
    );

    let feed = &config.feeds[&"season".parse().unwrap()];
    assert_eq!(feed.title.as_str(), "Season 2026/27");
    assert_eq!(feed.groups.as_deref().unwrap(), ["Opera", "Ballet"]);
    assert_eq!(
        (feed.detail, feed.cancelled, feed.times),
        (Detail::Title, Cancelled::Mark, Times::Utc)
    );
    assert_eq!(feed.recurring, Recurring::Keep);
    assert_eq!((feed.zone, feed.pinned), (Tz::America__New_York, None));
}

#[test]
fn what_is_left_out_is_private_complete_and_of_the_sources_zone() {
    let config = parse(&format!(
        "{SOURCE}zone = \"Asia/Tokyo\"\n[feeds.all]\nsources = [\"stage\"]\n"
    ))
    .unwrap();
    let source = &config.sources[&"stage".parse().unwrap()];
    assert_eq!(source.group_feeds, GroupFeeds::Off);
    assert_eq!(source.refresh, std::time::Duration::from_mins(10));
    assert_eq!(settings(source).all_day_end, AllDayEnd::Inclusive);
    let feed = &config.feeds[&"all".parse().unwrap()];
    assert_eq!(feed.title.as_str(), "all");
    assert_eq!(feed.window.to_string(), "past-60d..next-400d");
    assert_eq!((feed.zone, &feed.groups), (Tz::Asia__Tokyo, &None));
    assert_eq!(
        (feed.detail, feed.cancelled, feed.times),
        (Detail::Full, Cancelled::Keep, Times::Zoned)
    );
    assert_eq!(feed.recurring, Recurring::Expand);
}

#[test]
fn an_old_name_of_a_zone_means_the_present_one() {
    for (old, present) in [
        ("US/Eastern", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("America/New_York", "America/New_York"),
    ] {
        let config = parse(&format!(
            "{SOURCE}zone = \"{old}\"\n[feeds.all]\nsources = [\"stage\"]\nzone = \"{old}\"\npin_zone = \"{old}\"\n"
        ))
        .unwrap();
        let source = &config.sources[&"stage".parse().unwrap()];
        let feed = &config.feeds[&"all".parse().unwrap()];
        assert_eq!(
            (
                source.zone.name(),
                feed.zone.name(),
                feed.pinned.map(Tz::name)
            ),
            (present, present, Some(present)),
            "{old}"
        );
    }
}

#[test]
fn a_public_address_is_nothing_but_scheme_and_host() {
    let with = |url: &str| {
        let key = format!("[server]\npublic_url = \"{url}\"\n");
        parse(&SOURCE.replace("[server]\n", &key))
    };
    for good in [
        "https://calendars.example.org",
        "https://calendars.example.org/",
        "http://127.0.0.1:8080",
    ] {
        assert!(with(good).is_ok(), "{good}: {:?}", with(good).err());
    }
    for bad in [
        "https://example.org/calendars",
        "https://example.org/calendars/",
        "https://me@example.org",
        "https://:secret@example.org",
        "https://me:secret@example.org",
        "https://example.org?key=1",
        "https://example.org/?",
        "https://example.org/#top",
        "ftp://example.org",
    ] {
        let problems = with(bad).map(|_| ()).expect_err(bad).to_string();
        assert!(
            problems.contains("server.public_url: is no web address"),
            "{bad}: {problems}"
        );
    }
}

#[test]
fn a_store_is_a_file_or_nowhere() {
    let read = |section: &str| parse(&format!("[server]\nlisten = \"127.0.0.1:0\"\n{section}"));
    let file = |path: &str| Store::File(path.into());
    for (section, want) in [
        ("", file("/etc/calbridge.db")),
        (
            "[store]\nurl = \"sqlite://calbridge.db\"",
            file("/etc/calbridge.db"),
        ),
        (
            "[store]\nurl = \"sqlite://data/a.db\"",
            file("/etc/data/a.db"),
        ),
        (
            "[store]\nurl = \"sqlite:///var/lib/calbridge/a.db\"",
            file("/var/lib/calbridge/a.db"),
        ),
        ("[store]\nurl = \"memory\"", Store::Memory),
    ] {
        assert_eq!(read(section).unwrap().store, want, "{section}");
    }
    for url in [
        "",
        "calbridge.db",
        "sqlite:calbridge.db",
        "sqlite://",
        "sqlite://folder/",
        "sqlite://a.db?mode=memory",
        "sqlite://:memory:",
        "postgres://bridge:correct-horse-battery@db.example/calbridge",
        "Memory",
    ] {
        let problems = read(&format!("[store]\nurl = \"{url}\""))
            .unwrap_err()
            .to_string();
        assert!(
            problems.contains("store.url: is no store"),
            "{url}: {problems}"
        );
        assert!(!problems.contains("battery"), "{problems}");
    }
}

#[test]
fn an_upstream_on_the_internet_is_neither_asked_too_often_nor_given_too_little_time() {
    for (key, value, private, fine) in [
        ("refresh", "29s", "false", false),
        ("refresh", "30s", "false", true),
        ("refresh", "1s", "true", true),
        ("timeout", "4s", "false", false),
        ("timeout", "5s", "false", true),
        ("timeout", "1s", "true", true),
    ] {
        let row = format!("{key} = {value}, private {private}");
        let lines = format!("{SOURCE}{key} = \"{value}\"\nallow_private_addresses = {private}\n");
        let told = parse(&lines).map(|_| ()).err();
        let told = told.map(|problems| problems.to_string());
        let least = if key == "refresh" { "30s" } else { "5s" };
        let want = (!fine).then(|| {
            format!("1 problem in calbridge.toml:\n  - sources.stage.{key}: `{value}` is too short for an upstream that others use too; write `{least}` or more")
        });
        assert_eq!(told, want, "{row}");
    }
}

/// One of everything that can be wrong, under the key it is wrong at.
const WRONG: &str = r#"
colour = "blue"

[server]
listen = "localhost"
public_url = "ftp://calendars.example.org"
listem = "127.0.0.1:8080"
uncompressed_agents = "Outlook"

[store]
uri = "sqlite://calbridge.db"

[zones]
data = 7

[sources.Stage]
kind = "prospero"

[sources.old]
kind = "prosperous"

[sources.later]
kind = "prospectconnect"

[sources.calendar]
kind = "ics"

[sources.ftp]
kind = "ics"
url = "ftp://a.example/correct-horse-battery.ics"

[sources.password]
kind = "ics"
url = "https://me:correct-horse-battery@a.example/x.ics"

[sources.kept]
kind = "ics"
url = { env = "UNSET" }

[sources.list]
kind = "ics"
url = ["https://a.example/correct-horse-battery.ics"]

[sources.nameless]

[sources.stage]
kind = "prospero"
base_url = "https://admin:correct-horse-battery@prospero.example/api"
email = 5
password = "correct-horse-battery"
zone = "Mars/Olympus"
horizon = "next-90y"
refresh = "10 minutes"
timeout = 30
group_feeds = "closed"
webhook = "correct-horse-battery"
all_day_end = "both"
status = { "0" = "maybe", "one" = "confirmed" }
horizom = "all"
allow_private_addresses = "yes"
names = "none"
[sources.stage.zones]
halls = {}
places = { "Suntory Hall" = "Tokyo", "Opera House" = 9 }

[sources.bare]
kind = "prospero"
base_url = "prospero.example/api"
password = { env = "UNSET" }
horizon = "all"
refresh = "0s"
timeout = "1s"

[sources.files]
kind = "prospero"
base_url = "https://prospero.example/api?key=correct-horse-battery"
email = "bridge@example.org"
password = { file = "no-such-file", env = "EMPTY" }

[feeds]
loose = "stage"

[feeds.season]
title = " "
sources = ["stage", "stage", "scene"]
groups = []
window = "sometimes"
zone = "Europe/Atlantis"
pin_zone = "CET-1"
access = "secret"
detail = "all"
cancelled = "hide"
times = "local"
series = "rule"
embed_origins = ["www.example.org"]
tittle = "Season"

[feeds.Opera_]
sources = ["stage"]

[feeds.empty]
sources = []

[feeds.none]
groups = "Opera"
"#;

#[test]
fn every_wrong_thing_is_reported_at_once_with_key_fact_and_remedy() {
    let problems = problems(WRONG);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/config"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("wrong", problems));
}

#[test]
fn no_secret_is_ever_repeated() {
    assert!(WRONG.matches(CANARY).count() > 3);
    assert!(!problems(WRONG).contains(CANARY));
    for (row, line) in [
        ("bare", format!("password = \"{CANARY}\"")),
        ("in a list", format!("password = [\"{CANARY}\"]")),
        (
            "in a wrong table",
            format!("password = {{ value = \"{CANARY}\" }}"),
        ),
        ("unended", format!("password = \"{CANARY}")),
        (
            "twice",
            format!("password = \"{CANARY}\"\npassword = \"{CANARY}\""),
        ),
        (
            "as a key",
            format!("password = {{ env = {{ {CANARY} = 1 }} }}"),
        ),
        (
            "in an address",
            format!("base_url = \"https://x:{CANARY}@prospero.example\""),
        ),
        (
            "in a broken address",
            format!("base_url = \"https//x:{CANARY}@prospero.example\""),
        ),
        (
            "in a list of addresses",
            format!("base_url = [\"https://x:{CANARY}@prospero.example\"]"),
        ),
        ("as a webhook", format!("webhook = \"{CANARY}\"")),
        (
            "as a key of the environment",
            "password = { env = \"EMPTY\" }".to_owned(),
        ),
    ] {
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[sources.stage]\nkind = \"prospero\"\n{line}\n"
        );
        assert!(
            !problems(&text).contains(CANARY),
            "{row}: {}",
            problems(&text)
        );
    }
    let good = parse(SOURCE).unwrap();
    assert!(!format!("{good:?}").contains(CANARY), "nor in debug output");
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_line() {
    let text = format!("{SOURCE}\n[feeds.season\ntitle = \"x\"\n");
    let line = text
        .lines()
        .position(|line| line == "[feeds.season")
        .unwrap()
        + 1;
    let problems = problems(&text);
    assert!(
        problems.starts_with(&format!("1 problem in calbridge.toml:\n  - line {line}: ")),
        "{problems}"
    );
}

#[test]
fn secrets_come_from_the_environment_or_from_a_file_beside_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "from a file \r\n").unwrap();
    std::fs::write(folder.path().join("blank"), "\n").unwrap();
    for (reference, want) in [
        ("{ env = \"PROSPERO_PASSWORD\" }", Ok(CANARY)),
        // A blank may be part of a password; the line end is not.
        ("{ file = \"secret\" }", Ok("from a file ")),
        (
            "{ env = \"UNSET\" }",
            Err(
                "sources.stage.password: environment variable `UNSET` is not set; export it before the start",
            ),
        ),
        (
            "{ env = \"EMPTY\" }",
            Err(
                "sources.stage.password: environment variable `EMPTY` is not set; export it before the start",
            ),
        ),
        (
            "{ file = \"blank\" }",
            Err("blank` is empty; put the secret in it"),
        ),
        ("{ file = \"missing\" }", Err("create it or name another")),
        (
            "{ env = \"A\", file = \"secret\" }",
            Err("must not stand in this file in clear"),
        ),
        ("\"clear\"", Err("must not stand in this file in clear")),
    ] {
        let text = SOURCE.replace("{ env = \"PROSPERO_PASSWORD\" }", reference);
        let path = folder.path().join("calbridge.toml");
        std::fs::write(&path, text).unwrap();
        match (Config::load(&path, environment), want) {
            (Ok(config), Ok(want)) => {
                let source = config.sources.values().next().unwrap();
                assert_eq!(
                    settings(source).password.expose_secret(),
                    want,
                    "{reference}"
                );
            }
            (Err(error), Err(want)) => {
                assert!(error.to_string().contains(want), "{reference}: {error}");
            }
            (got, _) => panic!("{reference}: {got:?}"),
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::load(Path::new("/no/such/calbridge.toml"), environment).unwrap_err();
    assert_eq!(
        error.to_string(),
        "configuration `/no/such/calbridge.toml` cannot be read; name an existing file with --config"
    );
}

#[test]
fn a_feed_may_use_a_source_that_has_problems_of_its_own() {
    let text = format!(
        "{}\n[feeds.season]\nsources = [\"stage\"]\n",
        SOURCE.replace("https://", "gopher://")
    );
    let problems = problems(&text);
    assert!(problems.starts_with("1 problem in"), "{problems}");
}

#[test]
fn every_zone_that_is_certain_to_be_needed_is_known_before_the_start() {
    let text = format!(
        "{SOURCE}zone = \"Asia/Tokyo\"\n[sources.stage.zones]\nplaces = {{ a = \"Europe/Rome\" }}\n\
         groups = {{ b = \"Europe/Oslo\" }}\n\
         [feeds.season]\nsources = [\"stage\"]\nzone = \"Europe/Paris\"\npin_zone = \"Europe/Vienna\"\n"
    );
    let zones = parse(&text).unwrap().zones();
    let want = [
        Tz::Asia__Tokyo,
        Tz::Europe__Rome,
        Tz::Europe__Oslo,
        Tz::Europe__Paris,
        Tz::Europe__Vienna,
    ];
    assert_eq!(zones, HashSet::from(want));
    assert_eq!(only_source(SOURCE).zone, Tz::UTC);
}

#[test]
fn a_webhook_needs_a_secret_that_is_long_and_fits_into_an_address() {
    for (name, want) in [
        (
            "GUESSABLE",
            "sources.stage.webhook: its secret is shorter than 16 characters, so that it could be guessed; make one with `openssl rand -hex 20`",
        ),
        (
            "SLASHED",
            "sources.stage.webhook: its secret cannot stand in an address: only letters, digits and `-._~` do, up to 200; make one with `openssl rand -hex 20`",
        ),
        (
            "UNSET",
            "sources.stage.webhook: environment variable `UNSET` is not set; export it before the start",
        ),
    ] {
        let text = SOURCE.replace(
            "kind = \"prospero\"",
            &format!("kind = \"prospero\"\nwebhook = {{ env = \"{name}\" }}"),
        );
        assert_ne!(text, SOURCE, "{name}");
        let told = problems(&text);
        assert!(told.contains(want), "{name}: {told}");
        assert!(
            !told.contains("0123456789") && !told.contains("horse"),
            "{name}: {told}"
        );
    }
}

#[test]
fn the_admin_listener_has_an_address_of_its_own() {
    for (admin, want) in [
        ("\"127.0.0.1:0\"", None),
        ("\"127.0.0.1:8081\"", None),
        ("\"[::1]:8080\"", None),
        (
            "\"127.0.0.1:8080\"",
            Some(
                "server.admin_listen: is where readers connect; write another port, such as `127.0.0.1:9090`",
            ),
        ),
        (
            "\"localhost\"",
            Some(
                "server.admin_listen: is no IP address with a port; write one such as `127.0.0.1:9090`",
            ),
        ),
    ] {
        let text = format!("[server]\nlisten = \"127.0.0.1:8080\"\nadmin_listen = {admin}\n");
        let told = parse(&text).err().map(|problems| problems.to_string());
        let told = told
            .as_deref()
            .and_then(|told| told.split_once("- "))
            .map(|(_, told)| told);
        assert_eq!(told, want, "{admin}");
    }
}
