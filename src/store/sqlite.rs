//! A store in one file, by SQLite, which is part of the binary.
//!
//! Each connection has a thread of its own, so nothing here holds up a reader. Why WAL and `synchronous=FULL`: ADR 10.

mod accept;
mod log;
mod open;
mod read;
mod reads;
mod trouble;
mod write;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use chrono::NaiveDate;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Mutex;

use super::{DocumentKey, KeptDocument, Loaded, Reads, Store, StoreError, UnitKey, Work};
use crate::domain::history::Acceptance;

use open::Inode;
use trouble::Trouble;

pub use accept::accept;
pub use log::{Line, Log, log};
pub use open::{Inspected, inspect};
pub use read::recall;

/// A store in one file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    reader: Mutex<Option<SqliteConnection>>,
    writer: Mutex<Writer>,
}

/// Who writes.
#[derive(Debug)]
struct Writer {
    /// Opened when there is something to write, and again after any failure.
    connection: Option<SqliteConnection>,
    /// Which file it is that was opened.
    inode: Inode,
    /// The number in the store that says that this server may write.
    generation: i64,
    claim: Claim,
}

/// Whether the number is in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// The next write puts it there.
    Wanted,
    /// It is there.
    Made,
}

impl Sqlite {
    /// Opens the store at `path`, made if there is none; a store that can be read but not written is opened too.
    ///
    /// A file that is damaged, newer or another program's is left as it is.
    ///
    /// # Errors
    /// [`StoreError`] when nothing could be read from it.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        open::create(path)?;
        let at = Trouble::at(path);
        let found = open::examine(path).await?;
        let writer = open::writer(path).await;
        let (generation, connection) = match (found, writer) {
            (Some(generation), Ok(connection)) => (generation, Some(connection)),
            // What is there can be served; the next write will say what is wrong.
            (Some(generation), Err(_)) => (generation, None),
            (None, Ok(mut connection)) => {
                let migrated = open::migrate(&mut connection).await;
                migrated.map_err(|error| at.of(error))?;
                (0, Some(connection))
            }
            (None, Err(error)) => return Err(error),
        };
        let store = Self {
            path: path.to_owned(),
            reader: Mutex::default(),
            writer: Mutex::new(Writer {
                connection,
                inode: Inode::of(path),
                generation,
                claim: Claim::Wanted,
            }),
        };
        // Before anything is read: from then on nobody else changes it.
        if let Err(error) = store.claim().await {
            tracing::debug!(%error, "the store cannot be claimed yet");
        }
        Ok(store)
    }

    /// Asks on the connection that only reads, opened again after any failure.
    async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        let mut reader = self.reader.lock().await;
        let connection = match &mut *reader {
            Some(connection) => connection,
            none => none.insert(open::reader(&self.path).await?),
        };
        let found = question(connection).await;
        if found.is_err() {
            *reader = None;
        }
        found.map_err(|error| Trouble::at(&self.path).of(error))
    }

    async fn claim(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let claimed = self.run(&mut writer, None).await;
        if claimed.is_err() {
            writer.connection = None;
        }
        claimed
    }

    /// Does `work`, if there is any, on a connection that may write.
    async fn run(
        &self,
        writer: &mut Writer,
        work: Option<write::Prepared>,
    ) -> Result<(), StoreError> {
        let at = Trouble::at(&self.path);
        if Inode::of(&self.path) != writer.inode {
            return self.begin_anew(writer).await;
        }
        let connection = match &mut writer.connection {
            Some(connection) => connection,
            none => none.insert(open::writer(&self.path).await?),
        };
        let begun = connection.begin_with("BEGIN IMMEDIATE").await;
        let mut transaction = begun.map_err(|error| at.of(error))?;
        let done = async {
            let found = open::generation(&mut transaction).await?;
            if found != Some(writer.generation) {
                return Ok(false);
            }
            if writer.claim == Claim::Wanted {
                open::set_generation(&mut transaction, writer.generation + 1).await?;
            }
            if let Some(work) = work {
                write::write(&mut transaction, work).await?;
            }
            transaction.commit().await?;
            Ok(true)
        };
        match done.await {
            Ok(true) => {
                if writer.claim == Claim::Wanted {
                    writer.generation += 1;
                    writer.claim = Claim::Made;
                }
                Ok(())
            }
            Ok(false) => Err(StoreError::Taken {
                store: self.path.display().to_string(),
            }),
            Err(error) => Err(at.of(error)),
        }
    }

    /// Takes up the file that is at the path now, whatever it holds, and says that it is another one.
    async fn begin_anew(&self, writer: &mut Writer) -> Result<(), StoreError> {
        writer.connection = None;
        *self.reader.lock().await = None;
        open::create(&self.path)?;
        let found = open::examine(&self.path).await?;
        let mut connection = open::writer(&self.path).await?;
        if found.is_none() {
            let migrated = open::migrate(&mut connection).await;
            migrated.map_err(|error| Trouble::at(&self.path).of(error))?;
        }
        *writer = Writer {
            connection: Some(connection),
            inode: Inode::of(&self.path),
            generation: found.unwrap_or_default(),
            claim: Claim::Wanted,
        };
        Err(StoreError::Replaced {
            store: self.path.display().to_string(),
        })
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn load(&self) -> Result<Loaded, StoreError> {
        let mut reader = open::reader(&self.path).await?;
        let loaded = read::load(&mut reader).await;
        let loaded = loaded.map_err(|error| Trouble::at(&self.path).of(error))?;
        *self.reader.lock().await = Some(reader);
        Ok(loaded)
    }

    async fn write(&self, work: Arc<Work>) -> Result<(), StoreError> {
        let prepared = write::prepare(work).await;
        let mut writer = self.writer.lock().await;
        let done = self.run(&mut writer, Some(prepared)).await;
        // Whatever went wrong, a new connection is the way to find out that it is over.
        if done.is_err() && !matches!(done, Err(StoreError::Replaced { .. })) {
            writer.connection = None;
        }
        done
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<KeptDocument>, StoreError> {
        self.ask(async |store| read::document(store, key).await)
            .await
    }

    async fn accepted(&self) -> Result<Vec<(UnitKey, Acceptance)>, StoreError> {
        self.ask(accept::accepted).await
    }

    async fn reads(&self, first: NaiveDate) -> Result<Reads, StoreError> {
        self.ask(async |store| reads::since(store, first).await)
            .await
    }

    async fn close(&self) {
        let (mut reader, mut writer) = (self.reader.lock().await, self.writer.lock().await);
        // The writer last: the last connection to close puts everything into the one file.
        for connection in [reader.take(), writer.connection.take()] {
            if let Some(connection) = connection
                && let Err(error) = connection.close().await
            {
                tracing::debug!(%error, "the store was not closed in order; its next reader puts that right");
            }
        }
    }
}

#[cfg(test)]
mod tests;
