//! What SQLite says, by what can be done about it.

use std::{path::Path, sync::Arc};

use crate::store::{StoreError, Why};

/// Tells trouble with one store.
#[derive(Debug)]
pub(super) struct Trouble {
    store: String,
}

impl Trouble {
    pub(super) fn at(path: &Path) -> Self {
        Self {
            store: path.display().to_string(),
        }
    }

    /// What `error` means for the store.
    pub(super) fn of(&self, error: sqlx::Error) -> StoreError {
        let store = self.store.clone();
        let code = primary_code(&error);
        // A database's own words, without those around them that say the same.
        let why: Why = match error {
            sqlx::Error::Database(said) => Arc::from(said.into_error()),
            error => Arc::new(error),
        };
        match code {
            Some(CORRUPT | NOTADB | FORMAT) => StoreError::Damaged { store, why },
            Some(BUSY | LOCKED) => StoreError::Busy { store, why },
            Some(READONLY) => StoreError::ReadOnly { store, why },
            Some(FULL) => StoreError::Full { store, why },
            Some(CANTOPEN | PERM | AUTH) => StoreError::Closed { store, why },
            _ => StoreError::Failed { store, why },
        }
    }

    /// What a failure of the file system means for the store.
    pub(super) fn of_file(&self, error: std::io::Error) -> StoreError {
        let store = self.store.clone();
        let kind = error.kind();
        let why: Why = Arc::new(error);
        match kind {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                StoreError::Full { store, why }
            }
            _ => StoreError::Closed { store, why },
        }
    }
}

// Primary result codes, <https://www.sqlite.org/rescode.html>.
const PERM: u32 = 3;
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READONLY: u32 = 8;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANTOPEN: u32 = 14;
const AUTH: u32 = 23;
const FORMAT: u32 = 24;
const NOTADB: u32 = 26;

/// Whether the system does not let SQLite do what it has to do for reading.
pub(super) fn is_refused(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(READONLY | CANTOPEN | PERM | AUTH))
}

/// The lowest byte of an extended code is the primary one.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let extended: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}
