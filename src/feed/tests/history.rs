//! What readers see of events that come, change, vanish and return, and of an operator's word.

use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::{
    domain::{
        event::Status,
        history::Acceptance,
        testing::{days, event, uid},
        text::Line,
        when::When,
    },
    store::HORIZON,
};

/// What readers see of one event.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    /// Its lines without stamps.
    lines: String,
    sequence: u32,
    modified: String,
}

impl Seen {
    fn is_cancelled(&self) -> bool {
        self.lines.contains("STATUS:CANCELLED")
    }
}

/// The events of a calendar by UID.
fn seen(document: &Document) -> BTreeMap<String, Seen> {
    let text = body(document).replace("\r\n ", "");
    let events = text.split("BEGIN:VEVENT\r\n").skip(1);
    events
        .map(|event| {
            let (event, _) = event.split_once("END:VEVENT").unwrap();
            let value = |name: &str| {
                let line = event.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap().to_owned()
            };
            let is_stamp = |line: &&str| {
                ["DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:"]
                    .iter()
                    .any(|name| line.starts_with(name))
            };
            let lines: Vec<&str> = event.lines().filter(|line| !is_stamp(line)).collect();
            let seen = Seen {
                lines: lines.join("\n"),
                sequence: value("SEQUENCE:").parse().unwrap(),
                modified: value("LAST-MODIFIED:"),
            };
            assert_eq!(value("DTSTAMP:"), seen.modified);
            (value("UID:"), seen)
        })
        .collect()
}

/// A feed of more than a year around the day of the test.
fn wide(upstream: &Arc<Upstream>) -> World {
    let setting = Setting {
        horizon: "past-60d..next-400d",
        ..Setting::default()
    };
    world([("stage", upstream, setting)], feed())
}

/// The first source of a world.
fn source(world: &World) -> &Units {
    world.feeds.sources().next().unwrap().1
}

#[derive(Debug, Clone)]
enum Step {
    /// The upstream lists these ids, each in this version.
    Has(BTreeMap<u8, u8>),
    /// It fails.
    Fails,
}

/// What happens, and how many minutes after what happened before.
fn steps() -> impl Strategy<Value = Vec<(Step, i64)>> {
    let list = prop::collection::btree_map(0_u8..6, 0_u8..4, 0..6);
    let step = prop_oneof![5 => list.prop_map(Step::Has), 1 => Just(Step::Fails)];
    let minutes = prop_oneof![6 => 0_i64..40, 1 => -90_i64..0, 1 => 1_000_i64..2_000];
    prop::collection::vec((step, minutes), 1..16)
}

fn version(id: u8, version: u8) -> Event {
    let mut event = event(&id.to_string(), days("2027-02-01", "2027-02-02"));
    event.title = Line::new(&format!("title {id}"));
    match version {
        0 => {}
        1 => event.title = Line::new(&format!("renamed {id}")),
        2 => event.when = days("2027-03-01", "2027-03-01"),
        _ => event.status = Some(Status::Cancelled),
    }
    event
}

fn uid_of(id: u8) -> String {
    uid(&id.to_string()).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn readers_see_all_that_the_upstream_has_and_nothing_that_it_never_had(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let true_throughout: Result<(), TestCaseError> = runtime.block_on(async {
            let upstream = Upstream::with([]);
            let world = wide(&upstream);
            world.poll().await;
            let mut before = world.get(Part::Default).await.unwrap();
            let mut ever: BTreeMap<String, u8> = BTreeMap::new();
            for (step, minutes) in &steps {
                world.hand.advance(TimeDelta::minutes(*minutes));
                match step {
                    Step::Has(list) => upstream.has(batch(list.iter().map(|(id, number)| version(*id, *number)))),
                    Step::Fails => upstream.fails(),
                }
                world.poll().await;
                let is_held = source(&world).standing().snapshot.unwrap().held().is_some();
                let after = world.get(Part::Default).await.unwrap();
                let (was, is) = (seen(&before), seen(&after));

                match step {
                    Step::Has(list) if !is_held => {
                        for (id, number) in list {
                            ever.insert(uid_of(*id), *id);
                            let Some(seen) = is.get(&uid_of(*id)) else {
                                return Err(TestCaseError::fail(format!("{id} is lost")));
                            };
                            let want = version(*id, *number);
                            let When::Days(days) = want.when else { unreachable!() };
                            let start = days.first().format("DTSTART;VALUE=DATE:%Y%m%d").to_string();
                            prop_assert!(seen.lines.contains(&start), "{seen:?}");
                            prop_assert!(seen.lines.contains(&format!("SUMMARY:{}", want.title)), "{seen:?}");
                            prop_assert_eq!(seen.is_cancelled(), *number == 3);
                        }
                        for (uid, seen) in is.iter().filter(|(uid, _)| !list.contains_key(&ever[*uid])) {
                            let is_old = was.get(uid) == Some(seen);
                            prop_assert!(is_old || seen.is_cancelled(), "neither kept nor cancelled: {seen:?}");
                        }
                    }
                    _ => prop_assert_eq!(body(&before), body(&after)),
                }
                for (uid, is) in &is {
                    prop_assert!(ever.contains_key(uid), "invented: {is:?}");
                    let Some(was) = was.get(uid) else { continue };
                    if was.lines == is.lines {
                        prop_assert_eq!(was, is);
                    } else {
                        prop_assert!(was.sequence < is.sequence && was.modified < is.modified, "{was:?} {is:?}");
                    }
                }
                let same = body(&before) == body(&after);
                prop_assert_eq!(before.identity().etag() == after.identity().etag(), same);
                prop_assert_eq!(before.last_modified() == after.last_modified(), same);
                prop_assert!(before.last_modified() <= after.last_modified());
                before = after;
            }
            Ok(())
        });
        true_throughout?;
    }
}

#[tokio::test]
async fn an_upstream_that_is_down_for_thirty_days_changes_no_byte_and_no_validator() {
    let upstream = Upstream::with((0..5).map(|id| version(id, 0)));
    let world = wide(&upstream);
    world.poll().await;
    let before = world.get(Part::Default).await.unwrap();
    upstream.fails();
    for day in 1..=30 {
        world.hand.advance(TimeDelta::days(1));
        world.poll().await;
        let now = world.served(Part::Default).await.unwrap();
        assert_eq!(now.state, State::Malformed, "day {day}");
        assert_eq!(body(&now.document), body(&before), "day {day}");
        assert_eq!(now.document.identity().etag(), before.identity().etag());
        assert_eq!(now.document.last_modified(), before.last_modified());
    }
}

/// Polls an upstream, and again once it has nothing any more; says when that was first seen.
async fn emptied(upstream: &Upstream, world: &World) -> DateTime<chrono::Utc> {
    world.poll().await;
    upstream.has(batch([]));
    world.hand.advance(TimeDelta::minutes(10));
    world.poll().await;
    let snapshot = source(world).standing().snapshot.unwrap();
    snapshot.held().unwrap().since
}

#[tokio::test]
async fn a_source_of_nothing_but_vanished_events_is_empty_and_tells_them_as_cancelled() {
    let upstream = Upstream::with((0..3).map(|id| version(id, 0)));
    let world = wide(&upstream);
    emptied(&upstream, &world).await;
    for (hours, state, cancelled) in [(23, State::Stale, 0), (1, State::Empty, 3)] {
        world.hand.advance(TimeDelta::hours(hours));
        world.poll().await;
        let now = world.served(Part::Default).await.unwrap();
        assert_eq!(now.state, state);
        let seen = seen(&now.document);
        assert_eq!(seen.len(), 3, "none is dropped");
        let found = seen.values().filter(|seen| seen.is_cancelled()).count();
        assert_eq!(found, cancelled, "{state:?}");
    }
}

#[tokio::test]
async fn a_hold_that_is_accepted_ends_with_the_next_poll() {
    let upstream = Upstream::with((0..3).map(|id| version(id, 0)));
    let world = wide(&upstream);
    let since = emptied(&upstream, &world).await;
    for (row, since, state) in [
        ("another hold", since - TimeDelta::seconds(1), State::Stale),
        ("this hold", since, State::Empty),
    ] {
        let accepted = Acceptance::of_hold_since(since);
        source(&world).accept(BTreeMap::from([(HORIZON.to_owned(), accepted)]));
        world.hand.advance(TimeDelta::minutes(1));
        world.poll().await;
        let now = world.served(Part::Default).await.unwrap();
        assert_eq!(now.state, state, "{row}");
    }
}

#[tokio::test]
async fn an_event_that_moves_beyond_the_horizon_is_shown_where_it_is_now() {
    let others = ["a", "b", "c"].map(|id| event(id, days("2026-11-26", "2026-11-26")));
    let list = |when| batch(others.iter().cloned().chain([event("moved", when)]));
    let upstream = Upstream::with([]);
    upstream.has(list(days("2026-11-25", "2026-11-25")));
    let world = simple(&upstream);
    world.poll().await;
    upstream.has(list(days("2027-01-20", "2027-01-20")));
    for _ in 0..2 {
        world.hand.advance(TimeDelta::minutes(10));
        world.poll().await;
    }
    let moved = uid("moved").to_string();
    let near = world.get(Part::Default).await.unwrap();
    assert!(seen(&near)[&moved].is_cancelled(), "where it was it is off");
    let far = world.window("2026-11-20..2027-01-31").await.unwrap();
    let far = &seen(&far)[&moved];
    assert!(far.lines.contains("DTSTART;VALUE=DATE:20270120"), "{far:?}");
    let alone = world.get(Part::Event(uid("moved"))).await.unwrap();
    assert!(body(&alone).contains("20270120"), "as a download too");
}

#[tokio::test]
async fn an_event_that_leaves_a_month_beyond_the_horizon_goes_at_once() {
    let list = |ids: &[&str]| {
        batch(
            ids.iter()
                .map(|id| event(id, days("2027-03-10", "2027-03-10"))),
        )
    };
    let upstream = Upstream::with([]);
    upstream.has(list(&["a", "b", "c"]));
    let setting = Setting {
        interval: Duration::from_millis(1),
        ..Setting::default()
    };
    let world = world([("stage", &upstream, setting)], horizon_feed());
    let read = || async { titles(&world.window("2027-03").await.unwrap()) };
    assert_eq!(read().await.split(' ').count(), 3);
    upstream.has(list(&["a", "b"]));
    let gone = until(read, |shown| shown.split(' ').count() < 3).await;
    assert_eq!(gone, "a b");
}
