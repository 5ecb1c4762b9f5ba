//! Files that are not what they should be, and stores that cannot be written for a while.

use std::fs;

use super::*;

fn name(error: &StoreError) -> &'static str {
    match error {
        StoreError::Damaged { .. } => "damaged",
        StoreError::Newer { .. } => "newer",
        StoreError::Foreign { .. } => "foreign",
        StoreError::Closed { .. } => "closed",
        StoreError::ReadOnly { .. } => "read-only",
        StoreError::Full { .. } => "full",
        StoreError::Busy { .. } => "busy",
        StoreError::Taken { .. } => "taken",
        StoreError::Replaced { .. } => "replaced",
        StoreError::Failed { .. } => "failed",
    }
}

/// A store of one unit, closed in order.
async fn filled(folder: &TempDir) -> Arc<Snapshot> {
    let store = open(folder).await;
    let first = snapshot(program(&[("1", "a"), ("2", "b")]));
    store.write(advance(None, &first)).await.unwrap();
    store.close().await;
    first
}

async fn run(folder: &TempDir, script: &'static str) {
    let mut stranger = stranger(folder).await;
    sqlx::raw_sql(script).execute(&mut stranger).await.unwrap();
    stranger.close().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_store_of_this_version_is_refused_and_left_as_it_is() {
    type Spoil = fn(&mut Vec<u8>);
    let spoils: [(&str, Spoil, &str); 4] = [
        (
            "garbage",
            |bytes| *bytes = b"no database at all, but long enough".repeat(9),
            "damaged",
        ),
        ("a broken header", |bytes| bytes[..16].fill(b'x'), "damaged"),
        // The header's user version, https://www.sqlite.org/fileformat.html §1.3.
        (
            "a newer layout",
            |bytes| bytes[60..64].copy_from_slice(&9_u32.to_be_bytes()),
            "newer",
        ),
        (
            "another program's",
            |bytes| bytes[68..72].fill(1),
            "foreign",
        ),
    ];
    for (row, spoil, want) in spoils {
        let folder = folder();
        filled(&folder).await;
        let mut bytes = fs::read(path(&folder)).unwrap();
        spoil(&mut bytes);
        fs::write(path(&folder), &bytes).unwrap();
        for error in [
            Sqlite::open(&path(&folder)).await.map(drop).unwrap_err(),
            inspect(&path(&folder)).await.map(drop).unwrap_err(),
        ] {
            assert_eq!(name(&error), want, "{row}: {error:?}");
        }
        assert!(
            fs::read(path(&folder)).unwrap() == bytes,
            "{row}: the file changed"
        );
    }
}

#[tokio::test]
async fn a_page_that_is_damaged_fails_the_load_and_the_inspection() {
    let folder = folder();
    let store = open(&folder).await;
    let ids: Vec<String> = (0..500).map(|id| id.to_string()).collect();
    let list: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), id.as_str())).collect();
    store
        .write(advance(None, &snapshot(program(&list))))
        .await
        .unwrap();
    store.close().await;
    let mut bytes = fs::read(path(&folder)).unwrap();
    let pages = bytes.len() / 4096;
    for page in bytes.chunks_mut(4096).skip(pages / 3).take(pages / 3) {
        page[..64].fill(0xa5);
    }
    fs::write(path(&folder), &bytes).unwrap();
    let store = open(&folder).await;
    assert_eq!(name(&store.load().await.unwrap_err()), "damaged");
    assert_eq!(name(&inspect(&path(&folder)).await.unwrap_err()), "damaged");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_and_an_empty_file_is_filled() {
    let folder = folder();
    let nowhere = folder.path().join("nowhere").join("calbridge.db");
    let error = Sqlite::open(&nowhere).await.map(drop).unwrap_err();
    assert_eq!(name(&error), "closed");
    assert!(error.to_string().contains("calbridge.db"), "{error}");
    assert_eq!(name(&inspect(&nowhere).await.unwrap_err()), "closed");

    assert_eq!(inspect(&path(&folder)).await.unwrap(), None);
    assert!(!path(&folder).exists(), "looking makes nothing");
    fs::write(path(&folder), "").unwrap();
    assert_eq!(inspect(&path(&folder)).await.unwrap(), None);
    filled(&folder).await;
    let found = inspect(&path(&folder)).await.unwrap().unwrap();
    assert_eq!((found.units, found.events), (1, 2));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_a_store() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let store = open(&folder).await;
    store
        .write(advance(None, &snapshot(program(&[("1", "a")]))))
        .await
        .unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} {mode:o}", file.file_name());
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_understood_is_counted_and_the_rest_is_loaded() {
    for (row, script) in [
        (
            "a later form",
            "UPDATE events SET form = 2 WHERE sequence = 0 AND body LIKE '%\"a\"%'",
        ),
        (
            "no JSON",
            "UPDATE events SET body = '{' WHERE body LIKE '%\"a\"%'",
        ),
        (
            "no uid",
            "UPDATE events SET uid = 'one' WHERE body LIKE '%\"a\"%'",
        ),
        (
            "no sequence",
            "UPDATE events SET sequence = -1 WHERE body LIKE '%\"a\"%'",
        ),
    ] {
        let folder = folder();
        filled(&folder).await;
        run(&folder, script).await;
        let loaded = open(&folder).await.load().await.unwrap();
        let unit = &loaded.units[0];
        let titles: Vec<&str> = unit
            .kept
            .snapshot
            .entries()
            .iter()
            .map(|entry| entry.event.title.as_str())
            .collect();
        assert_eq!((unit.lost, &titles[..]), (1, &["b"][..]), "{row}");
    }
    let folder = folder();
    filled(&folder).await;
    run(&folder, "UPDATE units SET form = 2").await;
    let loaded = open(&folder).await.load().await.unwrap();
    assert_eq!((loaded.units.len(), loaded.lost), (0, 1), "a unit");
}

#[tokio::test]
async fn a_store_that_is_locked_or_full_fails_whole_and_is_written_again_later() {
    for want in ["busy", "full"] {
        let folder = folder();
        let first = filled(&folder).await;
        let store = open(&folder).await;
        let many: Vec<String> = (0..2_000).map(|id| id.to_string()).collect();
        let list: Vec<(&str, &str)> = many.iter().map(|id| (id.as_str(), "new")).collect();
        let next = history::advance(Some(&first), program(&list), at(NOON), TRUSTING);
        let work = advance(Some(&first), &Arc::new(next));
        let mut stranger = stranger(&folder).await;
        if want == "busy" {
            sqlx::raw_sql("BEGIN IMMEDIATE")
                .execute(&mut stranger)
                .await
                .unwrap();
        } else {
            let mut writer = store.writer.lock().await;
            let connection = writer.connection.as_mut().unwrap();
            let full = sqlx::raw_sql("PRAGMA max_page_count = 20");
            full.execute(connection).await.unwrap();
        }
        let error = store.write(Arc::clone(&work)).await.unwrap_err();
        assert_eq!(name(&error), want, "{error:?}");
        assert_same(&only_unit(&store).await.snapshot, &first);
        if want == "busy" {
            sqlx::raw_sql("ROLLBACK")
                .execute(&mut stranger)
                .await
                .unwrap();
        }
        // A full disk was a limit of the connection, which is given up after a failure.
        store.write(Arc::clone(&work)).await.unwrap();
        assert_same(
            &only_unit(&store).await.snapshot,
            &work.advances[0].kept.snapshot,
        );
    }
}

#[tokio::test]
async fn a_locked_store_is_opened_and_read_and_written_once_the_lock_is_gone() {
    let folder = folder();
    let first = filled(&folder).await;
    let mut stranger = stranger(&folder).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut stranger)
        .await
        .unwrap();
    let store = open(&folder).await;
    assert_same(&only_unit(&store).await.snapshot, &first);
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut stranger)
        .await
        .unwrap();
    store.write(advance(Some(&first), &first)).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_store_that_may_not_be_written_is_read_and_written_once_it_may() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let first = filled(&folder).await;
    let allow = |file: u32, inside: u32| {
        let mode = fs::Permissions::from_mode;
        fs::set_permissions(path(&folder), mode(file)).unwrap();
        fs::set_permissions(folder.path(), mode(inside)).unwrap();
    };
    allow(0o400, 0o500);
    let store = open(&folder).await;
    assert_same(&only_unit(&store).await.snapshot, &first);
    // Root may write what nobody may.
    if let Err(error) = store.write(advance(Some(&first), &first)).await {
        assert_eq!(name(&error), "read-only", "{error:?}");
    }
    allow(0o600, 0o700);
    store.write(advance(Some(&first), &first)).await.unwrap();
}

#[tokio::test]
async fn of_two_servers_the_one_that_started_last_writes() {
    let folder = folder();
    let first = filled(&folder).await;
    let old = open(&folder).await;
    let new = open(&folder).await;
    let error = old.write(advance(Some(&first), &first)).await.unwrap_err();
    assert_eq!(name(&error), "taken");
    new.write(advance(Some(&first), &first)).await.unwrap();
    let error = old.write(advance(Some(&first), &first)).await.unwrap_err();
    assert_eq!(name(&error), "taken", "and stays so");
}

#[tokio::test]
async fn a_file_that_was_removed_or_replaced_is_noticed_and_taken_up() {
    for row in ["removed", "replaced"] {
        let folder = folder();
        let first = filled(&folder).await;
        let copy = fs::read(path(&folder)).unwrap();
        let store = open(&folder).await;
        store.load().await.unwrap();
        for file in ["calbridge.db", "calbridge.db-wal", "calbridge.db-shm"] {
            // The last two are there only while there is something in them.
            _ = fs::remove_file(folder.path().join(file));
        }
        if row == "replaced" {
            fs::write(path(&folder), copy).unwrap();
        }
        let error = store
            .write(advance(Some(&first), &first))
            .await
            .unwrap_err();
        assert_eq!(name(&error), "replaced", "{row}");
        store.write(advance(None, &first)).await.unwrap();
        store.close().await;
        assert_same(&only_unit(&open(&folder).await).await.snapshot, &first);
    }
}

#[tokio::test]
async fn a_store_that_was_not_closed_is_whole() {
    let folder = folder();
    let store = open(&folder).await;
    let first = snapshot(program(&[("1", "a")]));
    store.write(advance(None, &first)).await.unwrap();
    // As after a kill: the copy has the file and its log as they are on disk now.
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    assert_same(&only_unit(&open(&copy).await).await.snapshot, &first);
}
