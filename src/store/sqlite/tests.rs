//! A store in a folder that goes away by itself.

mod bounds;
mod reads;
mod trouble;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sqlx::{Row, SqliteConnection};
use tempfile::TempDir;

use super::*;
use crate::{
    domain::{
        batch::Batch,
        event::{Event, GroupKind, Groups},
        history::{self, Bearings, ChangeKind, Entry, Field, Held, Snapshot, Stamps, changes},
        id::{EventUid, FeedId, GroupId},
        testing::{TRUSTING, at, batch, days, event, feed, groups, stage},
        text::Line,
        when::{DateSpan, When},
    },
    store::{Advance, Fetch, HORIZON, Kept, Known, Outcome, Seen, UnitKey, form::tests::any_event},
};

const NOON: &str = "2026-11-22T12:00:00Z";

/// A folder with room for a store.
fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The name of the only feed.
fn season() -> FeedId {
    "season".parse().unwrap()
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("calbridge.db")
}

async fn open(folder: &TempDir) -> Sqlite {
    Sqlite::open(&path(folder)).await.unwrap()
}

/// A connection of another program.
async fn stranger(folder: &TempDir) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path(folder));
    SqliteConnection::connect_with(&options).await.unwrap()
}

fn span() -> DateSpan {
    let When::Days(days) = days("2026-11-01", "2026-12-31") else {
        unreachable!()
    };
    days
}

fn kept(unit: &str, snapshot: &Arc<Snapshot>) -> Kept {
    Kept {
        key: UnitKey {
            source: stage(),
            unit: unit.to_owned(),
        },
        days: span(),
        fetched: at(NOON),
        from_wall_times: true,
        snapshot: Arc::clone(snapshot),
    }
}

/// Work that brings a unit from one snapshot to another.
fn advance(before: Option<&Arc<Snapshot>>, after: &Arc<Snapshot>) -> Arc<Work> {
    let kept = kept(HORIZON, after);
    let seen = before.into_iter().flat_map(|before| changes(before, after));
    let seen = seen.map(|change| Seen {
        key: kept.key.clone(),
        at: at(NOON),
        change,
    });
    Arc::new(Work {
        changes: seen.collect(),
        advances: vec![Advance {
            kept,
            before: before.cloned(),
        }],
        now: at(NOON),
        ..Work::default()
    })
}

fn snapshot(batch: Batch) -> Arc<Snapshot> {
    Arc::new(history::advance(None, batch, at(NOON), TRUSTING))
}

fn program(titles: &[(&str, &str)]) -> Batch {
    batch(titles.iter().map(|(id, title)| Event {
        title: Line::new(title),
        ..event(id, days("2026-11-25", "2026-11-25"))
    }))
}

/// The only unit of a store.
async fn only_unit(store: &Sqlite) -> Kept {
    let mut loaded = store.load().await.unwrap();
    assert_eq!((loaded.units.len(), loaded.lost), (1, 0));
    let unit = loaded.units.remove(0);
    assert_eq!(unit.lost, 0);
    unit.kept
}

#[track_caller]
fn assert_same(found: &Snapshot, want: &Snapshot) {
    assert_eq!(found.entries(), want.entries());
    assert_eq!(found.groups(), want.groups());
    assert_eq!(found.bearings(), want.bearings());
}

fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    let stamps = (
        0_i64..2_000_000_000,
        0_i64..2_000_000_000,
        0_u32..=2_147_483_647,
    );
    let absent = prop::option::of(0_i64..2_000_000_000);
    let entry =
        (any_event(), stamps, absent).prop_map(|(event, (created, age, sequence), absent)| {
            let at = |second| DateTime::from_timestamp_secs(second).unwrap();
            let absent = absent.map(|since| (event.uid, at(since)));
            let entry = Entry {
                event,
                stamps: Stamps {
                    created: at(created),
                    modified: at(created + age),
                    sequence,
                },
            };
            (entry, absent)
        });
    let kinds = vec![
        GroupKind::Group,
        GroupKind::Project,
        GroupKind::Place,
        GroupKind::Tag,
    ];
    let group = (prop::sample::select(kinds), "\\PC{0,20}");
    let groups = prop::collection::btree_map("[a-z0-9]{1,4}", group, 0..5);
    let held = prop::option::of((0_i64..2_000_000_000, 0_u32..1_000_000_000, 0_usize..9));
    let missed = prop::collection::btree_set("[a-z0-9]{1,4}", 0..3);
    let bearings = (any::<u32>(), 0_i64..2_000_000_000, held, missed);
    (prop::collection::vec(entry, 0..6), groups, bearings).prop_map(
        |(entries, groups, (revision, changed, held, missed))| {
            let (entries, absent): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
            let absent = absent.into_iter().flatten().collect();
            let groups: Groups = groups
                .iter()
                .map(|(id, (kind, name))| (id.as_str(), *kind, name.as_str()))
                .flat_map(|group| super::tests::groups(&[group]))
                .collect();
            let bearings = Bearings {
                revision: revision.into(),
                changed: DateTime::from_timestamp_secs(changed).unwrap(),
                held: held.map(|(second, nano, missing)| Held {
                    since: DateTime::from_timestamp(second, nano).unwrap(),
                    missing,
                    of: missing + 1,
                }),
                missed: missed
                    .iter()
                    .map(|id| GroupId::new(id))
                    .collect::<BTreeSet<_>>(),
                absent,
            };
            Snapshot::restored(entries, groups, bearings)
        },
    )
}

proptest! {
    // Each case makes files.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_loaded_is_what_was_written_whatever_was_there_before(
        history in prop::collection::vec((any_snapshot(), any::<bool>()), 1..4)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = folder();
            let mut store = open(&folder).await;
            let mut before: Option<Arc<Snapshot>> = None;
            for (snapshot, restart) in history {
                let snapshot = Arc::new(snapshot);
                store.write(advance(before.as_ref(), &snapshot)).await.unwrap();
                if restart {
                    store.close().await;
                    store = open(&folder).await;
                }
                let found = only_unit(&store).await;
                assert_same(&found.snapshot, &snapshot);
                assert_eq!((found.days, found.fetched, found.from_wall_times), (span(), at(NOON), true));
                before = Some(snapshot);
            }
        });
    }
}

#[tokio::test]
async fn one_changed_event_of_many_writes_one_row() {
    let folder = folder();
    let store = open(&folder).await;
    let ids: Vec<String> = (0..1_000).map(|id| id.to_string()).collect();
    let mut list: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), id.as_str())).collect();
    let first = snapshot(program(&list));
    store.write(advance(None, &first)).await.unwrap();
    let mut stranger = stranger(&folder).await;
    for script in [
        "CREATE TABLE touched (uid TEXT)",
        "CREATE TRIGGER added AFTER INSERT ON events BEGIN INSERT INTO touched VALUES (new.uid); END",
        "CREATE TRIGGER edited AFTER UPDATE ON events BEGIN INSERT INTO touched VALUES (new.uid); END",
        "CREATE TRIGGER removed AFTER DELETE ON events BEGIN INSERT INTO touched VALUES (old.uid); END",
    ] {
        sqlx::query(script).execute(&mut stranger).await.unwrap();
    }
    list[500].1 = "moved";
    let next = history::advance(Some(&first), program(&list), at(NOON), TRUSTING);
    store
        .write(advance(Some(&first), &Arc::new(next)))
        .await
        .unwrap();
    let touched = sqlx::query("SELECT uid FROM touched")
        .fetch_all(&mut stranger)
        .await
        .unwrap();
    let touched: Vec<String> = touched.iter().map(|row| row.get(0)).collect();
    assert_eq!(touched, [EventUid::new(&stage(), "500").to_string()]);
}

#[tokio::test]
async fn changes_and_fetches_are_told_in_their_logs() {
    let folder = folder();
    let store = open(&folder).await;
    let first = snapshot(program(&[("1", "a"), ("2", "b")]));
    let next = program(&[("2", "c"), ("3", "d")]);
    let next = Arc::new(history::advance(Some(&first), next, at(NOON), TRUSTING));
    store.write(advance(None, &first)).await.unwrap();
    let mut work = Arc::unwrap_or_clone(advance(Some(&first), &next));
    work.fetches = [
        Outcome::Changed,
        Outcome::Same,
        Outcome::Held,
        Outcome::Failed("no answer".to_owned()),
    ]
    .map(|outcome| Fetch {
        key: work.advances[0].kept.key.clone(),
        at: at(NOON),
        outcome,
        events: 2,
    })
    .into();
    store.write(Arc::new(work)).await.unwrap();
    let mut stranger = stranger(&folder).await;
    let told = log(&path(&folder), &season(), &feed(), None).await.unwrap();
    assert!(told.last_reads.is_empty(), "nobody has read it");
    let mut told: Vec<_> = told
        .lines
        .into_iter()
        .map(|line| {
            assert_eq!((line.seen, &*line.unit), (at(NOON), HORIZON));
            (line.uid, line.kind, line.fields, line.sequence, line.title)
        })
        .collect();
    told.sort_by_key(|(_, kind, ..)| kind.word());
    let uid = |id| EventUid::new(&stage(), id);
    let title = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            (uid("3"), ChangeKind::Added, vec![], Some(0), title("d")),
            (
                uid("2"),
                ChangeKind::Edited,
                vec![Field::Title],
                Some(1),
                title("c")
            ),
            (uid("1"), ChangeKind::Gone, vec![], Some(0), None),
        ],
        "and nothing of what was there first"
    );
    let fetches = sqlx::query("SELECT outcome || ' ' || ifnull(why, '') FROM fetches ORDER BY id");
    let fetches = fetches.fetch_all(&mut stranger).await.unwrap();
    let fetches: Vec<String> = fetches.iter().map(|row| row.get(0)).collect();
    assert_eq!(fetches, ["changed ", "same ", "held ", "failed no answer"]);
}

#[tokio::test]
async fn groups_once_seen_stay_known_under_their_newest_name() {
    let folder = folder();
    let store = open(&folder).await;
    let write = async |before: Option<&Arc<Groups>>, after: &Arc<Groups>| {
        let known = vec![Known {
            source: stage(),
            groups: Arc::clone(after),
            before: before.cloned(),
        }];
        let work = Work {
            known,
            ..Work::default()
        };
        store.write(Arc::new(work)).await.unwrap();
    };
    let first = Arc::new(groups(&[
        ("a", GroupKind::Group, "Opera"),
        ("b", GroupKind::Tag, ""),
    ]));
    let next = Arc::new(groups(&[
        ("a", GroupKind::Group, "Ballet"),
        ("c", GroupKind::Place, "Hall"),
    ]));
    write(None, &first).await;
    write(Some(&first), &next).await;
    let want = groups(&[
        ("a", GroupKind::Group, "Ballet"),
        ("b", GroupKind::Tag, ""),
        ("c", GroupKind::Place, "Hall"),
    ]);
    let known = store.load().await.unwrap().known;
    assert_eq!(known, BTreeMap::from([(stage(), want)]));
}

#[tokio::test]
async fn a_document_is_found_under_its_own_key_alone() {
    let folder = folder();
    let store = open(&folder).await;
    let key = |feed: &str, part: &str| DocumentKey {
        feed: feed.to_owned(),
        part: part.to_owned(),
    };
    let document = |tag: &str| KeptDocument {
        tag: tag.to_owned(),
        last_modified: at(NOON),
        ledger: vec![1, 2, 3],
    };
    let write = async |documents| {
        let work = Work {
            documents,
            ..Work::default()
        };
        store.write(Arc::new(work)).await.unwrap();
    };
    write(vec![
        (key("feeds/a", ""), document("1")),
        (key("feeds/a", "2026-11"), document("2")),
        (key("feeds/b", ""), document("3")),
    ])
    .await;
    write(vec![(key("feeds/a", ""), document("4"))]).await;
    for (feed, part, want) in [
        ("feeds/a", "", Some("4")),
        ("feeds/a", "2026-11", Some("2")),
        ("feeds/b", "", Some("3")),
        ("feeds/b", "2026-11", None),
    ] {
        let found = store.document(&key(feed, part)).await.unwrap();
        assert_eq!(found, want.map(document), "{feed} {part}");
    }
}
