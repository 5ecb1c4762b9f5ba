//! Finding out what a file is before anything touches it, and connections to it.

use std::{
    fs::{self, OpenOptions},
    io::ErrorKind,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::trouble::{self, Trouble};
use crate::store::StoreError;

/// Marks a file as ours in its header: `cbrg`.
const APPLICATION: i64 = 0x6362_7267;
/// What makes each layout out of the one before.
const MIGRATIONS: [&str; 4] = [
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
];
/// How long a lock of another program is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Which file is at a path, so that another one in its place is noticed; `None` if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inode(Option<(u64, u64)>);

impl Inode {
    pub(super) fn of(path: &Path) -> Self {
        Self(fs::metadata(path).ok().map(|file| (file.dev(), file.ino())))
    }
}

/// What a store that was looked at holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspected {
    /// How many units.
    pub units: u64,
    /// How many events in them.
    pub events: u64,
    /// The version of its tables.
    pub layout: u64,
}

/// Looks at the store at `path` without a change to it; `None` if there is none yet and one can be made.
///
/// # Errors
/// What is wrong with it.
pub async fn inspect(path: &Path) -> Result<Option<Inspected>, StoreError> {
    let at = Trouble::at(path);
    if !path.exists() {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        return match fs::metadata(folder) {
            Ok(_) => Ok(None),
            Err(error) => Err(at.of_file(error)),
        };
    }
    if examine(path).await?.is_none() {
        return Ok(None);
    }
    let looked = async {
        let mut connection = reading(path).await?;
        let verdict = sqlx::query("PRAGMA quick_check(1)");
        let verdict: String = verdict.fetch_one(&mut connection).await?.try_get(0)?;
        let counts = "SELECT (SELECT count(*) FROM units), (SELECT count(*) FROM events)";
        let counts = sqlx::query(counts).fetch_one(&mut connection).await?;
        let (units, events): (i64, i64) = (counts.try_get(0)?, counts.try_get(1)?);
        let layout = number(&mut connection, "PRAGMA user_version").await?;
        connection.close().await?;
        Ok((verdict, units, events, layout))
    };
    let (verdict, units, events, layout) = looked.await.map_err(|error| at.of(error))?;
    if verdict != "ok" {
        return Err(StoreError::Damaged {
            store: path.display().to_string(),
            why: std::sync::Arc::new(std::io::Error::other(verdict)),
        });
    }
    if let Err(error) = OpenOptions::new().append(true).open(path) {
        return Err(StoreError::ReadOnly {
            store: path.display().to_string(),
            why: std::sync::Arc::new(error),
        });
    }
    Ok(Some(Inspected {
        units: units.unsigned_abs(),
        events: events.unsigned_abs(),
        layout: layout.unwrap_or_default().unsigned_abs(),
    }))
}

/// Makes an empty file if there is none: what is in a store is for its owner alone.
pub(super) fn create(path: &Path) -> Result<(), StoreError> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Trouble::at(path).of_file(error))
        }
        _ => Ok(()),
    }
}

/// The generation of the store at `path`, looked at without a change to it; `None` if the file is empty.
pub(super) async fn examine(path: &Path) -> Result<Option<i64>, StoreError> {
    let looked = async {
        let mut connection = reading(path).await?;
        let application = number(&mut connection, "PRAGMA application_id").await?;
        let layout = number(&mut connection, "PRAGMA user_version").await?;
        let tables = number(&mut connection, "SELECT count(*) FROM sqlite_schema").await?;
        let generation = match application {
            Some(APPLICATION) => generation(&mut connection).await?,
            _ => None,
        };
        connection.close().await?;
        Ok((application, layout, tables, generation))
    };
    let looked = looked.await.map_err(|error| Trouble::at(path).of(error))?;
    let store = path.display().to_string();
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match looked {
        (Some(APPLICATION), Some(found), ..) if found > known => Err(StoreError::Newer {
            store,
            found,
            known,
        }),
        (Some(APPLICATION), .., generation) => Ok(generation),
        (Some(0), Some(0), Some(0), _) => Ok(None),
        _ => Err(StoreError::Foreign { store }),
    }
}

/// A connection that reads.
pub(super) async fn reader(path: &Path) -> Result<SqliteConnection, StoreError> {
    reading(path)
        .await
        .map_err(|error| Trouble::at(path).of(error))
}

async fn reading(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let mut connection = options(path).read_only(true).connect().await?;
    let looked = number(&mut connection, "PRAGMA user_version").await;
    let refused = looked.err().filter(trouble::is_refused);
    match refused {
        // In a folder that may not be written SQLite cannot make what it shares with others through; but nobody there can
        // write either, so the file can be read as it stands.
        Some(_) if is_alone(path) => {
            options(path)
                .read_only(true)
                .immutable(true)
                .connect()
                .await
        }
        Some(error) => Err(error),
        None => Ok(connection),
    }
}

/// Whether all there is of a store is in the one file.
fn is_alone(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).map_or(true, |log| log.len() == 0)
}

/// A connection that writes, to a store of the layout known here.
pub(super) async fn writer(path: &Path) -> Result<SqliteConnection, StoreError> {
    let connect = async {
        let options = options(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let mut connection = options.connect().await?;
        migrate(&mut connection).await?;
        Ok(connection)
    };
    connect.await.map_err(|error| Trouble::at(path).of(error))
}

/// Brings the layout up to the newest, each step whole or not at all.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    loop {
        let layout = number(connection, "PRAGMA user_version").await?;
        let done = layout.and_then(|layout| usize::try_from(layout).ok());
        let Some(step) = done.and_then(|done| MIGRATIONS.get(done)) else {
            return Ok(());
        };
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        // Somebody else may have taken the step before the lock was ours.
        if number(&mut transaction, "PRAGMA user_version").await? == layout {
            sqlx::raw_sql(*step).execute(&mut *transaction).await?;
            let next = layout.unwrap_or_default() + 1;
            for pragma in [
                format!("PRAGMA user_version = {next}"),
                format!("PRAGMA application_id = {APPLICATION}"),
            ] {
                sqlx::raw_sql(sqlx::AssertSqlSafe(pragma))
                    .execute(&mut *transaction)
                    .await?;
            }
            if next == 1 {
                let first = sqlx::query("INSERT INTO store (generation) VALUES (0)");
                first.execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
    }
}

/// The number that says who may write.
pub(super) async fn generation(
    connection: &mut SqliteConnection,
) -> Result<Option<i64>, sqlx::Error> {
    number(connection, "SELECT generation FROM store").await
}

/// Puts the number there that says who may write.
pub(super) async fn set_generation(
    connection: &mut SqliteConnection,
    generation: i64,
) -> Result<(), sqlx::Error> {
    let set = sqlx::query("UPDATE store SET generation = ?").bind(generation);
    set.execute(connection).await.map(drop)
}

async fn number(
    connection: &mut SqliteConnection,
    query: &'static str,
) -> Result<Option<i64>, sqlx::Error> {
    let row = sqlx::query(query).fetch_optional(connection).await?;
    row.map(|row| row.try_get(0)).transpose()
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .disable_statement_logging()
}
