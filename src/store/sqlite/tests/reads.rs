//! Who has read what.

use super::*;
use crate::{
    domain::{family::Family, text::Line},
    store::{ReadKey, Reads, Tally},
};

fn read(day: &str, family: Family, count: u64, last: &str) -> (ReadKey, Tally) {
    let key = ReadKey {
        day: day.parse().unwrap(),
        feed: "season".to_owned(),
        link: None,
        family,
    };
    let last = at(last);
    (key, Tally { count, last })
}

async fn write(store: &Sqlite, reads: &[(ReadKey, Tally)], now: DateTime<Utc>) {
    let work = Work {
        reads: reads.iter().cloned().collect(),
        now,
        ..Work::default()
    };
    store.write(Arc::new(work)).await.unwrap();
}

#[tokio::test]
async fn reads_add_up_by_day_and_family_through_a_restart_and_are_forgotten_with_the_changes() {
    let folder = folder();
    let (first, later) = ("2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z");
    let before = read("2026-11-21", Family::Google, 7, first);
    let apple = read("2026-11-22", Family::Apple, 1, first);
    let store = open(&folder).await;
    let google = read("2026-11-22", Family::Google, 2, later);
    write(&store, &[before.clone(), google, apple.clone()], at(NOON)).await;
    let mut others = read("2026-11-20", Family::Icsx5, 1, "2026-11-20T08:00:00Z");
    others.0.feed = "others".to_owned();
    write(&store, &[others], at(NOON)).await;
    store.close().await;
    let store = open(&folder).await;
    let more = read("2026-11-22", Family::Google, 3, first);
    write(&store, &[more], at(NOON)).await;
    let sum = read("2026-11-22", Family::Google, 5, later);
    for (since, want) in [
        ("2026-11-21", vec![before, sum.clone(), apple.clone()]),
        ("2026-11-22", vec![sum, apple]),
        ("2026-11-23", vec![]),
    ] {
        let found = store.reads(since.parse().unwrap()).await.unwrap();
        assert_eq!(found, Reads::from_iter(want), "since {since}");
    }
    let told = log(&path(&folder), &season(), &feed(), None).await.unwrap();
    let last = [(Family::Google, at(later)), (Family::Apple, at(first))];
    assert_eq!(
        told.last_reads,
        last.into(),
        "of all days, and of this feed"
    );
    let new = read("2027-02-21", Family::Other, 1, "2027-02-21T08:00:00Z");
    write(&store, &[new], at("2027-02-20T12:00:00Z")).await;
    let left = store.reads("2026-01-01".parse().unwrap()).await.unwrap();
    let days: Vec<_> = left.keys().map(|key| key.day.to_string()).collect();
    assert_eq!(days, ["2026-11-22", "2026-11-22", "2027-02-21"]);
}

#[tokio::test]
async fn reads_by_a_secret_link_are_told_apart_and_those_of_former_days_together() {
    let folder = folder();
    let store = open(&folder).await;
    let by = |link: Option<&str>, day: &str| {
        let last = format!("{day}T08:00:00Z");
        let (key, tally) = read(day, Family::Google, 1, &last);
        let link = link.map(Line::new);
        (ReadKey { link, ..key }, tally)
    };
    let all = [
        by(None, "2026-11-01"),
        by(Some("band"), "2026-10-30"),
        by(Some("band"), "2026-11-01"),
        by(Some("choir"), "2026-11-01"),
        by(Some("choir"), "2026-11-22"),
        by(None, "2026-11-22"),
    ];
    write(&store, &all, at(NOON)).await;
    let found = store.reads("2026-11-22".parse().unwrap()).await.unwrap();
    let mut want: Reads = all[2..].iter().cloned().collect();
    want.get_mut(&all[2].0).unwrap().count = 2;
    assert_eq!(found, want);
}
