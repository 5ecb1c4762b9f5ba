//! One transaction: only what differs is written.

use std::sync::Arc;

use chrono::TimeDelta;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{accept, log};

use crate::{
    aside::aside,
    domain::{
        event::{Group, Groups},
        history::{Difference, Entry, Snapshot, differences},
        id::{EventUid, GroupId},
    },
    store::{Advance, Fetch, HORIZON, Known, Outcome, Seen, Work, form},
};

/// How long it is known what changed (design §10).
const CHANGES_KEPT: TimeDelta = TimeDelta::days(90);
/// Lines of the fetch log: 70 days of one poll in ten minutes.
const FETCHES_MAX: i64 = 10_000;
/// Documents: more than any server has feeds, and what odd windows leave behind.
const DOCUMENTS_MAX: i64 = 5_000;
/// Months of each source.
const MONTHS_MAX: i64 = 240;
/// Rows of one statement: SQLite takes 32,766 values.
const ROWS: usize = 200;

/// Work whose texts are written already.
#[derive(Debug)]
pub(super) struct Prepared {
    work: Arc<Work>,
    units: Vec<UnitRows>,
}

#[derive(Debug, Default)]
struct UnitRows {
    body: String,
    put: Vec<EventRow>,
    gone: Vec<EventUid>,
}

#[derive(Debug)]
struct EventRow {
    uid: EventUid,
    created: i64,
    modified: i64,
    sequence: u32,
    absent: Option<i64>,
    body: String,
}

/// Finds what differs and writes its texts, off the threads that serve readers.
pub(super) async fn prepare(work: Arc<Work>) -> Prepared {
    aside(move || {
        let units = work.advances.iter().map(unit_rows).collect();
        Prepared { work, units }
    })
    .await
}

fn unit_rows(advance: &Advance) -> UnitRows {
    let Advance { kept, before } = advance;
    let facts = form::UnitFacts {
        days: kept.days,
        from_wall_times: kept.from_wall_times,
        bearings: kept.snapshot.bearings(),
    };
    let mut rows = UnitRows {
        body: form::unit_text(&facts),
        ..UnitRows::default()
    };
    for difference in differences(before.as_deref(), &kept.snapshot) {
        match difference {
            Difference::Added(entry) | Difference::Edited(_, entry) => {
                rows.put.push(event_row(entry, &kept.snapshot));
            }
            Difference::Removed(entry) => rows.gone.push(entry.event.uid),
        }
    }
    rows
}

fn event_row(entry: &Entry, of: &Snapshot) -> EventRow {
    let Entry { event, stamps } = entry;
    EventRow {
        uid: event.uid,
        created: stamps.created.timestamp(),
        modified: stamps.modified.timestamp(),
        sequence: stamps.sequence,
        absent: of.absent_since(event.uid).map(|since| since.timestamp()),
        body: form::event_text(event),
    }
}

/// Writes it all.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    prepared: Prepared,
) -> Result<(), sqlx::Error> {
    let Prepared { work, units } = prepared;
    for (advance, rows) in work.advances.iter().zip(units) {
        unit(connection, advance, rows).await?;
    }
    for known in &work.known {
        known_groups(connection, known).await?;
    }
    for fetch in &work.fetches {
        fetched(connection, fetch).await?;
    }
    changes(connection, &work.changes).await?;
    super::reads::add(connection, &work.reads).await?;
    for (key, document) in &work.documents {
        let put = "INSERT OR REPLACE INTO documents (feed, part, tag, modified, ledger) VALUES (?, ?, ?, ?, ?)";
        let put = sqlx::query(put)
            .bind(&key.feed)
            .bind(&key.part)
            .bind(&document.tag)
            .bind(document.last_modified.timestamp())
            .bind(&document.ledger);
        put.execute(&mut *connection).await?;
    }
    prune(connection, &work).await
}

async fn unit(
    connection: &mut SqliteConnection,
    advance: &Advance,
    rows: UnitRows,
) -> Result<(), sqlx::Error> {
    let Advance { kept, before } = advance;
    let put = "INSERT INTO units (source, unit, fetched, form, body) VALUES (?, ?, ?, ?, ?) \
               ON CONFLICT (source, unit) DO UPDATE SET \
               fetched = excluded.fetched, form = excluded.form, body = excluded.body RETURNING id";
    let put = sqlx::query(put)
        .bind(kept.key.source.as_str())
        .bind(&kept.key.unit)
        .bind(kept.fetched.timestamp())
        .bind(form::FORM)
        .bind(&rows.body);
    let id: i64 = put.fetch_one(&mut *connection).await?.try_get(0)?;
    let groups_before = before.as_ref().map(|before| before.groups());
    if before.is_none() {
        for clear in [
            "DELETE FROM events WHERE unit = ?",
            "DELETE FROM groups WHERE unit = ?",
        ] {
            sqlx::query(clear)
                .bind(id)
                .execute(&mut *connection)
                .await?;
        }
    }
    for uid in rows.gone {
        let gone = sqlx::query("DELETE FROM events WHERE unit = ? AND uid = ?");
        let gone = gone.bind(id).bind(uid.to_string());
        gone.execute(&mut *connection).await?;
    }
    events(connection, id, rows.put).await?;
    for (group, change) in group_changes(groups_before, kept.snapshot.groups()) {
        if let Some(Group { name, kind }) = change {
            let put = "INSERT OR REPLACE INTO groups (unit, id, kind, name) VALUES (?, ?, ?, ?)";
            let put = sqlx::query(put).bind(id).bind(group.as_str());
            let put = put.bind(form::kind_word(*kind)).bind(name.as_str());
            put.execute(&mut *connection).await?;
        } else {
            let gone = sqlx::query("DELETE FROM groups WHERE unit = ? AND id = ?");
            let gone = gone.bind(id).bind(group.as_str());
            gone.execute(&mut *connection).await?;
        }
    }
    accept::end_unless_held(connection, &kept.key, kept.snapshot.held()).await
}

async fn changes(connection: &mut SqliteConnection, seen: &[Seen]) -> Result<(), sqlx::Error> {
    for chunk in seen.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO changes (at, source, unit, uid, change, sequence, modified, fields, groups) ",
        );
        query.push_values(chunk, |mut row, Seen { key, at, change }| {
            row.push_bind(at.timestamp())
                .push_bind(key.source.as_str())
                .push_bind(&key.unit)
                .push_bind(change.uid.to_string())
                .push_bind(change.kind.word())
                .push_bind(i64::from(change.stamps.sequence))
                .push_bind(change.stamps.modified.timestamp())
                .push_bind(log::fields_text(&change.fields))
                .push_bind(log::groups_text(&change.groups));
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn events(
    connection: &mut SqliteConnection,
    unit: i64,
    mut rows: Vec<EventRow>,
) -> Result<(), sqlx::Error> {
    while !rows.is_empty() {
        let chunk = rows.split_off(rows.len().saturating_sub(ROWS));
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO events (unit, uid, created, modified, sequence, absent, form, body) ",
        );
        query.push_values(chunk, |mut row, event| {
            row.push_bind(unit)
                .push_bind(event.uid.to_string())
                .push_bind(event.created)
                .push_bind(event.modified)
                .push_bind(i64::from(event.sequence))
                .push_bind(event.absent)
                .push_bind(form::FORM)
                .push_bind(event.body);
        });
        query.push(
            " ON CONFLICT (unit, uid) DO UPDATE SET created = excluded.created, \
             modified = excluded.modified, sequence = excluded.sequence, absent = excluded.absent, \
             form = excluded.form, body = excluded.body",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// The groups that differ; `None` for one that is not there any more.
fn group_changes<'a>(
    before: Option<&'a Groups>,
    after: &'a Groups,
) -> impl Iterator<Item = (&'a GroupId, Option<&'a Group>)> {
    let gone = before
        .into_iter()
        .flatten()
        .filter(|(id, _)| !after.contains_key(*id))
        .map(|(id, _)| (id, None));
    let put = after
        .iter()
        .filter(move |(id, group)| before.and_then(|before| before.get(*id)) != Some(*group))
        .map(|(id, group)| (id, Some(group)));
    gone.chain(put)
}

async fn known_groups(connection: &mut SqliteConnection, known: &Known) -> Result<(), sqlx::Error> {
    let Known {
        source,
        groups,
        before,
    } = known;
    for (id, group) in group_changes(before.as_deref(), groups) {
        // What was seen once is never forgotten.
        let Some(Group { name, kind }) = group else {
            continue;
        };
        let put =
            "INSERT OR REPLACE INTO known_groups (source, id, kind, name) VALUES (?, ?, ?, ?)";
        let put = sqlx::query(put).bind(source.as_str()).bind(id.as_str());
        let put = put.bind(form::kind_word(*kind)).bind(name.as_str());
        put.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn fetched(connection: &mut SqliteConnection, fetch: &Fetch) -> Result<(), sqlx::Error> {
    let (outcome, why) = match &fetch.outcome {
        Outcome::Changed => ("changed", None),
        Outcome::Same => ("same", None),
        Outcome::Held => ("held", None),
        Outcome::Failed(why) => ("failed", Some(why)),
    };
    let put =
        "INSERT INTO fetches (at, source, unit, outcome, why, events) VALUES (?, ?, ?, ?, ?, ?)";
    let put = sqlx::query(put)
        .bind(fetch.at.timestamp())
        .bind(fetch.key.source.as_str())
        .bind(&fetch.key.unit)
        .bind(outcome)
        .bind(why)
        .bind(i64::try_from(fetch.events).unwrap_or(i64::MAX));
    put.execute(connection).await.map(drop)
}

/// Drops what is too old, or too much.
async fn prune(connection: &mut SqliteConnection, work: &Work) -> Result<(), sqlx::Error> {
    let old = sqlx::query("DELETE FROM changes WHERE at < ?");
    let old = old.bind((work.now - CHANGES_KEPT).timestamp());
    old.execute(&mut *connection).await?;
    if !work.reads.is_empty() {
        let old = sqlx::query("DELETE FROM reads WHERE day < ?");
        let old = old.bind((work.now - CHANGES_KEPT).date_naive().to_string());
        old.execute(&mut *connection).await?;
    }
    let old = sqlx::query("DELETE FROM fetches WHERE id <= (SELECT max(id) FROM fetches) - ?");
    old.bind(FETCHES_MAX).execute(&mut *connection).await?;
    if !work.documents.is_empty() {
        // Odd windows go before what people subscribe to.
        let old = "DELETE FROM documents WHERE id IN \
                   (SELECT id FROM documents ORDER BY part = '' DESC, id DESC LIMIT -1 OFFSET ?)";
        let old = sqlx::query(old).bind(DOCUMENTS_MAX);
        old.execute(&mut *connection).await?;
    }
    let months = work
        .advances
        .iter()
        .filter(|advance| advance.kept.key.unit != HORIZON);
    for advance in months {
        let old = "DELETE FROM units WHERE id IN (SELECT id FROM units \
                   WHERE source = ? AND unit <> ? ORDER BY fetched DESC, id DESC LIMIT -1 OFFSET ?)";
        let old = sqlx::query(old)
            .bind(advance.kept.key.source.as_str())
            .bind(HORIZON)
            .bind(MONTHS_MAX);
        old.execute(&mut *connection).await?;
    }
    Ok(())
}
