//! No table grows for ever.

use super::*;

async fn count(folder: &TempDir, table: &str) -> i64 {
    let query = format!("SELECT count(*) FROM {table}");
    let row = sqlx::query(sqlx::AssertSqlSafe(query));
    row.fetch_one(&mut stranger(folder).await)
        .await
        .unwrap()
        .get(0)
}

fn fetches(count: usize) -> Vec<Fetch> {
    let line = Fetch {
        key: kept(HORIZON, &snapshot(batch([]))).key,
        at: at(NOON),
        outcome: Outcome::Same,
        events: 0,
    };
    vec![line; count]
}

#[tokio::test]
async fn changes_are_forgotten_after_90_days() {
    let folder = folder();
    let store = open(&folder).await;
    let first = snapshot(program(&[("1", "a")]));
    let next = program(&[("1", "b")]);
    let next = Arc::new(history::advance(Some(&first), next, at(NOON), TRUSTING));
    store.write(advance(None, &first)).await.unwrap();
    store.write(advance(Some(&first), &next)).await.unwrap();
    for (after, left) in [
        (TimeDelta::days(90), 1),
        (TimeDelta::days(90) + TimeDelta::seconds(1), 0),
    ] {
        let now: DateTime<Utc> = at(NOON) + after;
        let work = Work {
            fetches: fetches(1),
            now,
            ..Work::default()
        };
        store.write(Arc::new(work)).await.unwrap();
        assert_eq!(count(&folder, "changes").await, left, "{after}");
    }
}

#[tokio::test]
async fn the_fetch_log_keeps_its_newest_lines() {
    let folder = folder();
    let store = open(&folder).await;
    let work = |fetches| Work {
        fetches,
        now: at(NOON),
        ..Work::default()
    };
    store.write(Arc::new(work(fetches(10_100)))).await.unwrap();
    assert_eq!(count(&folder, "fetches").await, 10_000);
    store.write(Arc::new(work(fetches(1)))).await.unwrap();
    assert_eq!(count(&folder, "fetches").await, 10_000);
}

#[tokio::test]
async fn odd_windows_give_way_before_what_people_subscribe_to() {
    let folder = folder();
    let store = open(&folder).await;
    let document = |feed: &str, part: String| {
        let key = DocumentKey {
            feed: feed.to_owned(),
            part,
        };
        let kept = KeptDocument {
            tag: String::new(),
            last_modified: at(NOON),
            ledger: Vec::new(),
        };
        (key, kept)
    };
    let mut documents = vec![document("feeds/season", String::new())];
    documents.extend((0..5_010).map(|odd| document("feeds/season", odd.to_string())));
    let work = Work {
        documents,
        ..Work::default()
    };
    store.write(Arc::new(work)).await.unwrap();
    assert_eq!(count(&folder, "documents").await, 5_000);
    for (part, stays) in [("", true), ("10", false), ("11", true), ("5009", true)] {
        let (key, _) = document("feeds/season", part.to_owned());
        let found = store.document(&key).await.unwrap();
        assert_eq!(found.is_some(), stays, "{part:?}");
    }
}

#[tokio::test]
async fn months_fetched_longest_ago_give_way_and_the_horizon_never_does() {
    let folder = folder();
    let store = open(&folder).await;
    let events = snapshot(program(&[("1", "a")]));
    let unit = |unit: &str, fetched: DateTime<Utc>| Advance {
        kept: Kept {
            fetched,
            ..kept(unit, &events)
        },
        before: None,
    };
    let mut advances = vec![unit(HORIZON, at(NOON) - TimeDelta::days(900))];
    advances.extend(
        (0..245_i64)
            .map(|month| unit(&format!("month {month}"), at(NOON) - TimeDelta::days(month))),
    );
    let work = Work {
        advances,
        now: at(NOON),
        ..Work::default()
    };
    store.write(Arc::new(work)).await.unwrap();
    let loaded = store.load().await.unwrap();
    let units: BTreeSet<String> = loaded
        .units
        .into_iter()
        .map(|unit| unit.kept.key.unit)
        .collect();
    assert_eq!(units.len(), 241);
    for (unit, stays) in [(HORIZON, true), ("month 239", true), ("month 240", false)] {
        assert_eq!(units.contains(unit), stays, "{unit}");
    }
    assert_eq!(
        count(&folder, "events").await,
        241,
        "their events went with them"
    );
}
