use proptest::prelude::*;

use super::*;
use crate::{
    domain::{
        event::GroupKind,
        history::{self, Difference, differences},
        id::EventUid,
        testing::{TRUSTING, at, batch, days, event, groups, stage},
        text::Line,
        when::When,
    },
    store::{HORIZON, LoadedUnit, Outcome},
};

const NOON: &str = "2026-11-22T12:00:00Z";

/// A store that does as it is told, and fails if it is told what cannot be.
#[derive(Debug, Default, Clone, PartialEq)]
struct Model {
    units: BTreeMap<UnitKey, BTreeMap<EventUid, history::Entry>>,
    known: BTreeMap<SourceId, Groups>,
}

impl Model {
    fn write(&mut self, work: &Work) {
        for Advance { kept, before } in &work.advances {
            let unit = self.units.entry(kept.key.clone()).or_default();
            if before.is_none() {
                unit.clear();
            }
            for difference in differences(before.as_deref(), &kept.snapshot) {
                match difference {
                    Difference::Added(entry) | Difference::Edited(_, entry) => {
                        unit.insert(entry.event.uid, entry.clone());
                    }
                    Difference::Removed(entry) => {
                        unit.remove(&entry.event.uid)
                            .expect("what is removed was there");
                    }
                }
            }
        }
        for Known {
            source,
            groups,
            before,
        } in &work.known
        {
            let known = self.known.entry(source.clone()).or_default();
            if before.is_none() {
                known.clear();
            }
            known.extend(groups.iter().map(|(id, group)| (id.clone(), group.clone())));
        }
    }
}

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    /// A unit publishes: the ids of its events, all of one version.
    Publish(u8, Vec<u8>, u8),
    /// A write begins, unless one is under way.
    Take,
    Written,
    Failed,
    /// Somebody replaced the store by another one.
    Replaced,
    /// Readers of a month are gone, and so is its snapshot.
    Forget(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_u8..3, prop::collection::vec(0_u8..5, 0..5), 0_u8..2)
            .prop_map(|(unit, ids, version)| Step::Publish(unit, ids, version)),
        3 => Just(Step::Take),
        3 => Just(Step::Written),
        2 => Just(Step::Failed),
        1 => Just(Step::Replaced),
        1 => (1_u8..3).prop_map(Step::Forget),
    ];
    prop::collection::vec(step, 0..40)
}

fn key(unit: u8) -> UnitKey {
    UnitKey {
        source: stage(),
        unit: match unit {
            0 => HORIZON.to_owned(),
            month => format!("2026-{month:02}"),
        },
    }
}

fn kept(unit: u8, snapshot: &Arc<Snapshot>) -> Kept {
    let When::Days(days) = days("2026-11-01", "2026-11-30") else {
        unreachable!()
    };
    Kept {
        key: key(unit),
        days,
        fetched: at(NOON),
        from_wall_times: false,
        snapshot: Arc::clone(snapshot),
    }
}

fn published(before: Option<&Snapshot>, ids: &[u8], version: u8) -> Arc<Snapshot> {
    let when = days("2026-11-25", "2026-11-25");
    let mut came = batch(ids.iter().map(|id| {
        let mut event = event(&id.to_string(), when);
        event.title = Line::new(&format!("{id} {version}"));
        event
    }));
    came.groups = groups(&[("g", GroupKind::Group, &version.to_string())]);
    Arc::new(history::advance(before, came, at(NOON), TRUSTING))
}

fn is(snapshot: &Snapshot) -> BTreeMap<EventUid, history::Entry> {
    let entries = snapshot.entries().iter();
    entries
        .map(|entry| (entry.event.uid, entry.clone()))
        .collect()
}

/// All of it after a while in which the store is well: nothing is due, and the store has the newest of everything.
fn settle(due: &mut Due, store: &mut Model, under_way: Option<Work>) {
    if let Some(work) = under_way {
        store.write(&work);
        due.written(&work);
    }
    if let Some((work, _)) = due.take(at(NOON)) {
        store.write(&work);
        due.written(&work);
    }
    assert!(due.take(at(NOON)).is_none(), "nothing is left");
}

proptest! {
    #[test]
    fn whatever_fails_meanwhile_the_store_ends_with_the_newest_of_everything(steps in steps()) {
        let (mut due, mut store) = (Due::default(), Model::default());
        let mut newest: BTreeMap<u8, Arc<Snapshot>> = BTreeMap::new();
        let mut forgotten: BTreeMap<u8, Snapshot> = BTreeMap::new();
        let mut under_way: Option<Work> = None;
        for step in steps {
            match step {
                Step::Publish(unit, ids, version) => {
                    let snapshot = published(newest.get(&unit).map(|old| &**old), &ids, version);
                    due.groups(&stage(), Arc::new(snapshot.groups().clone()));
                    due.unit(kept(unit, &snapshot));
                    forgotten.remove(&unit);
                    newest.insert(unit, snapshot);
                }
                Step::Take if under_way.is_none() => {
                    under_way = due.take(at(NOON)).map(|(work, _)| work);
                }
                Step::Written => if let Some(work) = under_way.take() {
                    store.write(&work);
                    due.written(&work);
                },
                Step::Failed => if let Some(work) = under_way.take() {
                    due.put_back(work);
                },
                // It is noticed by a write.
                Step::Replaced => if let Some(work) = under_way.take() {
                    store = Model::default();
                    due.put_back(work);
                    due.all_anew();
                    // What nobody has any more went with the store.
                    forgotten.clear();
                },
                Step::Forget(unit) => if let Some(snapshot) = newest.remove(&unit) {
                    forgotten.insert(unit, Snapshot::clone(&snapshot));
                },
                Step::Take => {}
            }
        }
        settle(&mut due, &mut store, under_way);
        for (unit, snapshot) in &newest {
            prop_assert_eq!(&store.units[&key(*unit)], &is(snapshot), "unit {}", unit);
        }
        for (unit, snapshot) in &forgotten {
            prop_assert_eq!(&store.units[&key(*unit)], &is(snapshot), "unit {}", unit);
        }
    }
}

#[test]
fn of_a_unit_that_was_not_understood_whole_all_is_written() {
    for (lost, whole) in [(0, false), (1, true)] {
        let snapshot = published(None, &[1, 2], 0);
        let unit = LoadedUnit {
            kept: kept(0, &snapshot),
            lost,
        };
        let loaded = Loaded {
            units: vec![unit],
            ..Loaded::default()
        };
        let mut due = Due::after(&loaded);
        due.unit(kept(0, &snapshot));
        let (work, _) = due.take(at(NOON)).unwrap();
        assert_eq!(work.advances[0].before.is_none(), whole, "{lost} lost");
    }
}

#[test]
fn a_month_is_written_whole_since_the_store_may_have_dropped_it() {
    let snapshot = published(None, &[1, 2], 0);
    for (unit, whole) in [(0, false), (3, true)] {
        let mut due = Due::default();
        for _ in 0..2 {
            due.unit(kept(unit, &snapshot));
            let (work, _) = due.take(at(NOON)).unwrap();
            let again = work.advances[0].before.is_none();
            due.written(&work);
            assert!(again || !whole, "{unit}");
        }
        due.unit(kept(unit, &snapshot));
        let (work, _) = due.take(at(NOON)).unwrap();
        assert_eq!(work.advances[0].before.is_none(), whole, "{unit}");
    }
}

#[test]
fn groups_the_store_has_are_not_due_again() {
    let known = groups(&[("g", GroupKind::Group, "Opera")]);
    let loaded = Loaded {
        known: BTreeMap::from([(stage(), known.clone())]),
        ..Loaded::default()
    };
    let mut due = Due::after(&loaded);
    due.groups(&stage(), Arc::new(known));
    assert!(due.take(at(NOON)).is_none());
    due.groups(
        &stage(),
        Arc::new(groups(&[("g", GroupKind::Group, "Ballet")])),
    );
    assert_eq!(due.take(at(NOON)).unwrap().0.known.len(), 1);
}

#[test]
fn what_waits_for_a_store_in_trouble_is_bounded() {
    let mut due = Due::default();
    let line = |events| Fetch {
        key: key(0),
        at: at(NOON),
        outcome: Outcome::Same,
        events,
    };
    let document = |feed: usize| {
        let key = DocumentKey {
            feed: feed.to_string(),
            part: String::new(),
        };
        let kept = KeptDocument {
            tag: String::new(),
            last_modified: at(NOON),
            ledger: Vec::new(),
        };
        (key, kept)
    };
    for number in 0..FETCHES_MAX + 5 {
        due.fetch(line(number));
        let (key, kept) = document(number);
        due.document(key, kept);
    }
    assert!(due.find(&document(0).0).is_some());
    let (work, _) = due.take(at(NOON)).unwrap();
    due.fetch(line(usize::MAX));
    due.put_back(work);
    let (work, _) = due.take(at(NOON)).unwrap();
    assert_eq!(
        (work.fetches.len(), work.documents.len()),
        (FETCHES_MAX, DOCUMENTS_MAX)
    );
    let (oldest, newest) = (work.fetches[0].events, work.fetches[FETCHES_MAX - 1].events);
    assert_eq!((oldest, newest), (6, usize::MAX), "the oldest gave way");
}
