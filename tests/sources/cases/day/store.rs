//! The store of a source, and how large it has become.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use calbridge::{
    clock::Clock,
    feed::{Archive, Keeper},
    store::sqlite::Sqlite,
};
use sqlx::{AssertSqlSafe, Connection, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

/// What tells of polls and of what they changed, and forgets it by rules of its own. A store may not gather anything elsewhere.
const LOGS: [&str; 2] = ["fetches", "changes"];
/// As much as a line of the logs takes.
const LINE_BYTES: u64 = 200;
/// By how much a file grows at once: a page of a table, and one of its index.
const GROWTH_BYTES: u64 = 8_192;
/// How often it is looked at for a line that is to come, and the time between: ten seconds.
const LOOKS_MAX: usize = 5_000;
const BETWEEN: Duration = Duration::from_millis(2);

/// A store file with whoever writes it, as a server has it.
pub(super) struct Store {
    pub(super) keeper: Arc<Keeper>,
    path: PathBuf,
    stop: CancellationToken,
    writer: JoinHandle<()>,
    _folder: TempDir,
}

/// How much there is in a store.
#[derive(Debug)]
pub(super) struct Size {
    /// The rows of each table.
    rows: BTreeMap<String, u64>,
    bytes: u64,
}

impl Store {
    pub(super) async fn open(clock: Clock) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("calbridge.db");
        let store = Arc::new(Sqlite::open(&path).await.unwrap());
        let Archive { keeper, .. } = Keeper::open(store, clock).await.unwrap();
        let stop = CancellationToken::new();
        let (writes, until) = (Arc::clone(&keeper), stop.clone());
        Self {
            keeper,
            path,
            stop,
            writer: tokio::spawn(async move { writes.run(&until).await }),
            _folder: folder,
        }
    }

    /// How large it is once the last of so many polls is in its log.
    ///
    /// # Panics
    /// If a poll writes no line.
    pub(super) async fn size(&self, polls: u64) -> Size {
        for _ in 0..LOOKS_MAX {
            let size = self.look().await;
            if size.rows["fetches"] >= polls {
                return size;
            }
            sleep(BETWEEN).await;
        }
        panic!("of {polls} polls not all have a line in the log");
    }

    async fn look(&self) -> Size {
        let file = SqliteConnectOptions::new()
            .filename(&self.path)
            .read_only(true);
        let mut connection = SqliteConnection::connect_with(&file).await.unwrap();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
        let tables = sqlx::query_scalar::<_, String>(tables);
        let tables = tables.fetch_all(&mut connection).await.unwrap();
        let mut number = async |query: String| -> u64 {
            let row = sqlx::query(AssertSqlSafe(query));
            let number: i64 = row.fetch_one(&mut connection).await.unwrap().get(0);
            number.try_into().unwrap()
        };
        let pages =
            "SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count";
        let pages = number(pages.to_owned()).await;
        let bytes = pages * number("SELECT page_size FROM pragma_page_size".to_owned()).await;
        let mut rows = BTreeMap::new();
        for table in tables {
            let count = number(format!("SELECT count(*) FROM {table}")).await;
            rows.insert(table, count);
        }
        Size { rows, bytes }
    }

    /// Ends whoever writes it.
    pub(super) async fn close(self) {
        self.stop.cancel();
        self.writer.await.unwrap();
    }
}

impl Size {
    /// Fails if there is more than there was `before`, but for the lines of the logs.
    #[track_caller]
    pub(super) fn assert_no_larger_than(&self, before: &Self, row: &str) {
        let kept = self
            .rows
            .iter()
            .filter(|(table, _)| !LOGS.contains(&table.as_str()));
        for (table, has) in kept {
            let had = &before.rows[table];
            assert!(has <= had, "{row}: {table} has grown from {had} to {has}");
        }
        let logged: u64 = LOGS
            .iter()
            .map(|log| self.rows[*log] - before.rows[*log])
            .sum();
        let most = before.bytes + logged * LINE_BYTES + GROWTH_BYTES;
        assert!(
            self.bytes <= most,
            "{row}: {} bytes and {logged} lines of logs have become {}",
            before.bytes,
            self.bytes
        );
    }

    /// How many changes it tells of.
    pub(super) fn changes(&self) -> u64 {
        self.rows["changes"]
    }
}
