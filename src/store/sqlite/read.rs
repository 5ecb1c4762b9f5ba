//! What a store holds, read whole at the start, and documents one by one.

use std::{collections::BTreeMap, path::Path};

use chrono::{DateTime, Utc};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteRow};

use crate::{
    domain::{
        event::{Group, Groups},
        history::{Bearings, Entry, Snapshot, Stamps},
        id::{EventUid, GroupId, SourceId},
        text::Line,
    },
    store::{DocumentKey, Kept, KeptDocument, Loaded, LoadedUnit, StoreError, UnitKey, form},
};

use super::{open, trouble::Trouble};

/// Events that are read at once: their rows take several times the memory of the events.
const PAGE: i64 = 2_000;

/// Everything but documents that is in the store at `path`, read by another process than the one that writes it; `None` if
/// there is no store yet.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn recall(path: &Path) -> Result<Option<Loaded>, StoreError> {
    if !path.exists() || open::examine(path).await?.is_none() {
        return Ok(None);
    }
    let mut connection = open::reader(path).await?;
    let loaded = async {
        let loaded = load(&mut connection).await?;
        connection.close().await?;
        Ok(loaded)
    };
    loaded
        .await
        .map(Some)
        .map_err(|error| Trouble::at(path).of(error))
}

/// Everything but documents, as of one moment.
pub(super) async fn load(connection: &mut SqliteConnection) -> Result<Loaded, sqlx::Error> {
    let mut moment = connection.begin().await?;
    let units = "SELECT id, source, unit, fetched, form, body FROM units ORDER BY source, unit";
    let units = sqlx::query(units).fetch_all(&mut *moment).await?;
    let mut loaded = Loaded::default();
    for row in &units {
        match unit(&mut moment, row).await? {
            Some(unit) => loaded.units.push(unit),
            None => loaded.lost += 1,
        }
    }
    loaded.known = known(&mut moment).await?;
    moment.rollback().await?;
    Ok(loaded)
}

/// Every group ever seen, by source.
pub(super) async fn known(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<SourceId, Groups>, sqlx::Error> {
    let mut sources: BTreeMap<SourceId, Groups> = BTreeMap::new();
    let known = sqlx::query("SELECT source, id, kind, name FROM known_groups");
    for row in known.fetch_all(connection).await? {
        let source: String = row.try_get("source")?;
        if let (Ok(source), Some((id, group))) = (source.parse::<SourceId>(), group(&row)?) {
            sources.entry(source).or_default().insert(id, group);
        }
    }
    Ok(sources)
}

/// One unit; `None` if it counts as never seen.
async fn unit(
    connection: &mut SqliteConnection,
    row: &SqliteRow,
) -> Result<Option<LoadedUnit>, sqlx::Error> {
    let (source, unit): (String, String) = (row.try_get("source")?, row.try_get("unit")?);
    let facts = form::unit(row.try_get("form")?, row.try_get("body")?);
    let (Ok(source), Some(facts), Some(fetched)) =
        (source.parse(), facts, second(row.try_get("fetched")?))
    else {
        return Ok(None);
    };
    let id: i64 = row.try_get("id")?;
    let groups = sqlx::query("SELECT id, kind, name FROM groups WHERE unit = ?").bind(id);
    let mut seen = BTreeMap::new();
    for row in groups.fetch_all(&mut *connection).await? {
        seen.extend(group(&row)?);
    }
    let (entries, absent, lost) = entries(connection, id).await?;
    let bearings = Bearings {
        absent,
        ..facts.bearings
    };
    Ok(Some(LoadedUnit {
        kept: Kept {
            key: UnitKey { source, unit },
            days: facts.days,
            fetched,
            from_wall_times: facts.from_wall_times,
            snapshot: Snapshot::restored(entries, Groups::from_iter(seen), bearings).into(),
        },
        lost,
    }))
}

/// Since when which events have been absent.
type Absent = BTreeMap<EventUid, DateTime<Utc>>;

/// The events of a unit, which of them are absent, and how many could not be understood.
async fn entries(
    connection: &mut SqliteConnection,
    unit: i64,
) -> Result<(Vec<Entry>, Absent, usize), sqlx::Error> {
    let page = "SELECT uid, created, modified, sequence, absent, form, body FROM events \
                WHERE unit = ? AND uid > ? ORDER BY uid LIMIT ?";
    let (mut entries, mut absent, mut lost) = (Vec::new(), Absent::new(), 0);
    let mut after = String::new();
    loop {
        let rows = sqlx::query(page).bind(unit).bind(&after).bind(PAGE);
        let rows = rows.fetch_all(&mut *connection).await?;
        let Some(row) = rows.last() else {
            return Ok((entries, absent, lost));
        };
        after = row.try_get("uid")?;
        for row in &rows {
            let Some(entry) = entry(row)? else {
                lost += 1;
                continue;
            };
            let since = row.try_get::<Option<i64>, _>("absent")?.and_then(second);
            absent.extend(since.map(|since| (entry.event.uid, since)));
            entries.push(entry);
        }
    }
}

fn entry(row: &SqliteRow) -> Result<Option<Entry>, sqlx::Error> {
    let uid: Result<EventUid, _> = row.try_get::<&str, _>("uid")?.parse();
    let event = uid.ok().map(|uid| {
        let (form, body) = (row.try_get("form")?, row.try_get("body")?);
        Ok::<_, sqlx::Error>(form::event(uid, form, body))
    });
    let sequence = u32::try_from(row.try_get::<i64, _>("sequence")?).ok();
    let created = second(row.try_get("created")?);
    let modified = second(row.try_get("modified")?);
    let (Some(event), Some(created), Some(modified), Some(sequence)) =
        (event.transpose()?.flatten(), created, modified, sequence)
    else {
        return Ok(None);
    };
    Ok(Some(Entry {
        event,
        stamps: Stamps {
            created,
            modified,
            sequence,
        },
    }))
}

/// A group; `None` if it is of a kind nobody knows.
fn group(row: &SqliteRow) -> Result<Option<(GroupId, Group)>, sqlx::Error> {
    let (id, name): (&str, &str) = (row.try_get("id")?, row.try_get("name")?);
    let kind = form::kind(row.try_get("kind")?);
    Ok(kind.map(|kind| {
        let name = Line::new(name);
        (GroupId::new(id), Group { name, kind })
    }))
}

/// What was kept of a document.
pub(super) async fn document(
    connection: &mut SqliteConnection,
    key: &DocumentKey,
) -> Result<Option<KeptDocument>, sqlx::Error> {
    let found = "SELECT tag, modified, ledger FROM documents WHERE feed = ? AND part = ?";
    let found = sqlx::query(found).bind(&key.feed).bind(&key.part);
    let Some(row) = found.fetch_optional(connection).await? else {
        return Ok(None);
    };
    let (tag, ledger) = (row.try_get("tag")?, row.try_get("ledger")?);
    let modified = second(row.try_get("modified")?);
    Ok(modified.map(|last_modified| KeptDocument {
        tag,
        last_modified,
        ledger,
    }))
}

pub(super) fn second(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_secs(seconds)
}
