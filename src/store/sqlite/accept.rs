//! Holds that an operator lets through: told by another process, and heard by the server through the store alone.

use std::path::Path;

use sqlx::{Connection, Row, SqliteConnection};

use super::{open, read::second, trouble::Trouble};
use crate::{
    domain::{
        history::{Acceptance, Held},
        id::SourceId,
    },
    store::{StoreError, UnitKey, form},
};

/// Lets through whatever `source` holds back, and says what that is by unit. It does not become the one who writes the
/// store, so a server that runs goes on with it.
///
/// # Errors
/// [`StoreError`] when there is no store at `path`, or it cannot be written.
pub async fn accept(path: &Path, source: &SourceId) -> Result<Vec<(UnitKey, Held)>, StoreError> {
    if open::examine(path).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut connection = open::writer(path).await?;
    let accepted = async {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let units = "SELECT unit, form, body FROM units WHERE source = ? ORDER BY unit";
        let units = sqlx::query(units).bind(source.as_str());
        let mut holds = Vec::new();
        for row in units.fetch_all(&mut *transaction).await? {
            let facts = form::unit(row.try_get("form")?, row.try_get("body")?);
            let Some(held) = facts.and_then(|facts| facts.bearings.held) else {
                continue;
            };
            let unit: String = row.try_get("unit")?;
            let since = Acceptance::of_hold_since(held.since).hold_since();
            let put = "INSERT OR REPLACE INTO accepted (source, unit, since) VALUES (?, ?, ?)";
            let put = sqlx::query(put).bind(source.as_str()).bind(&unit);
            let put = put.bind(since.timestamp());
            put.execute(&mut *transaction).await?;
            let source = source.clone();
            holds.push((UnitKey { source, unit }, held));
        }
        transaction.commit().await?;
        connection.close().await?;
        Ok(holds)
    };
    accepted.await.map_err(|error| Trouble::at(path).of(error))
}

/// The holds that are let through and not over.
pub(super) async fn accepted(
    connection: &mut SqliteConnection,
) -> Result<Vec<(UnitKey, Acceptance)>, sqlx::Error> {
    let mut found = Vec::new();
    let accepted = sqlx::query("SELECT source, unit, since FROM accepted");
    for row in accepted.fetch_all(connection).await? {
        let source: Result<SourceId, _> = row.try_get::<&str, _>("source")?.parse();
        if let (Ok(source), Some(since)) = (source, second(row.try_get("since")?)) {
            let unit = row.try_get("unit")?;
            let key = UnitKey { source, unit };
            found.push((key, Acceptance::of_hold_since(since)));
        }
    }
    Ok(found)
}

/// Ends what was accepted of a unit, unless the very hold it was for goes on.
pub(super) async fn end_unless_held(
    connection: &mut SqliteConnection,
    key: &UnitKey,
    held: Option<Held>,
) -> Result<(), sqlx::Error> {
    let since = held.map(|held| Acceptance::of_hold_since(held.since).hold_since());
    let end = "DELETE FROM accepted WHERE source = ? AND unit = ? AND since IS NOT ?";
    let end = sqlx::query(end).bind(key.source.as_str()).bind(&key.unit);
    let end = end.bind(since.map(|since| since.timestamp()));
    end.execute(connection).await.map(drop)
}
