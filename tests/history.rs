//! Events that vanish, the record of what changed, and an operator's word on a loss: the real server and the real commands.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::sync::Arc;

use calbridge::sandbox::prospero::Running;
use serde_json::Value;
use tempfile::TempDir;

use support::{
    bridge::{Bridge, folder},
    reader::Answer,
    until,
    upstream::{FEED, Wiring, evenings, event, start},
};

/// The header that tells how a feed stands.
const STATE: &str = "x-calbridge-state";

/// Feeds of the same events that treat cancelled ones otherwise, and one of another group.
const MORE: &str = r#"
[feeds.marked]
sources = ["stage"]
window = "2030-11-02..2030-11-29"
cancelled = "mark"

[feeds.silent]
sources = ["stage"]
window = "2030-11-02..2030-11-29"
cancelled = "omit"

[feeds.others]
sources = ["stage"]
groups = ["Orchestra"]
"#;

fn dir(upstream: &Running) -> Arc<TempDir> {
    let wiring = Wiring {
        more: MORE.to_owned(),
        ..Wiring::eager()
    };
    folder(&wiring.text(upstream))
}

fn cancelled(answer: &Answer) -> usize {
    answer.text().matches("STATUS:CANCELLED").count()
}

fn stands(state: &str) -> impl Fn(&Answer) -> bool {
    move |answer| answer.header(STATE).split(';').next() == Some(state)
}

#[tokio::test]
async fn an_event_that_vanishes_is_told_as_cancelled_and_history_tells_what_became_of_it() {
    let upstream = start(evenings()).await;
    let dir = dir(&upstream);
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let reader = bridge.reader();
    let all = |answer: &Answer| answer.titles().len() == 5;
    reader.get_until(FEED, "has all", all).await;

    let last = upstream.edit(|season| season.events.pop().unwrap());
    let one_off = |answer: &Answer| cancelled(answer) == 1;
    let off = reader.get_until(FEED, "has one cancelled", one_off).await;
    assert_eq!(off.titles().len(), 5, "it is told, not dropped");
    let marked = reader.get("/feeds/marked.ics").await.titles();
    assert_eq!(marked.last().unwrap(), "Cancelled: Evening 5");
    let silent = reader.get("/feeds/silent.ics").await.titles();
    assert_eq!(silent, ["Evening 1", "Evening 2", "Evening 3", "Evening 4"]);

    upstream.edit(|season| season.events.push(last));
    let on = |answer: &Answer| all(answer) && cancelled(answer) == 0;
    let on = reader.get_until(FEED, "has it back", on).await;
    let uid = on.values("UID").pop().unwrap();
    upstream.edit(|season| {
        let mut moved = event(5, "Matinee", "2030-11-24T15:00:00Z");
        moved.updated = None;
        season.events[4] = moved;
    });
    let moved = |answer: &Answer| answer.titles().contains(&"Matinee".to_owned());
    reader.get_until(FEED, "has it moved", moved).await;

    let told = Bridge::run(&dir, &["history", "season", &uid, "--json"]).await;
    assert_eq!(told.code, Some(0), "{}", told.err);
    let told: Vec<Value> = serde_json::from_str(&told.out).unwrap();
    let column = |key: &str| -> Vec<&Value> { told.iter().map(|line| &line[key]).collect() };
    assert_eq!(column("change"), ["moved", "returned", "vanished"]);
    assert_eq!(column("sequence"), [3, 2, 1]);
    assert_eq!(column("event"), [&uid, &uid, &uid]);
    assert_eq!(column("title"), ["Matinee"; 3]);
    let fields: Value = serde_json::from_str(r#"["time", "title"]"#).unwrap();
    assert_eq!(told[0]["fields"], fields);
    assert!(told[0]["seen"].as_str() >= told[2]["seen"].as_str());
    let modified = reader.get(FEED).await.values("LAST-MODIFIED");
    let published = told[0]["published"].as_str().unwrap();
    let digits: String = published.chars().filter(|c| !"-:".contains(*c)).collect();
    assert!(modified.contains(&digits), "{digits} in {modified:?}");

    let lines = Bridge::run(&dir, &["history", "season"]).await.out;
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(
        lines.contains(&format!("  moved      {uid}  SEQUENCE 3, ")),
        "{lines}"
    );
    assert!(lines.contains("  Matinee (time, title)  "), "{lines}");
    let others = Bridge::run(&dir, &["history", "others"]).await.out;
    assert!(others.starts_with("nothing has changed"), "{others}");
    assert!(
        !bridge.log().contains("Matinee"),
        "no text of an event is logged"
    );
}

#[tokio::test]
async fn history_tells_which_clients_have_read_a_change_since() {
    const GOOGLE: &[(&str, &str)] = &[("user-agent", "Google-Calendar-Importer")];
    const OUTLOOK: &[(&str, &str)] = &[("user-agent", "Microsoft Office/16.0 (Microsoft Outlook)")];
    #[expect(
        clippy::disallowed_methods,
        reason = "the change is seen by a process that reads the real clock"
    )]
    let second = || chrono::Utc::now().timestamp();
    let upstream = start(evenings()).await;
    let dir = dir(&upstream);
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let reader = bridge.reader();
    reader.get_until(FEED, "is fresh", stands("fresh")).await;
    reader.get_with(FEED, OUTLOOK).await;
    upstream.edit(|season| season.events[0].title = Some("Gala".to_owned()));
    let shown = |answer: &Answer| answer.titles().contains(&"Gala".to_owned());
    reader
        .get_until("/feeds/marked.ics", "shows it", shown)
        .await;
    let then = second();
    until("a second is over", async || (second() > then).then_some(())).await;
    let window = "/feeds/2030-11-05/season.ics";
    assert!(shown(&reader.get_with(window, GOOGLE).await));
    bridge.signal("TERM");
    assert_eq!(bridge.finished().await.code, Some(0));

    let told = Bridge::run(&dir, &["history", "season", "--json"]).await;
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let since = told[0]["read_since"].as_object().unwrap();
    assert_eq!(since.keys().collect::<Vec<_>>(), ["google"], "{told}");
    assert!(
        since["google"].as_str() > told[0]["seen"].as_str(),
        "{told}"
    );
    let lines = Bridge::run(&dir, &["history", "season"]).await.out;
    assert!(
        lines.ends_with("  Gala (title)  read since by google\n"),
        "{lines}"
    );
    let lines = Bridge::run(&dir, &["history", "silent"]).await.out;
    assert!(
        lines.ends_with("  Gala (title)  not read since\n"),
        "{lines}"
    );
}

#[tokio::test]
async fn an_event_that_becomes_a_draft_goes_at_once_from_every_feed_and_without_a_word() {
    let upstream = start(evenings()).await;
    let dir = dir(&upstream);
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let reader = bridge.reader();
    let all = |answer: &Answer| answer.titles().len() == 5;
    let before = reader.get_until(FEED, "has all", all).await;
    let uid = before.values("UID").pop().unwrap();

    upstream.edit(|season| season.events[4].draft = true);
    let fewer = |answer: &Answer| !all(answer);
    let after = reader.get_until(FEED, "has one less", fewer).await;
    for path in [FEED, "/feeds/marked.ics", "/feeds/silent.ics"] {
        let titles = reader.get(path).await.titles();
        assert_eq!(
            titles,
            ["Evening 1", "Evening 2", "Evening 3", "Evening 4"],
            "{path}"
        );
    }
    assert_eq!(cancelled(&after), 0);
    let alone = reader.get(&format!("/events/season/{uid}.ics")).await;
    assert_eq!(alone.status, 404);
    let told = Bridge::run(&dir, &["history", "season", &uid, "--json"]).await;
    let told: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(told[0]["change"], "gone");
    assert_eq!((&told[1], &told[0]["title"]), (&Value::Null, &Value::Null));
    let state = reader.get(FEED).await;
    assert_eq!(state.header(STATE), "fresh");
}

#[tokio::test]
async fn a_loss_that_the_operator_accepts_goes_through_under_the_running_server() {
    let upstream = start(evenings()).await;
    let dir = dir(&upstream);
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let reader = bridge.reader();
    reader.get_until(FEED, "is fresh", stands("fresh")).await;
    let early = Bridge::run(&dir, &["accept", "stage"]).await;
    assert_eq!(early.code, Some(1));
    assert!(early.err.contains("holds nothing back"), "{}", early.err);

    upstream.edit(|season| season.events.clear());
    let held = reader.get_until(FEED, "is held", stands("stale")).await;
    assert_eq!(cancelled(&held), 0);
    let word = Bridge::run(&dir, &["accept", "stage"]).await;
    assert_eq!(word.code, Some(0), "{}", word.err);
    assert!(
        word.out.starts_with("stage horizon: 5 of 5 events"),
        "{}",
        word.out
    );
    let through = reader.get_until(FEED, "is through", stands("empty")).await;
    assert_eq!(cancelled(&through), 5);
    assert!(
        !bridge.log().contains("taken"),
        "the server still writes the store"
    );
    let again = Bridge::run(&dir, &["accept", "stage"]).await;
    assert_eq!(again.code, Some(1), "the word counted once: {}", again.out);
}

#[tokio::test]
async fn a_loss_that_is_accepted_while_no_server_runs_goes_through_with_the_next_one() {
    let upstream = start(evenings()).await;
    let dir = dir(&upstream);
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let reader = bridge.reader();
    reader.get_until(FEED, "is fresh", stands("fresh")).await;
    upstream.edit(|season| season.events.clear());
    reader.get_until(FEED, "is held", stands("stale")).await;
    bridge.signal("TERM");
    assert_eq!(bridge.finished().await.code, Some(0));

    let word = Bridge::run(&dir, &["accept", "stage"]).await;
    assert_eq!(word.code, Some(0), "{}", word.err);
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let reader = bridge.reader();
    let through = reader.get_until(FEED, "is through", stands("empty")).await;
    assert_eq!(cancelled(&through), 5);
}

#[tokio::test]
async fn commands_on_the_store_say_what_is_wrong_and_what_to_do() {
    let upstream = start(evenings()).await;
    let whole = Wiring::default().text(&upstream);
    let storeless = format!("{whole}\n[store]\nurl = \"memory\"\n");
    for (config, arguments, says) in [
        (&whole, &["history", "seasons"][..], "no feed `seasons`"),
        (&whole, &["history", "seasons"], "it has `season`"),
        (&whole, &["accept", "stages"], "it has `stage`"),
        (&whole, &["history", "season"], "cannot be opened"),
        (&whole, &["accept", "stage"], "cannot be opened"),
        (
            &storeless,
            &["history", "season"],
            "name a file in `store.url`",
        ),
        (&storeless, &["accept", "stage"], "restart the server"),
    ] {
        let finished = Bridge::run(&folder(config), arguments).await;
        assert_eq!(finished.code, Some(1), "{arguments:?}");
        assert!(
            finished.err.contains(says),
            "{arguments:?}: {}",
            finished.err
        );
    }
    for command in ["history", "accept"] {
        let help = Bridge::run(&folder(""), &[command, "--help"]).await;
        assert!(help.out.contains(&format!("Example: calbridge {command} ")));
    }
}
