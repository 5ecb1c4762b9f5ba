//! `[store]`.

use std::path::{Path, PathBuf};

use super::section::Section;

/// Where the store is, unless the configuration says otherwise.
const DEFAULT: &str = "sqlite://calbridge.db";

/// Where what is published outlives the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// A SQLite database in this file.
    File(PathBuf),
    /// Nowhere: the copy lives and ends with the process.
    Memory,
}

/// Takes `url`; a file is relative to the folder `base`.
pub(super) fn store(mut section: Section<'_>, base: &Path) -> Store {
    let url = section.take::<String>("url");
    let store = of(url.as_deref().unwrap_or(DEFAULT), base);
    if store.is_none() {
        // What stands there is not repeated: addresses of databases hold passwords.
        section.problem(
            "url",
            "is no store this version knows; write `sqlite://` and a file, such as `sqlite://calbridge.db`, or `memory`",
        );
    }
    section.finish();
    store.unwrap_or(Store::Memory)
}

fn of(url: &str, base: &Path) -> Option<Store> {
    if url == "memory" {
        return Some(Store::Memory);
    }
    let file = url.strip_prefix("sqlite://")?;
    // `?mode=ro` and the like would be part of the name.
    let plain = !file.is_empty() && !file.ends_with('/') && !file.contains(['?', '#', '%', ':']);
    plain.then(|| Store::File(base.join(file)))
}
