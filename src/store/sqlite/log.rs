//! What became of events, read by another process than the one that saw it.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use chrono::{DateTime, Utc};
use sqlx::{Connection, QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{
    open,
    read::{self, second},
    reads,
    trouble::Trouble,
};
use crate::{
    domain::{
        family::Family,
        feed::Feed,
        history::{ChangeKind, Field},
        id::{EventUid, FeedId, GroupId, SourceId},
        select::wanted,
    },
    store::{StoreError, form},
};

/// What became of the events of a feed, and who has read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The changes, newest first.
    pub lines: Vec<Line>,
    /// When each family of clients last read the feed, to the second, as far as that was counted.
    pub last_reads: BTreeMap<Family, DateTime<Utc>>,
}

/// One change of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When the change was seen.
    pub seen: DateTime<Utc>,
    /// When it happened as subscribers are told: `LAST-MODIFIED`. `None` where an older version did not note it.
    pub published: Option<DateTime<Utc>>,
    /// Whose event it is.
    pub source: SourceId,
    /// The unit it was seen in.
    pub unit: String,
    /// Which event.
    pub uid: EventUid,
    /// Its title as it is now; `None` of one that is not kept any more.
    pub title: Option<String>,
    /// What became of it.
    pub kind: ChangeKind,
    /// What of it is different.
    pub fields: Vec<Field>,
    /// Its `SEQUENCE` since then.
    pub sequence: Option<u32>,
    /// The groups it was in.
    pub groups: Vec<GroupId>,
}

/// What became of the events of the feed `id`; of one event only, if `uid` says which. The store is left as it is.
///
/// # Errors
/// [`StoreError`] when there is no store at `path`, or it cannot be read.
pub async fn log(
    path: &Path,
    id: &FeedId,
    feed: &Feed,
    uid: Option<EventUid>,
) -> Result<Log, StoreError> {
    if open::examine(path).await?.is_none() {
        return Ok(Log::default());
    }
    let mut connection = open::reader(path).await?;
    let log = async {
        let last_reads = reads::last(&mut connection, id.as_str()).await?;
        let mut lines = lines(&mut connection, &feed.sources, uid).await?;
        if let Some(names) = &feed.groups {
            let known = read::known(&mut connection).await?;
            let wanted: HashMap<&SourceId, Vec<GroupId>> = known
                .iter()
                .map(|(source, groups)| (source, wanted(names, groups)))
                .collect();
            lines.retain(|line| {
                let wanted = wanted.get(&line.source).into_iter().flatten();
                wanted.into_iter().any(|group| line.groups.contains(group))
            });
        }
        connection.close().await?;
        Ok(Log { lines, last_reads })
    };
    log.await.map_err(|error| Trouble::at(path).of(error))
}

async fn lines(
    connection: &mut SqliteConnection,
    sources: &[SourceId],
    uid: Option<EventUid>,
) -> Result<Vec<Line>, sqlx::Error> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT c.at, c.modified, c.source, c.unit, c.uid, c.change, c.fields, c.sequence, c.groups, \
         e.form, e.body FROM changes c LEFT JOIN units u ON u.source = c.source AND u.unit = c.unit \
         LEFT JOIN events e ON e.unit = u.id AND e.uid = c.uid WHERE c.source IN (",
    );
    let mut names = query.separated(", ");
    for source in sources {
        names.push_bind(source.as_str().to_owned());
    }
    query.push(")");
    if let Some(uid) = uid {
        query.push(" AND c.uid = ").push_bind(uid.to_string());
    }
    query.push(" ORDER BY c.at DESC, c.rowid DESC");
    let rows = query.build().fetch_all(connection).await?;
    let lines: Result<Vec<Option<Line>>, _> = rows.iter().map(line).collect();
    Ok(lines?.into_iter().flatten().collect())
}

/// One line; `None` if it is of a kind nobody knows.
fn line(row: &SqliteRow) -> Result<Option<Line>, sqlx::Error> {
    let uid: Result<EventUid, _> = row.try_get::<&str, _>("uid")?.parse();
    let source: Result<SourceId, _> = row.try_get::<&str, _>("source")?.parse();
    let word: &str = row.try_get("change")?;
    let kind = ChangeKind::ALL.into_iter().find(|kind| kind.word() == word);
    let seen = second(row.try_get("at")?);
    let (Ok(uid), Ok(source), Some(kind), Some(seen)) = (uid, source, kind, seen) else {
        return Ok(None);
    };
    let kept: (Option<i64>, Option<&str>) = (row.try_get("form")?, row.try_get("body")?);
    let event = match kept {
        (Some(form), Some(body)) => form::event(uid, form, body),
        _ => None,
    };
    let sequence: Option<i64> = row.try_get("sequence")?;
    Ok(Some(Line {
        seen,
        published: row.try_get::<Option<i64>, _>("modified")?.and_then(second),
        source,
        unit: row.try_get("unit")?,
        uid,
        title: event.map(|event| event.title.to_string()),
        kind,
        fields: fields(row.try_get("fields")?),
        sequence: sequence.and_then(|sequence| u32::try_from(sequence).ok()),
        groups: groups(row.try_get("groups")?),
    }))
}

/// The text a list of fields is kept as.
pub(super) fn fields_text(fields: &[Field]) -> String {
    let words: Vec<&str> = fields.iter().map(|field| field.word()).collect();
    words.join(" ")
}

fn fields(text: &str) -> Vec<Field> {
    let named = |word| Field::ALL.into_iter().find(|field| field.word() == word);
    text.split_whitespace().filter_map(named).collect()
}

/// The text a list of groups is kept as: JSON, since an id may have anything in it.
pub(super) fn groups_text(groups: &[GroupId]) -> String {
    let ids: Vec<&str> = groups.iter().map(GroupId::as_str).collect();
    serde_json::to_string(&ids).expect("texts are always JSON")
}

fn groups(text: &str) -> Vec<GroupId> {
    let ids: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    ids.iter().map(|id| GroupId::new(id)).collect()
}
