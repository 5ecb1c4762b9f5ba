//! What outlives the process: the real binary, started again in the same folder.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{fs, sync::Arc};

use calbridge::{
    domain::id::EventUid,
    sandbox::prospero::{Fault, Lasting, Route, Running},
};
use reqwest::StatusCode;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use support::{
    bridge::{Bridge, CONFIG, folder},
    reader::{Answer, Reader},
    until,
    upstream::{CHOIR, FEED, Wiring, assert_calls, called, evenings, event, start},
};

/// The store's name unless the configuration says otherwise.
const STORE: &str = "calbridge.db";

/// What of an answer lasts as long as the copy it tells of.
fn lasting(answer: &Answer) -> (StatusCode, &str, &str, &[u8]) {
    let Answer { status, body, .. } = answer;
    let (tag, modified) = (answer.header("etag"), answer.header("last-modified"));
    (*status, tag, modified, body)
}

async fn serve(dir: &Arc<TempDir>) -> Bridge {
    Bridge::start(dir, &["serve"], &[]).await
}

/// Ends a server by a signal and waits for its end.
async fn end(bridge: Bridge, signal: &str) {
    bridge.signal(signal);
    let finished = bridge.finished().await;
    let want = (signal == "TERM").then_some(0);
    assert_eq!(finished.code, want, "{signal}: {finished:?}");
}

/// Holds whatever a new process asks first.
fn hold(upstream: &Running) {
    upstream.fault(Route::Login, Fault::Hang, Lasting::UntilCleared);
}

fn addresses() -> Vec<String> {
    let first = format!("{:08x}-3e10-11e9-8105-0b5ea50f5a1d", 1);
    let uid = EventUid::new(&"stage".parse().unwrap(), &first);
    vec![
        FEED.to_owned(),
        "/feeds/2030-11-05/season.ics".to_owned(),
        "/feeds/2031-02/season.ics".to_owned(),
        format!("/groups/stage/{CHOIR}/choir.ics"),
        format!("/events/season/{uid}.ics"),
        "/download/season.ics".to_owned(),
    ]
}

#[tokio::test]
async fn a_server_that_starts_again_serves_what_it_served_before_it_asks_anybody() {
    for signal in ["TERM", "KILL"] {
        let upstream = start(evenings()).await;
        let dir = folder(&Wiring::default().text(&upstream));
        let bridge = serve(&dir).await;
        let mut before = Vec::new();
        for address in addresses() {
            before.push(bridge.reader().get(&address).await);
            assert_eq!(before.last().unwrap().status, StatusCode::OK, "{address}");
        }
        let calls =
            |upstream: &Running| [Route::Events, Route::Archive].map(|route| upstream.calls(route));
        let asked = calls(&upstream);
        stored(&dir, addresses().len() - 1).await;
        end(bridge, signal).await;
        if signal == "TERM" {
            let files = fs::read_dir(dir.path()).unwrap().count();
            assert_eq!(files, 2, "the configuration, and one file to copy");
        }

        hold(&upstream);
        let bridge = serve(&dir).await;
        let reader = bridge.reader();
        let ready = reader.get("/readyz").await;
        assert_eq!((ready.status, ready.text()), (StatusCode::OK, "ready\n"));
        for (address, before) in addresses().iter().zip(&before) {
            let again = reader.get(address).await;
            assert_eq!(lasting(&again), lasting(before), "{signal} {address}");
            let tag = before.header("etag");
            let held = reader.get_with(address, &[("if-none-match", tag)]).await;
            assert_eq!(held.status, StatusCode::NOT_MODIFIED, "{signal} {address}");
        }
        assert_eq!(calls(&upstream), asked, "{signal}: nothing was read");
    }
}

/// Waits until so many documents are in the store.
async fn stored(dir: &TempDir, documents: usize) {
    let options = SqliteConnectOptions::new().filename(dir.path().join(STORE));
    let mut store = SqliteConnection::connect_with(&options).await.unwrap();
    until("documents are stored", async || {
        let count = sqlx::query_scalar("SELECT count(*) FROM documents");
        let count: i64 = count.fetch_one(&mut store).await.unwrap();
        (count >= i64::try_from(documents).unwrap()).then_some(())
    })
    .await;
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_change_that_came_while_nobody_ran_is_told_as_any_other() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let bridge = serve(&dir).await;
    let before = bridge.reader().get(FEED).await;
    assert_eq!(before.values("SEQUENCE"), ["0"; 5]);
    stored(&dir, 1).await;
    end(bridge, "KILL").await;

    upstream.edit(|season| season.events[0].title = Some("Moved".to_owned()));
    let bridge = serve(&dir).await;
    let moved = |answer: &Answer| answer.titles()[0] == "Moved";
    let after = bridge.reader().get_until(FEED, "has news", moved).await;
    assert_eq!(after.values("SEQUENCE"), ["1", "0", "0", "0", "0"]);
    let stamps = [&before, &after].map(|answer| answer.values("LAST-MODIFIED"));
    assert!(stamps[0][0] < stamps[1][0], "{stamps:?}");
    assert_eq!(stamps[0][1..], stamps[1][1..]);
    assert_eq!(before.values("CREATED"), after.values("CREATED"));
}

#[tokio::test]
async fn a_list_that_shrank_while_nobody_ran_is_held_back() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let bridge = serve(&dir).await;
    let before = bridge.reader().get(FEED).await;
    stored(&dir, 1).await;
    end(bridge, "TERM").await;
    upstream.edit(|season| season.events.truncate(1));
    let bridge = serve(&dir).await;
    bridge.logged("lost most of its events", 1).await;
    let after = bridge.reader().get(FEED).await;
    assert_eq!(lasting(&after), lasting(&before));
}

#[tokio::test]
async fn stamps_that_were_raised_because_bytes_changed_stay_raised() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let bridge = serve(&dir).await;
    let first = bridge.reader().get(FEED).await;
    stored(&dir, 1).await;
    end(bridge, "TERM").await;

    // Another name of the group changes the bytes of its events, and not the events.
    let config = fs::read_to_string(dir.path().join(CONFIG)).unwrap();
    let renamed = config.replace("\"Choir\"", "\"Chamber choir\"");
    assert_ne!(config, renamed);
    fs::write(dir.path().join(CONFIG), renamed).unwrap();
    let bridge = serve(&dir).await;
    let renamed = |answer: &Answer| answer.text().contains("Chamber choir");
    let second = bridge.reader().get_until(FEED, "is renamed", renamed).await;
    assert_eq!(second.values("SEQUENCE"), ["1"; 5]);
    assert!(first.values("LAST-MODIFIED")[0] < second.values("LAST-MODIFIED")[0]);
    end(bridge, "TERM").await;

    hold(&upstream);
    let bridge = serve(&dir).await;
    let third = bridge.reader().get(FEED).await;
    assert_eq!(lasting(&third), lasting(&second));
}

#[tokio::test]
async fn what_cannot_be_understood_is_told_once_and_too_little_is_not_shown() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let bridge = serve(&dir).await;
    bridge.reader().get(FEED).await;
    stored(&dir, 1).await;
    end(bridge, "TERM").await;
    hold(&upstream);
    for (script, shown) in [
        ("UPDATE events SET form = 99 WHERE rowid = 1", Some(4)),
        ("UPDATE events SET form = 99 WHERE rowid <= 3", None),
    ] {
        let options = SqliteConnectOptions::new().filename(dir.path().join(STORE));
        let mut store = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(script).execute(&mut store).await.unwrap();
        store.close().await.unwrap();
        let bridge = serve(&dir).await;
        let reader = bridge.reader();
        let ready = reader.get("/readyz").await.status;
        assert_eq!(ready == StatusCode::OK, shown.is_some(), "{script}");
        if let Some(events) = shown {
            assert_eq!(reader.get(FEED).await.titles().len(), events, "{script}");
        }
        let log = bridge.log();
        let told = log.matches("they count as never seen").count();
        assert_eq!(told, 1, "{script}: {log}");
        assert!(!log.contains("Evening"), "{log}");
        bridge.signal("KILL");
        bridge.finished().await;
    }
}

/// Changes the bytes of a store.
type Spoil = fn(&mut Vec<u8>);

#[tokio::test]
async fn a_store_that_cannot_be_used_stops_the_start_says_why_and_is_left_alone() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let bridge = serve(&dir).await;
    bridge.reader().get(FEED).await;
    end(bridge, "TERM").await;
    let good = fs::read(dir.path().join(STORE)).unwrap();
    let spoils: [(Spoil, &str); 3] = [
        (|bytes| bytes[..100].fill(0x5a), "is damaged"),
        // The header's user version and application id, https://www.sqlite.org/fileformat.html §1.3.
        (
            |bytes| bytes[60..64].copy_from_slice(&99_u32.to_be_bytes()),
            "has layout 99",
        ),
        (|bytes| bytes[68..72].fill(1), "is no store of calbridge"),
    ];
    let calls = upstream.calls(Route::Events);
    for (spoil, why) in spoils {
        let mut bytes = good.clone();
        spoil(&mut bytes);
        fs::write(dir.path().join(STORE), &bytes).unwrap();
        let finished = Bridge::run(&dir, &["serve"]).await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(1), ""),
            "{why}: {finished:?}"
        );
        let check = Bridge::run(&dir, &["check"]).await;
        assert_eq!(check.code, Some(1), "{why}: {check:?}");
        assert!(check.out.contains("store            FAILED"), "{check:?}");
        assert!(check.err.contains("1 of 5 checks failed"), "{check:?}");
        for said in [&finished.err, &check.out] {
            assert!(
                said.contains(why) && said.contains("calbridge.db"),
                "{why}: {said}"
            );
            assert!(said.contains("left as it is"), "{why}: {said}");
        }
        assert!(
            fs::read(dir.path().join(STORE)).unwrap() == bytes,
            "{why}: it changed"
        );
    }
    assert_eq!(upstream.calls(Route::Events), calls, "nothing was fetched");
}

#[tokio::test]
async fn a_store_that_is_locked_for_a_while_costs_readers_nothing_and_nothing_is_lost() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::eager().text(&upstream));
    let bridge = serve(&dir).await;
    let reader = bridge.reader();
    assert_eq!(reader.get(FEED).await.titles().len(), 5);
    let options = SqliteConnectOptions::new().filename(dir.path().join(STORE));
    let mut lock = SqliteConnection::connect_with(&options).await.unwrap();
    // Until the first writes are through the lock may have to be waited for.
    until("the lock is had", async || {
        let begun = sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut lock).await;
        begun.is_ok().then_some(())
    })
    .await;
    upstream.edit(|season| {
        let news = event(9, "After the storm", "2030-11-12T20:00:00Z");
        season.events.push(news);
    });
    let news = |answer: &Answer| answer.titles().len() == 6;
    let after = reader.get_until(FEED, "has news", news).await;
    bridge.logged("nothing can be stored", 1).await;
    let polls = upstream.calls(Route::Archive);
    called(&upstream, Route::Archive, polls + 2).await;
    let log = bridge.log();
    assert_eq!(log.matches("nothing can be stored").count(), 1, "{log}");
    assert!(log.contains("locked by another program"), "{log}");
    sqlx::raw_sql("ROLLBACK").execute(&mut lock).await.unwrap();
    lock.close().await.unwrap();
    bridge.logged("the store is written again", 1).await;
    stored(&dir, 1).await;
    end(bridge, "KILL").await;
    hold(&upstream);
    let bridge = serve(&dir).await;
    let again = bridge.reader().get(FEED).await;
    assert_eq!(lasting(&again), lasting(&after));
}

#[tokio::test]
async fn without_a_store_nothing_is_written() {
    let upstream = start(evenings()).await;
    let wiring = Wiring {
        more: "[store]\nurl = \"memory\"".to_owned(),
        ..Wiring::default()
    };
    let dir = folder(&wiring.text(&upstream));
    let bridge = serve(&dir).await;
    assert_eq!(bridge.reader().get(FEED).await.titles().len(), 5);
    end(bridge, "TERM").await;
    let files: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let check = Bridge::run(&dir, &["check"]).await;
    assert!(check.out.contains("store            ok  none"), "{check:?}");
}

#[tokio::test]
async fn check_looks_at_the_store_and_makes_none() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let check = Bridge::run(&dir, &["check"]).await;
    assert!(check.out.contains("calbridge.db, to be made"), "{check:?}");
    assert!(!dir.path().join(STORE).exists());
    let bridge = serve(&dir).await;
    bridge.reader().get(FEED).await;
    stored(&dir, 1).await;
    // Beside a running server.
    let check = Bridge::run(&dir, &["check"]).await;
    assert_eq!(check.code, Some(0), "{check:?}");
    assert!(check.out.contains("calbridge.db, 5 events"), "{check:?}");
    assert_calls(&upstream, [3, 0, 1, 1], "logins of two checks and a server");
}

/// The titles are those of one version of the season, and this is its number.
#[track_caller]
fn version(answer: &Answer, round: &str) -> u32 {
    assert_eq!(answer.status, StatusCode::OK, "{round}");
    let titles = answer.titles();
    let (_, version) = titles[0].rsplit_once(' ').unwrap();
    let whole: Vec<String> = (1..=5)
        .map(|number| format!("Evening {number} {version}"))
        .collect();
    assert_eq!(titles, whole, "{round}: not one state");
    version.parse().unwrap()
}

fn rename(upstream: &Running, version: u32) {
    upstream.edit(|season| {
        for (event, number) in season.events.iter_mut().zip(1..) {
            event.title = Some(format!("Evening {number} {version}"));
        }
    });
}

/// Reads until the server is gone; says what was read last.
async fn last_of(reader: Reader) -> Option<Answer> {
    let mut last = None;
    while let Some(answer) = reader.try_get(FEED).await {
        last = Some(answer);
    }
    last
}

/// Rounds of a server that is killed.
const ROUNDS: u32 = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_it_is_killed_it_comes_back_with_a_whole_state_no_older_than_what_was_read() {
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::eager().text(&upstream));
    rename(&upstream, 0);
    let bridge = serve(&dir).await;
    let mut last = bridge.reader().get(FEED).await;
    stored(&dir, 1).await;
    end(bridge, "KILL").await;
    let mut moved = 0;
    for number in 1..=ROUNDS {
        let round = format!("seed {seed}, round {number}");
        hold(&upstream);
        let bridge = serve(&dir).await;
        let reader = bridge.reader();
        let back = reader.get(FEED).await;
        let (is, was) = (version(&back, &round), version(&last, &round));
        assert!(is >= was, "{round}: {is} after {was}");
        if is == was {
            assert_eq!(lasting(&back), lasting(&last), "{round}");
        }
        moved += u32::from(is > was);
        last = back;
        rename(&upstream, number);
        upstream.clear(Route::Login);
        let reading = tokio::spawn(last_of(reader.clone()));
        // Answers are the clock: the poll, the write and the next poll take as long as some dozen of them.
        for _ in 0..random.u32(0..80) {
            reader.get(FEED).await;
        }
        bridge.signal("KILL");
        assert_eq!(bridge.finished().await.code, None, "{round}");
        if let Some(answer) = reading.await.unwrap() {
            last = answer;
        }
    }
    eprintln!("seed {seed}: {moved} of {ROUNDS} kills came between a write and its first reader");
}
