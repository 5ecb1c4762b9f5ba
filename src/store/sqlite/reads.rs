//! How often feeds were read.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Row, SqliteConnection};

use super::read::second;
use crate::{
    domain::{family::Family, text::Line},
    store::{ReadKey, Reads, Tally},
};

/// Adds to what is there.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    reads: &Reads,
) -> Result<(), sqlx::Error> {
    for (key, tally) in reads {
        let put = "INSERT INTO reads (day, feed, link, family, count, last) VALUES (?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (day, feed, link, family) DO UPDATE SET \
                   count = count + excluded.count, last = max(last, excluded.last)";
        let put = sqlx::query(put)
            .bind(key.day.to_string())
            .bind(&key.feed)
            .bind(key.link.as_ref().map_or("", Line::as_str))
            .bind(key.family.word())
            .bind(i64::try_from(tally.count).unwrap_or(i64::MAX))
            .bind(tally.last.timestamp());
        put.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The reads since `first`, and those before it by secret links, each family's with one link together on the last of its days;
/// those of a family that nobody knows are left out.
pub(super) async fn since(
    connection: &mut SqliteConnection,
    first: NaiveDate,
) -> Result<Reads, sqlx::Error> {
    // Every scrape of the numbers asks this, and rows of 90 days are many.
    let found = "SELECT day, feed, link, family, count, last FROM reads WHERE day >= ?1 UNION ALL \
                 SELECT max(day), feed, link, family, sum(count), max(last) FROM reads \
                 WHERE day < ?1 AND link <> '' GROUP BY feed, link, family";
    let found = sqlx::query(found);
    let mut reads = Reads::new();
    for row in found.bind(first.to_string()).fetch_all(connection).await? {
        let day = row.try_get::<&str, _>("day")?.parse();
        let family = row.try_get::<&str, _>("family")?.parse();
        let last = DateTime::from_timestamp_secs(row.try_get("last")?);
        if let (Ok(day), Ok(family), Some(last)) = (day, family, last) {
            let feed = row.try_get("feed")?;
            let link = Some(Line::new(row.try_get("link")?)).filter(|link| !link.is_empty());
            let count = row.try_get::<i64, _>("count")?.unsigned_abs();
            let key = ReadKey {
                day,
                feed,
                link,
                family,
            };
            reads.insert(key, Tally { count, last });
        }
    }
    Ok(reads)
}

/// When each family last read `feed`; those that nobody knows are left out.
pub(super) async fn last(
    connection: &mut SqliteConnection,
    feed: &str,
) -> Result<BTreeMap<Family, DateTime<Utc>>, sqlx::Error> {
    let found = "SELECT family, max(last) AS last FROM reads WHERE feed = ? GROUP BY family";
    let mut reads = BTreeMap::new();
    for row in sqlx::query(found).bind(feed).fetch_all(connection).await? {
        let family = row.try_get::<&str, _>("family")?.parse();
        if let (Ok(family), Some(last)) = (family, second(row.try_get("last")?)) {
            reads.insert(family, last);
        }
    }
    Ok(reads)
}
